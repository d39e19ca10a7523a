"""The style for pictures, which both note types of a deck have while a note of it has a picture."""

import json
from pathlib import Path
from typing import Any

import pytest

from cuedeck.disk.workspace import Workspace
from cuedeck.history.lockfile import read_lock
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from tests.making import DAY, FIRST, build_deck, cloze, deck, question, release_deck, write
from tests.pictures import mp3, photo, put
from tests.running import run

WORDS = {"one": question("What?", "That."), "two": cloze("It is {{c1::x}}.")}
PICTURE = "![A lake](media/lake.png)"
SOUND = "![a bell](media/bell.mp3)"

# Notes, and whether their deck has the style for pictures.
DECKS: dict[str, tuple[dict[str, Any], bool]] = {
    "words": (WORDS, False),
    "a sound": ({**WORDS, "three": question("Which?", SOUND)}, False),
    "a picture": ({**WORDS, "three": question("Which?", PICTURE)}, True),
    "a picture in a gap": ({**WORDS, "three": cloze(f"This is {{{{c1::{PICTURE}}}}}.")}, True),
    "a picture on a retired note": ({**WORDS, "three": question("Which?", PICTURE, retired="It was wrong.")}, False),
}


@pytest.fixture(autouse=True)
def _files(folder: Path) -> None:
    put(folder, lake_png=photo(8, 6), bell_mp3=mp3())


def packed_styles(package: Path) -> set[str]:
    return {each.css for each in read_snapshot(read_members(package), package).types.values()}


@pytest.mark.parametrize(("notes", "has_style"), DECKS.values(), ids=DECKS)
def test_only_a_deck_with_a_picture_has_their_style(notes: dict[str, Any], has_style: bool) -> None:
    """Both note types have it, also the one whose notes have no picture: cards of one deck look alike."""
    (css,) = packed_styles(build_deck(Path(), deck(notes)).package)
    assert (".cue-block img {\n  max-height" in css) is has_style


@pytest.mark.parametrize("notes", [notes for notes, _ in DECKS.values()], ids=DECKS)
def test_every_command_knows_the_same_style(notes: dict[str, Any]) -> None:
    """The next build changes nothing, verify confirms the package, diff reports nothing, and adopt knows the types."""
    release_deck(Path(), deck(notes))
    before = Path("cards.lock").read_bytes()
    built = build_deck(Path(), deck(notes), FIRST + DAY)
    assert {each.status for each in built.build.types} == {"unchanged"}
    assert Path("cards.lock").read_bytes() == before
    assert run("verify", "decks/small.apkg").exit_code == 0
    found = json.loads(run("diff", "decks/small-1.0.0.apkg", "--format", "json").stdout)
    assert (found["notes"], found["hazards"], found["drafts"]) == ([], [], [])
    types = read_lock(Workspace(Path("cards.yaml")).lock).types
    Path("cards.lock").unlink()
    assert run("adopt", "decks/small.apkg").exit_code == 0
    again = read_lock(Workspace(Path("cards.yaml")).lock).types
    assert {kind: (each.content, each.time) for kind, each in again.items()} == {
        kind: (each.content, each.time) for kind, each in types.items()
    }


def test_the_first_picture_changes_the_look_and_the_last_one_changes_it_back() -> None:
    """Learners get the style with the first picture; no other note is changed by it."""
    release_deck(Path(), deck(WORDS))
    with_picture = build_deck(Path(), deck(DECKS["a picture"][0]), FIRST + DAY)
    assert {each.status for each in with_picture.build.types} == {"changed"}
    assert with_picture.build.counts == {"unchanged": 2, "new": 1}
    assert run("verify", "decks/small.apkg").exit_code == 0
    write(Path(), deck(WORDS))
    assert "is again as it was released" in run("check").stdout
