"""Hand files and pages to the programs that the system starts for them."""

import sys

import click

from cuedeck.commands.options import show_problems
from cuedeck.problems import Place, Problem

_PATIENCE = 5
"""How long to wait for the system's opener, in seconds: some openers end only with the program that they start."""


def open_or_say(target: str, place: Place, what: str, by_hand: str) -> None:
    """Hand a file or an address to the system, or print a warning that nothing opened it.

    `what` is what was made, as the first part of a sentence, and `by_hand` is what to do instead.
    """
    if not _is_opened(target):
        message = f"{what}, but no program on this system opened it"
        show_problems([Problem(place, message, "not-opened", by_hand, "warning")])


def _is_opened(target: str) -> bool:
    """Return whether the system's opener took a file or an address; what it prints is left out."""
    import subprocess  # nothing else in a build or a preview needs it, and loading it takes time

    if sys.platform == "win32":
        return not click.launch(target)
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    nothing = subprocess.DEVNULL
    try:
        started = subprocess.Popen(
            [opener, target], stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
    except OSError:
        return False
    try:
        return started.wait(_PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return True
