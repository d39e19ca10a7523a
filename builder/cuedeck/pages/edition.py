"""A release as it is in its package. The pages for learners are made from it, so that no unreleased edit leaks out."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property

from cuedeck.deck.deck import Source
from cuedeck.deck.moments import Span, moment
from cuedeck.deck.values import date
from cuedeck.history.lock import Release
from cuedeck.history.manifest import Manifest, ManifestFile, ManifestSource, credits_of
from cuedeck.history.snapshot import PackedNote, PackedType, Snapshot
from cuedeck.media.clips import is_clip
from cuedeck.pages.cardsides import Card, cards_of, page_type
from cuedeck.pages.cleaning import cleaned
from cuedeck.pages.media import without_media
from cuedeck.pages.styles import with_aligned_cells
from cuedeck.pages.timeline import Taken, Timeline, timelines, without_gaps
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.rendering.description import without_foot
from cuedeck.rendering.notefields import LINKS, SECONDS
from cuedeck.rendering.notetypes import SHAPES, NoteField, NoteType, Template
from cuedeck.rendering.originmarkup import attribution, moment_links
from cuedeck.rendering.origins import name_of_source
from cuedeck.updating.corrections import Sheet
from cuedeck.wording import counted, megabytes

_CLOCK = regex("(?:[0-9]{1,3}:)?[0-5][0-9]:[0-5][0-9]")
_SECONDS = regex("[0-9]{1,7}")


@dataclass(frozen=True)
class Download:
    """A package as a file: its size in bytes, and its SHA-256 in hexadecimal digits."""

    size: int
    digest: str


@dataclass(frozen=True)
class Edition:
    """A release: its package, and what that contains.

    `releases` are all releases up to this one, newest first, each with its release notes as Markdown. `known` are the
    sources of cards.yaml; they add the chapters, which a package does not contain. `css` is the style of the cards,
    from this program and not from the package. `address` is the address of the site, with a slash at its end, or ""
    if it is not known. `read` returns the bytes of a picture or sound of the package by its name in Anki; None if it
    has none of that name. `corrections` are the files that learners of earlier releases can import first, by the
    version that they have, newest first; none for a version from which there are none.
    """

    snapshot: Snapshot
    package: Download
    releases: Sequence[tuple[Release, str]]
    css: str
    known: Sequence[Source] = ()
    address: str = ""
    read: Callable[[str], bytes | None] = lambda name: None
    corrections: Mapping[str, Sequence[Sheet]] = field(default_factory=dict)

    @property
    def manifest(self) -> Manifest:
        """The manifest in the package."""
        return self.snapshot.manifest

    @property
    def name(self) -> str:
        """The deck's name in Anki."""
        return self.manifest.title

    @property
    def title(self) -> str:
        """The deck's own name, without the names of its parent decks."""
        return self.name.rpartition("::")[2]

    @property
    def group(self) -> str:
        """The names of its parent decks, or ""."""
        return self.name.rpartition("::")[0].replace("::", " · ")

    @property
    def version(self) -> str:
        """The version of the release."""
        return self.snapshot.version

    @property
    def file(self) -> str:
        """The name of the package with its version, which never means another version."""
        return f"{self.manifest.deck}-{self.version}.apkg"

    @property
    def newest_file(self) -> str:
        """The name of the newest package, the same for every version."""
        return f"{self.manifest.deck}.apkg"

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """All files with corrections."""
        return tuple(sheet for sheets in self.corrections.values() for sheet in sheets)

    @property
    def report(self) -> str:
        """Where to report a mistake in the deck, or "" if no address is given."""
        return self.manifest.feedback.replace("{note}", self.manifest.deck)

    @property
    def description(self) -> str:
        """The author's description as harmless HTML, with what it says to learners about retired notes."""
        return without_media(_harmless(self._description))

    def is_described_by(self, html: str) -> bool:
        """Return whether the author's description in the package is exactly this HTML."""
        return self._description.startswith(html)

    @property
    def _description(self) -> str:
        return without_foot(self.snapshot.decks.get(self.name, ""))

    @property
    def summary(self) -> str:
        """How much is in it, and from which recording. Several titles are not listed, since they may contain commas."""
        match self.sources:
            case ():
                return f"{self.counts}."
            case (source,):
                return f"{self.counts} on {source.title}."
        return f"{self.counts} from {len(self.sources)} recordings."

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
        """The tags that all notes share, without the deck's id before them."""
        common = set.intersection(*(set(note.tags) for note in self.notes)) if self.notes else set()
        prefix = "" if self.manifest.tags_as_written else f"{self.manifest.deck}::"
        return tuple(sorted(tag.removeprefix(prefix) for tag in common))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The recordings as the release names them; if cards.yaml has them, with their present chapters and length."""
        return tuple(_source(number, each, self.known) for number, each in enumerate(self.manifest.sources))

    @cached_property
    def credits(self) -> tuple[tuple[ManifestFile, int], ...]:
        """Whose its pictures and sounds are, as far as that differs from the cards: one file each, and how many are."""
        return credits_of(self.manifest.media.values())

    @property
    def clips(self) -> str:
        """How many clips of the recordings it contains, and how large they are together; "" if it has none."""
        sizes = [file.size for file in self.manifest.media.values() if is_clip(file.path)]
        are = counted(len(sizes), "short clip is", "short clips are")
        return f"{are} included, which cards play: {megabytes(sum(sizes))} of the package." if sizes else ""

    @cached_property
    def timelines(self) -> tuple[Timeline, ...]:
        """The timeline of each recording that notes come from, without its gaps."""
        taken = (_taken(note, self.sources) for note in self.notes)
        return without_gaps(timelines(self.sources, filter(None, taken)))

    def cards(self, note: PackedNote) -> tuple[Card, ...]:
        """Return the cards of a note of the package as harmless HTML, for a page."""
        cards = cards_of(tuple(note.fields.values()), note.cards, self._types[note.type])
        return tuple(replace(each, front=_harmless(each.front), back=_harmless(each.back)) for each in cards)

    @cached_property
    def _types(self) -> dict[int, NoteType]:
        return {number: page_type(_type(packed)) for number, packed in self.snapshot.types.items()}


def _harmless(side: str) -> str:
    return cleaned(with_aligned_cells(side))


def _source(number: int, packed: ManifestSource, known: Sequence[Source]) -> Source:
    """Return a source of a manifest, with the chapters of the known source that has the same address, or title."""
    same = [each for each in known if each.url == packed.url] or [each for each in known if each.title == packed.title]
    return replace(
        same[0] if same else Source(id="", title="", url=""),
        id=f"source-{number}",
        title=packed.title,
        author=packed.author,
        url=packed.url,
        published=date(packed.published) if packed.published else None,
    )


def _taken(note: PackedNote, sources: Sequence[Source]) -> Taken | None:
    """Return which moments a note comes from, according to its fields; None if they do not say."""
    seconds, links = note.fields.get(SECONDS.key, ""), note.fields.get(LINKS.key, "")
    source = sources[0] if seconds and sources else _named_in(links, sources)
    first = [int(seconds)] if _SECONDS.fullmatch(seconds) else []
    further = (moment(link.clock) for link in moment_links(links) if _CLOCK.fullmatch(link.clock))
    moments = [*first, *further]
    if source is None or not moments:
        return None
    return Taken(note.id, source.id, tuple(map(Span, moments)))


def _named_in(links: str, sources: Iterable[Source]) -> Source | None:
    return next((source for source in sources if attribution(name_of_source(source)) in links), None)


def _type(packed: PackedType) -> NoteType:
    """Return a note type with the names that it has in the package, since its templates use them."""
    ours = SHAPES[packed.kind].templates
    return NoteType(
        kind=packed.kind,
        id=packed.number,
        name=packed.name,
        fields=tuple(NoteField(name, 0) for name in packed.fields),
        templates=tuple(
            Template(words, 0, front, back)
            for (words, _, _), front, back in zip(ours, packed.fronts, packed.backs, strict=False)
        ),
        css=packed.css,
    )


def date_of(release: Release) -> datetime.date:
    """Return the day of a release, in UTC."""
    return datetime.datetime.fromtimestamp(release.time, datetime.UTC).date()
