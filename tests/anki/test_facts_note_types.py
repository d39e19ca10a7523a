"""What Cuedeck relies on in Anki's importer: what happens to note types, and to the notes of one that changed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from tests.anki.learner import by_guid, card_of, faults, note_type, schedules, shown, study_all, take
from tests.anki.packages import CLOZE, Kind, Row, pack
from tests.making import DAY, FIRST, build_deck, cloze, deck, question

pytestmark = pytest.mark.slow

LATER = FIRST + DAY
IDS = {"Front": 11, "Back": 12, "Spare": 13, "Card 1": 21}
FRONT_BACK = ("{{Front}}", "{{Back}}")
OTHER_WAY = ("{{Back}}", "{{Front}}")


def _style(learner: Collection) -> str:
    css: str = note_type(learner, Kind().id)["css"]
    return css


def _schema(learner: Collection) -> int:
    return learner.db.scalar("select scm from col")  # type: ignore[no-any-return]


@pytest.mark.parametrize(("seconds", "arrives"), [(-1, False), (0, False), (1, True)])
def test_only_a_newer_style_arrives(learner: Collection, tmp_path: Path, seconds: int, arrives: bool) -> None:
    """A note type of the same shape is replaced if it is newer, and that touches no note."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))], Kind(css="old")))
    newer = Kind(css="new", time=FIRST + seconds)
    assert take(learner, pack(tmp_path / "2.apkg", [Row("a", ("One", "1"))], newer)) == {"duplicate": 1}
    assert _style(learner) == ("new" if arrives else "old")


def test_a_learners_style_stays_until_ours_is_newer(learner: Collection, tmp_path: Path) -> None:
    """A learner's change in Anki's editor survives an update without a newer style, and is lost with one."""
    package = pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))], Kind(css="old"))
    take(learner, package)
    learner.models.update_dict({**note_type(learner, Kind().id), "css": "mine"})
    take(learner, package)
    assert _style(learner) == "mine"
    take(learner, pack(tmp_path / "2.apkg", [Row("a", ("One", "1"))], Kind(css="new", time=2_000_000_000)))
    assert _style(learner) == "new"


# The new version of the note type, while the old one has two fields and one template.
SHAPES = {
    "field-added": {"fields": ("Front", "Back", "Extra")},
    "field-removed": {"fields": ("Front",), "templates": {"Card 1": ("{{Front}}", "x")}},
    "fields-reordered": {"fields": ("Back", "Front")},
    "field-renamed": {"fields": ("Front", "Answer"), "templates": {"Card 1": ("{{Front}}", "{{Answer}}")}},
    "template-added": {"templates": {"Card 1": FRONT_BACK, "Card 2": OTHER_WAY}},
    "template-renamed": {"templates": {"Question": FRONT_BACK}},
}


@pytest.mark.parametrize("name", SHAPES)
def test_another_shape_ends_all_updates(learner: Collection, tmp_path: Path, name: str) -> None:
    """Notes whose note type was reshaped are skipped forever, and a copy of the type appears; nothing is lost."""
    take(learner, pack(tmp_path / "1.apkg", [Row(guid, ("One", guid)) for guid in "ab"]))
    study_all(learner)
    before, schema = schedules(learner), _schema(learner)
    kind = replace(Kind(time=LATER), **SHAPES[name])  # type: ignore[arg-type]
    fields = ("New", "new", "extra")[: len(kind.fields)]
    update = pack(tmp_path / "2.apkg", [Row(guid, fields, LATER) for guid in "abc"], kind)
    assert take(learner, update) == {"conflicting": 2, "new": 1}
    assert by_guid(learner, "a").fields == ["One", "a"]
    assert note_type(learner, by_guid(learner, "c").mid)["name"] == "Plain+"
    assert {card: schedules(learner)[card] for card in before} == before
    assert _schema(learner) == schema
    assert faults(learner) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"fields": ("Front", "Answer"), "templates": {"Card 1": ("{{Front}}", "{{Answer}}")}},
        {"fields": ("Front", "Back", "Mnemonic"), "templates": {"Card 1": ("{{Front}}", "{{Mnemonic}}")}},
        {"templates": {"Question": FRONT_BACK}},
    ],
    ids=["field", "spare field", "template"],
)
def test_what_has_an_id_can_be_renamed(learner: Collection, tmp_path: Path, change: dict[str, Any]) -> None:
    """A field or template with an id may get another name, and a spare field a use: a plain update brings it."""
    old = Kind(("Front", "Back", *(["Spare"] if "Mnemonic" in change.get("fields", ()) else [])), ids=IDS)
    ids = {**IDS, "Answer": IDS["Back"], "Mnemonic": IDS["Spare"], "Question": IDS["Card 1"]}
    new = replace(old, time=LATER, ids=ids, **change)
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1", "")[: len(old.fields)])], old))
    study_all(learner)
    before, schema = schedules(learner), _schema(learner)
    update = pack(tmp_path / "2.apkg", [Row("a", ("One", "2", "3")[: len(new.fields)], LATER)], new)
    assert take(learner, update) == {"updated": 1}
    assert schedules(learner) == before
    assert _schema(learner) == schema
    assert [each["name"] for each in note_type(learner, old.id)["flds"]] == list(new.fields)
    assert [each["name"] for each in note_type(learner, old.id)["tmpls"]] == list(new.templates)
    assert shown(by_guid(learner, "a").cards()[0].answer()) == by_guid(learner, "a").fields[-1]
    assert take(learner, update) == {"duplicate": 1}
    assert faults(learner) == ""


def test_a_note_that_changes_its_kind_never_arrives(learner: Collection, tmp_path: Path) -> None:
    """A cloze text under the guid of a question is skipped, and with Merge ticked the whole import fails."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    other = Row("a", ("{{c1::Two}}", ""), LATER)
    package = pack(tmp_path / "2.apkg", [other], replace(CLOZE, id=CLOZE.id + 1, name="Other"))
    assert take(learner, package) == {"conflicting": 1}
    assert by_guid(learner, "a").fields == ["One", "1"]
    with pytest.raises(Exception, match="Cloze note types cannot be merged"):
        take(learner, package, merge_notetypes=True)


def test_two_decks_with_one_note_type_share_its_look(learner: Collection, tmp_path: Path) -> None:
    """The note type of a second deck replaces the first one's with the same id: so each namespace has its own."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))], Kind(css="first")))
    take(learner, pack(tmp_path / "2.apkg", [Row("b", ("Two", "2"), deck="Second")], Kind(css="second", time=LATER)))
    assert _style(learner) == "second"


def test_a_learners_own_field_ends_all_updates(learner: Collection, tmp_path: Path) -> None:
    """A learner who adds a field to our note type gets no more updates, so the manual asks them not to."""
    take(learner, build_deck(tmp_path, deck({"one": question()})).package)
    kind = card_of(learner, "one").note_type()
    learner.models.add_field(kind, learner.models.new_field("Mine"))
    learner.models.update_dict(kind)
    update = build_deck(tmp_path, deck({"one": question(answer="New.")}), LATER)
    assert take(learner, update.package) == {"conflicting": 1}


def test_our_note_types_arrive_complete(learner: Collection, tmp_path: Path) -> None:
    """Their ids, field names and the ids of fields arrive as they were built, whatever the collection has already."""
    written = build_deck(tmp_path, deck({"one": question(), "two": cloze("{{c1::x}}")}))
    take(learner, written.package)
    for stamped in written.build.types:
        kind = note_type(learner, stamped.type.id)
        assert kind["name"] == stamped.type.name
        assert [(each["name"], each["id"]) for each in kind["flds"]] == [
            (each.name, each.id) for each in stamped.type.fields
        ]
        assert [(each["name"], each["id"]) for each in kind["tmpls"]] == [
            (each.name, each.id) for each in stamped.type.templates
        ]
