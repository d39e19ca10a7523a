"""A release as its package holds it: what the pages for learners tell, and from which no unreleased edit leaks out."""

import datetime
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from builder.deck.deck import Source
from builder.deck.moments import Span, moment
from builder.deck.values import date
from builder.history.lock import Release
from builder.history.snapshot import PackedNote, Snapshot
from builder.pages.cards import Card, cards_of, page_type
from builder.pages.timeline import Taken, Timeline, timelines
from builder.rendering.momentlinks import moment_links
from builder.rendering.notetypes import QA, SHAPES, Named, NoteType, Template
from builder.rendering.origins import attribution
from builder.wording import counted

_CLOCK = re.compile("(?:[0-9]{1,3}:)?[0-5][0-9]:[0-5][0-9]")
_SECONDS = re.compile("[0-9]{1,7}")
# The page of a deck ends with who made it and which version it is.
_FOOT = re.compile(r"<p>(?:(?!<p>).)*\Z", re.DOTALL)


@dataclass(frozen=True)
class Edition:
    """A release: what its package holds, and the bytes of that.

    `releases` are all up to this one, newest first, each with its notes as Markdown. `known` are the sources of
    cards.yaml, which add what no package holds: their chapters. `address` is where the site will be, with a slash at
    its end, or "" where that is not known.
    """

    snapshot: Snapshot
    package: bytes
    releases: Sequence[tuple[Release, str]]
    known: Sequence[Source] = ()
    address: str = ""

    def told(self, key: str) -> str:
        """Return a text of the manifest, or ""."""
        return str(self.snapshot.manifest.get(key) or "")

    @property
    def name(self) -> str:
        """The deck's name in Anki."""
        return self.told("title")

    @property
    def title(self) -> str:
        """The deck's own name, without those of the decks that it lies in."""
        return self.name.rpartition("::")[2]

    @property
    def group(self) -> str:
        """The names of the decks that it lies in, or ""."""
        return self.name.rpartition("::")[0].replace("::", " · ")

    @property
    def version(self) -> str:
        """The version of the release."""
        return self.snapshot.version

    @property
    def file(self) -> str:
        """The name of the package that never means another version."""
        return f"{self.told('deck')}-{self.version}.apkg"

    @property
    def newest_file(self) -> str:
        """The name of the package that stays the same from version to version."""
        return f"{self.told('deck')}.apkg"

    @property
    def digest(self) -> str:
        """The SHA-256 of the package, in hexadecimal digits."""
        return hashlib.sha256(self.package).hexdigest()

    @property
    def report(self) -> str:
        """Where to report a mistake in the deck, or "" where no address is given."""
        return self.told("feedback").replace("{note}", self.told("deck"))

    @property
    def description(self) -> str:
        """The author's description as HTML, with what learners are told of retired notes."""
        return _FOOT.sub("", self.snapshot.decks.get(self.name, "")).strip()

    @property
    def summary(self) -> str:
        """How much is in it, and from what."""
        talks = ", ".join(source.title for source in self.sources)
        return f"{self.counts} on {talks}." if talks else f"{self.counts}."

    @property
    def counts(self) -> str:
        """How many notes and cards are in it."""
        notes = self.snapshot.notes.values()
        return f"{counted(len(notes), 'note')} and {counted(sum(len(note.cards) for note in notes), 'card')}"

    @cached_property
    def notes(self) -> tuple[PackedNote, ...]:
        """The notes in the order of the recording."""
        return tuple(sorted(self.snapshot.notes.values(), key=lambda note: (note.due, note.note)))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that all notes have in common, without the deck's id before them."""
        common = set.intersection(*(set(note.tags) for note in self.notes)) if self.notes else set()
        return tuple(sorted(tag.removeprefix(f"{self.told('deck')}::") for tag in common))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The recordings as the release names them; the chapters and the length of a known one are today's."""
        found = self.snapshot.manifest.get("sources")
        told = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
        return tuple(_source(number, each, self.known) for number, each in enumerate(told))

    @cached_property
    def timelines(self) -> tuple[Timeline, ...]:
        """The timeline of each recording."""
        taken = (_taken(note, self.sources) for note in self.notes)
        return timelines(self.sources, filter(None, taken))

    def cards(self, note: PackedNote) -> tuple[Card, ...]:
        """Return the cards of a note of the package, as a page shows them."""
        return cards_of(tuple(note.fields.values()), note.cards, self._types[note.type])

    @property
    def css(self) -> str:
        """The style of the cards."""
        return next((each.css for each in self._types.values() if each.kind == QA.kind), "")

    @cached_property
    def _types(self) -> dict[int, NoteType]:
        names = {note.type: tuple(note.fields) for note in self.snapshot.notes.values()}
        types = self.snapshot.types
        return {number: page_type(_type(self.snapshot, number, names.get(number, ()))) for number in types}


def _source(number: int, told: Mapping[str, object], known: Sequence[Source]) -> Source:
    """Return a source of a manifest; its chapters are those of the known one with the same address, or title."""
    title, author, url, published = (str(told.get(key) or "") for key in ("title", "author", "url", "published"))
    fitting = [source for source in known if source.url == url] or [source for source in known if source.title == title]
    return replace(
        fitting[0] if fitting else Source(id="", title="", url=""),
        id=f"source-{number}",
        title=title,
        author=author,
        url=url,
        published=_date(published),
    )


def _date(text: str) -> datetime.date | None:
    try:
        return date(text) if text else None
    except ValueError:
        return None


def _taken(note: PackedNote, sources: Sequence[Source]) -> Taken | None:
    """Return where a note comes from, as its fields tell; None where they do not."""
    seconds, links = note.fields.get("Seconds", ""), note.fields.get("Links", "")
    source = sources[0] if seconds and sources else _named_in(links, sources)
    first = [int(seconds)] if _SECONDS.fullmatch(seconds) else []
    further = (moment(link.clock) for link in moment_links(links) if _CLOCK.fullmatch(link.clock))
    moments = [*first, *further]
    if source is None or not moments:
        return None
    return Taken(note.id, source.id, tuple(map(Span, moments)))


def _named_in(links: str, sources: Iterable[Source]) -> Source | None:
    return next((source for source in sources if attribution(source) in links), None)


def _type(snapshot: Snapshot, number: int, fields: Sequence[str]) -> NoteType:
    packed = snapshot.types[number]
    *sides, css = packed.look
    return NoteType(
        kind=packed.kind,
        id=number,
        name=packed.name,
        fields=tuple(Named(name, 0) for name in fields),
        templates=tuple(
            Template(words, 0, front, back)
            for (words, _, _), front, back in zip(SHAPES[packed.kind].templates, sides[::2], sides[1::2], strict=False)
        ),
        css=css,
    )


def date_of(release: Release) -> datetime.date:
    """Return the day of a release, in UTC."""
    return datetime.datetime.fromtimestamp(release.time, datetime.UTC).date()
