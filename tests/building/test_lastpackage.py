"""The package of the last build, of which single notes are read, or all: both ways find the same."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cuedeck.building import lastpackage
from cuedeck.building.harming import hazards_of
from cuedeck.building.lastpackage import LastPackage
from cuedeck.building.loading import load
from cuedeck.deck.kinds import Kind
from cuedeck.disk.workspace import Workspace
from cuedeck.history.lockfile import read_lock
from cuedeck.package.contents import DATABASE
from cuedeck.package.opening import read_members
from cuedeck.usecases.adopt import adopt
from tests.building.test_harming import LIVES, TOLD, Step, draft, live, release
from tests.making import DAY, FIRST, build_deck, cloze, deck, question, release_deck, write
from tests.package.test_database import changed
from tests.running import git

pytestmark = pytest.mark.usefixtures("folder")

CARDS, PACKAGE, KEPT = Path("cards.yaml"), Path("decks/small.apkg"), Path("decks/small-1.0.0.apkg")
NOTES = {f"n{number}": question(f"What is *{number}*?", str(number)) for number in range(12)} | {
    "gap": cloze("It is {{c1::so}}."),
    "both": question("Who?", "Me", reverse={"q": "What?", "a": "It"}),
    "elsewhere": question("Where?", "There", guid="made-elsewhere"),
}
EDITED = {**NOTES, "n1": question("What is **one**?", "1"), "gap": cloze("It is {{c1::not}} so.")}

Found = tuple[Kind, Mapping[str, str]] | None


def found(few: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, Found]:
    """Return each note of the last package, and one that does not exist, if so many may be read one by one."""
    monkeypatch.setattr(lastpackage, "_FEW", few)
    lock = read_lock(Path("cards.lock"))
    assert lock
    last = LastPackage(Workspace(CARDS), lock, "small")
    return {guid: last.note(guid) for guid in (*(each.guid for each in lock.notes.values()), "none")}


def rewritten(path: Path, *statements: str, **files: bytes) -> None:
    """Write a package again with SQL run on its database, or with other files."""
    members = dict(read_members(path))
    database = changed(members[DATABASE], *statements) if statements else members[DATABASE]
    with zipfile.ZipFile(path, "w") as package:
        for name, data in {**members, DATABASE: database, **files}.items():
            package.writestr(name, data)


def release_then_draft() -> None:
    release_deck(Path(), deck(NOTES))
    build_deck(Path(), deck(EDITED), FIRST + DAY, accept_all=True)


def adopt_it() -> None:
    release_deck(Path(), deck(NOTES))
    PACKAGE.rename("given.apkg")
    KEPT.unlink()
    Path("cards.lock").unlink()
    adopt(Path("given.apkg"), CARDS)


def adopt_and_build() -> None:
    adopt_it()
    build_deck(Path(), deck(EDITED), FIRST + DAY, accept_all=True)


def commit_all() -> None:
    git("init")
    git("add", "--all")
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--message", "Release")


def commit_it() -> None:
    release_then_draft()
    commit_all()
    for path in Path("decks").iterdir():
        path.unlink()


def spoil(*statements: str, **files: bytes) -> Callable[[], None]:
    def spoiled() -> None:
        release_then_draft()
        rewritten(PACKAGE, *statements, **files)

    return spoiled


def cut() -> None:
    release_then_draft()
    PACKAGE.write_bytes(PACKAGE.read_bytes()[:-100])


def swap() -> None:
    """Put the package of another deck where the last one was."""
    release_then_draft()
    write(Path("other"), deck(NOTES, namespace="tests456"))
    build_deck(Path("other"), deck(NOTES, namespace="tests456"))
    Path("other/decks/small.apkg").replace(PACKAGE)


def lose(*paths: Path) -> Callable[[], None]:
    def lost() -> None:
        release_then_draft()
        for path in paths:
            path.unlink()

    return lost


# Name: what happens to a deck, and whether the last package still says what is in its notes.
LASTS: dict[str, tuple[Callable[[], None], bool]] = {
    "a draft": (lambda: build_deck(Path(), deck(NOTES)) and None, True),
    "a draft after a release": (release_then_draft, True),
    "an adopted package that is gone": (adopt_it, False),
    "a build after an adoption": (adopt_and_build, True),
    "the package is gone": (lose(PACKAGE), True),
    "all packages are gone": (lose(PACKAGE, KEPT), False),
    "only git has the release": (commit_it, True),
    "the package is damaged": (cut, True),
    "its database is damaged": (spoil(**{DATABASE: b"SQLite format 3\0"}), True),
    "its database has no notes": (spoil("drop table notes"), True),
    "its notes are forged": (spoil("update notes set flds = 7"), True),
    "its note types are gone": (spoil("update notes set mid = 7"), True),
    "its note types are no JSON": (spoil("update col set models = 'none'"), True),
    "its manifest is damaged": (spoil(**{"cuedeck.json": b"{"}), True),
    "two of its notes have one guid": (
        spoil("insert into notes select id + 999, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data from notes"),
        True,
    ),
    "the package of another deck": (swap, True),
}


@pytest.mark.parametrize(("happens", "is_known"), LASTS.values(), ids=LASTS)
def test_single_notes_are_as_in_the_whole_package(
    happens: Callable[[], None], is_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever package the last one is, and however many notes are read one by one."""
    happens()
    whole = found(0, monkeypatch)
    assert any(whole.values()) == is_known
    assert whole["none"] is None
    for few in (1, 10, len(whole)):
        assert found(few, monkeypatch) == whole


@pytest.mark.parametrize("is_in_git", [False, True])
def test_a_package_older_than_the_lock_does_not_hide_what_was_released(
    is_in_git: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a merge that kept the package of one branch, or if the package was copied from elsewhere."""
    release_deck(Path(), deck({**{id: note for id, note in NOTES.items() if id != "both"}, "n1": EDITED["n1"]}))
    release_deck(Path(), deck(NOTES), FIRST + DAY, "2.0.0")
    right = found(1000, monkeypatch)
    assert all(note for guid, note in right.items() if guid != "none")
    PACKAGE.write_bytes(KEPT.read_bytes())
    if is_in_git:
        commit_all()
        Path("decks/small-2.0.0.apkg").unlink()
    for few in (0, 1, 1000):
        assert found(few, monkeypatch) == right


def test_only_a_few_notes_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """To search the package for each of many notes would take longer than to read all of it once."""
    release_then_draft()
    lock = read_lock(Path("cards.lock"))
    assert lock
    last = LastPackage(Workspace(CARDS), lock, "small")
    guids = [each.guid for each in lock.notes.values()]
    for guid in guids[:10]:
        assert last.note(guid)
    PACKAGE.unlink()
    KEPT.unlink()
    assert last.note(guids[0]) is None, "the eleventh needs the whole package, which is gone"


SWAPPED = {**NOTES, "n2": NOTES["n3"], "n3": NOTES["n2"]}
NEW = question("Who is the king of France?", "Nobody")
# Edits of questions, by name: those of other tests, and some of many questions.
ASKED: dict[str, list[Step]] = {
    **{
        name: steps
        for name, (steps, found) in {**LIVES, **TOLD}.items()
        if any(each.startswith("question-") for each in found)
    },
    "two questions swapped": [release(NOTES), draft(SWAPPED)],
    "all questions moved by one": [
        release(NOTES),
        draft({**NOTES, **{f"n{n}": NOTES[f"n{(n + 1) % 12}"] for n in range(12)}}),
    ],
    "all questions replaced": [
        release(NOTES),
        draft({**NOTES, **{f"n{n}": question(f"Who built {n} of them?", "A") for n in range(12)}}),
    ],
    "a question replaced after a draft": [release(NOTES), draft(SWAPPED), draft({**SWAPPED, "n4": NEW})],
}


@pytest.mark.parametrize("steps", ASKED.values(), ids=ASKED)
def test_hazards_do_not_depend_on_how_notes_are_read(steps: list[Step], monkeypatch: pytest.MonkeyPatch) -> None:
    """One by one or all at once: the author reads the same, to the last word."""
    live(*steps)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST + 9 * DAY))
    seen = []
    for few in (0, 1, 10, 1000):
        monkeypatch.setattr(lastpackage, "_FEW", few)
        seen.append(hazards_of(load(Workspace(CARDS))))
    assert seen[0].hazards or seen[0].drafts
    assert seen[1:] == seen[:1] * 3
