"""Which pictures and sounds are in the folder of a deck, whether notes use them or not."""

import contextlib
import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from cuedeck.disk.parts import PartFinder, beside
from cuedeck.media.kinds import FORMATS, REFUSED, ending_of
from cuedeck.patterns import regex
from cuedeck.problems import TextError

MEDIA = "media"
"""The folder whose files are all taken for those of the deck."""

_MOST_FILES = 20_000
_WORD = regex(r"[\w.-]+")
_ITEM = regex(r"[^\s\[\],'\"]+")
_MOST_TEXT = 8 * 1024 * 1024  # bytes of another deck's file that are searched


def files_beside(folder: Path, used: Iterable[str]) -> list[str]:
    """Return the paths of the pictures, sounds and videos in a deck's folder, sorted, from there and with slashes.

    They are those in `media/` and below it, and those in the folders of the `used` files, though not in the folder of
    the deck itself, where pictures may be for anything. Hidden ones are left out, and so are links to folders.
    """
    around = {path.rpartition("/")[0] for path in used} - {""}
    own = {each for each in (MEDIA, *around) if _is_inside(folder, each)}
    found = {*(_below(folder, MEDIA) if MEDIA in own else ()), *(path for each in own for path in _in(folder, each))}
    return sorted(path for path in found if ending_of(path) in FORMATS or ending_of(path) in REFUSED)


def _is_inside(folder: Path, below: str) -> bool:
    """Return whether a folder is in that of the deck, and is not a link that leads out of it."""
    return Path(os.path.realpath(folder / below)).is_relative_to(os.path.realpath(folder))


def _below(folder: Path, top: str) -> Iterator[str]:
    left = [top]
    seen = 0
    while left and seen < _MOST_FILES:
        here = left.pop()
        for entry in _entries(folder / here):
            seen += 1
            if entry.is_dir(follow_symlinks=False):
                left.append(f"{here}/{entry.name}")
            else:
                yield f"{here}/{entry.name}"


def _in(folder: Path, below: str) -> Iterator[str]:
    return (f"{below}/{entry.name}" for entry in _entries(folder / below) if not _is_folder(entry))


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    with contextlib.suppress(OSError):  # such as a link that leads back to itself
        return entry.is_dir()
    return False


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    with contextlib.suppress(OSError), os.scandir(folder) as there:
        some = [entry for entry, _ in zip(there, range(_MOST_FILES), strict=False)]
        return [entry for entry in some if not entry.name.startswith(".")]
    return []


def unused(beside: Iterable[str], used: Collection[str], cards: Path) -> list[str]:
    """Return those of the paths that no note uses and that learners could have, though the deck may do without them.

    A file in a format that is refused may be what another one was made from. A file whose name occurs in another YAML
    file beside `cards`, or in a part of that, counts as used, since several decks may share a folder.
    """
    left = [path for path in beside if path not in used and ending_of(path) in FORMATS]
    if not left:
        return []
    decks = {path: _text(path) for path in other_decks(cards)}
    parts = {part for path, text in decks.items() for part in _parts(path, text)}
    others = "\n".join([*decks.values(), *map(_text, sorted(parts))])
    words = _words(others)

    def is_elsewhere(name: str) -> bool:
        own = _words(name)  # it takes long to search a long text for each of many names
        return own <= words and (name in own or name in others)

    return [path for path in left if not is_elsewhere(path.rpartition("/")[2])]


def _words(text: str) -> set[str]:
    """Return the words of a text: a name that it contains has no others, and most names are a single word."""
    return {each.strip(".") for each in _WORD.findall(text)}


def other_decks(cards: Path) -> list[Path]:
    """Return the other YAML files beside a cards.yaml, which may be decks that use the same pictures and sounds."""
    endings = (".yaml", ".yml")
    names = [entry.name for entry in _entries(cards.parent) if entry.name.endswith(endings)]
    return [cards.with_name(name) for name in names if name != cards.name]


def _parts(cards: Path, text: str) -> Iterator[Path]:
    """Yield the files that paths in the text of a cards.yaml mean, of those in folders below its own."""
    finder = PartFinder(cards.name, beside(cards.parent))
    paths = (each for each in _ITEM.findall(text) if "/" in each and each.endswith((".yaml", ".yml")))
    for path in dict.fromkeys(paths):
        with contextlib.suppress(TextError):
            yield from (cards.parent / each for each in finder.find(path))


def _text(path: Path) -> str:
    if not os.path.isfile(path):  # noqa: PTH113  reading from a pipe might wait forever
        return ""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_TEXT).decode("utf-8", "replace")
    except OSError:
        return ""
