"""The manifest of a package: what it says about itself, for other tools and to recreate a lost lock."""

from collections.abc import Mapping
from dataclasses import dataclass

from cuedeck.deck import addresses, values
from cuedeck.history import entries
from cuedeck.history.entries import IDENTIFIER, VERSION, entry, many, optional, parsed, table
from cuedeck.history.lock import KnownNote, Release


@dataclass(frozen=True)
class ManifestSource:
    """A recording as a package names it."""

    title: str = entry(optional(entries.line), default="")
    author: str = entry(optional(entries.line), default="")
    published: str = entry(optional(parsed(values.date)), default="")
    url: str = entry(optional(parsed(addresses.address)), default="")


@dataclass(frozen=True)
class ManifestFile:
    """A picture or sound as a package names it: the author's path, the size in bytes, and the SHA-256 of its bytes.

    `author`, `license` and `url` are those of its entry below `media:`; they are empty if it has none.
    """

    path: str = entry(entries.line)
    size: int = entry(entries.whole)
    sha256: str = entry(entries.FILES_DIGEST)
    author: str = entry(optional(entries.line), default="")
    license: str = entry(optional(entries.line), default="")
    url: str = entry(optional(parsed(addresses.address)), default="")


def _file(data: object) -> ManifestFile:
    return entries.read_entries(ManifestFile, data)


def _source(data: object) -> ManifestSource:
    return entries.read_entries(ManifestSource, data)


def _named_release(data: object) -> Release:
    """Return a release as a manifest names it. Only the lock can say what was in its package."""
    return entries.read_entries(Release, data).unrecorded


@dataclass(frozen=True)
class Manifest:
    """What a package says about itself; empty for a package of another tool.

    `version` is the version of the release, "" for a draft. `tags_as_written` says whether tags are without the deck's
    id. `newest` is the newest time in it, in seconds since 1970. `remembered` is what the lock knew about retired and
    renamed notes, and about those with cards gone, by the author's id. `releases` are the releases up to this package.
    `media` are its pictures and sounds by their names in Anki.
    """

    deck: str = entry(optional(IDENTIFIER), default="")
    namespace: str = entry(optional(IDENTIFIER), default="")
    title: str = entry(optional(entries.line), default="")
    author: str = entry(optional(entries.line), default="")
    license: str = entry(optional(entries.line), default="")
    feedback: str = entry(optional(parsed(addresses.feedback)), default="")
    version: str = entry(optional(VERSION), default="")
    newest: int = entry(entries.time, default=0)
    tags_as_written: bool = entry(entries.yes, default=False)
    sources: tuple[ManifestSource, ...] = entry(many(_source), default=())
    remembered: Mapping[str, KnownNote] = entry(
        table(IDENTIFIER, lambda each: entries.read_entries(KnownNote, each)), default_factory=dict
    )
    releases: tuple[Release, ...] = entry(many(_named_release), default=())
    media: Mapping[str, ManifestFile] = entry(table(entries.line, _file), default_factory=dict)

    @property
    def newest_time(self) -> int:
        """The newest time of anything in it, in seconds since 1970."""
        remembered, releases = self.remembered.values(), self.releases
        return max([self.newest, *(note.time for note in remembered), *(each.time for each in releases)])
