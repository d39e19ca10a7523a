"""Where each note belongs: its source, moments, tags and deck, from its own keys and those of its concept."""

from collections.abc import Iterable, Iterator, Mapping

from cuedeck.deck.deck import About, Concept, Deck, Note, Source
from cuedeck.deck.moments import Span
from cuedeck.deck.tags import BETWEEN
from cuedeck.problems import Keys
from cuedeck.records import dataclass

_CONCEPTS = "concepts/"


@dataclass(frozen=True, slots=True)
class PlacedNote:
    """A note with everything that it inherits from its concept and its deck.

    `tags` are complete, as in Anki (`soft-abandonment::forms`), `deck` is the full name of the deck in Anki, and
    `source` is None in a deck without sources.
    """

    note: Note
    concept: Concept
    source: Source | None
    moments: tuple[Span, ...]
    tags: tuple[str, ...]
    deck: str

    @property
    def keys(self) -> Keys:
        """The way to the note in cards.yaml."""
        return ("concepts", self.concept.id, "notes", self.note.id)


def note_at(keys: Keys) -> str:
    """Return the id of the note that keys lead to, or to a value of; "" if they lead elsewhere."""
    return str(keys[3]) if len(keys) > 3 and (keys[0], keys[2]) == ("concepts", "notes") else ""


def placed_in(concept: Concept, deck: Deck, titles: Mapping[str, str]) -> Iterator[PlacedNote]:
    """Yield the notes of a concept that are not retired, in the order of the file.

    `titles` are the `titles_of` its deck. Every source that is named must exist.
    """
    shared = _tags(deck, concept.tags)
    for note in concept.notes.values():
        if note.retired:
            continue
        source = source_of(deck, concept, note)
        yield PlacedNote(
            note=note,
            concept=concept,
            source=source,
            moments=note.at or concept.at,
            tags=_tags(deck, (*concept.tags, *note.tags)) if note.tags else shared,
            deck=titles[deck_key(concept) if concept.deck else source.id if source else ""],
        )


def source_of(deck: Deck, concept: Concept, note: Note | None = None) -> Source | None:
    """Return the source of a note: its own, its concept's, or the only one; None in a deck without sources.

    Without a note, return that of a concept.
    """
    named = (note.source if note else "") or concept.source
    return deck.sources[named] if named else deck.main_source


def deck_name(deck: Deck, part: Source | Concept | None) -> str:
    """Return the name of the deck in Anki that the notes of a source, or of a concept with its own subdeck, go to."""
    return "::".join(filter(None, (deck.about.title, part.deck if part else "")))


def deck_key(concept: Concept) -> str:
    """Return the key of a concept's subdeck in the lock, which no id of a source can be."""
    return f"{_CONCEPTS}{concept.id}"


def concept_of(key: str) -> str:
    """Return the id of the concept that a key in the lock is for; "" if it is that of a source, or of the deck."""
    return key.removeprefix(_CONCEPTS) if key.startswith(_CONCEPTS) else ""


def _tags(deck: Deck, own: Iterable[str]) -> tuple[str, ...]:
    prefix = tag_prefix(deck.about)
    return tuple(f"{prefix}{tag}" for tag in dict.fromkeys((*deck.about.tags, *own)))


def tag_prefix(about: About) -> str:
    """Return what all tags of a deck begin with, so that they never mix with a learner's own tags.

    It is "" for a deck whose learners had the tags before it was adopted.
    """
    return "" if about.tags_as_written else f"{about.id}{BETWEEN}"


def titles_of(deck: Deck) -> dict[str, str]:
    """Return the names of decks in Anki, by the keys under which the lock has them.

    The name of the whole deck is under "", that of each source's deck under the source's id, and that of each concept
    with its own subdeck under its `deck_key`.
    """
    own = {deck_key(each): deck_name(deck, each) for each in deck.concepts.values() if each.deck}
    return {"": deck.about.title, **{each.id: deck_name(deck, each) for each in deck.sources.values()}, **own}


def without_lost_subdecks(titles: Mapping[str, str], deck: Deck) -> dict[str, str]:
    """Return the names of decks without those of concepts that are in the deck, but have no subdeck any more."""
    lost = {deck_key(each) for each in deck.concepts.values() if not each.deck}
    return {key: title for key, title in titles.items() if key not in lost}


def natural_decks(deck: Deck) -> dict[str, str]:
    """Return the keys of the decks that the notes of concepts without a subdeck go to, by the concepts' keys.

    A note with a source of its own goes elsewhere.
    """
    main = deck.main_source
    return {
        deck_key(each): each.source or (main.id if main else "")
        for each in deck.concepts.values()
        if each.source in deck.sources or not each.source
    }
