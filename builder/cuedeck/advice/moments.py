"""Rules on the moments of notes: whether each fits its concept, and whether its link finds it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from cuedeck.advice.material import Advice, Material
from cuedeck.deck.deck import Deck, Source
from cuedeck.deck.links import link_form
from cuedeck.deck.moments import Span, clock, written
from cuedeck.deck.placement import PlacedNote
from cuedeck.patterns import regex

# A text fragment, for which the browser searches the page, with a place for the moment in it.
_SEARCHES_MOMENT = regex(r"#.*:~:text=.*\{")


def note_outside_concept(material: Material) -> Iterator[Advice]:
    """A note is outside the time of its concept.

    Why: concepts group what belongs together in the talk, so a moment far away is most often a typing error, and its
    link would lead learners to the wrong passage. Wozniak's eighteenth rule: provide sources.

    How it is found: the note's own moment is before the concept's, or after its end. A moment without an end lasts
    until the end of its chapter, or of the recording if there are no chapters.

    Way out: correct the moment, widen the span of the concept, or move the note to the concept that it belongs to.

    Bad:

        concepts:
          hard-abandonment:
            title: Hard abandonment
            at: 00:46-02:20
            notes:
              hard-abandonment-term:
                q: What is hard abandonment?
                a: An open and final breakup
                at: 10:32

    Good:

        concepts:
          hard-abandonment:
            title: Hard abandonment
            at: 00:46-02:20
            notes:
              hard-abandonment-term:
                q: What is hard abandonment?
                a: An open and final breakup
                at: 01:32
    """
    chapters = {source.id: sorted(source.chapters) for source in material.deck.sources.values()}
    for shown in material.notes:
        placed = shown.placed
        note, concept, source = placed.note, placed.concept, placed.source
        if not concept.at or source is None or _is_elsewhere(placed, material.deck):
            continue
        stretches = [(span.start, _end(span, chapters[source.id])) for span in concept.at]
        for span in note.at:
            if not any(start <= span.start and (span.end or span.start) <= end for start, end in stretches):
                yield Advice(
                    (*placed.keys, "at"),
                    f'{written(span)} is outside "{concept.id}", which is at {", ".join(map(written, concept.at))}',
                    "correct the moment, widen the concept's span, or move the note to the concept that it belongs to",
                )


def moment_before_chapters(material: Material) -> Iterator[Advice]:
    """The moment of a note is before the first chapter of its source.

    Why: if a source has chapters, they cover the talk from the first sentence that matters. A moment before them is a
    typing error, or a chapter is missing. Wozniak's eighteenth rule: provide sources.

    Way out: correct the moment, or add a chapter that begins before it.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            chapters:
              00:46: Hard abandonment
        concepts:
          abandonment:
            title: Abandonment
            at: 00:04-02:00
            notes:
              hard-abandonment-term:
                q: What is hard abandonment?
                a: An open and final breakup
                at: [00:04, 00:46]

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
    for placed, source, span in _moments(material):
        first = min(source.chapters, default=0)
        if span.start < first:
            yield Advice(
                (*placed.keys, "at"),
                f'{clock(span.start)} is before the first chapter, "{source.chapters[first]}" at {clock(first)}',
                "correct the moment, or add a chapter that begins before it",
            )


def moment_not_on_page(material: Material) -> Iterator[Advice]:
    """The link of a note leads to a time that the page does not show.

    Why: a link into a page of text finds its passage by the time that the page shows there. If the page does not show
    it, learners land at the top of the page, and nothing shows why. (Text fragments, as a W3C Community Group defines
    them, do nothing if the text is not found.)

    How it is found: the source's `link` searches the page's text for the time, with `#:~:text=`; the source has
    chapters; and none of them starts at the moment, or at the start of the span. A link such as `{url}?t={seconds}`
    does not search, and is not reported.

    Way out: use a time that the page shows, which is the start of a chapter.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk
            link: "{url}#:~:text={mm:ss}"
            chapters:
              00:46: Hard abandonment
        concepts:
          hard-abandonment:
            title: Hard abandonment
            at: 00:50
            notes:
              hard-abandonment-term:
                q: What is hard abandonment?
                a: An open and final breakup

    Good:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk
            link: "{url}#:~:text={mm:ss}"
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
    pages = {
        source.id
        for source in material.deck.sources.values()
        if source.chapters and _SEARCHES_MOMENT.search(link_form(source.url, source.link, source.opens).address)
    }
    for placed, source, span in _moments(material):
        if source.id in pages and span.start not in source.chapters:
            begun = max((start for start in source.chapters if start <= span.start), default=min(source.chapters))
            yield Advice(
                (*placed.keys, "at"),
                f"the page does not show {clock(span.start)}, so the link would open the top of the page",
                f"use the start of a chapter, such as {clock(begun)}",
            )


def _moments(material: Material) -> Iterator[tuple[PlacedNote, Source, Span]]:
    for note in material.notes:
        if source := note.placed.source:
            for span in note.placed.moments:
                yield note.placed, source, span


def _is_elsewhere(placed: PlacedNote, deck: Deck) -> bool:
    """Return whether a note has a different source from its concept, whose time then does not apply to the note."""
    main = deck.main_source
    return placed.note.source not in ("", placed.concept.source or (main.id if main else ""))


def _end(span: Span, chapters: Sequence[int]) -> float:
    """Return the last second that can belong to a moment or span."""
    if span.end is not None:
        return span.end
    place = bisect_right(chapters, span.start)
    return chapters[place] - 1 if place < len(chapters) else float("inf")
