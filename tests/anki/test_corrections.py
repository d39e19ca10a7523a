"""Corrections by Anki's text import: what they bring, what they leave alone, and why each line of them is needed."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from cuedeck.history.snapshot import Snapshot
from cuedeck.media.references import references
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.rendering.notefields import MY_NOTES, SPARES
from cuedeck.updating.corrections import corrections_between
from cuedeck.updating.matching import changes_between
from cuedeck.usecases.release import release
from tests.anki.learner import (
    by_guid,
    card_of,
    collection,
    faults,
    note_of,
    note_type,
    schedules,
    shown,
    study_all,
    take,
    take_text,
)
from tests.making import DAY, FIRST, ROOT, EveryKey, checked, cloze, deck, edit, keys_met, question, write
from tests.tinymedia import put

ALWAYS = 1
"""What Anki's library calls the choice "Always" of "Update notes"."""

OWN = {MY_NOTES.key, MY_NOTES.name, *(each.name for each in SPARES)}
"""The fields for learners, by the names that they have in the releases of all years."""

NOTES: dict[str, Any] = {
    "plain": question("What is hard abandonment?", "An open breakup", extra="As opposed to soft"),
    "more": question("Who spoke?", "A lecturer", extra="He is a professor"),
    "both": question("What is soft abandonment?", "Leaving without a word", reverse="true"),
    "gaps": cloze("The talk is about {{c1::hard}} and {{c2::soft}} abandonment"),
    "same": question("Where was it?", "In a hall"),
}
FIXED: dict[str, Any] = {
    **NOTES,
    "plain": question("What is hard abandonment?", "An open and final breakup", extra="As opposed to soft"),
    "more": question("Who spoke?", "A lecturer", extra="He was a professor"),
    "both": question("What is soft abandonment?", "Leaving without any word", reverse="true"),
    "gaps": cloze("This talk is about {{c1::hard}} and {{c2::soft}} abandonment"),
    "born": question("Why then?", "Nobody knows", extra="It is a guess", reverse="true"),
}
LATER: dict[str, Any] = {
    **FIXED,
    "plain": question("What is hard abandonment?", "A breakup, open and final", extra="As opposed to soft"),
    "born": question("Why then?", "Nobody can know", extra="It is a guess", reverse="true"),
}
CORRECTED = ("plain", "more", "both", "gaps")


class Author:
    """An author's folder with releases, and the files that learners get."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.day = 0

    def release(self, version: str, notes: dict[str, Any], **about: Any) -> None:
        """Release a deck with these notes, a day after the release before it, whatever hazards that has."""
        cards = write(self.folder, deck(notes, **about))
        accept = keys_met(checked(cards, EveryKey()))
        release(cards, version, accept, at=FIRST + self.day * DAY)
        self.day += 1

    def package(self, version: str) -> Path:
        """Return the package of a release."""
        return self.folder / "decks" / f"small-{version}.apkg"

    def corrections(self, base: str, version: str) -> list[Path]:
        """Return the files with the corrections from one release to another."""
        return sorted((self.folder / "decks").glob(f"small-{version}-corrections-from-{base}-*.tsv"), reverse=True)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Author:
    """An author with three releases, which no test changes."""
    author = Author(tmp_path_factory.mktemp("author"))
    for version, notes in (("1.0.0", NOTES), ("1.1.0", FIXED), ("1.2.0", LATER)):
        author.release(version, notes)
    return author


@pytest.fixture
def learner(tmp_path: Path, released: Author) -> Iterator[Collection]:
    """A learner who has studied the first release, and made all of it their own."""
    with collection(tmp_path / "learner") as opened:
        take(opened, released.package("1.0.0"))
        make_own(opened)
        yield opened


def make_own(learner: Collection) -> None:
    """Study every card, and give every note a tag, own words in Extra and in an own field, before any later release."""
    study_all(learner)
    times = learner.db.all("select mod, id from notes")
    for id in learner.find_notes(""):
        note = learner.get_note(id)
        note.add_tag("mine")
        for name in OWN.intersection(note.keys()):
            note[name] = "my own words"
        note["Extra"] += " - and mine"
        learner.update_note(note)
    learner.db.executemany("update notes set mod = ? where id = ?", times)


def correct(learner: Collection, author: Author, base: str, version: str) -> dict[str, int]:
    """Import the corrections from one release to another; return how many notes had which outcome."""
    found: dict[str, int] = {}
    for file in author.corrections(base, version):
        for outcome, count in take_text(learner, file).items():
            found[outcome] = found.get(outcome, 0) + count
    return found


def texts(learner: Collection) -> dict[str, tuple[str, ...]]:
    """Return what the author wrote on each note."""
    notes = [learner.get_note(id) for id in learner.find_notes("")]
    return {
        note["Note ID"]: tuple(text for name, text in note.items() if name not in {*OWN, "Extra"}) for note in notes
    }


def kept(learner: Collection, id: str) -> tuple[bool, bool, bool]:
    """Return whether the learner still has their tag, the words in their own field, and those in Extra."""
    note = note_of(learner, id)
    return (
        "mine" in note.tags,
        all(note[name] == "my own words" for name in OWN.intersection(note.keys())),
        note["Extra"].endswith("- and mine"),
    )


# Both ways, and in every order.

TALK_RELEASED = 1_795_536_253
# The edits of the real deck, by the ids of the notes: an answer, and what it becomes.
TALK_EDITS = {
    "separation-insecurity-term": ("The formal name for abandonment anxiety", "The name for abandonment anxiety"),
    "anxiety-comes-beforehand": ("Beforehand, in anticipation", "Before it, in anticipation"),
    "stock-scene": ("Someone packing and leaving for good", "Someone who packs and leaves"),
}

WAYS = {
    "package alone": ["package"],
    "corrections alone": ["corrections"],
    "corrections first": ["corrections", "package"],
    "package first": ["package", "corrections"],
}
# How many fixes and new notes arrive, and how many notes lose the learner's tag and words in an own field.
TABLE = {
    "package alone": (3, 1, 3, 3),
    "corrections alone": (3, 0, 0, 0),
    "corrections first": (3, 1, 0, 0),
    "package first": (3, 1, 3, 3),
}


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Author:
    """The deck on a real talk with its first release of 127 notes, and one with three fixes and a note more."""
    author = Author(tmp_path_factory.mktemp("talk"))
    fixture = ROOT / "tests" / "fixtures" / "1.0.0"
    (author.folder / "decks").mkdir()
    shutil.copy(fixture / "soft-abandonment-1.0.0.apkg", author.folder / "decks")
    for name in ("cards.yaml", "cards.lock"):
        shutil.copy(fixture / name, author.folder)
    cards = author.folder / "cards.yaml"
    for old, new in TALK_EDITS.values():
        edit(cards, f"a: {old}\n", f"a: {new}\n")
    edit(
        cards,
        "      ignored-or-unseen:\n",
        "      one-more:\n        q: What is new?\n        a: This\n      ignored-or-unseen:\n",
    )
    release(cards, "1.1.0", at=TALK_RELEASED + DAY)
    return author


@pytest.mark.parametrize("way", WAYS)
def test_the_table_of_ways(way: str, talk: Author, tmp_path: Path) -> None:
    """Corrections first, then the package: every fix and every new note arrives, and no tag and no own word is lost."""
    old, new = (talk.folder / "decks" / f"soft-abandonment-{version}.apkg" for version in ("1.0.0", "1.1.0"))
    (file,) = (talk.folder / "decks").glob("*-corrections-*.tsv")
    with collection(tmp_path / "learner") as learner:
        take(learner, old)
        make_own(learner)
        cards, schema = schedules(learner), learner.db.scalar("select scm from col")
        had = [*texts(learner)]
        for what in WAYS[way]:
            _ = take(learner, new) if what == "package" else take_text(learner, file)
        now = texts(learner)
        fixes = sum(after in now[id] for id, (_, after) in TALK_EDITS.items())
        lost = [[*zip(*(kept(learner, id) for id in had), strict=True)][place].count(False) for place in (0, 1)]
        assert (fixes, len(now) - len(had), *lost) == TABLE[way]
        after = schedules(learner)
        assert {card: after[card] for card in cards} == cards
        assert learner.db.scalar("select scm from col") == schema
        assert faults(learner) == ""


def test_both_ways_bring_the_same_text(released: Author, learner: Collection, tmp_path: Path) -> None:
    """Whoever goes one way reads what those read who go the other, and what a newcomer reads."""
    correct(learner, released, "1.0.0", "1.1.0")
    take(learner, released.package("1.1.0"))
    with collection(tmp_path / "newcomer") as newcomer:
        take(newcomer, released.package("1.1.0"))
        assert texts(newcomer) == texts(learner)


def test_only_what_changed_is_replaced(released: Author, learner: Collection) -> None:
    """Of the learner's own words, only those in Extra where that was corrected are gone."""
    assert correct(learner, released, "1.0.0", "1.1.0") == {"updated": 4}
    assert {id: kept(learner, id) for id in NOTES} == {
        "plain": (True, True, True),
        "more": (True, True, False),
        "both": (True, True, True),
        "gaps": (True, True, True),
        "same": (True, True, True),
    }
    assert note_of(learner, "more")["Extra"] == "He was a professor"
    assert take(learner, released.package("1.1.0")) == {"new": 1, "duplicate": 5}


def test_own_words_in_a_corrected_note_are_replaced(released: Author, learner: Collection) -> None:
    """Also in a field that was not corrected, since every row has all fields but Extra. The page says so."""
    note = note_of(learner, "plain")
    note["Question"] += " (as I say)"
    learner.update_note(note)
    correct(learner, released, "1.0.0", "1.1.0")
    assert note_of(learner, "plain")["Question"] == "What is hard abandonment?"


def test_the_same_file_twice_changes_nothing(released: Author, learner: Collection) -> None:
    """Nor does it after the package, whichever came first."""
    correct(learner, released, "1.0.0", "1.1.0")
    rows = learner.db.all("select * from notes")
    assert correct(learner, released, "1.0.0", "1.1.0") == {"duplicate": 4}
    take(learner, released.package("1.1.0"))
    assert correct(learner, released, "1.0.0", "1.1.0") == {"duplicate": 4}
    assert learner.db.all("select * from notes where guid in (select guid from notes)")[: len(rows)] == rows


def test_a_package_first_leaves_nothing_to_correct(released: Author, learner: Collection) -> None:
    """The tags are gone then, but nothing else is."""
    take(learner, released.package("1.1.0"))
    assert correct(learner, released, "1.0.0", "1.1.0") == {"duplicate": 4}


# Late and old files.


def test_a_late_import_is_healed_by_the_next_file(released: Author, learner: Collection) -> None:
    """A file that is imported after the next release was made keeps its package out, but not the next file."""
    correct(learner, released, "1.0.0", "1.1.0")  # the clock of this collection is later than all releases
    take(learner, released.package("1.1.0"))
    assert take(learner, released.package("1.2.0"))["duplicate"] >= 5
    assert note_of(learner, "plain")["Answer"] == "An open and final breakup"
    correct(learner, released, "1.1.0", "1.2.0")
    assert note_of(learner, "plain")["Answer"] == "A breakup, open and final"
    assert kept(learner, "plain") == (True, True, True)


def test_an_old_file_is_healed_by_the_newest(released: Author, learner: Collection) -> None:
    """An old file brings back the old wording, and the newest one the new wording."""
    correct(learner, released, "1.0.0", "1.2.0")
    correct(learner, released, "1.0.0", "1.1.0")
    assert note_of(learner, "plain")["Answer"] == "An open and final breakup"
    correct(learner, released, "1.0.0", "1.2.0")
    assert note_of(learner, "plain")["Answer"] == "A breakup, open and final"
    assert kept(learner, "plain") == (True, True, True)


# Learners who lack notes.


@pytest.mark.parametrize("package_after", [False, True])
def test_a_deleted_note_comes_back_whole_enough_to_answer(
    released: Author, learner: Collection, package_after: bool
) -> None:
    """A learner who deleted notes gets cards that can be answered, whether or not the package follows."""
    learner.remove_notes([note_of(learner, id).id for id in ("plain", "both", "gaps")])
    assert correct(learner, released, "1.0.0", "1.1.0") == {"new": 3, "updated": 1}
    if package_after:
        take(learner, released.package("1.1.0"))
    look_answerable(learner, {"plain": 1, "both": 2, "gaps": 2})
    assert {card_of(learner, id).did for id in ("plain", "both", "gaps")} == {card_of(learner, "same").did}


def test_the_file_of_a_wrong_release_adds_whole_notes(released: Author, learner: Collection) -> None:
    """A learner of 1.0.0 who takes the file from 1.1.0 gets a note that they never had, complete."""
    assert correct(learner, released, "1.1.0", "1.2.0") == {"new": 1, "updated": 1}
    look_answerable(learner, {"born": 2})
    assert note_of(learner, "born")["Extra"] == "It is a guess"
    take(learner, released.package("1.2.0"))
    look_answerable(learner, {"born": 2})


def look_answerable(learner: Collection, cards: dict[str, int]) -> None:
    """Check that notes have so many cards, and that each of them asks and answers something."""
    for id, count in cards.items():
        assert len(note_of(learner, id).cards()) == count
        for ordinal in range(count):
            card = card_of(learner, id, ordinal)
            assert shown(card.question())
            assert len(shown(card.answer())) > len(shown(card.question()))
    assert faults(learner) == ""


@pytest.mark.parametrize("base", ["1.0.0", "1.1.0"])
def test_a_picture_that_somebody_lacks_comes_with_no_correction(tmp_path: Path, base: str) -> None:
    """The manual says so: for those who took the file of a wrong release, or whose own edit kept the picture out."""
    put(tmp_path, a_png="first", b_png="second")
    author = Author(tmp_path)
    for version, picture, answer in (("1.0.0", "a", "That"), ("1.1.0", "b", "That"), ("1.2.0", "b", "This")):
        author.release(version, {"p": question(f"What? ![it](media/{picture}.png)", answer)}, license="CC0")
    with collection(tmp_path / "learner") as learner:
        take(learner, author.package("1.0.0"))
        note = note_of(learner, "p")
        note.add_tag("leech")
        learner.update_note(note)
        assert take(learner, author.package(base)) == {"duplicate": 1}
        assert correct(learner, author, "1.1.0", "1.2.0") == {"updated": 1}
        assert take(learner, author.package("1.2.0")) == {"duplicate": 1}
        assert [learner.media.have(name) for name in references(note_of(learner, "p")["Question"])] == [False]
        assert take(learner, author.package("1.2.0"), update_notes=ALWAYS) == {"updated": 1}
        assert [learner.media.have(name) for name in references(note_of(learner, "p")["Question"])] == [True]


def test_a_newcomer_gets_nothing_from_corrections(released: Author, tmp_path: Path) -> None:
    """Without the deck's note types no note is added, and the package afterwards brings all."""
    with collection(tmp_path / "newcomer") as newcomer:
        correct(newcomer, released, "1.0.0", "1.2.0")
        assert newcomer.note_count() == 0
        assert take(newcomer, released.package("1.2.0")) == {"new": 6}


def test_a_newcomer_with_another_deck_gets_nothing_from_corrections(released: Author, tmp_path: Path) -> None:
    """Another deck of ours has the same fields; if its type is the current one, nothing gets into it."""
    other = Author(tmp_path / "other")
    other.release("1.0.0", {"mine": question("What?", "That")}, id="other", namespace="others99", title="Other")
    with collection(tmp_path / "newcomer") as newcomer:
        take(newcomer, other.folder / "decks" / "other-1.0.0.apkg")
        newcomer.models.set_current(newcomer.models.get(note_of(newcomer, "mine").mid))
        newcomer.decks.select(card_of(newcomer, "mine").did)
        correct(newcomer, released, "1.0.0", "1.2.0")
        assert newcomer.note_count() == 1
        assert take(newcomer, released.package("1.2.0"))["new"] == 6


# Learners who changed the note types.


def _rename_field(name: str) -> Callable[[Collection, dict[str, Any]], None]:
    def change(learner: Collection, kind: dict[str, Any]) -> None:
        for field in kind["flds"]:
            if field["name"] == name:
                field["name"] = f"My {name}"
        learner.models.update_dict(kind)

    return change


def _rename_type(learner: Collection, kind: dict[str, Any]) -> None:
    kind["name"] = f"My {kind['name']}"
    learner.models.update_dict(kind)


def _add_field(learner: Collection, kind: dict[str, Any]) -> None:
    learner.models.add_field(kind, learner.models.new_field("Mnemonic"))
    learner.models.reposition_field(kind, kind["flds"][-1], 1)
    learner.models.update_dict(kind)


def _move_field(learner: Collection, kind: dict[str, Any]) -> None:
    learner.models.reposition_field(kind, kind["flds"][0], 3)
    learner.models.update_dict(kind)


def _remove_field(learner: Collection, kind: dict[str, Any]) -> None:
    found = next(field for field in kind["flds"] if field["name"] == "Concept")
    learner.models.remove_field(kind, found)
    learner.models.update_dict(kind)


def _add_template(learner: Collection, kind: dict[str, Any]) -> None:
    if kind["type"] == 0:
        template = learner.models.new_template("Mine")
        template["qfmt"], template["afmt"] = "{{Extra}}", "{{FrontSide}}"
        learner.models.add_template(kind, template)
        learner.models.update_dict(kind)


# What a learner did to the note types, and whether the correction of an answer arrives.
CHANGED_TYPES: dict[str, tuple[Callable[[Collection, dict[str, Any]], None], bool]] = {
    "renamed type": (_rename_type, True),
    "renamed first field": (_rename_field("Question"), False),
    "renamed field": (_rename_field("Answer"), False),
    "renamed last field": (_rename_field("Extra"), True),
    "renamed last field of a row": (_rename_field("Reverse"), True),
    "own field": (_add_field, True),
    "moved field": (_move_field, True),
    "removed field": (_remove_field, True),
    "own card": (_add_template, True),
}


@pytest.mark.parametrize(("change", "arrives"), CHANGED_TYPES.values(), ids=CHANGED_TYPES)
def test_changed_note_types_lose_nothing(
    change: Callable[[Collection, dict[str, Any]], None], arrives: bool, released: Author, learner: Collection
) -> None:
    """Fields are found by their names and the type by its id; what is not found is left as it is."""
    for kind in learner.models.all():
        if kind["name"].startswith("Cuedeck"):
            change(learner, note_type(learner, kind["id"]))
    before, history = _by_place(learner), schedules(learner)
    correct(learner, released, "1.0.0", "1.1.0")
    after = _by_place(learner)
    assert after.keys() == before.keys()
    for guid, (tags, fields) in after.items():
        assert tags == before[guid][0]
        changed = {name for name, text in fields.items() if text != before[guid][1][name]}
        assert changed <= {"Answer", "Text", "Extra"}
    assert (after[_guid(released, "plain")][1].get("Answer") == "An open and final breakup") is arrives
    now = schedules(learner)
    assert {card: now[card] for card in history} == history


def _by_place(learner: Collection) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Return the tags and fields of each note by its guid; the fields by their names in the learner's note type."""
    found = {}
    for guid, kind, tags, joined in learner.db.all("select guid, mid, tags, flds from notes"):
        names = [field["name"] for field in note_type(learner, kind)["flds"]]
        found[guid] = sorted(tags.split()), dict(zip(names, joined.split("\x1f"), strict=True))
    return found


def _guid(author: Author, id: str, version: str = "1.0.0") -> str:
    return next(note.guid for note in snapshot(author, version).notes.values() if note.id == id)


def snapshot(author: Author, version: str) -> Snapshot:
    """Return the contents of the package of a release."""
    return read_snapshot(read_members(author.package(version)), author.package(version))


def test_remembered_choices_do_not_matter(released: Author, learner: Collection, tmp_path: Path) -> None:
    """A learner who once chose to preserve notes, in the whole collection, gets the corrections all the same."""
    before = tmp_path / "before.txt"
    before.write_text("What?\tThat\n", encoding="utf-8")

    def choose(metadata: Any) -> None:
        metadata.dupe_resolution = 1  # preserve
        metadata.match_scope = 1  # note type and deck

    take_text(learner, before, choose)
    assert correct(learner, released, "1.0.0", "1.1.0") == {"updated": 4}


# Each line of the format is needed: what happens without it.


def without(file: Path, *edits: tuple[str, str]) -> Path:
    """Return a copy of a file of corrections with texts of it replaced."""
    text = file.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    copy = file.parent.parent / "edited.tsv"
    copy.write_text(text, encoding="utf-8")
    return copy


def questions(author: Author, base: str = "1.0.0", version: str = "1.1.0") -> Path:
    """Return the file with the corrections of questions."""
    return author.corrections(base, version)[0]


def test_without_the_empty_column_a_renamed_first_field_is_overwritten(released: Author, learner: Collection) -> None:
    """Anki takes the first column for a first field that is not in the file."""
    for kind in learner.models.all():
        _rename_field("Question")(learner, note_type(learner, kind["id"]))
    file = without(
        questions(released),
        ("#columns:(leave empty)\t", "#columns:"),
        ("\n\t", "\n"),
        ("#notetype column:2", "#notetype column:1"),
        ("#guid column:3", "#guid column:2"),
    )
    take_text(learner, file)
    _, fields = _by_place(learner)[_guid(released, "plain")]
    assert fields["My Question"].isdigit()


def test_without_the_column_of_the_type_a_newcomer_gets_notes_of_a_wrong_type(released: Author, tmp_path: Path) -> None:
    """They would go into another deck of ours, and keep the package out."""
    other = Author(tmp_path / "other")
    other.release("1.0.0", {"mine": question("What?", "That")}, id="other", namespace="others99", title="Other")
    file = without(questions(released), ("#notetype column:2\n", ""))
    with collection(tmp_path / "newcomer") as newcomer:
        take(newcomer, other.folder / "decks" / "other-1.0.0.apkg")
        newcomer.models.set_current(newcomer.models.get(note_of(newcomer, "mine").mid))
        newcomer.decks.select(card_of(newcomer, "mine").did)
        take_text(newcomer, file)
        assert newcomer.note_count() > 1
        assert take(newcomer, released.package("1.1.0"))["conflicting"] > 0


def test_without_a_tags_column_a_renamed_last_field_costs_all_tags(released: Author, learner: Collection) -> None:
    """Anki takes the column after the last field that it knows for the tags."""
    for kind in learner.models.all():
        _rename_field("Extra")(learner, note_type(learner, kind["id"]))
    take_text(learner, without(questions(released), ("#tags column:99\n", "")))
    tags, _ = _by_place(learner)[_guid(released, "more")]
    assert "mine" not in tags


def test_without_a_rule_for_matches_a_remembered_choice_keeps_corrections_out(
    released: Author, learner: Collection, tmp_path: Path
) -> None:
    """A learner who once chose to preserve notes would get nothing."""
    before = tmp_path / "before.txt"
    before.write_text("What?\tThat\n", encoding="utf-8")
    take_text(learner, before, lambda metadata: setattr(metadata, "dupe_resolution", 1))
    assert take_text(learner, without(questions(released), ("#if matches:update current\n", ""))).get("updated") is None
    assert note_of(learner, "plain")["Answer"] == "An open breakup"


def test_without_the_number_of_the_type_a_renamed_one_gets_nothing(released: Author, learner: Collection) -> None:
    """Its name is the learner's."""
    number = str(note_of(learner, "plain").mid)
    name = next(kind["name"] for kind in learner.models.all() if str(kind["id"]) == number)
    for kind in learner.models.all():
        _rename_type(learner, note_type(learner, kind["id"]))
    file = without(questions(released), (f"#notetype:{number}", f"#notetype:{name}"), (f"\t{number}\t", f"\t{name}\t"))
    assert "updated" not in take_text(learner, file)


def test_without_quotes_a_text_can_end_a_row(released: Author, learner: Collection) -> None:
    """A line end in a text would begin a row."""
    file = without(questions(released), ('"An open and final breakup"', "An open\nand final breakup"))
    take_text(learner, file)
    assert note_of(learner, "plain")["Answer"] != "An open and final breakup"


# Any text, any guid, many rows.

SIGNS = {
    "bold": "<b>so</b> &amp; &lt;so&gt;",
    "quotes": '"so" and "so"',
    "tab and lines": "a\tb\nc\r\nd",
    "lone return": "a\rb",
    "hash": "#tags: none",
    "comment": "# nothing",
    "formula": r"\(a_1\) <anki-mathjax>\frac{a}{b}</anki-mathjax> $x$",
    "files": '[sound:x.mp3] <img src="x.png"> {{c}} \\ back',
    "emoji": "\N{PARTY POPPER} a\u200bb\u2028c\u2029d",
    "blanks": "  so  ",
    "mark": "\ufeffso",
    "decomposed": "e\u0301u\u0308",
    "NUL": "a\0b",
    "separator": "a\x1fb",
    "separator in a letter": "e\0\u0301",
}


def test_every_character_arrives_as_from_a_package(released: Author, learner: Collection, tmp_path: Path) -> None:
    """Each text that Anki can keep is the same in a file, and what it cannot keep is left out of the file."""
    old = snapshot(released, "1.0.0")
    ids = {note.id: note for note in old.notes.values()}
    # Somebody who has this sound and picture already gets texts with them.
    had = replace(ids["more"], fields={**ids["more"].fields, "Extra": SIGNS["files"]})
    old = replace(old, notes={**old.notes, had.guid: had})
    for name, text in SIGNS.items():
        note = replace(ids["plain"], fields={**ids["plain"].fields, "Question": f"Q {text}", "Answer": text})
        new = replace(old, notes={**old.notes, note.guid: note})
        (sheet,) = corrections_between(changes_between(old, new)).sheets
        file = tmp_path / "signs.tsv"
        file.write_bytes(sheet.data)
        take_text(learner, file)
        assert b"\r" not in sheet.data, name
        assert b"\0" not in sheet.data, name
        arrived = by_guid(learner, note.guid)["Answer"]
        assert arrived == _kept_by_anki(learner, text), name
        assert take_text(learner, file) == {"duplicate": 1}, name


def _kept_by_anki(learner: Collection, text: str) -> str:
    """Return a text as Anki keeps it in a note that is saved."""
    note = note_of(learner, "same")
    note["Answer"] = text.replace("\r\n", "\n").replace("\r", "").replace("\0", "").replace("\x1f", "")
    learner.update_note(note)
    return str(note_of(learner, "same")["Answer"])


GUIDS = ('a"b', "a,b#c", "#start", "<x>&amp;", "12345", "a;b|c", "\\n", "Abc", "aBC", "'q'", "~" * 100)


def test_guids_of_another_tool_are_matched(tmp_path: Path) -> None:
    """Whatever signs they have."""
    author = Author(tmp_path / "author")
    notes = {f"n{place}": question(f"What is {place}?", "That", guid=guid) for place, guid in enumerate(GUIDS)}
    author.release("1.0.0", notes)
    author.release("1.1.0", {id: {**note, "a": "That one"} for id, note in notes.items()})
    with collection(tmp_path / "learner") as learner:
        take(learner, author.package("1.0.0"))
        assert correct(learner, author, "1.0.0", "1.1.0") == {"updated": len(GUIDS)}


@pytest.mark.slow
def test_ten_thousand_rows(tmp_path: Path) -> None:
    """All arrive, and nothing else happens."""
    author = Author(tmp_path / "author")
    notes = {f"n{number}": question(f"What is number {number}?", f"It is {number}") for number in range(10_000)}
    author.release("1.0.0", notes)
    author.release("1.1.0", {id: {**note, "a": f"{note['a']}, says he"} for id, note in notes.items()})
    with collection(tmp_path / "learner") as learner:
        take(learner, author.package("1.0.0"))
        assert correct(learner, author, "1.0.0", "1.1.0") == {"updated": 10_000}
        assert take(learner, author.package("1.1.0")) == {"duplicate": 10_000}
