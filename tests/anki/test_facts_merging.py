"""What becomes of a deck of plain genanki that goes on with other note types, as one that Cuedeck takes over does."""

from pathlib import Path

import pytest
from anki.collection import Collection

from tests.anki.learner import ANKI, by_guid, note_type, schedules, study_all, take
from tests.anki.packages import Kind, Row, pack
from tests.making import DAY, FIRST

LATER = FIRST + DAY
IDS = {"Question": 11, "Answer": 12, "Extra": 13, "Card": 21}
OURS = Kind(
    ("Question", "Answer", "Extra"),
    {"Card": ("{{Question}}", "{{Answer}}")},
    id=Kind().id + 1,
    name="Ours",
    time=LATER,
    ids=IDS,
)
THEIRS = [Row(guid, ("Q", "A")) for guid in "ab"]
TAKEN_OVER = [*(Row(guid, ("Q", "B", ""), LATER) for guid in "ab"), Row("c", ("Q", "New", ""), LATER)]


def fields(learner: Collection, guid: str) -> list[str]:
    return [each["name"] for each in note_type(learner, by_guid(learner, guid).mid)["flds"]]


def test_without_merge_the_old_notes_stay_as_they_are(learner: Collection, tmp_path: Path) -> None:
    """New notes arrive, the old ones are skipped for ever, and keep their history."""
    take(learner, pack(tmp_path / "1.apkg", THEIRS))
    study_all(learner)
    before = schedules(learner)
    package = pack(tmp_path / "2.apkg", TAKEN_OVER, OURS)
    assert take(learner, package) == {"conflicting": 2, "new": 1}
    assert take(learner, package) == {"conflicting": 2, "duplicate": 1}
    assert by_guid(learner, "a").fields == ["Q", "A"]
    assert {card: schedules(learner)[card] for card in before} == before


# The note type that learners have: ids on fields and template of the old names, or the new names already.
CLEAN: dict[str, Kind] = {
    "ids": Kind(time=FIRST + 1, ids={"Front": IDS["Question"], "Back": IDS["Answer"], "Card 1": IDS["Card"]}),
    "names": Kind(("Question", "Answer"), {"Card": ("{{Question}}", "{{Answer}}")}),
}


@pytest.mark.parametrize("name", CLEAN)
def test_merged_once_where_fields_are_known(learner: Collection, tmp_path: Path, name: str) -> None:
    """Where each old field and template is one of the new, by id or by name, one merging import moves notes over.

    The history stays, one full sync is due, and all later imports are plain ones. The ids may come with a last release
    of the old kind, which touches no note.
    """
    if name == "ids":
        take(learner, pack(tmp_path / "1.apkg", THEIRS))
        assert take(learner, pack(tmp_path / "bridge.apkg", THEIRS, CLEAN[name])) == {"duplicate": 2}
    else:
        take(learner, pack(tmp_path / "1.apkg", THEIRS, CLEAN[name]))
    study_all(learner)
    before, schema = schedules(learner), learner.db.scalar("select scm from col")
    package = pack(tmp_path / "2.apkg", TAKEN_OVER, OURS)
    assert take(learner, package, merge_notetypes=True) == {"updated": 2, "new": 1}
    assert learner.db.scalar("select scm from col") != schema
    assert take(learner, package) == {"duplicate": 3}
    assert by_guid(learner, "a").fields == ["Q", "B", ""]
    assert fields(learner, "a") == list(OURS.fields)
    assert {card: schedules(learner)[card] for card in before} == before
    update = pack(tmp_path / "3.apkg", [Row("a", ("Q", "C", ""), LATER + DAY)], OURS)
    assert take(learner, update) == ({"updated": 1} if ANKI >= (25, 2) else {"duplicate": 1})


def test_merged_where_fields_are_strangers(learner: Collection, tmp_path: Path) -> None:
    """Fields of other names stay beside the new ones, and from then on every import of ours is skipped."""
    take(learner, pack(tmp_path / "1.apkg", THEIRS))
    study_all(learner)
    package = pack(tmp_path / "2.apkg", TAKEN_OVER, OURS)
    assert take(learner, package, merge_notetypes=True) == {"updated": 2, "new": 1}
    assert set(fields(learner, "a")) == {*OURS.fields, "Front", "Back"}
    assert take(learner, package) == {"conflicting": 3}
