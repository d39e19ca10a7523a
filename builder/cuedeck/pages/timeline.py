"""Turn recordings into timelines: their passages, and which notes come from each."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from cuedeck.deck.deck import Deck, Source
from cuedeck.deck.moments import Span, clock, touched
from cuedeck.deck.placement import PlacedNote
from cuedeck.recording.finding import Spoken
from cuedeck.records import dataclass
from cuedeck.wording import counted

# A recording without chapters is cut into passages of the first of these lengths, in seconds, that gives few enough.
_STEPS = (15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_MOST_PASSAGES = 24
# A shorter stretch before the first chapter, in seconds, is not a passage, unless a note comes from it.
_SHORTEST_OPENING = 15
_OPENING = "Before the first chapter"


class Taken(NamedTuple):
    """A note from a recording: the ids of both, and the moments that it comes from, at least one."""

    note: str
    source: str
    moments: tuple[Span, ...]

    @property
    def start(self) -> int:
        """The start of its first moment, in seconds."""
        return self.moments[0].start


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a recording, in seconds: a chapter, or a slice of a recording without chapters.

    `end` is None if it is not known. `notes` are the ids of the notes that have a moment in the passage, in the order
    of the recording. `first` are those of them whose first moment is in it.
    """

    start: int
    end: int | None
    title: str
    notes: tuple[str, ...] = ()
    first: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What to write after the time of its start: its title, or its end if it has no title."""
        return self.title or (f"to {clock(self.end)}" if self.end else "onwards")


@dataclass(frozen=True, slots=True)
class Timeline:
    """A recording and what the notes take from it.

    `end` is its length in seconds, or the last known moment if the length is not given (`whole` is false). `moments`
    are the moments of all notes, in order. `words` says how many words are said in each passage; it is empty if that is
    not known.
    """

    source: Source
    end: int
    whole: bool
    passages: tuple[Passage, ...]
    moments: tuple[Span, ...]
    notes: int
    words: tuple[int, ...] = ()

    @property
    def covered(self) -> int:
        """The number of passages that have notes."""
        return sum(1 for passage in self.passages if passage.notes)

    @property
    def heard(self) -> float | None:
        """Which part of the words is said in the passages that have notes, from 0 to 1; None if that is not known."""
        if not any(self.words):
            return None
        with_notes = sum(count for count, each in zip(self.words, self.passages, strict=True) if each.notes)
        return with_notes / sum(self.words)

    def weighed(self, spoken: Spoken | None) -> "Timeline":
        """Return the timeline with the number of words that are said in each passage."""
        if spoken is None:
            return self
        return replace(self, words=tuple(spoken.count(each.start, each.end) for each in self.passages))


def timelines_of(deck: Deck, notes: Iterable[PlacedNote]) -> tuple[Timeline, ...]:
    """Return the timeline of each source of a valid deck, in the order of the file. `notes` are all of its notes."""
    return timelines(
        deck.sources.values(),
        (Taken(each.note.id, each.source.id, each.moments) for each in notes if each.source),
    )


def timelines(sources: Collection[Source], notes: Iterable[Taken]) -> tuple[Timeline, ...]:
    """Return the timelines of recordings, in their order, with the notes taken from them."""
    taken: dict[str, list[Taken]] = {source.id: [] for source in sources}
    for note in notes:
        taken[note.source].append(note)
    return tuple(_timeline(source, sorted(taken[source.id], key=attrgetter("start"))) for source in sources)


def without_gaps(lines: Iterable[Timeline]) -> tuple[Timeline, ...]:
    """Return timelines as learners see them: only recordings with notes, and only chapters with notes.

    What a deck leaves out concerns only its author.
    """
    return tuple(
        replace(line, passages=tuple(each for each in line.passages if each.notes) if line.source.chapters else ())
        for line in lines
        if line.notes
    )


def one_after_another(lines: Sequence[Timeline]) -> Timeline:
    """Return several recordings as one timeline, in which each recording is a passage."""
    begin, passages, moments = 0, [], []
    for line in lines:
        end = begin + max(line.end, 1)
        passages.append(Passage(begin, end, line.source.title, (line.source.id,)))
        moments += [Span(begin + span.start, None if span.end is None else begin + span.end) for span in line.moments]
        begin = end
    source = Source(id="all", title=counted(len(lines), "recording"), url="")
    return Timeline(source, begin, True, tuple(passages), tuple(moments), sum(line.notes for line in lines))


def _timeline(source: Source, notes: Sequence[Taken]) -> Timeline:
    moments = sorted((span for note in notes for span in note.moments), key=lambda span: (span.start, span.end or 0))
    known = [*source.chapters, *(span.end or span.start for span in moments)]
    end = max(known, default=0) if source.length is None else source.length
    starts, titles = _starts(source, moments, end)
    own: list[list[str]] = [[] for _ in starts]
    first: list[list[str]] = [[] for _ in starts]
    for note in notes:
        for number in sorted({number for span in note.moments for number in touched(span, starts)}):
            own[number].append(note.note)
        first[touched(note.moments[0], starts)[0]].append(note.note)
    ends: list[int | None] = [*starts[1:], end if source.length is not None else None]
    passages = map(Passage, starts, ends, titles, map(tuple, own), map(tuple, first))
    return Timeline(source, end, source.length is not None, tuple(passages), tuple(moments), len(notes))


def _starts(source: Source, moments: Sequence[Span], end: int) -> tuple[list[int], list[str]]:
    """Return the starts of the passages, and their titles."""
    if not source.chapters:
        step = next((step for step in _STEPS if end <= step * _MOST_PASSAGES), _STEPS[-1])
        starts = list(range(0, max(end, 1), step))
        return starts, ["" for _ in starts]
    starts = sorted(source.chapters)
    titles = [source.chapters[start] for start in starts]
    if starts[0] >= _SHORTEST_OPENING or (moments and moments[0].start < starts[0]):
        return [0, *starts], [_OPENING, *titles]
    return starts, titles


def joined(moments: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Yield the stretches covered by those of the ordered moments that have an end, joined if they touch."""
    begun: tuple[int, int] | None = None
    for start, end in ((span.start, span.end) for span in moments if span.end is not None):
        if begun and start <= begun[1]:
            begun = (begun[0], max(end, begun[1]))
            continue
        if begun:
            yield begun
        begun = (start, end)
    if begun:
        yield begun
