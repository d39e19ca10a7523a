"""Opening a package that may come from anyone: bounded in size, nothing executed, nothing unpacked to disk."""

import errno
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, NoReturn

from builder.problems import Problems, stop

_LARGEST = 1024 * 1024 * 1024
_MOST_MEMBERS = 10_000


def read_members(path: Path) -> dict[str, bytes]:
    """Return the files in a package by name. Raises `Problems` with a sentence where it is no package, or too large."""
    name = path.as_posix()
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # reading from a pipe might wait for ever
            stop(name, "no-file", "this is no ordinary file", "name the .apkg file")
        with path.open("rb") as file:
            return _members(file, name)
    except FileNotFoundError:
        stop(name, "no-file", "there is no such file", "build it with: cuedeck build")
    except IsADirectoryError:
        stop(name, "no-file", "this is a folder, not a package", "name the .apkg file in it")
    except OSError as error:
        stop(name, "unreadable", f"the file cannot be read: {error.strerror or error}")


def members_of(data: bytes, name: str) -> dict[str, bytes]:
    """Return the files in the bytes of a package, which messages call `name`; for the rest see `read_members`."""
    return _members(BytesIO(data), name)


def _members(file: IO[bytes], name: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            if len(entries) > _MOST_MEMBERS:
                stop(name, "package-too-large", "the package holds more than 10000 files, which no deck of cards does")
            if sum(entry.file_size for entry in entries) > _LARGEST:
                stop(name, "package-too-large", "the package unpacks to more than 1 GB, which no deck of cards does")
            return {entry.filename: _bounded(package, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError):
        _stop_at_broken(name)
    except OSError as error:
        if error.errno == errno.EINVAL:  # its directory names a place before its beginning
            _stop_at_broken(name)
        raise


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
