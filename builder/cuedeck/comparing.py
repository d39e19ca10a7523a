"""Two states of a deck side by side: a package that learners have, and another package or the current source."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from cuedeck.assembling import now, stamp
from cuedeck.checking import Checked, check
from cuedeck.git.committed import committed
from cuedeck.history.lock import Lock, Release
from cuedeck.history.snapshot import Snapshot
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import members_of, read_members
from cuedeck.problems import stop
from cuedeck.updating.changes import Changes
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.matching import changes_between
from cuedeck.updating.package_hazards import update_hazards
from cuedeck.wording import did_you_mean, nearest

PACKAGE = ".apkg"
_ZIP = b"PK"
_SOURCES = (".yaml", ".yml")
_TO_NAME_ONE = "name the package that learners have: cuedeck diff OLD.apkg"


@dataclass(frozen=True)
class Comparison:
    """What becomes of every note, and what harm may come with that.

    `old` and `new` say what was compared; `remark` says why, where that is not what one would expect.
    """

    old: str
    new: str
    changes: Changes
    hazards: tuple[Hazard, ...]
    remark: str = ""


@dataclass(frozen=True)
class HandedOut:
    """What learners have: a package by its name in messages. `remark` is as in `Comparison`."""

    name: str
    snapshot: Snapshot
    remark: str = ""


def compare_decks(old: Path | None, new: Path) -> Comparison:
    """Return what a learner who has the package `old` gets from `new`, a package or a cards.yaml.

    Without `old` it is what was last handed out: the package of the last release, else the one that git has, else the
    one in the folder. Raises `Problems` where one of them cannot be read.
    """
    if is_package(new):
        if old is None:
            stop(new.as_posix(), "no-package", "there is nothing to compare this with", "name the older package first")
        both = _both(old, new)
        return side_by_side(HandedOut(old.as_posix(), both[0]), new.as_posix(), both[1])
    checked = check(new, hazards="tell")
    namespace = checked.deck.deck.namespace
    before = HandedOut(old.as_posix(), read_package(old, namespace)) if old else _handed_out(checked)
    built = stamp(checked, max(now(), checked.lock.newest_time))
    accepted = accepted_since(before.snapshot, checked.lock)
    found = side_by_side(before, new.as_posix(), read_snapshot(built.members, new), accepted)
    return replace(found, hazards=(*found.hazards, *_refused_besides(checked.hazards, found.hazards)))


def _refused_besides(hazards: Iterable[Hazard], told: Collection[Hazard]) -> Iterator[Hazard]:
    """Yield what a build refuses because of the one before it, and what two packages do not show."""
    keys, names = {each.key for each in told}, {each.name for each in told}
    for hazard in hazards:
        if hazard.refused and hazard.key not in keys and not (hazard.harm.as_a_whole and hazard.name in names):
            yield hazard


def is_package(path: Path) -> bool:
    """Return whether a file is a package rather than a cards.yaml, by its name or its first bytes.

    Raises `Problems` where it can be neither. A file that is not there is what its name says.
    """
    if path.suffix.lower() == PACKAGE:
        return True
    if path.suffix.lower() in _SOURCES or not path.is_file():
        return False
    with path.open("rb") as file:
        beginning = file.read(1024)
    if b"\0" in beginning and not beginning.startswith(_ZIP):
        stop(path.as_posix(), "no-package", "this is neither a package nor a cards.yaml", "name an .apkg file")
    return beginning.startswith(_ZIP)


def read_package(path: Path, namespace: str = "") -> Snapshot:
    """Return what a package holds; `namespace` is as for `read_snapshot`. Raises `Problems` as `named_members` does."""
    return read_snapshot(named_members(path), path, namespace)


def _both(old: Path, new: Path) -> tuple[Snapshot, Snapshot]:
    """Return what two packages hold. One that tells no namespace is read with that of the other."""
    before, after = read_package(old), read_package(new)
    if after.namespace and not before.namespace:
        return read_package(old, after.namespace), after
    if before.namespace and not after.namespace:
        return before, read_package(new, before.namespace)
    return before, after


def named_members(path: Path) -> dict[str, bytes]:
    """Return the files in a package that the author named. Raises `Problems` where there is none of that name."""
    if not path.exists():
        there = sorted(each.as_posix() for each in path.parent.glob(f"*{PACKAGE}"))
        hint = did_you_mean(*nearest(path.as_posix(), there)) or "name a package that is there"
        stop(path.as_posix(), "no-file", "there is no such file", hint)
    return read_members(path)


def side_by_side(before: HandedOut, new_name: str, new: Snapshot, accepted: Collection[str] = ()) -> Comparison:
    """Return the comparison of two snapshots. Raises `Problems` where they are two decks.

    `accepted` are the keys of hazards that were accepted since the older one was made.
    """
    old = before.snapshot
    if old.notes and not old.notes.keys() & new.notes.keys() and old.namespace != new.namespace:
        stop(
            new_name,
            "another-deck",
            f"this has no note in common with {before.name}: to Anki they are two decks",
            "compare two packages of one deck",
        )
    changes = changes_between(old, new)
    return Comparison(before.name, new_name, changes, tuple(update_hazards(changes, accepted)), before.remark)


def accepted_since(old: Snapshot, lock: Lock) -> tuple[str, ...]:
    """Return the keys of the hazards that were accepted since a package was made."""
    made = next((each.time for each in lock.releases if each.version == old.version), old.newest_time)
    return tuple(each.hazard for each in lock.accepted if each.time > made)


def last_released(checked: Checked, release: Release) -> HandedOut | None:
    """Return the package of the last release, from the folder or from git; None where neither has it.

    Raises `Problems` where the file is the package of something else.
    """
    path = checked.release_path(release)
    name = path.as_posix()
    if path.is_file():
        found = HandedOut(name, read_package(path))
    elif in_git := _committed(path):
        found = in_git
    else:
        return None
    if found.snapshot.version != release.version:
        is_ = f"version {found.snapshot.version}" if found.snapshot.version else "a draft"
        stop(
            name,
            "not-that-release",
            f"this should be the package of version {release.version}, and is {is_}",
            f"bring it back as it was handed out: git checkout -- {name}",
        )
    return found


def _handed_out(checked: Checked) -> HandedOut:
    """Return what learners have, as far as can be told from the folder and git."""
    release = checked.lock.last_release
    if release and (found := last_released(checked, release)):
        return found
    path = checked.package_path
    if in_git := _committed(path):
        found = in_git
    elif path.is_file():
        found = HandedOut(path.as_posix(), read_package(path))
    else:
        _stop_at_nothing(checked, f"there is no package of this deck yet: {path.as_posix()}")
    if found.snapshot.namespace != checked.deck.deck.namespace:
        _stop_at_nothing(checked, f"there is no package of this deck yet: {path.as_posix()} is that of another")
    remark = ""
    if release:
        copy = checked.release_path(release).as_posix()
        remark = (
            f"the package of version {release.version}, {copy}, is missing: this is compared with {found.name} instead"
        )
    return replace(found, remark=remark)


def _committed(path: Path) -> HandedOut | None:
    """Return a package as git has it; None where git has none."""
    name = f"{path.as_posix()} as committed"
    data = committed(path)
    return HandedOut(name, read_snapshot(members_of(data, name), path)) if data else None


def _stop_at_nothing(checked: Checked, message: str) -> NoReturn:
    hint = _TO_NAME_ONE if checked.lock_path.exists() else f"build it with: cuedeck build; or {_TO_NAME_ONE}"
    stop(checked.cards.as_posix(), "nothing-to-compare", message, hint)
