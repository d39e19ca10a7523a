"""Packages that learners have, found in the folder or in git, and what they get from another."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from cuedeck.building.lastbuild import packed_in, snapshot_in_git
from cuedeck.building.loading import Checked
from cuedeck.disk.workspace import PACKAGE
from cuedeck.git.committed import committed
from cuedeck.history.lock import Release
from cuedeck.history.snapshot import Snapshot
from cuedeck.history.stamping import guid_of
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import members_of, read_members
from cuedeck.problems import Problems, stop
from cuedeck.updating.changes import Changes
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.matching import Unedited, changes_between
from cuedeck.updating.package_hazards import update_hazards
from cuedeck.wording import did_you_mean, for_a_shell, nearest

_ZIP = b"PK"
_SOURCES = (".yaml", ".yml")


@dataclass(frozen=True)
class Comparison:
    """What becomes of every note, and what harm may come with that.

    `old` and `new` say what was compared; `remark` says why, where that is not what one would expect. `drafts` are
    sentences on what those come to who have the older one, where that is a draft. `accepted` are the keys of hazards
    that a build goes on in spite of.
    """

    old: str
    new: str
    changes: Changes
    hazards: tuple[Hazard, ...]
    remark: str = ""
    drafts: tuple[str, ...] = ()
    accepted: frozenset[str] = frozenset()

    @property
    def is_refused(self) -> bool:
        """Whether a build is refused because of it."""
        return any(hazard.refused and hazard.key not in self.accepted for hazard in self.hazards)


@dataclass(frozen=True)
class HandedOut:
    """What learners have: a package by its name in messages. `remark` is as in `Comparison`."""

    name: str
    snapshot: Snapshot
    remark: str = ""


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
    """Return what a package holds; `namespace` is as for `read_snapshot`. Raises `Problems` as `read_named` does."""
    return read_snapshot(read_named(path), path, namespace)


def read_named(path: Path) -> dict[str, bytes]:
    """Return the files in a package that the author named. Raises `Problems` where there is none of that name."""
    if not path.exists():
        there = sorted(each.as_posix() for each in path.parent.glob(f"*{PACKAGE}"))
        hint = did_you_mean(*nearest(path.as_posix(), there)) or "name a package that is there"
        stop(path.as_posix(), "no-file", "there is no such file", hint)
    return read_members(path)


def stop_at_another_deck(path: Path) -> NoReturn:
    """Raise `Problems` for a package that would overwrite that of another deck."""
    stop(
        path.as_posix(),
        "package-of-another-deck",
        "the package of another deck is there already",
        "give this deck another id, or move that package away",
    )


def own_package(path: Path, checked: Checked) -> Snapshot | None:
    """Return what a package of the deck holds where the next one is to go; None where there is none that can be read.

    Raises `Problems` where it is that of another deck.
    """
    there = packed_in(path) if path.is_file() else None
    if there and there.namespace != checked.deck.about.namespace:
        stop_at_another_deck(path)
    return there


def kept_package(path: Path) -> tuple[bytes, dict[str, bytes]] | None:
    """Return the package that is kept of a release, and the files in it, from the folder or else from git.

    None where neither has it. Raises `Problems` where it is not a whole package.
    """
    if path.exists():
        files = read_members(path)  # which says what is wrong with it, before all of it is read
        return path.read_bytes(), files
    data = committed(path)
    return (data, members_of(data, path.as_posix())) if data else None


def last_released(checked: Checked, release: Release) -> HandedOut | None:
    """Return the package of the last release, from the folder or from git; None where neither has it.

    Raises `Problems` where the file is the package of something else.
    """
    path = checked.release_path(release)
    name = path.as_posix()
    back = f"bring it back as it was handed out: git checkout -- {for_a_shell(name)}"
    if path.is_file():
        try:
            found = HandedOut(name, read_package(path))
        except Problems as broken:
            raise Problems(replace(each, hint=back) for each in broken.problems) from None
    elif in_git := committed_package(path):
        found = in_git
    else:
        return None
    is_other = found.snapshot.namespace != checked.deck.about.namespace
    if is_other or found.snapshot.version != release.version:
        version = f"version {found.snapshot.version}" if found.snapshot.version else "a draft"
        is_ = f"{version} of another deck" if is_other else version
        message = f"this should be the package of version {release.version}, and is {is_}"
        stop(name, "not-that-release", message, back)
    return found


def committed_package(path: Path) -> HandedOut | None:
    """Return a package as git has it; None where git has none."""
    found = snapshot_in_git(path)
    return HandedOut(f"{path.as_posix()} as committed", found) if found else None


def side_by_side(before: HandedOut, new_name: str, new: Snapshot, source: Checked | None = None) -> Comparison:
    """Return the comparison of two snapshots. Raises `Problems` where they are two decks.

    `source` is what the newer one was built from, with its hazards: some of what it tells, no package shows.
    """
    old = before.snapshot
    changes = changes_between(old, new, _unedited(source) if source else None)
    strange = old.namespace != new.namespace and not old.notes.keys() & new.notes.keys()
    # A deck of another tool, which has no namespace, may be the same one in which all notes have other guids.
    if old.notes and strange and (all((old.namespace, new.namespace)) or "doubled" not in changes.counts):
        stop(
            new_name,
            "another-deck",
            f"this has no note in common with {before.name}: to Anki they are two decks",
            "compare two packages of one deck",
        )
    hazards = _with_another_main(update_hazards(changes), source.hazards if source else ())
    return Comparison(before.name, new_name, changes, hazards, before.remark)


def _unedited(source: Checked) -> Unedited:
    """Return since when nobody has edited the notes that this version of the program renders otherwise."""
    found = {}
    for note in source.notes:
        if note.earlier and (known := source.known.get(note.id)):
            states = ((known.content, known.time), (known.released_content, known.released))
            times = [time for content, time in states if content in note.earlier]
            found[guid_of(note, known, source.lock.namespace)] = times
    return found


def _with_another_main(shown: Iterable[Hazard], met: Iterable[Hazard]) -> tuple[Hazard, ...]:
    """Return hazards with that of another main source, which says why its notes are replaced: that is said once."""
    another = [hazard for hazard in met if hazard.name == "main-source-gone"]
    told = {note for hazard in another for note in hazard.notes}
    return (*another, *(each for each in shown if not (each.name == "mass-update" and told.issuperset(each.notes))))
