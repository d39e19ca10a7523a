"""New cards come in the order of their moments: in a first package, and between those that learners have."""

import json
import re
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from cuedeck.history.lockfile import read_lock
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from cuedeck.usecases.verify import verify
from tests.anki.author import Author
from tests.earlier import first_version
from tests.making import DAY, FIRST, TALK, deck, question

CARDS, LOCK, PACKAGE = (Path(name) for name in ("cards.yaml", "cards.lock", "decks/small.apkg"))

pytestmark = pytest.mark.usefixtures("folder")


def talks(notes: str, sources: str) -> dict[str, Any]:
    """Return a deck of some sources with notes such as "a one 0:10": id, source and moment."""
    rows = [each.split() for each in notes.split(", ")]
    return deck(
        {id: question(f"What is {id}?", f"The {id}.", source=source, at=at) for id, source, at in rows},
        sources={
            id: {**TALK, "title": f"Talk {id}", "url": f"https://example.org/{id}", "deck": f"Talk {id}"}
            for id in sources.split()
        },
    )


def handed_out(author: Author, notes: str, sources: str, day: int = 0) -> None:
    author.data = talks(notes, sources)
    assert author.release(FIRST + day * DAY)


def drafted(author: Author, notes: str, sources: str, day: int = 1) -> dict[str, int]:
    """Return the positions in a draft, which must be the same when built again, and as its lock and source give."""
    author.data = talks(notes, sources)
    author.build(FIRST + day * DAY)
    before = PACKAGE.read_bytes(), LOCK.read_bytes()
    verify(PACKAGE, CARDS)
    build(CARDS, at=FIRST + (day + 1) * DAY)
    assert (PACKAGE.read_bytes(), LOCK.read_bytes()) == before
    return packed()


def packed(package: Path = PACKAGE) -> dict[str, int]:
    """Return the positions in a package by the authors' ids, sorted by position."""
    notes = read_snapshot(read_members(package), package).notes.values()
    return {note.id: note.due for note in sorted(notes, key=lambda note: (note.due, note.note))}


def in_lock() -> dict[str, int | None]:
    lock = read_lock(LOCK)
    assert lock
    return {note.id: note.due for note in lock.notes.values()}


def format_of_lock() -> int:
    return int(json.loads(LOCK.read_text(encoding="utf-8").partition("\n")[0])["cuedeck"])


# Name: notes and sources of a release, and of a later draft, and the expected order of new cards.
LATER: dict[str, tuple[str, str, str, str, str]] = {
    "a source put first": (
        "a one 0:10, b one 1:40:00",
        "one",
        "z zero 0:05, a one 0:10, m one 0:50, b one 1:40:00",
        "zero one",
        "z a m b",
    ),
    "a source in the middle": (
        "a one 0:30, b one 5:40:00, c two 0:05, d two 9:00",
        "one two",
        "a one 0:30, b one 5:40:00, n mid 0:09, c two 0:05, m two 1:00, d two 9:00",
        "one mid two",
        "a b n c m d",
    ),
    "a source at the end": (
        "a one 0:10, b one 1:40:00",
        "one",
        "a one 0:10, b one 1:40:00, m one 1:50:00, z end 0:05",
        "one end",
        "a b m z",
    ),
    "several at one moment": (
        "a one 0:10, b one 0:20",
        "one",
        "m one 0:10, a one 0:10, n one 0:10, o one 0:10, b one 0:20",
        "one",
        "m a n o b",
    ),
}


@pytest.mark.parametrize("earlier", [False, True], ids=["released", "released by the first version"])
@pytest.mark.parametrize(("old", "of", "new", "among", "order"), LATER.values(), ids=LATER)
def test_later_notes_come_between(
    folder: Path, old: str, of: str, new: str, among: str, order: str, earlier: bool
) -> None:
    """Whatever is put before them, notes that were handed out stay, and a new one follows the one before it."""
    author = Author(folder, {})
    with first_version(LOCK) if earlier else nullcontext():
        handed_out(author, old, of)
    before = packed()
    after = drafted(author, new, among)
    assert {id: after[id] for id in before} == before
    assert [*after] == order.split()
    fixed = in_lock()
    assert {id: fixed[id] for id in before} == before  # also by a draft, if it writes the lock anyway
    assert {fixed[id] for id in after.keys() - before} == {None}


def test_moments_of_any_length_and_any_number_of_sources(folder: Path) -> None:
    """Long recordings are not cut off at some hour, and the sixtieth source has as much room as the first."""
    sources = [f"s{number}" for number in range(60)]
    moments = ("0:00", "5:33:19", "5:33:20", "5:40:00", "300:00:00")
    notes = [f"{source}-{place} {source} {at}" for source in sources for place, at in enumerate(moments)]
    found = drafted(Author(folder, {}), ", ".join(reversed(notes)), " ".join(sources))
    assert [*found] == [note.split()[0] for note in notes]
    assert [*found.values()] == [1000 * place for place in range(1, 301)]


@pytest.mark.parametrize(("sources", "at"), [({}, {}), (None, {}), (None, {"at": "0:00"})])
def test_notes_of_one_moment_come_as_in_the_file(
    folder: Path, sources: dict[str, Any] | None, at: dict[str, str]
) -> None:
    """And so do those of a deck without sources and moments."""
    notes = {id: question(f"What is {id}?", **at) for id in "bac"}
    author = Author(folder, deck(notes, sources=sources))
    author.build(FIRST)
    assert [*packed().items()] == [("b", 1000), ("a", 2000), ("c", 3000)]


def test_where_there_is_no_room(folder: Path) -> None:
    """If the first version gave two notes one position, none can come between them: a new note follows both."""
    author = Author(folder, {})
    with first_version(LOCK):
        handed_out(author, "a one 0:10, b one 0:10, c one 0:11", "one")
    after = drafted(author, "a one 0:10, n one 0:10, b one 0:10, m one 0:10, c one 0:11", "one")
    assert [*after.items()] == [("a", 10), ("b", 10), ("n", 10), ("m", 10), ("c", 11)]


def test_a_release_fixes_the_positions_of_its_notes(folder: Path) -> None:
    """A draft may still be moved. The first release with the note fixes its position, and later ones keep it."""
    author = Author(folder, {})
    drafted(author, "a one 0:10, b one 0:20", "one", 0)
    assert format_of_lock() == 1
    assert in_lock() == {"a": None, "b": None}
    handed_out(author, "a one 0:10, b one 0:20", "one", 1)
    assert format_of_lock() == 2
    assert in_lock() == packed() == {"a": 1000, "b": 2000}
    drafted(author, "a one 0:10, m one 0:15, b one 0:20", "one", 2)
    assert packed() == {"a": 1000, "m": 1500, "b": 2000}
    assert in_lock() == {"a": 1000, "m": None, "b": 2000}
    moved = drafted(author, "a one 0:10, n one 0:12, m one 0:15, b one 0:20", "one", 3)
    assert moved == {"a": 1000, "n": 1333, "m": 1666, "b": 2000}
    handed_out(author, "a one 0:10, n one 0:12, m one 0:15, b one 0:20", "one", 4)
    assert in_lock() == packed() == moved
    later = drafted(author, "m one 0:01, a one 0:10, n one 0:12, o one 0:13, b one 0:20", "one", 5)
    assert later == {**moved, "o": 1499}


def test_a_note_that_comes_back_keeps_its_place(folder: Path) -> None:
    """A learner may still have it. A note with a new id is the same note."""
    author = Author(folder, {})
    handed_out(author, "a one 0:10, b one 0:20, c one 0:30", "one")
    retired = talks("a one 0:10, b one 0:20, d one 0:30", "one")
    notes = retired["concepts"]["idea"]["notes"]
    notes["b"]["retired"] = "It was wrong."
    notes["d"] |= {"was": "c", "q": "What is c?", "a": "The c."}
    author.data = retired
    assert author.release(FIRST + DAY)
    assert in_lock() == {"a": 1000, "b": 2000, "d": 3000}
    told = json.loads(read_members(PACKAGE)["cuedeck.json"])["remembered"]
    assert told.keys() == {"b", "d"}
    assert not any("due" in each for each in told.values())
    del notes["b"]["retired"]
    author.build(FIRST + 2 * DAY)
    assert packed() == {"a": 1000, "b": 2000, "d": 3000}


def test_a_lock_from_before_is_left_alone(folder: Path) -> None:
    """Nothing is written for positions alone; with the package gone, they are computed as they once were."""
    author = Author(folder, {})
    with first_version(LOCK):
        handed_out(author, "a one 0:10, b one 6:00:00, c two 0:05", "one two")
        author.data = talks("a one 0:10, b one 6:00:00, c two 0:05, d two 0:09", "one two")
        author.build(FIRST + DAY)
    before = {path: path.read_bytes() for path in (LOCK, PACKAGE)}
    kept = Path("decks/small-1.0.0.apkg")
    release = kept.read_bytes()
    for gone in ([], [PACKAGE], [PACKAGE, kept]):
        for path in gone:
            path.unlink()
        build(CARDS, at=FIRST + 2 * DAY)
        assert {path: path.read_bytes() for path in before} == before
    assert packed() == {"a": 10, "b": 19_999, "c": 20_005, "d": 20_009}
    kept.write_bytes(release)
    handed_out(author, "a one 0:10, b one 6:00:00, c two 0:05, d two 0:09", "one two", 3)
    assert in_lock() == packed() == {"a": 10, "b": 19_999, "c": 20_005, "d": 20_009}


@pytest.mark.parametrize("due", [-1, 1_000_000, 1.5, "1", None, True])
def test_a_position_that_anki_never_has(folder: Path, due: object) -> None:
    """Such a lock is damaged."""
    handed_out(Author(folder, {}), "a one 0:10", "one")
    LOCK.write_text(re.sub('"due": 1000', f'"due": {json.dumps(due)}', LOCK.read_text(encoding="utf-8")))
    with pytest.raises(Problems) as caught:
        read_lock(LOCK)
    assert [problem.rule for problem in caught.value.problems] == ["lock-damaged"]


@pytest.mark.parametrize(
    ("released", "kept"),
    [(True, {"a": 1000, "m": None, "b": 2000}), (False, {"a": None, "m": None, "b": None})],
    ids=["after a release", "before any"],
)
def test_a_lost_lock(folder: Path, released: bool, kept: Mapping[str, int | None]) -> None:
    """Recreated from the package, it has the positions there, unless that is a draft without any release before it."""
    author = Author(folder, {})
    if released:
        handed_out(author, "a one 0:10, b one 0:20", "one")
    before = drafted(author, "a one 0:10, m one 0:15, b one 0:20", "one")
    LOCK.unlink()
    adopt(PACKAGE, CARDS)
    assert in_lock() == kept
    build(CARDS, at=FIRST + 3 * DAY)
    assert packed() == before
