"""The pictures that learners have, and that a build replaces by others."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cuedeck.building.assembling import Build
from cuedeck.building.packedmedia import media_in
from cuedeck.building.packing import media_of
from cuedeck.building.released import kept_package
from cuedeck.history.manifest import ManifestFile
from cuedeck.history.snapshot import Snapshot
from cuedeck.history.stamping import StampedNote
from cuedeck.package.opening import Packed, read_members
from cuedeck.pages.media import data_uri
from cuedeck.pages.preview import Before
from cuedeck.problems import Problems
from cuedeck.updating.mediachanges import Files, replacements

_LARGEST = 5_000_000  # bytes of all of them together


def pictures_before(built: Build) -> Before | None:
    """Return the pictures of the last release that have changed, or else of the last package.

    None if there are none, or if no such package can be read. Those that would make a page too large are left out.
    """
    files = media_of(built.notes)
    if not files:  # so decks without pictures wait for nothing
        return None
    try:
        return _before(built, files)
    except Problems:
        return None


def _before(built: Build, files: Files) -> Before | None:
    from cuedeck.package.database import read_snapshot  # here because only decks with pictures need it

    title, path, packed = _package(built)
    if packed is None:
        return None
    old = read_snapshot(packed, path)
    if old.namespace != built.checked.deck.about.namespace:
        return None
    found = {note.known.id: [*_pairs(note, old, files)] for note in built.notes}
    read = media_in(packed, path)
    addresses: dict[str, str] = {}
    left = _LARGEST
    for name in dict.fromkeys(before for pairs in found.values() for before, _ in pairs):
        data = read(name)
        if data and len(data) <= left:
            left -= len(data)
            addresses[name] = data_uri(name, data)
    pairs = {id: shown for id, each in found.items() if (shown := [pair for pair in each if pair[0] in addresses])}
    return Before(title, pairs, addresses) if pairs else None


def _package(built: Build) -> tuple[str, Path, Packed | None]:
    """Return what to call the package that learners have, its path, and its files; None if there is none."""
    checked = built.checked
    if release := checked.lock.last_release:
        path = checked.release_path(release)
        return release.version, path, kept_package(path)
    path = checked.package_path
    return "the last package", path, read_members(path) if path.is_file() else None


def _pairs(note: StampedNote, old: Snapshot, files: Mapping[str, ManifestFile]) -> Iterator[tuple[str, str]]:
    """Yield the earlier and the new name of each picture of a note that has another one in its place."""
    before = old.notes.get(note.known.guid)
    if before is None:
        return
    for key, html in note.rendered.fields_by_key.items():
        for kind, gone, came in replacements(before.fields.get(key, ""), html, (old.manifest.media, files)):
            if kind == "picture" and gone and came:
                yield gone, came
