"""Read the database of a package that may come from anyone: plain tables only, and nothing in it is executed."""

import json
import math
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from cuedeck.deck.kinds import Kind
from cuedeck.deck.tags import as_kept, separated
from cuedeck.history import entries
from cuedeck.history.manifest import Manifest
from cuedeck.history.snapshot import PackedNote, PackedType, Snapshot
from cuedeck.history.stamping import day
from cuedeck.package.contents import DATABASE, LONGEST, MANIFEST, SQLITE, Member
from cuedeck.patterns import regex
from cuedeck.problems import stop
from cuedeck.rendering.notefields import keys_by_id

DATABASES = ("collection.anki21", DATABASE)
"""Anki's exports for older versions have the notes in the first, and in the second only a note that says so."""

NEWER_DATABASE = "collection.anki21b"
"""The database in Anki's newer format, which `newerform` turns into an older one."""
_TABLES = ("cards", "col", "notes")
_BETWEEN_FIELDS = "\x1f"
_CONTROL = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CONTROL_IN_FIELDS = regex("[\x00-\x08\x0b-\x1e\x7f-\x9f]")
_CLOZE = 1
_NEW = 0  # the type of a card that was never studied
_NO_NAME = regex("[\x00\n\r\x85\u2028\u2029]")
_HIGHEST_ORDINAL = 65_535
_A_DAY = 86_400
# While a card is in a filtered deck, other columns keep its own deck and position.
HOME_DECK = "case when odid then odid else did end"
HOME_DUE = "case when odid then odue else due end"
# The most that is read, besides bytes of one text: rows of one table, and bytes of all rows together.
_MOST_ROWS = 250_000
_MOST_BYTES = 256 * 1024 * 1024
_NUMBERS = frozenset((int,))
# SQLite asks after so many of its steps whether to go on, and may ask so often, which takes some seconds.
_STEPS_BETWEEN = 100_000
_MOST_ASKED = 1_000


class _Forged(Exception):
    """A database that is complete, but contains something that Anki never writes."""


# What reading a database raises that is damaged or forged.
_UNREADABLE = (
    _Forged,
    LookupError,
    sqlite3.Error,
    ValueError,
    TypeError,
    AttributeError,
    RecursionError,
    StopIteration,
)


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
            snapshot, times = _snapshot(connection, keys)
        except _Forged as error:
            hint = "download it again, or export it from Anki again"
            stop(path.as_posix(), "no-package", f"the package is damaged or forged: {error}", hint)
        except _UNREADABLE:
            stop(
                path.as_posix(),
                "no-package",
                "the package has no Anki database that Cuedeck can read",
                "download it again, or export it from Anki again",
            )
    snapshot = replace(snapshot, manifest=manifest)
    _stop_at_future(snapshot, times, path)
    return snapshot


class SingleNote(NamedTuple):
    """A note of a package: its kind, when it changed, in seconds since 1970, and its fields by their keys."""

    kind: Kind
    time: object  # whatever the database has there
    fields: Mapping[str, str]


class SingleNotes:
    """Reads notes of a package of ours one by one.

    Nothing else in it is read or checked: whatever is forged there stays there.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """`files` are those in the package."""
        self._files: Mapping[str, bytes] = files

    def note(self, guid: str) -> SingleNote | None:
        """Return the note with a guid; None if there is none.

        Raises ValueError if it cannot be read, or if there are several.
        """
        try:
            connection, types = self._opened
            query = "select mid, mod, flds from notes not indexed where guid = ?"
            found = connection.execute(query, (guid,)).fetchmany(2)
            if not found:
                return None
            ((number, changed, texts),) = found
            type = types[number]
            fields = dict(zip(type.keys, _shown_fields(_any_text(texts)), strict=True))
            return SingleNote(type.kind, changed, fields)
        except _UNREADABLE:
            raise ValueError("the package has no such note that Cuedeck can read") from None

    @cached_property
    def _opened(self) -> tuple[sqlite3.Connection, Mapping[int, PackedType]]:
        """The opened database, and its note types by number."""
        files, self._files = self._files, {}  # SQLite has a copy of its own
        keys = keys_by_id(manifest_in(files.get(MANIFEST, b"{}")).namespace)
        connection = sqlite3.connect(":memory:")
        _open(connection, files)
        asked = count()
        connection.set_progress_handler(lambda: next(asked) > _MOST_ASKED, _STEPS_BETWEEN)  # a table may be endless
        (models,) = next(_rows(connection, "models", "col"))
        return connection, _types(_from_json(models), keys)


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
    if not data.startswith(SQLITE):
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
        if not _NUMBERS.issuperset(map(type, row)):  # a row of numbers, as of a card, has no size to speak of
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


def _shown_fields(texts: str) -> list[str]:
    """Return the fields of a note, without control characters, from the one text in which a database has them."""
    return _CONTROL_IN_FIELDS.sub("\ufffd", texts).split(_BETWEEN_FIELDS)


def _manifest(files: Mapping[str, bytes], path: Path) -> Manifest:
    """Return the manifest; an empty one for a package of another tool. Raises `Problems` if it is not valid."""
    try:
        return manifest_in(files.get(MANIFEST, b"{}"))
    except ValueError as error:
        stop(
            path.as_posix(),
            "no-package",
            f"{MANIFEST} in the package is damaged or forged: {error}",
            "download it again, or build it again: cuedeck build",
        )


def manifest_in(data: bytes) -> Manifest:
    """Return a manifest from its bytes. Raises ValueError with a sentence that says what in it is not valid."""
    if len(data) > LONGEST:
        raise ValueError("it is too large")
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    return entries.read_entries(Manifest, parsed)


def _stop_at_future(snapshot: Snapshot, times: Iterable[int], path: Path) -> None:
    """Raise `Problems` if notes with these times are newer than now: nobody who has them would get a correction.

    Note types of other tools do not count, since a bridge gives them such a time on purpose.
    """
    times = [snapshot.manifest.newest_time, *times]
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


def _snapshot(connection: sqlite3.Connection, keys: Mapping[int, str]) -> tuple[Snapshot, Iterable[int]]:
    """Return the contents of a database, and the times of its notes; `keys` are the keys of our fields by their ids."""
    models, decks = (_from_json(text) for text in next(_rows(connection, "models, decks", "col")))
    names = {int(number): _name(deck["name"]) for number, deck in decks.items()}
    types = _types(models, keys)
    cards: dict[int, dict[int, tuple[int, int, int, int]]] = defaultdict(dict)
    for card, note, ordinal, deck, due, state in _checked_rows(connection, "cards", _CARD):
        cards[note][ordinal] = (card, deck, due, state)
    rows = {}
    for row in _checked_rows(connection, "notes", _NOTE):
        guid, _, number, _, texts, _ = row
        if texts.count(_BETWEEN_FIELDS) + 1 != len(types[number].keys):
            raise ValueError(texts)
        rows[guid] = row

    def made(guid: str) -> PackedNote:
        _, note, number, changed, texts, tags = rows[guid]
        own = dict(sorted(cards.get(note, {}).items()))
        first = next(iter(own.values()), (0, 0, 0, _NEW))
        return PackedNote(
            guid=guid,
            note=note,
            type=number,
            kind=types[number].kind,
            time=changed,
            fields=dict(zip(types[number].keys, _shown_fields(texts), strict=True)),
            tags=tags,
            cards={ordinal: card for ordinal, (card, *_) in own.items()},
            deck=names.get(first[1], ""),
            due=first[2],
            decks=tuple(names.get(deck, "") for _, deck, *_ in own.values()),
            is_new=first[3] == _NEW,
        )

    times = {guid: row[3] for guid, row in rows.items()}
    notes = _Notes(times.keys(), made)
    descriptions = {_name(deck["name"]): str(deck.get("desc", "")) for deck in decks.values()}
    return Snapshot(notes, types, descriptions), times.values()


class _Notes(Mapping[str, PackedNote]):
    """The notes of a package by guid. Each is made when it is asked for, since most commands need only a few."""

    def __init__(self, guids: Collection[str], make: Callable[[str], PackedNote]) -> None:
        self._guids = guids
        self._made = cache(make)

    def __getitem__(self, guid: str) -> PackedNote:
        return self._made(guid)

    def __contains__(self, guid: object) -> bool:
        return guid in self._guids

    def __iter__(self) -> Iterator[str]:
        return iter(self._guids)

    def __len__(self) -> int:
        return len(self._guids)


def _checked_rows(
    connection: sqlite3.Connection, table: str, columns: Mapping[str, "_Column"]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table, each value checked. Raises `_Forged` for a value that Anki never writes."""
    rows = list(_rows(connection, ", ".join(columns), table))
    try:
        return zip(*map(_checked, columns.values(), zip(*rows, strict=True)), strict=True)
    except (ValueError, TypeError):
        raise _Forged(f'its table "{table}" contains a value that Anki never writes there') from None


def _checked(column: "_Column", values: Sequence[Any]) -> Sequence[Any]:
    """Return the values of a column, checked: all at once if they are plain numbers, as in nearly any package."""
    if column.most and _NUMBERS.issuperset(map(type, values)) and min(values) >= 0 and max(values) <= column.most:
        return values
    return [*map(column.check, values)]


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


class _Column(NamedTuple):
    """A column that is read: the check of its values, and the highest whole number that this leaves as it is."""

    check: entries.Check
    most: int = 0


_ID = _Column(entries.whole, entries.LARGEST - 1)
_ANY_NUMBER = _Column(_number, entries.LARGEST - 1)
_CARD = {
    "id": _ID,
    "nid": _ID,
    "ord": _Column(_ordinal, _HIGHEST_ORDINAL),
    HOME_DECK: _ANY_NUMBER,
    HOME_DUE: _ANY_NUMBER,
    "type": _ANY_NUMBER,
}
_NOTE = {
    "guid": _Column(lambda value: _shown(_name(value))),
    "id": _ID,
    "mid": _ANY_NUMBER,
    "mod": _Column(entries.time, entries.END_OF_TIME - 1),
    "flds": _Column(_any_text),
    "tags": _Column(lambda value: tuple(_shown(as_kept(each)) for each in separated(value))),
}


def _types(models: Mapping[str, Mapping[str, Any]], keys: Mapping[int, str]) -> dict[int, PackedType]:
    """Return note types by number, from Anki's JSON; `keys` are the keys of our fields by their ids."""
    return {int(number): _type(int(number), model, keys) for number, model in models.items()}


def _type(number: int, model: Mapping[str, Any], keys: Mapping[int, str]) -> PackedType:
    names = tuple(tuple(_name(part["name"]) for part in model[parts]) for parts in ("flds", "tmpls"))
    if not all(names):
        raise _Forged("it has a note type without fields or without cards")
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
