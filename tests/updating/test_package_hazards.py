"""What a learner of one package gets from another: the fate of each note, and each harm by its name."""

from pathlib import Path
from typing import Any

import pytest

from builder.comparing import Comparison, compare_decks
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, question

FILM = {"title": "A film", "url": "https://youtu.be/abcdefghijk"}
IN_TWO_DECKS = {"talk": TALK, "film": {**FILM, "deck": "Films"}}
MANY = {f"n{number}": question(f"What is {number}?") for number in range(6)}


def retitled(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "concepts": {"idea": {**data["concepts"]["idea"], "title": "Another idea"}}}


def in_two_concepts(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return a deck with two concepts."""
    data = deck(first)
    data["concepts"]["later"] = {"title": "Later", "at": "01:40", "notes": second}
    return data


def compared(folder: Path, old: dict[str, Any], new: dict[str, Any], keep_lock: bool = True) -> Comparison:
    """Build two decks one after the other, each hazard accepted, and compare the packages."""
    packages = []
    for number, data in enumerate((old, new)):
        home = folder if keep_lock else folder / str(number)
        built = build_deck(home, data, FIRST + number * DAY, accept_all=True)
        packages.append(folder / f"{number}.apkg")
        packages[-1].write_bytes(built.package.read_bytes())
    return compare_decks(*packages)


# Name: two decks, the fates of the notes that have one worth telling, and the hazards.
UPDATES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, str], set[str]]] = {
    "nothing": (deck(MANY), deck(MANY), {}, set()),
    "text": (deck({"one": question()}), deck({"one": question(answer="This.")}), {"one": "updated"}, set()),
    "tag": (deck({"one": question()}), deck({"one": question(tags=["t"])}), {"one": "updated"}, set()),
    "new note": (
        deck({"one": question()}),
        deck({"one": question(), "two": question("Why?")}),
        {"two": "new"},
        set(),
    ),
    "vanished": (
        deck({"one": question(), "two": question("Why?")}),
        deck({"one": question()}),
        # Accepted when it was built, so that the package says so.
        {"two": "retired"},
        set(),
    ),
    "retired": (
        deck({"one": question(), "two": question("Why?")}),
        deck({"one": question(), "two": question("Why?", retired="Doubtful")}),
        {"two": "retired"},
        set(),
    ),
    "renamed and retired": (
        deck({"old": question(), "two": question("Why?")}),
        deck({"new": question(was="old", retired="Doubtful"), "two": question("Why?")}),
        {"old": "retired"},
        set(),
    ),
    "last note of a subdeck moved to another source": (
        deck({"one": question(source="talk"), "two": question("Why?", source="film")}, sources=IN_TWO_DECKS),
        deck({"one": question(source="talk"), "two": question("Why?", source="talk")}, sources=IN_TWO_DECKS),
        {"two": "updated"},
        set(),
    ),
    "renamed": (deck({"old": question()}), deck({"new": question(was="old")}), {"new": "unchanged"}, set()),
    "moved to another concept": (
        in_two_concepts({"one": question(), "two": question("Why?")}, {"three": question("How?")}),
        in_two_concepts({"one": question()}, {"two": question("Why?"), "three": question("How?")}),
        {"two": "updated"},
        set(),
    ),
    "concept retitled": (
        deck(MANY),
        retitled(deck(MANY)),
        dict.fromkeys(MANY, "updated"),
        {"mass-update:concept"},
    ),
    "tags of the deck": (
        deck(MANY),
        deck(MANY, tags=["t"]),
        dict.fromkeys(MANY, "updated"),
        {"mass-update:tags"},
    ),
    "deck has another id": (
        deck({**MANY, "n0": question("What is 0?", tags=["t"])}, tags=["u"]),
        deck({**MANY, "n0": question("What is 0?", tags=["t"])}, tags=["u"], id="smaller"),
        dict.fromkeys(MANY, "updated"),
        {"mass-update:tags"},
    ),
    "links in many notes": (
        deck({id: {**note, "at": ["0:10", "0:20"]} for id, note in MANY.items()}),
        deck(
            {id: {**note, "at": ["0:10", "0:20"]} for id, note in MANY.items()},
            sources={"talk": {**TALK, "url": "https://example.net/moved"}},
        ),
        dict.fromkeys(MANY, "updated"),
        {"mass-update:links"},
    ),
    "address of the main source": (
        deck(MANY),
        deck(MANY, sources={"talk": {**TALK, "url": "https://example.net/moved"}}),
        {},
        set(),
    ),
    "kind": (
        deck({"one": question()}),
        deck({"one": cloze("It is {{c1::x}}.")}),
        {"one": "stale"},
        {"kind-changed:one"},
    ),
    "cloze moved": (
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        deck({"one": cloze("{{c2::Hard}} is over; {{c1::soft}} goes on.")}),
        {"one": "updated"},
        {"cloze-moved:one"},
    ),
    "cloze replaced": (
        deck({"one": cloze("{{c1::Hard}} is over in one event.")}),
        deck({"one": cloze("An age gap makes the {{c1::older}} partner anxious.")}),
        {"one": "updated"},
        {"cloze-replaced:one"},
    ),
    "fact corrected": (
        deck({"one": cloze("Published in {{c1::2024}}.")}),
        deck({"one": cloze("Published in {{c1::2025}}.")}),
        {"one": "updated"},
        set(),
    ),
    "cloze gone": (
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        deck({"one": cloze("{{c1::Hard}} is over; soft goes on.")}),
        {"one": "updated"},
        {"cloze-gone:one"},
    ),
    "cloze added": (
        deck({"one": cloze("{{c1::Hard}} is over; soft goes on.")}),
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        {"one": "updated"},
        {"card-added:one"},
    ),
    "reverse gone": (
        deck({"one": question(reverse="true")}),
        deck({"one": question()}),
        {"one": "updated"},
        {"reverse-gone:one"},
    ),
    "title": (deck({"one": question()}), deck({"one": question()}, title="Large"), {}, {"title-changed:Large"}),
    "subdeck": (
        deck({"one": question(source="talk")}, sources={"talk": {**TALK, "deck": "Part 1"}, "film": FILM}),
        deck({"one": question(source="talk")}, sources={"talk": {**TALK, "deck": "Part One"}, "film": FILM}),
        {},
        {"title-changed:Small::Part One"},
    ),
}


@pytest.mark.parametrize(("old", "new", "fates", "hazards"), UPDATES.values(), ids=UPDATES)
def test_the_fate_of_each_note_is_told(
    tmp_path: Path, old: dict[str, Any], new: dict[str, Any], fates: dict[str, str], hazards: set[str]
) -> None:
    """Every note that something becomes of is named, and so is every harm."""
    found = compared(tmp_path, old, new)
    assert {note.id: note.fate for note in found.changes.telling} == fates
    assert {hazard.key for hazard in found.hazards} == hazards


def test_a_lost_lock_is_seen_in_the_packages(tmp_path: Path) -> None:
    """Notes built anew without their lock are replaced by the same, and learners' own edits with them."""
    found = compared(tmp_path, deck(MANY), deck(MANY), keep_lock=False)
    assert found.changes.counts == {"touched": len(MANY)}
    assert {hazard.key for hazard in found.hazards} == {"mass-update:nothing"}


def test_an_edit_that_never_arrives_is_told(tmp_path: Path) -> None:
    """A note that differs under an older time stays as it is at every learner."""
    newer = build_deck(tmp_path / "newer", deck({"one": question()}), FIRST + DAY).package
    older = build_deck(tmp_path / "older", deck({"one": question(answer="This.")})).package
    found = compare_decks(newer, older)
    assert {note.id: note.fate for note in found.changes.telling} == {"one": "stale"}
    assert {hazard.key for hazard in found.hazards} == {"stale:one"}


def test_a_note_that_vanished_without_a_word_is_told_with_the_search(tmp_path: Path) -> None:
    """A package that lacks a note, and does not say why, leaves learners with it."""
    old = build_deck(tmp_path / "old", deck({"one": question(), "two": question("Why?")})).package
    new = build_deck(tmp_path / "new", deck({"one": question()}), FIRST + DAY).package
    (hazard,) = compare_decks(old, new).hazards
    assert hazard.key == "vanished:two"
    assert '"Note ID:two"' in hazard.hint


def test_a_note_that_looks_renamed_is_told(tmp_path: Path) -> None:
    """The same words under another id are a new card to learners, and their progress stays with the old one."""
    old = build_deck(tmp_path / "old", deck({"one": question(), "two": question("Why?")})).package
    new = build_deck(tmp_path / "new", deck({"one": question(), "three": question("Why?")}), FIRST + DAY).package
    assert {hazard.key for hazard in compare_decks(old, new).hazards} == {"vanished:two", "looks-renamed:three"}


def test_what_a_field_showed_and_shows_is_told_as_words(tmp_path: Path) -> None:
    """Markup is no part of it, but a change of markup alone is told as well."""
    old = deck({"one": question("What *is* it?", "A `thing`.", at="0:10"), "two": question("Why?", "So.")})
    new = deck({"one": question("What was it?", "A `thing`.", at="0:12"), "two": question("Why?", "*So*.")})
    one, two = compared(tmp_path, old, new).changes.telling
    assert [(each.name, each.before, each.after) for each in one.fields] == [
        ("Question", "What is it?", "What was it?"),
        ("Moment", "00:10", "00:12"),
    ]
    assert (one.moment, one.concept) == ("00:12", "Idea")
    assert [(each.name, each.before, each.after) for each in two.fields] == [("Answer", "So.", "So.")]
