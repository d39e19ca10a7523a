"""Packages made by plain genanki, with what Cuedeck itself would never write."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import genanki

from tests.making import FIRST

DECK = "Facts"
BOTH = "{{FrontSide}}<hr>"


@dataclass(frozen=True)
class Kind:
    """A note type: field names, front and back of each template by its name, and its modification time.

    `ids` are the ids of the fields and templates that have one, by name; `sort` is the index of the sort field.
    """

    fields: Sequence[str] = ("Front", "Back")
    templates: Mapping[str, tuple[str, str]] = field(default_factory=lambda: {"Card 1": ("{{Front}}", "{{Back}}")})
    cloze: bool = False
    id: int = 1_600_000_000_000
    name: str = "Plain"
    time: int = FIRST
    css: str = ""
    ids: Mapping[str, int] = field(default_factory=dict)
    sort: int = 0


CLOZE = Kind(("Text", "Extra"), {"Cloze": ("{{cloze:Text}}", "{{cloze:Text}}{{Extra}}")}, cloze=True)


@dataclass(frozen=True)
class Row:
    """A note: guid, fields, modification time in seconds since 1970, tags, deck, and place among the new cards.

    `kind` is its note type, if the package has several.
    """

    guid: str
    fields: Sequence[str]
    time: int = FIRST
    tags: Sequence[str] = ()
    deck: str = DECK
    due: int = 0
    kind: Kind | None = None


class _Model(genanki.Model):  # type: ignore[misc]
    def __init__(self, kind: Kind) -> None:
        def named(name: str) -> dict[str, Any]:
            return {"name": name, **({"id": kind.ids[name]} if name in kind.ids else {})}

        super().__init__(
            kind.id,
            kind.name,
            fields=[named(name) for name in kind.fields],
            templates=[{**named(name), "qfmt": front, "afmt": back} for name, (front, back) in kind.templates.items()],
            css=kind.css,
            sort_field_index=kind.sort,
            model_type=genanki.Model.CLOZE if kind.cloze else genanki.Model.FRONT_BACK,
        )
        self._time = kind.time

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        return super().to_json(self._time, deck_id)  # type: ignore[no-any-return]


class _Note(genanki.Note):  # type: ignore[misc]
    def __init__(self, row: Row, model: _Model) -> None:
        super().__init__(model, list(row.fields), tags=list(row.tags), guid=row.guid, due=row.due)
        self._time = row.time

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self._time, deck_id, id_gen)


def pack(
    path: Path,
    rows: Iterable[Row],
    kind: Kind | None = None,
    *,
    at: int = FIRST,
    description: str = "",
    media: Sequence[Path] = (),
    deck_ids: Mapping[str, int] | None = None,
) -> Path:
    """Write a package of notes, of type `kind` unless a note names another; return its path.

    genanki counts note and card ids upwards from `at`.
    """
    models: dict[int, _Model] = {}
    decks: dict[str, genanki.Deck] = {}
    for number, row in enumerate(rows):
        id = (deck_ids or {}).get(row.deck, 1_650_000_000_000 + number)
        its = row.kind or kind or Kind()
        model = models.setdefault(its.id, _Model(its))
        decks.setdefault(row.deck, genanki.Deck(id, row.deck, description)).add_note(_Note(row, model))
    genanki.Package(list(decks.values()), media_files=[str(file) for file in media]).write_to_file(path, timestamp=at)
    return path
