"""What a rehearsal reports about an update: each loss is shown by packages that cause it, in the real Anki."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.progress import unreported
from cuedeck.rehearsal import learner
from cuedeck.rehearsal.findings import LOSSES, NOTICES, judge
from cuedeck.rehearsal.rehearsing import Rehearsal, added_by, play_through
from cuedeck.rehearsal.state import Package
from cuedeck.updating.corrections import corrections_between
from cuedeck.updating.matching import changes_between
from tests.anki.packages import CLOZE, Kind, Row, pack
from tests.making import DAY, FIRST, build_deck, cloze, deck, question
from tests.rehearsal.test_findings import EVENTS
from tests.tinymedia import put

pytestmark = pytest.mark.needs("anki")

LATER = FIRST + DAY
NOTES = [Row(guid, (guid.upper(), "x")) for guid in "abcdef"]


def test_corrections_that_add_a_note_are_found(tmp_path: Path) -> None:
    """A release tries each file on somebody who has the earlier release, before it is written."""
    old, new = (build_deck(tmp_path / name, deck(notes)).package for name, notes in CORRECTED.items())
    snapshot = read_snapshot(read_members(new), new)
    lacking = replace(snapshot, notes={guid: replace(note, fields={}) for guid, note in snapshot.notes.items()})
    (sheet,) = corrections_between(changes_between(lacking, snapshot)).sheets
    had = [Package("old", path.read_bytes(), "tests123") for path in (old, new)]
    assert added_by(had[0], [sheet.data]) == ("two",)
    assert added_by(had[1], [sheet.data]) == ()


CORRECTED = {"old": {"one": question()}, "new": {"one": question(answer="This."), "two": question("Why?")}}


def play(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> Rehearsal:
    """Rehearse the update between two packages of plain genanki. `files` are the bytes of their media by name."""
    made = []
    for name, what in (("old", old), ("new", new)):
        media = []
        for file, data in what.get("files", {}).items():
            media.append(folder / name / file)
            media[-1].parent.mkdir(exist_ok=True)
            media[-1].write_bytes(data)
        other = {key: value for key, value in what.items() if key != "files"}
        package = pack(folder / f"{name}.apkg", media=media, **other)
        made.append(Package(f"{name}.apkg", package.read_bytes()))
    return play_through(*made)


def said(rehearsal: Rehearsal) -> dict[str, list[str]]:
    """Return the names of what was found, by rule."""
    return {finding.rule: sorted(finding.names) for finding in rehearsal.findings}


def later(rows: list[Row], **changed: Any) -> list[Row]:
    """Return notes with a newer time, and further changes."""
    return [replace(row, time=LATER, **changed) for row in rows]


SLIDES = {"one.png": b"1", "two.png": b"2"}
PICTURES = [
    *(Row(guid, (guid.upper(), '<img src="one.png">')) for guid in "ab"),
    Row("c", ("C", '<img src="two.png">')),
]
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
        {"doubled-notes": ["new"], "left-behind": ["old"], "file-missing": ["new"]},
    ),
    "pictures": ({"rows": PICTURES, "files": SLIDES}, {"rows": PICTURES, "files": SLIDES}, {}),
    "another-picture": (
        {"rows": PICTURES, "files": SLIDES},
        {"rows": [Row("a", ("A", '<img src="new.png">'), LATER), *PICTURES[1:]], "files": {**SLIDES, "new.png": b"3"}},
        {"own-replaced": ["a"]},
    ),
    "another-picture-of-the-same-name": (
        {"rows": PICTURES, "files": SLIDES},
        {"rows": [*later(PICTURES[:1]), *PICTURES[1:]], "files": {**SLIDES, "one.png": b"3"}},
        {"stale": ["b"], "own-replaced": ["a"]},
    ),
    "another-picture-under-a-name-that-anki-never-replaces": (
        {"rows": [Row("a", ("A", '<img src="_a.png">'))], "files": {"_a.png": b"1"}},
        {"rows": [Row("a", ("A", '<img src="_a.png">'), LATER)], "files": {"_a.png": b"2"}},
        {"file-differs": ["a"], "own-replaced": ["a"]},
    ),
    "a-picture-that-is-not-in-the-package": (
        {"rows": PICTURES, "files": SLIDES},
        {"rows": [Row("a", ("A", "[sound:new.mp3]"), LATER), *PICTURES[1:]], "files": SLIDES},
        {"file-missing": ["a"], "own-replaced": ["a"]},
    ),
    "a-picture-that-never-was-in-the-package": ({"rows": PICTURES}, {"rows": PICTURES}, {}),
    "a-picture-that-is-no-longer-in-the-package": ({"rows": PICTURES, "files": SLIDES}, {"rows": PICTURES}, {}),
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


def test_a_file_of_another_deck_is_in_the_way(tmp_path: Path) -> None:
    """The learner has other bytes under the name of a new picture, and gets ours under another one: nothing is lost."""
    put(tmp_path / "deck", a_png="first", b_png="second", c_png="third")
    notes = {id: question(f"What is {id}? ![](media/{id}.png)") for id in "ab"}
    packages = []
    for number, changed in enumerate((notes, {**notes, "a": question("![](media/c.png)")})):
        data = build_deck(tmp_path / "deck", deck(changed), FIRST + number * DAY).package.read_bytes()
        packages.append(Package(f"{number}.apkg", data))
    played, _ = learner.play(tmp_path, packages[0], packages[1], unreported)
    assert [(each.rule, each.names) for each in judge(played)] == [("own-replaced", ("a",))]
    (shipped,), (shown,) = (
        next(note.files for note in state.notes.values() if note.name == "a")
        for state in (played.newcomer, played.again)
    )
    assert shipped.sha256 == shown.sha256
    assert shown.name.startswith(shipped.name.removesuffix(".png"))
    assert shown.name != shipped.name


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
