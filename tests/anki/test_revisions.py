"""A mark that a later version renders differently: the notes that use it are updated, and no others."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from cuedeck.deck.kinds import Kind
from cuedeck.package.contents import DATABASE
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.rendering.notefields import EXTRA, NOTE_ID, fields_of, place_of
from cuedeck.usecases.build import build
from cuedeck.usecases.diff import diff
from cuedeck.usecases.rehearse import rehearse
from cuedeck.usecases.release import release
from tests.anki.learner import card_of, faults, note_of, schedules, study_all, take, touch
from tests.making import DAY, FIRST, build_deck, cloze, deck, question, release_deck
from tests.rendering.rerendering import REVISED, before_revisions, italics, one_of_each, revise

# The notes with emphasis, and how they show it at first: some need a parser, and some do not.
WITH_THE_MARK = {
    "in-a-line": (question("What is *soft*?"), "<em>soft</em>"),
    "in-a-list": (question("Which?", "- *one*\n- two"), "<em>one</em>"),
    "in-extra": (question("Which else?", extra="Not *that*."), "<em>that</em>"),
    "in-a-cloze": (cloze("It is {{c1::soft}} *here*."), "<em>here</em>"),
    "around-a-gap": (cloze("It is *{{c1::soft}}* and {{c2::slow}}."), "<em>{{c1::soft}}</em>"),
}
WITHOUT = {
    "plain": question("What is hard?"),
    "marked-up": question("What is **soft**?", "- `one`\n- two", extra="> so \\(x\\)", reverse=True, tags=["x"]),
    "stars": question("What is 2 * 3 * 4?", "\\*24\\*"),
    "gaps": cloze("{{c1::Hard}} or {{c2::soft::how?}}"),
    "gaps-marked-up": cloze("| a |\n|---|\n| **{{c1::x}}** |"),
}
MANY = 40
WITHOUT_MARKS = {"plain": WITHOUT["plain"], "gaps": WITHOUT["gaps"]}
# For note types with so many fields (less one): which field contains the author's id.
_NAME_AT = {len(fields_of(kind)) - 1: place_of(NOTE_ID, kind) for kind in Kind}
NOTES: dict[str, Any] = {**{id: note for id, (note, _) in WITH_THE_MARK.items()}, **WITHOUT}


@pytest.fixture(autouse=True)
def _first_renderings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start with no mark revised."""
    revise(monkeypatch, {})


def rows(package: Path) -> dict[str, tuple[Any, ...]]:
    """Return the notes in a package, by the author's id."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(read_members(package)[DATABASE])
        found = connection.execute("select * from notes").fetchall()
    return by_id(found)


def by_id(notes: list[Any]) -> dict[str, tuple[Any, ...]]:
    """Return rows of notes by the author's id, which is one of their fields."""
    return {note[6].split("\x1f")[_NAME_AT[note[6].count("\x1f")]]: tuple(note) for note in notes}


def held(learner: Collection) -> dict[str, tuple[Any, ...]]:
    """Return the notes that a learner has, by the author's id."""
    return by_id(learner.db.all("select * from notes"))


def test_a_revised_mark_arrives_where_it_is_used(
    tmp_path: Path, learner: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only notes with the mark get a new time, and show it; all others, and learners' own words on them, stay."""
    package = build_deck(tmp_path, deck(NOTES)).package
    assert take(learner, package) == {"new": len(NOTES)}
    study_all(learner)
    own = note_of(learner, "plain")
    own.add_tag("mine")
    own[EXTRA.name] = "my own mnemonic"
    learner.update_note(own)
    touch(learner, "in-a-list", FIRST + DAY // 2)
    packed, before, history = rows(package), held(learner), schedules(learner)

    italics(monkeypatch)
    revise(monkeypatch, {"em_open": 2})
    second = build(tmp_path / "cards.yaml", at=FIRST + DAY)

    assert {each.known.id for each in second.build.notes if each.status == "rerendered"} == set(WITH_THE_MARK)
    assert dict(second.build.counts) == {"rerendered": len(WITH_THE_MARK), "unchanged": len(WITHOUT)}
    repacked = rows(second.package)
    assert {id for id in NOTES if repacked[id] != packed[id]} == set(WITH_THE_MARK)

    assert take(learner, second.package) == {"updated": len(WITH_THE_MARK), "duplicate": len(WITHOUT)}
    after = held(learner)
    assert {id: after[id] for id in WITHOUT} == {id: before[id] for id in WITHOUT}
    assert note_of(learner, "plain").tags[0] == "mine"
    assert note_of(learner, "plain")[EXTRA.name] == "my own mnemonic"
    for id, (_, shown) in WITH_THE_MARK.items():
        assert shown in before[id][6]
        assert after[id][6] == before[id][6].replace("em>", "i>")
        back = card_of(learner, id).answer()
        assert "<i>" in back
        assert "<em>" not in back
    assert schedules(learner) == history
    assert faults(learner) == ""


def test_a_revision_is_delivered_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next build changes nothing, nor does one with the revision of a mark that no note uses."""
    build_deck(tmp_path, deck(NOTES))
    italics(monkeypatch)
    revise(monkeypatch, {"em_open": 2})
    cards = tmp_path / "cards.yaml"
    package = build(cards, at=FIRST + DAY).package
    left = package.read_bytes(), (tmp_path / "cards.lock").read_bytes()
    for day, revisions in enumerate(({"em_open": 2}, {"em_open": 2, "hr": 2, "s_open": 5}), 2):
        revise(monkeypatch, revisions)
        again = build(cards, at=FIRST + day * DAY)
        assert dict(again.build.counts) == {"unchanged": len(NOTES)}
        assert (package.read_bytes(), (tmp_path / "cards.lock").read_bytes()) == left


def test_a_rendering_without_its_revision_reaches_nobody(
    tmp_path: Path, learner: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the table is needed: learners keep what they have, and only later ones see the new rendering."""
    take(learner, build_deck(tmp_path, deck(NOTES)).package)
    before = held(learner)
    italics(monkeypatch)
    second = build(tmp_path / "cards.yaml", at=FIRST + DAY)
    assert dict(second.build.counts) == {"unchanged": len(NOTES)}
    assert {id for id, row in rows(second.package).items() if "<i>" in row[6]} == set(WITH_THE_MARK)
    assert take(learner, second.package) == {"duplicate": len(NOTES)}
    assert held(learner) == before


def with_own_things(learner: Collection, ids: Iterable[str]) -> None:
    """Let a learner write words and a tag on each of these notes."""
    for id in ids:
        note = note_of(learner, id)
        note.add_tag("mine")
        note[EXTRA.name] = "my own mnemonic"
        learner.update_note(note)
        touch(learner, id, FIRST + DAY // 2)


def test_after_an_older_release_only_notes_with_revised_marks_arrive(
    folder: Path, learner: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They do, for each mark that this program has revised. All other notes keep whatever learners added."""
    revise(monkeypatch, REVISED)
    marked = one_of_each(REVISED)
    plain = {f"plain-{number}": question(f"What is {number}?", f"The number {number}") for number in range(MANY)}
    data = deck({**marked, **plain})
    with before_revisions():
        first = release_deck(folder, data)
    assert take(learner, first.package) == {"new": len(marked) + MANY}
    study_all(learner)
    with_own_things(learner, [*marked, *plain])
    packed, before, history = rows(first.package), held(learner), schedules(learner)

    second = build(folder / "cards.yaml", at=FIRST + DAY)
    assert dict(second.build.counts) == {"rerendered": len(marked), "unchanged": MANY}
    (warning,) = (each for each in second.warnings if each.rule == "rerendered")
    assert f"{len(marked)} notes" in warning.message
    repacked = rows(second.package)
    assert {id for id in packed if repacked[id] != packed[id]} == set(marked)

    compared = diff(None, folder / "cards.yaml")
    assert {each.id for each in compared.changes.notes if each.fate == "rerendered"} == set(marked)
    assert dict(compared.changes.counts) == {"rerendered": len(marked), "unchanged": MANY}
    (hazard,) = compared.hazards
    assert (hazard.name, set(hazard.notes)) == ("rerendered", set(marked))

    with pytest.raises(Problems) as refused:
        release(folder / "cards.yaml", "1.1.0", at=FIRST + 2 * DAY)
    assert [each.rule for each in refused.value.problems if each.level == "error"] == ["rerendered"]
    released = release(folder / "cards.yaml", "1.1.0", ["rerendered"], at=FIRST + 2 * DAY)
    assert all(f"`{id}`" in released.notes for id in marked)
    assert "plain-" not in released.notes

    assert take(learner, released.package) == {"updated": len(marked), "duplicate": MANY}
    after, newest = held(learner), rows(released.package)
    assert {id: after[id] for id in plain} == {id: before[id] for id in plain}
    for id in marked:
        assert after[id][6] == newest[id][6]
        assert after[id][6] != packed[id][6]
        assert "mine" not in note_of(learner, id).tags
    for id in plain:
        assert "mine" in note_of(learner, id).tags
        assert note_of(learner, id)[EXTRA.name] == "my own mnemonic"
    assert schedules(learner) == history
    assert faults(learner) == ""


def test_rehearsing_it_finds_no_loss(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A learner with the older release loses only what they wrote on the notes with revised marks."""
    revise(monkeypatch, REVISED)
    marked = one_of_each(REVISED)
    with before_revisions():
        first = release_deck(folder, deck({**marked, **WITHOUT_MARKS}))
    found = rehearse(first.copy, folder / "cards.yaml")
    assert not [each for each in found.findings if each.loss]
    assert set(found.fates["updated"]) == set(marked)
    assert set(found.fates["unchanged"]) == set(WITHOUT_MARKS)
