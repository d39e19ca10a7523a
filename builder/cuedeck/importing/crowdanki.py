"""Read the folder of a deck as the add-on CrowdAnki exports it: `deck.json`, and `media/` beside it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from cuedeck.bridging.decks import BETWEEN
from cuedeck.deck.kinds import Kind
from cuedeck.history.snapshot import PackedType
from cuedeck.importing.foreign import Fetch, ForeignDeck, ForeignNote, ForeignType, nfc
from cuedeck.importing.packages import foreign_type
from cuedeck.problems import stop

_LARGEST = 256 * 1024 * 1024  # bytes of a deck.json
_CLOZE = 1
_DEEPEST = 40


def read_crowdanki(path: Path) -> ForeignDeck:
    """Return the notes of a `deck.json`. Raises `Problems` if it is damaged, or not what CrowdAnki writes."""
    if path.stat().st_size > _LARGEST:
        stop(
            path.as_posix(), "too-large", f"the file has more than {_LARGEST // 1024**2} MB, which no deck of cards has"
        )
    data = path.read_bytes()
    try:
        whole = json.loads(data.decode("utf-8-sig"))
        if b"\\u" in data:
            json.dumps(whole, ensure_ascii=False).encode()  # raises an error for half a surrogate pair
        if not isinstance(whole, dict) or whole.get("__type__") != "Deck":
            raise TypeError("it is not a deck")
        types = {each["crowdanki_uuid"]: _type(number, each) for number, each in enumerate(_models(whole), 1)}
        notes = tuple(_notes(whole, str(whole["name"]), types))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        stop(
            path.as_posix(),
            "not-a-deck",
            "this is not a complete deck.json, as CrowdAnki writes it",
            "export the deck again with CrowdAnki, and name its folder",
        )
    return ForeignDeck(
        title=str(whole["name"]),
        notes=notes,
        digest=sha256(data).hexdigest(),
        files=_files(path.parent / "media"),
        description=str(whole.get("desc") or ""),
    )


def _models(deck: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    yield from deck.get("note_models") or ()
    for child in _children(deck, depth):
        yield from _models(child, depth + 1)


def _children(deck: Mapping[str, Any], depth: int) -> Sequence[Mapping[str, Any]]:
    """Return the decks in a deck. Raises ValueError if more are in each other than Anki would show."""
    children: Sequence[Mapping[str, Any]] = deck.get("children") or ()
    if children and depth >= _DEEPEST:
        raise ValueError(depth)
    return children


def _type(number: int, model: Mapping[str, Any]) -> ForeignType:
    fields, cards = tuple(str(each["name"]) for each in model["flds"]), model["tmpls"]
    look = tuple(str(each[side]) for each in cards for side in ("qfmt", "afmt"))
    names = (fields, tuple(str(each["name"]) for each in cards))
    if not all(names):
        raise ValueError("no note type is without fields or without cards")
    return foreign_type(
        PackedType(
            number=number,
            name=str(model["name"]),
            kind=Kind.CLOZE if model.get("type") == _CLOZE else Kind.QA,
            time=0,
            names=names,
            numbered=False,
            keys=fields,
            shape=names,
            look=(*look, str(model.get("css", ""))),
        )
    )


def _notes(
    deck: Mapping[str, Any], name: str, types: Mapping[str, ForeignType], depth: int = 0
) -> Iterator[ForeignNote]:
    for number, note in enumerate(deck.get("notes") or (), 1):
        type, texts, guid = types[note["note_model_uuid"]], note["fields"], str(note.get("guid") or "")
        if len(texts) != len(type.fields):
            raise ValueError(guid)
        yield ForeignNote(
            place=f'note {number:,} of the deck "{name}" (guid "{guid}")',
            type=type,
            texts=dict(zip(type.fields, map(str, texts), strict=True)),
            guid=guid,
            deck=name,
            tags=tuple(map(str, note.get("tags") or ())),
        )
    for child in _children(deck, depth):
        yield from _notes(child, f"{name}{BETWEEN}{child['name']}", types, depth + 1)


def _files(folder: Path) -> dict[str, Fetch]:
    """Return how to read the files of a folder, by name; links that lead out of it do not count."""
    if not folder.is_dir():
        return {}
    root = folder.resolve()
    found = sorted(each for each in folder.iterdir() if each.is_file() and each.resolve().parent == root)
    return {nfc(each.name): each.read_bytes for each in found}
