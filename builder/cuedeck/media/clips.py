"""Where the clip of a passage is kept, and how it is named.

A clip is named after its source and its moment or span, as the author wrote it. So it belongs to every note with this
moment, an edit of anything else leaves it alone, and another moment has another clip.
"""

from cuedeck.deck.deck import Source
from cuedeck.deck.moments import Span, written_exactly
from cuedeck.deck.placement import PlacedNote

CLIPS = "media/clips"
"""The folder of clips, with one folder for each source, from the folder of the deck."""


def folder_of(source: Source) -> str:
    """Return the folder of a source's clips, from the folder of the deck."""
    return f"{CLIPS}/{source.id}"


def clip_path(source: Source, span: Span) -> str:
    """Return where the clip of a moment or span is kept, such as `media/clips/talk/00.46-01.32.mp3`."""
    return f"{folder_of(source)}/{written_exactly(span).replace(':', '.')}.mp3"


def wanted_clip(placed: PlacedNote) -> str:
    """Return where the clip of a note is kept: that of its first moment; "" if its source has no clips."""
    source, moments = placed.source, placed.moments
    return clip_path(source, moments[0]) if source and source.clips and moments else ""


def is_clip(path: str) -> bool:
    """Return whether a path, from the folder of the deck, is that of a clip."""
    return path.startswith(f"{CLIPS}/")
