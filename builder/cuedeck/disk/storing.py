"""Write files so that the old one or the new one is whole, whatever happens in between."""

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import IO, NoReturn

from cuedeck.problems import stop
from cuedeck.wording import for_a_shell

Data = bytes | Callable[[IO[bytes]], None]
"""The bytes of a file, or a function that writes them to an open one."""

_STAGED = ".cuedeck-"
_SUFFIX = ".tmp"

_NO_ROOM = "free some space on the disk"
_NO_ACCESS = "close the program that has it open, or give yourself permission to write there"
# What an author can do about an error of the system.
_HINTS = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EACCES: _NO_ACCESS,
    errno.EPERM: _NO_ACCESS,
    errno.EROFS: "this disk is read-only: work in a folder on another one",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EISDIR: "a folder has this name: move it elsewhere",
    errno.ELOOP: "the link leads back to itself: delete it",
}
_DEFAULT_HINT = "check whether the disk is healthy"


def stop_unwritable(folder: Path, error: OSError) -> NoReturn:
    """Raise `Problems` for a folder that could not be made or written to."""
    _stop_at_files_above(folder / "any")
    hint = _HINTS.get(error.errno or 0, _DEFAULT_HINT)
    message = f"cannot write in this folder: {error.strerror}"
    stop(folder.parent.as_posix(), "unwritable", message, hint)


def store(path: Path, data: Data) -> None:
    """Replace a file at once with new bytes, and make its folder if it is missing.

    Raises `Problems` if that cannot be done; then the old file is whole.
    """
    store_all({path: data})


def store_all(files: Mapping[Path, Data]) -> None:
    """Replace several files at once, in this order, but none before the new bytes of all are on the disk.

    Raises `Problems` if that cannot be done. Then all the old files are whole and in place, unless the disk itself
    failed between two of them.
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


@contextlib.contextmanager
def staged_folder(folder: Path) -> Iterator[Path]:
    """Give a folder beside a new one to write in, which is removed at the end unless `install` has moved it there.

    What a killed run left is removed, too. Raises `Problems` if something has the name of the new folder already, or if
    nothing can be written there.
    """
    _stop_if_existing(folder)
    staged = folder.parent / f"{_STAGED}{hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:8]}{_SUFFIX}"
    try:
        _make_folder(folder.parent)
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir()
    except OSError as error:
        _stop_at(folder, error)
    try:
        yield staged
    except OSError as error:
        # What is refused when it is written, as on a full disk, has no name.
        where = staged if error.filename is None else Path(os.fsdecode(error.filename))
        if isinstance(error, BrokenPipeError) or not where.is_relative_to(staged):
            raise
        _stop_at(folder, error)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def install(staged: Path, folder: Path) -> None:
    """Give a staged folder its name at once, with everything in it on the disk. Raises `Problems` as above."""
    try:
        for path in (*staged.rglob("*"), staged):
            _flush(path)
        _stop_if_existing(folder)
        staged.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        _stop_at(folder, error)


def _stop_if_existing(folder: Path) -> None:
    """Raise `Problems` if there is already something with the name of a folder that is to be new."""
    if os.path.lexists(folder):
        what = "folder" if folder.is_dir() else "file"
        hint = f"{name_another_folder(folder)}, or move this one away"
        stop(folder.as_posix(), "there-already", f"this {what} already exists", hint)


def name_another_folder(folder: Path) -> str:
    """Return a hint with a path of which there is nothing yet: one like that of the folder, or inside it."""
    like = folder if folder.name not in ("", os.pardir) else folder / "deck"
    names = (like if number == 1 else Path(f"{like}-{number}") for number in count(1))
    free = next(name for name in names if not os.path.lexists(name))
    return f"name another folder, such as {for_a_shell(free.as_posix())}"


def _flush(path: Path) -> None:
    if path.is_dir():
        sync_folder(path)
        return
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def remove_file(path: Path) -> None:
    """Remove a file for good, if the system lets us."""
    with contextlib.suppress(OSError):
        path.unlink()
        sync_folder(path.parent)


def _stop_at(path: Path, error: OSError) -> NoReturn:
    _stop_at_files_above(path)
    hint = _HINTS.get(error.errno or 0, _DEFAULT_HINT)
    if os.path.exists(path):  # noqa: PTH110  unlike the method of Path, it accepts any name
        hint += "; the old file is unchanged"
    stop(path.as_posix(), "unwritable", f"the file cannot be written: {error.strerror}", hint)


def _stop_at_files_above(path: Path) -> None:
    """Raise `Problems` if something in a path that should be a folder is not one."""
    for above in path.parents:
        if os.path.lexists(above) and not above.is_dir():
            what = "link that does not lead to a folder" if above.is_symlink() else "file"
            stop(above.as_posix(), "unwritable", f"there is a {what} where a folder should be", "move it elsewhere")


def _followed(path: Path) -> Path:
    """Return where a path leads. A link stays a link, and the file that it points to is replaced, or made if missing.

    Raises OSError if links lead back to themselves.
    """
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    return target


def _staged(path: Path, data: Data) -> Path:
    """Return a new file beside `path` with these bytes and with the permissions of `path`."""
    _make_folder(path.parent)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    # The name shows which file it is for, so that a file left by a killed run is recognized, even among several decks.
    prefix = f"{_STAGED}{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]}-"
    clear_staged(path.parent, prefix)
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=_SUFFIX, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            if isinstance(data, bytes):
                file.write(data)
            else:
                data(file)
            file.flush()
            os.chmod(name, mode)  # before the bytes are flushed, so that the permissions are on the disk as well
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    return Path(name)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it if they are missing, so that they survive a power cut."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        sync_folder(made.parent)


def clear_staged(folder: Path, prefix: str = _STAGED) -> None:
    """Delete the files that were staged in a folder and never moved into place."""
    with contextlib.suppress(OSError):
        for left in folder.glob(f"{prefix}*{_SUFFIX}"):
            left.unlink()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut, if the system can open folders."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
