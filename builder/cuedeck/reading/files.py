"""Read the files of a deck, each by itself: its cards.yaml, and the parts that this names."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from cuedeck.deck.deck import Deck, Part
from cuedeck.deck.keys import declared_keys
from cuedeck.deck.values import part_path
from cuedeck.disk.parts import PartFinder, beside
from cuedeck.disk.text import CARDS_NAME, LARGEST, TextFile, decks_in, read_file, state_of
from cuedeck.disk.unreadable import unreadable
from cuedeck.problems import Gathered, Keys, Place, Problem, Problems, Report, TextError, is_text, stop, visible
from cuedeck.reading.data import Data
from cuedeck.reading.document import Document, parse
from cuedeck.reading.parsing import LOADERS
from cuedeck.reading.reader import read_mapping, top_hint
from cuedeck.records import dataclass

_PARTS: Keys = ("deck", "parts")
_MOST_ATTEMPTS = 10
_MOST_FOLDERS = 3  # above a part in which decks of other names are looked for
_LOCK = '{"cuedeck": '


@dataclass(frozen=True)
class FileRead:
    """What could be read of one file: a `Deck` of a cards.yaml, a `Part` of a part, None if it has nothing to read.

    `problems` is everything wrong in it, as far as one file shows it.
    """

    path: Path
    file: TextFile
    document: Document
    value: Any
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class FilesRead:
    """All files of a deck as they were at one moment: its cards.yaml, its parts in order, and what is wrong besides.

    `paths` are those of all parts, also of those that could not be read. If there are such, or if it is not clear which
    files are parts, `is_whole` is false.
    """

    main: FileRead
    parts: tuple[FileRead, ...] = ()
    paths: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_whole: bool = True


class Files:
    """Reads the files of decks; a file that has the same bytes as before is not parsed again.

    `given` are files that count instead of those on the disk; they may be replaced between two readings.
    `keep_places` is for callers who will certainly ask for places: finding them later takes a second pass over a file.
    """

    def __init__(self, given: Mapping[Path, TextFile] | None = None, keep_places: bool = False) -> None:
        self.given = given or {}
        self._keep_places = keep_places
        self._known: dict[Path, FileRead] = {}
        self._texts: dict[Path, TextFile] = {}
        self._found: _Found | None = None
        self._seen: tuple[object, ...] = ()

    def read(self, cards: Path) -> FilesRead:
        """Return the files of a deck as they were at one moment.

        If a file changes while others are read, all are read again. Raises `Problems` if there is no cards.yaml, if
        nothing in it can be read reliably, or if the files do not come to rest.
        """
        for _ in range(_MOST_ATTEMPTS):
            self._found, self._seen = None, (state_of(cards),)
            main = self._read(cards)
            _stop_at_part(main)
            found = self._found = _Found(cards, main)
            self._seen += tuple(found.states())
            if main.value is None or not (found.paths or found.report.problems):
                return FilesRead(main, is_whole=found.is_whole)
            read = self._with_parts(found)
            if not self.have_changed(cards):
                return read
        message = "another program changed the files of the deck again and again while they were read"
        hint = "run the command again when it has finished"
        raise Problems([Problem(Place(cards.as_posix()), message, "changed-meanwhile", hint)])

    def have_changed(self, cards: Path) -> bool:
        """Return whether a file of the deck that was read last is another one now, or other files are its parts."""
        now = _Found(cards, self._found.main).states() if self._found else ()
        return (state_of(cards), *now) != self._seen

    @property
    def texts(self) -> Mapping[Path, TextFile]:
        """The files that could be read as texts so far, by path, as they were last."""
        return self._texts

    @property
    def documents(self) -> Mapping[str, Document]:
        """What these files contain, by their names in messages, of those in which anything could be read."""
        known = ((path, self._known.get(path)) for path in self._texts)
        return {path.as_posix(): read.document for path, read in known if read and read.file is self._texts[path]}

    def _with_parts(self, found: "_Found") -> FilesRead:
        gathered, parts = Gathered(), []
        room = LARGEST - len(found.main.file.text)
        for path in found.paths:
            with gathered:
                parts.append(part := self._read(path, found.main.path.name))
                room -= len(part.file.text)
            if room < 0:
                hint = "split it into several decks"
                message = f"the deck has more than {LARGEST // 1024 // 1024} million characters in all its files"
                found.report.error("too-large", message, at=_PARTS, on="key", hint=hint)
                break
        is_whole = found.is_whole and len(parts) == len(found.paths)
        problems = (*found.report.problems, *gathered.problems)
        return FilesRead(found.main, tuple(parts), found.paths, problems, is_whole)

    def _read(self, path: Path, of: str = "") -> FileRead:
        """Return a file, read. Raises `Problems` if it cannot be read, or nothing in it can be read reliably."""
        given = self.given.get(path)
        if of:
            file = given or read_file(path, f"take it out of parts: in {of}, or put the right file there")
        else:
            file = given or read_file(path)
            _stop_at_lock(path, file)
        known = self._known.get(path)
        if known and known.file.data == file.data:
            self._texts[path] = known.file
            return known
        self._texts[path] = file
        read = file_read(path, file, of, keep_places=self._keep_places)
        self._known[path] = read = _kept(read, known) if known else read
        return read


def _kept(now: FileRead, before: FileRead) -> FileRead:
    """Return a file as it was read, in which everything that is written as before is the same object as before.

    So a caller who reads a deck again after each edit recognizes what need not be looked at again.
    """
    if not (now.value and before.value):
        return now
    values = {key: _kept_values(key, now, before) for key in ("sources", "concepts")}
    if isinstance(now.value, Deck) and now.value.about == before.value.about:
        values["about"] = before.value.about
    return replace(now, value=replace(now.value, **values))


def _kept_values(key: str, now: FileRead, before: FileRead) -> dict[str, Any]:
    values, known = (getattr(file.value, key) for file in (now, before))
    written, last = (_written_under(key, file) for file in (now, before))
    # The order of keys and the milliseconds of moments make a difference, too, although they do not when values are
    # compared. All that is written is text, so its representation shows every difference.
    return {
        id: known[id] if id in known and id in last and repr(written.get(id)) == repr(last[id]) else value
        for id, value in values.items()
    }


def _written_under(key: str, file: FileRead) -> Mapping[str, Data]:
    data = file.document.data
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _stop_at_lock(path: Path, file: TextFile) -> None:
    """Raise `Problems` if the lock of a deck was named instead of its cards.yaml."""
    if file.text.startswith(_LOCK):
        cards = path.with_suffix(".yaml").as_posix()
        message = "this is the lock of a deck, which only Cuedeck writes"
        stop(path.as_posix(), "wrong-shape", message, f"name the deck: {cards}")


def _stop_at_part(read: FileRead) -> None:
    """Raise `Problems` if a part was named instead of the cards file that has it, in its folder or one above."""
    data = read.document.data
    if not isinstance(data, dict) or "deck" in data or data.keys().isdisjoint(declared_keys(Part)):
        return
    above = read.path.absolute().parents
    usual = (folder / CARDS_NAME for folder in above)
    others = chain.from_iterable(map(decks_in, above[:_MOST_FOLDERS]))
    for cards in chain(usual, others):
        if cards.is_file() and _has_part(cards, read.path):
            name = visible(os.path.relpath(cards).replace(os.sep, "/"))
            stop(read.path.as_posix(), "missing-key", f"this file is a part of {name}", f"name the deck: {name}")


def _has_part(cards: Path, part: Path) -> bool:
    """Return whether a cards.yaml names a file as its part; False if it cannot be read."""
    try:
        found = _Found(cards, file_read(cards, read_file(cards)))
    except Problems:
        return False
    return os.path.realpath(part) in map(os.path.realpath, found.paths)


def file_read(
    path: Path, file: TextFile, of: str = "", loader: Any = LOADERS[0], keep_places: bool = False
) -> FileRead:
    """Return what can be read of a file; it is a part if it is one `of` a cards.yaml with that name.

    Raises `Problems` if nothing in it can be read reliably.
    """
    name = path.as_posix()
    document = parse(file.text, name, loader, keep_places)
    if not document.data and not document.problems:
        stop(name, "empty-file", "the file is empty", top_hint(Part if of else Deck))
    report = Report(document.places.find, document.problems)
    if of and isinstance(document.data, dict):
        _take_out_keys_of_decks(document.data, of, report)
    value = read_mapping(Part if of else Deck, document.data, (), report)
    return FileRead(path, file, document, value, tuple(report.problems))


def _take_out_keys_of_decks(data: dict[str, Data], cards: str, report: Report) -> None:
    """Report keys that only a cards.yaml can have, and remove them from the data of a part."""
    for key in data.keys() & ({*declared_keys(Deck), "parts"} - declared_keys(Part).keys()):
        message, hint = f'a part cannot have "{key}:"', f"move it to {cards}"
        if key == "deck":
            message = f"this file is a part of {cards}, but says that it is a deck"
            hint = "delete deck: and all that is below it; or, if this is another deck, move the file to another folder"
        about = data.pop(key)
        if key == "parts" or (isinstance(about, dict) and "parts" in about):
            message = f"this file is a part of {cards}, and a part cannot have parts"
            hint = f"name its parts under parts: of {cards}, and delete {key}: and all that is below it"
        report.error("part-with-deck", message, at=(key,), on="key", hint=hint)


class _Found:
    """Which files are the parts of a deck, by its cards.yaml and the folders; `report` has what is wrong with them.

    If that is not clear, `is_whole` is false.
    """

    def __init__(self, cards: Path, main: FileRead) -> None:
        self.main = main
        self.report = Report(main.document.places.find)
        written = _written(main.document)
        self.is_whole = written is not None
        self._folder = cards.parent
        self._real = {os.path.realpath(cards): cards.name}
        self._named: set[str] = set()
        self._finder = PartFinder(cards.name, beside(self._folder))
        self.paths = tuple(path for at, text in written or () for path in self._find(at, text))

    def states(self) -> Iterator[object]:
        """Yield what changes when a part is written again, or when other files are parts."""
        yield from ((path, state_of(path)) for path in self.paths)
        yield tuple(self.report.problems)

    def _find(self, at: Keys, text: Data) -> Iterator[Path]:
        try:
            path = part_path(text) if isinstance(text, str) else None
        except ValueError:
            path = None
        if path is None:  # which was reported where it was read
            self.is_whole = False
            return
        if path in self._named:  # so was this
            return
        self._named.add(path)
        try:
            for name in self._finder.find(path):
                yield self._checked(name)
        except TextError as error:
            self.is_whole = False
            self.report.text_error("bad-parts", error, at=at)

    def _checked(self, name: str) -> Path:
        """Return the path of a part with a name.

        Raises TextError if it cannot be read, if its name is not text, or if links lead to a file that cannot be one.
        """
        if not is_text(name):
            message = f'the name of "{visible(name)}" is not UTF-8, and other systems cannot have it'
            raise TextError(message, "rename the file or folder")
        path = self._folder / name
        real = os.path.realpath(path)
        if not Path(real).is_relative_to(os.path.realpath(self._folder)):
            raise TextError(
                f'"{visible(name)}" is a link that leads out of the folder of the deck',
                "put the file itself into the folder of the deck",
            )
        try:
            path.stat()
        except FileNotFoundError:
            raise TextError(
                f'"{visible(name)}" is a link that leads nowhere',
                "delete it, or put the file itself there",
                rule="no-part",
            ) from None
        except OSError as error:
            raise unreadable(name, error) from None
        if real in self._real:
            other = self._real[real]
            link = self._link_in(name) or self._link_in(other)
            raise TextError(
                f'"{visible(name)}" and "{visible(other)}" are one file, so its notes would be read twice',
                f'delete "{visible(link)}", which is only a link' if link else "leave out one of the two",
                rule="doubled",
            )
        self._real[real] = name
        return path

    def _link_in(self, name: str) -> str:
        """Return the first name on the path of a part that is a link, with the folders before it; "" if none is."""
        steps = name.split("/")
        paths = ("/".join(steps[:depth]) for depth in range(1, len(steps) + 1))
        return next((path for path in paths if (self._folder / path).is_symlink()), "")


def _written(document: Document) -> list[tuple[Keys, Data]] | None:
    """Return what a cards.yaml names as its parts, with the keys of each; None if that cannot be known."""
    data = document.data
    deck = data.get("deck") if isinstance(data, dict) else None
    parts = deck.get("parts", []) if isinstance(deck, dict) else deck
    if isinstance(parts, str):
        return [(_PARTS, parts)]
    if isinstance(parts, list) and not any("parts" in text for text in document.given_up):
        return [((*_PARTS, number), each) for number, each in enumerate(parts)]
    return None
