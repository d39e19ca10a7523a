"""Open a package that may come from anyone: size limits, nothing executed, nothing unpacked to disk."""

import errno
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, NoReturn

from cuedeck.disk.unreadable import is_endless, stop_unreadable
from cuedeck.media.digests import PIECE
from cuedeck.media.files import FETCH
from cuedeck.media.kinds import LFS
from cuedeck.package.contents import LARGEST_MEDIA, MOST_MEMBERS, fingerprint
from cuedeck.problems import Problems, stop

# The most that is read: bytes of all members together that are no pictures or sounds, and of one of these; and bytes of
# the list of members.
_LARGEST = 512 * 1024 * 1024
_LARGEST_DIRECTORY = 16 * 1024 * 1024
# The size of a zip archive's records in bytes, without the names in them: at its end, and before each member.
_END = 22
_HEADER = 30
# If its flag says that a member's size was not known at its start, a checksum and sizes of these lengths may follow.
_SIZE_FOLLOWS = 8
_FOLLOWING = (12, 16, 20, 24)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)


class Packed(Mapping[str, bytes]):
    """The files in a package by name. Pictures and sounds, whose names are numbers, are read only when asked for.

    To read one raises `Problems` if it is damaged or larger than any card needs.
    """

    def __init__(self, name: str, opened: Callable[[], IO[bytes]], package: zipfile.ZipFile) -> None:
        """Read the other files of an open package. `opened` opens it again, and `name` is its name in messages."""
        self._name = name
        self._opened = opened
        self._entries = {entry.filename: entry for entry in package.infolist()}
        self._read = {key: _bounded(package, entry) for key, entry in self._entries.items() if not _is_media(key)}

    def __getitem__(self, key: str) -> bytes:
        if key not in self._read and key in self._entries:
            with self._again() as package:
                return _bounded(package, self._entries[key])
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def size(self, key: str) -> int:
        """Return how many bytes a file has, without reading it."""
        return self._entries[key].file_size

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of the package itself. Raises `Problems` if they can no longer be read."""
        try:
            with self._opened() as file:
                while piece := file.read(PIECE):
                    yield piece
        except OSError as error:
            stop_unreadable(self._name, error)

    def digests(self, of: Collection[str] | None = None) -> dict[str, bytes]:
        """Return the SHA-256 of each file, or of those asked for. Each is read in pieces, and none is kept."""
        found = {key: sha256(data).digest() for key, data in self._read.items()}
        wanted = {key: entry for key, entry in self._entries.items() if of is None or key in of}
        if left := wanted.keys() - found.keys():
            if sum(wanted[key].file_size for key in left) > LARGEST_MEDIA:
                most = f"{LARGEST_MEDIA // 1024**3} GB"
                _stop_at_too_large(self._name, f"the package unpacks to more than {most}, which no deck of cards does")
            with self._again() as package:
                found |= {key: _digest(package, wanted[key]) for key in left}
        return {key: found[key] for key in wanted}

    @contextmanager
    def _again(self) -> Iterator[zipfile.ZipFile]:
        try:
            with self._opened() as file, zipfile.ZipFile(file) as package:
                yield package
        except (*_DAMAGED, OSError):
            _stop_at_broken(self._name)


def _is_media(name: str) -> bool:
    return name.isascii() and name.isdigit()


def read_members(path: Path) -> Packed:
    """Return the files in a package. Raises `Problems` if it is not a package, or too large."""
    name = path.as_posix()
    try:
        if is_endless(path):
            stop(name, "no-file", "this is not an ordinary file", "name the .apkg file")
        with path.open("rb") as file:
            return _members(file, name, lambda: path.open("rb"))
    except FileNotFoundError:
        stop(
            name,
            "no-file",
            "there is no such file",
            "name another file, or build the package of your deck: cuedeck build",
        )
    except IsADirectoryError:
        stop(name, "no-file", "this is a folder, not a package", "name the .apkg file in it")
    except OSError as error:
        stop_unreadable(name, error)


def read_member(path: Path, name: str) -> bytes:
    """Return one file in a package, b"" if there is none of that name. Raises `Problems` like `read_members`."""
    try:
        with path.open("rb") as file:
            if _size_of_directory(file) > _LARGEST_DIRECTORY:
                return b""
            with zipfile.ZipFile(file) as package:
                entry = package.getinfo(name)
                return _bounded(package, entry) if entry.file_size <= _LARGEST_DIRECTORY else b""
    except KeyError:
        return b""
    except (*_DAMAGED, OSError):
        _stop_at_broken(path.as_posix())


def members_of(data: bytes, name: str) -> Packed:
    """Return the files in the bytes of a package, like `read_members`; `name` is its name in messages."""
    return _members(BytesIO(data), name, lambda: BytesIO(data))


def _members(file: IO[bytes], name: str, opened: Callable[[], IO[bytes]]) -> Packed:
    too_many = f"the package contains more than {MOST_MEMBERS:,} files, which no deck of cards does"
    try:
        if _size_of_directory(file) > _LARGEST_DIRECTORY:
            _stop_at_too_large(name, too_many)
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            if len(entries) > MOST_MEMBERS:
                _stop_at_too_large(name, too_many)
            if sum(entry.file_size for entry in entries if not _is_media(entry.filename)) > _LARGEST:
                most = f"{_LARGEST // 1024**2} MB"
                _stop_at_too_large(name, f"the package unpacks to more than {most}, which no deck of cards does")
            _check_whole(file, package)
            return Packed(name, opened, package)
    except _DAMAGED:
        file.seek(0)
        if file.read(len(LFS)) == LFS:
            stop(name, "no-package", "this is only the address of a package in Git Large File Storage", FETCH)
        _stop_at_broken(name)
    except OSError as error:
        if error.errno == errno.EINVAL:  # its directory names a place before the start of the file
            _stop_at_broken(name)
        raise


def _size_of_directory(file: IO[bytes]) -> int:
    """Return the size of the list of members, in bytes. Raises BadZipFile if the file does not end after it.

    `zipfile` would read a list of any length, and would find it before anything else at the end of the file.
    """
    if file.seek(0, 2) < _END:
        raise zipfile.BadZipFile("shorter than any archive")
    file.seek(-_END, 2)
    end = file.read(_END)
    if end[:4] != b"PK\5\6" or end[-2:] != b"\0\0":
        raise zipfile.BadZipFile("something follows the end")
    return int.from_bytes(end[12:16], "little")


def _check_whole(file: IO[bytes], package: zipfile.ZipFile) -> None:
    """Raise BadZipFile if an archive contains anything besides its members, or a member twice or inside another.

    Other readers might read what is hidden there instead. And members inside one another unpack to far more than a file
    of this size can contain.
    """
    entries = sorted(package.infolist(), key=lambda entry: entry.header_offset)
    place = 0
    follows = False
    for start, entry in [*((entry.header_offset, entry) for entry in entries), (package.start_dir, None)]:
        if start != place and not (follows and start - place in _FOLLOWING):
            raise zipfile.BadZipFile("something is between two files, or one is inside another")
        if entry:
            file.seek(start)
            header = file.read(_HEADER)
            names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
            place = start + _HEADER + names + entry.compress_size
            follows = bool(entry.flag_bits & _SIZE_FOLLOWS)
    if len({entry.filename for entry in entries}) != len(entries):
        raise zipfile.BadZipFile("two files have the same name")


def _stop_at_too_large(name: str, message: str) -> NoReturn:
    stop(name, "package-too-large", message)


def _stop_at_broken(name: str) -> NoReturn:
    stop(name, "no-package", "this is not a complete .apkg file", "build it again, or download it again")


def fingerprint_of(path: Path) -> str:
    """Return the fingerprint of the files in a package; "" if there is no package that can be read."""
    try:
        return fingerprint(read_members(path).digests())
    except Problems:
        return ""


def _bounded(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes. Raises BadZipFile if there are not exactly as many as its entry says, or too many."""
    if entry.file_size > _LARGEST:
        raise zipfile.BadZipFile(entry.filename)
    with package.open(entry) as member:
        data = member.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise zipfile.BadZipFile(entry.filename)
    return data


def _digest(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the SHA-256 of a member. Raises BadZipFile if it has more bytes than its entry says."""
    whole, left = sha256(), entry.file_size
    with package.open(entry) as member:
        while piece := member.read(PIECE):
            whole.update(piece)
            left -= len(piece)
            if left < 0:
                break
    if left:
        raise zipfile.BadZipFile(entry.filename)
    return whole.digest()
