"""Writing files so that the old one or the new one is whole, whatever happens in between."""

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from cuedeck.problems import stop

_STAGED = ".cuedeck-"
_SUFFIX = ".tmp"

_HELD = "close the program that has it open, or give yourself the right to write there"
# What an author can do about what the system says.
_HINTS = {
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room on the disk",
    errno.EACCES: _HELD,
    errno.EPERM: _HELD,
    errno.EROFS: "this disk can only be read: work in a folder on another one",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EISDIR: "move the folder away that stands there",
    errno.ELOOP: "the link leads back to itself: take it away",
}
_DEFAULT_HINT = "look whether the disk is in order"


def stop_unwritable(folder: Path, error: OSError) -> NoReturn:
    """Raise `Problems` for a folder that could not be made, or in which nothing could be written."""
    _stop_at_files_above(folder / "any")
    hint = _HINTS.get(error.errno or 0, _DEFAULT_HINT)
    message = f"nothing can be written in this folder: {error.strerror}"
    stop(folder.parent.as_posix(), "unwritable", message, hint)


def store(path: Path, data: bytes) -> None:
    """Replace a file at once with new bytes; the folder is made where it is missing.

    Raises `Problems` where that cannot be done; the old file is whole then.
    """
    store_all({path: data})


def store_all(files: Mapping[Path, bytes]) -> None:
    """Replace several files at once, in this order: the first only when the new bytes of all are on the disk.

    Raises `Problems` where that cannot be done. Unless the disk itself fails between two of them, all the old files are
    whole and in place then.
    """
    staged: dict[Path, Path] = {}
    path = Path()
    try:
        for path, data in files.items():
            target = _followed(path)
            staged[target] = _staged(target, data)
        for path in list(staged):
            os.replace(staged[path], path)
            del staged[path]
            sync_folder(path.parent)
    except OSError as error:
        _stop_at(path, error)
    finally:
        for temporary in staged.values():
            with contextlib.suppress(OSError):
                temporary.unlink()


def take_away(path: Path) -> None:
    """Remove a file for good, where the system lets us."""
    with contextlib.suppress(OSError):
        path.unlink()
        sync_folder(path.parent)


def _stop_at(path: Path, error: OSError) -> NoReturn:
    _stop_at_files_above(path)
    hint = _HINTS.get(error.errno or 0, _DEFAULT_HINT)
    if os.path.exists(path):  # noqa: PTH110  unlike the method of a path, for any name at all
        hint += "; the old file is as it was"
    stop(path.as_posix(), "unwritable", f"the file cannot be written: {error.strerror}", hint)


def _stop_at_files_above(path: Path) -> None:
    """Raise `Problems` where one of the folders that a path goes through is none."""
    for above in path.parents:
        if os.path.lexists(above) and not above.is_dir():
            what = "link that leads to no folder" if above.is_symlink() else "file"
            stop(above.as_posix(), "unwritable", f"a {what} stands where a folder should be", "move it away")


def _followed(path: Path) -> Path:
    """Return where a path leads to: a link stays a link, and what it points to is replaced, or made if it is missing.

    Raises OSError where links lead back to themselves.
    """
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    return target


def _staged(path: Path, data: bytes) -> Path:
    """Return a new file beside `path` that holds the bytes and has its rights."""
    _make_folder(path.parent)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    # The name tells which file it is for, so that one left by a killed run is known, even in a folder of several decks.
    prefix = f"{_STAGED}{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]}-"
    clear_staged(path.parent, prefix)
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=_SUFFIX, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.chmod(name, mode)  # before the bytes are flushed, so that its rights are on the disk as well
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    return Path(name)


def _make_folder(folder: Path) -> None:
    """Make a folder where it is missing, and those above it, so that they last through a power cut."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        sync_folder(made.parent)


def clear_staged(folder: Path, prefix: str = _STAGED) -> None:
    """Take away the files that were staged in a folder and never came into their place."""
    with contextlib.suppress(OSError):
        for left in folder.glob(f"{prefix}*{_SUFFIX}"):
            left.unlink()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut, where the system can open a folder."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
