"""Reading the database of a package that may come from anyone."""

import contextlib
import json
import random
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cuedeck.package import database
from cuedeck.package.contents import DATABASE
from cuedeck.package.database import SingleNotes, read_snapshot
from cuedeck.problems import Problems
from cuedeck.usecases.build import Written

NO_DATABASE = (
    "x.apkg: error: the package has no Anki database that Cuedeck can read [no-package]\n"
    "    download it again, or export it from Anki again"
)


def changed(data: bytes, *statements: str) -> bytes:
    """Return the database with some SQL run on it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


# Name: what is done to a valid database.
SPOILED: dict[str, tuple[str, ...]] = {
    "no table": ("drop table notes",),
    "no cards": ("drop table cards",),
    "a view": ("alter table notes rename to hidden", "create view notes as select * from hidden"),
    "a virtual table": ("drop table notes", "create virtual table notes using fts5(guid, id, mid, mod, flds, tags)"),
    "columns missing": ("drop table notes", "create table notes (guid)"),
    "no UTF-8": ("update notes set flds = cast(x'ff' as text)",),
    "fields are a number": ("update notes set flds = 7",),
    "a field too many": ("update notes set flds = flds || char(31)",),
    "unknown note type": ("update notes set mid = 7",),
    "no collection": ("delete from col",),
    "note types are no JSON": ("update col set models = 'none'",),
    "note types are a list": ("update col set models = '[]'",),
    "note types are nested deep": (f"update col set models = '{'[' * 100_000}'",),
    "a note type without fields": ("""update col set models = '{"1": {}}'""",),
    "decks are words": ("""update col set decks = '{"1": "Default"}'""",),
    "a generated column": (
        "alter table notes rename to other",
        "create table notes (guid, id, mid, mod, tags, flds as (upper(hex(zeroblob(1000000)))))",
        "insert into notes (guid, id, mid, mod, tags) select guid, id, mid, mod, tags from other",
    ),
    "a stored generated column": (
        "alter table notes rename to other",
        "create table notes (guid, id, mid, mod, tags, flds as (guid || guid) stored)",
        "insert into notes (guid, id, mid, mod, tags) select guid, id, mid, mod, tags from other",
    ),
    "a huge blob": ("update notes set flds = zeroblob(20000000)",),
    "a huge text": ("update col set models = cast(zeroblob(20000000) as text)",),
}


@pytest.mark.parametrize("statements", SPOILED.values(), ids=SPOILED)
def test_a_database_that_is_not_ankis_is_refused_with_a_sentence(written: Written, statements: tuple[str, ...]) -> None:
    """Only plain tables with valid rows are read; anything else is a problem, not a traceback."""
    files = {
        **written.build.members,
        "collection.anki2": changed(written.build.members["collection.anki2"], *statements),
    }
    with pytest.raises(Problems) as caught:
        read_snapshot(files, Path("x.apkg"))
    assert str(caught.value) == NO_DATABASE


# Name: the files of a package without a database in the old format, or with an invalid manifest.
NO_FILES: dict[str, dict[str, bytes]] = {
    "no database": {"media": b"{}"},
    "no SQLite": {"collection.anki2": b"hello"},
    "empty file": {"collection.anki2": b""},
}


@pytest.mark.parametrize("files", NO_FILES.values(), ids=NO_FILES)
def test_a_package_without_a_readable_database_is_refused(files: dict[str, bytes]) -> None:
    """A file that is not a database, or is missing, gets the same sentence."""
    with pytest.raises(Problems) as caught:
        read_snapshot(files, Path("x.apkg"))
    assert str(caught.value) == NO_DATABASE


@pytest.mark.parametrize("manifest", [b"", b"no", b"[]", b"\xff", b"[" * 100_000])
def test_an_invalid_manifest_is_refused(written: Written, manifest: bytes) -> None:
    """A manifest is an object, or there is none."""
    with pytest.raises(Problems):
        read_snapshot({**written.build.members, "cuedeck.json": manifest}, Path("x.apkg"))


def test_a_package_in_ankis_newer_format_is_reported(written: Written) -> None:
    """Its old database only asks to update Anki, so the author reads how to export."""
    files = {**written.build.members, "collection.anki21b": b"\x28\xb5\x2f\xfd"}
    with pytest.raises(Problems) as caught:
        read_snapshot(files, Path("x.apkg"))
    assert str(caught.value) == (
        "x.apkg: error: the package is in Anki's newer format, which this command does not read [no-package]\n"
        '    export it from Anki again (File > Export), with "Support older Anki versions" ticked'
    )


@pytest.mark.parametrize(("bound", "value"), [("_MOST_ROWS", 3), ("_MOST_BYTES", 500), ("LONGEST", 1000)])
def test_more_than_any_deck_contains_is_not_read(
    written: Written, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    """Rows and texts beyond a limit end the reading with the same sentence: no package takes all memory or all day."""
    monkeypatch.setattr(database, bound, value)
    with pytest.raises(Problems) as caught:
        read_snapshot(written.build.members, Path("x.apkg"))
    assert str(caught.value) == NO_DATABASE


@pytest.mark.hostile
def test_indexes_of_a_stranger_are_not_used(written: Written) -> None:
    """An index on an expression, or one that covers all columns, does not change what is read."""
    spoiled = changed(
        written.build.members["collection.anki2"],
        "create index one on notes (upper(flds))",
        "create index two on cards (ord desc, id, nid, did, due)",
        "create index three on notes (guid, id, mid, mod, flds, tags) where id > 0",
    )
    files = {**written.build.members, "collection.anki2": spoiled}
    assert read_snapshot(files, written.package) == read_snapshot(written.build.members, written.package)


@pytest.mark.hostile
@pytest.mark.random
def test_a_damaged_database_causes_no_crash(written: Written) -> None:
    """Wherever bytes of a database are lost or changed, it is read, or the author reads a sentence."""
    for seed in range(500):
        chance = random.Random(seed)
        data = bytearray(written.build.members["collection.anki2"])
        if seed % 3 == 0:
            del data[chance.randrange(len(data)) :]
        for _ in range(chance.randrange(1, 40)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(Problems):
            read_snapshot({**written.build.members, "collection.anki2": bytes(data)}, Path("x.apkg"))


@pytest.mark.hostile
def test_triggers_of_a_stranger_are_not_run(written: Written) -> None:
    """Nothing in a package besides its tables is ever executed, so reading writes nothing."""
    spoiled = changed(
        written.build.members["collection.anki2"],
        "create trigger t after update on notes begin delete from notes; end",
        "create view v as select load_extension('x') from notes",
    )
    snapshot = read_snapshot({**written.build.members, "collection.anki2": spoiled}, Path("x.apkg"))
    assert len(snapshot.notes) == 4


def test_what_was_built_is_read_again(written: Written) -> None:
    """A snapshot has what each note was stamped with, and the decks, note types and manifest."""
    snapshot = read_snapshot(written.build.members, written.package)
    for stamped in written.build.notes:
        note = snapshot.notes[stamped.known.guid]
        assert (note.id, note.kind, note.note, note.time) == (
            stamped.known.id,
            stamped.known.kind,
            stamped.known.note,
            stamped.known.time,
        )
        assert tuple(note.fields.values()) == stamped.rendered.fields
        assert (note.tags, note.deck, note.due) == (
            stamped.rendered.tags,
            stamped.rendered.deck,
            stamped.due,
        )
        assert note.cards == {ordinal: stamped.known.cards[ordinal] for ordinal in stamped.rendered.cards}
    assert set(snapshot.decks) == {"Default", "Small", "Small::Films"}
    assert {(each.kind, each.number) for each in snapshot.types.values()} == {
        (each.type.kind, each.type.id) for each in written.build.types
    }
    assert snapshot.namespace == "tests123"
    assert snapshot.version == ""


def with_fields(files: dict[str, bytes], edit: Callable[[list[dict[str, Any]]], None]) -> dict[str, bytes]:
    """Return the files of a package after a change to the fields of each note type."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files[DATABASE])
        (text,) = connection.execute("select models from col").fetchone()
    models = json.loads(text)
    for model in models.values():
        edit(model["flds"])
    return {**files, DATABASE: changed(files[DATABASE], f"update col set models = {quoted(json.dumps(models))}")}


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def test_two_fields_with_one_id_are_refused(written: Written) -> None:
    """To Anki they would be one, and a comparison would confuse their texts."""

    def forge(fields: list[dict[str, Any]]) -> None:
        fields[1]["id"] = fields[0]["id"]

    with pytest.raises(Problems, match="it has a note type with two fields that Anki cannot tell apart"):
        read_snapshot(with_fields(written.build.members, forge), Path("x.apkg"))


def test_no_text_is_lost_if_an_owner_took_our_names(written: Written) -> None:
    """Our fields are known by their ids, whatever their names; an owner's field gets a name that no other has."""

    def rename(fields: list[dict[str, Any]]) -> None:
        ours = fields[0]["name"]
        fields[0]["name"], fields[1]["name"], fields[2]["name"] = "Mine", ours, f"{ours}+"
        for field in fields[1:3]:
            del field["id"]

    before = read_snapshot(written.build.members, written.package).notes
    after = read_snapshot(with_fields(written.build.members, rename), written.package).notes
    for guid, note in after.items():
        assert tuple(note.fields.values()) == tuple(before[guid].fields.values())
        first = next(iter(before[guid].fields))
        assert list(note.fields)[:3] == [first, f"{first}+", f"{first}++"]


def both_ways(files: dict[str, bytes]) -> None:
    """Check that each note read by itself is what it is in a snapshot of the whole package."""
    notes, single = read_snapshot(files, Path("x.apkg")).notes, SingleNotes(files)
    assert {guid: single.note(guid) for guid in notes} == {
        guid: (each.kind, each.time, each.fields) for guid, each in notes.items()
    }
    assert single.note("none") is None


def test_a_note_read_by_itself_is_as_in_the_whole(written: Written) -> None:
    """Also with the fields of an owner, with control characters, and with an index that lacks some notes."""

    def rename(fields: list[dict[str, Any]]) -> None:
        fields[0]["name"], fields[1]["name"] = "Mine", fields[0]["name"]
        del fields[1]["id"]

    files = written.build.members
    database = files[DATABASE]
    both_ways(files)
    both_ways(with_fields(files, rename))
    both_ways({**files, DATABASE: changed(database, "update notes set flds = replace(flds, 'What', char(7, 27))")})
    both_ways({**files, DATABASE: changed(database, "create index one on notes (guid) where id < 0")})
    both_ways({**files, DATABASE: b"no database", "collection.anki21": database})


# What spoils a note also for whoever reads only this note: all that spoils a package, unless it is elsewhere in it.
SPOILED_NOTE = {
    **{name: statements for name, statements in SPOILED.items() if name != "decks are words"},
    "two notes with one guid": (
        "insert into notes select id + 1, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data from notes",
    ),
}


@pytest.mark.hostile
@pytest.mark.parametrize("statements", SPOILED_NOTE.values(), ids=SPOILED_NOTE)
def test_a_note_that_cannot_be_read_by_itself_is_an_error(written: Written, statements: tuple[str, ...]) -> None:
    """It is not the same as if there was none: another package may have it."""
    single = SingleNotes({**written.build.members, DATABASE: changed(written.build.members[DATABASE], *statements)})
    for _ in range(2):
        with pytest.raises(ValueError, match="no such note"):
            single.note(written.build.notes[0].known.guid)


@pytest.mark.hostile
@pytest.mark.parametrize("manifest", [b"", b"no", b"[]", b"[" * 100_000])
def test_a_note_beside_an_invalid_manifest_is_an_error(written: Written, manifest: bytes) -> None:
    """Its fields cannot be known."""
    single = SingleNotes({**written.build.members, "cuedeck.json": manifest})
    with pytest.raises(ValueError, match="no such note"):
        single.note(written.build.notes[0].known.guid)


def endless(data: bytes) -> bytes:
    """Return a database whose table of notes has a hundred branches, each has a hundred, and so on."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        (size,), (count,) = (connection.execute(f"pragma {name}").fetchone() for name in ("page_size", "page_count"))
        (root,) = connection.execute("select rootpage from sqlite_master where name = 'notes'").fetchone()

    def branching_to(page: int) -> bytes:
        starts = [size - 5 * number for number in range(1, 101)]
        head = struct.pack(">BHHHBI", 5, 0, len(starts), starts[-1], 0, page) + struct.pack(">100H", *starts)
        return head.ljust(starts[-1], b"\0") + struct.pack(">IB", page, 1) * len(starts)

    pages = [data[at : at + size] for at in range(0, len(data), size)]
    leaf, pages[root - 1] = pages[root - 1], branching_to(count + 1)
    pages += [*(branching_to(count + number) for number in range(2, 17)), leaf]
    whole = bytearray(b"".join(pages))
    struct.pack_into(">I", whole, 28, len(pages))
    return bytes(whole)


@pytest.mark.hostile
def test_searches_of_an_endless_table_end(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    """All searches together take only so many steps, whether there is such a note or not."""
    monkeypatch.setattr(database, "_MOST_ASKED", 3)
    single = SingleNotes({**written.build.members, DATABASE: endless(written.build.members[DATABASE])})
    for guid in ("none", written.build.notes[0].known.guid, "none"):
        with pytest.raises(ValueError, match="no such note"):
            single.note(guid)


@pytest.mark.hostile
def test_an_endless_table_is_refused(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends at the limit, which no deck reaches."""
    monkeypatch.setattr(database, "_MOST_ROWS", 1000)
    with pytest.raises(Problems) as caught:
        read_snapshot({**written.build.members, DATABASE: endless(written.build.members[DATABASE])}, Path("x.apkg"))
    assert str(caught.value) == NO_DATABASE
