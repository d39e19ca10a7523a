"""Opening a package that may come from anyone: bounded in size, nothing executed, nothing unpacked to disk."""

import errno
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, NoReturn

from cuedeck.problems import Problems, stop

# What is read at most: bytes of all members together, members, and bytes of the list of them.
_LARGEST = 512 * 1024 * 1024
_MOST_MEMBERS = 10_000
_LARGEST_DIRECTORY = 16 * 1024 * 1024
# The records of a zip archive, in bytes, without the names in them: at its end, and before each member.
_END = 22
_HEADER = 30
# What may follow a member whose size was not known when it was begun, as its flag tells: checksum and sizes.
_SIZE_FOLLOWS = 8
_FOLLOWING = (12, 16, 20, 24)


def read_members(path: Path) -> dict[str, bytes]:
    """Return the files in a package by name. Raises `Problems` with a sentence where it is no package, or too large."""
    name = path.as_posix()
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # reading from a pipe might wait for ever
            stop(name, "no-file", "this is no ordinary file", "name the .apkg file")
        with path.open("rb") as file:
            return _members(file, name)
    except FileNotFoundError:
        stop(
            name,
            "no-file",
            "there is no such file",
            "name another one, or build that of your deck: cuedeck build",
        )
    except IsADirectoryError:
        stop(name, "no-file", "this is a folder, not a package", "name the .apkg file in it")
    except OSError as error:
        hint = "see that you may read it, and that the disk is in order"
        stop(name, "unreadable", f"the file cannot be read: {error.strerror or error}", hint)


def read_member(path: Path, name: str) -> bytes:
    """Return one file in a package, b"" where it has none of that name. Raises `Problems` as `read_members` does."""
    try:
        with zipfile.ZipFile(path) as package:
            entry = package.getinfo(name)
            return _bounded(package, entry) if entry.file_size <= _LARGEST_DIRECTORY else b""
    except KeyError:
        return b""
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError):
        _stop_at_broken(path.as_posix())


def members_of(data: bytes, name: str) -> dict[str, bytes]:
    """Return the files in the bytes of a package, which messages call `name`; for the rest see `read_members`."""
    return _members(BytesIO(data), name)


def _members(file: IO[bytes], name: str) -> dict[str, bytes]:
    too_many = f"the package holds more than {_MOST_MEMBERS} files, which no deck of cards does"
    try:
        if _size_of_directory(file) > _LARGEST_DIRECTORY:
            stop(name, "package-too-large", too_many)
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            if len(entries) > _MOST_MEMBERS:
                stop(name, "package-too-large", too_many)
            if sum(entry.file_size for entry in entries) > _LARGEST:
                most = f"{_LARGEST // 1024**2} MB"
                stop(name, "package-too-large", f"the package unpacks to more than {most}, which no deck of cards does")
            _check_whole(file, package)
            return {entry.filename: _bounded(package, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError):
        _stop_at_broken(name)
    except OSError as error:
        if error.errno == errno.EINVAL:  # its directory names a place before its beginning
            _stop_at_broken(name)
        raise


def _size_of_directory(file: IO[bytes]) -> int:
    """Return how large the list of members is, in bytes. Raises BadZipFile where the file does not end behind it.

    `zipfile` would read a list of any length, and look for it before whatever else stands at the end.
    """
    if file.seek(0, 2) < _END:
        raise zipfile.BadZipFile("shorter than any archive")
    file.seek(-_END, 2)
    end = file.read(_END)
    if end[:4] != b"PK\5\6" or end[-2:] != b"\0\0":
        raise zipfile.BadZipFile("something lies behind the end")
    return int.from_bytes(end[12:16], "little")


def _check_whole(file: IO[bytes], package: zipfile.ZipFile) -> None:
    """Raise BadZipFile where an archive holds anything besides its members, or one of them twice or within another.

    Other readers might take what is hidden there for the package; and members in one another unpack to far more than
    the file could hold.
    """
    entries = sorted(package.infolist(), key=lambda entry: entry.header_offset)
    place = 0
    follows = False
    for start, entry in [*((entry.header_offset, entry) for entry in entries), (package.start_dir, None)]:
        if start != place and not (follows and start - place in _FOLLOWING):
            raise zipfile.BadZipFile("something lies between two members, or one in another")
        if entry:
            file.seek(start)
            header = file.read(_HEADER)
            names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
            place = start + _HEADER + names + entry.compress_size
            follows = bool(entry.flag_bits & _SIZE_FOLLOWS)
    if len({entry.filename for entry in entries}) != len(entries):
        raise zipfile.BadZipFile("two members have one name")


def _stop_at_broken(name: str) -> NoReturn:
    stop(name, "no-package", "this is no whole .apkg file", "build it again, or fetch it again")


def holds(path: Path, files: Mapping[str, bytes]) -> bool:
    """Return whether the file is a package that holds just these files; False too where there is none."""
    try:
        return read_members(path) == files
    except Problems:
        return False


def _bounded(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes, no more of them than its entry admits to."""
    with package.open(entry) as member:
        data = member.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise zipfile.BadZipFile(entry.filename)
    return data
