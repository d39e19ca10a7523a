"""What happens to learners of a deck made by plain genanki when Cuedeck continues it under the same guids."""

from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from cuedeck.usecases.build import Written
from tests.anki.learner import ANKI, by_guid, faults, note_type, schedules, study_all, take
from tests.anki.packages import CLOZE, DECK, Kind, Row, pack
from tests.making import DAY, FIRST, build_deck, cloze, deck, question

pytestmark = pytest.mark.slow

LATER = FIRST + DAY


def ours(folder: Path, answer: str, at: int = LATER) -> Written:
    """Build a deck whose first two notes are those of the old package, and whose third is new."""
    notes = {guid: question("Q", answer, guid=guid) for guid in "ab"}
    return build_deck(folder / "ours", deck({**notes, "c": question()}, title=DECK), at)


def bridged(written: Written) -> Kind:
    """Return the old note type with our ids for its fields and its template."""
    (kind, _) = (each.type for each in written.build.types)
    ids = {field.name: field.id for field in kind.fields}
    return Kind(time=FIRST + 1, ids={"Front": ids["Question"], "Back": ids["Answer"], "Card 1": kind.templates[0].id})


def test_without_merge_the_old_notes_stay_as_they_are(learner: Collection, tmp_path: Path) -> None:
    """New notes arrive; the old ones are skipped forever, and keep their history."""
    take(learner, pack(tmp_path / "1.apkg", [Row(guid, ("Q", "A")) for guid in "ab"]))
    study_all(learner)
    before = schedules(learner)
    package = ours(tmp_path, "B").package
    assert take(learner, package) == {"conflicting": 2, "new": 1}
    assert take(learner, package) == {"conflicting": 2, "duplicate": 1}
    assert by_guid(learner, "a").fields == ["Q", "A"]
    assert {card: schedules(learner)[card] for card in before} == before


def test_merging_unknown_fields(learner: Collection, tmp_path: Path) -> None:
    """Fields and templates with other names stay beside ours: cards are dead, and all notes are skipped from then on.

    So learners of such a deck must never be told to tick Merge.
    """
    take(learner, pack(tmp_path / "1.apkg", [Row(guid, ("Q", "A")) for guid in "ab"]))
    study_all(learner)
    package = ours(tmp_path, "B").package
    assert take(learner, package, merge_notetypes=True) == {"updated": 2, "new": 1}
    names = [each["name"] for each in note_type(learner, by_guid(learner, "a").mid)["flds"]]
    assert names[-2:] == ["Front", "Back"]
    assert len(learner.get_empty_cards().notes) == 2
    assert take(learner, package) == {"conflicting": 3}
    assert take(learner, ours(tmp_path, "C", LATER + DAY).package) == {"conflicting": 3}


@pytest.mark.parametrize("way", ["ids", "names"])
def test_merging_known_fields_once(learner: Collection, tmp_path: Path, way: str) -> None:
    """If each old field and template is one of ours, by id or by name, one merging import moves the notes over.

    The history stays, one full sync is due, and all later imports are plain ones. The ids may come with a last package
    of the old kind, which touches no note.
    """
    rows = [Row(guid, ("Q", "A")) for guid in "ab"]
    written = ours(tmp_path, "B")
    if way == "ids":
        take(learner, pack(tmp_path / "1.apkg", rows))
        assert take(learner, pack(tmp_path / "bridge.apkg", rows, bridged(written))) == {"duplicate": 2}
    else:
        same_names = Kind(("Question", "Answer"), {"Question": ("{{Question}}", "{{Answer}}")})
        take(learner, pack(tmp_path / "1.apkg", rows, same_names))
    study_all(learner)
    before, schema = schedules(learner), learner.db.scalar("select scm from col")
    assert take(learner, written.package, merge_notetypes=True) == {"updated": 2, "new": 1}
    assert learner.db.scalar("select scm from col") != schema
    assert take(learner, written.package) == {"duplicate": 3}
    assert by_guid(learner, "a").fields[:2] == ["Q", "B"]
    assert {card: schedules(learner)[card] for card in before} == before
    assert faults(learner) == ""
    fates = {"updated": 2, "duplicate": 1} if ANKI >= (25, 2) else {"duplicate": 3}
    assert take(learner, ours(tmp_path, "C", LATER + DAY).package) == fates


@pytest.mark.parametrize(("extra", "clean"), [("Extra", True), ("Back Extra", False)])
def test_cloze_texts_merge_in_the_same_way(learner: Collection, tmp_path: Path, extra: str, clean: bool) -> None:
    """A cloze note type goes over by the names of its fields, too; genanki's own has a field that we do not."""
    kind = Kind(("Text", extra), {"Cloze": CLOZE.templates["Cloze"]}, cloze=True)
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("{{c1::x}}", ""))], kind))
    notes: dict[str, Any] = {"a": cloze("{{c1::y}}", guid="a")}
    package = build_deck(tmp_path / "ours", deck(notes, title=DECK), LATER).package
    assert take(learner, package, merge_notetypes=True) == {"updated": 1}
    assert take(learner, package) == ({"duplicate": 1} if clean else {"conflicting": 1})


def test_the_option_is_remembered(learner: Collection, tmp_path: Path) -> None:
    """Anki's dialog shows it ticked at the next import, so the manual asks learners to turn it off again."""
    package = build_deck(tmp_path / "deck", deck({"one": question()})).package
    assert not learner._backend.get_import_anki_package_presets().merge_notetypes
    take(learner, package, merge_notetypes=True)
    assert learner._backend.get_import_anki_package_presets().merge_notetypes
