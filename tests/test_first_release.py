"""The first release: today's program continues what version 1.0.0 handed out as if nothing had happened."""

import shutil
import sqlite3
import time
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cuedeck.history.lockfile import read_lock
from cuedeck.package.contents import DATABASE, MANIFEST
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.usecases.build import Written, build
from tests.making import DAY, ROOT, checked, edit
from tests.rendering.rerendering import revise

# As they were committed: cards.yaml, the lock that the program of 1.0.0 wrote, and its package.
RELEASED = ROOT / "tests" / "fixtures" / "1.0.0"
PACKAGE = "soft-abandonment-1.0.0.apkg"
NOTES = 127


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first release in a separate folder, outside any repository, on the day after."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    now = day_after()
    monkeypatch.setattr(time, "time", lambda: now)
    (tmp_path / "decks").mkdir()
    for name, place in (("cards.yaml", "."), ("cards.lock", "."), (PACKAGE, "decks")):
        shutil.copy(RELEASED / name, tmp_path / place)
    shutil.copy(RELEASED / PACKAGE, tmp_path / "decks" / "soft-abandonment.apkg")
    return tmp_path / "cards.yaml"


def day_after() -> int:
    lock = read_lock(RELEASED / "cards.lock")
    assert lock
    assert lock.last_release
    return lock.last_release.time + DAY


def rows(members: dict[str, bytes], table: str, without: Collection[str] = ()) -> list[tuple[Any, ...]]:
    """Return all rows of a table in a package's database, except those of some notes, given by the author's id."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(members[DATABASE])
        left = {
            id for id, text in connection.execute("select id, flds from notes") if {*text.split("\x1f")} & {*without}
        }
        found = connection.execute(f"select * from {table} order by id").fetchall()
    return [row for row in found if not {row[0], row[1]} & left]


def changed(written: Written) -> set[str]:
    """Return the ids of the notes to which a build gave a new time."""
    return {each.known.id for each in written.build.notes if each.status != "unchanged"}


def revised(cards: Path) -> set[str]:
    """Return the ids of the notes that use a mark whose rendering has changed since: these must get a new time."""
    now = {note.id: note.content for note in checked(cards).notes}
    with pytest.MonkeyPatch.context() as patch:
        revise(patch, {})
        return {note.id for note in checked(cards).notes if note.content != now[note.id]}


def test_building_it_again_changes_no_note(cards: Path) -> None:
    """No note is new or changed, and every row of a note or card is what it was, byte for byte."""
    lock, released, touched = cards.with_name("cards.lock"), read_members(RELEASED / PACKAGE), revised(cards)
    written = build(cards, at=day_after())
    assert len(written.build.notes) == NOTES
    assert written.build.counts["new"] == 0
    assert changed(written) == touched
    now = read_members(written.package)
    assert now.keys() == released.keys()
    for table in ("notes", "cards"):
        assert rows(now, table, touched) == rows(released, table, touched)
    others = released.keys() - {DATABASE, MANIFEST}
    assert {name: now[name] for name in others} == {name: released[name] for name in others}
    if not touched and {each.status for each in written.build.types} == {"unchanged"}:
        # The look of cards may change; only if it has not is the whole package the same.
        assert now == released
        assert lock.read_bytes() == (RELEASED / "cards.lock").read_bytes()
        assert written.package.read_bytes() == (RELEASED / PACKAGE).read_bytes()


def test_one_edit_changes_one_note(cards: Path) -> None:
    """The edited note gets a new time, and all others have the rows that learners have."""
    released, touched = read_members(RELEASED / PACKAGE), revised(cards)
    edit(cards, "a: The older partner", "a: The partner who is older")
    written = build(cards, at=day_after())
    assert changed(written) - touched == {"older-partner-foresees"}
    now = read_members(written.package)
    touched -= {"older-partner-foresees"}
    both = zip(rows(released, "notes", touched), rows(now, "notes", touched), strict=True)
    ((before, after),) = ((one, other) for one, other in both if one != other)
    assert after[6] == before[6].replace("The older partner", "The partner who is older")
    assert (after[0], after[1], after[3]) == (before[0], before[1], day_after())
    assert rows(now, "cards", {*touched, "older-partner-foresees"}) == (
        rows(released, "cards", {*touched, "older-partner-foresees"})
    )


def test_a_later_note_comes_in_its_place(cards: Path) -> None:
    """It comes between notes that learners have, whose places the lock then keeps; a later build changes nothing."""
    released, lock = read_snapshot(read_members(RELEASED / PACKAGE), RELEASED / PACKAGE), cards.with_name("cards.lock")
    before = {note.id: note.due for note in released.notes.values()}
    edit(
        cards,
        "      indifference-culmination:",
        "      added: {at: 06:20, q: What is new here?, a: This}\n      indifference-culmination:",
    )
    written = build(cards, at=day_after())
    after = {note.known.id: note.due for note in written.build.notes}
    (added,) = after.keys() - before
    below = max(due for due in before.values() if due <= 6 * 60 + 20)
    above = min(due for due in before.values() if due > 6 * 60 + 20)
    assert below < after[added] < above
    assert {id: after[id] for id in before} == before
    found = read_lock(lock)
    assert found
    assert {note.id: note.due for note in found.notes.values()} == {**before, added: None}
    files = {path: path.read_bytes() for path in (lock, written.package)}
    build(cards, at=day_after())
    assert {path: path.read_bytes() for path in files} == files
