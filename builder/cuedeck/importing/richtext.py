"""Read the HTML of a field into what a card shows: blocks of lines, and in these words with their marks.

The same reading of the original and of what we render from its Markdown is how an import is proved. What a text of ours
cannot have is read without it, and named among the losses.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

from markdown_it.common.normalize_url import normalizeLink

from cuedeck.deck.addresses import is_safe_link
from cuedeck.entities import unescape, with_short_numbers
from cuedeck.importing.blocks import (
    DISPLAY,
    LINK,
    PICTURE,
    SOUND,
    TEXT,
    Block,
    Code,
    Gap,
    Heading,
    Line,
    Listing,
    Piece,
    Pieces,
    Quote,
    Read,
    Rule,
    Table,
    lines_of,
    merged,
    trimmed,
    without_outer_gaps,
)
from cuedeck.importing.formulas import SOUND_MARK, with_formulas
from cuedeck.importing.styles import hides_itself, is_plain_colour, losses_in_style, marks_in_style, width_of
from cuedeck.patterns import regex
from cuedeck.records import dataclass

_MARKS = {
    **dict.fromkeys(("b", "strong"), "b"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), "i"),
    **dict.fromkeys(("u", "ins"), "u"),
    **dict.fromkeys(("s", "del", "strike"), "s"),
    **dict.fromkeys(("code", "kbd", "tt", "samp"), "code"),
    **{each: each for each in ("sub", "sup", "ruby", "rt")},
}
_LOST = {
    **dict.fromkeys(("mark", "hl"), "highlighting"),
    **dict.fromkeys(("big", "small"), "size of letters"),
    "center": "alignment",
}
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "body", "center", "dd", "details", "div", "dl", "dt", "figure", "figcaption"),
        *("footer", "form", "header", "html", "main", "nav", "p", "section", "summary"),
    )
)
_INLINE = frozenset(("span", "font", "label", "abbr", "q", "rb", "wbr", "time", "data", "bdi", "bdo", "a", "nobr"))
_TABLE_PARTS = frozenset(("thead", "tbody", "tfoot", "caption", "colgroup", "col"))
_EMPTY = frozenset(("br", "img", "hr", "input", "wbr", "col", "source", "meta", "link", "embed"))
_HIDDEN = frozenset(("style", "script", "rp", "head", "title", "template", "noscript", "object", "audio", "video"))
# Comments in which nobody wrote anything: what a clipboard puts around copied HTML.
_COPIED = frozenset(("", "StartFragment", "EndFragment"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DEEPEST = 60
_MOST_CELLS = 10_000
_WHITE = regex(r"[ \t\n\r\f\v\u00a0]+")
_CONTROL = regex("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff\ufffe\uffff]")


@dataclass
class _Open:
    """An element that is open: what it is, the marks of the text before it, and the blocks in it if it contains any."""

    tag: str
    marks: frozenset[str]
    blocks: list[Any] | None = None
    value: Any = None
    items: list[Any] = field(default_factory=list)


def read_html(html: str, is_hidden: Callable[[Mapping[str, str]], bool] = hides_itself) -> Read:
    """Return what the HTML of a field shows. `is_hidden` returns whether an element with these attributes is hidden."""
    html = with_short_numbers(_CONTROL.sub("", unicodedata.normalize("NFC", html)))
    reader = _Reader(is_hidden)
    opened = html.find("<!--", html.rfind("-->") + 1)
    if opened >= 0:  # a comment without an end hides the rest, and takes the parser forever
        reader.losses.add("what was hidden")
        html = html[:opened]
    if "<" in html or "&" in html:
        reader.read(html)
    else:  # as in many fields, and reading them as HTML takes longer than all else
        reader.handle_data(html)
    return Read(reader.finished(), frozenset(reader.losses))


class _Reader(HTMLParser):
    """Builds the blocks of a field while its HTML is parsed."""

    def __init__(self, is_hidden: Callable[[Mapping[str, str]], bool]) -> None:
        super().__init__(convert_charrefs=True)
        self._is_hidden = is_hidden
        self.losses: set[str] = set()
        self._stack: list[_Open] = [_Open("", frozenset(), [])]
        self._marks: frozenset[str] = frozenset()
        self._run: list[Piece] = []
        self._hidden_in = ""
        self._hidden_depth = 0
        self._stray: Listing | None = None
        self._pre = False

    def read(self, html: str) -> None:
        # Behind the last ">" no tag ends. To search for the end of each one there would take quadratic time.
        end = html.rfind(">") + 1
        self.feed(html[:end])
        self.close()
        self.handle_data(unescape(html[end:]))

    def finished(self) -> tuple[Block, ...]:
        while len(self._stack) > 1:
            self._close(self._stack[-1].tag)
        self._flush()
        return without_outer_gaps(self._stack[0].blocks or [])

    # Events of the parser.

    def parse_html_declaration(self, i: int) -> int:
        """Read `<![` as browsers do, as the beginning of a comment. The parser would fail if no name follows."""
        return self.parse_bogus_comment(i) if self.rawdata.startswith("<![", i) else super().parse_html_declaration(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("audio", "source") and (tag == "audio" or self._hidden_in == "audio") and given.get("src"):
            self._run.append(Piece(SOUND, _file(given["src"])))
            self.losses.add("player, now a sound that plays by itself")
        if self._hidden_in:
            self._hidden_depth += tag == self._hidden_in
        elif tag in _HIDDEN or (given and self._is_hidden(given)):
            if tag not in ("rp", "audio"):
                self.losses.add(f"<{tag}>" if tag in _HIDDEN else "what was hidden")
            self._hide(tag)
        else:
            self._losses_of(tag, given)
            self._show(tag, given)

    def _show(self, tag: str, given: dict[str, str]) -> None:
        if self._pre:
            self._within_code(tag)
        elif tag == "br":
            self._text("\n")
        elif tag == "img":
            self._picture(given)
        elif tag == "hr":
            self._flush()
            self._blocks.append(Rule())
        elif tag == "iframe":
            self._frame(given.get("src", ""))
            self._hide(tag)
        elif tag == "anki-mathjax":
            self._flush_formula(given)
        elif tag not in _EMPTY:
            if len(self._stack) < _DEEPEST:
                self._open(tag, given)
            else:
                self.losses.add("elements that are nested too deeply")

    def _hide(self, tag: str) -> None:
        """Read nothing until the end of this element, or of one around it."""
        if tag not in _EMPTY:
            self._hidden_in, self._hidden_depth = tag, 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden_in:
            self._hidden_depth -= tag == self._hidden_in
            if self._hidden_depth and not any(each.tag == tag for each in self._stack):
                return
            self._hidden_in = "" if not self._hidden_depth or tag != self._hidden_in else self._hidden_in
            if not self._hidden_depth:
                return
        if tag == "anki-mathjax":
            self._text(self._mathjax_end)
        elif any(each.tag == tag for each in self._stack[1:]) and (not self._pre or tag == "pre"):
            while self._stack[-1].tag != tag:
                self._close(self._stack[-1].tag)
            self._close(tag)

    def handle_data(self, data: str) -> None:
        if self._hidden_in:
            return
        if self._pre:
            self._stack_top("pre").items.append(data)
        else:
            self._text(_WHITE.sub(" ", data))

    def handle_comment(self, data: str) -> None:
        if data.strip() not in _COPIED:
            self.losses.add("what was hidden")

    # What they do.

    _mathjax_end = ""

    @property
    def _blocks(self) -> list[Any]:
        return next(each.blocks for each in reversed(self._stack) if each.blocks is not None)

    @property
    def _list(self) -> _Open | None:
        """The innermost list that is open."""
        return next((each for each in reversed(self._stack) if each.tag in ("ul", "ol")), None)

    def _stack_top(self, tag: str) -> _Open:
        return next(each for each in reversed(self._stack) if each.tag == tag)

    def _within_code(self, tag: str) -> None:
        """Read an element in code, in which only words and line ends count."""
        if tag == "img":
            self._stack_top("pre").value = True
        elif tag in ("br", "li", "tr") or tag in _BLOCKS:
            self._stack_top("pre").items.append("\n")

    def _text(self, text: str) -> None:
        self._run.append(Piece(TEXT, text, self._marks))

    def _open(self, tag: str, given: dict[str, str]) -> None:
        opened = _Open(tag, self._marks)
        if tag in _MARKS:
            self._marks |= {_MARKS[tag]}
        self._marks |= marks_in_style(given.get("style", ""))
        if tag == "a" and given.get("href"):
            self._marks |= _link(given["href"], self.losses)
        if tag in _BLOCKS:
            self._flush()
            if tag == "p":
                self._blocks.append(Gap())
        elif tag in _HEADINGS:
            self._flush()
            opened.blocks = []
        elif tag in ("ul", "ol"):
            self._flush()
            opened.value = _number(given.get("start", "1")) if tag == "ol" else 0
            if tag == "ol" and ("reversed" in given or given.get("type", "1") != "1"):
                self.losses.add("numbers of a list")
            opened.blocks = []
        elif tag == "li":
            self._end_of(("li",), within=("ul", "ol"))
            self._flush()
            if (parent := self._list) is not None:
                _take_stray(parent)
                self._number(parent, given.get("value", ""))
            opened.blocks = []
        elif tag == "blockquote":
            self._flush()
            opened.blocks = []
        elif tag == "pre":
            self._flush()
            self._pre = True
        elif tag == "table":
            self._flush()
            opened.blocks = []
        elif tag == "tr":
            self._end_of(("tr",), within=("table",))
        elif tag in ("td", "th"):
            self._end_of(("td", "th"), within=("tr",))
            opened.blocks = []
            self._flush()
        elif tag not in _INLINE and tag not in _TABLE_PARTS and tag not in _MARKS and tag not in _LOST:
            self.losses.add(f"<{tag}>")
        self._stack.append(opened)
        if tag == "q":
            self._text("\u201c")

    def _number(self, listing: _Open, value: str) -> None:
        """Take the number that an item of a list has of its own; only the first one can have any."""
        if listing.tag == "ol" and value and not listing.items:
            listing.value = _number(value)
        elif listing.tag == "ol" and value and _number(value) != listing.value + len(listing.items):
            self.losses.add("numbers of a list")

    def _end_of(self, tags: tuple[str, ...], within: tuple[str, ...]) -> None:
        """Close an element that the next one of its kind ends, such as an item of the same list."""
        for opened in reversed(self._stack[1:]):
            if opened.tag in within:
                return
            if opened.tag in tags:
                self.handle_endtag(opened.tag)
                return

    def _close(self, tag: str) -> None:
        opened = self._stack[-1]
        if tag in _BLOCKS or opened.blocks is not None:
            self._flush()
        if tag == "q":
            self._text("\u201d")
        self._stack.pop()
        self._marks = opened.marks
        inside = opened.blocks or []
        if tag == "p":
            self._blocks.append(Gap())
        elif tag in _HEADINGS:
            self._end_heading(_HEADINGS[tag], inside)
        elif tag in ("ul", "ol"):
            self._end_list(opened)
        elif tag == "li":
            parent = self._list
            item = without_outer_gaps(inside)
            if parent is not None:
                parent.items.append(item)
            elif item:
                before = self._blocks
                others = before.pop().items if before and before[-1] is self._stray else ()
                self._stray = Listing(0, (*others, item))
                before.append(self._stray)
        elif tag == "blockquote":
            if blocks := without_outer_gaps(inside):
                self._blocks.append(Quote(blocks))
        elif tag == "pre":
            self._pre = False
            text = "".join(opened.items)
            if code := _code(SOUND_MARK.sub("", text)):
                self._blocks.append(Code(code))
            if opened.value:
                self.losses.add("picture in code")
            if sounds := tuple(Piece(SOUND, name) for name in SOUND_MARK.findall(text)):
                self._blocks.append(Line(sounds))
        elif tag in ("td", "th"):
            row = next((each for each in reversed(self._stack) if each.tag == "tr"), None)
            cell = self._cell(inside)
            if row is not None:
                row.items.append((tag == "th", cell))
            elif cell:
                self._blocks.append(Line(cell))
        elif tag == "tr":
            table = next((each for each in reversed(self._stack) if each.tag == "table"), None)
            if table is not None and opened.items:
                table.items.append(opened.items)
            else:
                self._blocks.extend(Line(cell) for _, cell in opened.items if cell)
        elif tag == "table":
            self._blocks.extend(without_outer_gaps(inside))
            self._end_table(opened.items)

    def _end_heading(self, level: int, inside: list[Any]) -> None:
        lines = [block for block in inside if isinstance(block, Line)]
        if len(lines) == 1 and len(inside) == 1:
            self._blocks.append(Heading(level, lines[0].pieces))
        elif inside:
            self.losses.add("heading of several lines")
            self._blocks.extend(inside)

    def _end_list(self, opened: _Open) -> None:
        _take_stray(opened)
        if items := [item for item in opened.items if item]:
            self._blocks.append(Listing(opened.value, tuple(items)))

    def _cell(self, inside: list[Any]) -> Pieces:
        """Return the pieces of a cell, with a line break between its lines."""
        cell: list[Piece] = []
        for block in without_outer_gaps(inside):
            if not isinstance(block, Line):
                self.losses.add("list or block in a table")
            for pieces in lines_of(block):
                cell += [*([Piece(TEXT, "\n")] if cell else []), *pieces]
        return tuple(cell)

    def _end_table(self, rows: list[Any]) -> None:
        if rows:
            has_head = all(is_head for is_head, _ in rows[0])
            if any(is_head for row in rows[1:] for is_head, _ in row):
                self.losses.add("heading of a row")
            width = max(map(len, rows))
            if width * len(rows) > _MOST_CELLS:
                self.losses.add("layout")
                self._blocks.extend(Line(cell) for row in rows for _, cell in row if cell)
                return
            cells = tuple((*(cell for _, cell in row), *[()] * (width - len(row))) for row in rows)
            self._blocks.append(Table(cells, has_head))

    def _picture(self, given: dict[str, str]) -> None:
        name = _file(given.get("src", ""))
        percent, is_lost = width_of(given)
        if is_lost:
            self.losses.add("size of a picture")
        if name:
            words = " ".join(given.get("alt", "").split())
            self._run.append(Piece(PICTURE, name, frozenset({f"width:{percent}"} if percent else ()), words))

    def _frame(self, address: str) -> None:
        self.losses.add("embedded page, now a link")
        if is_safe_link(address):
            self._text(f" {normalizeLink(address)} ")
        elif address.startswith("//"):
            self._text(f" {normalizeLink(f'https:{address}')} ")

    def _flush_formula(self, given: dict[str, str]) -> None:
        is_block = given.get("block", "").lower() == "true"
        self._text("\\[" if is_block else "\\(")
        self._mathjax_end = "\\]" if is_block else "\\)"

    def _losses_of(self, tag: str, given: dict[str, str]) -> None:
        if tag in _LOST:
            self.losses.add(_LOST[tag])
        elif tag in ("input", "embed"):
            self.losses.add(f"<{tag}>")
        if not given:
            return
        if given.get("title", "").strip():
            self.losses.add("words that a pointer shows")
        if tag == "font" and not is_plain_colour(given.get("color", "")):
            self.losses.add("colour")
        if given.get("align", "left").lower() not in ("left", "start"):
            self.losses.add("alignment")
        if style := given.get("style"):
            self.losses |= losses_in_style(style)

    def _flush(self) -> None:
        """End a line: what came since the last block becomes lines."""
        run, self._run = self._run, []
        if run:
            pieces = [each for piece in merged(run) for each in with_formulas(piece, self.losses)]
            self._blocks.extend(_lines(pieces))


def _take_stray(listing: _Open) -> None:
    """Make an item of what is in a list, but in none of its items; a list there belongs to the item before it."""
    stray = without_outer_gaps(listing.blocks or [])
    listing.blocks = []
    if stray and listing.items and all(isinstance(block, Listing) for block in stray):
        listing.items[-1] = (*listing.items[-1], *stray)
    elif stray:
        listing.items.append(stray)


def _file(address: str) -> str:
    """Return the name of the file that an address in HTML means."""
    return unicodedata.normalize("NFC", unquote(address).strip())


def _code(text: str) -> str:
    lines = text.replace("\u00a0", " ").removeprefix("\n").rstrip("\n").split("\n")
    return "\n".join(line.rstrip() for line in lines)


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,8}", text.strip()) else 1


def _lines(pieces: Iterable[Piece]) -> Iterator[Block]:
    """Yield the lines of some pieces, and a gap for each line break that ends an empty line.

    A display formula is a line of its own, as it is shown.
    """
    line: list[Piece] = []
    is_after_display = False
    for piece in pieces:
        if piece.kind == DISPLAY:
            if found := trimmed(line):
                yield Line(found)
            yield Line((piece,))
            line, is_after_display = [], True
            continue
        if piece.kind != TEXT:
            line.append(piece)
            continue
        first, *others = piece.text.split("\n")
        line.append(piece._replace(text=first))
        for text in others:
            found = trimmed(line)
            if found or not is_after_display:
                yield Line(found) if found else Gap()
            line, is_after_display = [piece._replace(text=text)], False
    if found := trimmed(line):
        yield Line(found)


def _link(address: str, losses: set[str]) -> frozenset[str]:
    address = address.strip()
    if not is_safe_link(address):
        losses.add("link that does not lead to the web")
        return frozenset()
    return frozenset({f"{LINK}{normalizeLink(address)}"})
