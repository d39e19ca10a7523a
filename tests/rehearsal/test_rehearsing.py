"""What a rehearsal reports about an update: each loss is shown by packages that cause it, in the real Anki."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cuedeck.problems import Problems
from cuedeck.rehearsal.findings import LOSSES, NOTICES
from cuedeck.rehearsal.rehearsing import Rehearsal, play_through
from cuedeck.rehearsal.state import Package
from tests.anki.packages import CLOZE, Kind, Row, pack
from tests.making import DAY, FIRST, build_deck, cloze, deck, question
from tests.rehearsal.test_findings import EVENTS

pytestmark = pytest.mark.needs("anki")

LATER = FIRST + DAY
NOTES = [Row(guid, (guid.upper(), "x")) for guid in "abcdef"]


def play(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> Rehearsal:
    """Rehearse the update between two packages of plain genanki."""
    made = [
        Package(f"{name}.apkg", pack(folder / name, **what).read_bytes()) for name, what in (("old", old), ("new", new))
    ]
    return play_through(*made)


def said(rehearsal: Rehearsal) -> dict[str, list[str]]:
    """Return the names of what was found, by rule."""
    return {finding.rule: sorted(finding.names) for finding in rehearsal.findings}


def later(rows: list[Row], **changed: Any) -> list[Row]:
    """Return notes with a newer time, and further changes."""
    return [replace(row, time=LATER, **changed) for row in rows]


FRONT = {"Card 1": ("{{Vorne}}", "{{Hinten}}")}
# The old package, the new one, and everything found. Every other note of each group has the learner's words and tag.
UPDATES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, list[str]]]] = {
    "the-same": ({"rows": NOTES}, {"rows": NOTES}, {}),
    "one-edited": (
        {"rows": NOTES},
        {"rows": [*later(NOTES[:1], fields=("A", "y")), *NOTES[1:]]},
        {"own-replaced": ["a"]},
    ),
    "tags-edited": ({"rows": NOTES}, {"rows": [*later(NOTES[:1], tags=["new"]), *NOTES[1:]]}, {"own-replaced": ["a"]}),
    "one-new-one-gone": ({"rows": NOTES[:5]}, {"rows": NOTES[1:]}, {"left-behind": ["a"]}),
    "edited-at-the-same-time": (
        {"rows": NOTES},
        {"rows": [replace(NOTES[0], fields=("A", "y")), *NOTES[1:]]},
        {"stale": ["a"]},
    ),
    "everything-stamped-anew": (
        {"rows": NOTES},
        {"rows": later(NOTES)},
        {"touched": list("abcdef"), "own-lost": list("ace")},
    ),
    "another-shape": (
        {"rows": NOTES[:2]},
        {"rows": later(NOTES[:2], fields=("A", "x", "y")), "kind": Kind(("Front", "Back", "More"), time=LATER)},
        {"refused": ["a", "b"], "second-note-type": ["Plain+"]},
    ),
    "another-note-type": (
        {"rows": NOTES[:2]},
        {"rows": later(NOTES[:2]), "kind": Kind(id=Kind().id + 1, name="Other")},
        {"refused": ["a", "b"], "second-note-type": ["Other"]},
    ),
    "another-style": ({"rows": NOTES}, {"rows": NOTES, "kind": Kind(css="new", time=LATER)}, {"restyled": ["Plain"]}),
    "deck-renamed": (
        {"rows": NOTES},
        {"rows": [replace(row, deck="Renamed") for row in NOTES]},
        # c was moved by the learner, and is where they want it.
        {"deck-split": list("abdef"), "new-deck": ["Renamed"]},
    ),
    "cloze-taken-away": (
        {"rows": [Row("a", ("{{c1::x}} {{c2::y}}", ""))], "kind": CLOZE},
        {"rows": [Row("a", ("{{c1::x}} y", ""), LATER)], "kind": CLOZE},
        {"dead-card": ["a"], "own-replaced": ["a"]},
    ),
    "cloze-added": (
        {"rows": [Row("a", ("{{c1::x}} y", ""))], "kind": CLOZE},
        {"rows": [Row("a", ("{{c1::x}} {{c2::y}}", ""), LATER)], "kind": CLOZE},
        {"more-cards": ["a"], "own-replaced": ["a"]},
    ),
    "cloze-added-to-a-note-that-is-not-newer": (
        {"rows": [Row("a", ("{{c1::x}} y", ""))], "kind": CLOZE},
        {"rows": [Row("a", ("{{c1::x}} {{c2::y}}", ""))], "kind": CLOZE},
        {"stale": ["a"], "dead-card": ["a"], "more-cards": ["a"]},
    ),
    "sort-field-changed": (
        {"rows": NOTES[:1], "kind": Kind(sort=0)},
        {"rows": NOTES[:1], "kind": Kind(sort=1, time=LATER)},
        {"touched": ["a"], "full-sync": ["the whole collection"], "restyled": ["Plain"]},
    ),
    "one-guid-twice": (
        {"rows": NOTES[:1]},
        {"rows": [NOTES[0], *2 * [Row("twin", ("Twin", "x"))]]},
        {"doubled-notes": ["twin"]},
    ),
    "all-guids-others": (
        {"rows": NOTES},
        {"rows": [replace(row, guid=f"new {row.guid}") for row in NOTES]},
        {"doubled-notes": [f"new {guid}" for guid in "abcdef"], "left-behind": list("abcdef")},
    ),
    "another-guid-and-another-note-type": (
        {"rows": [Row("a", ("What?", "x"))]},
        {"rows": [Row("b", ("What?", "", "x"))], "kind": Kind(("Vorne", "Mehr", "Hinten"), FRONT, id=Kind().id + 1)},
        {"doubled-notes": ["b"], "left-behind": ["a"]},
    ),
    "one-gone-and-another-new": (
        {"rows": [*NOTES, Row("go", ("to go", "gehen"))]},
        {"rows": [*NOTES, Row("do", ("to do", "tun"))]},
        {"left-behind": ["go"]},
    ),
    "another-guid-of-a-picture": (
        {"rows": [*NOTES, Row("old", ('<img src="a.png">', ""))]},
        {"rows": [*NOTES, Row("new", ('<img  src="a.png" >', ""))]},
        {"doubled-notes": ["new"], "left-behind": ["old"]},
    ),
    "deck-in-capitals": ({"rows": NOTES}, {"rows": [replace(row, deck="FACTS") for row in NOTES]}, {}),
}


@pytest.mark.parametrize("name", UPDATES)
def test_what_is_found(tmp_path: Path, name: str) -> None:
    """Each update is judged by exactly what it does."""
    old, new, found = UPDATES[name]
    rehearsal = play(tmp_path, old, new)
    assert said(rehearsal) == found
    assert rehearsal.lossless is not any(rule in found for rule, *_ in LOSSES)


def test_every_note_has_one_fate(tmp_path: Path) -> None:
    """Updated, new, unchanged, refused and left behind notes are distinguished, and every card was answered."""
    other = replace(CLOZE, id=CLOZE.id + 1, name="Other")
    old = {"rows": [*NOTES[:4], Row("f", ("F", "x"))]}
    new = [*later(NOTES[:1], fields=("A", "y")), *NOTES[1:3], Row("e", ("E", "x"))]
    rehearsal = play(tmp_path, old, {"rows": new})
    assert rehearsal.fates == {
        "updated": ("a",),
        "new": ("e",),
        "unchanged": ("b", "c"),
        "refused": (),
        "left behind": ("d", "f"),
    }
    assert rehearsal.studied == 5
    refused = play(tmp_path, old, {"rows": [Row("a", ("{{c1::x}}", ""), LATER)], "kind": other})
    assert refused.fates["refused"] == ("a",)


def test_our_own_update_loses_nothing(tmp_path: Path) -> None:
    """A deck that Cuedeck builds, edits and builds again: the edit arrives, and notes are named by their own names."""
    notes = {"one": question(), "two": question("Two?", reverse=True), "three": cloze("{{c1::x}} and {{c2::y}}")}
    old = build_deck(tmp_path, deck(notes)).package.read_bytes()
    notes["two"] = question("Two?", "New.", reverse=True)
    new = build_deck(tmp_path, deck({**notes, "four": question("Four?")}), LATER).package.read_bytes()
    rehearsal = play_through(Package("old.apkg", old), Package("new.apkg", new))
    assert said(rehearsal) == {"own-replaced": ["two"]}
    assert rehearsal.fates["updated"] == ("two",)
    assert rehearsal.fates["new"] == ("four",)
    assert set(rehearsal.fates["unchanged"]) == {"one", "three"}


@pytest.mark.parametrize(
    ("which", "what", "words"),
    [
        (
            1,
            {"rows": [Row("a", ("A\x1f", "x"))]},
            "new.apkg: error: Anki cannot work with .*: note has 3 fields, expected 2",
        ),
        (0, {"rows": [Row("a", ("A", "x"))], "at": 0}, "old.apkg: error: Anki cannot work with "),  # its backend panics
    ],
    ids=["refused", "panic"],
)
def test_what_anki_cannot_import(tmp_path: Path, which: int, what: dict[str, Any], words: str) -> None:
    """A package that Anki itself cannot use is a problem in Anki's own words, not a traceback."""
    packages = [{"rows": NOTES}, {"rows": NOTES}]
    packages[which] = what
    with pytest.raises(Problems, match=words):
        play(tmp_path, *packages)


def test_every_rule_is_shown() -> None:
    """Each rule has its own name, and an update or an event in which it was found."""
    names = [rule for rules in (LOSSES, NOTICES) for rule, *_ in rules]
    assert len(names) == len(set(names))
    found = [*(found for *_, found in UPDATES.values()), *(found for _, found in EVENTS.values())]
    assert {rule for rules in found for rule in rules} == set(names)
