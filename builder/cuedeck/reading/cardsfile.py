"""Read a file into a deck."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from cuedeck.deck.deck import Concept, Deck, Note, Source
from cuedeck.deck.links import link_form
from cuedeck.disk.text import read_text
from cuedeck.patterns import regex
from cuedeck.problems import Problem, Problems, Report, stop
from cuedeck.reading.crosschecks import cross_check
from cuedeck.reading.document import Document, Places, parse
from cuedeck.reading.parsing import LOADERS
from cuedeck.reading.reader import TOP_HINT, read_mapping
from cuedeck.records import dataclass

Part = TypeVar("Part", Note, Concept)

_WORD = regex(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Cards:
    """What could be read of a deck, the place of each part of it, and what is wrong.

    If `problems` has an error, `deck` lacks what is wrong. `unread` then has the ids, including former ones, of all
    notes that are or may be in the file but not in `deck`.
    """

    deck: Deck
    places: Places
    problems: tuple[Problem, ...] = ()
    unread: frozenset[str] = frozenset()

    @property
    def is_named(self) -> bool:
        """Whether it is clear which deck this is."""
        about = self.deck.about
        return bool(about.id and about.namespace and about.title)


def read_cards(path: Path, keep_places: bool = False) -> Cards:
    """Return the deck of a cards.yaml, as far as it can be read, and everything that is wrong in it.

    `keep_places` is for callers who will certainly ask for places. Raises `Problems` if it is not a file, or if nothing
    in it can be read reliably.
    """
    return cards_from_text(read_text(path), path.as_posix(), keep_places=keep_places)


def cards_from_text(text: str, name: str = "cards.yaml", loader: Any = LOADERS[0], keep_places: bool = False) -> Cards:
    """Return the deck of a text, as `read_cards` does; `name` is the name of its file."""
    return cards_of(parse(text, name, loader, keep_places))


def cards_of(document: Document) -> Cards:
    """Return the deck of a parsed file, as `read_cards` does."""
    name = document.places.name
    if not document.data and not document.problems:
        stop(name, "empty-file", "the file is empty", TOP_HINT)
    report = Report(document.places.find, document.problems)
    deck = read_mapping(Deck, document.data, (), report)
    if deck is None:
        raise Problems(report.problems)
    cross_check(deck, document.data, report)
    if report.sound:
        return Cards(deck, document.places, tuple(report.problems))
    return Cards(_placeable(deck), document.places, tuple(report.problems), _unread(document, deck))


def _placeable(deck: Deck) -> Deck:
    """Return a deck with errors without the sources that cannot be linked to, and without references to no source."""
    sources = {source.id: source for source in deck.sources.values() if _can_be_linked(source)}
    concepts = {}
    for concept in deck.concepts.values():
        notes = {note.id: _without_source(note, sources) for note in concept.notes.values()}
        concepts[concept.id] = replace(_without_source(concept, sources), notes=notes)
    return replace(deck, sources=sources, concepts=concepts)


def _can_be_linked(source: Source) -> bool:
    try:
        link_form(source.url, source.link, source.opens)
    except ValueError:
        return False
    return True


def _without_source(part: Part, sources: Mapping[str, Source]) -> Part:
    return part if part.source in sources else replace(part, source="")


def _unread(document: Document, deck: Deck) -> frozenset[str]:
    """Return the ids that the file gives to notes that are not in the deck, and all words that may be such ids."""
    read = {note for concept in deck.concepts.values() for note in concept.notes}
    named = set(_WORD.findall("\n".join(document.given_up)))
    concepts = document.data.get("concepts") if isinstance(document.data, dict) else None
    for concept in concepts.values() if isinstance(concepts, dict) else ():
        notes = concept.get("notes") if isinstance(concept, dict) else None
        for id, note in notes.items() if isinstance(notes, dict) else ():
            was = note.get("was") if isinstance(note, dict) and id not in read else None
            named |= {id, was} if isinstance(was, str) else {id}
    return frozenset(named - read)
