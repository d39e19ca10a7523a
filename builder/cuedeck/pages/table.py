"""Timelines as tables for the terminal: one recording by its passages, or a course by its recordings."""

from collections.abc import Iterator, Sequence

from cuedeck.deck.moments import clock
from cuedeck.pages.timeline import Timeline
from cuedeck.wording import counted

_WIDEST_BAR = 24
_NONE = "no notes"
_WIDEST_SHARE = 10


def summary(timeline: Timeline) -> str:
    """Return a timeline in a sentence: how many notes come from the recording, and how much of it they cover."""
    heard = timeline.heard
    weighed = "" if heard is None else f", with {heard:.0%} of all words"
    return f"{counted(timeline.notes, 'note')} from {covered(timeline)}{weighed}"


def note_count(timeline: Timeline) -> str:
    """Return how many notes come from a recording, such as "3 notes" or "no notes"."""
    return counted(timeline.notes, "note") if timeline.notes else _NONE


def covered(timeline: Timeline) -> str:
    """Return how many passages of a recording have notes, such as "2 of 3 chapters"."""
    passages = counted(len(timeline.passages), "chapter" if timeline.source.chapters else "passage")
    return f"{timeline.covered} of {passages}"


def summary_of_course(timelines: Sequence[Timeline]) -> str:
    """Return a course in a sentence: how many notes come from its recordings, and how many passages have notes."""
    kind = "chapter" if all(line.source.chapters for line in timelines) else "passage"
    passages = counted(sum(len(line.passages) for line in timelines), kind)
    notes = counted(sum(line.notes for line in timelines), "note")
    return f"{notes} from {sum(line.covered for line in timelines):,} of {passages}"


def end_unknown(timeline: Timeline) -> str:
    """Return what to say about a recording whose length is not given; "" if it is given."""
    if timeline.whole:
        return ""
    return (
        f"Shown up to {clock(timeline.end)}, the last known moment. "
        "To show the rest, add the length to the source, such as length: 1:02:03."
    )


def table(timeline: Timeline) -> Iterator[str]:
    """Yield the lines of a table: each passage with its start, and the number of notes from it, also as a bar.

    If it is known how many words are said, each passage has its part of them.
    """
    yield f"{timeline.source.title}: {summary(timeline)}"
    most = max((len(passage.notes) for passage in timeline.passages), default=0)
    clocks = [clock(passage.start) for passage in timeline.passages]
    widest_clock = max(map(len, clocks), default=0)
    widest_bar = max(min(most, _WIDEST_BAR), len(_NONE))
    shares = [count / max(sum(timeline.words), 1) for count in timeline.words] or [0.0] * len(clocks)
    for start, passage, share in zip(clocks, timeline.passages, shares, strict=True):
        count = len(passage.notes)
        bar = "█" * -(-count * min(most, _WIDEST_BAR) // most) if count else _NONE
        part = f"{share:4.0%}  " if timeline.words else ""
        yield f"  {start:>{widest_clock}}  {count:{len(str(most))}}  {bar:{widest_bar}}  {part}{passage.name}"
    if words := end_unknown(timeline):
        yield f"  {words}"


def overview(timelines: Sequence[Timeline]) -> Iterator[str]:
    """Yield the lines of a table: each recording with its id, its notes and how many of its passages have some."""
    yield f"{counted(len(timelines), 'recording')}: {summary_of_course(timelines)}"
    is_heard = any(line.words for line in timelines)
    rows = [(*_cells(line), *([_words(line)] if is_heard else [])) for line in timelines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for line, (id, notes, share, *more) in zip(timelines, rows, strict=True):
        cells = [f"{id:{widths[0]}}", f"{notes:>{widths[1]}}", f"{share:{widths[2]}}"]
        cells += [f"{cell:>{width}}" for cell, width in zip(more, widths[3:], strict=True)]
        part = "" if line.whole else f" (up to {clock(line.end)}, since its length is not given)"
        yield f"  {'  '.join(cells)}  {line.source.title}{part}"


def _cells(line: Timeline) -> tuple[str, str, str, str]:
    return line.source.id, note_count(line), _share(line.covered, len(line.passages)), covered(line)


def _words(line: Timeline) -> str:
    return "" if line.heard is None else f"{line.heard:.0%} of all words"


def _share(count: int, of: int) -> str:
    """Return a bar as long as this part of the widest one."""
    return "█" * -(-count * _WIDEST_SHARE // of) if count else ""
