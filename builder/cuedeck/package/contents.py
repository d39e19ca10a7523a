"""The contents of a package before they become rows, the one value that is passed to this room; and its files."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from cuedeck.history.stamping import StampedNote, StampedType
from cuedeck.media.files import MediaFile
from cuedeck.records import dataclass

DATABASE = "collection.anki2"
SQLITE = b"SQLite format 3\0"
"""The first bytes of a database."""
MANIFEST = "cuedeck.json"
MEDIA = "media"
"""The list of media files. The files themselves have numbers as names."""

LONGEST = 8 * 1024 * 1024
"""The most bytes that one text in a package may have when it is read."""

MOST_MEMBERS = 10_000
"""The most files of a package that is read."""

MOST_MEDIA = MOST_MEMBERS - 4
"""The most of them that are pictures and sounds: not the database, the two lists, and the learner's own style file."""

LARGEST_MEDIA = 4 * 1024**3
"""The most bytes that these may have together."""


Member = bytes | MediaFile
"""A file in a package: its bytes, or where they are."""


@dataclass(frozen=True)
class Contents:
    """Everything that goes into a package.

    `titles` are the names of the decks that notes go to; `description` is the HTML of the main deck's description.
    `media` are the files that cards need, by name. `digest` is the hash of everything that learners get. `version` is
    the version of the release, "" for a draft. `manifest` is plain data about the package, for tools that read it.
    """

    namespace: str
    main_title: str
    titles: Sequence[str]
    description: str
    types: Sequence[StampedType]
    notes: Sequence[StampedNote]
    media: Mapping[str, Member]
    digest: str
    version: str
    manifest: Mapping[str, Any]


def digests(files: Mapping[str, Member]) -> dict[str, bytes]:
    """Return the SHA-256 of each of a package's files by name."""
    return {
        name: sha256(member).digest() if isinstance(member, bytes) else bytes.fromhex(member.sha256)
        for name, member in files.items()
    }


def fingerprint(digests: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of the digests of a package's files and their names; order and compression do not count."""
    whole = sha256()
    for name, digest in sorted(digests.items()):
        whole.update(sha256(name.encode()).digest() + digest)
    return whole.hexdigest()
