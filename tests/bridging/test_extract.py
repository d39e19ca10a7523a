"""The bridge of another tool's package: the chosen notes and what they need, written from scratch, and nothing else."""

import contextlib
import json
import random
import sqlite3
import time
import tracemalloc
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cuedeck.bridging.extract import Ids, LeftOut, bridged, kept
from cuedeck.package.container import archived
from cuedeck.package.contents import DATABASE
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from tests.anki.packages import CLOZE, DECK, Kind, Row, pack
from tests.making import DAY, FIRST

BASIC = Kind(css=".card { color: red }")
OTHER = Kind(id=1_600_000_000_001, name="Other")
IDS: Mapping[int, Ids] = {BASIC.id: ((11, 12), (13,))}
Files = dict[str, bytes]


@pytest.fixture
def old(tmp_path: Path) -> Files:
    """The files of a package with two note types and two pictures."""
    pictures = [tmp_path / name for name in ("secret.png", "dot.png")]
    for picture in pictures:
        picture.write_bytes(picture.stem.encode())
    rows = [
        Row("a", ("Q", '<img src="dot.png">'), tags=["t", "Leech", "marked"]),
        Row("b", ("1", "secret"), kind=OTHER, deck="Secret"),
        Row("c", ("Why?", "So."), deck=f"{DECK}::Sub"),
    ]
    return dict(read_members(pack(tmp_path / "old.apkg", rows, BASIC, description="About facts.", media=pictures)))


def bridge(files: Files, ids: Mapping[int, Ids] = IDS, guids: str = "ac") -> Files:
    """Return the bridge for a package's notes with these guids."""
    notes = read_snapshot(files, Path("old.apkg")).notes
    return dict(bridged(kept(files, [notes[guid] for guid in guids]), files, ids, "zoo", FIRST + DAY))


def table(files: Files, query: str) -> list[Any]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files[DATABASE])
        return connection.execute(query).fetchall()


def changed(files: Files, *statements: str) -> Files:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files[DATABASE])
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return {**files, DATABASE: connection.serialize()}


def column(files: Files, name: str) -> dict[str, Any]:
    """Return one column of the collection's row, parsed from JSON."""
    return dict(json.loads(table(files, f"select {name} from col")[0][0]))


def with_column(files: Files, name: str, value: Any) -> Files:
    text = json.dumps(value).replace("'", "''")
    return changed(files, f"update col set {name} = '{text}'")


def test_the_chosen_notes_are_copied_as_they_are(old: Files) -> None:
    """With their ids, times and texts, but without tags that reveal how their owner studies; no others are copied."""
    new = bridge(old)
    same = "select id, guid, mid, mod, usn, flds, sfld, csum, flags, data from notes where guid <> 'b' order by id"
    assert table(new, same) == table(old, same)
    assert table(new, "select guid, tags from notes order by id") == [("a", " t "), ("c", "")]
    assert b"secret" not in b"".join(new.values())


def test_what_is_needed_is_copied(old: Files) -> None:
    """The note type with a new name, time and ids, the decks by name with their descriptions, and the picture."""
    new = bridge(old)
    before, after = column(old, "models")[str(BASIC.id)], column(new, "models")
    assert list(after) == [str(BASIC.id)]
    model = after[str(BASIC.id)]
    assert (model["name"], model["mod"]) == ("Plain (zoo)", FIRST + DAY)
    assert [part["id"] for part in (*model["flds"], *model["tmpls"])] == [11, 12, 13]
    plain = ("id", "type", "sortf", "css", "latexPre", "latexPost", "latexsvg", "req")
    assert {key: model[key] for key in plain} == {key: before[key] for key in plain}
    parts = [("flds", ("name", "ord", "font", "size", "rtl", "sticky")), ("tmpls", ("name", "ord", "qfmt", "afmt"))]
    for kind, keys in parts:
        assert [[part[key] for key in keys] for part in model[kind]] == [
            [part[key] for key in keys] for part in before[kind]
        ]
    decks = {deck["name"]: (id, deck["desc"]) for id, deck in column(new, "decks").items()}
    olds = {deck["name"]: (id, deck["desc"]) for id, deck in column(old, "decks").items()}
    assert decks == {name: olds[name] for name in ("Default", DECK, f"{DECK}::Sub")}
    assert {name: data for name, data in new.items() if name != DATABASE} == {"media": b'{"0": "dot.png"}', "0": b"dot"}


def test_ids_are_removed(old: Files) -> None:
    """If no ids are given, none are left."""
    model = column(bridge(bridge(old), {BASIC.id: ((), ())}), "models")[str(BASIC.id)]
    assert [part.get("id") for part in (*model["flds"], *model["tmpls"])] == [None, None, None]


def test_what_is_left_out_is_counted(old: Files) -> None:
    """A deck that only contains a copied one is not left out, because Anki makes it with the other."""
    notes = read_snapshot(old, Path("old.apkg")).notes
    assert kept(old, [notes["a"], notes["c"]]).left_out == LeftOut(notes=1, decks=1, media=1)
    assert kept(old, [notes["c"]]).left_out == LeftOut(notes=2, decks=1, media=2)
    assert kept(old, [notes["b"]]).left_out == LeftOut(notes=2, decks=2, media=2)


STUDIED = (
    "update cards set type = 2, queue = -1, due = 4711, ivl = 4712, factor = 4713, reps = 4714, lapses = 4715, "
    "left = 4716, flags = 4717, mod = 4718, usn = 4719, data = '{\"s\":4720}'",
    "update notes set flags = 4721, data = 'addon-4722', usn = 4723",
    "insert into revlog values (4724, 1, 0, 0, 0, 0, 0, 0, 0)",
    "insert into graves values (0, 4725, 0)",
    "update col set crt = 4726, mod = 4727, scm = 4728, usn = 4729, ls = 4730, dty = 4731, "
    'conf = \'{"addon":"4732"}\', tags = \'{"4733":0}\', dconf = \'{"4734":{"id":4734,"name":"mine"}}\'',
)


def test_nothing_of_the_owner_is_copied(old: Files) -> None:
    """Study, options and settings are as in a package in which nobody has studied."""
    assert bridge(changed(old, *STUDIED)) == bridge(old)


def test_all_cards_are_new(old: Files) -> None:
    """Whatever they were, even in a filtered deck, whose position does not count."""
    filtered = changed(old, *STUDIED, "update cards set odid = did, did = 4735, odue = 3, due = -100000")
    assert bridge(filtered) == bridge(old)
    rest = "usn, type, queue, ivl, factor, reps, lapses, left, odue, odid, flags"
    assert set(table(bridge(filtered), f"select {rest} from cards")) == {(0,) * 11}


def test_new_cards_keep_their_order_and_are_not_recognizable(tmp_path: Path) -> None:
    """A studied card has the place of its note; the new cards share their places in the order that they had."""
    rows = [Row(guid, ("Q", "A"), due=due) for guid, due in (("a", 9), ("b", 8), ("c", 7), ("d", 6))]
    files = dict(read_members(pack(tmp_path / "old.apkg", rows, BASIC)))
    studied = changed(files, "update cards set type = 2 where due = 8")
    query = "select guid, due from cards join notes on notes.id = nid order by due"
    assert table(bridge(files, guids="abcd"), query) == [("d", 1), ("c", 2), ("b", 3), ("a", 4)]
    assert table(bridge(studied, guids="abcd"), query) == [("d", 1), ("b", 2), ("c", 3), ("a", 4)]


def test_unknown_keys_are_not_copied(old: Files) -> None:
    """Add-ons keep data in note types and decks, which also have the owner's own deck, tags and limits."""
    models, decks = column(old, "models"), column(old, "decks")
    model = models[str(BASIC.id)]
    for part in (model, *model["flds"], *model["tmpls"], *decks.values()):
        part |= {"addon": {"note": "secret"}, "did": 4711, "secret": 1}
    model |= {"tags": ["secret"], "vers": ["secret"], "css": {"not": "secret"}, "usn": 4711}
    for deck in decks.values():
        deck |= {"conf": 4711, "newToday": [4711, 4711], "mod": 4711, "newLimit": 4711, "collapsed": True}
    files = with_column(with_column(old, "models", models), "decks", decks)
    new = bridge(files)
    assert b"secret" not in new[DATABASE]
    assert b"4711" not in new[DATABASE]
    expected = column(bridge(old), "models")[str(BASIC.id)]
    del expected["css"]
    assert column(new, "models") == {str(BASIC.id): expected}
    assert column(new, "decks") == column(bridge(old), "decks")


def test_a_description_in_markdown_stays_one(old: Files) -> None:
    """Anki keeps beside it that it is Markdown; without that, learners would read stars and brackets."""
    decks = column(old, "decks")
    for deck in decks.values():
        deck["md"] = deck["name"] == DECK
    new = column(bridge(with_column(old, "decks", decks)), "decks")
    assert {deck["name"]: deck.get("md") for deck in new.values()} == {
        DECK: True,
        f"{DECK}::Sub": None,
        "Default": None,
    }


def test_cards_in_no_deck_go_to_the_default_one(old: Files) -> None:
    """As in Anki itself with cards whose deck is gone."""
    new = bridge(changed(old, "update cards set did = 4711"))
    assert table(new, "select distinct did from cards") == [(1,)]


@pytest.mark.hostile
def test_nothing_that_a_stranger_built_in_is_copied(old: Files) -> None:
    """Triggers, views and further tables are not copied, nor is a statement about the package's format."""
    files = changed(
        old,
        "create trigger t after update on col begin delete from notes; end",
        "create view v as select 1",
        "create table more (x)",
    )
    files |= {"collection.anki21": files[DATABASE], "meta": b"?", "cuedeck.json": b"{}", "more": b"?"}
    new = bridge(files)
    assert list(new) == [DATABASE, "media", "0"]
    names = {name for (name,) in table(new, "select name from sqlite_master")}
    assert not names & {"t", "v", "more"}
    assert len(table(new, "select * from notes")) == 2


@pytest.mark.hostile
def test_a_package_without_the_note_type_is_damaged(old: Files) -> None:
    """It raises an error that its caller turns into a sentence."""
    with pytest.raises(LookupError):
        bridge(old, {CLOZE.id + 5: ((1,), (2,))})


def test_a_package_without_a_list_has_no_media(old: Files) -> None:
    """And Anki can import a bridge with an empty list."""
    del old["media"]
    assert bridge(old)["media"] == b"{}"


@pytest.mark.parametrize("listed", [b"no", b"[]", b"\xff", b"\n\x09\n\x07dot.png", b"[" * 100_000])
def test_an_invalid_list_of_media_is_refused(old: Files, listed: bytes) -> None:
    """It raises an error that its caller turns into a sentence."""
    with pytest.raises((ValueError, TypeError)):
        bridge({**old, "media": listed})


@pytest.mark.parametrize("needed", ["[[1e999, 1, [0]]]", "[7]", "[[0]]", '"any"', "null", "[]"])
def test_what_templates_need_may_be_anything(old: Files, needed: str) -> None:
    """Anki works it out by itself, so it is left out, or reported as damage."""
    models = column(old, "models")
    models[str(BASIC.id)]["req"] = json.loads(needed)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        assert column(bridge(with_column(old, "models", models)), "models")[str(BASIC.id)]["req"] == []


@pytest.mark.hostile
@pytest.mark.random
def test_a_damaged_database_causes_no_crash(old: Files) -> None:
    """Wherever bytes are lost or changed, there is a bridge, or an error that the caller turns into a sentence."""
    for seed in range(300):
        chance = random.Random(seed)
        data = bytearray(old[DATABASE])
        for _ in range(chance.randrange(1, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(Problems, sqlite3.Error, LookupError, ValueError, TypeError, OverflowError):
            bridge({**old, DATABASE: bytes(data)})


@pytest.mark.slow
def test_thousands_of_media_take_no_time(tmp_path: Path) -> None:
    """Each name is looked up once, however many there are."""
    rows = [Row(f"g{number}", ("Q", f'<img src="{number}.png">'), due=number) for number in range(3000)]
    files = dict(read_members(pack(tmp_path / "old.apkg", rows, Kind(css="_x.css " * 1000))))
    names = {str(number): f"{prefix}{number // 2}.png" for number, prefix in enumerate(["", "_"] * 3000)}
    files |= {"media": json.dumps(names).encode(), **{number: number.encode() for number in names}}
    notes = list(read_snapshot(files, Path("old.apkg")).notes.values())[:2999]
    before = time.process_time()
    found = kept(files, notes)
    assert time.process_time() - before < 5
    assert list(found.media.items())[:2] == [("0.png", "0"), ("1.png", "2")]
    assert (len(found.media), found.left_out) == (2999, LeftOut(notes=1, media=3001))


def test_pictures_are_copied_one_by_one(tmp_path: Path) -> None:
    """However many there are, only one of them is in memory."""
    rows = [Row(f"g{number}", (f"Q{number}", f'<img src="{number}.png">')) for number in range(20)]
    pictures = [tmp_path / f"{number}.png" for number in range(20)]
    for number, path in enumerate(pictures):
        path.write_bytes(random.Random(number).randbytes(500_000))
    files = read_members(pack(tmp_path / "old.apkg", rows, BASIC, media=pictures))
    notes = read_snapshot(files, Path("old.apkg")).notes.values()
    write = archived(bridged(kept(files, notes), files, IDS, "zoo", FIRST))
    assert not isinstance(write, bytes)
    tracemalloc.start()
    with (tmp_path / "bridge.apkg").open("wb") as file:
        write(file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000
    there = read_members(tmp_path / "bridge.apkg")
    assert {there[str(number)] for number in range(20)} == {path.read_bytes() for path in pictures}
