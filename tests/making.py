"""Small decks as plain data, written to cards.yaml and built: the tests of several rooms start with them."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml

from cuedeck.building.gates import gated
from cuedeck.building.loading import Checked, load
from cuedeck.deck.deck import Deck
from cuedeck.deck.placement import PlacedNote, placed_in, titles_of
from cuedeck.disk.workspace import Workspace
from cuedeck.usecases.build import Written, build
from cuedeck.usecases.release import Released, stamp_release, write_release

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "builder"
DAY = 86_400
FIRST = 1_700_000_000
"""The time of a first build, in seconds since 1970. It is so long ago that later builds are in the past, too."""

# The one in C is faster, but not every PyYAML has it.
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

TALK = {"title": "A talk", "author": "A. Speaker", "url": "https://example.org/talk", "link": "{url}#:~:text={mm:ss}"}


def question(text: str = "What?", answer: str = "That.", **more: Any) -> dict[str, Any]:
    """Return a question note as data."""
    return {"q": text, "a": answer, **more}


def cloze(text: str, **more: Any) -> dict[str, Any]:
    """Return a cloze note as data."""
    return {"cloze": text, **more}


def deck(notes: dict[str, Any], *, sources: dict[str, Any] | None = None, **about: Any) -> dict[str, Any]:
    """Return a deck as data: all notes in one concept at 01:32, from one talk unless `sources` is given."""
    head = {"id": "small", "namespace": "tests123", "title": "Small", **about}
    concept: dict[str, Any] = {"title": "Idea", "notes": notes}
    if sources is None:
        sources = {"talk": TALK}
    if sources:
        concept["at"] = "01:32"
    return {"deck": head, **({"sources": sources} if sources else {}), "concepts": {"idea": concept}}


def spread(data: dict[str, Any], *parts: Collection[str], folder: str = "lectures") -> dict[str, Any]:
    """Return a deck as data in which the sources and concepts of some ids are in parts, one for each collection."""
    sections = ("sources", "concepts")
    inside = {id for ids in parts for id in ids}
    main = {key: value for key, value in data.items() if key not in sections}
    main["deck"] = {**data["deck"], "parts": f"{folder}/*.yaml"}
    files = {}
    for number, ids in enumerate(parts, 1):
        held = {name: {id: each for id, each in data.get(name, {}).items() if id in ids} for name in sections}
        files[f"{folder}/{number}.yaml"] = {name: each for name, each in held.items() if each}
    left = {name: {id: each for id, each in data.get(name, {}).items() if id not in inside} for name in sections}
    return {**main, **{name: each for name, each in left.items() if each}, "files": files}


def write(folder: Path, data: Any) -> Path:
    """Write a deck to the cards.yaml of a folder, and its `files` beside that; return the path of the cards.yaml."""
    cards = folder / "cards.yaml"
    has_files = isinstance(data, dict) and "files" in data
    parts = data["files"] if has_files else {}
    main = {key: value for key, value in data.items() if key != "files"} if has_files else data
    for path, each in {cards: main, **{folder / name: part for name, part in parts.items()}}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.dump(each, Dumper=DUMPER, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return cards


def checked(cards: Path, accept: Collection[str] = ()) -> Checked:
    """Return the deck of a cards.yaml, ready to build, with the hazards of these keys accepted."""
    return gated(load(Workspace(cards)), accept)


def keys_met(found: Checked) -> set[str]:
    """Return the keys of all hazards of a deck."""
    return {hazard.key for hazard in found.hazards}


def build_deck(folder: Path, data: dict[str, Any], at: int = FIRST, accept_all: bool = False) -> Written:
    """Write a deck to a folder and build it at a time in seconds since 1970; `accept_all` accepts all hazards."""
    cards = write(folder, data)
    return build(cards, at=at, accept=keys_met(checked(cards, EveryKey())) if accept_all else ())


def release_deck(folder: Path, data: dict[str, Any], at: int = FIRST, version: str = "1.0.0") -> Released:
    """Write a deck to a folder and release it at a time in seconds since 1970, whatever advice there is on it."""
    cards = write(folder, data)
    with Workspace(cards).alone():
        found = checked(cards, EveryKey())
        return write_release(stamp_release(found, version, at), "* A release.\n")


class EveryKey(frozenset[str]):
    """A set that contains every key."""

    def __contains__(self, key: object) -> bool:
        return True


def edit(cards: Path, old: str, new: str) -> None:
    """Replace a text that occurs once in a cards.yaml."""
    text = cards.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {cards}"
    cards.write_text(text.replace(old, new), encoding="utf-8")


def placed_notes(deck: Deck) -> Iterator[PlacedNote]:
    """Yield all notes of a deck that are not retired, in the order of the file."""
    for concept in deck.concepts.values():
        yield from placed_in(concept, deck, titles_of(deck))
