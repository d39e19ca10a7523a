"""Whether a package is what was handed out as a release: by the lock and the source, never by what it says itself.

A release records the hash of the files in its package in the lock. Where it was made before there was such a record,
the source that git has of it confirms the package, and the next build that writes the lock records it.
"""

import tempfile
from dataclasses import astuple, replace
from pathlib import Path

from cuedeck.building.assembling import Build, stamp_as_last
from cuedeck.building.loading import Checked, load
from cuedeck.building.released import kept_package
from cuedeck.disk.workspace import Workspace
from cuedeck.git.committed import committed, last_commit_of
from cuedeck.history.lock import Lock, Release
from cuedeck.history.lockfile import from_text
from cuedeck.history.snapshot import PackedType
from cuedeck.history.stamping import StampedType
from cuedeck.package.container import fingerprint
from cuedeck.package.database import read_snapshot
from cuedeck.problems import Problems
from cuedeck.rendering.fields import digest
from cuedeck.rendering.notetypes import NoteField, NoteType, Template


def is_handed_out(files: dict[str, bytes], release: Release, checked: Checked) -> bool:
    """Return whether the files of a package are those of the last release: by the lock, or else by the source of today.

    Raises `Problems` where the source cannot be stamped.
    """
    if release.files_digest:
        return fingerprint(files) == release.files_digest
    # Positions that the lock does not know come from the source, not from a package that nothing confirms.
    return _reproduces(stamp_as_last(replace(checked, last=lambda: None)), files, release)


def with_last_release_recorded(built: Build) -> Lock:
    """Return the lock of a build, in which the last release has the hash of its files, where they can be confirmed.

    They are, where the commit of that release has the source that gives them.
    """
    lock, release = built.lock, built.lock.last_release
    if release is None or release.files_digest:
        return lock
    path = built.checked.release_path(release)
    try:
        kept = kept_package(path)
        if kept is None or not _is_confirmed(kept[1], path, release, built.checked):
            return lock
    except Problems:  # a package, or a source, that is not sound confirms nothing
        return lock
    return lock.with_files_digest(release, fingerprint(kept[1]))


def _is_confirmed(files: dict[str, bytes], path: Path, release: Release, checked: Checked) -> bool:
    """Return whether the source that was committed with a release's package gives just these files.

    The note types are taken from the package if they are those that the lock knew: a newer version of this program may
    give them another look. Raises `Problems` where that source is not sound.
    """
    commit, here = last_commit_of(path), checked.workspace
    cards, lock = (committed(each, commit) if commit else None for each in (here.cards, here.lock))
    if cards is None or lock is None or not _ends_with(release, lock):
        return False
    with tempfile.TemporaryDirectory(prefix="cuedeck-") as folder:
        there = Workspace(Path(folder, here.cards.name))
        there.cards.write_bytes(cards)
        there.lock.write_bytes(lock)
        then = load(there).sound()
    built = stamp_as_last(then)
    return _reproduces(replace(built, types=_types_in(files, path, built)), files, release)


def _ends_with(release: Release, lock: bytes) -> bool:
    """Return whether a lock was written by a release, so that nothing in it is newer, and its source gives that.

    Raises `Problems` where it is not sound.
    """
    found = from_text(lock.decode(errors="replace"), "cards.lock")
    is_last = any(replace(each, files_digest="") == release for each in found.releases)
    return is_last and found.newest_time == release.time


def _reproduces(built: Build, files: dict[str, bytes], release: Release) -> bool:
    """Return whether a build is the release, and has just these files."""
    if any(each.status != "unchanged" for each in built.notes):
        return False
    return built.contents.version == release.version and built.members == files


def _types_in(files: dict[str, bytes], path: Path, built: Build) -> tuple[StampedType, ...]:
    """Return the note types of a build as a package has them, where the lock knew them as they are there."""
    packed = read_snapshot(files, path).types
    found = []
    for stamped in built.types:
        known, there = built.checked.lock.types.get(stamped.type.kind), packed.get(stamped.type.id)
        type = _note_type(there) if there else stamped.type
        is_known = known is not None and known.content == digest(astuple(type))
        found.append(StampedType(type, known, "unchanged") if known and is_known else stamped)
    return tuple(found)


def _note_type(packed: PackedType) -> NoteType:
    """Return a note type of ours as a package has it. Raises `Problems` where an id in it is not a number."""
    (fields, templates), (field_ids, template_ids) = packed.names, packed.shape
    try:
        return NoteType(
            kind=packed.kind,
            id=packed.number,
            name=packed.name,
            fields=tuple(NoteField(name, int(id)) for name, id in zip(fields, field_ids, strict=True)),
            templates=tuple(
                Template(name, int(id), front, back)
                for name, id, front, back in zip(templates, template_ids, packed.fronts, packed.backs, strict=True)
            ),
            css=packed.css,
        )
    except ValueError:
        raise Problems([]) from None
