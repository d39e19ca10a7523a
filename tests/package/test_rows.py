"""Anki's database: its rows are the rendered notes, and every text arrives unchanged."""

import html
import json
import re
import sqlite3
import string
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cuedeck.building.assembling import Build
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.package.rows import deck_id
from cuedeck.problems import Problems
from cuedeck.rendering.plain import is_visible
from cuedeck.usecases.build import Written
from tests.making import FIRST, TALK, build_deck, cloze, deck, question


@contextmanager
def opened(package: Path) -> Iterator[sqlite3.Connection]:
    with zipfile.ZipFile(package) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        yield connection


def assert_rows_are_the_notes(package: Path, built: Build) -> None:
    """Compare every column that matters to Anki with what was rendered and stamped."""
    models = {stamped.type.kind: stamped.type.id for stamped in built.types}
    with opened(package) as database:
        notes = database.execute("select id, guid, mid, mod, tags, flds from notes").fetchall()
        cards = database.execute("select id, nid, did, ord, type, queue, due from cards").fetchall()
    assert sorted(notes) == [
        (
            stamped.known.note,
            stamped.known.guid,
            models[stamped.rendered.kind],
            stamped.known.time,
            f" {' '.join(stamped.rendered.tags)} " if stamped.rendered.tags else "  ",
            "\x1f".join(stamped.rendered.fields),
        )
        for stamped in built.notes
    ]
    assert sorted(cards) == sorted(
        (
            stamped.known.cards[ordinal],
            stamped.known.note,
            deck_id(built.lock.namespace, stamped.rendered.deck),
            ordinal,
            0,
            0,
            stamped.due,
        )
        for stamped in built.notes
        for ordinal in stamped.rendered.cards
    )


def test_the_rows_are_the_rendered_notes(written: Written) -> None:
    """Notes, times, tags, cards, decks and positions are in the database as they were rendered and stamped."""
    assert_rows_are_the_notes(written.package, written.build)


def test_the_database_is_valid(written: Written) -> None:
    """SQLite finds no error, there is no history in it, and no id occurs twice."""
    with opened(written.package) as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert database.execute("select count(*) from revlog").fetchone() == (0,)
        ids = [id for (id,) in database.execute("select id from notes union all select id from cards")]
    assert len(ids) == len(set(ids)) == 11


def test_decks_and_note_types(written: Written) -> None:
    """The main deck has the description, the subdeck has none; every field and template has its id."""
    with opened(written.package) as database:
        decks, models = map(json.loads, database.execute("select decks, models from col").fetchone())
    by_name = {each["name"]: each for each in decks.values()}
    assert set(by_name) == {"Default", "Small", "Small::Films"}
    assert by_name["Small"]["desc"].startswith("All <em>about</em> it.")
    assert by_name["Small::Films"]["desc"] == ""
    assert {model["type"] for model in models.values()} == {0, 1}
    for model in models.values():
        ids = [each["id"] for each in (*model["flds"], *model["tmpls"])]
        assert len(ids) == len(set(ids))
        assert all(isinstance(id, int) and 0 < id < 2**63 for id in ids)
        assert model["mod"] == FIRST


PRINTABLE = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
# A text that shows nothing, such as a soft hyphen alone, is refused.
WORDS = st.text(PRINTABLE, min_size=1, max_size=30).filter(is_visible)
# Characters with a meaning in Markdown, Anki, YAML or HTML, among letters.
SIGNS = st.text(st.sampled_from("ab1 \n{}[]()<>&:*_`#-|\\\"'$!~=+.,c::"), min_size=1, max_size=40).filter(str.strip)


def as_markdown(text: str) -> str:
    """Return Markdown that means a text literally, whatever characters it has."""
    return "".join(f"&#{ord(sign)};" if sign in string.punctuation else sign for sign in text)


def words(text: str) -> str:
    """Return a text with white space collapsed, and with letters and accents composed as in Anki."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def shown(field: str) -> str:
    return words(html.unescape(re.sub(r"<[^>]*>", "", field)))


@settings(max_examples=settings.default.max_examples // 2)
@given(
    texts=st.lists(WORDS, min_size=5, max_size=5),
    reverse=st.booleans(),
    seconds=st.integers(0, 9_999_999),
    number=st.integers(1, 500),
)
def test_any_printable_text_survives(texts: list[str], reverse: bool, seconds: int, number: int) -> None:
    """From YAML through deck and package and back: every text is what its author wrote, in every place for text."""
    front, answer, extra, title, inside = texts
    notes = {
        "asked": question(as_markdown(front), as_markdown(answer), extra=as_markdown(extra), at=str(seconds)),
        "gaps": cloze(f"{as_markdown(front)} {{{{c{number}::{as_markdown(inside)}}}}}"),
    }
    if reverse:
        notes["asked"]["reverse"] = "true"
    data = deck(notes)
    data["concepts"]["idea"]["title"] = title
    with tempfile.TemporaryDirectory() as folder:
        written = build_deck(Path(folder), data)
        assert_rows_are_the_notes(written.package, written.build)
        packed = read_snapshot(read_members(written.package), written.package)
    fields = {note.id: list(note.fields.values()) for note in packed.notes.values()}
    assert [shown(field) for field in fields["asked"][:4]] == [words(text) for text in (front, answer, extra, title)]
    assert fields["asked"][4] == str(seconds)
    text = re.sub(rf"\{{\{{c{number}::(.*)\}}\}}", r"\1", fields["gaps"][0], flags=re.DOTALL)
    assert shown(text) == words(f"{front} {inside}")
    assert all(not re.search(r"<(?!/?(?:p|a|span)\b)", field) for row in fields.values() for field in row)


@settings(max_examples=3 * settings.default.max_examples // 2)
@given(texts=st.lists(st.one_of(SIGNS, WORDS), min_size=4, max_size=4), as_cloze=st.booleans())
def test_no_text_makes_the_builder_crash(texts: list[str], as_cloze: bool) -> None:
    """Whatever an author writes, the deck is built, or the author reads what is wrong; there is no traceback."""
    one, other, extra, title = texts
    note: dict[str, Any] = (
        cloze(f"{one} {{{{c1::{other}}}}} {extra}") if as_cloze else question(one, other, extra=extra)
    )
    data = deck({"one": note}, sources={"talk": {**TALK, "title": title}}, description=extra, author=title)
    with tempfile.TemporaryDirectory() as folder:
        try:
            written = build_deck(Path(folder), data)
        except Problems:
            assert not (Path(folder) / "cards.lock").exists()
        else:
            assert_rows_are_the_notes(written.package, written.build)
