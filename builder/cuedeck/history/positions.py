"""Choose positions of new cards, so that those that learners have stay, and later ones fit between them.

Anki sorts new cards by a whole number, the position. It imports that number with the card, and never again. So a
position that was handed out is fixed forever, and a note that is added later needs one between its neighbours'.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from cuedeck.history.entries import HIGHEST_POSITION

_STEP = 1000  # if there is room, so that many notes can be added between two others
_BELOW_ALL = -1


def positions(wanted: Sequence[str], fixed: Mapping[str, int]) -> dict[str, int]:
    """Return a position for each note. `wanted` are the ids in the desired order, `fixed` are positions that stay.

    A note without a fixed position comes after the fixed note before it, and before the next higher fixed position;
    that may belong to a note elsewhere in the file, for example after sources have changed places. Such notes are
    spread evenly, each with its own number while there are enough. If there are not, they share numbers, and the lowest
    of these is the number of the note before them.

    Anki shows cards with the same position by their numbers in their notes, and those with the same number by their
    ids, which grow from build to build, and within a build from note to note. So first cards that were added later come
    after those that learners have, and among themselves in the order of the file.
    """
    found = {}
    # By the position before them, and not by the note, since several notes with one position leave only one gap.
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
        chosen = _between(before, taken[above], len(ids)) if above < len(taken) else _after_all(before, len(ids))
        found.update(zip(ids, chosen, strict=True))
    return found


def _between(before: int, next: int, count: int) -> list[int]:
    """Return positions spread evenly between two others. If there are too few, the lower one is used as well."""
    return [max(before + place * (next - before) // (count + 1), 0) for place in range(1, count + 1)]


def _after_all(before: int, count: int) -> list[int]:
    """Return positions after all others, spaced so that as much room is left after them."""
    first = max(before, 0)
    step = min(_STEP, (HIGHEST_POSITION - first) // 2 // count)
    if not step:
        return _between(before, HIGHEST_POSITION + 1, count)
    return [first + place * step for place in range(1, count + 1)]
