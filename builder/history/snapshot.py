"""What a package holds, as far as it matters to those who import it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PackedNote:
    """A note in a package.

    `type` is the number of its note type, `time` its modification time in seconds since 1970, `cards` are Anki's card
    ids by ordinal from 0, `fields` the HTML of its fields by name. `deck` is the full name of the deck of its first
    card, `due` that card's position among new ones.
    """

    guid: str
    note: int
    type: int
    kind: str
    time: int
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    cards: Mapping[int, int]
    deck: str
    due: int

    @property
    def id(self) -> str:
        """The author's id, or the guid where another tool made the note."""
        return self.fields.get("Note ID") or self.guid


@dataclass(frozen=True)
class PackedType:
    """A note type in a package; `shape` is what an update can never change, `look` is what it can."""

    number: int
    name: str
    kind: str
    time: int
    shape: tuple[tuple[str, ...], tuple[str, ...]]
    look: tuple[str, ...]


@dataclass(frozen=True)
class Snapshot:
    """All that a package brings: notes by guid, note types by number, decks by name with their descriptions."""

    notes: Mapping[str, PackedNote]
    types: Mapping[int, PackedType]
    decks: Mapping[str, str]
    manifest: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The version that the package was released as; "" for a draft, and for a package of another tool."""
        return str(self.manifest.get("version") or "")

    @property
    def namespace(self) -> str:
        """The namespace of the deck; "" for a package of another tool."""
        return str(self.manifest.get("namespace") or "")

    @property
    def retired(self) -> Mapping[str, str]:
        """The reasons why notes left the deck, by the author's id."""
        found = self.manifest.get("retired")
        return {str(id): str(why) for id, why in found.items()} if isinstance(found, dict) else {}

    def former(self, id: str) -> tuple[str, ...]:
        """Return the ids that a note had before, by the author's id that it has now."""
        found = self.manifest.get("renamed")
        names = found.get(id, ()) if isinstance(found, dict) else ()
        return tuple(map(str, names)) if isinstance(names, list) else ()

    @property
    def newest_time(self) -> int:
        """The newest modification time of a note or note type, in seconds since 1970."""
        times = [note.time for note in self.notes.values()]
        return max([*times, *(each.time for each in self.types.values())], default=0)
