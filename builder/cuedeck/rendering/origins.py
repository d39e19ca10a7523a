"""The fields that show where a note comes from: moments, links, and the name of a source that is not the main one."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Protocol

from cuedeck.deck.deck import Deck, Source
from cuedeck.deck.links import LinkForm, link_form
from cuedeck.deck.moments import Span, clock, timecode
from cuedeck.deck.placement import PlacedNote
from cuedeck.records import dataclass
from cuedeck.rendering.literal import plain_to_html
from cuedeck.rendering.notefields import CLOCK, LINKS, SECONDS, TIMECODE
from cuedeck.rendering.originmarkup import attribution, moment_link


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a note comes from, as fields by key: the first moment of the main source as numbers, others as links.

    `content` is the part of it that a learner sees: the end of a span is not shown, so an edit of it changes no note.
    `former` is the same with the sign before links that an earlier rule gave them; None if that is the same sign.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    content: tuple[str, ...] = ()
    former: "Origin | None" = None


class Origins:
    """Makes the origins of the notes of a deck. Those of notes with the same source and moments are made once."""

    def __init__(self, deck: Deck) -> None:
        """Raises TextError if nothing is known about how to link to moments of a source."""
        self._main = deck.main_source
        self._forms = {each.id: link_form(each.url, each.link, each.opens) for each in deck.sources.values()}
        self._made: dict[tuple[str, tuple[Span, ...]], Origin] = {}

    def of(self, placed: PlacedNote) -> Origin:
        """Return where a note comes from."""
        if placed.source is None or not placed.moments:
            return Origin()
        key = placed.source.id, placed.moments
        if key not in self._made:
            self._made[key] = _origin(placed.source, placed.moments, self._main, self._forms[placed.source.id])
        return self._made[key]


def _origin(source: Source, spans: Sequence[Span], main: Source | None, form: LinkForm) -> Origin:
    # The note type makes the first link of the main source if it can, so that it may change without changing the note.
    linked = spans[1:] if source is main and form.is_in_fields else spans
    first = spans[0].start if source is main else None
    origin = _with_links(source, first, [_link(form, span.start, form.mark) for span in linked])
    if not linked or form.mark == form.former_mark:
        return origin
    before = _with_links(source, first, [_link(form, span.start, form.former_mark) for span in linked])
    return replace(origin, former=before)


def _with_links(source: Source, first: int | None, links: Sequence[str]) -> Origin:
    """Return where a note comes from, with links to the moments that are not linked in the note type.

    `first` is the first moment in seconds if the source is the main one.
    """
    if first is None:
        links = *links, attribution(name_of_source(source))
        return Origin({LINKS.key: " ".join(links)}, links)
    at = clock(first)
    return Origin(
        {SECONDS.key: str(first), CLOCK.key: at, TIMECODE.key: timecode(first), LINKS.key: " ".join(links)},
        (at, *links),
    )


def _link(form: LinkForm, seconds: int, mark: str) -> str:
    return moment_link(form.at(seconds), mark, clock(seconds))


class Titled(Protocol):
    """A recording, in a deck or in a package, with its title and its speaker."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def author(self) -> str:
        """Its speaker; "" if that is not known."""


def name_of_source(source: Titled) -> str:
    """Return the title and the speaker of a source, as HTML."""
    return plain_to_html(" · ".join(filter(None, (source.title, source.author))))
