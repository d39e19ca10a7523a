"""Find the moments of notes: in addresses with a time, and in fields that are named for times; never in free text."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from cuedeck.deck import addresses
from cuedeck.deck.addresstimes import NAMES, without_parameters
from cuedeck.deck.links import link_form
from cuedeck.deck.moments import span
from cuedeck.entities import unescape
from cuedeck.importing.foreign import ForeignDeck, ForeignNote
from cuedeck.patterns import regex
from cuedeck.rendering.plain import plain

_ADDRESS = regex(r"https?://[^\s\"'<>]{1,1000}")
_FIELDS = frozenset(("time", "timestamp", "timecode", "moment", "start", "at"))
_IN_FRAGMENT = regex(r"t=([0-9hms:.]+)")


def with_moments(deck: ForeignDeck, source: str) -> ForeignDeck:
    """Return a deck in which each note has its moment and recording, if all notes say both; else the deck as it is.

    `source` is the address of the recording of all notes that name none, "" if it is not known.
    """
    if deck.namespace or any(note.at for note in deck.notes):
        return deck
    found = [_placed(note, source) for note in deck.notes]
    placed = [note for note in found if note]
    if placed and len(placed) == len(deck.notes):
        return replace(deck, notes=tuple(placed))
    if placed:
        remark = (
            f"{len(placed):,} of {len(deck.notes):,} notes say a moment of a recording; since every note of a deck "
            "with a recording needs one, none was taken over"
        )
        return replace(deck, remarks=(*deck.remarks, remark))
    return deck


def _placed(note: ForeignNote, source: str) -> ForeignNote | None:
    """Return a note with the moment that it says; None if it says none, or several."""
    linked = {*_linked(note)}
    if len(linked) == 1:
        ((url, at),) = linked
        return replace(note, source=url, at=(at,))
    times = {plain(text) for name, text in note.texts.items() if name.strip().casefold() in _FIELDS and text.strip()}
    if not linked and len(times) == 1 and source and _is_moment(at := times.pop()):
        return replace(note, source=source, at=(at,))
    return None


def _linked(note: ForeignNote) -> Iterator[tuple[str, str]]:
    """Yield the recordings to whose moments a note links, each with its moment."""
    for html in note.texts.values():
        for found in _ADDRESS.finditer(unescape(html)) if "://" in html else ():
            try:
                parts = urlsplit(found[0])
                url = _without_time(found[0])
                link_form(addresses.address(url), "", "")
            except ValueError:
                continue
            given = dict(parse_qsl(parts.query))
            values = [given[name] for name in NAMES if name in given] + _IN_FRAGMENT.findall(parts.fragment)
            yield from ((url, at) for at in values[:1] if _is_moment(at))


def _without_time(url: str) -> str:
    parts = urlsplit(url)
    fragment = "" if _IN_FRAGMENT.fullmatch(parts.fragment) else parts.fragment
    return urlunsplit(parts._replace(query=without_parameters(parts.query, ()), fragment=fragment))


def _is_moment(text: str) -> bool:
    try:
        span(text)
    except ValueError:
        return False
    return True
