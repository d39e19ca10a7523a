"""Reading the database of a package that may come from anyone: plain tables only, and nothing of it is executed."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from builder.history.snapshot import PackedNote, PackedType, Snapshot
from builder.package.contents import DATABASE, MANIFEST
from builder.problems import stop

_SQLITE = b"SQLite format 3\0"
# Anki's own exports for older versions hold the notes in the first, and a note that says so in the second.
_DATABASES = ("collection.anki21", DATABASE)
_NEWER_DATABASE = "collection.anki21b"
_TABLES = ("cards", "col", "notes")
_BETWEEN_FIELDS = "\x1f"
_CLOZE = 1


def read_snapshot(files: Mapping[str, bytes], path: Path) -> Snapshot:
    """Return what the files of a package hold; `path` is its name for messages.

    Raises `Problems` where there is no database of Anki that can be read.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            _open(connection, files)
            return _snapshot(connection, _manifest(files))
        except (KeyError, IndexError, sqlite3.Error, ValueError, TypeError, AttributeError, RecursionError):
            stop(
                path.as_posix(),
                "no-package",
                "the package holds no database of Anki that can be read here",
                "a package that Anki itself exported opens here if it was made for older versions of Anki",
            )


def _open(connection: sqlite3.Connection, files: Mapping[str, bytes]) -> None:
    if _NEWER_DATABASE in files:
        raise KeyError(DATABASE)
    data = files[_DATABASES[0]] if _DATABASES[0] in files else files[DATABASE]
    if not data.startswith(_SQLITE):
        raise sqlite3.DatabaseError
    connection.deserialize(data)
    connection.execute("pragma trusted_schema = off")
    connection.execute("pragma query_only = on")
    # A view or a virtual table has no page of its own, and might run what a stranger wrote.
    marks = ", ".join("?" * len(_TABLES))
    query = f"select name from sqlite_master where type = 'table' and rootpage > 0 and name in ({marks}) order by name"
    if tuple(name for (name,) in connection.execute(query, _TABLES)) != _TABLES:
        raise sqlite3.DatabaseError


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the manifest; an empty one for a package of another tool."""
    manifest = json.loads(files.get(MANIFEST, b"{}"))
    if not isinstance(manifest, dict):
        raise TypeError(manifest)
    return manifest


def _snapshot(connection: sqlite3.Connection, manifest: Mapping[str, Any]) -> Snapshot:
    models, decks = (json.loads(text) for text in connection.execute("select models, decks from col").fetchone())
    names = {int(number): str(deck["name"]) for number, deck in decks.items()}
    types = {int(number): _type(int(number), model) for number, model in models.items()}
    fields = {int(number): [str(field["name"]) for field in model["flds"]] for number, model in models.items()}
    cards: dict[int, dict[int, tuple[int, int, int]]] = defaultdict(dict)
    for card, note, ordinal, deck, due in connection.execute("select id, nid, ord, did, due from cards order by ord"):
        cards[int(note)][int(ordinal)] = (int(card), int(deck), int(due))
    notes = {}
    for guid, note, type_, time, texts, tags in connection.execute("select guid, id, mid, mod, flds, tags from notes"):
        own = cards.get(int(note), {})
        first = next(iter(own.values()), (0, 0, 0))
        notes[str(guid)] = PackedNote(
            guid=str(guid),
            note=int(note),
            type=int(type_),
            kind=types[int(type_)].kind,
            time=int(time),
            fields=dict(zip(fields[int(type_)], texts.split(_BETWEEN_FIELDS), strict=True)),
            tags=tuple(tags.split()),
            cards={ordinal: card for ordinal, (card, _, _) in own.items()},
            deck=names.get(first[1], ""),
            due=first[2],
        )
    descriptions = {str(deck["name"]): str(deck.get("desc", "")) for deck in decks.values()}
    return Snapshot(notes, types, descriptions, manifest)


def _type(number: int, model: Mapping[str, Any]) -> PackedType:
    fields = tuple(_identity(field) for field in model["flds"])
    templates = tuple(_identity(template) for template in model["tmpls"])
    look = tuple(str(each[side]) for each in model["tmpls"] for side in ("qfmt", "afmt"))
    return PackedType(
        number=number,
        name=str(model["name"]),
        kind="cloze" if model.get("type") == _CLOZE else "qa",
        time=int(model["mod"]),
        shape=(fields, templates),
        look=(*look, str(model.get("css", ""))),
    )


def _identity(part: Mapping[str, Any]) -> str:
    """Return what Anki matches a field or a template by: its id, or its name where it has none."""
    return str(part.get("id") or part["name"])
