"""Read a package in Anki's newer format as if it were one in the older format, which the rest of Cuedeck reads.

In the newer format, the database and every file are compressed with zstd; decks and note types are in tables of their
own, and the list of files is a message of protocol buffers. The tables and the numbers of the fields are those of
rslib/src/storage/ and proto/anki/ in Anki's source.
"""

import json
import sqlite3
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from cuedeck.media.files import LARGEST
from cuedeck.package.contents import DATABASE, LARGEST_MEDIA, LONGEST, MEDIA
from cuedeck.package.database import DATABASES, NEWER_DATABASE
from cuedeck.package.opening import Packed
from cuedeck.package.rows import make_tables
from cuedeck.problems import stop

# The most bytes that the database may have when it is unpacked.
_LARGEST_DATABASE = 512 * 1024 * 1024
_MOST_ROWS = 250_000
_JOURNAL = 18  # where the header of a database says how it is written and read
_BETWEEN_DECKS = "\x1f"
_COLUMNS = {
    "notes": "id, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data",
    "cards": "id, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data",
}
_TABLES = frozenset({*_COLUMNS, "notetypes", "fields", "templates", "decks"})
# The numbers of the fields of Anki's messages, and the keys of its JSON for the same.
_TYPE = {1: "type", 2: "sortf", 3: "css", 5: "latexPre", 6: "latexPost", 7: "latexsvg", 9: "originalStockKind"}
_FIELD = {1: "sticky", 2: "rtl", 3: "font", 4: "size", 5: "description", 6: "plainText", 7: "collapsed", 9: "id"}
_TEMPLATE = {1: "qfmt", 2: "afmt", 3: "bqfmt", 4: "bafmt", 6: "bfont", 7: "bsize", 8: "id"}
# What Anki's messages leave out if it is nothing special, and its JSON always has.
_USUAL_TYPE = {
    "type": 0,
    "sortf": 0,
    "css": "",
    "latexPre": "",
    "latexPost": "",
    "latexsvg": False,
    "req": [],
    "did": None,
}
_USUAL_FIELD = {
    "sticky": False,
    "rtl": False,
    "font": "Arial",
    "size": 20,
    "description": "",
    "plainText": False,
    "collapsed": False,
}
_USUAL_TEMPLATE = {"qfmt": "", "afmt": "", "bqfmt": "", "bafmt": "", "bfont": "", "bsize": 0, "did": None}
_DECK_DESCRIPTION, _NORMAL_DECK = 4, 1
_ENTRIES, _ENTRY_NAME = 1, 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def in_older_form(files: Packed, path: Path) -> Packed:
    """Return the files of a package in the older format, made from the newer one if necessary; `path` is its name.

    Raises `Problems` if the package is damaged, or if a file in it unpacks to more than any deck has.
    """
    if NEWER_DATABASE not in files:
        return files
    try:
        database = _older_database(unpacked(files[NEWER_DATABASE], _LARGEST_DATABASE))
        listed = _listed(unpacked(files.get(MEDIA, b""), LONGEST))
    except (sqlite3.Error, ValueError, TypeError, LookupError, RecursionError, OverflowError):
        stop(
            path.as_posix(),
            "no-package",
            "the package is damaged, or in a format of Anki that Cuedeck does not know",
            'export it from Anki again (File > Export), with "Support older Anki versions" ticked',
        )
    return _Older(files, {DATABASE: database, MEDIA: listed}, path)


class _Older(Packed):
    """The files of a package in the newer format, as the older one has them. Pictures are unpacked when asked for."""

    def __init__(self, files: Packed, made: Mapping[str, bytes], path: Path) -> None:
        self._files = files
        self._made = made
        self._path = path
        listed: dict[str, str] = json.loads(made[MEDIA])
        others = [key for key in files if key not in (*DATABASES, NEWER_DATABASE, MEDIA)]
        self._names = (*made, *(key for key in others if not key.isdecimal() or key in listed))

    def __getitem__(self, key: str) -> bytes:
        if key in self._made:
            return self._made[key]
        if key not in self._names:
            raise KeyError(key)
        data = self._files[key]
        if not key.isdecimal():
            return data
        try:
            return unpacked(data, LARGEST)
        except ValueError:
            stop(
                self._path.as_posix(),
                "no-package",
                "a picture or sound in the package is damaged, or larger than 100 MB",
                "download it again, or export it from Anki again",
            )

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def size(self, key: str) -> int:
        return len(self[key])

    def pieces(self) -> Iterator[bytes]:
        return self._files.pieces()

    def digests(self, of: Collection[str] | None = None) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        left = LARGEST_MEDIA
        for key in self._names:
            if of is None or key in of:
                data = self[key]
                left -= len(data)
                if left < 0:
                    message = "the package unpacks to more than 4 GB, which no deck of cards does"
                    stop(self._path.as_posix(), "package-too-large", message)
                found[key] = sha256(data).digest()
        return found


def unpacked(data: bytes, most: int) -> bytes:
    """Return what was compressed with zstd. Raises ValueError if that is more than `most` bytes, or damaged."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd  # here because only such packages need it
    if not data:
        return b""
    reader = zstd.ZstdDecompressor()
    try:
        whole = reader.decompress(data, most + 1)
    except zstd.ZstdError:
        raise ValueError("it is damaged") from None
    if len(whole) > most or not reader.eof:
        raise ValueError("it is too large, or not complete")
    return whole


def _older_database(data: bytes) -> bytes:
    with closing(sqlite3.connect(":memory:")) as old, closing(sqlite3.connect(":memory:")) as new:
        # The header says that there may be a journal beside the file, which is not so in a package.
        old.deserialize(data[:_JOURNAL] + b"\1\1" + data[_JOURNAL + 2 :])
        old.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        old.execute("pragma trusted_schema = off")
        old.execute("pragma query_only = on")
        _check_tables(old)
        cursor = new.cursor()
        make_tables(cursor)
        models, decks = json.dumps(_models(old)), json.dumps(_decks(old))
        cursor.execute("update col set decks = ?, models = ?", (decks, models))
        for table, columns in _COLUMNS.items():
            marks = ", ".join("?" * len(columns.split(",")))
            cursor.executemany(f"insert into {table} ({columns}) values ({marks})", _rows(old, columns, table))
        new.commit()
        return new.serialize()


def _check_tables(old: sqlite3.Connection) -> None:
    """Raise sqlite3's error unless all tables are plain ones, in which nothing is executed."""
    query = "select name from sqlite_master where type = 'table' and rootpage > 0"
    if not {name for (name,) in old.execute(query)} >= _TABLES:
        raise sqlite3.DatabaseError
    for table in _TABLES:
        if any(hidden for *_, hidden in old.execute(f"pragma table_xinfo({table})")):
            raise sqlite3.DatabaseError


def _rows(old: sqlite3.Connection, columns: str, table: str) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(old.execute(f"select {columns} from {table} not indexed")):
        if number >= _MOST_ROWS:
            raise sqlite3.DataError
        yield row


def _models(old: sqlite3.Connection) -> dict[str, Any]:
    fields = _parts(old, "fields", _FIELD, _USUAL_FIELD)
    templates = _parts(old, "templates", _TEMPLATE, _USUAL_TEMPLATE)
    models = {}
    for id, name, changed, config in _rows(old, "id, name, mtime_secs, config", "notetypes"):
        own = {"id": id, "name": name, "mod": changed, **_keyed(config, _TYPE, _USUAL_TYPE)}
        models[str(id)] = {**own, "flds": fields[id], "tmpls": templates[id]}
    return models


def _parts(
    old: sqlite3.Connection, table: str, keys: Mapping[int, str], usual: Mapping[str, Any]
) -> dict[int, list[dict[str, Any]]]:
    """Return the fields or templates of all note types in their order, by the numbers of these."""
    found: dict[int, list[dict[str, Any]]] = {}
    rows = sorted(_rows(old, "ntid, ord, name, config", table), key=lambda row: (int(row[0]), int(row[1])))
    for type, ord, name, config in rows:
        found.setdefault(int(type), []).append({"name": name, "ord": ord, **_keyed(config, keys, usual)})
    return found


def _decks(old: sqlite3.Connection) -> dict[str, Any]:
    decks = {}
    for id, name, kind in _rows(old, "id, name, kind", "decks"):
        normal = next((value for key, value in _message(kind) if key == _NORMAL_DECK), b"")
        description = next(
            (v for k, v in _message(normal if isinstance(normal, bytes) else b"") if k == _DECK_DESCRIPTION), b""
        )
        text = description.decode() if isinstance(description, bytes) else ""
        decks[str(id)] = {"id": id, "name": name.replace(_BETWEEN_DECKS, "::"), "desc": text}
    return decks


def _keyed(config: bytes, keys: Mapping[int, str], usual: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a message by Anki's keys for them in JSON; `usual` are those that it may leave out.

    Raises ValueError if one is of another kind than usual.
    """
    found = dict(usual)
    for number, value in _message(config):
        if key := keys.get(number):
            is_text = isinstance(usual.get(key), str)
            if is_text != isinstance(value, bytes):
                raise ValueError(key)
            text = value.decode() if isinstance(value, bytes) else value
            found[key] = bool(value) if isinstance(usual.get(key), bool) else text
    return found


def _listed(data: bytes) -> bytes:
    """Return the list of media files as the older format has it: the names by the numbers of the members."""
    names = []
    for number, entry in _message(data):
        if number == _ENTRIES and isinstance(entry, bytes):
            name = next((value for key, value in _message(entry) if key == _ENTRY_NAME), b"")
            names.append(name.decode() if isinstance(name, bytes) else "")
    return json.dumps({str(number): name for number, name in enumerate(names)}).encode()


def _message(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the numbers and values of a message of protocol buffers. Raises ValueError if it is damaged."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, value - (1 << 64) if value >> 63 else value
            continue
        length, at = _varint(data, at) if wire == _BYTES else ({_FIXED64: 8, _FIXED32: 4}[wire], at)
        if at + length > len(data):
            raise ValueError("it ends too early")
        if wire == _BYTES:
            yield number, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number and the place after it. Raises ValueError if it has no end."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if not byte & 128:
            return value & (1 << 64) - 1, at
    raise ValueError("a number in it has no end")
