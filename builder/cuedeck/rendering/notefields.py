"""The fields of the note types: the only table of their names and their order.

A field has a key and a name. The id of a field is made from its key. Anki recognises a field by this id, and the texts
of learners depend on that. So the key never changes, and this program identifies a field by it, in its own notes and in
packages. The name is what Anki, templates and searches show. It may change: a spare field gets another name when it is
put to use.
"""

import hashlib
from collections.abc import Mapping

from cuedeck.deck.kinds import Kind
from cuedeck.records import dataclass


@dataclass(frozen=True, eq=False)
class Field:
    """A field: its permanent key, and its current name in Anki.

    `kinds` are the note types that have it. It is `shown` if a card shows its text; then edits of it are described in
    words. `filled_by` is the key of a note, as authors write it, whose Markdown the field contains; "" for none. It is
    `by_author` if builds fill it with text. Nothing that we hand out besides a package may name any other field, since
    that is still empty, belongs to the learner, or plays a file that only a package brings.
    """

    key: str
    name: str
    kinds: tuple[Kind, ...] = tuple(Kind)
    shown: bool = False
    filled_by: str = ""
    by_author: bool = False

    def id_in(self, namespace: str, kind: Kind) -> int:
        """Return the id of the field in Anki, in one note type of the deck with this namespace."""
        return number(namespace, kind, "field", self.key)


QUESTION = Field("Question", "Question", (Kind.QA,), shown=True, filled_by="q", by_author=True)
ANSWER = Field("Answer", "Answer", (Kind.QA,), shown=True, filled_by="a", by_author=True)
TEXT = Field("Text", "Text", (Kind.CLOZE,), shown=True, filled_by="cloze", by_author=True)
EXTRA = Field("Extra", "Extra", shown=True, filled_by="extra", by_author=True)
CONCEPT = Field("Concept", "Concept", shown=True, by_author=True)
SECONDS = Field("Seconds", "Seconds", by_author=True)
CLOCK = Field("Clock", "Clock", by_author=True)
TIMECODE = Field("Timecode", "Timecode", by_author=True)
LINKS = Field("Links", "Links", by_author=True)
NOTE_ID = Field("Note ID", "Note ID", by_author=True)
REVERSE = Field("Reverse", "Reverse", (Kind.QA,), by_author=True)
MY_NOTES = Field("Spare 1", "My notes", shown=True)
"""The learner's own words: we never write anything into it."""
CLIP = Field("Spare 2", "Clip", shown=True)
"""The player of the note's passage of the recording."""
SPARES = (Field("Spare 3", "Spare 3"),)
"""Fields that are still empty. One that is put to use gets a name and a constant of its own, and keeps its key."""

FIELDS = (
    *(QUESTION, ANSWER, TEXT, EXTRA, CONCEPT, SECONDS, CLOCK, TIMECODE, LINKS, NOTE_ID, REVERSE),
    *(MY_NOTES, CLIP, *SPARES),
)
"""All fields. Each note type has its fields in this order, which never changes."""

ASKED = (QUESTION, ANSWER, TEXT)
"""The fields for what a note asks and answers; the others say more about that."""

_OF_KIND = {kind: tuple(field for field in FIELDS if kind in field.kinds) for kind in Kind}
_BY_KEY = {field.key: field for field in FIELDS}


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """Return the fields of a note type, in order."""
    return _OF_KIND[kind]


def further_texts(kind: Kind) -> tuple[Field, ...]:
    """Return the fields of a note type that contain Markdown, except for those with the question and the answer."""
    return tuple(field for field in _OF_KIND[kind] if field.filled_by and field not in ASKED)


def authors_fields(kind: Kind) -> tuple[Field, ...]:
    """Return the fields of a note type that the author fills, in order."""
    return tuple(field for field in _OF_KIND[kind] if field.by_author)


def place_of(field: Field, kind: Kind) -> int:
    """Return the position of a field among those of a note type, from 0."""
    return _OF_KIND[kind].index(field)


def keys_by_id(namespace: str) -> Mapping[int, str]:
    """Return the keys of the fields of a deck's note types by their ids in Anki."""
    return {field.id_in(namespace, kind): field.key for field in FIELDS for kind in field.kinds}


def name_of(key: str) -> str:
    """Return the current name of a field; a key of another tool's field is returned as it is."""
    return _BY_KEY[key].name if key in _BY_KEY else key


def number(*words: str) -> int:
    """Return a positive number below 2**63 that depends only on the words."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:8], "big") >> 1
