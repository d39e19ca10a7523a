"""The preview of a deck: one page with the timeline, every card, and all that is known about each note."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache
from html import escape
from typing import Any

from cuedeck.deck.deck import Deck
from cuedeck.deck.kinds import Kind
from cuedeck.deck.links import LinkForm, link_form
from cuedeck.deck.moments import clock
from cuedeck.deck.placement import PlacedNote, note_at, tag_prefix
from cuedeck.history.stamping import STATUSES, StampedNote
from cuedeck.media.files import MediaFile
from cuedeck.pages.assets import asset
from cuedeck.pages.cardsides import cards_of, for_page, page_type
from cuedeck.pages.drawing import passage_id, strip_svg, timeline_svg
from cuedeck.pages.media import NO_MEDIA, PageMedia, set_media
from cuedeck.pages.page import Page, body_of, data_element, document, for_data
from cuedeck.pages.styles import card_style
from cuedeck.pages.table import covered, end_unknown, note_count, summary, summary_of_course
from cuedeck.pages.timeline import Timeline, timelines_of
from cuedeck.problems import Place, Problem, how_to_fix
from cuedeck.recording.listening import Transcripts
from cuedeck.records import dataclass
from cuedeck.remembering import remembered
from cuedeck.rendering.fields import RenderedNote
from cuedeck.rendering.notetypes import NoteType
from cuedeck.updating.hazards import how_to_accept
from cuedeck.wording import counted, megabytes

# The name of a file, from which the script of the page makes its address: a data URI in both sides of each card that
# has a picture would be too much.
_FILE = "data-file"


@dataclass(frozen=True)
class Before:
    """The pictures that learners have, and that a deck has replaced by others.

    `title` says where they are from, such as "1.0.0". `pairs` are their names in Anki, each with that of the picture
    that replaces it, by the ids of the notes. `addresses` are data URIs of the earlier ones, by name.
    """

    title: str
    pairs: Mapping[str, Sequence[tuple[str, str]]]
    addresses: Mapping[str, str]


@dataclass(frozen=True)
class Preview:
    """All that a preview shows: a valid deck, its notes, the places of their keys, and warnings and advice.

    The file of a place is named from the folder of the deck.

    `drafts` are sentences on what happens to people who imported a draft. `media` is where the page gets its pictures
    and sounds from. `before` are pictures that have changed, None if none has. `transcripts` are only for a page that
    follows edits, and so is what was found with them.
    """

    deck: Deck
    types: Mapping[str, NoteType]
    notes: Sequence[StampedNote]
    places: Mapping[str, Place]
    problems: Sequence[Problem]
    drafts: Sequence[str] = ()
    media: PageMedia = NO_MEDIA
    before: Before | None = None
    transcripts: Transcripts = field(default_factory=lambda: Transcripts(None))

    @property
    def for_others(self) -> "Preview":
        """All that a page may show which is kept or sent."""
        problems = [problem for problem in self.problems if not problem.is_local]
        return replace(self, problems=problems, transcripts=Transcripts(None))

    @property
    def files(self) -> dict[str, MediaFile]:
        """The pictures and sounds on its cards, by their names in Anki."""
        return {file.name: file for note in self.notes for file in note.rendered.files}


def preview_page(preview: Preview, errors: Sequence[Problem] = (), live: bool = False) -> bytes:
    """Return the page. `errors` prevent a later edit from being shown; `live` makes the page follow edits."""
    return document(_page_of(preview if live else preview.for_others, errors, live))


def problems_page(errors: Sequence[Problem], live: bool = False) -> bytes:
    """Return a page for a deck that has never been valid: it shows the errors."""
    body = f'<main class="page">{_errors(errors, "There is nothing to show yet.")}</main>'
    scripts = [asset("live.js")] if live else []
    return document(Page("Cuedeck preview", body, _styles(), scripts, live=live))


def _styles() -> list[str]:
    return [asset("page.css"), asset("preview.css")]


def _page_of(preview: Preview, errors: Sequence[Problem], live: bool) -> Page:
    placed = (note.rendered.placed for note in preview.notes)
    lines = [line.weighed(preview.transcripts.spoken(line.source)) for line in timelines_of(preview.deck, placed)]
    about = preview.deck.about
    extras, follows = (["said.js"], ["live.js"]) if live else ([], [])
    names = ["cards.js", "notes.js", *extras, "filters.js", "keys.js", *follows]
    filled = {
        "title": escape(about.title.replace("::", " · ")),
        "summary": escape(_summary(preview.notes)),
        "errors": _errors(errors, "Below is the last version without errors.") if errors else "",
        "notices": _outside(preview.media) + _notices(preview.problems) + _drafts(preview.drafts),
        "timelines": _course(lines) if len(lines) > 1 else "".join(map(_timeline, lines)),
    }
    body = body_of("preview.html", filled)
    return Page(
        f"{about.title}: preview",
        body,
        _styles(),
        [*map(asset, names)],
        _data(preview, lines),
        live,
        pictures=preview.media.pictures,
        sounds=preview.media.sounds,
    )


def not_in_the_page(media: PageMedia) -> str:
    """Return a sentence on the pictures and sounds that are not in a page; "" if all are."""
    if not (files := media.outside):
        return ""
    what = counted(len(files), "picture or sound", "pictures and sounds")
    size = megabytes(sum(file.size for file in files))
    verb, them = ("is", "it") if len(files) == 1 else ("are", "them")
    return (
        f"{what} ({size}) {verb} not in this page, which would be too large to send. The page takes {them} from the "
        f"folder of the deck, so whoever gets only the page does not get {them}."
    )


def _outside(media: PageMedia) -> str:
    said = not_in_the_page(media)
    return f'<p class="problems">{escape(said)}</p>' if said else ""


def _summary(notes: Sequence[StampedNote]) -> str:
    cards = sum(len(note.rendered.cards) for note in notes)
    counts = Counter(note.status for note in notes)
    parts = ", ".join(f"{counts[status]:,} {status}" for status in STATUSES if counts[status])
    # With no package before, there is nothing to compare with.
    since = f" Since the last package: {parts or 'nothing'}." if counts["new"] < len(notes) else ""
    return f"{counted(len(notes), 'note')}, {counted(cards, 'card')}.{since}"


def _errors(errors: Sequence[Problem], then: str) -> str:
    head = f"There are {len(errors)} errors." if len(errors) != 1 else "There is an error."
    said = "".join(f"<p>{escape(words)}</p>" for words in (how_to_fix(errors), how_to_accept(errors)) if words)
    return f'<section class="problems errors" role="alert"><h2>{head}</h2><p>{then}</p>{_list(errors)}{said}</section>'


def _notices(problems: Sequence[Problem]) -> str:
    """Return the warnings and advice that are not about a single note."""
    others = [problem for problem in problems if not note_at(problem.keys)]
    if not others:
        return ""
    words = counted(len(others), "remark") + " about the deck as a whole"
    return f'<details class="problems"><summary>{words}</summary>{_list(others)}</details>'


def _drafts(drafts: Sequence[str]) -> str:
    """Return what happens to people who imported a draft."""
    if not drafts:
        return ""
    head = "<summary>If you have imported a draft yourself</summary>"
    items = "".join(f"<li>{escape(each)}</li>" for each in drafts)
    return f'<details class="problems" open>{head}<ul>{items}</ul></details>'


def _list(problems: Iterable[Problem]) -> str:
    return f"<ul>{''.join(map(_problem, problems))}</ul>"


def _problem(problem: Problem) -> str:
    hint = f'<span class="hint">{escape(problem.hint)}</span>' if problem.hint else ""
    where = f'<span class="place">{escape(str(problem.place))}</span> <span class="rule">{escape(problem.rule)}</span>'
    return f"<li>{where} <span>{escape(problem.message)}</span>{hint}{_fix(problem)}</li>"


def _fix(problem: Problem) -> str:
    """Return what is in the file and what to write instead, if that is certain."""
    if not (fix := problem.fix):
        return ""
    return f'<span class="fix"><del>{escape(fix.old)}</del> → <ins>{escape(fix.new)}</ins></span>'


def _timeline(line: Timeline) -> str:
    passages = "".join(
        f'<li{"" if passage.notes else " class=none"}><a href="#{passage_id(line, passage)}">'
        f'<span class="clock">{clock(passage.start)}</span> <span>{escape(passage.name)}</span> '
        f'<span class="count">{len(passage.notes) or "no notes"}</span></a></li>'
        for passage in line.passages
    )
    open_end = f'<p class="quiet">{escape(end_unknown(line))}</p>' if not line.whole else ""
    kind = "Chapters" if line.source.chapters else "Passages (equal parts, since the source has no chapters)"
    listed = f'<details><summary>{kind}</summary><ol class="passages">{passages}</ol></details>'
    return (
        f'<section class="recording"><h2>{escape(line.source.title)}</h2><p class="quiet">{escape(summary(line))}</p>'
        f"{timeline_svg(line)}{open_end}{listed}</section>"
    )


def _course(lines: Sequence[Timeline]) -> str:
    """Return the list of recordings. The timeline of one waits in a template until it is chosen."""
    rows = "".join(map(_row, lines))
    waiting = "".join(f'<template id="{_timeline_id(line)}">{_timeline(line)}</template>' for line in lines)
    return (
        f'<section class="course"><h2>{counted(len(lines), "recording")}</h2>'
        f'<p class="quiet">{escape(summary_of_course(lines))}</p>'
        f'<ol class="recordings">{rows}</ol>{waiting}<div id="chosen-recording"></div></section>'
    )


def _timeline_id(line: Timeline) -> str:
    return f"timeline-{line.source.id}"


def _row(line: Timeline) -> str:
    style = "" if line.notes else ' class="none"'
    return (
        f'<li{style}><button type="button" aria-pressed="false" data-recording="{line.source.id}">'
        f"<span>{escape(line.source.title)}</span> {strip_svg(line)} "
        f'<span class="count">{note_count(line)}</span> <span class="count">{covered(line)}</span></button></li>'
    )


def _data(preview: Preview, lines: Sequence[Timeline]) -> Iterator[bytes]:
    data = {
        "style": card_style(preview.types[Kind.QA].css),
        "concepts": {concept.id: concept.title for concept in preview.deck.concepts.values()},
        "kinds": {kind: kind.words.capitalize() for kind in Kind},
        "groups": _groups(preview, lines),
        "media": {**preview.media.addresses, **(preview.before.addresses if preview.before else {})},
        "before": preview.before.title if preview.before else "",
        # Changes with the transcripts, so that browsers are notified.
        "said": preview.transcripts.fingerprint(preview.deck),
    }
    return data_element(data, "notes", _notes(preview))


def _notes(preview: Preview) -> Iterator[tuple[str, bytes]]:
    """Yield the id of each note with all that the page shows about it, as JSON."""
    forms = {each.id: link_form(each.url, each.link, each.opens) for each in preview.deck.sources.values()}
    makers = {kind: _card_maker(type) for kind, type in preview.types.items()}
    remarks = defaultdict(list)
    for problem in preview.problems:
        fix = (problem.fix.old, problem.fix.new) if problem.fix else None
        remarks[note_at(problem.keys)].append((problem.level, problem.rule, problem.message, problem.hint, fix))
    for note in preview.notes:
        id = note.known.id
        place = preview.places[id]
        about = {
            **_facts(note.rendered.placed, forms, tag_prefix(preview.deck.about)),
            "line": f"{place.file}:{place.line}",
            "status": note.status,
            "remarks": remarks[id],
            "pictures": preview.before.pairs.get(id, ()) if preview.before else (),
        }
        yield id, for_data(about, cards=_cards(note.rendered, makers))


def _facts(placed: PlacedNote, forms: Mapping[str, LinkForm], prefix: str) -> dict[str, Any]:
    """Return what the author wrote about a note: kind, concept, tags without the prefix, and moments."""
    form = forms[placed.source.id] if placed.source else None
    starts = [span.start for span in placed.moments]
    return {
        "kind": placed.note.kind,
        "concept": placed.concept.id,
        "tags": [tag.removeprefix(prefix) for tag in placed.tags],
        "moments": [(f"{form.mark} {clock(start)}", form.at(start)) for start in starts] if form else [],
    }


CardMaker = Callable[[tuple[str, ...], tuple[int, ...], tuple[tuple[str, str], ...]], bytes]
"""Makes what a page shows of a note's cards from its fields, its cards' ordinals, and the words of its files by name:
of each card its name, ordinal, front and back, as JSON."""


# A page that follows edits has only two note types at a time.
@lru_cache(maxsize=2)
def _card_maker(type: NoteType) -> CardMaker:
    """Return what makes the cards of a note type, and remembers them."""
    shown_as = page_type(type)

    @remembered
    def made(fields: tuple[str, ...], ordinals: tuple[int, ...], words: tuple[tuple[str, str], ...]) -> bytes:
        cards = [
            (
                card.name,
                card.ordinal,
                *(set_media(for_page(side), _FILE, words=dict(words)) for side in (card.front, card.back)),
            )
            for card in cards_of(fields, ordinals, shown_as)
        ]
        return for_data(cards)

    return made


def _cards(note: RenderedNote, makers: Mapping[str, CardMaker]) -> bytes:
    words = tuple((use.file.name, use.words) for use in note.uses)
    return makers[note.kind](note.fields, note.cards, words)


def _groups(preview: Preview, lines: Sequence[Timeline]) -> list[dict[str, Any]]:
    """Return the ids of notes under headings: by recording and passage, or by concept if there is no recording."""
    if not lines:
        notes = defaultdict(list)
        for note in preview.notes:
            notes[note.rendered.placed.concept.id].append(note.known.id)
        sections = [
            {"id": f"at-{concept.id}", "title": concept.title, "clock": "", "words": "", "notes": notes[concept.id]}
            for concept in preview.deck.concepts.values()
        ]
        return [{"id": "", "title": "", "sections": sections}]
    return [{"id": line.source.id, "title": line.source.title, "sections": list(_sections(line))} for line in lines]


def _sections(line: Timeline) -> Iterator[dict[str, Any]]:
    for passage in line.passages:
        words = ""
        if not passage.notes:
            words = "No note comes from this passage."
        elif not passage.first:
            words = f"Also covered by {counted(len(passage.notes), 'note')} listed under other passages."
        yield {
            "id": passage_id(line, passage),
            "title": passage.name,
            "clock": clock(passage.start),
            "words": words,
            "gap": not passage.notes,
            "notes": passage.first,
        }
