"""`cuedeck corrections`"""

from pathlib import Path

import click

from cuedeck.commands.options import cards_argument, parsed, quiet_option, say, show_problems
from cuedeck.deck.values import version as version_of
from cuedeck.updating.report import left_lines
from cuedeck.usecases.corrections import corrections
from cuedeck.wording import counted


def _version(text: str) -> str:
    return version_of(text.removeprefix("v"))


@click.command()
@cards_argument
@click.option(
    "--from",
    "base",
    metavar="VERSION",
    required=True,
    callback=parsed(_version),
    help="The release that learners have, such as 1.0.0.",
)
@click.option(
    "--to",
    "version",
    metavar="VERSION",
    callback=parsed(_version),
    help="A later release; the default is the last one.",
)
@quiet_option
def command(cards: Path, base: str, version: str, quiet: bool) -> None:
    """Write the corrections from one release of CARDS (cards.yaml by default) to a later one.

    They are text files, one for each kind of note, for learners who have the earlier release. Who imports them before
    the package keeps tags, own fields and everything else on the notes that were corrected. Each release writes those
    from the last three releases, and from those that "supports:" names, by itself.
    """
    made = corrections(cards, base, version)
    show_problems(made.remarks)
    if quiet:
        return
    for path, count in made.files.items():
        say(f"{path.as_posix()}: {counted(count, 'note')}, to import before the package of {made.version}")
    if not made.files:
        say(f"learners of {made.base} have nothing to import before the package of {made.version}")
    for line in left_lines(made.corrections):
        say(line)
