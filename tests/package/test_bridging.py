"""The bridge of another tool's package: its rows and files, and nothing else of it than its note types changed."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builder.package.bridging import bridged
from builder.package.contents import DATABASE
from builder.package.opening import read_members
from tests.anki.packages import CLOZE, Kind, Row, pack
from tests.making import DAY, FIRST

BASIC = Kind()
OTHER = Kind(id=1_600_000_000_001, name="Other")
IDS = {BASIC.id: ((11, 12), (13,))}


@pytest.fixture
def old(tmp_path: Path) -> dict[str, bytes]:
    """The files of a package with two note types and a picture."""
    picture = tmp_path / "dot.png"
    picture.write_bytes(b"dot")
    rows = [Row("a", ("Q", '<img src="dot.png">'), tags=["t"]), Row("b", ("1", "A"), kind=OTHER)]
    return read_members(pack(tmp_path / "old.apkg", rows, BASIC, media=[picture]))


def table(files: dict[str, bytes], query: str) -> list[Any]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files[DATABASE])
        return connection.execute(query).fetchall()


def models(files: dict[str, bytes]) -> dict[str, Any]:
    return dict(json.loads(table(files, "select models from col")[0][0]))


def test_only_the_note_type_is_another(old: dict[str, bytes]) -> None:
    """Its ids, its time and its name; all rows, all files and every other note type are as they were."""
    new = bridged(old, IDS, "zoo", FIRST + DAY)
    for query in ("select * from notes", "select * from cards", "select crt, mod, conf, decks, dconf, tags from col"):
        assert table(new, query) == table(old, query)
    assert {name: data for name, data in new.items() if name != DATABASE} == {
        name: data for name, data in old.items() if name != DATABASE
    }
    before, after = models(old), models(new)
    model = before[str(BASIC.id)]
    model |= {"name": "Plain (zoo)", "mod": FIRST + DAY}
    for part, id in zip((*model["flds"], *model["tmpls"]), (11, 12, 13), strict=True):
        part["id"] = id
    assert after == before


def test_ids_are_taken_off(old: dict[str, bytes]) -> None:
    """Where none are given, none are left."""
    files = bridged(bridged(old, IDS, "zoo", FIRST), {BASIC.id: ((), ())}, "zoo", FIRST)
    model = models(files)[str(BASIC.id)]
    assert [part.get("id") for part in (*model["flds"], *model["tmpls"])] == [None, None, None]


def test_nothing_that_a_stranger_built_in_goes_along(old: dict[str, bytes]) -> None:
    """Triggers, views and further tables stay behind, and so does a word on the form of the package."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(old[DATABASE])
        connection.executescript(
            "create trigger t after update on col begin delete from notes; end; create view v as select 1; "
            "create table more (x)"
        )
        old |= {"collection.anki21": connection.serialize(), "meta": b"?", "cuedeck.json": b"{}"}
    files = bridged(old, IDS, "zoo", FIRST)
    assert list(files) == [DATABASE, "media", "0"]
    names = {name for (name,) in table(files, "select name from sqlite_master")}
    assert not names & {"t", "v", "more"}
    assert len(table(files, "select * from notes")) == 2


def test_a_package_without_the_note_type_is_no_whole_one(old: dict[str, bytes]) -> None:
    """It raises what its caller tells in a sentence."""
    with pytest.raises(LookupError):
        bridged(old, {CLOZE.id + 5: ((1,), (2,))}, "zoo", FIRST)
