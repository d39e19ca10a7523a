"""Reading the database of a package that may come from anyone: plain tables only, and nothing of it is executed."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from builder.history.snapshot import PackedNote, PackedType, Snapshot
from builder.package.contents import DATABASE, MANIFEST
from builder.problems import stop

_SQLITE = b"SQLite format 3\0"
DATABASES = ("collection.anki21", DATABASE)
"""Anki's own exports for older versions hold the notes in the first, and a note that says so in the second."""

_NEWER_DATABASE = "collection.anki21b"
_TABLES = ("cards", "col", "notes")
_BETWEEN_FIELDS = "\x1f"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CLOZE = 1
# While a card is in a filtered deck, its own deck and place are kept in other columns.
HOME_DECK = "case when odid then odid else did end"
HOME_DUE = "case when odid then odue else due end"
# What is read at most: bytes of one text, rows of one table, and bytes of all the rows together.
_LONGEST = 8 * 1024 * 1024
_MOST_ROWS = 250_000
_MOST_BYTES = 256 * 1024 * 1024


def read_snapshot(files: Mapping[str, bytes], path: Path) -> Snapshot:
    """Return what the files of a package hold; `path` is its name for messages.

    Raises `Problems` where there is no database of Anki that can be read.
    """
    if _NEWER_DATABASE in files:
        stop(
            path.as_posix(),
            "no-package",
            "the package is in the newer of Anki's forms, which is not read here",
            'export it from Anki once more, with "Support older Anki versions" ticked',
        )
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            _open(connection, files)
            return _snapshot(connection, _manifest(files))
        except (LookupError, sqlite3.Error, ValueError, TypeError, AttributeError, RecursionError, StopIteration):
            stop(
                path.as_posix(),
                "no-package",
                "the package holds no database of Anki that can be read here",
                "fetch it again, or export it from Anki once more",
            )


@contextmanager
def opened(files: Mapping[str, bytes]) -> Iterator[sqlite3.Connection]:
    """Open the database in the files of a package, for reading only. Raises what sqlite3 does where it is none."""
    with closing(sqlite3.connect(":memory:")) as connection:
        _open(connection, files)
        yield connection


def listed_decks(connection: sqlite3.Connection) -> dict[int, dict[str, Any]]:
    """Return the decks of an opened database by number, as Anki's JSON has them."""
    (text,) = next(_rows(connection, "decks", "col"))
    return {int(number): deck for number, deck in _from_json(text).items()}


def _open(connection: sqlite3.Connection, files: Mapping[str, bytes]) -> None:
    data = files[DATABASES[0]] if DATABASES[0] in files else files[DATABASE]
    if not data.startswith(_SQLITE):
        raise sqlite3.DatabaseError
    connection.deserialize(data)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    connection.execute("pragma trusted_schema = off")
    connection.execute("pragma query_only = on")
    # A view or a virtual table has no page of its own, and might run what a stranger wrote.
    marks = ", ".join("?" * len(_TABLES))
    query = f"select name from sqlite_master where type = 'table' and rootpage > 0 and name in ({marks}) order by name"
    if tuple(name for (name,) in connection.execute(query, _TABLES)) != _TABLES:
        raise sqlite3.DatabaseError
    for table in _TABLES:
        # A generated column is a formula of the stranger's, which would be worked out at every row.
        if any(hidden for *_, hidden in connection.execute(f"pragma table_xinfo({table})")):
            raise sqlite3.DatabaseError


def _rows(connection: sqlite3.Connection, columns: str, table: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table in the order they are stored in. Raises DataError where there are too many.

    No index is used, since it could hold other rows than the table; and pages that are in one another, as only a forged
    database has them, can make a table without end.
    """
    size = 0
    for number, row in enumerate(connection.execute(f"select {columns} from {table} not indexed")):
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if number >= _MOST_ROWS or size > _MOST_BYTES:
            raise sqlite3.DataError
        yield row


def _from_json(text: str | bytes) -> Any:
    return _plain(json.loads(text))


def _plain(value: Any) -> Any:
    """Return a text, or data with texts in it, without the signs that steer a terminal, where it may be shown."""
    if isinstance(value, str):
        return _CONTROL.sub("\ufffd", value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items()}
    return value


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the manifest; an empty one for a package of another tool."""
    data = files.get(MANIFEST, b"{}")
    if len(data) > _LONGEST:
        raise ValueError(MANIFEST)
    manifest = _from_json(data)
    if not isinstance(manifest, dict):
        raise TypeError(manifest)
    return manifest


def _snapshot(connection: sqlite3.Connection, manifest: Mapping[str, Any]) -> Snapshot:
    models, decks = (_from_json(text) for text in next(_rows(connection, "models, decks", "col")))
    names = {int(number): str(deck["name"]) for number, deck in decks.items()}
    types = {int(number): _type(int(number), model) for number, model in models.items()}
    fields = {int(number): [str(field["name"]) for field in model["flds"]] for number, model in models.items()}
    cards: dict[int, dict[int, tuple[int, int, int]]] = defaultdict(dict)
    for card, note, ordinal, deck, due in _rows(connection, f"id, nid, ord, {HOME_DECK}, {HOME_DUE}", "cards"):
        cards[int(note)][int(ordinal)] = (int(card), int(deck), int(due))
    notes = {}
    for guid, note, type_, time, texts, tags in _rows(connection, "guid, id, mid, mod, flds, tags", "notes"):
        own = dict(sorted(cards.get(int(note), {}).items()))
        first = next(iter(own.values()), (0, 0, 0))
        guid = _plain(str(guid))
        notes[guid] = PackedNote(
            guid=guid,
            note=int(note),
            type=int(type_),
            kind=types[int(type_)].kind,
            time=int(time),
            fields=dict(zip(fields[int(type_)], map(_plain, texts.split(_BETWEEN_FIELDS)), strict=True)),
            tags=tuple(_plain(tags).split()),
            cards={ordinal: card for ordinal, (card, _, _) in own.items()},
            deck=names.get(first[1], ""),
            due=first[2],
            decks=tuple(names.get(deck, "") for _, deck, _ in own.values()),
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
        names=(tuple(str(each["name"]) for each in model["flds"]), tuple(str(each["name"]) for each in model["tmpls"])),
        numbered=any(part.get("id") for part in (*model["flds"], *model["tmpls"])),
        shape=(fields, templates),
        look=(*look, str(model.get("css", ""))),
    )


def _identity(part: Mapping[str, Any]) -> str:
    """Return what Anki matches a field or a template by: its id, or its name where it has none."""
    return str(part.get("id") or part["name"])
