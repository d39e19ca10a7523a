"""cards.yaml to the timelines of its recordings."""

from pathlib import Path

from cuedeck.building.loading import load
from cuedeck.disk.storing import store
from cuedeck.disk.workspace import Workspace
from cuedeck.pages.drawing import picture
from cuedeck.pages.timeline import Timeline, timelines_of
from cuedeck.problems import stop


def coverage(cards: Path, output: Path | None = None) -> tuple[Timeline, ...]:
    """Return the timelines of a cards.yaml, and draw them into `output` where it is given.

    Raises `Problems` where the deck is not sound, or has no recording.
    """
    workspace = Workspace(cards)
    checked = load(workspace).sound()
    lines = timelines_of(checked.deck, (note.placed for note in checked.notes))
    if not lines:
        stop(
            cards.as_posix(),
            "no-source",
            "the deck has no sources, so there is nothing to cover",
            "see sources: in the README",
        )
    if output:
        workspace.stop_unless_ours(output, b"<svg")
        store(output, picture(lines).encode())
    return lines
