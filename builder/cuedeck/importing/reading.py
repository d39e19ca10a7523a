"""Find out what form a file has, and read it."""

import os
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cuedeck.disk.text import read_text
from cuedeck.disk.walking import entries_below
from cuedeck.importing.crowdanki import read_crowdanki
from cuedeck.importing.foreign import ForeignDeck
from cuedeck.importing.lists import is_plain_text_of_anki, read_list, read_plain_text
from cuedeck.importing.packages import ENDINGS, read_package
from cuedeck.importing.questions import read_questions
from cuedeck.problems import stop
from cuedeck.records import dataclass
from cuedeck.wording import listed

_MARKDOWN = (".md", ".markdown")
_MOST_FILES = 10_000


@dataclass(frozen=True)
class Wanted:
    """What an author says about the form of a file.

    `decks` are the names of the decks that count in a package, `between` and `rows` separate the cells and rows of a
    list, and `level` is the level of the headings that are questions, 0 for none.
    """

    decks: Sequence[str] = ()
    between: str = ""
    rows: str = ""
    level: int = 0


def read_foreign(path: Path, wanted: Wanted) -> ForeignDeck:
    """Return the deck in a file or folder. Raises `Problems` if it has no form that is known, or is damaged."""
    if path.is_dir():
        return _of_folder(path, wanted)
    ending = path.suffix.lower()
    if ending in ENDINGS or (path.is_file() and zipfile.is_zipfile(path)):
        return read_package(path, wanted.decks)
    if ending == ".json" and path.is_file():
        return read_crowdanki(path)
    if ending in (".yaml", ".yml", ".lock"):
        stop(path.as_posix(), "not-a-deck", "this is a file of Cuedeck itself", "name the deck of another tool")
    text = read_text(path)
    if not text.strip():
        stop(path.as_posix(), "empty-file", "the file is empty", "name the file that has your notes")
    if ending in _MARKDOWN or wanted.level:
        return read_questions([(path, text)], path.parent, path.stem, wanted.level)
    if is_plain_text_of_anki(text):
        return read_plain_text(text, path)
    return read_list(text, path, wanted.between, wanted.rows)


def _of_folder(path: Path, wanted: Wanted) -> ForeignDeck:
    root = path.resolve()
    for each in (path / "deck.json", path / f"{root.name}.json"):
        if each.is_file():
            return read_crowdanki(each)
    found = sorted(entries_below(path))
    files = [each for each in found if each.suffix.lower() in _MARKDOWN and each.is_file() and not each.is_symlink()]
    if len(files) > _MOST_FILES:
        stop(path.as_posix(), "too-many-notes", f"the folder has more than {_MOST_FILES:,} Markdown files", "split it")
    if not files:
        stop(
            path.as_posix(),
            "not-a-deck",
            "this folder has no deck.json of CrowdAnki and no Markdown files",
            "name the folder that has them; for a package, name the .apkg file",
        )
    deck = read_questions([(each, read_text(each)) for each in files], path, root.name, wanted.level)
    # Not resolve(), which raises errors of its own if links lead back to themselves.
    links = [each for each in found if each.is_symlink() and not Path(os.path.realpath(each)).is_relative_to(root)]
    if links:
        names = listed([each.relative_to(path).as_posix() for each in links])
        deck = replace(deck, remarks=(*deck.remarks, f"links that lead out of the folder were not followed: {names}"))
    return deck
