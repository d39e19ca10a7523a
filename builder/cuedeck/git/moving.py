"""Move what git did in a scratch repository to the real one: the index, the branch and the tag.

If git moved a reference in the real repository, it would run the hooks there and read the settings. So git moves
references in the scratch repository, and this module then puts what has changed in place. It uses the same locks as
git, and stops if the real references are no longer what was copied.
"""

import contextlib
import errno
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from cuedeck.disk.walking import files_below
from cuedeck.git.locking import Lock, inside, locked, make_folder, remove_empty_folders, undisturbed
from cuedeck.git.repository import Repository
from cuedeck.records import dataclass

HEAD = "HEAD"
TAGS = "refs/tags/"
_LIST = "reftable/tables.list"
_LONGEST = 4096  # of a file that contains a reference, in bytes
# References that belong to a single worktree, like HEAD.
_OF_A_WORKTREE = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")


class Moved(Exception):
    """Another program has meanwhile committed, or switched to another branch."""


class TagInTheWay(Exception):
    """Another program has meanwhile made the tag, or the one named here, beside which the tag cannot exist."""


class TagMissing(Exception):
    """Everything is done except for the tag, which cannot be put in place."""


@dataclass(frozen=True)
class Tip:
    """The reference that a commit moves, or HEAD if it is on no branch; and its commit, "" before the first."""

    name: str
    commit: str


@dataclass(frozen=True)
class Scratch:
    """The copy of a repository in which git has moved references, and its state before that."""

    folder: Path
    tip: Tip
    tables: bytes | None
    """The list of tables with the references, as it was copied; None if references are kept in files."""

    @property
    def copy(self) -> Repository:
        """The copy, as a repository."""
        return Repository(self.folder, self.folder, self.folder)


def scratch_of(folder: Path, tip: Tip, settings: Mapping[str, str]) -> Scratch:
    """Return the state of a scratch repository before git moves anything in it."""
    return Scratch(folder, tip, (folder / _LIST).read_bytes() if has_tables(settings) else None)


def has_tables(settings: Mapping[str, str]) -> bool:
    """Return whether a repository with these settings keeps its references in tables instead of files."""
    return settings.get("extensions.refstorage") == "reftable"


def move(found: Repository, scratch: Scratch, commit: str, tag: str, index: Lock) -> None:
    """Put the new index, branch and tag in place in a repository, whose index is locked.

    Raises `Moved`, `TagInTheWay`, `LockTaken` or OSError, with everything as it was, or `TagMissing`, with everything
    done except for the tag.
    """
    with undisturbed(), contextlib.ExitStack() as locks:
        if scratch.tables is not None:
            _move_tables(found, scratch, scratch.tables, index, locks)
        else:
            _move_files(found, scratch, commit, f"{TAGS}{tag}" if tag else "", index, locks)


def _move_files(
    found: Repository, scratch: Scratch, commit: str, tag: str, index: Lock, locks: contextlib.ExitStack
) -> None:
    tip = scratch.tip
    held = {
        name: locks.enter_context(locked(_place(found, name), like=found.own / HEAD))
        for name in dict.fromkeys((HEAD, tip.name, *filter(None, (tag,))))  # in the order in which git locks them
    }
    head = tip.commit if tip.name == HEAD else standing(scratch.copy, HEAD)
    if (standing(found, HEAD), standing(found, tip.name)) != (head, tip.commit):
        raise Moved
    if tag and (taken := is_taken(found, tag)):
        raise TagInTheWay(taken)
    changed = commit != tip.commit
    if standing(scratch.copy, tip.name) != commit:
        raise OSError(errno.EIO, "git has not moved it", tip.name)
    for name in (*([tip.name] if changed else []), *filter(None, (tag,))):
        held[name].write((scratch.folder / name).read_bytes())
    with _put_back_unless_done(found, scratch, index) as done:
        _append_logs(found, scratch, done)
        if changed:
            held[tip.name].put()
        done.pop_all()
    if tag:
        try:
            held[tag].put()
        except OSError as error:
            raise TagMissing(f"{error.strerror}: {error.filename}") from error


def _move_tables(found: Repository, scratch: Scratch, tables: bytes, index: Lock, locks: contextlib.ExitStack) -> None:
    """Put new tables beside the existing ones, and then the list of the tables that count, as git does."""
    real = inside(found.shared, _LIST)
    held = locks.enter_context(locked(real, like=real))
    if real.read_bytes() != tables:
        raise Moved
    new = (scratch.folder / _LIST).read_bytes()
    names = new.decode("ascii").split()
    with _put_back_unless_done(found, scratch, index) as done:
        for name in names:
            if not (real.parent / name).exists():
                table = done.enter_context(locked(real.parent / name, like=real))
                table.write((scratch.folder / "reftable" / name).read_bytes())
                table.put()
        held.write(new)
        held.put()
        done.pop_all()
    for name in {*tables.decode("ascii").split()} - {*names}:  # which git has merged into one
        with contextlib.suppress(OSError):
            inside(real.parent, name).unlink()


@contextlib.contextmanager
def _put_back_unless_done(found: Repository, scratch: Scratch, index: Lock) -> Iterator[contextlib.ExitStack]:
    """Put the new index in place, and put the old one back if a later step fails.

    The index comes first: if the power is cut after it, the files are merely staged. If the branch came first, a power
    cut would leave the old index, with which the next commit would undo this one.
    """
    new = scratch.folder / "index"
    old = (index.path.read_bytes(), index.path.stat().st_mtime_ns) if index.path.is_file() else None
    # By the time of the index, git knows which files may have been changed after it was written.
    index.write(new.read_bytes(), new.stat().st_mtime_ns)
    with contextlib.ExitStack() as steps:
        index.put()
        steps.callback(_put_back, index.path, old, found)
        yield steps


def _put_back(index: Path, old: tuple[bytes, int] | None, found: Repository) -> None:
    if old is None:
        index.unlink()
        return
    with locked(index, like=found.own / HEAD) as lock:
        lock.write(*old)
        lock.put()


def _append_logs(found: Repository, scratch: Scratch, steps: contextlib.ExitStack) -> None:
    """Append the lines that git has logged about its moves. They are removed again if a later step fails."""
    logs = scratch.folder / "logs"
    for log in sorted(each for each in files_below(logs) if each.stat().st_size):
        place = _place(found, log.relative_to(logs).as_posix(), "logs/")
        make_folder(place.parent)
        remove_empty_folders(place)
        is_new = not place.is_file()
        with place.open("ab") as file:
            size = file.tell()
            steps.callback(_cut, place, size)
            file.write(log.read_bytes())
        if is_new:
            os.chmod(place, (found.own / HEAD).stat().st_mode & 0o777)


def _cut(log: Path, size: int) -> None:
    if size:
        os.truncate(log, size)
    else:
        log.unlink()


def standing(found: Repository, name: str) -> str:
    """Return the contents of a reference in a repository that keeps them in files; "" if there is no such reference."""
    path = _place(found, name)
    if path.is_file():
        with path.open("rb") as file:
            return file.read(_LONGEST).decode("ascii", "replace").strip()
    packed = found.shared / "packed-refs"
    pattern = rb"^([0-9a-f]+) " + re.escape(os.fsencode(name)) + rb"$"
    line = re.search(pattern, packed.read_bytes(), re.MULTILINE) if packed.is_file() else None
    return line[1].decode() if line else ""


def is_taken(found: Repository, name: str) -> str:
    """Return the existing reference that prevents a new one: the same name, or a name that is a folder of the other.

    Returns "" if there is none.
    """
    parts = name.split("/")
    above = ["/".join(parts[:end]) for end in range(3, len(parts) + 1)]
    for each in above:
        if standing(found, each):
            return each
    below = (each for each in files_below(_place(found, name)) if each.suffix != ".lock")
    for path in below:
        return path.relative_to(found.shared).as_posix()
    return _packed_below(found, name)


def _packed_below(found: Repository, name: str) -> str:
    packed = found.shared / "packed-refs"
    pattern = rb"^[0-9a-f]+ (" + re.escape(os.fsencode(name)) + rb"/.*)$"
    line = re.search(pattern, packed.read_bytes(), re.MULTILINE) if packed.is_file() else None
    return os.fsdecode(line[1]) if line else ""


def _place(found: Repository, name: str, below: str = "") -> Path:
    """Return the path of a reference, or of a file about it in the folder `below`, such as its log.

    Raises OSError if a link is on the way.
    """
    own = name == HEAD or name.startswith(_OF_A_WORKTREE)
    return inside(found.own if own else found.shared, below + name)
