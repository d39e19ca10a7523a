"""Two branches both hand out packages, and git joins their locks: each learner gets what the merged file says."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from cuedeck.history.lockfile import from_text
from tests.anki.author import Author
from tests.anki.follower import FORETOLD, follower
from tests.making import DAY, FIRST, cloze, deck, question

pytestmark = [pytest.mark.anki_years, FORETOLD]

Notes = dict[str, dict[str, Any]]

A = question("What is hard abandonment?", "An open breakup.")
EDITED = question("What is hard abandonment?", "An open and final breakup.")
BASE: Notes = {"a": A, "b": question("Who spoke?", "A lecturer."), "c": cloze("{{c1::Hard}} ends, {{c2::soft}} stays.")}
REST = {id: note for id, note in BASE.items() if id != "a"}
GONE = {**A, "retired": "Doubtful"}
NEW = {"d": question("Where was it said?", "In a talk.")}

# Name: what the note "a" is on the left, on the right, and in the merged file, with what else is in each.
CASES: dict[str, tuple[Notes, Notes, Notes]] = {
    "one renames, the other edits": ({"n": {**A, "was": "a"}}, {"a": EDITED}, {"n": {**EDITED, "was": "a"}}),
    "one renames, the other edits, the rename is dropped": (
        {"n": {**A, "was": "a"}},
        {"a": EDITED},
        {"a": {**EDITED, "was": "n"}},
    ),
    "one retires, the other edits, and it goes": ({"a": GONE}, {"a": EDITED}, {"a": {**EDITED, "retired": "Doubtful"}}),
    "one retires, the other edits, and it stays": ({"a": GONE}, {"a": EDITED}, {"a": EDITED}),
    "both retire": ({"a": GONE}, {"a": {**A, "retired": "Wrong"}}, {"a": GONE}),
    "one retires, the other renames": ({"a": GONE}, {"n": {**A, "was": "a"}}, {"n": {**GONE, "was": "a"}}),
    "one retires, the other renames, under the old id": ({"a": GONE}, {"n": {**A, "was": "a"}}, {"a": GONE}),
    "both rename alike": ({"n": {**A, "was": "a"}}, {"n": {**A, "was": "a"}}, {"n": {**A, "was": "a"}}),
    "both rename, left is taken": ({"n": {**A, "was": "a"}}, {"m": {**A, "was": "a"}}, {"n": {**A, "was": "a"}}),
    "both rename, right is taken": ({"n": {**A, "was": "a"}}, {"m": {**A, "was": "a"}}, {"m": {**A, "was": "a"}}),
    "both edit alike": ({"a": EDITED}, {"a": EDITED}, {"a": EDITED}),
    "both edit, right is taken": ({"a": question(A["q"], "Left.")}, {"a": EDITED}, {"a": EDITED}),
    "both edit, neither is taken": ({"a": question(A["q"], "Left.")}, {"a": EDITED}, {"a": A}),
    "both add a note of one id": ({"a": A, **NEW}, {"a": A, "d": question("Where?", "At home.")}, {"a": A, **NEW}),
    "both add notes": ({"a": A, **NEW}, {"a": A, "e": question("When?")}, {"a": A, **NEW, "e": question("When?")}),
    "one takes the note out": ({}, {"a": EDITED}, {"a": EDITED}),
    "one adds a reverse card, the other edits": (
        {"a": {**A, "reverse": "true"}},
        {"a": EDITED},
        {"a": {**EDITED, "reverse": "true"}},
    ),
    "one adds and takes away a gap": (
        {"a": A, "c": cloze("{{c1::Hard}} ends, {{c2::soft}} {{c3::stays}}.")},
        {"a": A, "c": cloze("{{c1::Hard}} ends, soft stays.")},
        {"a": A, "c": cloze("{{c1::Hard}} ends, soft {{c3::stays}}.")},
    ),
}


@pytest.mark.parametrize("handed_out", ["drafts", "one release", "releases", "one version"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_learners_of_both_branches_lose_nothing(
    tmp_path: Path, case: tuple[Notes, Notes, Notes], handed_out: str
) -> None:
    """All that the merged file says arrives, whichever lines of the locks come first, and all progress is kept.

    There is one exception, which is reported: those who imported a draft keep its note if the merged file has the note
    as a release had it.
    """
    base = Author(tmp_path / "base", deck(BASE)).release(FIRST)
    assert base
    sides = {"left": {**REST, **case[0]}, "right": {**REST, **case[1]}}
    packages, drafts = {}, set()
    for day, (name, notes) in enumerate(sides.items(), 1):
        shutil.copytree(tmp_path / "base", tmp_path / name)
        version = (1, 1) if name == "right" and handed_out == "releases" else (1, 0)
        author = Author(tmp_path / name, deck(notes), version=version)
        released = handed_out in ("releases", "one version") or (handed_out, name) == ("one release", "left")
        at = FIRST + day * DAY
        packages[name] = author.release(at) if released else author.build(at, accept_all=True)
        drafts |= set() if released else {name}
    merged = merge(tmp_path, deck({**REST, **case[2]}))
    draft = merged.build(FIRST + 4 * DAY)
    taken_back = {line.split('"')[1] for line in merged.draft_lines if "is again as it was released" in line}
    release = merged.release(FIRST + 8 * DAY)
    again = merged.build(FIRST + 9 * DAY)

    for name, package in packages.items():
        assert package
        with follower(tmp_path / "learners" / name) as learner:
            learner.follow(base)
            learner.study()
            learner.follow(package)
            learner.study()
            for guid in learner.held:
                learner.edit(guid, max(FIRST + 3 * DAY, learner.held[guid].time))
            for version in (draft, release, again):
                if version:
                    learner.follow(version)
                    learner.study()
            for guid, note in learner.last.notes.items():
                if name in drafts and note.id in taken_back:
                    continue
                text = {**note.fields, "Note ID": ""}, note.tags
                assert ({**learner.held[guid].fields, "Note ID": ""}, learner.held[guid].tags) == text


def merge(folder: Path, data: dict[str, Any]) -> Author:
    """Join the locks of two branches as git does, beside the packages of both and the draft of the left one."""
    for name in ("right", "left"):
        shutil.copytree(folder / name, folder / "merged", dirs_exist_ok=True)
    left, right = (
        (folder / name / "cards.lock").read_text(encoding="utf-8").splitlines(keepends=True)
        for name in ("left", "right")
    )
    texts = ["".join(dict.fromkeys(lines)) for lines in (left + right, right + left)]
    assert from_text(texts[0], "") == from_text(texts[1], ""), "the order of the lines matters"
    (folder / "merged" / "cards.lock").write_text(texts[0], encoding="utf-8")
    return Author(folder / "merged", data, version=(1, 2))
