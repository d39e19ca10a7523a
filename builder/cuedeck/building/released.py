"""Packages that learners have, found in the folder or in git, and what another package changes for them."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import NoReturn

from cuedeck.building.lastpackage import packed_in, snapshot_in_git
from cuedeck.building.loading import Checked
from cuedeck.deck.values import EXAMPLE_NAMESPACES
from cuedeck.disk.workspace import PACKAGE
from cuedeck.git.committed import committed, how_to_check_out
from cuedeck.history.lock import Release
from cuedeck.history.snapshot import Snapshot
from cuedeck.history.stamping import guid_of
from cuedeck.media.files import FETCH
from cuedeck.package.database import read_snapshot
from cuedeck.package.newerform import in_older_form
from cuedeck.package.opening import Packed, members_of, read_members
from cuedeck.problems import Problems, stop
from cuedeck.records import dataclass
from cuedeck.updating.changes import Changes
from cuedeck.updating.corrections import NO_CORRECTIONS, Corrections, corrections_between
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.matching import Unedited, changes_between
from cuedeck.updating.package_hazards import update_hazards
from cuedeck.wording import did_you_mean, nearest

_ZIP = b"PK"
_SOURCES = (".yaml", ".yml")


@dataclass(frozen=True)
class Comparison:
    """What becomes of every note, and what harm that may do.

    `old` and `new` name what was compared; `remark` explains why, if that is not what one would expect. `drafts` are
    sentences on what happens to those who have the older package, if it is a draft. `accepted` are the keys of the
    hazards that do not stop a build. `is_bridged` is as in `HandedOut`.
    """

    old: str
    new: str
    changes: Changes
    hazards: tuple[Hazard, ...]
    remark: str = ""
    drafts: tuple[str, ...] = ()
    accepted: frozenset[str] = frozenset()
    is_bridged: bool = False

    @cached_property
    def corrections(self) -> Corrections:
        """What a text can bring to learners who have the older package; nothing if that is a draft."""
        if not self.changes.old.version:
            return NO_CORRECTIONS
        refused = {hazard.subject for hazard in self.hazards if hazard.refused and hazard.key not in self.accepted}
        return corrections_between(self.changes, refused=refused)

    @property
    def is_refused(self) -> bool:
        """Whether a build is refused because of it."""
        return any(hazard.refused and hazard.key not in self.accepted for hazard in self.hazards)


@dataclass(frozen=True)
class HandedOut:
    """A package that learners have, with its name in messages. `remark` is as in `Comparison`.

    It `is_bridged` if another tool made it, and its learners import a bridge before they import the newer one.
    """

    name: str
    snapshot: Snapshot
    remark: str = ""
    is_bridged: bool = False


def is_package(path: Path) -> bool:
    """Return whether a file is a package rather than a cards.yaml, by its name or its first bytes.

    Raises `Problems` if it can be neither. For a file that does not exist, the name decides.
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
    """Return what a package contains; `namespace` is as for `read_snapshot`. Raises `Problems` as `read_named` does."""
    return read_snapshot(read_named(path), path, namespace)


def read_named(path: Path) -> Packed:
    """Return the files in a package that the author named, as Anki's older format has them.

    Raises `Problems` if there is no such package.
    """
    if not path.exists():
        there = sorted(each.as_posix() for each in path.parent.glob(f"*{PACKAGE}"))
        hint = did_you_mean(*nearest(path.as_posix(), there)) or "name a package that exists"
        stop(path.as_posix(), "no-file", "there is no such file", hint)
    return in_older_form(read_members(path), path)


def stop_at_another_deck(path: Path) -> NoReturn:
    """Raise `Problems` for a package that would overwrite that of another deck."""
    stop(
        path.as_posix(),
        "package-of-another-deck",
        "the package of another deck already has this name",
        "give this deck another id, or move that package elsewhere",
    )


def own_package(path: Path, checked: Checked) -> Snapshot | None:
    """Return what the deck's package contains at the path where the next one goes; None if none can be read there.

    Raises `Problems` if it is the package of another deck; but a draft with the namespace of an example is nobody's.
    """
    there = packed_in(path) if path.is_file() else None
    if there and there.namespace in EXAMPLE_NAMESPACES and not there.releases:
        return there
    if there and there.namespace != checked.deck.about.namespace:
        stop_at_another_deck(path)
    return there


def kept_package(path: Path) -> Packed | None:
    """Return the files in the package that is kept of a release, in the folder or else in git.

    None if neither has it. Raises `Problems` if it is not a complete package.
    """
    if path.exists():
        return read_members(path)
    data = committed(path)
    return members_of(data, path.as_posix()) if data else None


def last_released(checked: Checked, release: Release) -> HandedOut | None:
    """Return the package of the last release, from the folder or from git; None if neither has it.

    Raises `Problems` if the file is another package.
    """
    path = checked.release_path(release)
    name = path.as_posix()
    if path.is_file():
        try:
            found = HandedOut(name, read_package(path))
        except Problems as broken:
            raise to_restore(broken, how_to_restore(path)) from None
    elif in_git := committed_package(path):
        found = in_git
    else:
        return None
    stop_at_other_release(found, release, checked)
    return found


def stop_at_other_release(found: HandedOut, release: Release, checked: Checked) -> None:
    """Raise `Problems` if a package is not that of a release, by what it says itself."""
    is_other = found.snapshot.namespace != checked.deck.about.namespace
    if is_other or found.snapshot.version != release.version:
        version = f"version {found.snapshot.version}" if found.snapshot.version else "a draft"
        is_ = f"{version} of another deck" if is_other else version
        message = f"this should be the package of version {release.version}, but it is {is_}"
        stop(found.name, "not-that-release", message, how_to_restore(checked.release_path(release)))


def how_to_restore(path: Path) -> str:
    """Return what to do if a kept package is not the one that was handed out."""
    try:
        in_git = committed(path)
        is_another = in_git is not None and not (path.is_file() and path.read_bytes() == in_git)
    except (Problems, OSError):
        is_another = False
    return "restore the package that was handed out" + (f": {how_to_check_out(path)}" if is_another else "")


def to_restore(broken: Problems, hint: str) -> Problems:
    """Return the problems of a kept package with a hint, but for those that are not about its contents."""
    return Problems(
        each if each.rule in ("git-broken", "unreadable") or each.hint == FETCH else replace(each, hint=hint)
        for each in broken.problems
    )


def committed_package(path: Path) -> HandedOut | None:
    """Return a package as committed in git; None if git has none."""
    found = snapshot_in_git(path)
    return HandedOut(f"{path.as_posix()} as committed", found) if found else None


def side_by_side(before: HandedOut, new_name: str, new: Snapshot, source: Checked | None = None) -> Comparison:
    """Return the comparison of two snapshots. Raises `Problems` if they are two decks.

    `source` is what the newer one was built from, with its hazards, since packages do not show all of them.
    """
    old = before.snapshot
    changes = changes_between(old, new, _unedited(source) if source else None)
    strange = old.namespace != new.namespace and not old.notes.keys() & new.notes.keys()
    # A deck of another tool has no namespace, and may be the same deck although all its notes have other guids.
    if old.notes and strange and (all((old.namespace, new.namespace)) or "doubled" not in changes.counts):
        stop(
            new_name,
            "another-deck",
            f"this has no note in common with {before.name}: for Anki, they are two decks",
            "compare two packages of the same deck",
        )
    hazards = _with_another_main(update_hazards(changes), source.hazards if source else ())
    if before.is_bridged:
        hazards = tuple(each for each in hazards if each.key not in _INHERENT)
    return Comparison(before.name, new_name, changes, hazards, before.remark, is_bridged=before.is_bridged)


# What no edit causes: notes that come from another tool are replaced in any case, and adopt says what becomes of tags.
_INHERENT = frozenset({"mass-update:nothing", "mass-update:tags"})


def _unedited(source: Checked) -> Unedited:
    """Return, by guid, since when nobody has edited the notes that this version of the program renders differently."""
    found = {}
    for note in source.notes:
        if note.earlier and (known := source.known.get(note.id)):
            states = ((known.content, known.time), (known.released_content, known.released))
            times = [time for content, time in states if content in note.earlier]
            found[guid_of(note, known, source.lock.namespace)] = times
    return found


def _with_another_main(shown: Iterable[Hazard], met: Iterable[Hazard]) -> tuple[Hazard, ...]:
    """Return hazards, with that of another main source instead of those that only repeat its consequences."""
    another = [hazard for hazard in met if hazard.name == "main-source-gone"]
    named = {note for hazard in another for note in hazard.notes}
    return (*another, *(each for each in shown if not (each.name == "mass-update" and named.issuperset(each.notes))))
