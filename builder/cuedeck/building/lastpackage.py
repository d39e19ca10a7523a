"""The package of the last build, which contains what the lock does not."""

import contextlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cuedeck.deck.kinds import Kind
from cuedeck.disk.workspace import Workspace
from cuedeck.history.lock import Lock
from cuedeck.history.snapshot import PackedNote, Snapshot
from cuedeck.package.contents import DATABASE, MANIFEST, SQLITE
from cuedeck.package.opening import members_of, read_member, read_members
from cuedeck.problems import Problems

if TYPE_CHECKING:
    from cuedeck.package.database import SingleNote, SingleNotes  # imported only for types

# At most so many notes are read one by one. Each search of a package of ten thousand notes takes some milliseconds.
_FEW = 10
# The size of a page in an SQLite database, in bytes, and the number of the encoding of its texts.
_USUAL_PAGE = 4096
_UTF_8 = 1


class LastPackage:
    """The package of the last build. If it is gone or older than the lock, a kept package of a release does as well.

    Most edits change few notes. Then only these are read: to read all takes a tenth of the time of a build.
    """

    def __init__(self, workspace: Workspace, lock: Lock, own: str) -> None:
        """`own` is the id that the deck has now, which may not be the one of the last build."""
        release = lock.last_release
        self._kept = [workspace.release(release.deck, release.version)] if release else []
        built = (workspace.package(lock.deck), workspace.package(own))
        self._paths = (*built, *self._kept, *workspace.kept_packages(lock.deck))
        self._namespace = lock.namespace
        self._lock = lock
        self._asked = 0

    @cached_property
    def whole(self) -> Snapshot | None:
        """All that is in it; None if there is no such package."""
        for path in filter(Path.is_file, self._paths):
            if (snapshot := packed_in(path)) and snapshot.namespace == self._namespace:
                return snapshot
        return next(filter(None, map(_in_git, self._kept)), None)

    def note(self, guid: str) -> tuple[Kind, Mapping[str, str]] | None:
        """Return the kind and the fields of one note; None if they are not known."""
        note = self._first(guid)
        # The package may be older than the lock, or another branch may have made it. What learners have of a note that
        # nobody changed since is also in the package of the last release.
        if guid in self._times and not self._is_last(note, guid):
            released = self._released.notes.get(guid) if self._released else None
            note = released if released and (note is None or self._is_last(released, guid)) else note
        return (note.kind, note.fields) if note else None

    def may_have(self, guids: Iterable[str]) -> list[str]:
        """Return those of some notes that may be in it. For most that are not, this is found out without SQLite."""
        files = self._files()
        return [guid for guid in guids if not files or _may_have(files[DATABASE], guid)]

    def _first(self, guid: str) -> "SingleNote | PackedNote | None":
        self._asked += 1
        if self._asked <= _FEW and self._single_notes:
            with contextlib.suppress(ValueError):  # if it is damaged, another package may not be
                return self._single_notes.note(guid)
        return self.whole.notes.get(guid) if self.whole else None

    def _is_last(self, note: "SingleNote | PackedNote | None", guid: str) -> bool:
        """Return whether a note is as the lock knows it from the last build."""
        return note is not None and note.time == self._times[guid]

    @cached_property
    def _times(self) -> Mapping[str, int]:
        """The times that the notes in the package of the last build have, by their guids."""
        return {note.guid: note.time for note in self._lock.notes.values() if not note.retired}

    @cached_property
    def _released(self) -> Snapshot | None:
        """The package of the last release."""
        found = next(filter(None, (packed_in(path) if path.is_file() else _in_git(path) for path in self._kept)), None)
        return found if found and found.namespace == self._namespace else None

    def _files(self) -> Mapping[str, bytes] | None:
        """Return the files in the first package that has the namespace of the deck."""
        for path in filter(Path.is_file, self._paths):
            if namespace_in(path) == self._namespace:
                with contextlib.suppress(Problems):
                    files = read_members(path)
                    return files if DATABASE in files else None
        return None

    @cached_property
    def _single_notes(self) -> "SingleNotes | None":
        from cuedeck.package.database import SingleNotes  # here because few checks need it

        files = self._files()
        return SingleNotes(files) if files else None


def _may_have(database: bytes, text: str) -> bool:
    """Return whether a text of some hundred bytes at most may be in an SQLite database, found out without SQLite.

    A database that is whole, with pages of the usual size and texts in UTF-8, has such a text in one piece at the
    beginning of a row (https://www.sqlite.org/fileformat2.html).
    """
    size, pages, encoding = (int.from_bytes(database[start:end]) for start, end in ((16, 18), (28, 32), (56, 60)))
    is_usual = database.startswith(SQLITE) and size >= _USUAL_PAGE and encoding == _UTF_8
    return not (is_usual and size * pages == len(database)) or text.encode() in database


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
