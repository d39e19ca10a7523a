"""Two states of a deck side by side: a package that learners have, and another package or the current source."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.building import check, now, stamp
from builder.committed import committed
from builder.history.snapshot import Snapshot
from builder.package.database import read_snapshot
from builder.package.opening import members_of, read_members
from builder.problems import stop
from builder.updating.changes import Changes, compare
from builder.updating.hazards import Hazard
from builder.updating.package_hazards import update_hazards

PACKAGE = ".apkg"


@dataclass(frozen=True)
class Comparison:
    """What becomes of every note, and what harm may come with that. `old` and `new` say what was compared."""

    old: str
    new: str
    changes: Changes
    hazards: tuple[Hazard, ...]


def compare_decks(old: Path | None, new: Path) -> Comparison:
    """Return what a learner who has the package `old` gets from `new`, a package or a cards.yaml.

    Without `old` it is what was last handed out: the package of the last release, else the one that git has, else the
    one in the folder. Raises `Problems` where one of them cannot be read.
    """
    if new.suffix == PACKAGE:
        if old is None:
            stop(new.as_posix(), "no-package", "there is nothing to compare this with", "name the older package first")
        return comparison(old.as_posix(), _package(old), new.as_posix(), _package(new))
    checked = check(new, with_hazards=False)
    built = stamp(checked, max(now(), checked.lock.newest_time))
    current = read_snapshot(built.members, new)
    if old is not None:
        return comparison(old.as_posix(), _package(old), new.as_posix(), current)
    last = checked.lock.last_release
    release = checked.release_path(last) if last else None
    if release and release.is_file():
        return comparison(release.as_posix(), _package(release), new.as_posix(), current)
    path = checked.package_path
    data = committed(path)
    if data is None:
        return comparison(path.as_posix(), _package(path), new.as_posix(), current)
    name = f"{path.as_posix()} as committed"
    return comparison(name, read_snapshot(members_of(data, name), path), new.as_posix(), current)


def comparison(old_name: str, old: Snapshot, new_name: str, new: Snapshot) -> Comparison:
    """Return the comparison of two snapshots. Raises `Problems` where they are two decks."""
    if old.notes and not old.notes.keys() & new.notes.keys() and old.namespace != new.namespace:
        stop(
            new_name,
            "another-deck",
            f"this has no note in common with {old_name}: to Anki they are two decks",
            "compare two packages of one deck",
        )
    changes = compare(old, new)
    return Comparison(old_name, new_name, changes, tuple(update_hazards(changes)))


def _package(path: Path) -> Snapshot:
    files: Mapping[str, bytes] = read_members(path)
    return read_snapshot(files, path)
