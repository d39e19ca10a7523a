"""Which passage of a recording a card plays, by the moment or span of its note."""

from cuedeck.deck.deck import Source
from cuedeck.deck.moments import Span
from cuedeck.records import dataclass

LEAD = 2
"""How many seconds before its moment a passage begins, so that a sentence is not cut off."""

LONGEST = 60
"""The most seconds of a passage: Anki's manual advises learners to spend about ten seconds on a card."""


@dataclass(frozen=True)
class Passage:
    """A part of a recording: where it begins, and how long it is, both in seconds."""

    start: float
    length: float


def passage_of(span: Span, source: Source) -> Passage:
    """Return the passage of a span, or from a moment to the next chapter or the end of the recording.

    It begins a little earlier, and is never longer than `LONGEST`. Unlike a link, it uses the milliseconds that the
    author wrote.
    """
    begins, ends = span.exact
    start = max(begins / 1000 - LEAD, 0)
    later = (each for each in (*source.chapters, source.length) if each is not None and each > span.start)
    end = min(later, default=None) if ends is None else ends / 1000
    return Passage(start, LONGEST if end is None else min(round(end - start, 3), LONGEST))
