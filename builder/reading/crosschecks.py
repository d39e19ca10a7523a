"""What only shows when several values of a deck are looked at together. Each function checks one thing."""

import difflib
from collections.abc import Iterator

from builder.deck import links
from builder.deck.deck import Concept, Deck, Note, Source
from builder.deck.moments import Span, clock, written
from builder.deck.placing import source_of
from builder.problems import Keys, Report


def cross_check(deck: Deck, report: Report) -> None:
    """Report everything that does not fit together in a deck whose single values are sound."""
    if not any(concept.notes for concept in deck.concepts.values()):
        report.error("no-notes", "the deck has no notes", at=("concepts",), on="key", hint="add one under a concept")
    _check_ids(deck, report)
    for source in deck.sources.values():
        _check_source(source, report)
    for concept in deck.concepts.values():
        if _source_is_clear(deck, concept.source, ("concepts", concept.id), report):
            _check_notes(deck, concept, report)


def _check_ids(deck: Deck, report: Report) -> None:
    homes: dict[str, str] = {}
    for concept in deck.concepts.values():
        for note in concept.notes:
            if note in homes:
                report.error(
                    "doubled-id",
                    f'the id "{note}" is already that of a note in "{homes[note]}"',
                    on="key",
                    at=("concepts", concept.id, "notes", note),
                    hint="an id stands once in a file",
                )
            homes.setdefault(note, concept.id)


def _check_source(source: Source, report: Report) -> None:
    keys: Keys = ("sources", source.id)
    try:
        links.link_form(source.url, source.link, source.opens)
    except ValueError as error:
        report.unfit("no-link", error, at=(*keys, "url"))
    for start in source.chapters:
        if source.length is not None and start > source.length:
            report.error("past-end", _past_end(Span(start), source), at=(*keys, "chapters", clock(start)), on="key")


def _check_notes(deck: Deck, concept: Concept, report: Report) -> None:
    keys: Keys = ("concepts", concept.id)
    if concept.at and not deck.sources:
        report.error(
            "no-source",
            "a moment stands here, but the deck has no sources",
            at=(*keys, "at"),
            hint="add the recording under sources:, or take the moment out",
        )
        return
    for note in concept.notes.values():
        at = (*keys, "notes", note.id)
        if note.at and not deck.sources:
            report.error(
                "no-source",
                "a moment stands here, but the deck has no sources",
                at=(*at, "at"),
                hint="add the recording under sources:, or take the moment out",
            )
        elif deck.sources and _source_is_clear(deck, note.source, at, report):
            _check_moments(deck, concept, note, report)


def _check_moments(deck: Deck, concept: Concept, note: Note, report: Report) -> None:
    keys: Keys = ("concepts", concept.id, "notes", note.id)
    if not (note.source or concept.source) and len(deck.sources) > 1:
        report.error(
            "which-source",
            f'the note "{note.id}" does not say which source it comes from',
            at=keys,
            on="key",
            hint=f'write "source:" with one of {", ".join(deck.sources)} into the note or its concept',
        )
        return
    if not (note.at or concept.at):
        report.error(
            "no-moment",
            f'the note "{note.id}" has no moment, and its concept has none either',
            at=keys,
            on="key",
            hint="write at: 00:46 into the note or its concept",
        )
    source = source_of(deck, concept, note)
    for place, span in _spans(concept, note):
        if source and source.length is not None and max(span.start, span.end or 0) > source.length:
            report.error("past-end", _past_end(span, source), at=place)


def _spans(concept: Concept, note: Note) -> Iterator[tuple[Keys, Span]]:
    """Yield the moments that a note has or takes over, with their places."""
    keys: Keys = ("concepts", concept.id, "notes", note.id, "at") if note.at else ("concepts", concept.id, "at")
    spans = note.at or concept.at
    for number, span in enumerate(spans):
        yield (*keys, number) if len(spans) > 1 else keys, span


def _past_end(span: Span, source: Source) -> str:
    return f'{written(span)} lies past the end of "{source.id}", which is {clock(source.length or 0)} long'


def _source_is_clear(deck: Deck, named: str, keys: Keys, report: Report) -> bool:
    if not named or named in deck.sources:
        return True
    near = difflib.get_close_matches(named, deck.sources, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"the sources are {', '.join(deck.sources) or 'none yet'}"
    report.error("unknown-source", f'there is no source "{named}"', at=(*keys, "source"), hint=hint)
    return False
