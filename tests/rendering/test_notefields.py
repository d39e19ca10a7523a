"""The table of fields is the only place that says which fields there are."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cuedeck.deck.kinds import Kind
from cuedeck.problems import Report
from cuedeck.reading.cardsfile import cards_from_text
from cuedeck.rendering.fields import render_notes
from cuedeck.rendering.notefields import FIELDS, SPARES, authors_fields, keys_by_id, name_of, number
from tests.making import ROOT, SOURCE
from tests.renaming import rename

TABLE = Path("rendering", "notefields.py")
# Two cards of the note type for questions happen to have the same names as fields.
TEMPLATES = {Path("rendering", "notetypes.py"): {"Question", "Reverse"}}


def literals(path: Path) -> Iterator[str]:
    """Yield the string literals in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_only_the_table_names_fields() -> None:
    """No other module has the key or the name of a field as a literal, which would stay when the field is renamed."""
    names = {each for field in FIELDS for each in (field.key, field.name)}
    package = SOURCE / "cuedeck"
    found = {path.relative_to(package): names.intersection(literals(path)) for path in package.rglob("*.py")}
    del found[TABLE]
    assert {path: named for path, named in found.items() if named} == TEMPLATES


def test_keys_and_names_are_unique() -> None:
    """Anki distinguishes fields by their ids, and templates refer to them by their names."""
    for each in ([field.key for field in FIELDS], [field.name for field in FIELDS]):
        assert len(set(each)) == len(each)


def test_an_id_depends_on_namespace_kind_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field with a new name keeps its id."""
    ids, key = keys_by_id("k3v9x2mq"), SPARES[0].key
    rename(monkeypatch, SPARES[0], "Mnemonic")
    assert keys_by_id("k3v9x2mq") == ids
    assert ids[number("k3v9x2mq", "cloze", "field", key)] == key
    assert not ids.keys() & keys_by_id("another1").keys()
    assert (name_of(key), name_of("Front")) == ("Mnemonic", "Front")


def test_a_new_name_changes_no_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """The digest that shows whether a note changed does not depend on the names of its fields."""
    cards = cards_from_text(
        "deck: {id: small, namespace: k3v9x2mq, title: Small}\n"
        "concepts: {idea: {title: Idea, notes: {one: {q: What?, a: That.}, two: {cloze: 'So {{c1::it}} is.'}}}}\n"
    )
    before = render_notes(cards.deck, Report(cards.places.find))
    for field in FIELDS:
        rename(monkeypatch, field, f"{field.name} of old")
    assert render_notes(cards.deck, Report(cards.places.find)) == before


def test_what_builds_fill_is_the_authors() -> None:
    """Corrections may name these fields. No other field is ever filled, since it is the learner's, or still a spare."""
    filled = set()
    for path in (ROOT / "tests" / "examples" / "good").glob("*.yaml"):
        cards = cards_from_text(path.read_text(encoding="utf-8"), path.name)
        for note in render_notes(cards.deck, Report(cards.places.find)):
            filled |= {(note.kind, key) for key, text in note.fields_by_key.items() if text}
    assert filled == {(kind, field.key) for kind in Kind for field in authors_fields(kind)}
