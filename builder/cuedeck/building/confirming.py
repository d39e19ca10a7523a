"""Whether a package was handed out as a release: by the lock and the source, never by what the package itself says.

A release records in the lock the hash of the files in its package. For a release made before there was such a record,
its source in git confirms the package, and the next build that writes the lock records the hash. An earlier version of
this program may have rendered some notes differently: these notes must say what the source says, and everything else
is compared byte for byte.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, replace
from functools import cached_property
from pathlib import Path
from typing import NoReturn

from cuedeck.building.assembling import Build, stamp_as_last
from cuedeck.building.loading import Checked, load
from cuedeck.building.released import kept_package
from cuedeck.disk.parts import PartFinder, among
from cuedeck.disk.workspace import Workspace
from cuedeck.git.committed import committed, committed_below, how_to_check_out, last_commit_of
from cuedeck.history.lock import Lock, Release
from cuedeck.history.lockfile import from_text
from cuedeck.history.snapshot import PackedType, Snapshot
from cuedeck.history.stamping import StampedType
from cuedeck.package.container import members
from cuedeck.package.contents import Contents, Member, digests, fingerprint
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import Packed, members_of
from cuedeck.problems import Problems, TextError, stop
from cuedeck.reading.cardsfile import cards_from_text
from cuedeck.records import dataclass
from cuedeck.rendering.description import without_credits
from cuedeck.rendering.earlier import description_then, is_revised, note_then
from cuedeck.rendering.fields import RenderedNote, digest
from cuedeck.rendering.notetypes import NoteField, NoteType, Template
from cuedeck.updating.holdings import NoLast


@dataclass(frozen=True)
class LastBuild:
    """The last build of a source and its lock, as made by the version of the program that made a package.

    `packed` are the files in that package, and `path` is its path. For notes that this version renders differently, the
    HTML is taken from the package if it can be an earlier rendering of the same text. With `keeps_look`, the note types
    are taken from the package, too, if they are those that the lock knew.
    """

    checked: Checked
    packed: Packed
    path: Path
    keeps_look: bool = False

    @cached_property
    def rerendered(self) -> tuple[str, ...]:
        """The ids of the notes that this version renders differently from the one that made the last build."""
        known = self.checked.known
        notes = (note for note in self.checked.notes if note.id in known)
        return tuple(note.id for note in notes if known[note.id].content in note.earlier)

    @cached_property
    def build(self) -> Build:
        """The build, in which only those notes are changed that have been edited since."""
        built = stamp_as_last(replace(self.checked, notes=tuple(self._notes())))
        return replace(built, types=tuple(self._types(built))) if self.keeps_look else built

    @cached_property
    def contents(self) -> Contents:
        """The contents of its package."""
        source, contents = self.checked.deck.about.description, self.build.contents
        page = contents.description
        has_credits, is_rerendered = page != without_credits(page), bool(source and is_revised(source))
        if not (has_credits or is_rerendered):
            return contents
        there = self._snapshot.decks.get(contents.main_title, "")
        if there == without_credits(there):  # the first versions wrote none
            page = without_credits(page)
        return replace(contents, description=description_then(source, page, there) if is_rerendered else page)

    @cached_property
    def members(self) -> dict[str, Member]:
        """The files in its package, by name."""
        return members(self.contents)

    @property
    def is_packed(self) -> bool:
        """Whether the package contains exactly these files."""
        return digests(self.members) == self.packed.digests()

    @cached_property
    def _snapshot(self) -> Snapshot:
        return read_snapshot(self.packed, self.path, self.checked.deck.about.namespace)

    def _notes(self) -> Iterator[RenderedNote]:
        if not self.rerendered:
            yield from self.checked.notes
            return
        known, ids = self.checked.known, {*self.rerendered}
        there = {note.id: note.fields for note in self._snapshot.notes.values()}
        for note in self.checked.notes:
            yield note_then(note, known[note.id].content, there.get(note.id, {})) if note.id in ids else note

    def _types(self, built: Build) -> Iterator[StampedType]:
        packed = self._snapshot.types
        for stamped in built.types:
            known, there = built.checked.lock.types.get(stamped.type.kind), packed.get(stamped.type.id)
            type = _note_type(there) if there else stamped.type
            is_known = known is not None and known.content == digest(astuple(type))
            yield StampedType(type, known, "unchanged") if known and is_known else stamped


def is_handed_out(files: Packed, release: Release, checked: Checked) -> bool:
    """Return whether the files of a package are those of the last release: by the lock, or else by today's source.

    Raises `Problems` if the source cannot be stamped.
    """
    if release.files_digest:
        return fingerprint(files.digests()) == release.files_digest
    # Positions that the lock does not know come from the source, not from a package that is not confirmed.
    last = LastBuild(replace(checked, last=NoLast()), files, checked.release_path(release))
    return _reproduces(last, release)


def stop_at_unconfirmed(path: Path, release: Release) -> NoReturn:
    """Raise `Problems` because a package is not what was handed out, or because nothing confirms that it is."""
    if not release.files_digest:
        stop(
            path.as_posix(),
            "release-unconfirmed",
            f"nothing confirms that this is what was handed out as {release.version}: the lock does not record it, and "
            "cards.yaml now gives another package",
            "run cuedeck build, which records it in the lock if git has the source of that release; if that does not "
            "help, release the deck under a higher version: cuedeck release VERSION",
        )
    data = committed(path)
    is_in_git = data is not None and fingerprint(members_of(data, path.as_posix()).digests()) == release.files_digest
    stop(
        path.as_posix(),
        "release-changed",
        f"this is not the package that was handed out as {release.version}",
        f"bring it back from git: {how_to_check_out(path)}"
        if is_in_git
        else "put back the file that was handed out; if it is lost, release the deck under a higher version: "
        "cuedeck release VERSION",
    )


def with_last_release_recorded(built: Build) -> Lock:
    """Return the lock of a build, in which the last release has the hash of its files if they can be confirmed.

    They are confirmed if building the source in the commit of that release results in these files.
    """
    lock, release = built.lock, built.lock.last_release
    if release is None or release.files_digest:
        return lock
    path = built.checked.release_path(release)
    try:
        kept = kept_package(path)
        if kept is None or not _is_confirmed(kept, path, release, built.checked):
            return lock
    except Problems:  # a package or source with errors confirms nothing
        return lock
    return lock.with_files_digest(release, fingerprint(kept.digests()))


def _is_confirmed(files: Packed, path: Path, release: Release, checked: Checked) -> bool:
    """Return whether building the source that was committed with a release's package results in exactly these files.

    The note types are taken from the package if they are those that the lock knew, since a newer version of this
    program may change their look. Raises `Problems` if that source has errors.
    """
    commit, here = last_commit_of(path), checked.workspace
    cards, lock = (committed(each, commit) if commit else None for each in (here.cards, here.lock))
    if cards is None or lock is None or not _ends_with(release, lock):
        return False
    with tempfile.TemporaryDirectory(prefix="cuedeck-") as folder:
        there = Workspace(Path(folder, here.cards.name))
        there.cards.write_bytes(cards)
        there.lock.write_bytes(lock)
        for name, data in _committed_parts(here, cards, commit):
            part = there.folder / name
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
        then = load(there).sound()
    return _reproduces(LastBuild(then, files, path, keeps_look=True), release)


def _committed_parts(here: Workspace, cards: bytes, commit: str) -> Iterator[tuple[str, bytes]]:
    """Yield the parts that a commit has of its cards.yaml, each with its path from the folder of the deck.

    Raises `Problems` if that file has errors.
    """
    parts = cards_from_text(cards.decode(errors="replace"), here.cards.name).deck.about.parts
    finder = PartFinder(here.cards.name, among(committed_below(here.folder, commit) if parts else ()))
    for path in parts:
        with contextlib.suppress(TextError):  # a part that is not in the commit is reported when the deck is read
            for name in finder.find(path):
                if (data := committed(here.folder / name, commit)) is not None:
                    yield name, data


def _ends_with(release: Release, lock: bytes) -> bool:
    """Return whether a lock was written by a release, so that nothing in it is newer than that.

    Raises `Problems` if the lock is not valid.
    """
    found = from_text(lock.decode(errors="replace"), "cards.lock")
    is_last = any(each.unrecorded == release for each in found.releases)
    return is_last and found.newest_time == release.time


def _reproduces(last: LastBuild, release: Release) -> bool:
    """Return whether a package is the last build, and the last build is the release."""
    if any(each.status != "unchanged" for each in last.build.notes):
        return False
    return last.contents.version == release.version and last.is_packed


def _note_type(packed: PackedType) -> NoteType:
    """Return one of our note types as a package has it. Raises `Problems` if an id in it is not a number."""
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
