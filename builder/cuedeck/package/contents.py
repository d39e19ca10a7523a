"""What a package holds, before it becomes rows: the one value that is handed to this room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cuedeck.history.stamping import StampedNote, StampedType

DATABASE = "collection.anki2"
MANIFEST = "cuedeck.json"
MEDIA = "media"
"""The list of media files; these themselves are called by numbers."""


@dataclass(frozen=True)
class Contents:
    """Everything that goes into a package.

    `titles` are the decks that notes go to, by name; `description` is the HTML of the main deck's page. `media` are the
    files that cards need, by name. `digest` is the hash of all that learners get, `version` the release that this is,
    "" for a draft. `manifest` is plain data about the package, for tools that read it.
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
