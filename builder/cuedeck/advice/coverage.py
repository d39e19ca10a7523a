"""Rules on what the notes cover: each concept, and each chapter of a recording."""

import sys
from collections.abc import Iterator
from itertools import pairwise

from cuedeck.advice.material import Advice, Material
from cuedeck.deck.moments import Span, clock


def concept_without_notes(material: Material) -> Iterator[Advice]:
    """A concept has no notes.

    Why: it puts nothing into the deck, so it is either unfinished or left over. Nothing is learned from it.

    Way out: write a note for it, or take the concept out of the file.

    Bad:

        concepts:
          hard-abandonment:
            title: Hard abandonment
            at: 00:46
          soft-abandonment:
            title: Soft abandonment
            at: 01:32
            notes:
              soft-abandonment-term:
                q: What is soft abandonment?
                a: Deserting someone without a breakup

    Good:

        concepts:
          hard-abandonment:
            title: Hard abandonment
            at: 00:46
            notes:
              hard-abandonment-term:
                q: What is hard abandonment?
                a: An open and final breakup
    """
    for concept in material.deck.concepts.values():
        if not concept.notes:
            yield Advice(
                ("concepts", concept.id),
                f'the concept "{concept.id}" has no notes',
                "write one, or take the concept out",
            )


def chapter_without_notes(material: Material) -> Iterator[Advice]:
    """No note comes from a chapter of the recording.

    Why: a learner who trusts the deck to hold the lecture would miss the passage. Wozniak's second rule, learn before
    you memorize, wants the whole picture. Where a passage has nothing worth asking, ignore the rule for this source
    and say so.

    How it is told: no moment or span of a note touches the time between the chapter's start and the next one's. A
    source that no note uses is reported once.

    Way out: write notes for what is worth knowing there, or switch the rule off for this source and say why.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            chapters:
              00:46: Hard abandonment
              01:32: Soft abandonment
        concepts:
          hard-abandonment:
            title: Hard abandonment
            at: 00:46
            notes:
              hard-abandonment-term:
                q: What is hard abandonment?
                a: An open and final breakup

    Good:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            chapters:
              00:46: Hard abandonment
        concepts:
          hard-abandonment:
            title: Hard abandonment
            at: 00:46
            notes:
              hard-abandonment-term:
                q: What is hard abandonment?
                a: An open and final breakup
    """
    for source in material.deck.sources.values():
        places = (note.placed for note in material.notes)
        spans = [span for placed in places if placed.source is source for span in placed.moments]
        if not spans:
            yield Advice(("sources", source.id), f'no note comes from the source "{source.id}"', "write one")
            continue
        for start, end in pairwise((*sorted(source.chapters), sys.maxsize)):
            if not any(_touches(span, start, end) for span in spans):
                yield Advice(
                    ("sources", source.id, "chapters"),
                    f'no note comes from the chapter "{source.chapters[start]}" at {clock(start)}',
                    "write one, or join the chapter to the one before",
                    fragment=source.chapters[start],
                )


def _touches(span: Span, start: int, end: int) -> bool:
    last = span.start if span.end is None else span.end - 1  # a span that ends where a chapter begins has none of it
    return span.start < end and last >= start
