"""Rules on tags, by which learners choose parts of a deck."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from cuedeck.advice.material import Advice, Material
from cuedeck.problems import Keys


def tag_used_once(material: Material) -> Iterator[Advice]:
    """A tag is on a single note.

    Why: tags let learners choose a part of the deck (Anki's manual, "Using Tags"). A part that has only one note is of
    no use, and often the tag is misspelled.

    How it is found: from the tags of notes and of their concepts. Tags of the whole deck do not count, and neither does
    a second spelling of another tag.

    In a deck with `tags_as_written: true`, learners had the tags before, so nothing is said about them.

    Way out: correct the spelling, use the tag on more notes, or remove it.

    Bad:

        first-note:
          q: What is hard abandonment?
          a: An open and final breakup
          tags: [breakup]
        second-note:
          q: What is soft abandonment?
          a: Deserting someone without a breakup
          tags: [forms]
        third-note:
          q: What is a dyad?
          a: Two people regarded as one unit
          tags: [forms]

    Good:

        first-note:
          q: What is hard abandonment?
          a: An open and final breakup
          tags: [forms]
        second-note:
          q: What is soft abandonment?
          a: Deserting someone without a breakup
          tags: [forms]
    """
    uses = _uses(material)
    spellings = Counter(map(_key, uses))
    for keys, tag in _tags_of(material):
        if uses[tag] == 1 and spellings[_key(tag)] == 1:
            yield Advice(
                keys,
                f'the tag "{tag}" is on only one note',
                "correct its spelling, use it on more notes, or remove it",
                tag,
            )


def tag_spelled_two_ways(material: Material) -> Iterator[Advice]:
    """A tag is spelled in two ways.

    Why: learners who study by one of the two tags miss the notes with the other (Anki's manual, "Using Tags").

    How it is found: two tags differ only in capitals, hyphens or a plural -s. The spelling that fewer notes have is
    reported.

    In a deck with `tags_as_written: true`, learners had the tags before, so nothing is said about them.

    Way out: choose one of the two spellings.

    Bad:

        first-note:
          q: What is hard abandonment?
          a: An open and final breakup
          tags: [form]
        second-note:
          q: What is soft abandonment?
          a: Deserting someone without a breakup
          tags: [forms]

    Good:

        first-note:
          q: What is hard abandonment?
          a: An open and final breakup
          tags: [forms]
        second-note:
          q: What is soft abandonment?
          a: Deserting someone without a breakup
          tags: [forms]
    """
    common: dict[str, str] = {}
    for tag, _ in _uses(material).most_common():
        common.setdefault(_key(tag), tag)
    for keys, tag in _tags_of(material):
        if tag != (other := common.get(_key(tag), tag)):
            yield Advice(
                keys, f'the tag "{tag}" is spelled "{other}" elsewhere', "choose one of the two spellings", tag
            )


def _uses(material: Material) -> Counter[str]:
    """Return the number of notes that have each tag."""
    tags = (dict.fromkeys((*note.placed.concept.tags, *note.placed.note.tags)) for note in material.notes)
    return Counter(chain.from_iterable(tags))


@lru_cache(maxsize=10_000)
def _key(tag: str) -> str:
    return re.sub(r"[-_]", "", tag.casefold()).removesuffix("s")


def _tags_of(material: Material) -> Iterator[tuple[Keys, str]]:
    """Yield the tags of concepts and notes with their places; none that learners had before the deck was adopted."""
    if material.deck.about.tags_as_written:
        return
    for concept in material.deck.concepts.values():
        yield from ((("concepts", concept.id, "tags"), tag) for tag in concept.tags)
        for note in concept.notes.values():
            yield from ((("concepts", concept.id, "notes", note.id, "tags"), tag) for tag in note.tags)
