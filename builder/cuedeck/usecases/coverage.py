"""Show how much of each recording the notes cover."""

from pathlib import Path

from cuedeck.building.loading import load
from cuedeck.building.named import named_source, stop_without_sources
from cuedeck.disk.storing import store
from cuedeck.disk.workspace import Workspace
from cuedeck.pages.drawing import picture
from cuedeck.pages.timeline import Timeline, timelines_of


def coverage(cards: Path, id: str = "", output: Path | None = None) -> tuple[Timeline, ...]:
    """Return the timelines of a cards.yaml, and draw them into the file `output` if one is given.

    With `id`, only the source with this id is meant. The timelines say how many words are said in each passage if there
    are transcripts; the drawing, which others see, does not. Raises `Problems` if the deck has errors, or has no
    recording, or none with this id.
    """
    workspace = Workspace(cards)
    checked = load(workspace).sound()
    lines = timelines_of(checked.deck, (note.placed for note in checked.notes))
    if not lines:
        stop_without_sources(cards, "so there is nothing to cover")
    if id:
        source = named_source(checked.deck, id, cards)
        lines = tuple(line for line in lines if line.source is source)
    if output:
        workspace.stop_if_foreign(output, b"<svg")
        store(output, picture(lines).encode())
    return tuple(line.weighed(checked.transcripts.spoken(line.source)) for line in lines)
