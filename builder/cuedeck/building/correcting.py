"""The corrections that a release brings to learners of earlier ones: from which releases, and in which files."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, NoReturn

from cuedeck.building.confirming import stop_at_unconfirmed
from cuedeck.building.loading import Checked
from cuedeck.building.lostlocks import how_to_adopt
from cuedeck.building.released import HandedOut, how_to_restore, kept_package, stop_at_other_release, to_restore
from cuedeck.history.lock import Lock, Release
from cuedeck.history.snapshot import Snapshot
from cuedeck.package.contents import fingerprint
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import Packed, read_members
from cuedeck.problems import Place, Problem, Problems, stop
from cuedeck.records import dataclass
from cuedeck.rehearsal.rehearsing import added_by
from cuedeck.rehearsal.state import Package
from cuedeck.updating.changes import Changes
from cuedeck.updating.corrections import Corrections, Sheet, corrections_between, guids_in
from cuedeck.updating.matching import changes_between
from cuedeck.updating.package_hazards import update_hazards
from cuedeck.wording import for_a_shell, listed

# From how many releases before a release there are corrections without being asked for.
_SUPPORTED = 3
_KEY = ("deck", "supports")
# Why there are no corrections from a release, although nothing is wrong with the next one.
_NONE_FROM = ("release-missing", "corrections")


@dataclass(frozen=True)
class Base:
    """A release that learners have, with its package."""

    release: Release
    path: Path
    files: Packed
    snapshot: Snapshot


@dataclass(frozen=True)
class Correcting:
    """The corrections from each of the releases that learners may have, and warnings about those that have none."""

    pairs: tuple[tuple[Base, Corrections], ...] = ()
    remarks: tuple[Problem, ...] = ()

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """All files."""
        return tuple(sheet for _, corrections in self.pairs for sheet in corrections.sheets)

    def prove(self) -> None:
        """Raise `Problems` if Anki adds a note to anybody who imports one of the files."""
        for base, corrections in self.pairs:
            prove(base, corrections)


def corrections_to(checked: Checked, new: Snapshot, time: int, lock: Lock, last: Path | None = None) -> Correcting:
    """Return the corrections that a release brings, made at a time in seconds since 1970, whose package has `new`.

    `lock` and `last` are as in `corrections_from` and `bases_before`. Raises `Problems` as they do.
    """
    bases, remarks = bases_before(checked, time, last)
    return Correcting(tuple((base, corrections_from(base, bases, new, lock)) for base in bases), remarks)


def release_of(checked: Checked, version: str) -> Release:
    """Return the release with a version. Raises `Problems` if the deck was never released under it."""
    releases = sorted(checked.lock.releases, key=lambda each: each.time)
    found = next((each for each in reversed(releases) if each.version == version), None)
    return found or _stop_at_unknown(checked, version, [each.version for each in releases])


def _stop_at_unknown(checked: Checked, version: str, known: Sequence[str]) -> NoReturn:
    lock = checked.workspace.lock
    message = f"{lock.name} does not know a release {version}, so there are no corrections from it or to it"
    instead = f"name one that it knows: {listed(known)}" if known else ""
    if version in checked.deck.about.supports:
        hint = instead or 'remove "supports:"'
        raise Problems([Problem(checked.locate(_KEY, "value", version), message, "corrections", hint, keys=_KEY)])
    adopt = how_to_adopt(checked.workspace, checked.deck.about.id)
    restore = f"if the lock was lost, restore it from git, or recreate it with: {adopt}"
    release = f"if the deck was never released, release it: cuedeck release {version}"
    stop(lock.as_posix(), "corrections", message, f"{instead or release}; {restore}")


def base_of(checked: Checked, release: Release, given: Path | None = None) -> Base:
    """Return a release with its package: the one that is kept, in the folder or in git, or the one that is `given`.

    Raises `Problems` if it is missing, or is not what was handed out, or if another release has the same version.
    """
    if sum(each.version == release.version for each in checked.lock.releases) > 1:
        raise Problems([_doubled(checked, release)])
    path = given or checked.release_path(release)
    try:
        files = read_members(path) if given else kept_package(path)
        snapshot = read_snapshot(files, path) if files else None
    except Problems as broken:
        hint = (
            f"{how_to_restore(path)}; if it is lost, delete this file, and commit that if git has it: then there are "
            "no corrections from it"
        )
        raise to_restore(broken, hint) from None
    if files is None or snapshot is None:
        raise Problems([_missing(path, release)])
    stop_at_other_release(HandedOut(path.as_posix(), snapshot), release, checked)
    if release.files_digest and fingerprint(files.digests()) != release.files_digest:
        stop_at_unconfirmed(path, release)
    return Base(release, path, files, snapshot)


def _doubled(checked: Checked, release: Release) -> Problem:
    return Problem(
        Place(checked.workspace.lock.as_posix()),
        f"two branches released {release.version}, so learners cannot tell by the version which of the two they have: "
        "there are no corrections from it",
        "corrections",
        "the package of the next release brings them everything; "
        f'remove {release.version} from "supports:" if it is there',
    )


def _missing(path: Path, release: Release) -> Problem:
    file = for_a_shell(path.as_posix())
    return Problem(
        Place(path.as_posix()),
        f"the package of version {release.version} is missing, so there are no corrections from it",
        "release-missing",
        # The last commit lacks it, too, or it would have been taken from there.
        f"restore it from an earlier commit: git checkout COMMIT -- {file}, where COMMIT is the first that this lists: "
        f"git log --format=%h --diff-filter=AM -- {file}; if there is none, the package is lost, and there can be no "
        f'corrections from it: remove {release.version} from "supports:" if it is there',
    )


def bases_before(checked: Checked, time: int, last: Path | None = None) -> tuple[tuple[Base, ...], tuple[Problem, ...]]:
    """Return the releases before a time from which there are corrections, newest first, and warnings about the others.

    They are the last three, and those that cards.yaml names. `last` is the package of the last one if it is not kept.
    Raises `Problems` if the package of one of them cannot be used, or if that of one that cards.yaml names is missing.
    """
    named = {version: release_of(checked, version) for version in checked.deck.about.supports}
    earlier = {each.version: each for each in sorted(checked.lock.releases, key=lambda each: each.time)}
    known = sorted((each for each in earlier.values() if each.time < time), key=lambda each: each.time, reverse=True)
    bases: list[Base] = []
    warnings: list[Problem] = []
    for number, release in enumerate(known):
        if number >= _SUPPORTED and release.version not in named:
            continue
        try:
            bases.append(base_of(checked, release, last if number == 0 else None))
        except Problems as found:
            # That a package is lost is no reason not to release; but if it cannot be read, it may be there again soon.
            if release.version in named or any(each.rule not in _NONE_FROM for each in found.problems):
                raise
            warnings += [replace(each, level="warning") for each in found.problems]
    return tuple(bases), tuple(warnings)


def corrections_from(base: Base, bases: Collection[Base], new: Snapshot, lock: Lock) -> Corrections:
    """Return the corrections from one release to a later one, whose package contains `new`.

    `bases` are all releases that learners may have, and `lock` has the hazards that were accepted. Raises `Problems` if
    a file would add a note to somebody.
    """
    changes = changes_between(base.snapshot, new)
    others = [each.snapshot for each in bases if each is not base]
    found = corrections_between(changes, others, _refused(changes, base, lock))
    for sheet in found.sheets:
        if strange := sorted(set(guids_in(sheet.data)) - base.snapshot.notes.keys()):
            _stop_at_added(base, strange)
    return found


def _refused(changes: Changes, base: Base, lock: Lock) -> set[str]:
    """Return the ids of notes with a hazard at which a package stops, and which nobody has accepted since a release."""
    accepted = {each.hazard for each in lock.accepted if each.time > base.release.time}
    return {each.subject for each in update_hazards(changes) if each.refused and each.key not in accepted}


def prove(base: Base, corrections: Corrections) -> None:
    """Raise `Problems` if Anki adds a note when somebody imports corrections; only tried if its library is there."""
    if not corrections.sheets:
        return

    def copied(target: IO[bytes]) -> None:
        for piece in base.files.pieces():
            target.write(piece)

    package = Package(base.path.as_posix(), copied, base.snapshot.namespace)
    try:
        added = added_by(package, [sheet.data for sheet in corrections.sheets])
    except ImportError:
        return
    if added:
        _stop_at_added(base, added)


def _stop_at_added(base: Base, names: Sequence[str]) -> None:
    stop(
        base.path.as_posix(),
        "corrections",
        f"corrections from {base.release.version} would add notes to somebody who has it: {listed(list(names))}",
        "report this as a mistake of Cuedeck, with that package; to go on without these corrections, move it elsewhere",
    )
