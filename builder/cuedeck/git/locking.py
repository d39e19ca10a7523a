"""Git's own way to replace a file that others read: a lock beside it, which takes its place when it is whole."""

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
"""How long to wait for a lock, in seconds: an editor that looks at a repository holds one for a moment."""
_PAUSE = 0.02


class Held(Exception):
    """Somebody else holds a lock, and for longer than a moment."""

    def __init__(self, lock: Path) -> None:
        super().__init__(lock)
        self.lock = lock


class Lock:
    """The lock of a file, which nobody else may replace meanwhile; it stays as it is until `put`."""

    def __init__(self, path: Path) -> None:
        self.path, self._held = path, False

    def take(self, like: Path) -> bool:
        """Make the lock, with the rights of the file, or of another one where it is new.

        Returns False where somebody else holds it.
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
        """Write the new file, onto the disk; `modified` is when it was last modified, in nanoseconds."""
        with lock_of(self.path).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if modified is not None:
            os.utime(lock_of(self.path), ns=(modified, modified))

    def put(self) -> None:
        """Put the new file into its place. Raises OSError where that cannot be done; the old one is whole then."""
        remove_empty_folders(self.path)
        with undisturbed():
            os.replace(lock_of(self.path), self.path)
            self._held = False
        sync_folder(self.path.parent)

    def drop(self) -> None:
        """Take the lock away if it is still there, so that the file stays what it was."""
        if self._held:
            with contextlib.suppress(OSError):
                lock_of(self.path).unlink()
            self._held = False


def lock_of(path: Path) -> Path:
    """Return what the lock of a file is called."""
    return path.with_name(f"{path.name}.lock")


@contextlib.contextmanager
def locked(path: Path, like: Path) -> Iterator[Lock]:
    """Hold the lock of a file, made with the rights of another one where the file is new.

    Raises `Held` where somebody else does, OSError where no lock can be made.
    """
    lock = Lock(path)
    try:
        if not _before_long(lambda: lock.take(like)):
            raise Held(lock_of(path))
        yield lock
    finally:
        lock.drop()


def is_held(path: Path) -> bool:
    """Return whether somebody holds the lock of a file, and for longer than a moment."""
    return not _before_long(lambda: not os.path.lexists(lock_of(path)))


def _before_long(succeeds: Callable[[], bool]) -> bool:
    """Return whether something that is tried again and again succeeds within a moment."""
    until = monotonic() + _PATIENCE
    while not succeeds():
        if monotonic() >= until:
            return False
        sleep(_PAUSE)
    return True


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Put off the signals that end a program until a few steps are done that belong together."""
    came: list[int] = []
    former = {}
    if threading.current_thread() is threading.main_thread():  # no other one may say what signals do, or gets them
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
    """Return the path of a file in a repository. Raises OSError where a link leads to it, which may lead anywhere."""
    path = root
    for part in Path(name).parts:
        path /= part
        if path.is_symlink():
            raise OSError(errno.ELOOP, "it is a link", str(path))
    return path


def make_folder(folder: Path) -> None:
    """Make a folder where it is missing, and those above it, each with the rights of the one that it lies in."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        os.chmod(folder, folder.parent.stat().st_mode & 0o7777)
        sync_folder(folder.parent)


def remove_empty_folders(path: Path) -> None:
    """Remove a folder that holds nothing but folders, as git leaves them where references were."""
    if path.is_dir():
        for folder, _, _ in os.walk(path, topdown=False):
            os.rmdir(folder)  # noqa: PTH106  as its kin
