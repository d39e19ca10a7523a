"""The SHA-256 of files, remembered by their size and times, so that nothing is read twice for nothing."""

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cuedeck.patterns import regex
from cuedeck.problems import Problems

CHANGED = "changed-meanwhile"
"""The code of the problem that a file has other bytes than a moment before."""

PIECE = 256 * 1024
"""How many bytes are read at once: with more, Python asks the system for new memory each time, and takes longer."""

# A file may be written twice within the smallest step of a disk's clock. So what was read this shortly after it was
# written is not remembered; the coarsest clock, that of FAT, has steps of two seconds.
_FRESH = 3_000_000_000
_LARGEST = 16 * 1024 * 1024  # bytes of what is remembered
_MOST = 20_000  # files that are remembered although this run did not ask for them
_STAGED, _SUFFIX = "media-", ".new"
_SHA256 = regex(r"[0-9a-f]{64}")


State = tuple[int, int, int, int]
"""What changes whenever somebody writes to a file: its size, both of its times in nanoseconds, and its number."""


def state_of(status: os.stat_result) -> State:
    """Return the state of a file."""
    # Whoever writes to a file can put its time back, but not that of its last change, which Windows does not have.
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


class Digest(NamedTuple):
    """The SHA-256 of a file's bytes in hexadecimal digits.

    `read_in` is the state of the file in which this run read it, if any later change would show in its state; None if
    the digest was remembered, or if the file was written a moment before.
    """

    sha256: str
    read_in: State | None = None


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal digits."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            whole.update(piece)
    return whole.hexdigest()


class Digests:
    """The SHA-256 of files, as far as they are remembered in a file of the state folder.

    What is remembered only saves time. It is never trusted when a package is written: there, the bytes count.
    """

    def __init__(self, memory: Path | None = None) -> None:
        """Begin with what a file remembers, if one is given; it may be missing, damaged or forged."""
        self._memory = memory
        self._known = _read(memory) if memory else {}
        self._used: dict[str, list[Any]] = {}
        self._is_new = False

    def of(self, where: Path, path: str, digest: Callable[[Path], str] = sha256_of) -> Digest:
        """Return the digest of the file `where`, which is remembered under `path`. Raises OSError."""
        state = state_of(where.stat())
        known = self._used.get(path) or self._known.get(path)
        if known and known[:-1] == [*state]:
            self._used[path] = known
            return Digest(str(known[-1]))
        begun = time.time_ns()
        sha256 = digest(where)
        self._is_new = True
        if begun - max(state[1:3]) < _FRESH or not _SHA256.fullmatch(sha256):
            self._known.pop(path, None)
            return Digest(sha256)
        self._used[path] = [*state, sha256]
        return Digest(sha256, state)

    def remember(self) -> None:
        """Write down what was read, if that is more than was remembered. A disk that refuses it only costs time."""
        if not self._memory or not self._is_new:
            return
        folder = self._memory.parent
        if folder.is_symlink() or not folder.is_dir():
            return
        import tempfile  # here because most runs read nothing new

        # Other decks in the folder have files of their own.
        kept = {**self._known, **self._used} if len(self._known) < _MOST else self._used
        with contextlib.suppress(OSError):
            for left in folder.glob(f"{_STAGED}*{_SUFFIX}"):  # by a run that was killed
                left.unlink()
            # A new file, since a stranger's folder may have a link under any name that is known beforehand.
            handle, temporary = tempfile.mkstemp(prefix=_STAGED, suffix=_SUFFIX, dir=folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(json.dumps(kept).encode())
                os.replace(temporary, self._memory)
            except BaseException:
                os.unlink(temporary)
                raise

    @contextlib.contextmanager
    def doubted(self) -> Iterator[None]:
        """Forget everything if a file has other bytes than expected while it is packed in this context.

        What was remembered may have been wrong, and the next run would expect the same bytes again.
        """
        try:
            yield
        except Problems as found:
            if self._memory and any(each.rule == CHANGED for each in found.problems):
                with contextlib.suppress(OSError):
                    self._memory.unlink()
            raise


def _read(memory: Path) -> dict[str, list[Any]]:
    try:
        if not memory.is_file() or memory.stat().st_size > _LARGEST:  # reading from a pipe might wait forever
            return {}
        data = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {path: entry for path, entry in data.items() if _is_entry(entry)} if isinstance(data, dict) else {}


def _is_entry(entry: object) -> bool:
    return isinstance(entry, list) and len(entry) == 5 and _SHA256.fullmatch(str(entry[-1])) is not None
