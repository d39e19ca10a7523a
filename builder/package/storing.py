"""Writing files so that the old one or the new one is whole, whatever happens in between."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from builder.problems import stop

_STATE_FOLDER = ".cuedeck"


def state_folder(folder: Path) -> Path:
    """Return the folder beside cards.yaml for what can be made again, made where it is missing; git ignores it.

    Raises `Problems` where nothing can be written.
    """
    state = folder / _STATE_FOLDER
    try:
        state.mkdir(exist_ok=True)
        ignore = state / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        _stop_unwritable(folder, error)
    return state


def _stop_unwritable(folder: Path, error: OSError) -> NoReturn:
    stop(
        folder.as_posix(),
        "unwritable",
        f"nothing can be written in this folder: {error.strerror}",
        "give yourself the right to write there",
    )


@contextlib.contextmanager
def alone_in(folder: Path, patience: float = 60) -> Iterator[None]:
    """Hold the folder's build lock: a second build waits, at most `patience` seconds, and then says so."""
    from filelock import FileLock, Timeout  # here because it costs start-up time that only writing needs

    state = state_folder(folder)
    try:
        lock = FileLock(state / "build.lock", timeout=patience)
        lock.acquire()
    except Timeout:
        stop(
            folder.as_posix(),
            "busy",
            "another build has been at work in this folder for a minute",
            "wait for it, or end it, and build again",
        )
    except OSError as error:
        _stop_unwritable(folder, error)
    try:
        yield
    finally:
        lock.release()


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
            # A link stays a link: what it points to is replaced.
            staged[path.resolve()] = _staged(path.resolve(), data)
        for path in list(staged):
            os.replace(staged[path], path)
            del staged[path]
            _sync_folder(path.parent)
    except OSError as error:
        stop(
            path.as_posix(),
            "unwritable",
            f"the file cannot be written: {error.strerror}",
            "look at its folder's rights and free space; the old file is as it was",
        )
    finally:
        for temporary in staged.values():
            with contextlib.suppress(OSError):
                temporary.unlink()


def _staged(path: Path, data: bytes) -> Path:
    """Return a new file beside `path` that holds the bytes and has its rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(prefix=".cuedeck-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    return Path(name)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can open a folder."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
