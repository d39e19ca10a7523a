"""Read the templates of another tool: which fields a side of a card shows, and in which words of its own."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from html import escape
from typing import NamedTuple

from cuedeck.importing.blocks import DISPLAY, FORMULA, PICTURE, SOUND, Pieces, lines_of
from cuedeck.importing.richtext import read_html
from cuedeck.importing.styles import hides_itself
from cuedeck.patterns import regex

HELD_BACK = ("type", "hint")
"""The filters of fields that a front does not give away: what is typed is the answer, and a hint needs a click."""
_DECKS = ("Deck", "Subdeck")
SPECIAL = (*_DECKS, "Tags", "Type", "Card", "CardFlag", "CardID", "FrontSide")
"""What Anki fills in by itself."""
_SPOKEN = "tts"
# A field with the filters before it; also the beginning and the end of a section, which depends on a field.
_TAG = regex(r"\{\{(?P<kind>[#^/]?)(?P<filters>(?:[^{}:]*:)*)(?P<name>[^{}:]+)\}\}")
_CARD_OF_CLOZE = regex(r"c[0-9]+")
# Private characters around the number of a tag, while the HTML around the tags is read.
_HELD = regex("\ue000([0-9]+)\ue001")
_NAME = regex(r"[.#][\w-]+")
_NOT_SHOWN = regex(r"(?:display:none|visibility:hidden)")
# As in rslib/src/template_filters.rs of Anki: words with a reading in brackets, after a space.
_READING = regex(r" ?([^ >]{1,200}?)\[(?!sound:)(.{1,200}?)\]")
_READINGS: Mapping[str, str] = {"furigana": r"<ruby>\1<rt>\2</rt></ruby>", "kana": r"\2", "kanji": r"\1"}


class Part(NamedTuple):
    """A part of what a template shows: words of its own, or a field.

    `filters` are those before the name of the field. `needs` are the fields on which the part depends, each with
    whether it has to be filled or empty. A field may be the name of a picture's file.
    """

    words: str = ""
    field: str = ""
    filters: tuple[str, ...] = ()
    needs: tuple[tuple[str, bool], ...] = ()
    is_picture: bool = False

    @property
    def is_held_back(self) -> bool:
        """Whether it is a field that a front does not give away."""
        return any(each in HELD_BACK for each in self.filters)

    @property
    def reading(self) -> str:
        """The filter for readings that it has, "" for none."""
        return next((each for each in self.filters if each in _READINGS), "")


Side = tuple[tuple[Part, ...], ...]
"""The lines that a side of a card shows."""


def side_of(template: str, fields: Collection[str], css: str = "") -> Side:
    """Return what a template shows: no scripts, nor what the style hides, unless there is no field elsewhere.

    Pictures of its own are left out, and so is the front on a back.
    """
    hidden = _hidden_by(css)
    side = _side_of(template, frozenset(fields), lambda given: hides_itself(given) or _is_hidden(given, hidden))
    if any(part.field in fields for line in side for part in line):
        return side
    return _side_of(template, frozenset(fields), lambda given: False)


def _side_of(template: str, fields: Collection[str], is_hidden: Callable[[Mapping[str, str]], bool]) -> Side:
    tags: list[re.Match[str]] = []

    def hold(found: "re.Match[str]") -> str:
        tags.append(found)
        return f"\ue000{len(tags) - 1}\ue001"

    bare = _without_comments(template, "<!--", "-->").replace("\ue000", "").replace("\ue001", "")
    read = read_html(_TAG.sub(hold, bare), is_hidden)
    needs: list[tuple[str, bool]] = []
    lines = (tuple(_parts_of(pieces, tags, needs, fields)) for block in read.blocks for pieces in lines_of(block))
    return tuple(filter(None, map(_without_special, lines)))


def _without_special(line: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return a line without what Anki fills in, such as tags, which say nothing of the note; "Deck: Field" is kept."""
    shown = [part.field for part in line if part.field]
    if shown and all(name in SPECIAL for name in shown):
        return ()
    kept = tuple(part for part in line if part.field not in SPECIAL or part.field in _DECKS)
    return kept if any(part.field or part.words.strip() for part in kept) else ()


def _parts_of(
    pieces: Pieces, tags: list["re.Match[str]"], needs: list[tuple[str, bool]], fields: Collection[str]
) -> Iterator[Part]:
    """Yield the parts of a line. `needs` are the sections that are open, which it begins and ends."""
    for piece in pieces:
        if piece.kind == PICTURE and not _HELD.search(piece.text):
            continue
        before, after = {FORMULA: ("\\(", "\\)"), DISPLAY: ("\\[", "\\]"), SOUND: ("[sound:", "]")}.get(
            piece.kind, ("", "")
        )
        for at, text in enumerate(_HELD.split(f"{before}{piece.text}{after}")):
            if at % 2:
                tag = tags[int(text)]
                part = _part_of(tag, needs, fields)
                if part:
                    yield part._replace(is_picture=piece.kind == PICTURE)
            elif text:
                yield Part(text, needs=tuple(needs))


def _part_of(tag: "re.Match[str]", needs: list[tuple[str, bool]], fields: Collection[str]) -> Part | None:
    """Return the field that a tag shows; None if it begins or ends a section, or shows nothing."""
    name = tag["name"].strip()
    if tag["kind"] == "/":
        if any(name == needed for needed, _ in needs):
            while needs.pop()[0] != name:
                pass
    elif tag["kind"]:
        if not _CARD_OF_CLOZE.fullmatch(name):
            needs.append((name, tag["kind"] == "#"))
    elif name in fields or (name in SPECIAL and name != "FrontSide"):
        filters = tuple(each.strip() for each in tag["filters"].split(":") if each.strip())
        if not any(each.startswith(_SPOKEN) for each in filters):
            return Part(field=name, filters=filters, needs=tuple(needs))
    return None


def html_of(side: Side, texts: Mapping[str, str]) -> str:
    """Return the HTML of some lines for a note, of which `texts` are the fields."""

    def is_shown(part: Part) -> bool:
        return all(bool(texts.get(name, "").strip()) is is_filled for name, is_filled in part.needs)

    def shown(part: Part) -> str:
        if not part.field:
            return escape(part.words, quote=False)
        html = with_readings(texts.get(part.field, ""), part.reading)
        return f'<img src="{escape(html)}">' if part.is_picture and html.strip() else html

    lines = ("".join(shown(part) for part in line if is_shown(part)) for line in side)
    found = [line for line in lines if line.strip()]
    return found[0] if len(found) == 1 else "".join(f"<div>{line}</div>" for line in found)


def with_readings(html: str, reading: str) -> str:
    """Return a field as Anki shows it with a filter for readings, such as "furigana"; "" changes nothing."""
    if not reading or "[" not in html:
        return html
    return _READING.sub(_READINGS[reading], html.replace("&nbsp;", " "))


def renders(template: str, texts: Mapping[str, str]) -> bool:
    """Return whether a front shows any field that is filled, without which Anki makes no card."""
    needs: list[tuple[str, bool]] = []
    for tag in _TAG.finditer(_without_comments(template, "<!--", "-->")):
        part = _part_of(tag, needs, texts)
        if (
            part
            and texts.get(part.field, "").strip()
            and all(bool(texts.get(each, "").strip()) is is_filled for each, is_filled in needs)
        ):
            return True
    return False


def sections_in(template: str) -> Iterator[str]:
    """Yield the names of the fields that have to be filled for a part of a template."""
    yield from (tag["name"].strip() for tag in _TAG.finditer(template) if tag["kind"] == "#")


def _without_comments(text: str, begin: str, end: str) -> str:
    """Return a text without its comments; one that does not end hides the rest."""
    first, *others = text.split(begin)
    return "".join((first, *(each.partition(end)[2] for each in others)))


def _hidden_by(css: str) -> frozenset[str]:
    """Return the classes and ids that a style hides everywhere, such as ".back"; not those on some devices only."""
    found: set[str] = set()
    opened: list[str] = []
    text = ""
    for token in re.split("([{}])", _without_comments(css, "/*", "*/")):
        if token == "{":
            opened.append(text)
        elif token == "}" and opened:
            selectors = opened.pop().split(",")
            if not opened and _NOT_SHOWN.search("".join(text.split()).lower()):
                found |= {each.strip() for each in selectors if _NAME.fullmatch(each.strip())}
        text = token if token not in ("{", "}") else ""
    return frozenset(found)


def _is_hidden(given: Mapping[str, str], hidden: Collection[str]) -> bool:
    names = [f".{each}" for each in given.get("class", "").split()] + [f"#{given.get('id', '')}"]
    return any(name in hidden for name in names)
