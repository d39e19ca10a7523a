"""What a learner of one package gets from another: the fate of each note, and each harm by its name."""

from pathlib import Path
from typing import Any

import pytest

from cuedeck.problems import Place
from cuedeck.updating.hazards import Hazard, how_to_accept
from cuedeck.usecases.diff import Comparison, diff
from tests.anki.learner import card_of, collection, schedules, study_all, take
from tests.anki.packages import Kind, Row, pack
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
    return diff(*packages)


# Name: two decks, the fates of the notes that changed, and the hazards.
UPDATES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, str], set[str]]] = {
    "nothing": (deck(MANY), deck(MANY), {}, set()),
    "text": (deck({"one": question()}), deck({"one": question(answer="This.")}), {"one": "updated"}, set()),
    "tag": (deck({"one": question()}), deck({"one": question(tags=["t"])}), {"one": "updated"}, set()),
    "another question": (
        deck({"one": question("What is hard abandonment?", "An open breakup")}),
        deck({"one": question("Who spoke in the talk?", "A lecturer")}),
        {"one": "updated"},
        {"question-replaced:one"},
    ),
    "questions in each other's place": (
        deck({"one": question("What is it?", "An open breakup"), "two": question("Who spoke?", "A lecturer")}),
        deck({"one": question("Who spoke?", "A lecturer"), "two": question("What is it?", "An open breakup")}),
        {"one": "updated", "two": "updated"},
        {"question-moved:one", "question-moved:two"},
    ),
    "new note": (
        deck({"one": question()}),
        deck({"one": question(), "two": question("Why?")}),
        {"two": "new"},
        set(),
    ),
    "vanished": (
        deck({"one": question(), "two": question("Why?")}),
        deck({"one": question()}),
        {"two": "vanished"},
        {"vanished:two"},
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
        {"cards-stay:Small"},
    ),
    "only note moved from a subdeck to the main deck": (
        deck({"one": question(source="film")}, sources=IN_TWO_DECKS),
        deck({"one": question(source="talk")}, sources=IN_TWO_DECKS),
        {"one": "updated"},
        {"cards-stay:Small"},
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
        {"deck-id-changed:deck"},
    ),
    "links in many notes": (
        deck({id: {**note, "at": ["0:10", "0:20"]} for id, note in MANY.items()}),
        deck(
            {id: {**note, "at": ["0:10", "0:20"]} for id, note in MANY.items()},
            sources={"talk": {**TALK, "url": "https://example.net/moved"}},
        ),
        dict.fromkeys(MANY, "updated"),
        {f"link-changed:{id}" for id in MANY},
    ),
    "another sign in many notes": (
        deck({id: {**note, "at": ["0:10", "0:20"]} for id, note in MANY.items()}),
        deck(
            {id: {**note, "at": ["0:10", "0:20"]} for id, note in MANY.items()},
            sources={"talk": {**TALK, "opens": "player"}},
        ),
        dict.fromkeys(MANY, "updated"),
        {"mass-update:links"},
    ),
    "links in one note": (
        deck({**MANY, "one": question(at=["0:10", "0:20"])}),
        deck({**MANY, "one": question(at=["0:10", "0:20"])}, sources={"talk": {**TALK, "url": "https://e.org/new"}}),
        {"one": "updated"},
        {"link-changed:one"},
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
    "title": (deck({"one": question()}), deck({"one": question()}, title="Large"), {}, {"title-changed:deck"}),
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
    assert {note.id: note.fate for note in found.changes.reportable} == fates
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
    found = diff(newer, older)
    assert {note.id: note.fate for note in found.changes.reportable} == {"one": "stale"}
    assert {hazard.key for hazard in found.hazards} == {"stale:one"}


def test_a_note_that_vanished_without_a_word_is_told_with_the_search(tmp_path: Path) -> None:
    """A package that lacks a note, and does not say why, leaves learners with it."""
    old = build_deck(tmp_path / "old", deck({"one": question(), "two": question("Why?")})).package
    new = build_deck(tmp_path / "new", deck({"one": question()}), FIRST + DAY).package
    (hazard,) = diff(old, new).hazards
    assert hazard.key == "vanished:two"
    assert '"Note ID:two"' in hazard.hint


def test_a_note_that_looks_renamed_is_told(tmp_path: Path) -> None:
    """The same words under another id are a new card to learners, and their progress stays with the old one."""
    old = build_deck(tmp_path / "old", deck({"one": question(), "two": question("Why?")})).package
    new = build_deck(tmp_path / "new", deck({"one": question(), "three": question("Why?")}), FIRST + DAY).package
    assert {hazard.key for hazard in diff(old, new).hazards} == {"vanished:two", "looks-renamed:three"}


def test_what_a_field_showed_and_shows_is_told_as_words(tmp_path: Path) -> None:
    """Markup is left out, but a change of markup alone is reported as well."""
    old = deck({"one": question("What *is* it?", "A `thing`.", at="0:10"), "two": question("Why?", "So.")})
    new = deck({"one": question("What was it?", "A `thing`.", at="0:12"), "two": question("Why?", "*So*.")})
    one, two = compared(tmp_path, old, new).changes.reportable
    assert [(each.name, each.before, each.after) for each in one.fields] == [
        ("Question", "What is it?", "What was it?"),
        ("Moment", "00:10", "00:12"),
    ]
    assert (one.moment, one.concept) == ("00:12", "Idea")
    assert [(each.name, each.before, each.after) for each in two.fields] == [("Answer", "So.", "So.")]


# Name: the ids of the fields and the template before and now, and whether updates arrive.
IDENTITIES = {
    "ids come": ({}, {"Front": 1, "Back": 2, "Card 1": 3}, True),
    "ids go": ({"Front": 1, "Back": 2, "Card 1": 3}, {}, True),
    "other ids": ({"Front": 1, "Back": 2, "Card 1": 3}, {"Front": 1, "Back": 4, "Card 1": 3}, False),
}


@pytest.mark.parametrize(("before", "now", "arrives"), IDENTITIES.values(), ids=IDENTITIES)
def test_anki_goes_by_names_where_there_are_no_ids(
    tmp_path: Path, before: dict[str, int], now: dict[str, int], arrives: bool
) -> None:
    """A package that Anki exported may lack ids: what is reported is what Anki's importer does."""
    old = pack(tmp_path / "old.apkg", [Row("a", ("What?", "That."))], Kind(ids=before))
    new = pack(tmp_path / "new.apkg", [Row("a", ("What?", "This."), time=FIRST + DAY)], Kind(ids=now))
    found = diff(old, new)
    assert found.changes.counts == {"updated" if arrives else "stale": 1}
    assert [hazard.name for hazard in found.hazards] == ([] if arrives else ["type-changed"])
    with collection(tmp_path / "learner") as learner:
        take(learner, old)
        assert take(learner, new) == {"updated" if arrives else "conflicting": 1}


def test_another_note_type_of_one_name_is_told_as_such(tmp_path: Path) -> None:
    """An author reads what differs, rather than one name twice."""
    old = pack(tmp_path / "old.apkg", [Row("a", ("What?", "That."))], Kind())
    new = pack(tmp_path / "new.apkg", [Row("a", ("What?", "That."))], Kind(id=Kind().id + 1))
    (hazard,) = diff(old, new).hazards
    assert hazard.name == "type-changed"
    assert 'the note type "Plain" now has another number' in hazard.message


def test_a_note_under_another_guid_is_told_as_one(tmp_path: Path) -> None:
    """The learner has it twice in the end, and the progress stays with the first, as Anki's importer shows."""
    data = deck({"one": question(), "two": question("Why?")})
    found = compared(tmp_path, data, deck({"one": question(answer="This.", guid="another"), "two": question("Why?")}))
    assert {note.id: note.fate for note in found.changes.reportable} == {"one": "doubled"}
    assert [hazard.key for hazard in found.hazards] == ["guid-changed:one"]
    with collection(tmp_path / "learner") as learner:
        take(learner, tmp_path / "0.apkg")
        study_all(learner)
        take(learner, tmp_path / "1.apkg")
        notes = [learner.get_note(each) for each in learner.find_notes('"Note ID:one"')]
        assert sorted((note["Answer"], note.cards()[0].reps) for note in notes) == [("That.", 1), ("This.", 0)]


def test_a_note_that_is_back_goes_on(tmp_path: Path) -> None:
    """Learners who kept it have their progress on it still, as Anki's importer shows."""
    both = deck({"one": question(), "two": question("Why?")})
    without = deck({"one": question(), "two": question("Why?", retired="Dull")})
    packages = []
    for number, data in enumerate((both, without, both)):
        built = build_deck(tmp_path, data, FIRST + number * DAY, accept_all=True)
        packages.append(tmp_path / f"{number}.apkg")
        packages[-1].write_bytes(built.package.read_bytes())
    assert diff(*packages[1:]).changes.counts == {"back": 1, "unchanged": 1}
    with collection(tmp_path / "learner") as learner:
        take(learner, packages[0])
        study_all(learner)
        before = schedules(learner)
        for package in packages[1:]:
            take(learner, package)
        assert schedules(learner) == before


SUBDECKS = {"talk": {**TALK, "deck": "One"}, "film": {**FILM, "deck": "Two"}}


def accepting(hazard: Hazard) -> str:
    """Return the options that accept a hazard, as the last line of the messages shows them."""
    return how_to_accept([hazard.as_problem(lambda *_: Place("cards.yaml"))]).partition(", add: ")[2]


def test_a_note_moved_to_another_subdeck_is_told(tmp_path: Path) -> None:
    """Anki never moves a card that a learner has: this is reported, and not a renamed deck."""
    notes = {"one": question(source="talk"), "two": question("Why?", source="film")}
    old = deck(notes, sources=SUBDECKS)
    found = compared(tmp_path, old, deck({**notes, "one": question(source="film")}, sources=SUBDECKS))
    (hazard,) = found.hazards
    assert (hazard.key, hazard.refused, hazard.notes) == ("cards-stay:Small::Two", False, ("one",))
    assert accepting(hazard) == "--accept cards-stay:Small::Two"
    with collection(tmp_path / "learner") as learner:
        take(learner, tmp_path / "0.apkg")
        take(learner, tmp_path / "1.apkg")
        assert learner.decks.name(card_of(learner, "one").did) == "Small::One"


def test_a_title_is_told_once_for_all_subdecks(tmp_path: Path) -> None:
    """Their names only follow the name of the deck."""
    notes = {"one": question(source="talk"), "two": question("Why?", source="film")}
    found = compared(tmp_path, deck(notes, sources=SUBDECKS), deck(notes, sources=SUBDECKS, title="Large"))
    assert [hazard.key for hazard in found.hazards] == ["title-changed:deck"]


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("one", "--accept title-changed:one"),
        ("Small::Part One", '--accept "title-changed:Small::Part One"'),
        ("aB$d<", "--accept 'title-changed:aB$d<'"),
    ],
)
def test_the_way_out_can_be_typed(subject: str, said: str) -> None:
    """A key that a shell would take apart is quoted."""
    assert accepting(Hazard("title-changed", subject, {"old": "A", "new": "B", "keep": "keep it"})) == said
