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
    heard = timeline.heard
    weighed = "" if heard is None else f", with {heard:.0%} of all words"
    return f"{counted(timeline.notes, 'note')} from {timeline.covered} of {passages}{weighed}"


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
