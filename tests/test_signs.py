"""The sign before a link depends on its template, but notes that learners have keep the sign they were made with."""

from pathlib import Path
from typing import Any

import pytest

from cuedeck.history.snapshot import PackedNote
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import Written, build
from cuedeck.usecases.diff import diff
from cuedeck.usecases.verify import verify
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, question

SECONDS = {"title": "A film", "url": "https://e.org/film", "link": "{url}?t={seconds}"}
NOTES: dict[str, Any] = {
    "one": question("What is it?", "An open breakup.", source="film"),
    "two": cloze("{{c1::Hard}} is over.", source="film", at=["0:10", "0:20"]),
    "three": question("Who spoke?", "A lecturer.", source="talk", at=["0:10", "0:20"]),
}
# The source with seconds as the second one, and as the main one, whose first moment is in no note.
DECKS = {"second": ("talk", "film"), "main": ("film", "talk")}


def by_rule(order: tuple[str, str], is_former: bool, **more: Any) -> dict[str, Any]:
    """Return the deck in a form that is rendered by the former rule, or as an author has always written it."""
    film = {**SECONDS, "opens": "page"} if is_former else SECONDS
    sources = {"talk": TALK, "film": film}
    return deck({**NOTES, **more}, sources={name: sources[name] for name in order})


def packed(built: Written) -> dict[str, PackedNote]:
    found = read_snapshot(read_members(built.package), built.package)
    return {note.id: note for note in found.notes.values()}


pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize("order", DECKS.values(), ids=DECKS)
def test_no_note_is_touched_by_the_new_sign(order: tuple[str, str]) -> None:
    """Rows and lock lines stay the same, however often the deck is built; only the note type may show the sign."""
    before = build_deck(Path(), by_rule(order, is_former=True))
    rows, notes = packed(before), before.build.lock.notes
    for number in (1, 2):
        after = build_deck(Path(), by_rule(order, is_former=False), FIRST + number * DAY)
        assert after.build.counts == {"unchanged": 3}
        assert (packed(after), after.build.lock.notes) == (rows, notes)
        assert after.build.checked.warnings == ()
    assert verify(Path("decks/small.apkg"), Path("cards.yaml")).notes == 3


@pytest.mark.parametrize("order", DECKS.values(), ids=DECKS)
def test_an_edited_note_gets_the_new_sign(order: tuple[str, str]) -> None:
    """An edit of one note changes only that note, and is no hazard."""
    before = build_deck(Path(), by_rule(order, is_former=True))
    old = Path("old.apkg")
    old.write_bytes(before.package.read_bytes())
    edited = {**NOTES["two"], "cloze": "{{c1::Hard}} ends."}
    after = build_deck(Path(), by_rule(order, is_former=False, two=edited), FIRST + DAY)
    assert {note.known.id: note.status for note in after.build.notes} == {
        "one": "unchanged",
        "two": "changed",
        "three": "unchanged",
    }
    assert "▶ 00:20" in packed(after)["two"].fields["Links"]
    assert "▶" not in packed(after)["one"].fields["Links"] + packed(after)["three"].fields["Links"]
    assert diff(old, after.package).hazards == ()
    again = build_deck(Path(), by_rule(order, is_former=False, two=edited), FIRST + 2 * DAY)
    assert again.build.counts == {"unchanged": 3}


def test_a_note_that_is_renamed_or_comes_back_keeps_its_sign() -> None:
    """Neither another id nor a time in retirement changes what a card shows."""
    order = DECKS["second"]
    rows = packed(build_deck(Path(), by_rule(order, is_former=True)))
    data = by_rule(order, is_former=False, won={**NOTES["one"], "was": "one"})
    notes = data["concepts"]["idea"]["notes"]
    del notes["one"]
    notes["two"] = {**NOTES["two"], "retired": "Doubtful"}
    built = build_deck(Path(), data, FIRST + DAY)
    assert packed(built)["won"].fields["Links"] == rows["one"].fields["Links"]
    notes["two"] = NOTES["two"]
    built = build_deck(Path(), data, FIRST + 2 * DAY, accept_all=True)
    assert packed(built)["two"].fields == rows["two"].fields


@pytest.mark.parametrize("order", DECKS.values(), ids=DECKS)
def test_a_lost_lock_brings_no_new_sign(order: tuple[str, str]) -> None:
    """What a package shows by the former rule continues unchanged, and the next build gives the same package."""
    build_deck(Path(), by_rule(order, is_former=True))
    before = build_deck(Path(), by_rule(order, is_former=False), FIRST + DAY)
    data = before.package.read_bytes()
    Path("cards.lock").unlink()
    found = adopt(before.package, Path("cards.yaml"))
    assert (found.unchanged, found.changed, found.new) == (3, (), ())
    assert build(Path("cards.yaml"), at=FIRST + 2 * DAY).build.counts == {"unchanged": 3}
    assert before.package.read_bytes() == data


def test_a_new_deck_has_the_new_sign() -> None:
    """If nobody has a note yet, there is no old sign to keep."""
    built = build_deck(Path(), by_rule(DECKS["second"], is_former=False))
    assert packed(built)["one"].fields["Links"].count("▶") == 1
    assert packed(built)["three"].fields["Links"].count("¶") == 1
