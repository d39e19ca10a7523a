"""Positions of new cards: those that learners have stay, and the others come between, as evenly as there is room."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.history.entries import HIGHEST_POSITION
from cuedeck.history.positions import positions

# Name: the desired order, the positions that are fixed, and those of all.
DEALT: dict[str, tuple[str, Mapping[str, int], list[int]]] = {
    "nothing": ("", {}, []),
    "all new": ("abc", {}, [1000, 2000, 3000]),
    "all fixed": ("abc", {"a": 7, "b": 5, "c": 7}, [7, 5, 7]),
    "one between two": ("amb", {"a": 10, "b": 6000}, [10, 3005, 6000]),
    "several between two": ("amnob", {"a": 1000, "b": 2000}, [1000, 1250, 1500, 1750, 2000]),
    "just as many as fit": ("amnb", {"a": 4, "b": 7}, [4, 5, 6, 7]),
    "more than fit": ("amnob", {"a": 4, "b": 7}, [4, 4, 5, 6, 7]),
    "no room at all": ("amnb", {"a": 4, "b": 5}, [4, 4, 4, 5]),
    "between two of one position": ("amb", {"a": 4, "b": 4}, [4, 1004, 4]),
    "around two of one position": ("ambnc", {"a": 4, "b": 4, "c": 10}, [4, 6, 4, 8, 10]),
    "before all": ("mnb", {"b": 1000}, [332, 666, 1000]),
    "before all, with little room": ("mnob", {"b": 2}, [0, 0, 1, 2]),
    "before all, with no room": ("mnb", {"b": 0}, [0, 0, 0]),
    "behind all": ("amn", {"a": 500}, [500, 1500, 2500]),
    "behind all, with less room": ("amn", {"a": 999_899}, [999_899, 999_924, 999_949]),
    "behind all, with hardly any": ("amno", {"a": 999_995}, [999_995, 999_996, 999_997, 999_998]),
    "behind all, with no room": ("amn", {"a": HIGHEST_POSITION}, [HIGHEST_POSITION] * 3),
    "behind one that was the last of an earlier source": ("cmanb", {"a": 10, "b": 30, "c": 50}, [50, 1050, 10, 20, 30]),
    "before one that comes first now": ("mcab", {"a": 10, "b": 30, "c": 50}, [4, 50, 10, 30]),
    "below one that is no longer behind it": ("bma", {"a": 10, "b": 5}, [5, 7, 10]),
}


@pytest.mark.parametrize(("wanted", "fixed", "found"), DEALT.values(), ids=DEALT)
def test_positions(wanted: str, fixed: Mapping[str, int], found: list[int]) -> None:
    """The position of each note, in the desired order."""
    assert positions(wanted, fixed) == dict(zip(wanted, found, strict=True))


@pytest.mark.parametrize("count", [1, 499, 500, 10_000, 249_999, 1_000_001])
def test_a_first_deal_leaves_room(count: int) -> None:
    """Any number of notes is in order. As long as half of the room suffices, there is room between and after them."""
    wanted = [str(number) for number in range(count)]
    dealt = positions(wanted, {})
    found = [dealt[id] for id in wanted]
    assert found == sorted(found)
    assert found[0] >= 0
    assert found[-1] <= HIGHEST_POSITION
    if count < HIGHEST_POSITION:
        assert len({*found}) == count
    if count < 250_000:
        assert min(found[0], *(later - each for each, later in pairwise(found)), 1000) > 1
        assert found[-1] <= HIGHEST_POSITION // 2 + 1


PLACES = st.one_of(st.integers(0, 12), st.integers(0, HIGHEST_POSITION), st.integers(999_990, HIGHEST_POSITION))


@given(st.lists(st.none() | PLACES, max_size=30))
def test_what_is_chosen_comes_between(given: list[int | None]) -> None:
    """Fixed positions stay, and each other one is where it should be, unshared wherever there is room for that."""
    wanted = [str(number) for number in range(len(given))]
    fixed = {id: due for id, due in zip(wanted, given, strict=True) if due is not None}
    found = positions(wanted, fixed)
    assert found.keys() == {*wanted}
    assert {id: found[id] for id in fixed} == fixed
    after: dict[int, list[int]] = {}
    before = -1
    for id in wanted:
        before = fixed.get(id, before)
        if id not in fixed:
            after.setdefault(before, []).append(found[id])
    for before, dealt in after.items():
        above = min((due for due in fixed.values() if due > before), default=HIGHEST_POSITION + 1)
        assert dealt == sorted(dealt)
        if above - before > len(dealt):
            assert before < dealt[0]
            assert dealt[-1] < above
            assert len({*dealt}) == len(dealt)
        else:
            assert max(before, 0) <= dealt[0]
            assert dealt[-1] < max(above, 1)


@given(st.sets(PLACES, max_size=8), st.data())
def test_the_order_wanted_is_kept(fixed: set[int], data: st.DataObject) -> None:
    """If fixed positions are in the desired order, all are; none is before its neighbour for lack of room."""
    wanted, known = [], {}
    for due in [*sorted(fixed), None]:
        wanted += [f"{due} {number}" for number in range(data.draw(st.integers(0, 4)))]
        if due is not None:
            wanted.append(str(due))
            known[str(due)] = due
    dealt = positions(wanted, known)
    found = [dealt[id] for id in wanted]
    assert found == sorted(found)
