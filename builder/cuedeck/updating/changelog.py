"""CHANGELOG.md of a deck, in the form of Keep a Changelog, with a heading *Cards* in each version.

Where several decks share a folder and with it a changelog, those beside cards.yaml are named in their headings:
`## zoo 1.0.0 - 2026-01-31`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile

from markdown_it import MarkdownIt

_ONLY_DECK = "cards.yaml"
_UNRELEASED = re.compile(r"\[?Unreleased\b", re.IGNORECASE)
_VERSION = re.compile(r"(?:(?P<deck>[a-z0-9-]+) )?\[?v?(?P<version>[0-9]+\.[0-9]+\.[0-9]+)(?![0-9.])")
_CARDS = re.compile(r"Cards\s*$", re.IGNORECASE)
_START = """# Changelog

What changed in the cards, for those who learn with them. A version is major when learners lose progress by it.
"""


@dataclass(frozen=True)
class _Heading:
    """A heading, and the numbers from 0 of its first line and of that behind it."""

    level: int
    text: str
    start: int
    end: int


def name_in_changelog(cards: str, deck: str) -> str:
    """Return what the headings call a deck whose cards file has the name `cards`: nothing where that is cards.yaml."""
    return "" if cards == _ONLY_DECK else deck


def line_of_version(text: str, version: str, deck: str = "") -> int:
    """Return the number from 1 of the line where a changelog has a version of a deck, 0 where it has not."""
    for heading in _headings(text, 2):
        found = _VERSION.match(heading.text)
        if found and found["version"] == version and (found["deck"] or "") == deck:
            return heading.start + 1
    return 0


def with_release(text: str, version: str, day: str, notes: str, deck: str = "") -> str:
    """Return a changelog with a section for a release, `day` being 2026-01-31 and `notes` a Markdown list.

    What stands under *Unreleased* becomes that section, and the notes are added under its *Cards*. With the id of a
    `deck` the section is that of one among several, and stands in front of the others; what is unreleased is not
    touched. An empty text becomes a whole changelog. All line ends are as they were.
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
    """Return what a changelog says under *Cards* of a version of a deck, as Markdown; "" where it says nothing."""
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
    """Return the rest of a section with the notes at the end of what stands under its *Cards*."""
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
    """Return the headings from the second level on, in the order of the text; none that only look like one."""
    return [each for each in _parsed(text) if 2 <= each.level <= deepest]


def _parsed(text: str) -> Iterator[_Heading]:
    # A line end is a line end here, and nothing else is, as in `_parted`.
    tokens = MarkdownIt("commonmark").parse(text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", " "))
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            yield _Heading(int(token.tag[1]), inline.content, *token.map)


def _parted(text: str, line: int | None) -> tuple[str, str]:
    """Return the text before a line, counted from 0, and the rest; all of it and nothing where there is no line."""
    lines = text.split("\n")
    if line is None or line >= len(lines):
        return text, ""
    before = "\n".join(lines[:line])
    return before + "\n" * bool(before), "\n".join(lines[line:])


def _spaced(newline: str, *parts: str) -> str:
    """Return the parts with an empty line between each two, and one line end behind the last."""
    return (newline * 2).join(part.strip("\r\n") for part in parts if part.strip()) + newline
