"""Rules on tags, with which learners take slices of a deck."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from cuedeck.advice.material import Advice, Material
from cuedeck.problems import Keys


def tag_used_once(material: Material) -> Iterator[Advice]:
    """A tag stands on a single note.

    Why: tags let a learner take a slice of the deck (Anki's manual, "Using Tags"). A slice of one is none, and often
    the tag is misspelled.

    How it is told: from the tags of notes and of their concepts; tags of the whole deck are not meant.

    Bad:

        first-note:
          q: What is hard abandonment?
          a: An open and final breakup
          tags: [form]
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
    uses = Counter(tag for note in material.notes for tag in {*note.placed.concept.tags, *note.placed.note.tags})
    for keys, tag in _tags_of(material):
        if uses[tag] == 1:
            yield Advice(keys, f'the tag "{tag}" is on one note only', "take it out, or use it more", tag)


def tag_spelled_two_ways(material: Material) -> Iterator[Advice]:
    """A tag is spelled in two ways.

    Why: whoever studies by one of the two tags misses the notes with the other (Anki's manual, "Using Tags").

    How it is told: two tags are the same but for capitals, hyphens or a plural -s.

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
    homes: dict[str, tuple[str, Keys]] = {}
    for keys, tag in _tags_of(material):
        known, _ = homes.setdefault(_key(tag), (tag, keys))
        if known != tag:
            yield Advice(keys, f'the tag "{tag}" is "{known}" elsewhere', "choose one of the two", tag)


@lru_cache(maxsize=10_000)
def _key(tag: str) -> str:
    return re.sub(r"[-_]", "", tag.casefold()).removesuffix("s")


def _tags_of(material: Material) -> Iterator[tuple[Keys, str]]:
    """Yield the tags of concepts and notes with their places."""
    for concept in material.deck.concepts.values():
        yield from ((("concepts", concept.id, "tags"), tag) for tag in concept.tags)
        for note in concept.notes.values():
            yield from ((("concepts", concept.id, "notes", note.id, "tags"), tag) for tag in note.tags)
