"""Git's own way to replace a file that others read: write a lock file beside it, then rename that to its name."""

import contextlib
import errno
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

from cuedeck.disk.storing import sync_folder

_PATIENCE = 1.0
"""How long to wait for a lock, in seconds: an editor that looks at a repository takes one for a moment."""
_PAUSE = 0.02


class LockTaken(Exception):
    """Another program has had a lock for longer than a moment."""

    def __init__(self, lock: Path) -> None:
        super().__init__(lock)
        self.lock = lock


class Lock:
    """The lock of a file. Nobody else may replace the file meanwhile, and it stays as it is until `put`."""

    def __init__(self, path: Path) -> None:
        self.path, self._held = path, False

    def take(self, like: Path) -> bool:
        """Make the lock, with the permissions of the file, or those of `like` if the file is new.

        Returns False if another program has the lock.
        """
        make_folder(self.path.parent)
        lock = lock_of(self.path)
        with undisturbed():
            try:
                os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            except FileExistsError:
                return False
            self._held = True
        pattern = self.path if self.path.is_file() else like
        if pattern.is_file():
            os.chmod(lock, pattern.stat().st_mode & 0o777)
        return True

    def write(self, data: bytes, modified: int | None = None) -> None:
        """Write the new contents, and flush them to disk; `modified` is their modification time in nanoseconds."""
        with lock_of(self.path).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if modified is not None:
            os.utime(lock_of(self.path), ns=(modified, modified))

    def put(self) -> None:
        """Put the new file in place. Raises OSError if that fails; the old file is then unchanged."""
        remove_empty_folders(self.path)
        with undisturbed():
            os.replace(lock_of(self.path), self.path)
            self._held = False
        sync_folder(self.path.parent)

    def drop(self) -> None:
        """Remove the lock if it is still there, so that the file stays as it was."""
        if self._held:
            with contextlib.suppress(OSError):
                lock_of(self.path).unlink()
            self._held = False


def lock_of(path: Path) -> Path:
    """Return the path of a file's lock."""
    return path.with_name(f"{path.name}.lock")


@contextlib.contextmanager
def locked(path: Path, like: Path) -> Iterator[Lock]:
    """Hold the lock of a file, with the permissions of `like` if the file is new.

    Raises `LockTaken` if another program has it, OSError if no lock can be made.
    """
    lock = Lock(path)
    try:
        if not _before_long(lambda: lock.take(like)):
            raise LockTaken(lock_of(path))
        yield lock
    finally:
        lock.drop()


def is_held(path: Path) -> bool:
    """Return whether another program has the lock of a file for longer than a moment."""
    return not _before_long(lambda: not os.path.lexists(lock_of(path)))


def _before_long(succeeds: Callable[[], bool]) -> bool:
    """Return whether a function, called again and again, succeeds within a moment."""
    until = monotonic() + _PATIENCE
    while not succeeds():
        if monotonic() >= until:
            return False
        sleep(_PAUSE)
    return True


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Delay the signals that end a program until a few steps that belong together are done."""
    came: list[int] = []
    former = {}
    if threading.current_thread() is threading.main_thread():  # only this thread gets signals, and may handle them
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) not in (None, signal.SIG_IGN):
                former[number] = signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
        for first in came[:1]:
            signal.raise_signal(first)


def inside(root: Path, name: str) -> Path:
    """Return the path of a file in a repository. Raises OSError if a link is on the way, since it may lead anywhere."""
    path = root
    for part in Path(name).parts:
        path /= part
        if path.is_symlink():
            raise OSError(errno.ELOOP, "it is a link", str(path))
    return path


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, if they are missing, each with the permissions of its parent folder."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        os.chmod(folder, folder.parent.stat().st_mode & 0o7777)
        sync_folder(folder.parent)


def remove_empty_folders(path: Path) -> None:
    """Remove a folder that contains nothing but folders. Git leaves such folders when it deletes references."""
    if path.is_dir():
        for folder, _, _ in os.walk(path, topdown=False):
            os.rmdir(folder)  # noqa: PTH106  as os.walk above
