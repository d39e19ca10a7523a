"""Fields under other names: renamed by us in an update, or by their owner in Anki. Their ids identify them."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from click.testing import CliRunner

from cuedeck.building.gates import hazards_of
from cuedeck.building.loading import load
from cuedeck.cli import cuedeck
from cuedeck.deck.kinds import Kind
from cuedeck.disk.workspace import Workspace
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.pages.edition import Download, Edition
from cuedeck.rehearsal.rehearsing import play_through
from cuedeck.rehearsal.state import Package
from cuedeck.rendering.notefields import EXTRA, FIELDS, SPARES, place_of
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from cuedeck.usecases.diff import diff
from cuedeck.usecases.release import release
from cuedeck.usecases.share import share
from tests.anki.learner import by_guid, faults, note_of, note_type, schedules, study_all, take, touch
from tests.making import DAY, FIRST, build_deck, cloze, deck, question, write
from tests.renaming import exported, rename, renamed_in_anki, with_manifest
from tests.sentences import for_draft_users

NOTES: dict[str, Any] = {
    "one": question("What is hard abandonment?", "An open breakup.", extra="As opposed to soft."),
    "two": question("Who spoke?", "A lecturer.", reverse="true"),
    "three": cloze("A film is {{c1::long}} or {{c2::short}}."),
}
EDITED = {**NOTES, "one": {**NOTES["one"], "a": "An open and final breakup."}}
SPARE = SPARES[0]
# What an owner calls our fields: two of them swapped their names, and one has the name of a third.
OWNERS = {
    "Question": "Front",
    "Answer": "Back",
    "Extra": "Concept",
    "Concept": "Extra",
    "Text": "Links",
    "Links": "See",
    "Seconds": "At",
    "Note ID": "Key",
    "Reverse": "Both ways",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder in which a deck was built."""
    build_deck(tmp_path / "home", deck(NOTES))
    return tmp_path / "home"


@pytest.fixture
def first(home: Path) -> Path:
    """A copy of the package, as learners have it."""
    return Path(shutil.copy(home / "decks" / "small.apkg", home.parent / "first.apkg"))


def own_words(learner: Collection, id: str) -> None:
    """Write something into the first spare field of a note, right after it was imported."""
    note = note_of(learner, id)
    note.fields[place_of(SPARE, Kind.QA)] = "my own"
    learner.update_note(note)
    touch(learner, id, FIRST + 1)


def spare_of(learner: Collection, id: str) -> str:
    return note_of(learner, id).fields[place_of(SPARE, Kind.QA)]


def test_a_renamed_spare_reaches_learners(
    learner: Collection, home: Path, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new name comes with the next update. Nothing is refused or doubled, and all progress stays.

    What learners wrote into the field stays on notes that the update does not change, like all their own words.
    """
    take(learner, first)
    study_all(learner)
    learner.fix_integrity()
    for id in ("one", "two"):
        own_words(learner, id)
    before, types = schedules(learner), [each.id for each in learner.models.all_names_and_ids()]
    rename(monkeypatch, SPARE, "Mnemonic")
    built = build_deck(home, deck(EDITED), FIRST + DAY)
    assert built.build.counts == {"changed": 1, "unchanged": 2}
    assert take(learner, built.package) == {"updated": 1, "duplicate": 2}
    for stamped in built.build.types:
        fields = note_type(learner, stamped.type.id)["flds"]
        assert [(each["name"], each["id"]) for each in fields] == [(each.name, each.id) for each in stamped.type.fields]
        assert [each["name"] for each in fields][place_of(SPARE, stamped.type.kind)] == "Mnemonic"
    assert [each.id for each in learner.models.all_names_and_ids()] == types
    assert (spare_of(learner, "one"), spare_of(learner, "two")) == ("", "my own")
    assert take(learner, built.package) == {"duplicate": 3}
    assert schedules(learner) == before
    assert faults(learner) == ""


def test_the_lock_is_recreated_from_a_package_with_the_old_name(
    learner: Collection, home: Path, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No note counts as changed, but the note types do: so the new name still reaches learners."""
    take(learner, first)
    old = SPARE.name
    rename(monkeypatch, SPARE, "Mnemonic")
    (home / "cards.lock").unlink()
    done = adopt(first, home / "cards.yaml")
    assert (done.unchanged, done.changed, done.new, done.left, done.bridges) == (3, (), (), (), ())
    built = build(home / "cards.yaml", at=FIRST + DAY)
    assert built.build.counts == {"unchanged": 3}
    found = diff(first, built.package)
    assert (found.changes.counts, found.changes.looks, found.hazards) == ({"unchanged": 3}, (), ())
    assert take(learner, built.package) == {"duplicate": 3}
    names = [each["name"] for each in note_type(learner, built.build.types[0].type.id)["flds"]]
    assert ("Mnemonic" in names, old in names) == (True, False)


@pytest.mark.needs("nh3", "resvg_py")
def test_every_field_may_be_renamed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the fields of a package were called, diff, adopt and share recognize them by their ids."""
    about = {"author": "Me", "license": "CC0"}
    old = release(write(home, deck(NOTES, **about)), "1.0.0", at=FIRST + DAY).copy
    for field in FIELDS:
        rename(monkeypatch, field, f"{field.name} (new)")
    cards = write(home, deck(EDITED, **about))
    (change,) = diff(old, cards).changes.reportable
    assert [(each.name, each.after) for each in change.fields] == [("Answer (new)", "An open and final breakup.")]
    edition = share(cards).edition
    notes = {note.id: edition.cards(note) for note in edition.notes}
    assert "An open breakup." in notes["one"][0].back
    assert [card.front.count("[...]") for card in notes["three"]] == [1, 1]
    (home / "cards.lock").unlink()
    done = adopt(old, cards)
    assert (done.unchanged, done.changed) == (2, ("one",))


@pytest.fixture
def from_anki(learner: Collection, first: Path) -> Path:
    """The package as exported from Anki by a learner who has studied it, without our manifest."""
    take(learner, first)
    study_all(learner)
    return exported(learner, first.parent / "exported.apkg")


def test_the_lock_is_recreated_from_what_anki_exports(
    home: Path, from_anki: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No bridge is needed: its note types are ours already, under the old name or the new one."""
    assert "cuedeck.json" not in read_members(from_anki)
    rename(monkeypatch, SPARE, "Mnemonic")
    (home / "cards.lock").unlink()
    done = adopt(from_anki, home / "cards.yaml")
    assert (done.unchanged, done.changed, done.new, done.left) == (3, (), (), ())
    assert (done.bridges, done.packages) == ((), ())
    assert diff(from_anki, home / "cards.yaml").changes.counts == {"unchanged": 3}


@pytest.fixture
def owners(first: Path) -> Path:
    """The package exported by an owner who renamed its fields."""
    path = renamed_in_anki(first, OWNERS, first.parent / "owners.apkg")
    assert (
        read_snapshot(read_members(path), path).notes.keys() == read_snapshot(read_members(first), first).notes.keys()
    )
    return path


@pytest.fixture(params=["with our manifest", "without it"])
def renamed(request: pytest.FixtureRequest, owners: Path, first: Path) -> Path:
    """The same package, with our manifest or as Anki exports it."""
    return with_manifest(owners, first) if request.param == "with our manifest" else owners


def test_renamed_fields_are_not_changes(home: Path, renamed: Path) -> None:
    """The diff against the source shows only what was edited, by the names that fields have today."""
    write(home, deck(EDITED))
    found = diff(renamed, home / "cards.yaml")
    (change,) = found.changes.reportable
    assert (change.id, change.concept, change.moment, change.fate) == ("one", "Idea", "01:32", "updated")
    assert [(each.name, each.after) for each in change.fields] == [("Answer", "An open and final breakup.")]
    assert found.changes.looks == ()


def test_two_packages_are_read_by_the_namespace_of_one(home: Path, owners: Path) -> None:
    """Only one of them has it, but both are of the same deck."""
    new = build_deck(home, deck(EDITED), FIRST + DAY).package
    for pair in ((owners, new), (new, owners)):
        found = diff(*pair)
        assert {change.id for change in found.changes.reportable} == {"one"}
        assert [each.name for each in found.changes.reportable[0].fields] == ["Answer"]


def test_the_lock_is_recreated_whatever_fields_are_called(home: Path, renamed: Path) -> None:
    """No note counts as changed."""
    (home / "cards.lock").unlink()
    done = adopt(renamed, home / "cards.yaml")
    assert (done.unchanged, done.changed, done.new, done.left, done.bridges) == (3, (), (), (), ())


def test_verify_finds_every_note_as_it_should_be(home: Path, renamed: Path) -> None:
    """It says that other things differ: the note types, and what Anki leaves out."""
    result = CliRunner().invoke(cuedeck, ["verify", str(renamed), str(home / "cards.yaml")])
    assert result.exit_code == 1
    assert "differ: " not in result.stderr
    assert "differs: " not in result.stderr


@pytest.mark.parametrize(
    ("asks", "replaced"), [(EDITED["one"], False), (question("Which film was shown?", "None at all."), True)]
)
def test_the_last_package_still_shows_a_replaced_question(
    home: Path, owners: Path, first: Path, asks: dict[str, Any], replaced: bool
) -> None:
    """It shows the hazards of an edit, though its owner renamed the fields concerned."""
    shutil.copy(with_manifest(owners, first), home / "decks" / "small.apkg")
    write(home, deck({**NOTES, "one": asks}))
    found = hazards_of(load(Workspace(home / "cards.yaml")))
    assert any(for_draft_users("question-replaced") in line for line in found.drafts) is replaced


@pytest.mark.needs("nh3", "resvg_py")
def test_pages_show_cards_with_the_names_in_the_package(owners: Path, first: Path) -> None:
    """The templates use these names; the fields are recognized by their ids."""
    path = with_manifest(owners, first)
    edition = Edition(read_snapshot(read_members(path), path), Download(0, ""), (), "")
    cards = {note.id: edition.cards(note) for note in edition.notes}
    assert "As opposed to soft." in cards["one"][0].back
    assert "Idea" in cards["two"][0].back
    assert [card.front.count("[...]") for card in cards["three"]] == [1, 1]


def test_a_rehearsal_names_notes_by_the_id_in_the_renamed_field(home: Path, owners: Path) -> None:
    """One namespace in either package is enough; without any, a note with a renamed field is named by its guid."""
    new = build_deck(home, deck(EDITED), FIRST + DAY).package
    for namespace, name in (("tests123", "one"), ("", by_id(owners, "one"))):
        packages = Package("owners", owners.read_bytes()), Package("new", new.read_bytes(), namespace)
        rehearsal = play_through(*packages)
        assert rehearsal.fates["updated"] == ("one",)
        assert {
            names for finding in rehearsal.findings if finding.rule == "own-replaced" for names in finding.names
        } == {name}


def by_id(package: Path, id: str) -> str:
    """Return the guid of a note with an author's id."""
    notes = read_snapshot(read_members(package), package, "tests123").notes
    return next(guid for guid, note in notes.items() if note.id == id)


def test_an_owners_own_field_is_not_one_of_ours(learner: Collection, home: Path, first: Path) -> None:
    """It is not, though it has the name of one of ours, which the owner renamed."""
    take(learner, first)
    for kind in learner.models.all():
        if kind["name"].startswith("Cuedeck"):
            kind["flds"][place_of(EXTRA, Kind.CLOZE if kind["type"] else Kind.QA)]["name"] = "More"
            learner.models.add_field(kind, learner.models.new_field("Extra"))
            learner.models.update_dict(kind)
    note = by_guid(learner, by_id(first, "one"))
    note.fields[-1] = "my own"
    learner.update_note(note)
    packed = read_snapshot(read_members(path := exported(learner, home / "own.apkg")), path, "tests123")
    found = packed.notes[note.guid].fields
    assert (found[EXTRA.key], found["Extra+"]) == ("As opposed to soft.", "my own")
    assert packed.types[note.mid].fields[-1] == "Extra"
