"""Rules on what the notes cover: each concept, and each chapter of a recording."""

import re
from collections.abc import Iterator
from itertools import pairwise

from cuedeck.advice.material import Advice, Material
from cuedeck.deck.deck import Concept, Deck, Source
from cuedeck.deck.moments import Span, clock, touched
from cuedeck.deck.placement import source_of
from cuedeck.patterns import regex
from cuedeck.wording import counted, listed

_OPENING = 60  # a chapter that begins before this second opens the talk
_SHORT = 0.8  # of the average length of a chapter; a shorter one is often an aside
# Chapters that frame a talk, and rarely contain anything to ask about.
_FRAME = regex(
    r"(?:the\s+)?(?:intro(?:duction)?|opening|welcome|outro|closing|ending|end|conclusions?|summary|recap|wrap[- ]?up|"
    r"outlook|appendix|credits|thanks|thank you|goodbye|questions|q\s?(?:&|and|\+)\s?a|discussion|sponsors?|ads?|break|"
    r"trailer|teaser|einleitung|einführung|begrüßung|schluss|fazit|zusammenfassung|fragen|ende)\b.{0,20}",
    re.IGNORECASE,
)


def concept_without_notes(material: Material) -> Iterator[Advice]:
    """A concept has no notes.

    Why: it adds nothing to the deck, so it is either unfinished or left over. Nothing is learned from it.

    How it is found: a concept at the start of a chapter is not reported. `cuedeck init --from` makes such concepts, and
    `cuedeck coverage` lists chapters without notes.

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
        if not concept.notes and not _is_for_a_chapter(concept, material.deck):
            yield Advice(
                ("concepts", concept.id),
                f'the concept "{concept.id}" has no notes',
                "write a note for it, or take the concept out",
            )


def _is_for_a_chapter(concept: Concept, deck: Deck) -> bool:
    """Return whether a concept is at the start of a chapter of its source, or of several."""
    source = source_of(deck, concept)
    return source is not None and bool(concept.at) and all(span.start in source.chapters for span in concept.at)


def chapter_without_notes(material: Material) -> Iterator[Advice]:
    """A chapter of the recording has no notes.

    Why: learners who trust the deck to cover the lecture would miss the passage. Wozniak's second rule, learn before
    you memorize, asks for the whole picture.

    How it is found: no moment or span of a note touches the time from the chapter's start to the next one's. A source
    is reported once, with all such chapters. The opening, the last chapter, closings such as "Questions",
    and chapters shorter than four fifths of the average are not reported. Nothing is reported as long as most of a
    source, or most sources of a deck, have no notes yet.

    Way out: write notes for what is worth knowing there. If there is nothing worth asking, switch the rule off for
    this source and say why.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            chapters:
              00:46: Hard abandonment
              01:32: Soft abandonment
              10:32: Reactions
        concepts:
          hard-abandonment:
            title: Hard abandonment
            at: 00:46-12:00
            notes:
              hard-abandonment-term:
                q: What is hard abandonment?
                a: An open and final breakup
                at: 00:46
              reaction:
                q: What follows an abandonment?
                a: Grief
                at: 10:40

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
    sources = material.deck.sources.values()
    spans = {source.id: _spans(material, source) for source in sources}
    unused = [source for source in sources if not spans[source.id]]
    for source in unused if len(unused) * 2 <= len(spans) else ():
        yield Advice(("sources", source.id), f'no note comes from the source "{source.id}"', "write a note for it")
    for source in sources:
        chapters = sorted(source.chapters)
        noted = {number for span in set(spans[source.id]) for number in touched(span, chapters)}
        bare = [start for number, start in enumerate(chapters) if number not in noted]
        worth_notes = _worth_notes(source)
        missing = [start for start in bare if start in worth_notes]
        if missing and len(bare) * 2 <= len(chapters):
            named = [f'{clock(start)} "{source.chapters[start]}"' for start in missing]
            yield Advice(
                ("sources", source.id, "chapters"),
                f"{counted(len(missing), 'chapter')} without notes: {listed(named)}",
                'write notes for what is worth knowing there; if nothing is, say so under "check: ignore:", as '
                '"cuedeck explain --help" shows',
                fragment=source.chapters[missing[0]],
            )


def _worth_notes(source: Source) -> set[int]:
    """Return the starts of the chapters that are likely to contain something to ask about."""
    inner = {start: end - start for start, end in pairwise(sorted(source.chapters)) if start >= _OPENING}
    least = _SHORT * sum(inner.values()) / max(len(inner), 1)
    return {
        start for start, length in inner.items() if length >= least and not _FRAME.fullmatch(source.chapters[start])
    }


def _spans(material: Material, source: Source) -> list[Span]:
    return [span for note in material.notes if note.placed.source is source for span in note.placed.moments]
