"""Read a cards.yaml and its parts into a deck."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from cuedeck.deck.deck import Concept, Deck, Note, Source
from cuedeck.deck.links import link_form
from cuedeck.disk.text import CARDS_NAME, TextFile
from cuedeck.patterns import regex
from cuedeck.problems import Problem, Problems, Report
from cuedeck.reading.crosschecks import cross_check
from cuedeck.reading.deckplaces import DeckPlaces
from cuedeck.reading.files import FileRead, Files, FilesRead, file_read
from cuedeck.reading.merging import merged
from cuedeck.reading.parsing import LOADERS
from cuedeck.records import dataclass

Referring = TypeVar("Referring", Note, Concept)

_WORD = regex(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Cards:
    """What could be read of a deck, the place of everything in it, what is wrong, and the paths of its parts.

    If `problems` has an error, `deck` lacks what is wrong. `unread` then has the ids, including former ones, of all
    notes that are or may be in the files but not in `deck`. If `is_whole` is false, a part is missing or could not be
    read, so any note may be in it.
    """

    deck: Deck
    places: DeckPlaces
    problems: tuple[Problem, ...] = ()
    unread: frozenset[str] = frozenset()
    parts: tuple[Path, ...] = ()
    is_whole: bool = True

    @property
    def is_named(self) -> bool:
        """Whether it is clear which deck this is."""
        about = self.deck.about
        return bool(about.id and about.namespace and about.title)


def read_cards(path: Path, keep_places: bool = False, files: Files | None = None) -> Cards:
    """Return the deck of a cards.yaml and its parts, as far as they can be read, and everything that is wrong in them.

    `keep_places` is for callers who will certainly ask for places. `files` reads the files, for callers who have read
    them before, or who have other texts for them. Raises `Problems` if the cards.yaml is not a file, or if nothing in
    it can be read reliably.
    """
    return _cards_of((files or Files(keep_places=keep_places)).read(path))


def cards_from_text(text: str, name: str = CARDS_NAME, loader: Any = LOADERS[0], keep_places: bool = False) -> Cards:
    """Return the deck of a text without parts, as `read_cards` does; `name` is the name of its file."""
    return _cards_of(FilesRead(file_read(Path(name), TextFile(text, b""), loader=loader, keep_places=keep_places)))


def _cards_of(read: FilesRead) -> Cards:
    if read.main.value is None:
        raise Problems(read.main.problems)
    deck = merged(read)
    report = Report(deck.places.find, deck.problems)
    cross_check(deck.deck, deck.data, report, deck.doubled)
    if report.sound:
        return Cards(deck.deck, deck.places, tuple(report.problems), parts=read.paths, is_whole=read.is_whole)
    return Cards(
        _placeable(deck.deck),
        deck.places,
        tuple(report.problems),
        _unread((read.main, *read.parts), deck.deck),
        read.paths,
        read.is_whole,
    )


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


def _without_source(part: Referring, sources: Mapping[str, Source]) -> Referring:
    return part if part.source in sources else replace(part, source="")


def _unread(files: Iterable[FileRead], deck: Deck) -> frozenset[str]:
    """Return the ids that files give to notes that are not in the deck, and all words that may be such ids."""
    read = {note for concept in deck.concepts.values() for note in concept.notes}
    named: set[str] = set()
    for file in files:
        data = file.document.data
        named |= {*_WORD.findall("\n".join(file.document.given_up))}
        concepts = data.get("concepts") if isinstance(data, dict) else None
        for concept in concepts.values() if isinstance(concepts, dict) else ():
            notes = concept.get("notes") if isinstance(concept, dict) else None
            for id, note in notes.items() if isinstance(notes, dict) else ():
                was = note.get("was") if isinstance(note, dict) and id not in read else None
                named |= {id, was} if isinstance(was, str) else {id}
    return frozenset(named - read)
