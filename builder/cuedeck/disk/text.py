"""An author's text files."""

import codecs
import os
import re
import stat
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, zip_longest
from pathlib import Path

from cuedeck.disk.unreadable import stop_unreadable
from cuedeck.patterns import regex
from cuedeck.problems import stop
from cuedeck.records import dataclass
from cuedeck.wording import for_a_shell, listed

# The markers that git writes around the sides of a conflict, and between them.
_MARKER = "<" * 7
_BEGINNING = regex(rf"^{_MARKER}(?: |$)", re.MULTILINE)
_BETWEEN = regex(r"(?:={7}|\|{7})(?: |$)")
_END = regex(r"^>{7}(?: |$)", re.MULTILINE)
_RESOLVE = "keep what belongs in the file from both sides, and delete the marker lines"
_FENCE = regex(r"(?:```|~~~)")

_MARK = "\ufeff"  # a byte order mark, which places do not count
_LINE_END = regex(r"\r\n|\r|\n")

CARDS_NAME = "cards.yaml"
"""The name of the cards file that a command looks for: that of the only deck in a folder, or of its first one."""

_DECK = regex(rb"^[\"']?deck[\"']?[ \t]*:", re.MULTILINE)
_ENOUGH = 65_536  # bytes of a file in which "deck:" is expected, if it is a deck

_NAME_DECK = "name the cards.yaml of the deck, or leave the name out"

LARGEST = 64 * 1024 * 1024
"""The most characters that a file may have."""


@dataclass(frozen=True)
class TextFile:
    r"""A text with "\n" for every line end and no byte order mark, and the bytes of the file that it was read from."""

    text: str
    data: bytes

    @cached_property
    def decoded(self) -> str:
        """The text with its own line ends and byte order mark."""
        return self.data.decode("utf-8")

    @cached_property
    def line_ends(self) -> tuple[str, ...]:
        """The line ends of the file, in order."""
        return tuple(_LINE_END.findall(self.decoded))

    def with_text(self, text: str, line_ends: tuple[str, ...]) -> "TextFile":
        r"""Return the file with another text, saved like this one. `line_ends` has one for each "\n" of the text."""
        mark = _MARK if self.decoded.startswith(_MARK) else ""
        saved = "".join(chain.from_iterable(zip_longest(text.split("\n"), line_ends, fillvalue="")))
        return TextFile(text, (mark + saved).encode("utf-8"))


def read_text(path: Path) -> str:
    """Return the text of a file, as `read_file` does."""
    return read_file(path).text


def read_file(path: Path, instead: str = _NAME_DECK) -> TextFile:
    """Return a file with its text; `instead` is what to do if it is something else than text.

    Raises `Problems` if there is no such file, if it is not UTF-8 text, or if git left a conflict in it.
    """
    name = path.as_posix()
    try:
        data = _bytes(path)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        stop(name, "no-file", "there is no such file", _what_to_name(path))
    except IsADirectoryError:
        stop(name, "no-file", "this is a folder, not a file", f"name the file in it, such as {name}/cards.yaml")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message, hint = _instead_of_text(path, error.object, instead)
        stop(name, "not-utf-8", message, hint, line)
    except (OSError, ValueError) as error:
        stop_unreadable(name, error)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    stop_at_conflict(text, name)
    return TextFile(text, data)


def state_of(path: Path) -> object:
    """Return what changes when a file is written again, or when its permissions do; None if there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _what_to_name(path: Path) -> str:
    """Return what to do if there is no such file: name a deck that is there, or start one."""
    folder = path.parent
    if decks := [each.as_posix() for each in decks_in(folder)]:
        one = "is a deck in" if len(decks) == 1 else "are decks in"
        return f"name the file that you mean: {listed(decks)} {one} this folder"
    above = next((each / CARDS_NAME for each in folder.absolute().parents[:2] if (each / CARDS_NAME).is_file()), None)
    if path.name == CARDS_NAME and above:
        return f"run cuedeck in the folder of cards.yaml, or name it: {os.path.relpath(above).replace(os.sep, '/')}"
    if path.name != CARDS_NAME or not folder.is_dir():
        return "run cuedeck in the folder of cards.yaml, or name the file or its folder"
    where = "" if folder == Path() else f" {for_a_shell(folder.as_posix())}"
    return f"run cuedeck in the folder of cards.yaml, or name its folder; to start a deck here: cuedeck init{where}"


def decks_in(folder: Path) -> list[Path]:
    """Return the files in a folder that look like decks, and the cards files in the folders inside it."""
    try:
        found = [*folder.glob("*.yaml"), *folder.glob("*.yml"), *folder.glob(f"*/{CARDS_NAME}")]
        return sorted(each for each in found if each.is_file() and _DECK.search(_beginning(each)))
    except OSError:
        return []


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_ENOUGH)


def _instead_of_text(path: Path, data: bytes, hint: str) -> tuple[str, str]:
    """Return what a file is that is not text, and what to do."""
    if data.startswith(b"PK"):
        is_package = path.suffix.lower() in (".apkg", ".colpkg")
        what = "a package" if is_package else "a zip archive"
        return f"this is {what}, not text", hint
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "the file is UTF-16 text, not UTF-8", "save it as UTF-8 in your editor"
    if b"\0" in data[:1024]:
        return "this is not a text file", hint
    return "the file is not UTF-8 text", "save it as UTF-8 in your editor"


def _bytes(path: Path) -> bytes:
    """Return the bytes of a file; refuse a pipe or device, which may never end, and a file that is too large."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        stop(
            path.as_posix(),
            "no-file",
            "this is a pipe or a device, not a file",
            "save the text in a file, and name that",
        )
    stop_if_too_large(-(-found.st_size // 4), path.as_posix())  # a character has four bytes at most
    return path.read_bytes()


def stop_if_too_large(characters: int, name: str) -> None:
    """Raise `Problems` for a file that has too many characters to be a deck."""
    if characters > LARGEST:
        million = LARGEST // 1024 // 1024
        stop(name, "too-large", f"the file has more than {million} million characters", "split it into several decks")


def stop_at_conflict(text: str, name: str, hint: str = _RESOLVE) -> None:
    """Raise `Problems` if a merge left markers in a text: one problem that names the lines of all of them."""
    # Nearly no text has the marker at all, which is found out many times as fast as that none begins a line.
    if _MARKER in text and _BEGINNING.search(text) and _END.search(text) and (lines := [*map(str, _markers(text))]):
        stop(
            name,
            "merge-conflict",
            f"git left a merge conflict here, with markers on lines {listed(lines)}",
            hint,
            int(lines[0]),
        )


def _markers(text: str) -> Iterator[int]:
    """Yield the numbers of the lines that are markers of complete conflicts, except those in a Markdown code block."""
    begun: list[int] = []
    is_code = False
    for number, line in enumerate(text.split("\n"), 1):
        if _FENCE.match(line) and not begun:
            is_code = not is_code
        if is_code:
            continue
        if _BEGINNING.match(line):
            begun = [number]
        elif begun and _BETWEEN.match(line):
            begun.append(number)
        elif begun and _END.match(line):
            yield from (*begun, number)
            begun = []
