"""The bridge: the package of another tool once more, with our ids on the fields and templates of its note types.

To learners of that package its notes are nothing new, and stay as they are. Its note types arrive, because they are
newer than theirs, and with them the ids by which Anki afterwards moves the notes to our note types.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from builder.package.contents import DATABASE, MANIFEST
from builder.package.database import DATABASES, opened
from builder.package.rows import make_tables

_COLUMNS = {
    "col": "id, crt, mod, scm, ver, dty, usn, ls, conf, decks, dconf, tags, models",
    "notes": "id, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data",
    "cards": "id, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data",
}

# The database that is read becomes the only one, in the oldest form, which needs no word on which it is.
_REPLACED = (*DATABASES, "meta", MANIFEST)

Ids = tuple[Sequence[int], Sequence[int]]
"""The ids of the fields and of the templates of a note type, in order; both empty for none at all."""


def bridged(files: Mapping[str, bytes], ids: Mapping[int, Ids], deck: str, at: int) -> dict[str, bytes]:
    """Return the files of a bridge to a deck, made from those of an old package.

    `ids` are those to put on its note types, by Anki's number for each; `deck` is the id of the deck, `at` the new
    modification time of the note types in seconds since 1970. Raises what sqlite3 does, or LookupError, ValueError or
    TypeError, where the old package is not whole.
    """
    kept = {name: data for name, data in files.items() if name not in _REPLACED}
    with opened(files) as old, closing(sqlite3.connect(":memory:")) as new:
        cursor = new.cursor()
        make_tables(cursor)
        cursor.execute("delete from col")
        *others, text = old.execute(f"select {_COLUMNS['col']} from col").fetchone()
        models = json.loads(text)
        for number, each in ids.items():
            model = models[str(number)]
            # Anki gives a note type whose name the learner has already, as "Basic" is, the time of the import; then
            # what comes next would not be newer.
            model |= {"name": f"{model['name']} ({deck})", "mod": at}
            _put(each, model)
        _insert(cursor, "col", [(*others, json.dumps(models))])
        for table in ("notes", "cards"):
            _insert(cursor, table, old.execute(f"select {_COLUMNS[table]} from {table} order by id").fetchall())
        new.commit()
        data = new.serialize()
    return {DATABASE: data, **kept}


def _put(ids: Ids, model: dict[str, Any]) -> None:
    for parts, numbers in zip((model["flds"], model["tmpls"]), ids, strict=True):
        for part in parts:
            part.pop("id", None)
        for part, number in zip(parts, numbers, strict=False):
            part["id"] = number


def _insert(cursor: sqlite3.Cursor, table: str, rows: Sequence[Sequence[Any]]) -> None:
    marks = ", ".join("?" * (_COLUMNS[table].count(",") + 1))
    cursor.executemany(f"insert into {table} ({_COLUMNS[table]}) values ({marks})", rows)
