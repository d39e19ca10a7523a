"""A deck of another tool as every reader in this room returns it, whatever form it came in."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import field
from html import escape

from cuedeck.bridging.decks import BETWEEN
from cuedeck.history.snapshot import PackedType
from cuedeck.records import dataclass

Fetch = Callable[[], bytes]
"""Returns the bytes of a picture or sound. It raises `Problems` or OSError if they cannot be read."""


@dataclass(frozen=True)
class Card:
    """A card of a note type: the templates of its two sides."""

    front: str
    back: str


@dataclass(frozen=True)
class ForeignType:
    """A note type of another tool, with the style of its cards.

    `cards` are empty if the file does not say what they show, as in lists. `packed` is the same note type as `adopt`
    reads it; None if learners cannot have it.
    """

    name: str
    fields: tuple[str, ...]
    cards: tuple[Card, ...] = ()
    is_cloze: bool = False
    packed: PackedType | None = None
    css: str = ""


@dataclass(frozen=True)
class ForeignNote:
    """A note of another tool.

    `place` says where it is in the file, such as "line 3". `texts` are the HTML of its fields, by their names. `deck`
    is the full name of its deck, and `cards` are the ordinals of its cards, None if the file does not say which. `id`
    is its id if Cuedeck made it; `at` and `source` are its moments and the address of its recording, as they are
    written in a list.
    """

    place: str
    type: ForeignType
    texts: Mapping[str, str]
    guid: str = ""
    deck: str = ""
    tags: tuple[str, ...] = ()
    cards: tuple[int, ...] | None = None
    id: str = ""
    concept: str = ""
    at: tuple[str, ...] = ()
    source: str = ""

    @property
    def shown(self) -> Mapping[str, str]:
        """What templates can show of it: its fields, and what Anki fills in by itself."""
        innermost = self.deck.rpartition(BETWEEN)[2]
        filled_in = {"Tags": " ".join(self.tags), "Type": self.type.name, "Deck": self.deck, "Subdeck": innermost}
        return {**{name: escape(text, quote=False) for name, text in filled_in.items()}, **self.texts}


@dataclass(frozen=True)
class LeftOut:
    """A note that is not in the deck: where it was, why, and what it said."""

    place: str
    reason: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class ForeignDeck:
    """All notes of a file that count, and the pictures and sounds beside them, by name.

    `title` is the name of the deck that all of them are in. `left_out` are notes that its reader could not read.
    `remarks` are sentences on what its reader had to guess. `digest` depends on the bytes of the file. If Cuedeck
    made it, `namespace`, `id` and `tags_as_written` are those of the deck, `about` are other keys of it, `paths` are
    the authors' paths of its files, by name, `credits` say who made these, by path, and `recordings` is what is known
    of its recordings, by address. `picked` are the names of the decks that count, if `adopt` must not take over all of
    a package.
    """

    title: str
    notes: tuple[ForeignNote, ...]
    digest: str
    files: Mapping[str, Fetch] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    remarks: tuple[str, ...] = ()
    description: str = ""
    namespace: str = ""
    tags_as_written: bool = False
    id: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    credits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    recordings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    picked: tuple[str, ...] = ()

    def fetch(self, name: str) -> Fetch | None:
        """Return how to read the file that a text names, by a path or only by the name; None if there is none."""
        return self.files.get(nfc(name)) or self.files.get(nfc(name.replace("\\", "/").rpartition("/")[2]))


def as_text(name: str) -> str:
    """Return a file name as a text, with a question mark for each byte that is none."""
    return name.encode(errors="replace").decode()


def nfc(name: str) -> str:
    """Return the name of a file with its letters composed, as Anki writes it."""
    return unicodedata.normalize("NFC", name)
