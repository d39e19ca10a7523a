"""Turn the notes of a deck into the fields that Anki gets, and into the digests that show which notes changed."""

import contextlib
import hashlib
import json
import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from operator import is_
from typing import Any, NamedTuple

from cuedeck.deck.deck import About, ClozeNote, Concept, Deck, Note, QuestionNote
from cuedeck.deck.kinds import Kind
from cuedeck.deck.placement import PlacedNote, placed_in, titles_of
from cuedeck.media.clips import wanted_clip
from cuedeck.media.files import Find, MediaFile, no_file
from cuedeck.problems import Keys, Place, Report, TextError
from cuedeck.records import dataclass
from cuedeck.rendering.content import MOMENT, TITLE, content_of, earlier_ends, is_revised_in, new_marks
from cuedeck.rendering.embedded import Embedded, renamed
from cuedeck.rendering.literal import plain_to_html
from cuedeck.rendering.markdown import cloze_to_html, shows_something, to_html
from cuedeck.rendering.notefields import (
    CLIP,
    CONCEPT,
    NOTE_ID,
    REVERSE,
    SECONDS,
    TEXT,
    fields_of,
    place_of,
)
from cuedeck.rendering.originmarkup import player
from cuedeck.rendering.origins import Origin, Origins
from cuedeck.rendering.ownreverse import SWAPPED, own_reverse
from cuedeck.rendering.results import ClozeText, Seen
from cuedeck.rendering.unmarked import PLAIN_MARKS

# Without the search for circles, of which there are none, this takes half of the time.
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode

# The fields of each kind that contain only Markdown. A text with deletions is more than that.
_TEXTS = {kind: tuple(each for each in fields_of(kind) if each.filled_by and each is not TEXT) for kind in Kind}

# The fields of each kind by their keys, in their order, all empty.
_EMPTY = {kind: {field.key: "" for field in fields_of(kind)} for kind in Kind}
_TEXT_AT = place_of(TEXT, Kind.CLOZE)

_BLANK = (
    r'write some words; if the card should show only "-", "*", "#" or "1.", which is markup in Markdown, '
    r"write \-, \*, \# or 1\."
)


class Use(NamedTuple):
    """A picture or sound of a note.

    `words` say what it shows, or how it sounds. `key` leads from the note to the text that names it. Both are empty for
    a clip of the recording, which no text names.
    """

    file: MediaFile
    words: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenderedNote:
    """A note as Anki gets it.

    `id` is the author's. `fields` are in the order of the note type, `cards` are the ordinals of its cards, from 0, and
    `content` is the digest of what it shows. `earlier` are the digests that the same note got from earlier versions of
    the program, which rendered a mark in it differently; nearly all notes have none. `former` is the same note with the
    sign before its links that an earlier rule gave it; None for nearly all notes. `uses` are its pictures and sounds:
    those of the second card's own texts come after the others, and its `clip`, a passage of the recording, comes last.
    Notes without one have None there.
    """

    id: str  # also in `placed`, but it is asked for all the time
    placed: PlacedNote
    fields: tuple[str, ...]
    cards: tuple[int, ...]
    content: str
    earlier: tuple[str, ...] = ()
    former: "RenderedNote | None" = None
    uses: tuple[Use, ...] = ()
    clip: MediaFile | None = None

    @property
    def kind(self) -> Kind:
        """The kind of its note type."""
        return self.placed.note.kind

    @property
    def tags(self) -> tuple[str, ...]:
        """All of its tags, including those of its concept and deck."""
        return self.placed.tags

    @property
    def deck(self) -> str:
        """The full name of its deck in Anki."""
        return self.placed.deck

    @property
    def keys(self) -> Keys:
        """The path of keys to the note in cards.yaml."""
        return self.placed.keys

    @property
    def was(self) -> str:
        """The id that it had before; "" for most."""
        return self.placed.note.was

    @property
    def guid(self) -> str:
        """The guid that another tool gave it; "" for most."""
        return self.placed.note.guid

    @property
    def files(self) -> tuple[MediaFile, ...]:
        """The pictures and sounds in it, as often as its texts name them, and its clip."""
        return tuple(use.file for use in self.uses) if self.uses else ()

    def is_known_as(self, content: str) -> bool:
        """Return whether a digest is that of this note, from this version of the program or an earlier one."""
        return content == self.content or content in self.earlier

    @property
    def fields_by_key(self) -> dict[str, str]:
        """The fields by their keys."""
        return dict(zip(_EMPTY[self.kind], self.fields, strict=True))

    def file_at(self, path: str) -> MediaFile:
        """Return the picture or sound of this note at a path, as its texts name it."""
        return next(each for each in self.files if each.path == posixpath.normpath(path))

    @property
    def text(self) -> str:
        """The HTML of the text with deletions; "" for a question."""
        return self.fields[_TEXT_AT] if self.kind == Kind.CLOZE else ""


@dataclass(frozen=True, slots=True)
class _Sides:
    """The fields of a note that are more than Markdown, by key, and the ordinals of its cards."""

    fields: Mapping[str, str]
    cards: tuple[int, ...]


NotesOf = dict[str, tuple[Concept, list[RenderedNote]]]
"""The notes of concepts, by the ids of these."""


class RenderedBefore:
    """The notes of a deck as they were rendered last, for callers who render it again after each edit.

    A concept that is the same object as before, in a deck that is otherwise as before, has the same notes. That does
    not hold if something in them was reported, or if files on the disk are among them.
    """

    def __init__(self) -> None:
        self._shared: tuple[object, ...] = ()
        self._notes: NotesOf = {}

    def in_deck(self, deck: Deck) -> NotesOf:
        """Return the notes that are known; none if what all concepts of a deck have in common is not as before."""
        shared = _shared(deck)
        is_same = len(shared) == len(self._shared) and all(map(is_, shared, self._shared))
        return self._notes if is_same else {}

    def remember(self, deck: Deck, notes: NotesOf) -> None:
        """Remember the notes of all concepts of a deck in which nothing was reported."""
        self._shared = _shared(deck)
        self._notes = {
            id: (concept, each)
            for id, (concept, each) in notes.items()
            if not any(note.uses or wanted_clip(note.placed) for note in each)
        }


def _shared(deck: Deck) -> tuple[object, ...]:
    return deck.about, deck.main, *deck.sources.values()


def render_notes(
    deck: Deck, report: Report, find: Find = no_file, before: RenderedBefore | None = None
) -> list[RenderedNote]:
    """Return every note as Anki gets it, in the order of the file. Texts that cannot be rendered are reported.

    `find` finds the file of a picture or sound. `before` is what was rendered last, and learns what is rendered now.
    """
    known = before.in_deck(deck) if before else {}
    rendered: NotesOf = {}
    found: list[RenderedNote] = []
    render = _Renderer(deck, report, find)
    for concept in deck.concepts.values():
        same, notes = known.get(concept.id, (None, []))
        reported = len(report.problems)
        if same is not concept:
            notes = [*render.concept(concept)]
        if len(report.problems) == reported:
            rendered[concept.id] = concept, notes
        found += notes
    if before:
        before.remember(deck, rendered)
    return found


def render_notes_of(deck: Deck, sources: Collection[str], find: Find) -> list[RenderedNote]:
    """Return the notes from the sources with some ids; what is wrong in them was reported before."""
    render = _Renderer(deck, Report(lambda *_: Place("")), find)
    return [note for concept in deck.concepts.values() for note in render.concept(concept, sources)]


class _Renderer:
    """Renders the notes of a deck, one concept after the other, and reports what it cannot render."""

    def __init__(self, deck: Deck, report: Report, find: Find) -> None:
        self._deck = deck
        self._report = report
        self._find = find
        self._origins = Origins(deck)
        self._titles = titles_of(deck)
        self._parsed_only = not is_revised_in(PLAIN_MARKS)

    def concept(self, concept: Concept, sources: Collection[str] | None = None) -> Iterator[RenderedNote]:
        """Yield the notes of a concept, or only those from some sources."""
        for placed in placed_in(concept, self._deck, self._titles):
            if sources is None or (placed.source and placed.source.id in sources):
                texts = _Texts(placed, self._deck.about, self._report, self._find, self._parsed_only)
                if note := texts.rendered(self._origins.of(placed)):
                    yield note


class _Texts:
    """Renders the texts of one note, and reports those that it cannot render."""

    def __init__(self, placed: PlacedNote, about: About, report: Report, find: Find, parsed_only: bool) -> None:
        self._placed = placed
        self._about = about
        self._report = report
        self._find = find
        self._can_be_made = True
        self._seen = Seen(new_marks(), parsed_only=parsed_only, find=find)
        self._named: dict[tuple[str, ...], str] = {}
        self._uses: list[Use] = []

    def rendered(self, origin: Origin) -> RenderedNote | None:
        placed, note = self._placed, self._placed.note
        sides = self._sides(note)
        texts = {each.key: self._html(getattr(note, each.filled_by), each.filled_by) for each in _TEXTS[note.kind]}
        foot = {CONCEPT.key: plain_to_html(placed.concept.title), NOTE_ID.key: note.id}
        if not self._can_be_made:
            return None
        marks = self._seen.marks
        if marks is not None:
            marks |= {TITLE, MOMENT} if SECONDS.key in origin.fields else {TITLE}
        # What the digest is made of has the names of files in place of their paths.
        named = replace(placed, note=self._with_names(note)) if self._named else placed
        clip = self._clip()
        first, later = content_of(named, self._about, marks, clip.name if clip else "")
        # The second card's own texts are rendered first, but come after the others.
        uses = sorted(self._uses, key=lambda use: use.key[0] == "reverse")
        uses += [Use(clip, "", ())] if clip else []
        earlier = tuple(earlier_ends(later, marks)) if later else ()
        played = {CLIP.key: player(clip.name)} if clip else {}

        def from_origin(origin: Origin) -> RenderedNote:
            fields = {**_EMPTY[note.kind], **sides.fields, **texts, **foot, **origin.fields, **played}
            return RenderedNote(
                id=note.id,
                placed=placed,
                fields=tuple(fields.values()),
                cards=sides.cards,
                content=digest(*first, origin.content, *later),
                earlier=tuple(digest(*first, origin.content, *each) for each in earlier),
                former=from_origin(origin.former) if origin.former else None,
                uses=tuple(uses),
                clip=clip,
            )

        return from_origin(origin)

    def _clip(self) -> MediaFile | None:
        """Return the clip of the note; None if there is none that learners can have, which `check_clips` reports."""
        if path := wanted_clip(self._placed):
            with contextlib.suppress(TextError):
                return self._find(path)
        return None

    def _sides(self, note: Note) -> _Sides:
        match note:
            case QuestionNote():
                if not (note.q and note.a):  # the reader has reported it
                    self._can_be_made = False
                return _Sides({REVERSE.key: self._reverse(note)}, (0, 1) if note.reverse else (0,))
            case ClozeNote():
                text = self._cloze(note.cloze)
                cards = tuple(number - 1 for number in sorted(text.numbers))
                return _Sides({TEXT.key: text.html}, cards)
            case _:
                raise AssertionError(note)

    def _reverse(self, note: QuestionNote) -> str:
        own = note.own_reverse
        if own is None:
            return SWAPPED if note.reverse else ""
        if not (own.q and own.a):  # the reader has reported it
            self._can_be_made = False
        return own_reverse(self._html(own.q, "reverse", "q"), self._html(own.a, "reverse", "a"))

    def _html(self, text: str, *key: str) -> str:
        """Return the HTML of a Markdown text; `key` leads to it from the note."""
        if not text:
            return ""
        try:
            html = to_html(text, self._seen)
        except TextError as error:
            return self._unfit(error, *key)
        if not shows_something(html):
            return self._unfit(TextError("the text shows nothing on a card", _BLANK, rule="blank"), *key)
        self._report_misread(*key)
        self._keep_files(text, *key)
        return html

    def _cloze(self, text: str) -> ClozeText:
        if not text:  # the reader has reported it
            self._can_be_made = False
            return ClozeText("", frozenset())
        try:
            html = cloze_to_html(text, self._seen)
        except TextError as error:
            return ClozeText(self._unfit(error, "cloze"), frozenset())
        self._report_misread("cloze")
        self._keep_files(text, "cloze")
        return html

    def _keep_files(self, text: str, *key: str) -> None:
        """Keep the pictures and sounds of a text that was just rendered."""
        if found := [*self._seen.files]:
            self._seen.files.clear()
            self._named[key] = renamed(text, found)
            self._uses += [Use(each.file, each.words, key) for each in found]
            self._refuse_hidden_sounds(found, *key)

    def _refuse_hidden_sounds(self, found: Iterable[Embedded], *key: str) -> None:
        """Report sounds of a text that a second card with its own texts hides, since Anki would play them there."""
        note = self._placed.note
        if key[0] == "extra" or not (isinstance(note, QuestionNote) and note.own_reverse):
            return
        for each in found:
            if each.file.kind == "sound":
                hint = "put it into extra, or write the two cards as two notes"
                message = "with reverse: {q, a}, Anki would play this sound on both cards, also where it is not shown"
                self._unfit(TextError(message, hint, each.markup, "sound-in-reverse"), *key)

    def _with_names(self, note: Note) -> Note:
        """Return the note with the names of its files in place of their paths, as its digest knows them."""
        texts: dict[str, Any] = {key[0]: text for key, text in self._named.items() if len(key) == 1}
        own = {key[1]: text for key, text in self._named.items() if len(key) > 1}
        if own and isinstance(note, QuestionNote) and note.own_reverse:
            texts["reverse"] = replace(note.own_reverse, **own)
        return replace(note, **texts)

    def _report_misread(self, *key: str) -> None:
        for error in self._seen.misread:
            self._report.text_error("bad-text", error, at=(*self._placed.keys, *key), can_be_made=True)
        self._seen.misread.clear()

    def _unfit(self, error: TextError, *key: str) -> str:
        self._seen.misread.clear()
        self._seen.files.clear()
        self._can_be_made = False
        self._report.text_error("bad-text", error, at=(*self._placed.keys, *key))
        return ""


def have_pictures(notes: Iterable[RenderedNote]) -> bool:
    """Return whether one of these notes has a picture, which gives both note types of their deck another style."""
    return any(file.kind == "picture" for note in notes for file in note.files)


def digest(*values: object) -> str:
    """Return a short hash of plain values, which shows whether they changed: 20 hexadecimal digits."""
    # A deck with errors may have half of a character somewhere; it is never built.
    return hashlib.sha256(_ENCODE(values).encode(errors="surrogatepass")).hexdigest()[:20]
