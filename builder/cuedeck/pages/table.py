"""A timeline as a table for the terminal."""

from collections.abc import Iterator

from cuedeck.deck.moments import clock
from cuedeck.pages.timeline import Timeline
from cuedeck.wording import counted

_WIDEST_BAR = 24
_NONE = "no notes"


def summary(timeline: Timeline) -> str:
    """Return a timeline in a sentence: how many notes come from the recording, and how much of it they cover."""
    passages = counted(len(timeline.passages), "chapter" if timeline.source.chapters else "passage")
    return f"{counted(timeline.notes, 'note')} from {timeline.covered} of {passages}"


def end_unknown(timeline: Timeline) -> str:
    """Return what to say about a recording whose length is not given; "" if it is given."""
    if timeline.whole:
        return ""
    return (
        f"Shown up to {clock(timeline.end)}, the last known moment. "
        "To show the rest, add the length to the source, such as length: 1:02:03."
    )


def table(timeline: Timeline) -> Iterator[str]:
    """Yield the lines of a table: each passage with its start, and the number of notes from it, also as a bar."""
    yield f"{timeline.source.title}: {summary(timeline)}"
    most = max((len(passage.notes) for passage in timeline.passages), default=0)
    clocks = [clock(passage.start) for passage in timeline.passages]
    widest_clock = max(map(len, clocks), default=0)
    widest_bar = max(min(most, _WIDEST_BAR), len(_NONE))
    for start, passage in zip(clocks, timeline.passages, strict=True):
        count = len(passage.notes)
        bar = "█" * -(-count * min(most, _WIDEST_BAR) // most) if count else _NONE
        yield f"  {start:>{widest_clock}}  {count:{len(str(most))}}  {bar:{widest_bar}}  {passage.name}"
    if words := end_unknown(timeline):
        yield f"  {words}"
