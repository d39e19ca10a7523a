"""Checks that need several values of a deck at once. Each function checks one thing.

The deck may lack what was reported before. `data` is what the file contains, so that a value that is there but wrong
is not reported as missing.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from itertools import chain, islice, pairwise

from cuedeck.deck.copied import is_address, moment_or_span, same_recording
from cuedeck.deck.deck import Concept, Deck, Note, Source
from cuedeck.deck.keys import declared_keys
from cuedeck.deck.links import link_form
from cuedeck.deck.moments import Span, clock, written
from cuedeck.patterns import regex
from cuedeck.problems import Keys, Locate, Report, in_another_file
from cuedeck.reading.data import Data
from cuedeck.reading.tagchecks import check_tags
from cuedeck.records import dataclass
from cuedeck.wording import did_you_mean, listed, nearest

_MOST_NOTES = 100_000
_MOST_NAMED = 10  # in a hint; more would not help
_PAST_END_HINT = 'correct the moment, or the "length" of the source'
# A time as subtitles have it, without its milliseconds; and these, perhaps with the end of the subtitle.
_WITH_HOURS = regex(r"(?:.*-->\s*)?[0-9]{2}:[0-5][0-9]:[0-5][0-9]")
_MILLISECONDS = regex(r"([0-9]{3})(?:\s*-->.*)?")
_MOST_LIKENED = 50  # names that an unknown one is compared with, since comparing takes time


def cross_check(deck: Deck, data: Data, report: Report, doubled: Iterable[tuple[Concept, Locate]] = ()) -> None:
    """Report all values of a deck, as far as it could be read from `data`, that do not fit together.

    `doubled` are concepts that are not in the deck because another file has their ids, too; each has what finds places
    in its own file.
    """
    _check_notes_are_there(deck, data, report)
    _check_ids(deck, doubled, report)
    _check_addresses(deck, report)
    check_tags(deck.about, data, report)
    for source in deck.sources.values():
        _check_source(source, data, report)
    sources = _at(data, "sources")
    if sources is None or isinstance(sources, dict):
        known = _Sources(dict.fromkeys(filter(None, sources or ())), "" not in (sources or ()), report)
        concepts = _at(data, "concepts")
        for concept in deck.concepts.values():
            _check_concept(deck, concept, known, _at(concepts, concept.id), report)


@dataclass(frozen=True)
class _Sources:
    """The ids of the sources that a deck has; if `are_all` is false, it may have more, in a file that is missing."""

    ids: Collection[str]
    are_all: bool
    report: Report

    def listed(self, at: Keys) -> str:
        """Return the ids, as far as more of them would help, those in the file of a value first."""
        here = self.report.place(at).file
        near = sorted(self.ids, key=lambda each: self._files[each] != here)
        return ", ".join([*near[:_MOST_NAMED], *(["..."] if len(near) > _MOST_NAMED else [])])

    @cached_property
    def _files(self) -> Mapping[str, str]:
        return {id: self.report.place(("sources", id)).file for id in self.ids}


def _check_notes_are_there(deck: Deck, data: Data, report: Report) -> None:
    count = sum(len(concept.notes) for concept in deck.concepts.values())
    if count > _MOST_NOTES:
        report.error(
            "too-many-notes",
            f"the deck has {count:,} notes, but Cuedeck accepts at most {_MOST_NOTES:,}",
            at=("concepts",),
            on="key",
            hint="split it into several decks",
        )
    concepts = _at(data, "concepts")
    if isinstance(concepts, dict) and all(_is_without_notes(concept) for concept in concepts.values()):
        report.error("no-notes", "the deck has no notes", at=("concepts",), on="key", hint="add one under a concept")


def _is_without_notes(concept: Data) -> bool:
    """Whether a concept has no notes, not even under a misspelled key."""
    known = isinstance(concept, dict) and concept.keys() <= declared_keys(Concept).keys()
    return known and _at(concept, "notes") in (None, {})


def _check_ids(deck: Deck, doubled: Iterable[tuple[Concept, Locate]], report: Report) -> None:
    homes: dict[str, tuple[str, Report]] = {}
    free = _FreeIds(deck)
    others = ((concept, report.elsewhere(locate)) for concept, locate in doubled)
    for concept, own in chain(((concept, report) for concept in deck.concepts.values()), others):
        home = concept.id, own
        for note in concept.notes:
            if homes.setdefault(note, home) is home:
                continue
            first, there = homes[note]
            at = _note(concept.id, note)
            also = in_another_file(there.place(_note(first, note)), own.place(at))
            own.error(
                "doubled-id",
                f'the id "{note}" is already used by a note in "{first}"{also}',
                on="key",
                at=at,
                hint=f"give the newer of the two notes another id, such as {free.like(note)}",
            )


def _note(concept: str, id: str) -> Keys:
    return "concepts", concept, "notes", id


class _FreeIds:
    """Finds ids that no note of a deck has, each once."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._last: dict[str, int] = {}

    @cached_property
    def _taken(self) -> Collection[str]:
        return self._deck.notes.keys()

    def like(self, id: str) -> str:
        """Return a free id that is made from another one, which gets a number."""
        number = self._last.get(id, 1) + 1
        while f"{id}-{number}" in self._taken:
            number += 1
        self._last[id] = number
        return f"{id}-{number}"


def _check_addresses(deck: Deck, report: Report) -> None:
    sources: dict[str, str] = {}
    for source in deck.sources.values():
        if source.url and source.url in sources:
            at, other = ("sources", source.id, "url"), sources[source.url]
            there = in_another_file(report.place(("sources", other, "url")), report.place(at))
            report.error(
                "doubled-url",
                f'"{source.id}" has the same address as "{other}"{there}',
                at=at,
                hint="give it its own address; if both are one recording, keep one source and name it in all notes",
            )
        sources.setdefault(source.url, source.id)


def _check_source(source: Source, data: Data, report: Report) -> None:
    keys: Keys = ("sources", source.id)
    # If the address or template was refused, it cannot say how moments are linked.
    if source.url and (source.link or _at(data, *keys, "link") is None):
        try:
            link_form(source.url, source.link, source.opens)
        except ValueError as error:
            report.text_error("no-link", error, at=(*keys, "link" if source.link else "url"))
    for start in source.chapters:
        if source.length is not None and start > source.length:
            report.error(
                "past-end",
                _past_end(Span(start), source),
                at=(*keys, "chapters"),
                hint=_PAST_END_HINT,
                fragment=source.chapters[start],
            )


def _check_concept(deck: Deck, concept: Concept, sources: _Sources, written: Data | None, report: Report) -> None:
    """Check a concept and its notes; `written` is what the file contains under its id."""
    keys: Keys = ("concepts", concept.id)
    has_sources = sources.ids or not sources.are_all
    if concept.at and not has_sources:
        _report_no_source(keys, report)
    _check_milliseconds(_at(written, "at"), (*keys, "at"), report)
    _check_source_is_there(concept.source, sources, keys)
    notes = _at(written, "notes")
    without_moment: list[Note] = []
    without_source: list[Note] = []
    for note in concept.notes.values():
        at = (*keys, "notes", note.id)
        own = _at(notes, note.id)
        if note.at and not has_sources:
            _report_no_source(at, report)
        _check_milliseconds(_at(own, "at"), (*at, "at"), report)
        lacks_source = len(sources.ids) > 1 and not (_is_at(own, "source") or _is_at(written, "source"))
        if lacks_source:
            without_source.append(note)
        if not _check_source_is_there(note.source, sources, at) or not sources.ids or lacks_source:
            continue
        _check_moments(deck, concept, note, sources, _at(own if note.at else written, "at"), report)
        if not (_is_at(own, "at") or _is_at(written, "at")):
            without_moment.append(note)
    _report_no_moments(concept, without_moment, notes, report)
    _report_no_sources(concept, without_source, sources)


def _report_no_sources(concept: Concept, notes: Collection[Note], sources: _Sources) -> None:
    """Report the notes that do not say which source they come from, all at once."""
    if not notes:
        return
    without = [note.id for note in notes]
    keys: Keys = ("concepts", concept.id)
    choice = f"with one of these: {sources.listed(keys)}"
    if len(without) == 1:
        keys = (*keys, "notes", without[0])
        message = f'the note "{without[0]}" does not say which source it comes from'
        hint = f'add "source:" to the note or its concept, {choice}'
    elif len(without) == len(concept.notes):
        message = f'the concept "{concept.id}" does not say which source it comes from, and neither do its notes'
        hint = f'add "source:" to the concept, {choice}; a note from another source needs its own'
    else:
        which = f'{len(without)} notes of the concept "{concept.id}"'
        message = f"{which} do not say which source they come from: {listed(without, 3)}"
        hint = f'add "source:" to the concept, or to each of these notes, {choice}'
    sources.report.error("which-source", message, at=keys, on="key", hint=hint)


def _report_no_moments(concept: Concept, without: Collection[Note], notes: Data | None, report: Report) -> None:
    """Report notes without a moment, all at once if no other `notes` are written in the concept."""
    keys: Keys = ("concepts", concept.id)
    if isinstance(notes, dict) and 1 < len(without) == len(notes):
        report.error(
            "no-moment",
            f'the concept "{concept.id}" has no moment, and neither does any of its notes',
            at=keys,
            on="key",
            hint="add a moment to the concept, such as at: 00:46; a note with a moment of its own does not need it",
        )
        return
    for note in without:
        report.error(
            "no-moment",
            f'the note "{note.id}" has no moment, and neither does its concept',
            at=(*keys, "notes", note.id),
            on="key",
            hint="add a moment to the note or its concept, such as at: 00:46",
        )


def _report_no_source(keys: Keys, report: Report) -> None:
    report.error(
        "no-source",
        "there is a moment here, but the deck has no sources",
        at=(*keys, "at"),
        hint="add the recording under sources:, or remove the moment",
    )


def _check_moments(
    deck: Deck, concept: Concept, note: Note, sources: _Sources, written: Data | None, report: Report
) -> None:
    """Report what is wrong with the moments of a note, its own or its concept's; `written` are these as in the file."""
    named = note.source or concept.source
    is_only = len(sources.ids) == 1 and sources.are_all
    source = deck.sources.get(named) if named else deck.main_source if is_only else None
    if source is None:
        return
    spans = note.at or concept.at
    keys: Keys = ("concepts", concept.id, "notes", note.id, "at") if note.at else ("concepts", concept.id, "at")
    # If an item of the list could not be read, which is reported, the others are taken for those before them.
    for number, span in enumerate(spans):
        place = (*keys, number) if len(spans) > 1 else keys
        _check_address(deck, source, _at(written, number) if isinstance(written, list) else written, place, report)
        if source.length is not None and max(span.start, span.end or 0) > source.length:
            report.error("past-end", _past_end(span, source), at=place, hint=_PAST_END_HINT)


def _check_milliseconds(written: Data | None, at: Keys, report: Report) -> None:
    """Report a time of a subtitle in a list, such as [00:02:25,420], which a comma makes two moments of."""
    items = written if isinstance(written, list) else []
    for number, (before, item) in enumerate(pairwise(items), 1):
        if not (isinstance(before, str) and isinstance(item, str)):
            continue
        rest = _MILLISECONDS.fullmatch(item)
        if rest and "-->" in item and _WITH_HOURS.fullmatch(before):
            report.error(
                "bad-at",
                "the line above a subtitle is cut into pieces here, because a comma separates the items of a list",
                at=(*at, number - 1),
                hint=f'put the whole line in quotes: "{",".join(map(str, items[number - 1 : number + 2]))}"',
            )
            return
        if rest and _WITH_HOURS.fullmatch(before):
            seconds = clock(int(rest[1]))
            report.error(
                "bad-at",
                f'"{rest[1]}" is a moment of its own, {seconds}, because a comma separates the items of a list',
                at=(*at, number),
                hint=f'if it is the milliseconds of "{before}", put the whole time in quotes: "{before},{rest[1]}"\n'
                f"otherwise write it as {seconds}",
            )


def _check_address(deck: Deck, source: Source, address: Data | None, place: Keys, report: Report) -> None:
    """Report a moment that was copied as an address, if that leads to another recording than the source."""
    if not isinstance(address, str) or not is_address(address) or not source.url:
        return
    try:
        start = clock(moment_or_span(address).start)
        if same_recording(address, source.url):
            return
        other = next((each for each in deck.sources.values() if each.url and same_recording(address, each.url)), None)
    except ValueError:  # the reader has reported it
        return
    hint = f'if it is a moment of "{source.id}", write the time alone, such as {start}'
    if other:
        hint = f'if the note comes from there, write "source: {other.id}"; {hint}'
    report.error("bad-at", f'this address does not lead to the source "{source.id}"', at=place, hint=hint)


def _past_end(span: Span, source: Source) -> str:
    return f'{written(span)} is past the end of "{source.id}", which is {clock(source.length or 0)} long'


def _check_source_is_there(named: str, sources: _Sources, keys: Keys) -> bool:
    ids = sources.ids
    if not named or named in ids or not sources.are_all:
        return True
    likely = nearest(named, islice(ids, _MOST_LIKENED))
    hint = did_you_mean(*likely) or (
        f"write the id of a source that the deck has: {sources.listed(keys)}" if ids else "add it under sources:"
    )
    sources.report.error("unknown-source", f'there is no source "{named}"', at=(*keys, "source"), hint=hint)
    return False


def _is_at(data: Data | None, key: str) -> bool:
    """Return whether the file contains something under a key."""
    return _at(data, key) not in (None, [])


def _at(data: Data | None, *keys: str | int) -> Data | None:
    """Return what the file contains under some keys; None if there is nothing."""
    for key in keys:
        if isinstance(data, dict):
            data = data.get(str(key))
        else:
            data = data[key] if isinstance(data, list) and isinstance(key, int) and key < len(data) else None
    return data
