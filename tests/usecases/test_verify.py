"""Whether a package matches a source and its lock, and the message if it does not."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cuedeck.history.stamping import guid
from tests.making import DAY, FIRST, ROOT, TALK, build_deck, cloze, deck, edit, question, write
from tests.running import run

NOTES = {"one": question(), "two": cloze("It is {{c1::x}}."), "three": question("How?")}
HINT = "    if the source is right, build the package again: cuedeck build\n"


@pytest.fixture(autouse=True)
def _built(folder: Path) -> None:
    """Build a deck in the folder in which the command runs."""
    build_deck(folder, deck(NOTES))


def repacked(package: Path, **changes: bytes | None) -> None:
    """Write a package anew with other compression, and with some members changed, added or taken out."""
    with zipfile.ZipFile(package) as old:
        files: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
    files |= {name.replace("_", "."): data for name, data in changes.items()}
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as new:
        for name, data in files.items():
            if data is not None:
                new.writestr(name, data)


def test_the_right_package(folder: Path) -> None:
    """The package that was built is what source and lock give."""
    result = run("verify", "decks/small.apkg")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "decks/small.apkg matches cards.yaml and its lock: 3 notes\n"


def test_how_the_files_are_compressed_does_not_count(folder: Path) -> None:
    """Another zlib gives other bytes of the same files: that is the same package."""
    package = folder / "decks" / "small.apkg"
    before = package.read_bytes()
    repacked(package)
    assert package.read_bytes() != before
    assert run("verify", "decks/small.apkg").exit_code == 0


def test_the_time_of_day_does_not_count(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package is verified on any later day, and on a machine whose clock is wrong."""
    for at in (FIRST + 999 * DAY, 1):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(at))
        assert run("verify", "decks/small.apkg").exit_code == 0


def _edited_note() -> None:
    edit(Path("cards.yaml"), "a: That.\n      two", "a: This.\n      two")


def _other_note() -> None:
    build_deck(Path("other"), deck({**NOTES, "one": question(answer="Other."), "four": question("Four?")}))
    shutil.copy("other/decks/small.apkg", "decks/small.apkg")


def _fewer_notes() -> None:
    build_deck(Path("other"), deck({"one": NOTES["one"]}))
    shutil.copy("other/decks/small.apkg", "decks/small.apkg")


def _moved_talk() -> None:
    moved = {"talk": {**TALK, "url": "https://example.org/moved"}}
    build_deck(Path("other"), deck(NOTES, sources=moved))
    shutil.copy("other/decks/small.apkg", "decks/small.apkg")


def _added_file() -> None:
    repacked(Path("decks/small.apkg"), evil_exe=b"x")


def _missing_file() -> None:
    repacked(Path("decks/small.apkg"), media=None)


def _text_file() -> None:
    Path("decks/small.apkg").write_text("deck:\n", encoding="utf-8")


def _no_file() -> None:
    Path("decks/small.apkg").unlink()


def _no_lock() -> None:
    Path("cards.lock").unlink()


# Name: what is done to the folder, and the message.
WRONG: dict[str, tuple[Callable[[], None], str]] = {
    "edited source": (
        _edited_note,
        "cards.yaml: error: 1 note was edited since cards.lock was written: one [lock-behind]\n"
        "    build first: cuedeck build\n",
    ),
    "no lock": (
        _no_lock,
        "cards.lock: error: the lock is missing, and nothing else shows how the package was built [no-lock]\n"
        "    bring it back from git, or build first: cuedeck build\n",
    ),
    "other texts": (
        _other_note,
        f"decks/small.apkg: error: 1 note differs: one [differs]\n{HINT}"
        f"decks/small.apkg: error: 1 note does not belong in it: {guid('tests123', 'four')} [differs]\n{HINT}",
    ),
    "notes missing": (
        _fewer_notes,
        f"decks/small.apkg: error: 2 notes are missing: three, two [differs]\n{HINT}",
    ),
    "other note types": (
        _moved_talk,
        "decks/small.apkg: error: the notes are the same, but the note types, decks, cards or Cuedeck's own data "
        f"differ [differs]\n{HINT}",
    ),
    "a file too many": (
        _added_file,
        f'decks/small.apkg: error: the file "evil.exe" does not belong in the package [differs]\n{HINT}',
    ),
    "a file too few": (
        _missing_file,
        f'decks/small.apkg: error: the file "media" is missing from the package [differs]\n{HINT}',
    ),
    "a text file": (
        _text_file,
        "decks/small.apkg: error: this is not a complete .apkg file [no-package]\n"
        "    build it again, or download it again\n",
    ),
    "no file": (
        _no_file,
        "decks/small.apkg: error: there is no such file [no-file]\n"
        "    name another file, or build the package of your deck: cuedeck build\n",
    ),
}


@pytest.mark.parametrize(("spoil", "said"), WRONG.values(), ids=WRONG)
def test_what_differs_is_named(folder: Path, spoil: Callable[[], None], said: str) -> None:
    """The author reads in which notes or files a package differs; nothing is written."""
    spoil()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = run("verify", "decks/small.apkg")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == said
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_edited_note_types_are_noticed(folder: Path) -> None:
    """A new address of the recording changes no note, but the package no longer matches the source."""
    write(folder, deck(NOTES, sources={"talk": {**TALK, "url": "https://example.org/moved"}}))
    result = run("verify", "decks/small.apkg")
    assert result.exit_code == 1
    assert "build" in result.stderr


def test_an_unsound_source(folder: Path) -> None:
    """A source with errors reports them; no package can be compared with it."""
    edit(folder / "cards.yaml", "q: How?", "qq: How?")
    result = run("verify", "decks/small.apkg")
    assert result.exit_code == 1
    assert "[unknown-key]" in result.stderr


def test_the_committed_deck_is_what_its_source_gives() -> None:
    """Whoever clones the project gets a package that fits its cards and its lock."""
    result = run("verify", str(ROOT / "decks" / "soft-abandonment.apkg"), str(ROOT / "cards.yaml"))
    assert (result.exit_code, result.stderr) == (0, "")
