"""Turn notes into the rows of Anki's database. The only module that knows `genanki`.

genanki gives all notes of a build the same time, and counts ids up from it; our notes have their own times and ids. It
also looks for a note's cards in its text, and misses nested deletions; we already know the cards.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import genanki

from cuedeck.deck.kinds import Kind
from cuedeck.history.stamping import StampedNote, StampedType
from cuedeck.package.contents import Contents
from cuedeck.rendering.notefields import ANSWER, QUESTION, REVERSE, TEXT, place_of

# Anki's schema lists which fields a template needs. Since 2.1.28 Anki works that out by itself, and so do other apps.
_NEEDED = {
    Kind.QA: [
        [0, "any", [place_of(QUESTION, Kind.QA)]],
        [1, "all", [place_of(ANSWER, Kind.QA), place_of(REVERSE, Kind.QA)]],
    ],
    Kind.CLOZE: [[0, "any", [place_of(TEXT, Kind.CLOZE)]]],
}


class _Model(genanki.Model):  # type: ignore[misc]
    """A note type with its own modification time, whose fields and templates have ids."""

    def __init__(self, stamped: StampedType) -> None:
        kind = stamped.type
        super().__init__(
            model_id=kind.id,
            name=kind.name,
            fields=[{"name": field.name, "id": field.id} for field in kind.fields],
            templates=[
                {"name": each.name, "id": each.id, "qfmt": each.front, "afmt": each.back} for each in kind.templates
            ],
            css=kind.css,
            model_type=genanki.Model.CLOZE if kind.kind == Kind.CLOZE else genanki.Model.FRONT_BACK,
        )
        self._time = stamped.known.time
        self._req = _NEEDED[kind.kind]

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        return super().to_json(self._time, deck_id)  # type: ignore[no-any-return]


class _Note(genanki.Note):  # type: ignore[misc]
    """A note with its own ids, cards and modification time."""

    def __init__(self, stamped: StampedNote, model: _Model) -> None:
        note, known = stamped.rendered, stamped.known
        super().__init__(model=model, fields=list(note.fields), tags=note.tags, guid=known.guid, due=stamped.due)
        self.cards = [genanki.Card(ordinal) for ordinal in note.cards]
        self._time = known.time
        self._ids = (known.note, *(known.cards[ordinal] for ordinal in note.cards))

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self._time, deck_id, iter(self._ids))

    def _check_invalid_html_tags_in_fields(self) -> None:
        """Skip the search for a stray "<": rendered fields have none, and searching takes a fifth of the time."""


def database(contents: Contents) -> bytes:
    """Return the bytes of the SQLite database: the same for the same contents, on every machine."""
    with closing(sqlite3.connect(":memory:")) as connection:
        cursor = connection.cursor()
        make_tables(cursor)
        with _indexed_afterwards(cursor):
            _write_rows(contents, cursor)
        connection.commit()
        # genanki writes notes and cards alternately. Separated, they compress better, and nothing is left in the gaps.
        cursor.execute("vacuum")
        return connection.serialize()


def _write_rows(contents: Contents, cursor: sqlite3.Cursor) -> None:
    """Write all decks, note types, notes and cards."""
    models = {stamped.type.kind: _Model(stamped) for stamped in contents.types}
    decks = {
        title: genanki.Deck(
            deck_id(contents.namespace, title), title, contents.description * (title == contents.main_title)
        )
        for title in dict.fromkeys((contents.main_title, *contents.titles))
    }
    for model in models.values():
        decks[contents.main_title].add_model(model)
    # To genanki a note type belongs to the last deck that has it, and the package says so.
    for title, kind in dict.fromkeys((each.rendered.deck, each.rendered.kind) for each in contents.notes):
        decks[title].add_model(models[kind])
    for deck in decks.values():
        deck.write_to_db(cursor, 0, iter(()))
    # Not added to their decks, so that they are not all in memory at once.
    for stamped in contents.notes:
        note = _Note(stamped, models[stamped.rendered.kind])
        note.write_to_db(cursor, 0, decks[stamped.rendered.deck].deck_id, iter(()))


def make_tables(cursor: sqlite3.Cursor) -> None:
    """Make the tables of Anki's database, empty except for the one row of the collection."""
    # Every note has its own time and ids, so the values given here have no effect.
    genanki.Package([]).write_to_db(cursor, 0, iter(()))


@contextmanager
def _indexed_afterwards(cursor: sqlite3.Cursor) -> Iterator[None]:
    """Drop the indexes while rows are written: it is faster to create them at the end."""
    indexes = cursor.execute("select name, sql from sqlite_master where type = 'index' and sql is not null").fetchall()
    for name, _ in indexes:
        cursor.execute(f"drop index {name}")
    yield
    for _, sql in indexes:
        cursor.execute(sql)


def deck_row(number: int, name: str, description: str) -> dict[str, Any]:
    """Return a deck as in Anki's JSON, with nothing in it that a learner might have set."""
    return dict(genanki.Deck(number, name, description).to_json())


def deck_id(namespace: str, title: str) -> int:
    """Return a number for a deck. Anki finds decks by name, so any number will do that Anki does not use itself."""
    digest = hashlib.sha256(f"{namespace}\0deck\0{title}".encode()).digest()
    return 1_000_000_000_000 + int.from_bytes(digest[:8], "big") % 500_000_000_000
