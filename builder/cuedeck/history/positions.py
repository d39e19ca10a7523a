"""The places of new cards among each other, dealt so that what learners have stays and what comes later fits between.

Anki sorts new cards by a whole number, the position. It takes that of a card with the card itself and never again. So a
position that was handed out is fixed for good, and a note that is added later needs one between its neighbours'.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from cuedeck.history.entries import HIGHEST_POSITION

_STEP = 1000  # where there is room, so that many a note may come between two others
_BELOW_ALL = -1


def positions(wanted: Sequence[str], fixed: Mapping[str, int]) -> dict[str, int]:
    """Return a position for each note. `wanted` are the ids in the order wanted, `fixed` are positions that stay.

    A note without a fixed one comes after the fixed note before it, and before whatever is fixed next above that: it
    may stand elsewhere in the file, as where sources changed places. Such notes are spread evenly, each with a number
    of its own while there are enough. Where not, they share some, the lowest of which is that of the note before them.

    Anki shows cards of one position by their numbers in their notes, and those of one number by their ids, which grow
    from build to build, and in a build from note to note. So first cards that were added later come after those that
    learners have, and among themselves as they stand in the file.
    """
    found = {}
    # By the position before them, and not by the note: several notes of one position leave but one gap.
    after: dict[int, list[str]] = {}
    before = _BELOW_ALL
    for id in wanted:
        if id in fixed:
            before = found[id] = fixed[id]
        else:
            after.setdefault(before, []).append(id)
    taken = sorted({*fixed.values()})
    for before, ids in after.items():
        above = bisect_right(taken, before)
        dealt = _between(before, taken[above], len(ids)) if above < len(taken) else _behind(before, len(ids))
        found.update(zip(ids, dealt, strict=True))
    return found


def _between(before: int, next: int, count: int) -> list[int]:
    """Return positions spread evenly between two others. Where they do not suffice, the lower one is among them."""
    return [max(before + place * (next - before) // (count + 1), 0) for place in range(1, count + 1)]


def _behind(before: int, count: int) -> list[int]:
    """Return positions behind all others, as far apart as leaves as much room again behind them."""
    first = max(before, 0)
    step = min(_STEP, (HIGHEST_POSITION - first) // 2 // count)
    if not step:
        return _between(before, HIGHEST_POSITION + 1, count)
    return [first + place * step for place in range(1, count + 1)]
