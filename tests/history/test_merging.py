"""What two branches know of one deck is joined the same way in every order, and no learner of either is left behind."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cuedeck.history.lock import UNKNOWN_CONTENT, KnownNote
from cuedeck.history.merging import joined_notes


def _note(id: str, time: int, content: str, anki: int, cards: Mapping[int, int], **more: Any) -> KnownNote:
    kind, guid = more.pop("kind", "qa"), more.pop("guid", f"guid-{id}")
    return KnownNote(id, kind, guid, anki, cards, time, content, **more)


def _merged(*notes: KnownNote) -> dict[str, KnownNote]:
    """Return the result of joining these notes, which must not depend on their order."""
    results = [joined_notes(order) for order in itertools.permutations(notes)]
    assert all(result == results[0] for result in results)
    return results[0]


def test_a_note_that_two_branches_edited_counts_as_changed() -> None:
    """Whichever text the merge left must reach the learners of both branches, and so be newer than both."""
    joined = _merged(_note("one", 50, "left", 1, {0: 2}), _note("one", 40, "right", 1, {0: 2}))
    assert (joined["one"].time, joined["one"].content) == (50, UNKNOWN_CONTENT)


def test_a_note_that_two_branches_gave_cards_keeps_them_all() -> None:
    """No card's id is forgotten, whichever branch built last."""
    joined = _merged(_note("one", 50, "same", 1, {0: 2, 1: 7}), _note("one", 40, "same", 1, {0: 2, 2: 8}))
    assert joined["one"].cards == {0: 2, 1: 7, 2: 8}
    assert joined["one"].content == "same"


def test_three_branches_give_one_result() -> None:
    """Lines of three branches are joined to the same note in every order."""
    branches = [_note("one", time, content, 1, {0: 2}) for time, content in ((50, "a"), (60, "b"), (40, "c"))]
    assert _merged(*branches)["one"].content == UNKNOWN_CONTENT
    assert _merged(*branches)["one"].time == 60


def test_an_anki_id_allotted_on_two_branches_stays_with_the_older_note() -> None:
    """If two new notes have one id, the older keeps it, and the other gets new ones."""
    joined = _merged(_note("older", 40, "a", 10, {0: 11}), _note("newer", 50, "b", 10, {0: 11, 1: 12}))
    assert (joined["older"].note, joined["older"].cards) == (10, {0: 11})
    assert (joined["newer"].note, joined["newer"].cards) == (13, {0: 14, 1: 15})


def test_a_released_note_keeps_its_anki_id() -> None:
    """A released note keeps its ids, even if the release gave it a later time than the other's draft has."""
    joined = _merged(_note("a", 40, "a", 10, {0: 11}), _note("z", 50, "b", 10, {0: 11}, released=50))
    assert joined["z"].note == 10
    assert joined["a"].note == 12


def test_a_note_that_one_branch_renamed_has_its_new_id() -> None:
    """The other branch's line under the old id does not bring that back, but what it says about the note is kept."""
    left = _note("old", 60, "b", 1, {0: 2, 1: 9}, guid="g", gone=(0,)).as_built
    joined = _merged(
        _note("new", 50, "a", 1, {0: 2}, guid="g", was=("old",)),
        _note("old", 60, "b", 1, {0: 2, 1: 9}, guid="g", gone=(0,), released=60),
    )
    assert joined == {
        "new": _note("new", 60, UNKNOWN_CONTENT, 1, {0: 2, 1: 9}, guid="g", was=("old",), released=60, left=left),
    }


def test_a_card_is_gone_when_no_branch_has_it() -> None:
    """A deletion that one branch removed and the other still has may be in the merged file, so it is not gone."""
    left = _note("one", 50, "a", 1, {0: 2, 1: 3, 2: 4}, gone=(1, 2))
    right = _note("one", 50, "b", 1, {0: 2, 1: 3, 2: 4}, gone=(2,))
    assert _merged(left, right)["one"].gone == (2,)


def test_a_note_that_two_branches_released_has_one_place() -> None:
    """The place from the earlier release, whatever else the other branch says; a branch without one does not count."""
    lines = [
        _note("one", 50, "a", 1, {0: 2}, due=30, released=20),
        _note("one", 60, "a", 1, {0: 2}, due=10, released=60),
        _note("one", 70, "b", 1, {0: 2}, due=20),
        _note("one", 80, "b", 1, {0: 2}),
    ]
    assert _merged(*lines)["one"].due == 30
    assert _merged(*lines[1:])["one"].due == 10
    assert _merged(*lines[2:])["one"].due == 20
    assert _merged(lines[1], _note("one", 40, "a", 1, {0: 2}, due=9, released=60))["one"].due == 9


def test_a_note_that_one_branch_renamed_keeps_its_place() -> None:
    """Its position depends on what it is to Anki."""
    joined = _merged(
        _note("new", 50, "a", 1, {0: 2}, guid="g", was=("old",), due=7, released=50),
        _note("old", 60, "b", 1, {0: 2}, guid="g", due=5, released=40),
        _note("other", 60, "b", 3, {0: 4}, due=6, released=30),
    )
    assert {id: note.due for id, note in joined.items()} == {"new": 5, "other": 6}


A_RELEASE, A_DRAFT = 50, 60
GIVEN = _note("one", A_RELEASE, "a", 1, {0: 2}, released=A_RELEASE)
# Name: what two branches know of a note, the content that learners have, and whether its time is known as well.
RELEASED = {
    "a draft of either": (
        replace(GIVEN, time=A_DRAFT, content="b", left=GIVEN.as_built),
        replace(GIVEN, time=A_DRAFT + 1, content="c", left=GIVEN.as_built),
        "a",
    ),
    "a draft of one": (GIVEN, replace(GIVEN, time=A_DRAFT, content="b", left=GIVEN.as_built), "a"),
    "a draft, and a later release": (
        replace(GIVEN, time=A_DRAFT, content="b", left=GIVEN.as_built),
        replace(GIVEN, time=A_DRAFT + 1, content="c", released=A_DRAFT + 1),
        UNKNOWN_CONTENT,
    ),
    "two releases": (
        replace(GIVEN, time=A_DRAFT, content="b", released=A_DRAFT),
        replace(GIVEN, time=A_DRAFT + 1, content="c", released=A_DRAFT + 1),
        UNKNOWN_CONTENT,
    ),
    "new in a draft of one, and in a release of the other": (
        replace(GIVEN, time=A_DRAFT, content="b", released=0),
        replace(GIVEN, time=A_DRAFT + 1, content="c", released=A_DRAFT + 1),
        "c",
    ),
    "new in a draft of either": (
        replace(GIVEN, time=A_DRAFT, content="b", released=0),
        replace(GIVEN, time=A_DRAFT + 1, content="c", released=0),
        UNKNOWN_CONTENT,
    ),
}


@pytest.mark.parametrize(("one", "other", "content"), RELEASED.values(), ids=RELEASED)
def test_a_note_that_any_branch_released_is_a_released_one(one: KnownNote, other: KnownNote, content: str) -> None:
    """If branches released it differently, no time is right for the learners of both, so it is stamped again."""
    joined = _merged(one, other)["one"]
    assert joined == _merged(other, one)["one"]
    assert (joined.handed_out is not None) == bool(one.released or other.released)
    assert joined.released_content == content


def test_what_either_branch_gave_stays_given() -> None:
    """Numbers of cards and their answers, as releases of both branches left them."""
    cards = {0: 2, 1: 3}
    one = _note("one", 60, "b", 1, cards, kind="cloze", answers={1: ("x",), 2: ("y",)}, released=60)
    other = _note("one", 70, "c", 1, {0: 2, 2: 4}, kind="cloze", answers={1: ("x",), 3: ("z",)}, released=70)
    left = _merged(one, other)["one"].handed_out
    assert left
    assert (left.cards, left.answers) == ((0, 1, 2), {1: ("x",), 2: ("y",), 3: ("z",)})
