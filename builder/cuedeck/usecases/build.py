"""Build a deck: from its cards.yaml to the files on disk."""

import os
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cuedeck.building.assembling import Build, now, stamp
from cuedeck.building.examplenames import namespace_of_an_example
from cuedeck.building.gates import gated
from cuedeck.building.lastpackage import namespace_in
from cuedeck.building.loading import Checked, load
from cuedeck.building.mainsource import with_main_named
from cuedeck.disk.storing import Data, store_all
from cuedeck.disk.workspace import Workspace, stop_at_folders
from cuedeck.history.lockfile import to_text
from cuedeck.package.container import archived
from cuedeck.package.opening import fingerprint_of, read_members
from cuedeck.problems import Place, Problem, Problems, stop
from cuedeck.records import dataclass


@dataclass(frozen=True)
class Written:
    """What a build wrote, the size of the package in bytes, and the warnings."""

    build: Build
    package: Path
    size: int
    warnings: tuple[Problem, ...]


def build(cards: Path, output: Path | None = None, at: int | None = None, accept: Collection[str] = ()) -> Written:
    """Check, stamp and write: the lock first, then the package, each replaced in one step.

    `at` is the time of what changed, in seconds since 1970; if it is None, the clock's. `accept` are the keys of
    accepted hazards. After a crash between two files, of a build or of a release, the next build writes what is
    missing. Raises `Problems` if anything is wrong; nothing is written then.
    """
    workspace = Workspace(cards)
    with workspace.alone():
        checked = gated(load(workspace), accept, building=True)
        built = stamp(checked, now() if at is None else at)
        path = output or checked.package_path
        stop_at_folders(workspace.lock, path)
        _stop_at_other_files(path, checked, is_default=output is None)
        files = _outdated(built, path)
        last = built.lock.last_release
        fixed = [_fixed(copy, last.version)] if last and (copy := checked.release_path(last)) in files else []
        with checked.media.digests.doubted():
            store_all(files)
        checked.media.digests.remember()
        warnings = (*namespace_of_an_example(checked, "warning"), *checked.warnings, *fixed)
        return Written(built, path, path.stat().st_size, warnings)


def _outdated(built: Build, path: Path) -> dict[Path, Data]:
    """Return what a build has to write whose package goes to `path`, in an order that survives a crash."""
    checked, members = built.checked, built.members
    packages = []
    # The files in the package are compared, since another system may have compressed the same ones differently.
    if built.has_changes or not _is_there(path, built):
        packages.append(path)
    last = built.lock.last_release
    if last and built.contents.version and not (copy := checked.release_path(last)).exists():
        packages.append(copy)
    with ThreadPoolExecutor(1) as beside:
        # The text of the lock is made while zlib compresses the package.
        package = beside.submit(archived, members) if packages else None
        files: dict[Path, Data] = {**_outdated_lock(built)}
    return files | {each: package.result() for each in packages if package}  # the lock first


def _is_there(path: Path, built: Build) -> bool:
    """Return whether the package at a path contains exactly the files of a build.

    With pictures and sounds, that is remembered by its size and time, since reading all of them takes long; and it is
    asked only if everything else in it is the same, since most edits change that.
    """
    if not os.path.isfile(path):  # noqa: PTH113  the method of Path fails for a name that no file can have
        return False
    if not any(note.rendered.files for note in built.notes):
        return fingerprint_of(path) == built.fingerprint
    return (
        _has_the_same_rest(path, built)
        and built.checked.media.digests.of(path, str(path.absolute()), fingerprint_of).sha256 == built.fingerprint
    )


def _has_the_same_rest(path: Path, built: Build) -> bool:
    """Return whether the package at a path has the files of a build that are no pictures or sounds."""
    try:
        there = read_members(path)
        return all(there.get(name) == data for name, data in built.members.items() if isinstance(data, bytes))
    except Problems:
        return False


def _outdated_lock(built: Build) -> dict[Path, bytes]:
    """Return the lock of a build by its path, if it differs from the one on disk.

    It then records what older versions did not. That alone is no reason to write it, or a build would change a file
    that nobody has edited.
    """
    path, lock = built.checked.workspace.lock, built.lock
    text = to_text(lock).encode()
    is_as_it_was = built.lock.is_first and built.lock.is_handed_out  # and so is its text, as that version wrote it
    if path.exists() and (path.read_bytes() == text or is_as_it_was):
        return {}
    # Imported here because a build that changes nothing does not need git.
    from cuedeck.building.confirming import with_last_release_recorded

    whole = with_main_named(with_last_release_recorded(built), built.checked.deck).with_positions(built.unrecorded)
    return {path: text if whole is lock else to_text(whole).encode()}


def _fixed(copy: Path, version: str) -> Problem:
    """Return a warning that a release was interrupted before it wrote its last file, the copy of its package."""
    message = f"this copy of version {version} was missing, as after an interrupted release; it was written again"
    hint = f"if CHANGELOG.md does not mention {version}, run again: cuedeck release {version}"
    return Problem(Place(copy.as_posix()), message, "release-mended", hint, "warning")


def _stop_at_other_files(path: Path, checked: Checked, is_default: bool) -> None:
    """Raise `Problems` if the package would overwrite anything but a package of this deck."""
    name, target = path.as_posix(), os.path.realpath(path)
    hint = "delete this link" if is_default else "name another file"
    if checked.workspace.is_source(path):
        stop(name, "unwritable", "the package would overwrite this file", hint)
    if not os.path.exists(path):  # noqa: PTH110  as for folders
        return
    if target in (os.path.realpath(checked.release_path(release)) for release in checked.lock.releases):
        stop(name, "unwritable", "this is the package of a release, which never changes", hint)
    # At its usual place, its own package is replaced even if it is broken, so the notes in it need not be read.
    if is_default and namespace_in(path) == checked.deck.about.namespace:
        return
    from cuedeck.building.released import own_package  # here because few builds need it, and it loads much

    if own_package(path, checked) is None and not is_default:
        stop(name, "unwritable", "the package would overwrite this file", "name another file")
