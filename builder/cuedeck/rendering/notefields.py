"""The fields of the note types: the one table that everything goes by which names a field, or its place.

A field has a key and a name. From the key comes the id by which Anki tells whether two fields are one, and learners'
texts depend on that: the key never changes, and is how this program knows the field, in its own notes and in packages.
The name is what Anki shows, and what templates and searches say. It may change, as that of a spare field does on the
day it is needed.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cuedeck.deck.kinds import Kind


@dataclass(frozen=True, eq=False)
class Field:
    """A field: what it is known by, forever, and what Anki calls it now.

    `kinds` are the note types that have it. It is `shown` where a card shows its text, so that an edit of it is
    described in words. `filled_by` is the key of a note, as authors write it, whose Markdown it holds; "" for none.
    """

    key: str
    name: str
    kinds: tuple[Kind, ...] = tuple(Kind)
    shown: bool = False
    filled_by: str = ""

    def id_in(self, namespace: str, kind: Kind) -> int:
        """Return the id that Anki knows the field by, in one note type of the deck with a namespace."""
        return number(namespace, kind, "field", self.key)


QUESTION = Field("Question", "Question", (Kind.QA,), shown=True, filled_by="q")
ANSWER = Field("Answer", "Answer", (Kind.QA,), shown=True, filled_by="a")
TEXT = Field("Text", "Text", (Kind.CLOZE,), shown=True, filled_by="cloze")
EXTRA = Field("Extra", "Extra", shown=True, filled_by="extra")
CONCEPT = Field("Concept", "Concept", shown=True)
SECONDS = Field("Seconds", "Seconds")
CLOCK = Field("Clock", "Clock")
TIMECODE = Field("Timecode", "Timecode")
LINKS = Field("Links", "Links")
NOTE_ID = Field("Note ID", "Note ID")
REVERSE = Field("Reverse", "Reverse", (Kind.QA,))
SPARES = (Field("Spare 1", "Spare 1"), Field("Spare 2", "Spare 2"), Field("Spare 3", "Spare 3"))
"""Fields that nothing fills yet. One that is put to use gets a name and a constant of its own, and keeps its key."""

FIELDS = (QUESTION, ANSWER, TEXT, EXTRA, CONCEPT, SECONDS, CLOCK, TIMECODE, LINKS, NOTE_ID, REVERSE, *SPARES)
"""All fields, in the order in which each note type has its own. It never changes."""

ASKED = (QUESTION, ANSWER, TEXT)
"""The fields with what a note asks and answers; the others say more about it."""

_OF_KIND = {kind: tuple(field for field in FIELDS if kind in field.kinds) for kind in Kind}
_BY_KEY = {field.key: field for field in FIELDS}


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """Return the fields of a note type, in order."""
    return _OF_KIND[kind]


def further_texts(kind: Kind) -> tuple[Field, ...]:
    """Return the fields of a note type that hold Markdown, besides those that a card asks and answers with."""
    return tuple(field for field in _OF_KIND[kind] if field.filled_by and field not in ASKED)


def place_of(field: Field, kind: Kind) -> int:
    """Return the place of a field among those of a note type, from 0."""
    return _OF_KIND[kind].index(field)


def keys_by_id(namespace: str) -> Mapping[int, str]:
    """Return the keys of the fields of a deck's note types by the ids that Anki knows them by."""
    return {field.id_in(namespace, kind): field.key for field in FIELDS for kind in field.kinds}


def name_of(key: str) -> str:
    """Return what a field is called now; what is no key of ours, as the field of another tool, is its name already."""
    return _BY_KEY[key].name if key in _BY_KEY else key


def number(*words: str) -> int:
    """Return a positive number below 2**63 that depends on the words only."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:8], "big") >> 1
