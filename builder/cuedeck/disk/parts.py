"""Which files of a folder the `parts` of a deck mean: paths, perhaps with `*` and `?` for unknown characters."""

import os
import posixpath
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import translate
from functools import cache
from pathlib import Path

from cuedeck.disk.unreadable import unreadable
from cuedeck.patterns import regex
from cuedeck.problems import TextError, visible
from cuedeck.wording import by_number, did_you_mean, nearest

MOST_PARTS = 1000
"""The most parts that a deck may have."""

_MOST_NAMES = 50_000  # in all folders that are looked into
_YAML = (".yaml", ".yml")
_HOW_TO_ADD = (
    "write the path of a file that exists, from the folder of the deck and in the same uppercase and lowercase "
    "letters, such as lectures/01.yaml"
)
_OWN_FOLDER = "put the parts into a folder of their own, such as lectures/, and write: lectures/*.yaml"

Folder = Mapping[str, bool | None]
"""What is in a folder: the names, and whether each is a folder, too; None if the system does not say."""

Look = Callable[[str], Folder]
"""Returns what is in the folder with a path, which is "" for the top; nothing if there is no such folder.

Raises TextError if it cannot be read.
"""


class PartFinder:
    """Finds the files that paths mean, one path after the other, and each file once.

    `main` is the name of the cards.yaml, and `look` looks into the folders beside and below it.
    """

    def __init__(self, main: str, look: Look) -> None:
        self._main = main
        self._look = cache(look)
        self._meant_by: dict[str, str] = {}  # for each file found so far, the path that means it
        self._names = 0

    def find(self, path: str) -> Sequence[str]:
        """Return the files that a path means, in order: by name, numbers in names as numbers.

        Those that an earlier path means are left out. Raises TextError if none are left, if the cards.yaml itself is
        among them, if a path with an open end means a file that is not YAML, such as a transcript beside the parts, or
        if a folder cannot be read in which there may be some.
        """
        there = [*self._matching("", path.split("/"))]
        shown = visible(path)
        if _nfc(self._main) in map(_nfc, there):
            if not _is_pattern(path):
                raise TextError(f'"{shown}" is the file itself that names the parts', "remove it")
            raise TextError(f'"{shown}" also means {visible(self._main)} itself', _OWN_FOLDER)
        if not there:
            raise self._nothing(path)
        if path.endswith(("*", "?")):
            _stop_at_others(path, there)
        new = [each for each in there if each not in self._meant_by]
        if not new:
            earlier = visible(self._meant_by[there[0]])
            raise TextError(
                f'"{shown}" means nothing that "{earlier}" before it does not mean', "remove it", rule="doubled"
            )
        self._meant_by |= dict.fromkeys(new, path)
        if len(self._meant_by) > MOST_PARTS:
            raise TextError(
                f"the deck has more than {MOST_PARTS:,} parts",
                "write several of them into one file",
                rule="too-many-parts",
            )
        return new

    def _matching(self, above: str, names: Sequence[str]) -> Iterator[str]:
        name, *rest = names
        there = self._in(above)
        fits = _fits(name)
        for each in sorted(filter(fits, there), key=_in_order):
            below = f"{above}/{each}" if above else each
            if rest and there[each] is not False:
                yield from self._matching(below, rest)
            elif not rest and not there[each]:
                yield below

    def _in(self, folder: str) -> Folder:
        there = self._look(folder)
        self._names += len(there)
        if self._names > _MOST_NAMES:
            raise TextError(f"there are more than {_MOST_NAMES:,} files to look through", _OWN_FOLDER)
        return there

    def _nothing(self, path: str) -> TextError:
        """Return what is wrong with a path that means no file."""
        shown = visible(path)
        if _is_pattern(path):
            return TextError(f'"{shown}" means no file, because none has such a name', _HOW_TO_ADD, rule="no-part")
        folder, _, name = path.rpartition("/")
        if path != "." and any(each.startswith(".") for each in path.split("/")):
            message = f'"{shown}" is hidden, since a name in it begins with a dot, and a part cannot be'
            return TextError(message, "rename it, and write its new path", rule="no-part")
        there = self._look(folder)
        if any(is_folder and _nfc(each) == _nfc(name) for each, is_folder in there.items()):
            return TextError(f'"{shown}" is a folder', f"to mean the files in it, write {shown}/*.yaml", rule="no-part")
        files = {_nfc(each).casefold(): each for each in sorted(there) if not there[each] and each != self._main}
        likely = (files[each] for each in nearest(_nfc(name).casefold(), files))
        hint = did_you_mean(*(f"{folder}/{each}" if folder else each for each in likely)) or _HOW_TO_ADD
        return TextError(f'there is no file "{shown}"', hint, rule="no-part")


def beside(folder: Path) -> Look:
    """Return what looks into a folder and those below it. Hidden files are left out."""

    def look(path: str) -> Folder:
        try:
            with os.scandir(folder / path) as entries:
                some = (entry for entry, _ in zip(entries, range(_MOST_NAMES + 1), strict=False))
                return {entry.name: _is_folder(entry) for entry in some if not entry.name.startswith(".")}
        except (FileNotFoundError, NotADirectoryError, ValueError):  # no folder has a name with a NUL
            return {}
        except OSError as error:
            raise unreadable(path, error) from None

    return look


def _is_folder(entry: "os.DirEntry[str]") -> bool | None:
    try:
        return entry.is_dir()
    except OSError:  # such as a link that leads back to itself
        return None


def among(paths: Iterable[str]) -> Look:
    """Return what looks into the folders of some files, which have paths with slashes. Hidden files are left out."""
    folders: dict[str, dict[str, bool]] = {}
    for path in paths:
        names = path.split("/")
        for depth, name in enumerate(names, 1):
            if name.startswith("."):
                break
            folders.setdefault("/".join(names[: depth - 1]), {})[name] = depth < len(names)
    return lambda path: folders.get(path, {})


def _stop_at_others(path: str, there: Sequence[str]) -> None:
    """Raise TextError if a path means files that are not YAML by their names: nobody meant those."""
    others = [each for each in there if not each.casefold().endswith(_YAML)]
    if others:
        named = (each for each in there if each not in others)
        ending = posixpath.splitext(next(named, "x.yaml"))[1]
        folder, slash, name = visible(path).rpartition("/")
        meant = f"{folder}{slash}{posixpath.splitext(name)[0]}{ending}"
        raise TextError(
            f'"{visible(path)}" also means {visible(others[0])}, which is not a YAML file',
            f"write the ending, too: {meant}",
        )


def _is_pattern(path: str) -> bool:
    return "*" in path or "?" in path


def _fits(name: str) -> Callable[[str], bool]:
    """Return a test for whether a file has a name, which may be in NFC or NFD; only `*` and `?` are special in it."""
    matches = regex(translate(_nfc(name).replace("[", "[[]"))).match
    return lambda each: matches(_nfc(each)) is not None


def _in_order(name: str) -> tuple[object, ...]:
    # Some disks can have one name twice, with letters composed and not.
    return *by_number(_nfc(name)), name


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
