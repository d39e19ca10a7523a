"""Read the database of a package that may come from anyone: plain tables only, and nothing in it is executed."""

import json
import math
import re
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from cuedeck.deck.kinds import Kind
from cuedeck.deck.tags import as_kept, separated
from cuedeck.history import entries
from cuedeck.history.manifest import Manifest
from cuedeck.history.snapshot import PackedNote, PackedType, Snapshot
from cuedeck.history.stamping import day
from cuedeck.package.contents import DATABASE, LONGEST, MANIFEST, Member
from cuedeck.problems import stop
from cuedeck.rendering.notefields import keys_by_id

_SQLITE = b"SQLite format 3\0"
DATABASES = ("collection.anki21", DATABASE)
"""Anki's exports for older versions have the notes in the first, and in the second only a note that says so."""

NEWER_DATABASE = "collection.anki21b"
"""The database in Anki's newer format, which `newerform` turns into an older one."""
_TABLES = ("cards", "col", "notes")
_BETWEEN_FIELDS = "\x1f"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CLOZE = 1
_NEW = 0  # the type of a card that was never studied
_NO_NAME = re.compile("[\x00\n\r\x85\u2028\u2029]")
_HIGHEST_ORDINAL = 65_535
_A_DAY = 86_400
# While a card is in a filtered deck, other columns keep its own deck and position.
HOME_DECK = "case when odid then odid else did end"
HOME_DUE = "case when odid then odue else due end"
# The most that is read, besides bytes of one text: rows of one table, and bytes of all rows together.
_MOST_ROWS = 250_000
_MOST_BYTES = 256 * 1024 * 1024


class _Forged(Exception):
    """A database that is complete, but contains something that Anki never writes."""


def read_snapshot(files: Mapping[str, Member], path: Path, namespace: str = "") -> Snapshot:
    """Return the contents of a package from its files; `path` is its name in messages.

    The fields of our note types are recognized by their ids, which depend on the namespace of the deck. It is the one
    in the manifest, or `namespace` if there is no manifest, as in packages that Anki exports. Raises `Problems` if
    there is no Anki database that can be read, or if it contains what no deck of cards can.
    """
    small = {name: data for name in (*DATABASES, MANIFEST) if isinstance(data := files.get(name), bytes)}
    if NEWER_DATABASE in files:
        stop(
            path.as_posix(),
            "no-package",
            "the package is in Anki's newer format, which this command does not read",
            'export it from Anki again (File > Export), with "Support older Anki versions" ticked',
        )
    manifest = _manifest(small, path)
    keys = keys_by_id(manifest.namespace or namespace)
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            _open(connection, small)
            snapshot = _snapshot(connection, keys)
        except _Forged as error:
            hint = "download it again, or export it from Anki again"
            stop(path.as_posix(), "no-package", f"the package is damaged or forged: {error}", hint)
        except (LookupError, sqlite3.Error, ValueError, TypeError, AttributeError, RecursionError, StopIteration):
            stop(
                path.as_posix(),
                "no-package",
                "the package has no Anki database that Cuedeck can read",
                "download it again, or export it from Anki again",
            )
    snapshot = replace(snapshot, manifest=manifest)
    _stop_at_future(snapshot, path)
    return snapshot


@contextmanager
def opened(files: Mapping[str, bytes]) -> Iterator[sqlite3.Connection]:
    """Open the database in the files of a package, read-only. Raises sqlite3's errors if it is not a database."""
    with closing(sqlite3.connect(":memory:")) as connection:
        _open(connection, files)
        yield connection


def listed_decks(connection: sqlite3.Connection) -> dict[int, dict[str, Any]]:
    """Return the decks of an opened database by number, as in Anki's JSON."""
    (text,) = next(_rows(connection, "decks", "col"))
    return {int(number): deck for number, deck in _from_json(text).items()}


def _open(connection: sqlite3.Connection, files: Mapping[str, bytes]) -> None:
    data = files[DATABASES[0]] if DATABASES[0] in files else files[DATABASE]
    if not data.startswith(_SQLITE):
        raise sqlite3.DatabaseError
    connection.deserialize(data)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    connection.execute("pragma trusted_schema = off")
    connection.execute("pragma query_only = on")
    # A view or a virtual table has no root page, and might run what a stranger wrote.
    marks = ", ".join("?" * len(_TABLES))
    query = f"select name from sqlite_master where type = 'table' and rootpage > 0 and name in ({marks}) order by name"
    if tuple(name for (name,) in connection.execute(query, _TABLES)) != _TABLES:
        raise sqlite3.DatabaseError
    for table in _TABLES:
        # A generated column is a stranger's formula, which would be evaluated for every row.
        if any(hidden for *_, hidden in connection.execute(f"pragma table_xinfo({table})")):
            raise sqlite3.DatabaseError


def _rows(connection: sqlite3.Connection, columns: str, table: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table in the order in which they are stored. Raises DataError if there are too many.

    No index is used, since it could have other rows than the table. In a forged database, pages that contain one
    another can make a table endless.
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
    """Return data with its texts made safe to show. Raises ValueError if a text cannot be written."""
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError(value)
        if not value.isascii():
            value.encode()  # raises it for half a surrogate pair, which JSON can contain
        return _shown(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items()}
    return value


def _shown(text: str) -> str:
    """Return a text without the control characters that steer a terminal."""
    return _CONTROL.sub("\ufffd", text)


def _manifest(files: Mapping[str, bytes], path: Path) -> Manifest:
    """Return the manifest; an empty one for a package of another tool. Raises `Problems` if it is not valid."""
    data = files.get(MANIFEST, b"{}")
    try:
        if len(data) > LONGEST:
            raise ValueError("it is too large")
        try:
            parsed = json.loads(data)
        except (ValueError, RecursionError):
            raise ValueError("it is not JSON") from None
        return entries.read_entries(Manifest, parsed)
    except ValueError as error:
        stop(
            path.as_posix(),
            "no-package",
            f"{MANIFEST} in the package is damaged or forged: {error}",
            "download it again, or build it again: cuedeck build",
        )


def _stop_at_future(snapshot: Snapshot, path: Path) -> None:
    """Raise `Problems` if notes are newer than now: until then, nobody who has them would get a correction.

    Note types of other tools do not count, since a bridge gives them such a time on purpose.
    """
    times = [snapshot.manifest.newest_time, *(note.time for note in snapshot.notes.values())]
    if snapshot.namespace:
        times += [type.time for type in snapshot.types.values()]
    if (newest := max(times)) > time.time() + _A_DAY:
        stop(
            path.as_posix(),
            "time-ahead",
            f"the package contains changes of {day(newest)}, which is in the future",
            "check the clock of this machine; if it is right, the package was made with a wrong one, and no correction "
            "would reach its learners before that day: use another package",
        )


def _snapshot(connection: sqlite3.Connection, keys: Mapping[int, str]) -> Snapshot:
    """Return the contents of a database; `keys` are the keys of our fields by their ids."""
    models, decks = (_from_json(text) for text in next(_rows(connection, "models, decks", "col")))
    names = {int(number): _name(deck["name"]) for number, deck in decks.items()}
    types = {int(number): _type(int(number), model, keys) for number, model in models.items()}
    cards: dict[int, dict[int, tuple[int, int, int, int]]] = defaultdict(dict)
    for card, note, ordinal, deck, due, state in _checked_rows(connection, "cards", _CARD):
        cards[note][ordinal] = (card, deck, due, state)
    notes = {}
    for guid, note, number, changed, texts, tags in _checked_rows(connection, "notes", _NOTE):
        own = dict(sorted(cards.get(note, {}).items()))
        first = next(iter(own.values()), (0, 0, 0, _NEW))
        notes[guid] = PackedNote(
            guid=guid,
            note=note,
            type=number,
            kind=types[number].kind,
            time=changed,
            fields=dict(zip(types[number].keys, map(_shown, texts.split(_BETWEEN_FIELDS)), strict=True)),
            tags=tags,
            cards={ordinal: card for ordinal, (card, *_) in own.items()},
            deck=names.get(first[1], ""),
            due=first[2],
            decks=tuple(names.get(deck, "") for _, deck, *_ in own.values()),
            is_new=first[3] == _NEW,
        )
    descriptions = {_name(deck["name"]): str(deck.get("desc", "")) for deck in decks.values()}
    return Snapshot(notes, types, descriptions)


def _checked_rows(
    connection: sqlite3.Connection, table: str, columns: Mapping[str, entries.Check]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table, each value checked. Raises `_Forged` for a value that Anki never writes."""
    for row in _rows(connection, ", ".join(columns), table):
        try:
            yield tuple([check(value) for check, value in zip(columns.values(), row, strict=True)])
        except (ValueError, TypeError):
            raise _Forged(f'its table "{table}" contains a value that Anki never writes there') from None


def _name(value: object) -> str:
    """Return the name of a deck, note type, field or template. Raises `_Forged` if it is not a valid name."""
    if _NO_NAME.search(text := _any_text(value)):
        raise _Forged("a name in it contains a line end, or another character that no name may contain")
    return text


def _number(value: object) -> int:
    """Return a whole number, which SQLite may store as a float. Raises ValueError or TypeError if it is not finite."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(value)
    return int(value)


def _any_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _ordinal(value: object) -> int:
    if (found := entries.whole(value)) > _HIGHEST_ORDINAL:
        raise ValueError(value)
    return found


# The columns that are read, each with its check.
_CARD: Mapping[str, entries.Check] = {
    "id": entries.whole,
    "nid": entries.whole,
    "ord": _ordinal,
    HOME_DECK: _number,
    HOME_DUE: _number,
    "type": _number,
}
_NOTE: Mapping[str, entries.Check] = {
    "guid": lambda value: _shown(_name(value)),
    "id": entries.whole,
    "mid": _number,
    "mod": entries.time,
    "flds": _any_text,
    "tags": lambda value: tuple(_shown(as_kept(each)) for each in separated(value)),
}


def _type(number: int, model: Mapping[str, Any], keys: Mapping[int, str]) -> PackedType:
    names = tuple(tuple(_name(part["name"]) for part in model[parts]) for parts in ("flds", "tmpls"))
    fields = tuple(_identity(field) for field in model["flds"])
    if len({*fields}) < len(fields):
        raise _Forged("it has a note type with two fields that Anki cannot tell apart")
    templates = tuple(_identity(template) for template in model["tmpls"])
    look = tuple(str(each[side]) for each in model["tmpls"] for side in ("qfmt", "afmt"))
    return PackedType(
        number=number,
        name=_name(model["name"]),
        kind=Kind.CLOZE if model.get("type") == _CLOZE else Kind.QA,
        time=entries.time(_number(model["mod"])),
        names=(names[0], names[1]),
        numbered=any(part.get("id") for part in (*model["flds"], *model["tmpls"])),
        keys=tuple(_keys(model["flds"], names[0], keys)),
        shape=(fields, templates),
        look=(*look, str(model.get("css", ""))),
    )


def _keys(fields: Iterable[Mapping[str, Any]], names: Iterable[str], keys: Mapping[int, str]) -> Iterator[str]:
    """Yield the key of each field: our key if its id is one of ours, or else its name.

    A field that the owner added may have the first name of one of ours. It gets a "+" at its end, as in Anki.
    """
    ids = [each.get("id") for each in fields]
    known = [keys.get(id, "") if isinstance(id, int) else "" for id in ids]
    taken = {key for key in known if key}
    for key, name in zip(known, names, strict=True):
        if not key:
            while name in taken:
                name += "+"
            taken.add(name)
        yield key or name


def _identity(part: Mapping[str, Any]) -> str:
    """Return what Anki matches a field or a template by: its id, or its name if it has no id."""
    return str(part.get("id") or part["name"])
