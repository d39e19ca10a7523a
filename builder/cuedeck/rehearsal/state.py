"""What a collection holds at one moment, and what was seen in a whole rehearsal, as plain values."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cuedeck.updating.sayings import Texts, first_words, texts_of_fields

OWN_TAG = "learners-own"
OWN_WORDS = " (the learner's own words)"
OWN_DECK = "The learner's own"
"""What the learner of a rehearsal adds to notes, and where they move a card."""


@dataclass(frozen=True)
class Package:
    """A package to import: the name that the author knows it by, its bytes, and the namespace of its deck.

    The namespace is "" where the package has none, as one that another tool made. `retired` are the guids of notes that
    left the deck for a reason which the author gave.
    """

    name: str
    data: bytes
    namespace: str = ""
    retired: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Note:
    """A note. `name` is what an author knows it by: the field for it, or its guid where there is no such field.

    `time` is its modification time in seconds since 1970. Tags are in small letters: Anki keeps the case in which it
    met a tag first. `name_at` is the place of the name among the fields, where it is one of them; `told_at` are the
    places of what the author wrote, where others hold something else.
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

    @property
    def content(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """What an author can change: the tags, and the fields but for the name, which no card shows."""
        return tuple(text for place, text in enumerate(self.fields) if place != self.name_at), self.tags

    @property
    def said(self) -> Texts:
        """What it says, as plain text."""
        return texts_of_fields(self.fields if self.told_at is None else (self.fields[place] for place in self.told_at))

    @property
    def label(self) -> str:
        """What to call it by: its name, or its first words where that is its guid."""
        return self.name if self.name != self.guid else first_words(self.fields) or self.guid


@dataclass(frozen=True)
class Card:
    """A card. `schedule` is all that Anki plans with; `note` is the guid of its note."""

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
        """The notes by guid, by which Anki matches them."""
        return {note.guid: note for note in self.notes.values()}


@dataclass(frozen=True)
class Played:
    """All that was seen: the collection at each step, and what Anki said.

    `newcomer` is what someone gets who imports the new package only; `imported` is the old package before anything was
    done with it; `before` is that studied, edited and tagged; `after` and `again` follow the first and the second
    import of the new package. `refused` are the names of notes by the importer's own reason. `dead_before` and `dead`
    are the ids of cards that Empty Cards finds; `damage` is what Check Database says at the end. `retired` are the
    guids of notes that the author of the new package took out for a reason.
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

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What to call notes by, for all whose name is no more than a guid.

        Where notes of one package begin with the same words, their guids tell them apart.
        """
        found: dict[str, str] = {}
        for state in (self.imported, self.newcomer):
            times = Counter(note.label for note in state.notes.values())
            for note in state.notes.values():
                if note.label != note.name:
                    found[note.name] = note.label if times[note.label] == 1 else f"{note.label} ({note.name})"
        return found
