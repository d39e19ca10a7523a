"""The contents of a package, as far as they matter to those who import it."""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from cuedeck.deck.kinds import Kind
from cuedeck.history.lock import KnownNote, Release
from cuedeck.history.manifest import Manifest
from cuedeck.records import dataclass
from cuedeck.rendering.notefields import NOTE_ID, TEXT
from cuedeck.rendering.notetypes import NoteType


@dataclass(frozen=True)
class PackedNote:
    """A note in a package.

    `type` is the number of its note type, `time` its modification time in seconds since 1970, `cards` are Anki's card
    ids by ordinal from 0, `fields` is the HTML of its fields by the `keys` of its note type. `deck` is the full name of
    the deck of its first card, `due` is that card's position among new ones if it `is_new`. `decks` are the decks of
    all its cards, in their order. For a card in a filtered deck, it is the deck to which the card will return.
    """

    guid: str
    note: int
    type: int
    kind: Kind
    time: int
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    cards: Mapping[int, int]
    deck: str
    due: int
    decks: tuple[str, ...] = ()
    is_new: bool = True

    @property
    def id(self) -> str:
        """The author's id, or the guid if another tool made the note."""
        return self.fields.get(NOTE_ID.key) or self.guid

    @property
    def text(self) -> str:
        """The HTML of the text with deletions; "" if there is no such field."""
        return self.fields.get(TEXT.key, "")


@dataclass(frozen=True)
class PackedType:
    """A note type in a package; `shape` is what an update can never change, `look` is what it can.

    `names` are the names of its fields and of its templates, which Anki compares if one of two note types has no ids.
    It is `numbered` if Anki matches any of its parts by an id. `keys` identify its fields here: the key of a field of
    ours, found by its id whatever its name in the package, and the name of any other field.
    """

    number: int
    name: str
    kind: Kind
    time: int
    names: tuple[tuple[str, ...], tuple[str, ...]]
    numbered: bool
    keys: tuple[str, ...]
    shape: tuple[tuple[str, ...], tuple[str, ...]]
    look: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its fields."""
        return self.names[0]

    @property
    def fronts(self) -> tuple[str, ...]:
        """The fronts of its templates."""
        return self.look[:-1:2]

    @property
    def backs(self) -> tuple[str, ...]:
        """The backs of its templates."""
        return self.look[1:-1:2]

    @property
    def css(self) -> str:
        """Its style."""
        return self.look[-1]

    def is_one_with(self, type: NoteType) -> bool:
        """Return whether to Anki it is a note type of ours, with nothing added and nothing removed."""
        return self.number == type.id and self.shape == packed_shape(type)


def packed_shape(type: NoteType) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the shape that a note type of ours has in a package."""
    return tuple(str(field.id) for field in type.fields), tuple(str(template.id) for template in type.templates)


@dataclass(frozen=True)
class Snapshot:
    """The contents of a package: notes by guid, note types by number, and descriptions of decks by name."""

    notes: Mapping[str, PackedNote]
    types: Mapping[int, PackedType]
    decks: Mapping[str, str]
    manifest: Manifest = field(default_factory=Manifest)

    @property
    def version(self) -> str:
        """The version of the release; "" for a draft, and for a package of another tool."""
        return self.manifest.version

    @property
    def namespace(self) -> str:
        """The namespace of the deck; "" for a package of another tool."""
        return self.manifest.namespace

    @property
    def retired(self) -> Mapping[str, str]:
        """The reasons why notes left the deck, by the author's id."""
        return {id: note.retired for id, note in self.remembered.items() if note.retired}

    def former(self, id: str) -> tuple[str, ...]:
        """Return the former ids of the note that now has an author's id."""
        return self.remembered[id].was if id in self.remembered else ()

    @property
    def remembered(self) -> Mapping[str, KnownNote]:
        """What the lock knew about retired and renamed notes, and those with cards gone, by the author's id."""
        return self.manifest.remembered

    @property
    def releases(self) -> tuple[Release, ...]:
        """The releases of the deck up to this package."""
        return self.manifest.releases

    @cached_property
    def last_release_time(self) -> int:
        """The time of the last release up to this package, in seconds since 1970; 0 before the first."""
        return max((release.time for release in self.releases), default=0)

    @cached_property
    def lists_drafts(self) -> bool:
        """Whether its manifest lists each note that is newer than the last release, which version 1.0.0 did not do."""
        return all(note.time <= self.last_release_time or note.id in self.remembered for note in self.notes.values())

    @property
    def newest_time(self) -> int:
        """The newest modification time of a note or note type, in seconds since 1970."""
        times = [note.time for note in self.notes.values()]
        return max([*times, *(each.time for each in self.types.values())], default=0)
