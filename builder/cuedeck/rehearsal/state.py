"""The contents of a collection at one moment, and what was seen in a whole rehearsal, as plain values."""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from cuedeck.disk.storing import Data
from cuedeck.records import dataclass
from cuedeck.updating.sayings import Texts, first_words, texts_of_fields

OWN_TAG = "learners-own"
OWN_WORDS = " (the learner's own words)"
OWN_DECK = "The learner's own"
"""What the learner in a rehearsal adds to notes, and the deck to which they move a card."""

OTHERS = b"the file of another deck"
"""What the learner has under the name of a file that is new in the update."""


@dataclass(frozen=True)
class Package:
    """A package to import: its name for the author, its bytes or a function that writes them, and its namespace.

    The namespace is that of its deck, "" if it has none because another tool made it. `retired` are the guids of notes
    that left the deck for a reason given by the author.
    """

    name: str
    data: Data
    namespace: str = ""
    retired: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ShownFile:
    """A picture or sound that a field shows or plays: its name there, and its SHA-256; "" if there is no such file."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Note:
    """A note. `name` is its name for an author: the field with it, or the guid if there is no such field.

    `time` is its modification time in seconds since 1970. Tags are in lower case, since Anki keeps the case in which it
    first saw a tag. `name_at` is the place of the name among the fields, if it is one of them. `told_at` are the places
    of the fields that the author wrote; None if these are all fields. `files` are the pictures and sounds in the
    fields, in their order.
    """

    id: int
    guid: str
    name: str
    type: int
    time: int
    fields: tuple[str, ...]
    tags: frozenset[str]
    name_at: int | None = None
    told_at: tuple[int, ...] | None = None
    files: tuple[ShownFile, ...] = ()

    @property
    def content(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """What an author can change: the tags, and the fields except for the name, which no card shows."""
        return tuple(text for place, text in enumerate(self.fields) if place != self.name_at), self.tags

    def is_other_than(self, note: "Note") -> bool:
        """Return whether an author changed anything between one state of a note and another: content or files."""
        return self.content != note.content or self.has_other_files_than(note)

    def has_other_files_than(self, note: "Note") -> bool:
        """Return whether two states of a note show different files in the same place; none is not another one."""
        pairs = zip(self.files, note.files, strict=False)
        return any(one.sha256 and other.sha256 and one.sha256 != other.sha256 for one, other in pairs)

    @property
    def missing(self) -> frozenset[str]:
        """The names of the files in its fields that the collection does not have."""
        return frozenset(file.name for file in self.files if not file.sha256)

    @property
    def said(self) -> Texts:
        """What it says, as plain text."""
        return texts_of_fields(self.fields if self.told_at is None else (self.fields[place] for place in self.told_at))

    @property
    def label(self) -> str:
        """What to call it: its name, or its first words if the name is its guid."""
        return self.name if self.name != self.guid else first_words(self.fields) or self.guid


@dataclass(frozen=True)
class Card:
    """A card. `schedule` is everything from which Anki schedules it; `note` is the guid of its note."""

    id: int
    note: str
    ordinal: int
    deck: str
    schedule: tuple[Any, ...]
    suspended: bool
    flag: int


@dataclass(frozen=True)
class NoteType:
    """A note type. `time` is its modification time in seconds since 1970."""

    name: str
    time: int


@dataclass(frozen=True)
class State:
    """A whole collection at one moment. `schema` changes when Anki will ask for a full sync; `reviews` are ids."""

    notes: Mapping[int, Note]
    cards: Mapping[int, Card]
    types: Mapping[int, NoteType]
    decks: frozenset[str]
    reviews: frozenset[int]
    schema: int

    @cached_property
    def by_guid(self) -> Mapping[str, Note]:
        """The notes by guid, with which Anki matches them."""
        return {note.guid: note for note in self.notes.values()}


@dataclass(frozen=True)
class Played:
    """Everything that was seen: the collection at each step, and what Anki reported.

    `newcomer` is what someone gets who imports only the new package. `imported` is the old package right after its
    import, and `before` is the same after studying, editing and tagging. `after` and `again` follow the first and the
    second import of the new package. `refused` are the names of notes by the importer's own reason. `dead_before` and
    `dead` are the ids of cards that Empty Cards finds; `damage` is what Check Database reports at the end. `retired`
    are the guids of notes that the author of the new package took out for a given reason. It `is_bridged` if the
    learner came from another tool's package, and imported the bridges.
    """

    anki: str
    newcomer: State
    imported: State
    before: State
    after: State
    again: State
    refused: Mapping[str, tuple[str, ...]]
    dead_before: frozenset[int]
    dead: frozenset[int]
    damage: tuple[str, ...]
    retired: frozenset[str] = frozenset()
    is_bridged: bool = False

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What to call notes whose name is only a guid.

        If notes of one package begin with the same words, their guids are added.
        """
        found: dict[str, str] = {}
        for state in (self.imported, self.newcomer):
            times = Counter(note.label for note in state.notes.values())
            for note in state.notes.values():
                if note.label != note.name:
                    found[note.name] = note.label if times[note.label] == 1 else f"{note.label} ({note.name})"
        return found
