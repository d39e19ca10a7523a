"""The identity and the time of a note: everything that decides whether an update reaches a learner."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.building.assembling import Build, stamp
from cuedeck.history.lock import KnownNote, Lock
from cuedeck.history.stamping import check_clock, guid
from cuedeck.package.container import archive
from cuedeck.problems import Problems
from cuedeck.usecases.build import build
from tests.making import DAY, FIRST, TALK, build_deck, checked, cloze, deck, question, write

IDS = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)


def known(built: Build) -> dict[str, KnownNote]:
    return {stamped.known.id: stamped.known for stamped in built.notes}


def statuses(built: Build) -> dict[str, str]:
    return {stamped.known.id: stamped.status for stamped in built.notes}


def test_only_what_changed_gets_a_new_time(tmp_path: Path) -> None:
    """A new and a changed note get the time of the build; an unchanged one keeps its own."""
    build_deck(tmp_path, deck({"same": question(), "edited": question("Old?")}))
    notes = {"same": question(), "edited": question("New?"), "added": question("Added?")}
    second = build_deck(tmp_path, deck(notes), FIRST + DAY).build
    assert statuses(second) == {"same": "unchanged", "edited": "changed", "added": "new"}
    assert {id: note.time - FIRST for id, note in known(second).items()} == {"same": 0, "edited": DAY, "added": DAY}


@pytest.mark.parametrize("later", [0, 1, -1, -90, 5])
def test_every_change_gets_a_newer_time_than_the_one_before(tmp_path: Path, later: int) -> None:
    """Edit, edit, undo, all in one second or on machines whose clocks differ a little: times only grow."""
    texts = ["One.", "Two.", "Three.", "One."]
    times = [
        known(build_deck(tmp_path, deck({"one": question(answer=text)}), FIRST + later * number).build)["one"].time
        for number, text in enumerate(texts)
    ]
    assert all(one < other for one, other in pairwise(times)), times


@pytest.mark.parametrize(
    "edited",
    [
        {"one": question(extra="More.")},
        {"one": question(tags=["t"])},
        {"one": question(at="00:10")},
        {"one": question(at=["01:32", "01:40"])},
        {"one": question(reverse="true")},
        {"one": question(answer="that.")},
    ],
    ids=["extra", "tags", "moment", "second moment", "reverse", "one letter"],
)
def test_whatever_a_learner_would_see_counts_as_a_change(tmp_path: Path, edited: dict[str, object]) -> None:
    """An edit of any part of a note is a change that must arrive."""
    build_deck(tmp_path, deck({"one": question()}))
    assert statuses(build_deck(tmp_path, deck(edited), FIRST + DAY).build) == {"one": "changed"}


@pytest.mark.parametrize(
    "cards",
    [
        deck({"one": question()}, author="Someone else", license="CC0", description="New words."),
        deck({"one": question()}, sources={"talk": {**TALK, "url": "https://example.org/moved"}}),
        deck({"one": question()}, sources={"talk": {**TALK, "chapters": {"00:00": "A"}}}),
        deck({"zero": question("Zero?"), "one": question()}),
        deck({"one": question(), "later": question("Later?")}),
    ],
    ids=["about the deck", "address of the main source", "chapters", "a note before it", "a note behind it"],
)
def test_what_is_not_in_a_note_does_not_touch_it(tmp_path: Path, cards: dict[str, object]) -> None:
    """Edits around a note leave its time alone, and so keep what learners wrote into it."""
    build_deck(tmp_path, deck({"one": question()}))
    assert statuses(build_deck(tmp_path, cards, FIRST + DAY).build)["one"] == "unchanged"


@given(namespace=st.from_regex(r"[a-z0-9]{8,32}", fullmatch=True), id=IDS, text=st.text("abc", min_size=1))
def test_a_guid_depends_on_the_ids_only(namespace: str, id: str, text: str) -> None:
    """Neither text nor anything else is part of a guid, so no edit can make Anki see another note."""
    assert guid(namespace, id) == guid(namespace, id)
    assert guid(namespace, id) != guid(namespace, f"{id}-{len(text)}")
    assert guid(namespace, id) != guid(f"{namespace}x", id)


def test_a_guid_is_frozen() -> None:
    """If a guid changed, every learner would start over with every note."""
    assert guid("tests123", "one") == "0f3bb09a6384fe418b94"


def test_guids_do_not_run_together() -> None:
    """Namespace and id are kept apart, wherever one ends and the other begins."""
    assert guid("aaaaaaaab", "c") != guid("aaaaaaaa", "bc")


def test_text_title_order_and_concept_are_no_part_of_identity(tmp_path: Path) -> None:
    """Whatever else is edited, a note keeps its guid and the ids by which Anki knows it."""
    first = known(build_deck(tmp_path, deck({"one": question(), "two": question("Two?")})).build)
    data = deck({"two": question("Deux?", "Oui."), "one": question("Un?", "Non.", at="00:01")})
    data["concepts"]["renamed"] = {**data["concepts"].pop("idea"), "title": "Other"}
    second = known(build_deck(tmp_path, data, FIRST + DAY, accept_all=True).build)
    assert {id: (note.guid, note.note, note.cards) for id, note in second.items()} == {
        id: (note.guid, note.note, note.cards) for id, note in first.items()
    }


def test_ids_are_never_used_again(tmp_path: Path) -> None:
    """The ids of a note that vanished, or of a card that a note no longer makes, are never given again."""
    builds = [
        deck({"one": question(), "two": question("Two?", reverse="true"), "gaps": cloze("A {{c1::b}} {{c2::c}}")}),
        deck({"two": question("Two?"), "gaps": cloze("A {{c1::b}} c")}),
        deck({"two": question("Two?"), "gaps": cloze("A {{c1::b}} c"), "three": question("Three?")}),
        deck({"two": question("Two?", reverse="true"), "gaps": cloze("A {{c1::b}} {{c2::c}}"), "one": question()}),
    ]
    owners: dict[int, tuple[str, int]] = {}
    for number, data in enumerate(builds):
        for id, note in known(build_deck(tmp_path, data, FIRST).build).items():
            for owner, anki in ((-1, note.note), *note.cards.items()):
                assert owners.setdefault(anki, (id, owner)) == (id, owner), f"build {number}"


def test_a_vanished_note_that_comes_back_is_the_same_note(tmp_path: Path) -> None:
    """Its learners get their note back, with its ids, and an edit of it arrives."""
    first = known(build_deck(tmp_path, deck({"one": question(), "two": question("Two?")})).build)["two"]
    build_deck(tmp_path, deck({"one": question()}), FIRST + DAY)
    third = build_deck(tmp_path, deck({"one": question(), "two": question("Two!")}), FIRST + 2 * DAY)
    back = known(third.build)["two"]
    assert (back.guid, back.note, back.cards) == (first.guid, first.note, first.cards)
    assert back.time == FIRST + 2 * DAY


def test_a_note_types_time_moves_with_its_look_only(tmp_path: Path) -> None:
    """An edit of a note leaves the times of note types alone; a new address of the main source changes them."""
    times = []
    for number, (answer, url) in enumerate([("A.", "a"), ("B.", "a"), ("B.", "b")]):
        data = deck({"one": question(answer=answer)}, sources={"talk": {**TALK, "url": f"https://example.org/{url}"}})
        built = build_deck(tmp_path, data, FIRST + number * DAY).build
        times.append({each.known.time - FIRST for each in built.types})
    assert times == [{0}, {0}, {2 * DAY}]


CLOCKS = {
    # name: (now, wall, newest time in the lock, the rule that refuses it)
    "first build": (FIRST, FIRST, 0, ""),
    "later": (FIRST + DAY, FIRST + DAY, FIRST, ""),
    "same second": (FIRST, FIRST, FIRST, ""),
    "a little behind": (FIRST - 300, FIRST, FIRST, ""),
    "behind": (FIRST - 301, FIRST, FIRST, "clock-behind"),
    "years behind": (315_532_800, 315_532_800, FIRST, "clock-behind"),
    "zero": (0, FIRST, 0, "clock-behind"),
    "negative": (-5, FIRST, 0, "clock-behind"),
    "a little ahead": (FIRST + DAY, FIRST, 0, ""),
    "ahead": (FIRST + DAY + 1, FIRST, 0, "clock-ahead"),
    "milliseconds": (FIRST * 1000, FIRST, 0, "clock-ahead"),
}


@pytest.mark.parametrize(("now", "wall", "newest", "rule"), CLOCKS.values(), ids=CLOCKS)
def test_a_time_that_would_keep_updates_away_is_refused(now: int, wall: int, newest: int, rule: str) -> None:
    """A time before the last build, before 1970 or in the future would keep this or later changes from learners."""
    note = KnownNote("one", "qa", "g", 1, {0: 2}, newest, "c")
    lock = Lock("tests123", "small", {"": "Small"}, {"one": note} if newest else {})
    if not rule:
        check_clock(lock, now, wall, "cards.lock")
        return
    with pytest.raises(Problems) as caught:
        check_clock(lock, now, wall, "cards.lock")
    assert [problem.rule for problem in caught.value.problems] == [rule]


def test_the_clock_is_asked_only_if_something_is_stamped(tmp_path: Path) -> None:
    """If nothing changed, a build on a machine with a wrong clock gives the same package."""
    cards = write(tmp_path, deck({"one": question()}))
    first = build(cards, at=FIRST).package.read_bytes()
    assert archive(stamp(checked(cards), 1).members) == first
    assert archive(stamp(checked(cards), FIRST * 1000).members) == first
