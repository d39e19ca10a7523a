"""CHANGELOG.md of a deck, in the form of Keep a Changelog, with a heading *Cards* in each version.

If several decks share a folder, and so a changelog, the headings of those in other files than cards.yaml name the deck:
`## zoo 1.0.0 - 2026-01-31`.
"""

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from markdown_it import MarkdownIt

from cuedeck.disk.text import CARDS_NAME
from cuedeck.patterns import regex
from cuedeck.records import dataclass

_UNRELEASED = regex(r"\[?Unreleased\b", re.IGNORECASE)
_VERSION = regex(r"(?:(?P<deck>[a-z0-9-]+) )?\[?v?(?P<version>[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9})(?![0-9.])")
_CARDS = regex(r"Cards\s*$", re.IGNORECASE)
_START = """# Changelog

What has changed in the cards, for those who learn with them. A version is major if it costs learners progress.
"""


@dataclass(frozen=True)
class _Heading:
    """A heading, with the numbers (from 0) of its first line and of the line after it."""

    level: int
    text: str
    start: int
    end: int


def name_in_changelog(cards: str, deck: str) -> str:
    """Return the name of a deck in headings, if its file is named `cards`: "" for cards.yaml."""
    return "" if cards == CARDS_NAME else deck


def line_of_version(text: str, version: str, deck: str = "") -> int:
    """Return the number (from 1) of the line with the heading of a version of a deck; 0 if there is none."""
    return next((line for each, line in versions(text, deck) if each == version), 0)


def versions(text: str, deck: str = "") -> Iterator[tuple[str, int]]:
    """Yield each version of a deck that has a heading, with the number (from 1) of its line, from top to bottom."""
    for heading in _headings(text, 2):
        found = _VERSION.match(heading.text)
        if found and (found["deck"] or "") == deck:
            yield found["version"], heading.start + 1


def with_release(text: str, version: str, day: str, notes: str, deck: str = "") -> str:
    """Return a changelog with a section for a release; `day` is like 2026-01-31, and `notes` is a Markdown list.

    The section *Unreleased* becomes that section, and the notes are added under its *Cards*. With the id of a `deck`,
    which is one of several, a new section is put before the others, and *Unreleased* is not touched. An empty text
    becomes a whole changelog. All line ends stay as they were.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text or _START
    notes = notes.replace("\n", newline)
    title = f"## {deck}{' ' * bool(deck)}{version} - {day}"
    cards = newline * 2 + notes
    headings = _headings(text, 2)
    unreleased = next((each for each in headings if _UNRELEASED.match(each.text)), None)
    if unreleased is None or deck:
        first = next((each.start for each in headings if _VERSION.match(each.text)), None)
        head, rest = _parted(text, first)
        return _spaced(newline, head, f"{title}{newline * 2}### Cards{cards}", rest)
    following = next((each.start for each in headings if each.start > unreleased.start), None)
    head, rest = _parted(text, unreleased.end)
    section, rest = _parted(rest, None if following is None else following - unreleased.end)
    return _spaced(newline, head, title, _with_cards(newline, section, notes), rest)


def notes_of(text: str, version: str, deck: str = "") -> str:
    """Return what a changelog says under *Cards* about a version of a deck, as Markdown; "" if it says nothing."""
    line = line_of_version(text, version, deck)
    if line == 0:
        return ""
    headings = [each for each in _headings(text, 3) if each.start >= line]
    section = list(takewhile(lambda each: each.level > 2, headings))
    cards = next((number for number, each in enumerate(section) if _CARDS.match(each.text)), None)
    if cards is None:
        return ""
    following = next((each.start for each in headings if each.start > section[cards].start), None)
    own, _ = _parted(text, following)
    return _parted(own, section[cards].end)[1].strip()


def _with_cards(newline: str, section: str, notes: str) -> str:
    """Return the rest of a section, with the notes added at the end of its *Cards*."""
    headings = _headings(section, 3)
    cards = next((each for each in headings if _CARDS.match(each.text)), None)
    if cards is None:
        return _spaced(newline, f"### Cards{newline * 2}{notes}", section)
    following = next((each.start for each in headings if each.start > cards.start), None)
    own, rest = _parted(section, following)
    head, own = _parted(own, cards.end)
    own = own.strip()
    return _spaced(newline, head, f"{own}{newline}{notes}" if own else notes, rest)


def _headings(text: str, deepest: int) -> list[_Heading]:
    """Return the headings from the second level on, in the order of the text, without lines that only look like one."""
    return [each for each in _parsed(text) if 2 <= each.level <= deepest]


def _parsed(text: str) -> Iterator[_Heading]:
    # Lines end here exactly as in `_parted`.
    tokens = MarkdownIt("commonmark").parse(text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", " "))
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            yield _Heading(int(token.tag[1]), inline.content, *token.map)


def _parted(text: str, line: int | None) -> tuple[str, str]:
    """Return the text before a line, counted from 0, and the rest; if there is no such line, all of it and ""."""
    lines = text.split("\n")
    if line is None or line >= len(lines):
        return text, ""
    before = "\n".join(lines[:line])
    return before + "\n" * bool(before), "\n".join(lines[line:])


def _spaced(newline: str, *parts: str) -> str:
    """Return the parts with an empty line between each two, and one line end after the last."""
    return (newline * 2).join(part.strip("\r\n") for part in parts if part.strip()) + newline
