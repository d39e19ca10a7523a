"""The package of the last build, which contains what the lock does not."""

import json
from functools import cache
from pathlib import Path

from cuedeck.disk.workspace import Workspace
from cuedeck.history.lock import Lock
from cuedeck.history.snapshot import Snapshot
from cuedeck.package.contents import MANIFEST
from cuedeck.package.opening import members_of, read_member, read_members
from cuedeck.problems import Problems
from cuedeck.updating.holdings import Last


def last_package(workspace: Workspace, lock: Lock, own: str) -> Last:
    """Return a function that reads the package of the last build, once; it returns None if there is none.

    `own` is the id that the deck has now. If the package is gone, a kept package of a release does as well.
    """

    @cache
    def last() -> Snapshot | None:
        release = lock.last_release
        kept = [workspace.release(release.deck, release.version)] if release else []
        built = (workspace.package(lock.deck), workspace.package(own))
        for path in (*built, *kept, *workspace.kept_packages(lock.deck)):
            if path.is_file() and (snapshot := packed_in(path)) and snapshot.namespace == lock.namespace:
                return snapshot
        return next(filter(None, map(_in_git, kept)), None)

    return last


def snapshot_in_git(path: Path) -> Snapshot | None:
    """Return what a package in git contains; None if git has none. Raises `Problems` if it cannot be read."""
    from cuedeck.git.committed import committed  # here because few checks need it
    from cuedeck.package.database import read_snapshot

    data = committed(path)
    return read_snapshot(members_of(data, f"{path.as_posix()} as committed"), path) if data else None


def _in_git(path: Path) -> Snapshot | None:
    try:
        return snapshot_in_git(path)
    except Problems:
        return None


def packed_in(path: Path) -> Snapshot | None:
    """Return what a package contains; None if it cannot be read."""
    from cuedeck.package.database import read_snapshot  # here because few checks need it

    try:
        return read_snapshot(read_members(path), path)
    except Problems:
        return None


def namespace_in(path: Path) -> str:
    """Return the namespace that a package says it has, without reading its notes; "" if it says none."""
    if not path.is_file():  # reading from a pipe might wait forever
        return ""
    try:
        manifest = json.loads(read_member(path, MANIFEST) or b"{}")
    except (Problems, ValueError, RecursionError):
        return ""
    return str(manifest.get("namespace", "")) if isinstance(manifest, dict) else ""
