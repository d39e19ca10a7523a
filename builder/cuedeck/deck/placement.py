"""Where each note belongs: its source, moments, tags and deck, from its own keys and those of its concept."""

from collections.abc import Iterator
from dataclasses import dataclass

from cuedeck.deck.deck import Concept, Deck, Note, Source
from cuedeck.deck.moments import Span
from cuedeck.problems import Keys


@dataclass(frozen=True, slots=True)
class PlacedNote:
    """A note with everything that it inherits from its concept and its deck.

    `tags` are complete (`soft-abandonment::forms`), `deck` is the full name of the deck in Anki, and `source` is None
    in a deck without sources.
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


def placed_notes(deck: Deck) -> Iterator[PlacedNote]:
    """Yield every note that is not retired, in the order of the file. Every source that is named must exist."""
    titles = titles_of(deck)
    for concept in deck.concepts.values():
        for note in concept.notes.values():
            if note.retired:
                continue
            source = source_of(deck, concept, note)
            yield PlacedNote(
                note=note,
                concept=concept,
                source=source,
                moments=note.at or concept.at,
                tags=_tags(deck, concept, note),
                deck=titles[source.id if source else ""],
            )


def source_of(deck: Deck, concept: Concept, note: Note | None = None) -> Source | None:
    """Return the source of a note: its own, its concept's, or the only one; None in a deck without sources.

    Without a note, return that of a concept.
    """
    named = (note.source if note else "") or concept.source
    return deck.sources[named] if named else deck.main_source


def deck_name(deck: Deck, source: Source | None) -> str:
    """Return the name of the deck in Anki that the notes of a source go to."""
    return "::".join(filter(None, (deck.about.title, source.deck if source else "")))


def _tags(deck: Deck, concept: Concept, note: Note) -> tuple[str, ...]:
    # All tags are below the deck's id, so that they never mix with a learner's own tags.
    own = dict.fromkeys((*deck.about.tags, *concept.tags, *note.tags))
    return tuple(f"{deck.about.id}::{tag}" for tag in own)


def titles_of(deck: Deck) -> dict[str, str]:
    """Return the names of decks in Anki: of the whole deck by "", and of the deck of each source by the source's id."""
    return {"": deck.about.title, **{source.id: deck_name(deck, source) for source in deck.sources.values()}}
