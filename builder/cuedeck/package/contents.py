"""The contents of a package before they become rows: the one value that is passed to this room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cuedeck.history.stamping import StampedNote, StampedType

DATABASE = "collection.anki2"
MANIFEST = "cuedeck.json"
MEDIA = "media"
"""The list of media files. The files themselves have numbers as names."""


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
    media: Mapping[str, bytes]
    digest: str
    version: str
    manifest: Mapping[str, Any]
