"""Make one deck of what was read of its files, as if all of it were in one file."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cuedeck.deck.deck import Check, Concept, Deck
from cuedeck.problems import Keys, Locate, Problem, Report, in_another_file
from cuedeck.reading.data import UNREAD, Data
from cuedeck.reading.deckplaces import DeckPlaces
from cuedeck.reading.document import Places
from cuedeck.reading.files import FileRead, FilesRead
from cuedeck.records import dataclass

_SOURCES, _CONCEPTS, _IGNORED = ("sources",), ("concepts",), ("check", "ignore")


@dataclass(frozen=True)
class Merged:
    """A deck with its data and places, and what is wrong in its files one by one.

    `doubled` are the concepts whose id another file has, too, each with what finds places in its own file; they are
    not in the deck.
    """

    deck: Deck
    data: Data
    places: DeckPlaces
    problems: tuple[Problem, ...]
    doubled: tuple[tuple[Concept, Locate], ...] = ()


def merged(read: FilesRead) -> Merged:
    """Return the deck of some files: first what is in the cards.yaml, then what is in its parts, in their order."""
    main = read.main
    if not read.paths and read.is_whole:
        return Merged(main.value, main.document.data, DeckPlaces(main.document.places), main.problems)
    return _Merging(read).merged()


class _Merging:
    """What is merged so far: where everything is, and what is wrong with it, by file."""

    def __init__(self, read: FilesRead) -> None:
        self._read = read
        self._files = (read.main, *read.parts)
        self._homes: dict[Keys, Places] = {}
        self._taken: dict[tuple[str, ...], set[str]] = {}  # the ids of sources and concepts, and those proposed
        self._reports = {file.path: Report(file.document.places.find, file.problems) for file in self._files}
        self._doubled: list[tuple[Concept, Locate]] = []

    def merged(self) -> Merged:
        main = self._read.main
        sources, concepts, ignored = map(self._values, (_SOURCES, _CONCEPTS, _IGNORED))
        problems = [problem for report in self._reports.values() for problem in report.problems]
        return Merged(
            deck=replace(main.value, sources=sources, concepts=concepts, check=Check(ignore=ignored)),
            data=self._data(),
            places=DeckPlaces(main.document.places, self._homes),
            problems=(*self._read.problems, *problems),
            doubled=tuple(self._doubled),
        )

    def _values(self, keys: tuple[str, ...]) -> dict[Any, Any]:
        """Return what all files have under some keys: sources or concepts by id, or the entries of `ignore`.

        What several files have is reported, and the first counts.
        """
        found: dict[Any, Any] = {}
        for file in self._files:
            values = {str(key): (key, value) for key, value in _value(file, keys).items()}
            for name in _written(file, keys):
                at = (*keys, name)
                if at in self._homes:
                    self._report_doubled(file, at)
                    _, value = values.pop(name, (name, None))
                    if isinstance(value, Concept):
                        self._doubled.append((value, file.document.places.find))
                else:
                    self._homes[at] = file.document.places
            found |= dict(values.values())
        return found

    def _report_doubled(self, file: FileRead, at: Keys) -> None:
        name, report = str(at[-1]), self._reports[file.path]
        there = in_another_file(self._homes[at].find(at, "key"), report.place(at))
        if at[:-1] == _IGNORED:
            message = f'"{name}" is already ignored{there}, and that counts for all files of the deck'
            report.error("doubled", message, at=at, on="key", hint="remove one of the two")
            return
        kind = "source" if at[:-1] == _SOURCES else "concept"
        instead = f"give this {kind} another id, such as {self._free(at)}"
        hint = (
            f"if both are the same recording, remove this one; otherwise {instead}, and write that id in its notes"
            if kind == "source"
            else f"{instead}, or move its notes to the other one"
        )
        report.error("doubled-id", f'the id "{name}" is already used by a {kind}{there}', at=at, on="key", hint=hint)

    def _free(self, at: Keys) -> str:
        """Return an id like that of a source or concept that none in any file has."""
        keys = tuple(map(str, at[:-1]))
        if keys not in self._taken:
            self._taken[keys] = {name for file in self._files for name in _written(file, keys)}
        number = 2
        while f"{at[-1]}-{number}" in self._taken[keys]:
            number += 1
        self._taken[keys].add(f"{at[-1]}-{number}")
        return f"{at[-1]}-{number}"

    def _data(self) -> Data:
        """Return the data of all files as that of one."""
        data = self._read.main.document.data
        found = {**data} if isinstance(data, dict) else {}
        for keys in (_SOURCES, _CONCEPTS):
            (name,) = keys
            written = [each[name] for each in map(_mapping, self._files) if name in each]
            values = {id: value for each in written if isinstance(each, dict) for id, value in each.items()}
            is_known = self._read.is_whole and all(isinstance(each, dict) for each in written)
            if written or not is_known or name == "concepts":
                # An entry that nobody can have written says that there may be more.
                found[name] = values if is_known else {**values, "": UNREAD}
        return found


def _mapping(file: FileRead) -> dict[str, Data]:
    return file.document.data if isinstance(file.document.data, dict) else {}


def _written(file: FileRead, keys: tuple[str, ...]) -> Iterable[str]:
    """Return the names that a file has under some keys, whether they could be read or not."""
    found: Data | None = file.document.data
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else ()


def _value(file: FileRead, keys: tuple[str, ...]) -> dict[Any, Any]:
    value: Any = file.value
    for key in keys:
        value = getattr(value, key, {})
    return dict(value)
