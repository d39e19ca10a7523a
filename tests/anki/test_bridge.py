"""A deck of another tool continues as one of ours: what its learners keep, and what would harm them."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import genanki
import pytest
from anki.collection import Collection, ExportAnkiPackageOptions

from cuedeck.problems import Problems
from cuedeck.usecases.adopt import Adopted, adopt
from cuedeck.usecases.build import build
from cuedeck.usecases.release import release
from tests.anki.learner import (
    ANKI,
    by_guid,
    collection,
    faults,
    note_of,
    note_type,
    schedules,
    shown,
    study_all,
    take,
)
from tests.anki.packages import CLOZE, DECK, Kind, Row, pack
from tests.making import DAY, FIRST, build_deck, cloze, deck, question, write

pytestmark = pytest.mark.slow

BASIC = Kind()
BOTH_WAYS = Kind(
    templates={"Card 1": ("{{Front}}", "{{FrontSide}}<hr>{{Back}}"), "Card 2": ("{{Back}}", "{{Front}}")},
    id=1_600_000_000_001,
    name="Both ways",
)
MINE = {"title": DECK, "sources": {}}


@dataclass(frozen=True)
class Case:
    """A package of another tool, the notes that continue it, and where its fields go if that is not plain."""

    rows: Sequence[Row]
    notes: Mapping[str, Any]
    names: Mapping[str, str] = field(default_factory=dict)


def asked(guid: str, **more: Any) -> dict[str, Any]:
    return question(f"What is {guid}?", f"It is {guid}.", guid=guid, **more)


def of_genanki(model: genanki.Model, id: int) -> Kind:
    """Return a note type that comes with genanki."""
    return Kind(
        [each["name"] for each in model.fields],
        {each["name"]: (each["qfmt"], each["afmt"]) for each in model.templates},
        cloze=model.model_type == genanki.Model.CLOZE,
        id=id,
        name=model.name,
    )


def rows(kind: Kind, *fields: str) -> list[Row]:
    return [Row(guid, fields, kind=kind) for guid in "ab"]


def studied(learner: Collection) -> dict[int, tuple[Any, ...]]:
    """Answer every card; return the schedules."""
    study_all(learner)
    learner.fix_integrity()  # it may add the time of an answer between two seconds
    return schedules(learner)


def go_over(learner: Collection, bridges: Iterable[Path], cards: Path, notes: int) -> None:
    """Take a learner with `notes` notes over the bridges to a build of `cards`, which has one more; nothing is lost."""
    before = studied(learner)
    for path in bridges:
        assert take(learner, path) == {"duplicate": notes}
    package = build(cards, at=FIRST + 2 * DAY).package
    assert take(learner, package, merge_notetypes=True) == {"updated": notes, "new": 1}
    assert take(learner, package) == {"duplicate": notes + 1}
    unharmed(learner, before)


def unharmed(learner: Collection, before: Mapping[int, tuple[Any, ...]]) -> None:
    """Assert that all earlier cards are there with their schedules and reviews, and that Anki finds nothing wrong."""
    after = schedules(learner)
    assert {card: after.get(card) for card in before} == before
    assert faults(learner) == ""


HINTED = Kind(("Front", "Back", "Hint"), id=1_600_000_000_002)
SIX = Kind(
    ("Number", "Front", "Hint", "Back", "Image", "Notes"),
    {"Card 1": ("{{Front}}<br>{{hint:Hint}}", "{{Back}}{{Image}}")},
    id=1_600_000_000_003,
    sort=1,
)
FOUR = Kind(
    ("Front", "Back", "Image", "Hint"), {"Card 1": ("{{Front}}", "{{Back}}{{Image}}{{Hint}}")}, id=1_600_000_000_008
)
FIVE = Kind(
    ("Front", "Number", "Back", "Origin", "Image"), {"Card 1": ("{{Front}}", "{{Back}}{{Image}}")}, id=1_600_000_000_009
)
CALLED_ALIKE = Kind(
    ("Clip", "Word", "My notes"), {"Card 1": ("{{Clip}}", "{{Word}}{{My notes}}")}, id=1_600_000_000_010
)
TURNED = Kind(("Back", "Front"), id=1_600_000_000_004)
OPTIONAL = of_genanki(genanki.BASIC_OPTIONAL_REVERSED_CARD_MODEL, 1_600_000_000_005)
GAPS = of_genanki(genanki.CLOZE_MODEL, 1_600_000_000_006)
OURS = Kind(("Question", "Answer", "Extra"), {"Question": ("{{Question}}", "{{Answer}}")}, id=1_600_000_000_007)

BOTH = {guid: asked(guid) for guid in "ab"}
TWICE = {guid: asked(guid, reverse="true") for guid in "ab"}

CASES = {
    "two fields": Case(rows(BASIC, "What is it?", "A"), BOTH, {"Front": "Question", "Back": "Answer"}),
    "genanki's basic": Case(rows(of_genanki(genanki.BASIC_MODEL, 1_559_383_000), "What is it?", "A"), BOTH),
    "genanki's answer to type in": Case(
        rows(of_genanki(genanki.BASIC_TYPE_IN_THE_ANSWER_MODEL, 1_305_534_440), "What is it?", "A"), BOTH
    ),
    "both ways": Case(rows(BOTH_WAYS, "What is it?", "A"), TWICE),
    "one of two both ways": Case(
        [Row("a", ("What is it?", "A", "y"), kind=OPTIONAL), Row("b", ("What is it?", "A", ""), kind=OPTIONAL)],
        {"a": TWICE["a"], "b": BOTH["b"]},
        {"Front": "Question", "Back": "Answer", "Add Reverse": "Reverse"},
    ),
    "three fields": Case(
        rows(HINTED, "What is it?", "A", "H"), BOTH, {"Front": "Question", "Back": "Answer", "Hint": "Spare 3"}
    ),
    "four fields": Case(
        rows(FOUR, "What is it?", "A", "I", "H"),
        BOTH,
        {"Front": "Question", "Back": "Answer", "Image": "Extra", "Hint": "Spare 3"},
    ),
    "five fields": Case(
        rows(FIVE, "What is it?", "1", "A", "O", "I"),
        BOTH,
        {"Front": "Question", "Number": "Spare 3", "Back": "Answer", "Origin": "Clip", "Image": "Extra"},
    ),
    "the names of our last fields": Case(
        rows(CALLED_ALIKE, "What is it?", "A", "N"),
        BOTH,
        {"Clip": "Question", "Word": "Answer", "My notes": "My notes"},
    ),
    "six fields": Case(
        rows(SIX, "1", "What is it?", "H", "A", "I", "N"),
        BOTH,
        {
            "Number": "Spare 3",
            "Front": "Question",
            "Hint": "My notes",
            "Back": "Answer",
            "Image": "Extra",
            "Notes": "Clip",
        },
    ),
    "answer first": Case(rows(TURNED, "A", "What is it?"), BOTH, {"Back": "Answer", "Front": "Question"}),
    "names of ours": Case(rows(OURS, "What is it?", "A", "E"), BOTH, {name: name for name in OURS.fields}),
    "cloze": Case(
        [Row(guid, ("{{c1::x}} and {{c2::y}}", "E"), kind=GAPS) for guid in "ab"],
        {guid: cloze("{{c1::x}} or {{c2::y}}", guid=guid) for guid in "ab"},
        {"Text": "Text", "Back Extra": "Extra"},
    ),
    "cloze and question": Case(
        [Row("a", ("{{c1::x}} and {{c2::y}}", "E"), kind=GAPS), Row("b", ("What is it?", "A"), kind=BASIC)],
        {"a": cloze("{{c1::x}} or {{c2::y}}", guid="a"), "b": BOTH["b"]},
    ),
    "two note types of a kind": Case(
        [Row("a", ("What is it?", "A"), kind=BOTH_WAYS), Row("b", ("What is it?", "A", "H"), kind=HINTED)],
        {"a": TWICE["a"], "b": BOTH["b"]},
    ),
}


def begin(folder: Path, case: Case) -> tuple[Path, Path, Adopted]:
    """Write the old package and a cards.yaml that continues it, and adopt; return both paths and what was done."""
    old = pack(folder / "old.apkg", case.rows)
    cards = write(folder / "ours", deck({**case.notes, "c": question()}, **MINE))
    return old, cards, adopt(old, cards, at=FIRST + DAY)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_learners_go_over_and_lose_nothing(learner: Collection, tmp_path: Path, case: Case) -> None:
    """The bridge touches no note, one merging import brings all of them over, and later imports are plain ones."""
    old, cards, done = begin(tmp_path, case)
    if case.names:
        assert done.bridges[0].names == case.names
    take(learner, old)
    before, notes = studied(learner), learner.db.all("select * from notes")
    (bridge,) = done.packages
    assert take(learner, bridge) == {"duplicate": 2}
    assert (schedules(learner), learner.db.all("select * from notes")) == (before, notes)
    package = build(cards, at=FIRST + 2 * DAY).package
    assert take(learner, package, merge_notetypes=True) == {"updated": 2, "new": 1}
    for _ in range(2):
        assert take(learner, package) == {"duplicate": 3}
    unharmed(learner, before)
    assert take(learner, bridge) == {"conflicting": 2}  # too late, and without effect
    edited = {id: {**note, "extra": "More."} for id, note in case.notes.items()}
    package = build_deck(cards.parent, deck({**edited, "c": question()}, **MINE), FIRST + 3 * DAY).package
    assert take(learner, package) == ({"updated": 2, "duplicate": 1} if ANKI >= (25, 2) else {"duplicate": 3})
    unharmed(learner, before)
    for id in case.notes:
        for card in note_of(learner, id).cards():
            assert "blank" not in shown(card.question())


def test_a_release_comes_over_the_bridge_too(learner: Collection, tmp_path: Path) -> None:
    """What is true of a build is also true of a release, which is what learners get."""
    old, cards, done = begin(tmp_path, CASES["two fields"])
    take(learner, old)
    before = studied(learner)
    package = release(cards, "1.0.0", at=FIRST + 2 * DAY).build.checked.package_path
    take(learner, done.packages[0])
    assert take(learner, package, merge_notetypes=True) == {"updated": 2, "new": 1}
    assert take(learner, package) == {"duplicate": 3}
    unharmed(learner, before)


WAYS: Mapping[str, tuple[str, bool]] = {
    "the bridge twice": ("bbm", True),
    "the deck without merging first": ("dbm", True),
    "the deck without merging in between": ("bdm", True),
    "the bridge never, nothing merged": ("d", False),
    "the bridge, but nothing merged": ("bd", False),
}


@pytest.mark.parametrize(("way", "over"), WAYS.values(), ids=WAYS)
def test_other_ways_harm_nobody(learner: Collection, tmp_path: Path, way: str, over: bool) -> None:
    """Until someone merges without the bridge, they can still go over, and nothing is lost."""
    old, cards, done = begin(tmp_path, CASES["both ways"])
    package = build(cards, at=FIRST + 2 * DAY).package
    take(learner, old)
    before = studied(learner)
    for step in way:
        take(learner, done.packages[0] if step == "b" else package, merge_notetypes=step == "m")
    assert take(learner, package) == ({"duplicate": 3} if over else {"conflicting": 2, "duplicate": 1})
    unharmed(learner, before)
    assert by_guid(learner, "a").fields[:2] == (["What is a?", "It is a."] if over else ["What is it?", "A"])


@pytest.mark.parametrize("way", ["m", "mbm"])
def test_merging_without_the_bridge_cannot_be_undone(learner: Collection, tmp_path: Path, way: str) -> None:
    """So nobody may do that: remains of the old note type stay in ours, and the bridge comes too late."""
    old, cards, done = begin(tmp_path, CASES["two fields"])
    package = build(cards, at=FIRST + 2 * DAY).package
    take(learner, old)
    study_all(learner)
    for step in way:
        take(learner, done.packages[0] if step == "b" else package, merge_notetypes=step == "m")
    assert take(learner, package) == {"conflicting": 3}
    assert "has empty cards" in faults(learner)


def test_learners_of_crowdanki_have_note_types_of_their_own(learner: Collection, tmp_path: Path) -> None:
    """No bridge fits, since Anki numbers a note type when an add-on makes it. They can change the note type themselves.

    First they import the release, which brings our note type; then they change the type of their notes, and import it
    once more, now with all updates.
    """
    from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS

    case = CASES["two fields"]
    _, cards, done = begin(tmp_path, case)
    package = release(cards, "1.0.0", at=FIRST + 2 * DAY).build.checked.package_path
    theirs = [replace(row, kind=replace(BASIC, id=1_700_000_000_777), tags=("t",)) for row in case.rows]
    take(learner, pack(tmp_path / "theirs.apkg", theirs))
    before = studied(learner)
    assert take(learner, done.packages[0]) == {"conflicting": 2}
    assert take(learner, package) == {"conflicting": 2, "new": 1}
    change_type(learner, "Plain", "Cuedeck small (question and answer)")
    assert take(learner, package) == {"duplicate": 3}
    assert take(learner, package, update_notes=IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS)["updated"] == 2
    assert note_of(learner, "a").fields[:2] == ["What is a?", "It is a."]
    assert take(learner, package) == {"duplicate": 3}
    unharmed(learner, before)
    edited = {id: {**note, "extra": "More."} for id, note in case.notes.items()}
    package = build_deck(cards.parent, deck({**edited, "c": question()}, **MINE), FIRST + 3 * DAY).package
    assert take(learner, package) == ({"updated": 2, "duplicate": 1} if ANKI >= (25, 2) else {"duplicate": 3})


def change_type(learner: Collection, old: str, new: str) -> None:
    """Change the type of all notes of a note type, as the dialog of the browser proposes it."""
    numbers = (learner.models.id_for_name(name) for name in (old, new))
    info = learner.models.change_notetype_info(
        **dict(zip(("old_notetype_id", "new_notetype_id"), numbers, strict=True))
    )
    info.input.note_ids.extend(learner.find_notes(f'"note:{old}"'))
    learner.models.change_notetype_of_notes(info.input)


def test_what_learners_wrote_before_the_release_is_replaced_once(learner: Collection, tmp_path: Path) -> None:
    """The first release is newer than what they wrote and tagged until then; the same is said in its notes."""
    old, cards, done = begin(tmp_path, CASES["two fields"])
    take(learner, old)
    theirs = by_guid(learner, "a")
    theirs["Back"], theirs.tags = "In my words", ["mine"]
    learner.update_note(theirs)
    learner.db.execute("update notes set mod = ? where guid = 'a'", FIRST + DAY)
    take(learner, done.packages[0])
    package = build(cards, at=FIRST + 2 * DAY).package
    assert take(learner, package, merge_notetypes=True) == {"updated": 2, "new": 1}
    assert (by_guid(learner, "a").fields[1], by_guid(learner, "a").tags) == ("It is a.", [])


def test_what_learners_wrote_stays_theirs(learner: Collection, tmp_path: Path) -> None:
    """Their own notes keep the old note type; a note edited after the release was made goes over with their words."""
    old, cards, done = begin(tmp_path, CASES["two fields"])
    take(learner, old)
    mine = learner.new_note(learner.models.by_name("Plain"))
    mine.fields = ["My own", "Note"]
    learner.add_note(mine, learner.decks.id("Mine"))
    theirs = by_guid(learner, "a")
    theirs["Back"], theirs.tags = "In my words", ["mine"]
    learner.update_note(theirs)
    before = studied(learner)
    take(learner, done.packages[0])
    package = build(cards, at=FIRST + 2 * DAY).package
    assert take(learner, package, merge_notetypes=True) == {"updated": 1, "duplicate": 1, "new": 1}
    assert take(learner, package) == {"duplicate": 3}
    assert by_guid(learner, "a").fields[:2] == ["What is it?", "In my words"]
    assert (by_guid(learner, mine.guid).fields, by_guid(learner, mine.guid).mid) == (["My own", "Note"], mine.mid)
    unharmed(learner, before)


def restyle(learner: Collection) -> None:
    kind = learner.models.by_name("Plain") or learner.models.by_name("Plain (small)")
    kind["tmpls"][0]["qfmt"] = "<b>{{Front}}</b>"
    learner.models.update_dict(kind)


def add_field(learner: Collection) -> None:
    kind = learner.models.by_name("Plain")
    learner.models.add_field(kind, learner.models.new_field("Mnemonic"))
    learner.models.update_dict(kind)


@pytest.mark.parametrize("when", ["before the bridge", "after it"])
def test_an_edited_template_does_not_keep_the_bridge_out(learner: Collection, tmp_path: Path, when: str) -> None:
    """The bridge is newer than learners' edits of their note types, and than an import on the same day."""
    rows = CASES["two fields"].rows
    old = pack(tmp_path / "old.apkg", rows)
    cards = write(tmp_path / "ours", deck({**BOTH, "c": question()}, **MINE))
    (bridge,) = adopt(old, cards, at=int(time.time())).packages
    take(learner, old)
    if when == "before the bridge":
        restyle(learner)
    assert take(learner, bridge) == {"duplicate": 2}
    if when == "after it":
        restyle(learner)
    package = build(cards, at=FIRST + 2 * DAY).package
    take(learner, package, merge_notetypes=True)
    assert take(learner, package) == {"duplicate": 3}
    assert faults(learner) == ""


def test_a_bridge_serves_for_years(tmp_path: Path) -> None:
    """Two steps in turn arrive even years later, though Anki has a note type of that name."""
    kind = replace(BASIC, name="Basic", ids={"Front": 1, "Back": 2, "Card 1": 3})
    old, cards, done = begin(tmp_path, Case(rows(kind, "What is it?", "A"), BOTH))
    assert [path.name for path in done.packages] == ["small-bridge-1.apkg", "small-bridge-2.apkg"]
    with collection(tmp_path / "profile") as learner:
        take(learner, old)
        learner.db.execute("update notetypes set mtime_secs = ? where id = ?", FIRST + DAY, kind.id)
    with collection(tmp_path / "profile") as learner:  # it knows the day of that import now
        go_over(learner, done.packages, cards, notes=2)


def test_anki_warns_a_learner_with_an_own_field(learner: Collection, tmp_path: Path) -> None:
    """At the bridge, Anki says that their note type has changed: they must remove the field before they go on."""
    old = pack(tmp_path / "old.apkg", CASES["two fields"].rows)
    cards = write(tmp_path / "ours", deck({**BOTH, "c": question()}, **MINE))
    (bridge,) = adopt(old, cards, at=int(time.time())).packages
    take(learner, old)
    before = studied(learner)
    add_field(learner)
    assert take(learner, bridge) == {"conflicting": 2}
    kind = note_type(learner, BASIC.id)
    learner.models.remove_field(kind, kind["flds"][-1])
    learner.models.update_dict(kind)
    assert take(learner, bridge) == {"duplicate": 2}
    package = build(cards, at=FIRST + 2 * DAY).package
    take(learner, package, merge_notetypes=True)
    assert take(learner, package) == {"duplicate": 3}
    unharmed(learner, before)


def test_one_note_type_of_two_decks_takes_one_of_them_over(learner: Collection, tmp_path: Path) -> None:
    """At the second bridge, Anki says that the note type has changed; learners who stop there lose nothing."""
    second = pack(tmp_path / "second.apkg", [Row("x", ("What is it?", "A"), deck="Second")])
    other = deck({"x": asked("x")}, id="second", namespace="second12", title="Second", sources={})
    there = write(tmp_path / "second", other)
    first, cards, done = begin(tmp_path, CASES["two fields"])
    bridge = adopt(second, there, at=FIRST + 2 * DAY).packages[0]
    for package in (first, second):
        take(learner, package)
    before = studied(learner)
    take(learner, done.packages[0])
    take(learner, build(cards, at=FIRST + 2 * DAY).package, merge_notetypes=True)
    assert take(learner, bridge) == {"conflicting": 1}
    assert take(learner, build(there, at=FIRST + 2 * DAY).package) == {"conflicting": 1}
    assert by_guid(learner, "x").fields == ["What is it?", "A"]
    unharmed(learner, before)


def test_a_note_without_its_reverse_card_is_reported(learner: Collection, tmp_path: Path) -> None:
    """Without "reverse: true" the old second card stays, blank; adopt names the note."""
    old, cards, done = begin(tmp_path, replace(CASES["both ways"], notes={"a": TWICE["a"], "b": BOTH["b"]}))
    assert done.halved == ("b",)
    take(learner, old)
    studied(learner)
    take(learner, done.packages[0])
    written = build(cards, at=FIRST + 2 * DAY)
    assert "reverse-gone" in [warning.rule for warning in written.build.checked.warnings]
    take(learner, written.package, merge_notetypes=True)
    assert faults(learner) == f"note {by_guid(learner, 'b').id} has empty cards"


def exported(folder: Path) -> tuple[str, Path]:
    """Make a deck in Anki itself; return its note's guid and its package, as exported for older versions."""
    with collection(folder / "author") as author:
        note = author.new_note(author.models.by_name("Basic (and reversed card)"))
        note.fields = ["What is it?", "A"]
        author.add_note(note, author.decks.id(DECK))
        author.db.execute("update notes set mod = ?", FIRST)
        options = ExportAnkiPackageOptions(with_media=True, legacy=True)
        author.export_anki_package(out_path=str(folder / "old.apkg"), options=options, limit=None)
        return note.guid, folder / "old.apkg"


def test_a_deck_made_in_anki_goes_over_in_two_steps(learner: Collection, tmp_path: Path) -> None:
    """Anki gives its fields ids of its own: a first package removes them, a second one brings ours."""
    guid, old = exported(tmp_path)
    cards = write(tmp_path / "ours", deck({"a": question(guid=guid, reverse="true"), "c": question()}, **MINE))
    done = adopt(old, cards, at=int(time.time()))
    assert [path.name for path in done.packages] == ["small-bridge-1.apkg", "small-bridge-2.apkg"]
    take(learner, old)
    go_over(learner, done.packages, cards, notes=1)


LEFT_OVER = Kind(templates={**BOTH_WAYS.templates, "Card 3": ("Mind {{Front}}", "{{Back}}")})
NOT_TURNED = Kind(templates={"Card 1": ("{{Front}}", "{{Back}}"), "Card 2": ("Mind {{Front}}", "{{Back}}")})
REFUSED = {
    "seven fields": (
        Kind(tuple("ABCDEFG"), {"Card 1": ("{{A}}", "{{B}}")}),
        "more than Cuedeck's note type has room for",
    ),
    "three cards": (LEFT_OVER, "it has 3 card types, and Cuedeck's note type only 2"),
    "two fields of one name": (Kind(("Front", "front")), "two of its fields have the same name"),
    "deletions in two fields": (
        Kind(("Text", "More"), {"Cloze": ("{{cloze:Text}} {{cloze:More}}", "{{cloze:Text}}")}, cloze=True),
        "it has cloze deletions in several fields, and Cuedeck's note type in only one",
    ),
    "a second card of another sort": (NOT_TURNED, "its second card is not the reverse of the first"),
    "a name of ours for something else": (
        Kind(("Extra", "Back"), {"Card 1": ("{{Extra}}", "{{Back}}")}),
        'its question is in "Extra", but its field "Extra" has the name of a different field in Cuedeck\'s note type',
    ),
}


@pytest.mark.parametrize(("kind", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_go_over_is_refused(tmp_path: Path, kind: Kind, said: str) -> None:
    """Nothing is written, and the notes that should rather be new ones are named."""
    old = pack(tmp_path / "old.apkg", [Row(guid, ["x"] * len(kind.fields)) for guid in "ab"], kind)
    texts = {guid: cloze("{{c1::x}}", guid=guid) for guid in "ab"}
    cards = write(tmp_path / "ours", deck(texts if kind.cloze else BOTH, **MINE))
    with pytest.raises(Problems) as caught:
        adopt(old, cards, at=FIRST + DAY)
    (problem,) = caught.value.problems
    assert problem.rule == "no-bridge"
    assert said in problem.message
    assert problem.hint.endswith(": a, b")
    assert not (cards.parent / "cards.lock").exists()
    assert not (cards.parent / "decks").exists()


@pytest.mark.parametrize("kind", [LEFT_OVER, REFUSED["a name of ours for something else"][0]])
def test_why_it_is_refused(learner: Collection, tmp_path: Path, kind: Kind) -> None:
    """A leftover part, or a name that Anki takes for another, would spoil our note type for learners."""
    old = pack(tmp_path / "old.apkg", [Row(guid, ("What is it?", "A")) for guid in "ab"], kind)
    take(learner, old)
    written = build_deck(tmp_path / "ours", deck(BOTH, **MINE), FIRST + DAY)
    type = written.build.types[0].type
    ids = {name: part.id for name, part in zip(kind.fields, type.fields, strict=False)}
    ids |= {name: part.id for name, part in zip(kind.templates, type.templates, strict=False)}
    take(
        learner,
        pack(tmp_path / "b.apkg", [Row(g, ("What is it?", "A")) for g in "ab"], replace(kind, ids=ids, time=FIRST + 1)),
    )
    take(learner, written.package, merge_notetypes=True)
    merged = note_type(learner, type.id)
    assert [(each["qfmt"], each["afmt"]) for each in merged["tmpls"]] != [
        (each.front, each.back) for each in type.templates
    ]


def test_a_question_made_of_a_cloze_is_refused(learner: Collection, tmp_path: Path) -> None:
    """Anki would abort the whole import."""
    old = pack(tmp_path / "old.apkg", [Row("a", ("{{c1::x}}", ""))], CLOZE)
    cards = write(tmp_path / "ours", deck(BOTH, **MINE))
    with pytest.raises(Problems) as caught:
        adopt(old, cards, at=FIRST + DAY)
    assert '"a" is a question, but a cloze text in the package' in str(caught.value)
    assert [problem.rule for problem in caught.value.problems] == ["kind-changed"]
    assert not (cards.parent / "cards.lock").exists()


def test_the_same_bridge_is_the_same_bytes(tmp_path: Path) -> None:
    """The bridge depends on the package, the deck and the time, and on nothing else."""
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        _, _, done = begin(tmp_path / name, CASES["cloze and question"])
        made.append(done.packages[0].read_bytes())
    assert made[0] == made[1]


def test_the_guard_of_cloze_numbers_knows_the_old_answers(tmp_path: Path) -> None:
    """It does, though the text was in a field with another name."""
    kind = Kind(("Sentence", "Note"), {"Cloze": ("{{cloze:Sentence}}", "{{cloze:Sentence}}{{Note}}")}, cloze=True)
    old = pack(tmp_path / "old.apkg", [Row("a", ("{{c1::Hard}} ends, {{c2::soft}} goes on.", ""))], kind)
    cards = write(tmp_path / "ours", deck({"a": cloze("{{c2::Hard}} ends, {{c1::soft}} goes on.", guid="a")}, **MINE))
    adopt(old, cards, at=FIRST + DAY)
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST + 2 * DAY)
    assert [problem.rule for problem in caught.value.problems] == ["cloze-moved"]


def test_a_deck_of_ours_under_another_namespace_goes_over(learner: Collection, tmp_path: Path) -> None:
    """A deck that needed a new namespace can bring its learners along, in two steps, like one made in Anki."""
    built = build_deck(tmp_path / "old", deck({**TWICE, "gaps": cloze("{{c1::x}} ends")}, namespace="stranger", **MINE))
    guids = {note.known.id: note.known.guid for note in built.build.notes}
    notes = {
        **{id: {**asked(id, reverse="true"), "guid": guids[id]} for id in "ab"},
        "gaps": cloze("{{c1::x}} ends", guid=guids["gaps"]),
    }
    cards = write(tmp_path / "ours", deck(notes, **MINE))
    done = adopt(built.package, cards, at=FIRST + DAY)
    take(learner, built.package)
    before = studied(learner)
    for path in done.packages:
        take(learner, path)
    package = build(cards, at=FIRST + 2 * DAY).package
    take(learner, package, merge_notetypes=True)
    assert take(learner, package) == {"duplicate": 3}
    assert (
        len(
            learner.db.list(
                "select distinct mid from notes where mid in (?, ?)",
                *(each.type.id for each in build(cards, at=FIRST + 2 * DAY).build.types),
            )
        )
        == 2
    )
    unharmed(learner, before)
