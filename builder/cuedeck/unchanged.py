"""Whether a build would do anything, told at once from the record that the last one left in the state folder.

A record holds the inputs of a build that would do nothing if it were done again, and what that build would print. Two
kinds of builds leave one: those that wrote nothing, whose warnings come again with the same inputs; and those that had
nothing to warn of, since only an edit brings new warnings, and to the lock that they wrote there is none.

cards.yaml, the lock and the package count by a digest of their bytes. The code counts by the files of all modules that
were loaded and all that lies in this package: by size, inode, and times, of which no program can set the second one.
SQLite and zlib do not count: the members of a package are the same with all versions of them. SOURCE_DATE_EPOCH does
not count either, since only what changes takes the time of a build. A build that is at work in the same folder is not
waited for: as long as it has written nothing, all is as it was.
"""

import contextlib
import hashlib
import json
import os
import stat
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_BEGUN = time.time_ns()
_HERE = Path(__file__).parent
# As in cuedeck.disk.storing, which takes long to load.
_STATE_FOLDER = ".cuedeck"
_STAGED = ".cuedeck-*.tmp"
_MOST_DIGITS = 18  # of a time in seconds: far more than there are seconds


@dataclass(frozen=True)
class Outcome:
    """What a build that does nothing prints: warnings, and what is in the package, whose size is in bytes."""

    package: str
    size: int
    notes: int
    cards: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """A file at one moment: the digest of its bytes, and the marks that tell whether it was touched since."""

    digest: str
    marks: list[int] | None


def seen(path: Path) -> Seen:
    """Return what a file is now; its digest is "" where there is no regular file that can be read."""
    marks = _marks(path)
    return Seen(_digest(path), marks)


def digests(read: Mapping[Path, Seen], left: Mapping[Path, bytes]) -> dict[Path, str]:
    """Return the digests of the files that a build has read, or of the bytes that it has left in them.

    Empty where one of the files that were read and not written is no longer what it was then.
    """
    written = {path: _digest_of(data) for path, data in left.items()}
    kept = {path: before for path, before in read.items() if path not in written}
    if any(before != seen(path) for path, before in kept.items()):
        return {}
    return {**{path: before.digest for path, before in kept.items()}, **written}


def _digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def unchanged(cards: Path, output: Path | None) -> Outcome | None:
    """Return what building `cards` again would print, where that would do nothing; None where it may do something.

    What a build may refuse counts as something. `output` is the package that was asked for, None for the default.
    """
    try:
        record = _load(_record_path(cards))
        same = (
            record["asked"] == _asked(cards, output)
            and all(_marks(path) == marks for path, marks in record["code"].items())
            and all(_place(path) == place for path, place in record["kept"].items())
            and all(_place(path) == place for path, (place, _) in record["files"].items())
            and all(_digest(path) == digest for path, (_, digest) in record["files"].items())
        )
        outcome = Outcome(**{**record["outcome"], "warnings": tuple(record["outcome"]["warnings"])})
        folders = {Path(path).parent for path in record["files"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return outcome if same and _can_build(cards, folders) else None


def remember(
    cards: Path,
    output: Path | None,
    files: Mapping[Path, str],
    kept: Iterable[Path],
    outcome: Outcome,
    begun: int = _BEGUN,
) -> None:
    """Keep that building `cards` again would do nothing but print an outcome, as long as all inputs are as they are.

    `files` are the digests of what counts by its bytes; `kept` are packages of releases, which count by being there.
    Code that was touched since `begun`, in nanoseconds since 1970, may have been loaded before: then nothing is kept.
    Nor is it where it cannot be written; the next build is done in full.
    """
    code = {path: _marks(path) for path in sorted(_code())}
    if any(max(marks) >= begun for marks in code.values() if marks):
        return
    ignored = Path(cards.parent, _STATE_FOLDER, ".gitignore")
    with contextlib.suppress(OSError):
        record = {
            "asked": _asked(cards, output),
            "code": code,
            "kept": {str(path): _place(path) for path in kept},
            "files": {
                str(path): [_place(path), digest] for path, digest in {**files, ignored: _digest(ignored)}.items()
            },
            "outcome": asdict(outcome),
        }
        body = json.dumps(record).encode()
        _record_path(cards).write_bytes(_digest_of(body).encode() + b"\n" + body)


def _record_path(cards: Path) -> Path:
    return cards.parent / _STATE_FOLDER / f"{cards.name}.built"


def _load(path: Path) -> dict[str, Any]:
    """Return a record. Raises ValueError where it is not just what was written."""
    digest, _, body = path.read_bytes().partition(b"\n")
    if digest != _digest_of(body).encode():
        raise ValueError(path)
    record: dict[str, Any] = json.loads(body)
    return record


def _asked(cards: Path, output: Path | None) -> list[Any]:
    return [str(Path.cwd()), str(cards), str(output), __file__, sys.version, sys.executable, sys.path]


def _code() -> set[str]:
    """Return the files of all modules that are loaded, and everything in this package."""
    own = (path for path in _HERE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    loaded = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return {*map(str, own), *filter(None, loaded)}


def _marks(path: str | Path) -> list[int] | None:
    """Return what tells that a regular file was touched; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116  hundreds of files: a path would take twice the time
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return [found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns]


def _place(path: str | Path) -> list[Any]:
    """Return where a name leads, the size of the regular file there, and None where there is none."""
    marks = _marks(path)
    return [os.path.realpath(path), marks and marks[0]]


def _digest(path: str | Path) -> str:
    if _marks(path) is None:  # a pipe might never end
        return ""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _can_build(cards: Path, folders: Iterable[Path]) -> bool:
    """Whether nothing around the inputs keeps a build from its work, or gives it some.

    That is a time that is none, a folder that cannot be written, and what a killed run left half written in `folders`,
    which a build clears away.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    is_time = not given or (given.isdecimal() and len(given) <= _MOST_DIGITS)
    is_clear = not any(True for folder in folders for _ in folder.glob(_STAGED))
    return is_time and is_clear and os.access(cards.parent / _STATE_FOLDER / "build.lock", os.W_OK)
