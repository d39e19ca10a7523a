"""The SHA-256 of files, remembered by their size and time, so that nothing is read twice for nothing."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_PIECE = 1024 * 1024
# A file may be written twice within the smallest step of a disk's clock. So what was read this shortly after it was
# written is not remembered; the coarsest clock, that of FAT, has steps of two seconds.
_FRESH = 3_000_000_000


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal digits."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            whole.update(piece)
    return whole.hexdigest()


class Digests:
    """The SHA-256 of files, as far as they are remembered in a file of the state folder.

    What is remembered only saves time. It is never trusted when a package is written: there, the bytes count.
    """

    def __init__(self, memory: Path | None = None) -> None:
        """Begin with what a file remembers, if one is given; it may be missing or damaged."""
        self._memory = memory
        self._known = _read(memory) if memory else {}
        self._used: dict[str, list[Any]] = {}
        self._is_new = False

    def of(self, where: Path, path: str, digest: Callable[[Path], str] = sha256_of) -> str:
        """Return the digest of the file `where`, which is remembered under `path`. Raises OSError."""
        status = where.stat()
        state = [status.st_size, status.st_mtime_ns, status.st_ino]
        known = self._used.get(path) or self._known.get(path)
        if known and known[:3] == state:
            sha256 = str(known[3])
        else:
            sha256 = digest(where)
            self._is_new = True
            if time.time_ns() - status.st_mtime_ns < _FRESH:
                return sha256
        self._used[path] = [*state, sha256]
        return sha256

    def remember(self) -> None:
        """Write down what was read, if that is more than was remembered. A disk that refuses it only costs time."""
        if self._memory and self._is_new and self._memory.parent.is_dir():
            temporary = self._memory.with_suffix(".new")
            try:
                temporary.write_text(json.dumps(self._used), encoding="utf-8")
                os.replace(temporary, self._memory)
            except OSError:
                pass


def _read(memory: Path) -> dict[str, list[Any]]:
    try:
        data = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {path: entry for path, entry in data.items() if isinstance(entry, list) and len(entry) == 4}
