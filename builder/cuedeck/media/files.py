"""Find the file that a text names, see whether learners can have it, and give it its name in Anki."""

import contextlib
import errno
import os
import posixpath
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from cuedeck.disk.unreadable import unreadable
from cuedeck.media.digests import CHANGED, PIECE, Digests, State, state_of
from cuedeck.media.kinds import FORMATS, HEAD, LFS, REFUSED, Format, Kind, ending_of, format_of
from cuedeck.patterns import regex
from cuedeck.problems import TextError, is_one_line, stop, visible
from cuedeck.records import dataclass
from cuedeck.wording import did_you_mean, nearest

LARGEST = 100 * 1024 * 1024
"""The most bytes of one file: AnkiWeb does not synchronize larger ones."""

_ADDRESS = regex(r"[a-z][a-z0-9+.-]+:|//|www\.", re.IGNORECASE)
_MOST_COMPARED = 100_000  # names with which those of missing files are compared, since that takes long
_NAME = regex(r"cuedeck-([0-9a-f]{16})\.[a-z0-9]+")
# Endings by which the names in Anki differ from those that authors use.
_SAME = {"jpeg": "jpg"}

_AGAIN = "run the command again"
_OUTSIDE, _FORMAT = "media-outside", "media-format"
FETCH = "fetch the file itself: git lfs pull"
"""What to do about a file in Git Large File Storage."""

_HINT_PLACE = (
    "put the file into the folder of the deck, such as media/, and name it from there: ![words](media/file.png)"
)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture or sound that a card has.

    path    where it is, from the folder of the deck, with slashes
    where   the same for the system
    name    its name in Anki, made of its bytes: the same bytes have the same name, and others never have it
    sha256  the SHA-256 of its bytes, in hexadecimal digits
    size    in bytes
    kind    whether it is a picture or a sound
    state   as in `Digest`: as long as it is in this state, it has these bytes; None if nothing but its bytes shows that
    """

    path: str
    where: Path
    name: str
    sha256: str
    size: int
    kind: Kind
    state: State | None = None

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes, and hardly more than it had when it was found, however it has grown.

        Raises `Problems` after the last piece if they are no longer those that gave it its name, or as soon as they
        cannot be read.
        """
        seen, left = sha256(), self.size
        try:
            with self.where.open("rb") as file:
                is_known = self.state == state_of(os.fstat(file.fileno()))  # so it need not be hashed again
                while left >= 0 and (piece := file.read(PIECE)):
                    left -= len(piece)
                    if not is_known:
                        seen.update(piece)
                    yield piece
                is_same = is_known and self.state == state_of(os.fstat(file.fileno()))
        except OSError as error:
            stop(self.path, CHANGED, f"the file can no longer be read: {error.strerror}", _AGAIN)
        if not is_same and seen.hexdigest() != self.sha256:
            stop(self.path, CHANGED, "another program changed this file after it was found", _AGAIN)

    def read(self) -> bytes:
        """Return its bytes. Raises `Problems` as `pieces` does."""
        return b"".join(self.pieces())


Find = Callable[[str], MediaFile]
"""Returns the file that a text names, or raises TextError with the reason why it cannot be on a card."""


def no_file(path: str) -> MediaFile:
    """Raise TextError, since a text that comes from no folder has no files."""
    raise _refused(f'there is no file "{visible(path)}"', _HINT_PLACE, "no-media-file")


class MediaFolder:
    """The folder of a deck, from which texts take their pictures and sounds. Each file is looked at once."""

    def __init__(self, folder: Path, digests: Digests) -> None:
        self._folder = folder
        self.digests = digests
        self._found: dict[str, MediaFile | TextError] = {}
        self._states: dict[str, object] = {}
        self._listed: dict[Path, frozenset[str]] = {}
        self._compared = 0
        # Whether the system refused to read a file that was looked for, which it may not refuse the next time.
        self.is_unread = False

    def find(self, path: str) -> MediaFile:
        """Return the file at a path from the folder of the deck, as authors write it.

        Raises TextError if there is none, if it is outside of the folder, or if learners could not see or hear it.
        """
        if path not in self._found:
            self._states[path] = self._state(path)  # before it is read, so that no change is missed
            try:
                self._found[path] = self._looked_at(path)
            except TextError as error:
                self._found[path] = error
        found = self._found[path]
        if isinstance(found, TextError):
            raise TextError(found.message, found.hint, path, found.rule)
        return found

    @property
    def refused(self) -> Mapping[str, TextError]:
        """Why files cannot be on cards, by their paths, of those that were looked for so far."""
        return {path: found for path, found in self._found.items() if isinstance(found, TextError)}

    def check_is_there(self, path: str) -> None:
        """Raise TextError if there is no file or folder at a path from the folder of the deck."""
        hint = "write its path from the folder of the deck, with slashes: media/slides or media/file.png"
        self._states.setdefault(path, self._state(path))
        if (clean := posixpath.normpath(path)) != posixpath.curdir:
            self._place_of(clean, visible(path), "file or folder", hint)

    def has_changed(self) -> bool:
        """Return whether a file or folder that was looked for is another one now, or is there now, or is gone."""
        return any(self._state(path) != state for path, state in self._states.items())

    def _state(self, path: str) -> object:
        for form in (path, unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path)):
            with contextlib.suppress(OSError, ValueError):
                status = (self._folder / form).stat()
                return form, state_of(status)
        return None

    def _looked_at(self, path: str) -> MediaFile:
        shown = visible(path)
        if path.lower().startswith("data:"):
            raise _refused(
                "this is a picture itself, and not the path of a file", f"save it as a file; {_HINT_PLACE}", _OUTSIDE
            )
        if _ADDRESS.match(path):
            raise _refused(
                f'"{shown}" is on another site, where it may change or vanish',
                f"download it; {_HINT_PLACE}",
                _OUTSIDE,
            )
        if not is_one_line(path):
            reason = f'the name "{shown}" contains a line end, or another character that no message can show'
            raise _refused(reason, "rename the file", "no-media-file")
        if "\\" in path:
            raise _refused(f'"{shown}" has a backslash', "write slashes: media/file.png", _OUTSIDE)
        clean = posixpath.normpath(path)
        if path.startswith("/") or clean.split("/")[0] == posixpath.pardir or re.match(r"[a-zA-Z]:", path):
            raise _refused(f'"{shown}" is outside of the folder of the deck', _HINT_PLACE, _OUTSIDE)
        ending = ending_of(clean)
        if ending in REFUSED:
            reason, hint = REFUSED[ending]
            raise _refused(f'"{shown}": {reason}', hint, _FORMAT)
        if ending not in FORMATS:
            what = f'"{shown}" has the ending ".{ending}"' if ending else f'"{shown}" has no ending'
            raise _refused(
                f"{what}, and is neither a picture nor a sound that every device can show or play",
                "use a file that ends in .png, .jpg, .gif, .webp or .mp3",
                _FORMAT,
            )
        where = self._place_of(clean, shown)
        return self._checked(clean, where, ending, shown)

    def _place_of(self, path: str, shown: str, what: str = "file", hint: str = _HINT_PLACE) -> Path:
        """Return where a file is, whichever of its names are in NFC or NFD. Raises TextError if it is not there."""
        where = self._folder
        *folders, name = path.split("/")
        for depth, part in enumerate((*folders, name)):
            forms = dict.fromkeys((part, *(unicodedata.normalize(form, part) for form in ("NFC", "NFD"))))
            there = next((each for form in forms if os.path.lexists(each := where / form)), None)
            if there is None:
                if where.is_dir() and not os.access(where, os.X_OK):
                    self.is_unread = True
                    closed = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
                    raise unreadable(shown, closed, "no-media-file")
                missing = "/".join(folders[: depth + 1])
                hint = (
                    f'there is no folder "{visible(missing)}", either: {hint}'
                    if depth < len(folders)
                    else self._similar(path, where, what) or hint
                )
                raise _refused(f'there is no {what} "{shown}"', hint, "no-media-file")
            where = there
        if not Path(os.path.realpath(where)).is_relative_to(os.path.realpath(self._folder)):
            raise _refused(f'"{shown}" is a link that leads out of the folder of the deck', _HINT_PLACE, _OUTSIDE)
        spelled = self._spelled(where)
        if spelled != _nfc(path):
            raise _refused(
                f'"{shown}" is the name of a file in other letters: uppercase and lowercase differ on other systems',
                did_you_mean(as_written(spelled)) if spelled else "write the name as the folder shows it",
                "no-media-file",
            )
        return where

    def _spelled(self, where: Path) -> str:
        """Return the path of a file as the folders show it, which some systems find in other letters, too.

        "" if they show none that is similar enough.
        """
        parts: list[str] = []
        while where != self._folder:
            name = _nfc(where.name)
            # Only those systems find a name in other letters.
            if os.path.lexists(where.with_name(where.name.swapcase())):
                names = self._names(where.parent)
                if names and name not in names:
                    name = next((each for each in names if each.casefold() == name.casefold()), "")
            parts.append(name)
            where = where.parent
        return "/".join(reversed(parts)) if all(parts) else ""

    def _names(self, folder: Path) -> frozenset[str]:
        """Return the names in a folder, in NFC; none if it cannot be read."""
        if folder not in self._listed:
            try:
                with os.scandir(folder) as entries:
                    self._listed[folder] = frozenset(_nfc(each.name) for each in entries)
            except (OSError, ValueError):  # no folder has a name with a NUL
                self._listed[folder] = frozenset()
        return self._listed[folder]

    def _similar(self, path: str, parent: Path, what: str) -> str:
        """Return a question that names a file in the same folder with a similar name; "" if there is none."""
        there = self._names(parent)
        self._compared += len(there)
        if self._compared > _MOST_COMPARED:
            return ""
        folder, _, name = path.rpartition("/")
        names = {each.casefold(): each for each in sorted(there) if what != "file" or _can_be_written(each)}
        likely = (names[each] for each in nearest(name.casefold(), names))
        return did_you_mean(*(as_written(f"{folder}/{each}" if folder else each) for each in likely))

    def _checked(self, path: str, where: Path, ending: str, shown: str) -> MediaFile:
        try:
            status = where.stat()
            if not stat.S_ISREG(status.st_mode):  # reading from a pipe might wait forever
                raise _refused(f'"{shown}" is not an ordinary file', "name a file", "no-media-file")
            with where.open("rb") as file:
                _check_head(file.read(HEAD), ending, shown)
            if status.st_size > LARGEST:
                raise _refused(
                    f'"{shown}" has more than 100 MB, and AnkiWeb does not synchronize files that large',
                    "make it smaller",
                    "media-too-large",
                )
            sha256, state = self.digests.of(where, path)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP):
                raise _refused(f'"{shown}" is a link that leads nowhere', _HINT_PLACE, "no-media-file") from None
            self.is_unread = True
            raise unreadable(shown, error, "no-media-file") from None
        return MediaFile(path, where, name_of(sha256, ending), sha256, status.st_size, FORMATS[ending].kind, state)


def _a_file(format: Format) -> str:
    article = "an" if format.name.startswith("M") else "a"  # an em: MP3, M4A
    return f"{article} {format.name} file"


def name_of(sha256: str, ending: str) -> str:
    """Return the name in Anki of a file with this SHA-256 and this ending in lowercase."""
    return f"cuedeck-{sha256[:16]}.{_SAME.get(ending, ending)}"


def is_name_of(name: str, sha256: str) -> bool:
    """Return whether a file with this SHA-256 may have a name: false if it is a name that other bytes have."""
    found = _NAME.fullmatch(name)
    return found is None or found[1] == sha256[:16]


def _check_head(head: bytes, ending: str, shown: str) -> None:
    """Raise TextError if the first bytes of a file are not those of the format that its ending names."""
    if not head:
        raise _refused(f'"{shown}" is empty', "put the file there again", _FORMAT)
    if head.startswith(LFS):
        raise _refused(
            f'"{shown}" is only the address of a file in Git Large File Storage',
            FETCH,
            _FORMAT,
        )
    if FORMATS[ending].begins.match(head):
        return
    actual = format_of(head)
    is_called = f'"{shown}" is not {_a_file(FORMATS[ending])}, as its ending says'
    if actual:
        right = next(each for each, known in FORMATS.items() if known is actual)
        raise _refused(f"{is_called}, but {_a_file(actual)}", f"rename it so that it ends in .{right}", _FORMAT)
    raise _refused(is_called, "save it again in the format of its ending; it may be damaged", _FORMAT)


def _refused(message: str, hint: str, rule: str) -> TextError:
    return TextError(message, hint, "", rule)


def _can_be_written(name: str) -> bool:
    """Return whether a text can name the file with a name in a folder."""
    return ending_of(name) in FORMATS and name.isprintable() and "\\" not in name and not _ADDRESS.match(name)


def as_written(path: str) -> str:
    """Return how a path is written between the parentheses of a picture."""
    escaped = re.sub("[<>]", r"\\\g<0>", re.sub(r"&(?=#?\w+;)", "&amp;", path))
    return f"<{escaped}>" if re.search(r"[\s()]", path) else escaped


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
