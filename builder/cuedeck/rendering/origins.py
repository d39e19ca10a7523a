"""The fields that show where a note comes from: moments, links, and the name of a source that is not the main one."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Protocol

from cuedeck.deck.deck import Source
from cuedeck.deck.links import LinkForm
from cuedeck.deck.moments import clock, timecode
from cuedeck.deck.placement import PlacedNote
from cuedeck.records import dataclass
from cuedeck.rendering.markdown import plain_to_html
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


def origin_of(placed: PlacedNote, main: Source | None, forms: Mapping[str, LinkForm]) -> Origin:
    """Return where a note comes from; `forms` has the link form of each source by its id."""
    source, spans = placed.source, placed.moments
    if source is None or not spans:
        return Origin()
    form = forms[source.id]
    # The note type makes the first link of the main source if it can, so that it may change without changing the note.
    linked = spans[1:] if source is main and form.is_in_fields else spans
    origin = _with_links(placed, main, [_link(form, span.start, form.mark) for span in linked])
    if not linked or form.mark == form.former_mark:
        return origin
    before = _with_links(placed, main, [_link(form, span.start, form.former_mark) for span in linked])
    return replace(origin, former=before)


def _with_links(placed: PlacedNote, main: Source | None, links: Sequence[str]) -> Origin:
    """Return where a note comes from, with links to the moments that are not linked in the note type."""
    if placed.source and placed.source is not main:
        links = *links, attribution(name_of_source(placed.source))
        return Origin({LINKS.key: " ".join(links)}, links)
    first = placed.moments[0].start
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
