"""The manifest of a package: what it says of itself, for other tools and for a lock that was lost."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

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


def _source(data: object) -> ManifestSource:
    return entries.read_entries(ManifestSource, data)


def _told_release(data: object) -> Release:
    """Return a release as a manifest has it. What was in its package, only the lock can say."""
    return replace(entries.read_entries(Release, data), files_digest="")


@dataclass(frozen=True)
class Manifest:
    """What a package says of itself; of another tool's package, nothing.

    `version` is the release that it is, "" for a draft. `newest` is the newest time in it, in seconds since 1970.
    `remembered` is what the lock knew of retired and renamed notes, and of those with cards gone, by the author's id;
    `releases` are those up to this package.
    """

    deck: str = entry(optional(IDENTIFIER), default="")
    namespace: str = entry(optional(IDENTIFIER), default="")
    title: str = entry(optional(entries.line), default="")
    author: str = entry(optional(entries.line), default="")
    license: str = entry(optional(entries.line), default="")
    feedback: str = entry(optional(parsed(addresses.feedback)), default="")
    version: str = entry(optional(VERSION), default="")
    newest: int = entry(entries.time, default=0)
    sources: tuple[ManifestSource, ...] = entry(many(_source), default=())
    remembered: Mapping[str, KnownNote] = entry(
        table(IDENTIFIER, lambda each: entries.read_entries(KnownNote, each)), default_factory=dict
    )
    releases: tuple[Release, ...] = entry(many(_told_release), default=())

    @property
    def newest_time(self) -> int:
        """The newest time that it tells of anything, in seconds since 1970."""
        remembered, releases = self.remembered.values(), self.releases
        return max([self.newest, *(note.time for note in remembered), *(each.time for each in releases)])
