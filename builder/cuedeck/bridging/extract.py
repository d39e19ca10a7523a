"""The bridge: notes from another tool's package, with our ids on the fields and templates of their note types.

Learners of that package already have its notes, which stay as they are. Its note types arrive, because they are newer,
and bring the ids by which Anki later moves the notes to our note types.

The package may be the whole collection of its owner, and the bridge is handed out. So it contains nothing but what was
chosen: everything is written from scratch, and each column and key that is copied is named here.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import Any

from cuedeck.bridging.decks import PackedDeck, deck_called, is_within, read_decks
from cuedeck.bridging.usedmedia import used_media
from cuedeck.deck.tags import OWNERS, separated
from cuedeck.history.snapshot import PackedNote
from cuedeck.package.contents import DATABASE, MEDIA
from cuedeck.package.database import HOME_DUE, opened
from cuedeck.package.medialist import listed_media
from cuedeck.package.rows import deck_row, make_tables

Ids = tuple[Sequence[int], Sequence[int]]
"""The ids of the fields and of the templates of a note type, in order; both empty for no ids at all."""

Row = tuple[Any, ...]

_TYPE_KEYS = ("id", "name", "type", "sortf", "css", "latexPre", "latexPost", "latexsvg", "originalStockKind")
_FIELD_KEYS = (
    *("id", "name", "ord", "font", "size", "rtl", "sticky"),
    *("description", "plainText", "collapsed", "excludeFromSearch", "tag", "preventDeletion"),
)
_TEMPLATE_KEYS = ("id", "name", "ord", "qfmt", "afmt", "bqfmt", "bafmt", "bfont", "bsize")
_NEW = 0


@dataclass(frozen=True)
class LeftOut:
    """How much of an old package is not in the bridge: notes, decks and media files."""

    notes: int = 0
    decks: int = 0
    media: int = 0


@dataclass(frozen=True)
class Kept:
    """The part of an old package that goes into the bridge: rows of notes and cards, note types, decks and media.

    Note types are by number. `media` are the members of the old package that contain files, by the names of the files.
    """

    notes: tuple[Row, ...]
    cards: tuple[Row, ...]
    models: Mapping[int, Mapping[str, Any]]
    decks: tuple[PackedDeck, ...]
    media: Mapping[str, str]
    left_out: LeftOut


def kept(files: Mapping[str, bytes], notes: Iterable[PackedNote]) -> Kept:
    """Return the part of an old package's files that goes into the bridge for some of its notes.

    Raises sqlite3's errors, LookupError, ValueError, TypeError or OverflowError if the package is damaged.
    """
    chosen = {note.note: note for note in notes}
    with opened(files) as old:
        (total,) = old.execute("select count() from notes not indexed").fetchone()
        columns = "id, guid, mid, mod, tags, flds, sfld, csum"
        found = sorted(row for row in old.execute(f"select {columns} from notes not indexed") if row[0] in chosen)
        (text,) = old.execute("select models from col").fetchone()
        ranks = _ranks(old, chosen)
    types = json.loads(text)
    models = {number: _known(types[str(number)]) for number in dict.fromkeys(note.type for note in chosen.values())}
    listed = read_decks(files)
    decks = {name: deck_called(name, listed) for note in chosen.values() for name in note.decks}
    media = used_media(
        files, (str(row[5]) for row in found), (look for each in models.values() for look in _looks(each))
    )
    return Kept(
        notes=tuple(map(_note_row, found)),
        cards=tuple(row for note in chosen.values() for row in _card_rows(note, decks, ranks)),
        models=models,
        decks=tuple(decks.values()),
        media=media,
        left_out=LeftOut(total - len(found), _beside(listed, decks), len(listed_media(files)) - len(media)),
    )


def _ranks(old: sqlite3.Connection, chosen: Mapping[int, PackedNote]) -> dict[int, int]:
    """Return the places of the cards of the chosen notes among new cards, by card id.

    Cards are in the order in which their notes were made. But cards that are new in the package keep their own order,
    within the places that they have together, so that nobody can see which cards the owner has studied.
    """
    ours = [(card, ordinal) for _, note in sorted(chosen.items()) for ordinal, card in note.cards.items()]
    wanted = {card for card, _ in ours}
    query = f"select id, type, {HOME_DUE} from cards not indexed"
    dues = {card: int(due) for card, kind, due in old.execute(query) if card in wanted and kind == _NEW}
    fresh = iter(sorted((card for card, _ in ours if card in dues), key=dues.__getitem__))
    return {next(fresh) if card in dues else card: rank for rank, (card, _) in enumerate(ours, 1)}


def _note_row(row: Row) -> Row:
    id, guid, type, mod, tags, fields, sorted_by, checksum = row
    kept = [tag for tag in separated(str(tags)) if tag.lower() not in OWNERS]
    return (id, guid, type, mod, -1, f" {' '.join(kept)} " if kept else "", fields, sorted_by, checksum, 0, "")


def _card_rows(note: PackedNote, decks: Mapping[str, PackedDeck], ranks: Mapping[int, int]) -> Iterable[Row]:
    """Yield the rows of a note's cards as new cards. They have the note's time, since a card's would reveal study."""
    for (ordinal, card), name in zip(note.cards.items(), note.decks, strict=True):
        yield (card, note.note, decks[name].number, ordinal, note.time, 0, _NEW, 0, ranks[card], *[0] * 8, "")


def _known(model: Mapping[str, Any]) -> dict[str, Any]:
    """Return a note type with only what Anki itself keeps there, and without what concerns its owner."""
    return {
        **_only(model, _TYPE_KEYS),
        "flds": [{**_only(field, _FIELD_KEYS), "media": []} for field in model["flds"]],
        "tmpls": [{**_only(template, _TEMPLATE_KEYS), "did": None} for template in model["tmpls"]],
        "req": [[int(card), str(which), [*map(int, fields)]] for card, which, fields in model.get("req") or []],
        "did": None,
        "usn": -1,
        "tags": [],
        "vers": [],
    }


def _only(part: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: part[key] for key in keys if key in part and not isinstance(part[key], dict | list)}


def _looks(model: Mapping[str, Any]) -> Iterable[str]:
    yield str(model.get("css", ""))
    for template in model["tmpls"]:
        yield from (str(template.get(side, "")) for side in ("qfmt", "afmt", "bqfmt", "bafmt"))


def _beside(listed: Iterable[PackedDeck], decks: Iterable[str]) -> int:
    """Return how many decks are left out. Parents of a deck in the bridge do not count: learners get them with it."""
    return sum(not any(is_within(name, deck.name) for name in decks) for deck in listed)


def bridged(old: Kept, files: Mapping[str, bytes], ids: Mapping[int, Ids], deck: str, at: int) -> Mapping[str, bytes]:
    """Return the files of a bridge to a deck, made from what is kept of an old package with these files.

    `ids` are the ids to put on its note types, by Anki's number for each; `deck` is the id of the deck, `at` the new
    modification time of the note types in seconds since 1970. Raises the errors of `kept`.
    """
    models = {}
    for number, (fields, templates) in ids.items():
        model = old.models[number]
        models[str(number)] = {
            **model,
            # If the learner already has a note type of the same name, such as "Basic", Anki gives this one the time of
            # the import. Then what comes next would not be newer.
            "name": f"{model['name']} ({deck})",
            "mod": at,
            "flds": _numbered(model["flds"], fields),
            "tmpls": _numbered(model["tmpls"], templates),
        }
    names = json.dumps({str(number): name for number, name in enumerate(old.media)}, ensure_ascii=False)
    members = {str(number): member for number, member in enumerate(old.media.values())}
    own = {DATABASE: _database(old, models), MEDIA: names.encode()}
    return _Bridged(own, files, members) if members else own


class _Bridged(Mapping[str, bytes]):
    """The files of a bridge. Pictures and sounds are read from the old package when they are needed, one by one."""

    def __init__(self, own: Mapping[str, bytes], files: Mapping[str, bytes], members: Mapping[str, str]) -> None:
        self._own, self._files, self._members = own, files, members

    def __getitem__(self, name: str) -> bytes:
        return self._own[name] if name in self._own else self._files[self._members[name]]

    def __iter__(self) -> Iterator[str]:
        return chain(self._own, self._members)

    def __len__(self) -> int:
        return len(self._own) + len(self._members)


def _numbered(parts: Iterable[Mapping[str, Any]], ids: Sequence[int]) -> list[dict[str, Any]]:
    bare = [{key: value for key, value in part.items() if key != "id"} for part in parts]
    return [{**part, "id": id} for part, id in zip(bare, ids, strict=True)] if ids else bare


def _database(old: Kept, models: Mapping[str, Any]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as new:
        cursor = new.cursor()
        make_tables(cursor)
        (text,) = cursor.execute("select decks from col").fetchone()
        decks = json.loads(text) | {str(deck.number): _deck(deck) for deck in old.decks}
        cursor.execute("update col set decks = ?, models = ?", (json.dumps(decks), json.dumps(models)))
        cursor.executemany(f"insert into notes values ({', '.join('?' * 11)})", old.notes)
        cursor.executemany(f"insert into cards values ({', '.join('?' * 18)})", old.cards)
        new.commit()
        cursor.execute("vacuum")
        return new.serialize()


def _deck(deck: PackedDeck) -> dict[str, Any]:
    markdown = {"md": True} if deck.is_markdown else {}
    return {**deck_row(deck.number, deck.name, deck.description), **markdown}
