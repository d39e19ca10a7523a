"""Read the HTML of a field into what a card shows: blocks of lines, and in these words with their marks.

The same reading of the original and of what we render from its Markdown is how an import is proved. What a text of ours
cannot have is read without it, and named among the losses.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import unquote

from markdown_it.common.normalize_url import normalizeLink

from cuedeck.entities import unescape, with_short_numbers
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.rendering.markdown import is_safe_link

TEXT, FORMULA, DISPLAY, PICTURE, SOUND = "text", "formula", "display", "picture", "sound"

LINK = "link:"
"""How the mark of a link begins; its address follows."""


class Piece(NamedTuple):
    """A part of a line: words, the TeX of a formula, or the name of a picture or sound; and the marks that it has.

    Marks are `b`, `i`, `u`, `s`, `sub`, `sup`, `code`, `ruby`, `rt`, and links with their address. `words` say what a
    picture shows.
    """

    kind: str
    text: str
    marks: frozenset[str] = frozenset()
    words: str = ""


Pieces = tuple[Piece, ...]


class Line(NamedTuple):
    """A line of a card."""

    pieces: Pieces


class Gap(NamedTuple):
    """An empty line."""


class Heading(NamedTuple):
    """A heading of a level from 1 to 6."""

    level: int
    pieces: Pieces


class Listing(NamedTuple):
    """A list; `start` is its first number, 0 for one with bullets."""

    start: int
    items: tuple[tuple[Any, ...], ...]


class Quote(NamedTuple):
    """A quotation."""

    blocks: tuple[Any, ...]


class Code(NamedTuple):
    """Lines of code."""

    text: str


class Table(NamedTuple):
    """A table: its rows of cells, the first of which is its head if it has one."""

    rows: tuple[tuple[Pieces, ...], ...]
    has_head: bool


class Rule(NamedTuple):
    """A line across the card."""


Block = Line | Gap | Heading | Listing | Quote | Code | Table | Rule


@dataclass(frozen=True)
class Read:
    """What a field shows, and the names of what its Markdown cannot have, such as "colour"."""

    blocks: tuple[Block, ...]
    losses: frozenset[str]


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
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DEEPEST = 40

# In these, what is inside is a formula. A formula cannot contain the start of another one.
_FORMULA = regex(
    r"\\\((?P<a>(?:(?!\\\().)+?)\\\)|\\\[(?P<b>(?:(?!\\\[).)+?)\\\]"
    r"|\[\$\](?P<c>(?:(?!\[\$).)+?)\[/\$\]|\[\$\$\](?P<d>(?:(?!\[\$).)+?)\[/\$\$\]"
    r"|\[latex\](?P<e>(?:(?!\[latex\]).)+?)\[/latex\]|\[sound:(?P<f>[^\]\n]{1,400})\]",
    re.DOTALL,
)
_SOUND = regex(r"\[sound:([^\]\n]{1,400})\]")
_STARTS = ("\\(", "\\[", "[$", "[latex]", "[sound:")
_DOLLARS = regex(r"\${1,2}(?P<tex>[^$]+)\${1,2}")
_ENVIRONMENT = regex(r"\\begin\{(?:align|equation|gather|multline|alignat|eqnarray)\*?\}.+\\end\{\w+\*?\}", re.DOTALL)
_WHITE = regex(r"[ \t\n\r\f\v\u00a0]+")
_CONTROL = regex("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff\ufffe\uffff]")
_CORE = regex(r"([\W_]*)(.*?)([\W_]*)", re.DOTALL)
_DELETED_DISPLAY = regex(r"(\{\{c[0-9,]+::)\s*\\\[((?:(?!\\\[).)+?)\\\]\s*((?:::[^{}]*)?\}\})", re.DOTALL)
_MIN_BOLD = 600
_PLAIN_COLOURS = frozenset(
    ("black", "#000", "#000000", "rgb(0,0,0)", "inherit", "initial", "currentcolor", "windowtext", "var(--fg)", "")
)
_PLAIN_BACKGROUNDS = frozenset(
    ("white", "#fff", "#ffffff", "rgb(255,255,255)", "transparent", "none", "initial", "inherit", "rgba(0,0,0,0)", "")
)


@dataclass
class _Open:
    """An element that is open: what it is, the marks of the text before it, and the blocks in it if it contains any."""

    tag: str
    marks: frozenset[str]
    blocks: list[Any] | None = None
    value: Any = None
    items: list[Any] = field(default_factory=list)


def read_html(html: str) -> Read:
    """Return what the HTML of a field shows."""
    html = with_short_numbers(_CONTROL.sub("", unicodedata.normalize("NFC", html)))
    reader = _Reader()
    if "<" in html or "&" in html:
        reader.read(html)
    else:  # as in many fields, and reading them as HTML takes longer than all else
        reader.handle_data(html)
    return Read(reader.finished(), frozenset(reader.losses))


def is_empty(read: Read) -> bool:
    """Return whether a field shows nothing."""
    return not any(True for _ in pieces_of(read.blocks)) and not any(isinstance(each, Code) for each in read.blocks)


def pieces_of(blocks: Iterable[Any]) -> Iterator[Piece]:
    """Yield all pieces of some blocks, in their order; code as words."""
    for block in blocks:
        match block:
            case Line(pieces) | Heading(_, pieces):
                yield from pieces
            case Listing(_, items):
                for item in items:
                    yield from pieces_of(item)
            case Quote(inside):
                yield from pieces_of(inside)
            case Code(text):
                yield Piece(TEXT, text, frozenset({"code"}))
            case Table(rows, _):
                for row in rows:
                    for cell in row:
                        yield from cell


def changed(blocks: Iterable[Any], change: Callable[[Pieces], Pieces], keep_gaps: bool = True) -> tuple[Any, ...]:
    """Return blocks with each line of pieces changed. A line of which nothing is left is gone."""

    def all_of(blocks: Iterable[Any]) -> Iterator[Any]:
        for block in blocks:
            match block:
                case Line(pieces):
                    if left := change(pieces):
                        yield Line(left)
                case Heading(level, pieces):
                    if left := change(pieces):
                        yield Heading(level, left)
                case Listing(start, items):
                    if kept := tuple(inside for item in items if (inside := tuple(all_of(item)))):
                        yield Listing(start, kept)
                case Quote(inside):
                    if quoted := tuple(all_of(inside)):
                        yield Quote(quoted)
                case Table(rows, has_head):
                    yield Table(tuple(tuple(map(change, row)) for row in rows), has_head)
                case Gap():
                    if keep_gaps:
                        yield block
                case _:
                    yield block

    return tuple(all_of(blocks))


def shown(blocks: Iterable[Any], file_of: Callable[[str], str]) -> tuple[Any, ...]:
    """Return blocks in the form in which two texts that show the same are equal.

    Empty lines do not count, nor do spaces in formulas, nor the words of pictures. `file_of` returns for the name of a
    file the one by which it is compared.
    """
    return changed(blocks, lambda pieces: merged(_same(piece, file_of) for piece in pieces), keep_gaps=False)


def _same(piece: Piece, file_of: Callable[[str], str]) -> Piece:
    if piece.kind in (PICTURE, SOUND):
        return Piece(piece.kind, file_of(piece.text))
    if piece.kind in (FORMULA, DISPLAY):
        return Piece(piece.kind, "".join(piece.text.split()))
    return piece


class _Reader(HTMLParser):
    """Builds the blocks of a field while its HTML is parsed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.losses: set[str] = set()
        self._stack: list[_Open] = [_Open("", frozenset(), [])]
        self._marks: frozenset[str] = frozenset()
        self._run: list[Piece] = []
        self._hidden: list[str] = []
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
        return _without_outer_gaps(self._stack[0].blocks or [])

    # Events of the parser.

    def parse_html_declaration(self, i: int) -> int:
        """Read `<![` as browsers do, as the beginning of a comment. The parser would fail if no name follows."""
        return self.parse_bogus_comment(i) if self.rawdata.startswith("<![", i) else super().parse_html_declaration(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._hidden:
            if tag not in _EMPTY:
                self._hidden.append(tag)
            return
        if tag in _HIDDEN:
            if tag != "rp":
                self.losses.add(f"<{tag}>")
            self._hidden.append(tag)
            return
        self._losses_of(tag, given)
        if self._pre:
            self._within_code(tag, given)
        elif tag == "br":
            self._text("\n")
        elif tag == "img":
            self._picture(given)
        elif tag == "hr":
            self._flush()
            self._blocks.append(Rule())
        elif tag == "iframe":
            self._frame(given.get("src", ""))
            self._hidden.append(tag)
        elif tag == "anki-mathjax":
            self._flush_formula(given)
        elif tag not in _EMPTY and len(self._stack) < _DEEPEST:
            self._open(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
            return
        if tag == "anki-mathjax":
            self._text(self._mathjax_end)
        elif any(each.tag == tag for each in self._stack[1:]) and (not self._pre or tag == "pre"):
            while self._stack[-1].tag != tag:
                self._close(self._stack[-1].tag)
            self._close(tag)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._pre:
            self._stack_top("pre").items.append(data)
        else:
            self._text(_WHITE.sub(" ", data))

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

    def _within_code(self, tag: str, given: dict[str, str]) -> None:
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
        self._marks |= _marks_in(given.get("style", ""))
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
            opened.blocks = []
        elif tag == "li":
            self._end_of(("li",), within=("ul", "ol"))
            self._flush()
            if (parent := self._list) is not None:
                _take_stray(parent)
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
            item = _without_outer_gaps(inside)
            if parent is not None:
                parent.items.append(item)
            elif item:
                self._blocks.append(Listing(0, (item,)))
        elif tag == "blockquote":
            if blocks := _without_outer_gaps(inside):
                self._blocks.append(Quote(blocks))
        elif tag == "pre":
            self._pre = False
            text = "".join(opened.items)
            if code := _code(_SOUND.sub("", text)):
                self._blocks.append(Code(code))
            if opened.value:
                self.losses.add("picture in code")
            if sounds := tuple(Piece(SOUND, name) for name in _SOUND.findall(text)):
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
            self._blocks.extend(_without_outer_gaps(inside))
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
        for block in _without_outer_gaps(inside):
            if not isinstance(block, Line):
                self.losses.add("list or block in a table")
            for pieces in _lines_of(block):
                cell += [*([Piece(TEXT, "\n")] if cell else []), *pieces]
        return tuple(cell)

    def _end_table(self, rows: list[Any]) -> None:
        if rows:
            has_head = all(is_head for is_head, _ in rows[0])
            if any(is_head for row in rows[1:] for is_head, _ in row):
                self.losses.add("heading of a row")
            width = max(map(len, rows))
            cells = tuple((*(cell for _, cell in row), *[()] * (width - len(row))) for row in rows)
            self._blocks.append(Table(cells, has_head))

    def _picture(self, given: dict[str, str]) -> None:
        name = unicodedata.normalize("NFC", unquote(given.get("src", "")).strip())
        if any(given.get(each) for each in ("width", "height", "style")) and "%" not in given.get("width", ""):
            self.losses.add("size of a picture")
        if name:
            percent = re.fullmatch(r"\s*([0-9]{1,3})%\s*", given.get("width", ""))
            words = " ".join(given.get("alt", "").split())
            self._run.append(
                Piece(PICTURE, name, frozenset({f"width:{percent[1]}"}) if percent else frozenset(), words)
            )

    def _frame(self, address: str) -> None:
        self.losses.add("embedded page, now a link")
        if is_safe_link(address):
            self._run.append(Piece(TEXT, normalizeLink(address), self._marks))
        elif address.startswith("//"):
            self._run.append(Piece(TEXT, normalizeLink(f"https:{address}"), self._marks))

    def _flush_formula(self, given: dict[str, str]) -> None:
        is_block = given.get("block", "").lower() == "true"
        self._text("\\[" if is_block else "\\(")
        self._mathjax_end = "\\]" if is_block else "\\)"

    def _losses_of(self, tag: str, given: dict[str, str]) -> None:
        if tag in _LOST:
            self.losses.add(_LOST[tag])
        if tag == "font" and given.get("color", "").lower() not in _PLAIN_COLOURS:
            self.losses.add("colour")
        if given.get("align", "left").lower() not in ("left", "start"):
            self.losses.add("alignment")
        if style := given.get("style"):
            self.losses |= _losses_in(style)

    def _flush(self) -> None:
        """End a line: what came since the last block becomes lines."""
        run, self._run = self._run, []
        if run:
            pieces = [each for piece in merged(run) for each in _with_formulas(piece, self.losses)]
            self._blocks.extend(_lines(pieces))


def _take_stray(listing: _Open) -> None:
    """Make an item of what is in a list, but in none of its items; a list there belongs to the item before it."""
    stray = _without_outer_gaps(listing.blocks or [])
    listing.blocks = []
    if stray and listing.items and all(isinstance(block, Listing) for block in stray):
        listing.items[-1] = (*listing.items[-1], *stray)
    elif stray:
        listing.items.append(stray)


def _code(text: str) -> str:
    lines = text.replace("\u00a0", " ").removeprefix("\n").rstrip("\n").split("\n")
    return "\n".join(line.rstrip() for line in lines)


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,8}", text.strip()) else 1


def merged(run: Iterable[Piece]) -> Pieces:
    """Return a run in which neighbouring words with the same marks are one piece; a line break takes on any marks."""
    parts: list[Piece] = []
    for piece in run:
        last = parts[-1] if parts else None
        if last and last.kind == piece.kind == TEXT and (last.marks == piece.marks or piece.text == "\n"):
            parts[-1] = last._replace(text=last.text + piece.text)
        elif piece.text:
            parts.append(piece)
    return tuple(parts)


def _with_formulas(piece: Piece, losses: set[str]) -> Iterator[Piece]:
    """Yield a piece of words in its parts: words, formulas and sounds."""
    if piece.kind == TEXT and "code" in piece.marks and "[sound:" in piece.text:  # which Anki plays even in code
        parts = _SOUND.split(piece.text)
        yield from (
            Piece(SOUND, part) if at % 2 else piece._replace(text=part) for at, part in enumerate(parts) if part
        )
        return
    if piece.kind != TEXT or "code" in piece.marks or not any(start in piece.text for start in _STARTS):
        yield piece
        return
    if "{{c" in piece.text:  # as our own texts have it, which is how Anki needs it
        piece = piece._replace(text=_DELETED_DISPLAY.sub(r"\[\1\2\3\]", piece.text))
    at = 0
    for found in _FORMULA.finditer(piece.text):
        if found.start() > at:
            yield piece._replace(text=piece.text[at : found.start()])
        at = found.end()
        inside = " ".join(str(found[str(found.lastgroup)]).split())
        kind = {"b": DISPLAY, "d": DISPLAY, "f": SOUND}.get(str(found.lastgroup), FORMULA)
        if found.lastgroup == "e":
            yield from _latex(inside, piece, losses)
        elif inside:
            yield Piece(kind, inside)
    if at < len(piece.text):
        yield piece._replace(text=piece.text[at:])


def _latex(inside: str, piece: Piece, losses: set[str]) -> Iterator[Piece]:
    if (dollars := _DOLLARS.fullmatch(inside)) and dollars["tex"].strip():
        yield Piece(DISPLAY if inside.startswith("$$") else FORMULA, dollars["tex"].strip())
    elif found := _FORMULA.fullmatch(inside):
        yield Piece(DISPLAY if found.lastgroup == "b" else FORMULA, str(found[str(found.lastgroup)]).strip())
    elif _ENVIRONMENT.fullmatch(inside):
        yield Piece(DISPLAY, inside)
    else:
        losses.add("LaTeX that only a LaTeX installation can draw, now shown as its source")
        yield piece._replace(text=inside, marks=piece.marks | {"code"})


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


def trimmed(pieces: Iterable[Piece]) -> Pieces:
    """Return the pieces of a line without spaces at its ends, and with single spaces in it, which have no marks."""
    parts: list[Piece] = []
    for piece in merged(pieces):
        bare = piece.text.strip(" ")
        if piece.kind != TEXT or "code" in piece.marks or bare == piece.text:
            parts.append(piece)
            continue
        space = Piece(TEXT, " ")
        parts += [space] if piece.text.startswith(" ") else []
        if bare:
            parts += [piece._replace(text=bare)]
            parts += [space] if piece.text.endswith(" ") else []
    line: list[Piece] = []
    for piece in merged(parts):
        if piece.kind == TEXT and "code" not in piece.marks:
            text = re.sub(" +", " ", piece.text)
            if not line or (line[-1].kind == TEXT and line[-1].text.endswith(" ") and "code" not in line[-1].marks):
                text = text.removeprefix(" ")
            if text:
                line.append(piece._replace(text=text))
        else:
            line.append(piece)
    while line and line[-1].kind == TEXT and "code" not in line[-1].marks:
        text = line[-1].text.rstrip(" ")
        if text:
            line[-1] = line[-1]._replace(text=text)
            break
        line.pop()
    return tuple(map(_without_own_address, line))


def _without_own_address(piece: Piece) -> Piece:
    """Return a link whose words are its address as mere words: a bare address in Markdown becomes a link anyway."""
    own = {mark for mark in piece.marks if mark.startswith(LINK) and mark[len(LINK) :] == normalizeLink(piece.text)}
    return piece._replace(marks=piece.marks - own) if own else piece


def _lines_of(block: Any) -> Iterator[Pieces]:
    match block:
        case Line(pieces) | Heading(_, pieces):
            yield pieces
        case Listing(start, items):
            for number, item in enumerate(items, start):
                sign = Piece(TEXT, f"{number}. " if start else "• ")
                for at, pieces in enumerate(each for inside in item for each in _lines_of(inside)):
                    yield pieces if at else (sign, *pieces)
        case Quote(blocks):
            for inside in blocks:
                yield from _lines_of(inside)
        case Code(text):
            for line in text.split("\n"):
                yield (Piece(TEXT, line, frozenset({"code"})),)
        case Table(rows, _):
            for row in rows:
                yield from (cell for cell in row if cell)


def flat(blocks: Iterable[Any]) -> tuple[Block, ...]:
    """Return blocks as mere lines of words, without any marks but code: what is left if nothing else can be written."""
    lines = (without_marks(pieces) for block in blocks for pieces in _lines_of(block))
    return tuple(Line(pieces) for pieces in lines if pieces)


def without_marks(pieces: Pieces) -> Pieces:
    """Return the pieces of a line without any marks but code."""
    return merged(piece._replace(marks=piece.marks & {"code"}) for piece in pieces)


def with_heads(blocks: Iterable[Any]) -> tuple[Any, ...]:
    """Return blocks in which the first row of each table is its head, since Markdown has no table without one."""
    return tuple(Table(block.rows, True) if isinstance(block, Table) else block for block in blocks)


def with_bare_punctuation(pieces: Pieces) -> Pieces:
    """Return the pieces of a line in which punctuation at the ends of marked words has no marks."""
    parts: list[Piece] = []
    for piece in pieces:
        found = _CORE.fullmatch(piece.text) if piece.kind == TEXT and piece.marks - {"code"} else None
        if found and "code" not in piece.marks:
            links = frozenset(mark for mark in piece.marks if mark.startswith(LINK))
            texts = ((found[1], links), (found[2], piece.marks), (found[3], links))
            parts += [piece._replace(text=text, marks=marks) for text, marks in texts if text]
        else:
            parts.append(piece)
    return merged(parts)


def _without_outer_gaps(blocks: list[Any]) -> tuple[Any, ...]:
    begin, end = 0, len(blocks)
    while begin < end and isinstance(blocks[begin], Gap):
        begin += 1
    while end > begin and isinstance(blocks[end - 1], Gap):
        end -= 1
    return tuple(blocks[begin:end])


def _link(address: str, losses: set[str]) -> frozenset[str]:
    address = address.strip()
    if not is_safe_link(address):
        losses.add("link that does not lead to the web")
        return frozenset()
    return frozenset({f"{LINK}{normalizeLink(address)}"})


def _styles(style: str) -> Iterator[tuple[str, str]]:
    for part in style.lower().split(";"):
        name, _, value = part.partition(":")
        yield name.strip(), "".join(value.split()).removesuffix("!important")


def _marks_in(style: str) -> frozenset[str]:
    marks = set()
    for name, value in _styles(style):
        if name == "font-weight" and (value in ("bold", "bolder") or _number(value) >= _MIN_BOLD):
            marks.add("b")
        elif name == "font-style" and value in ("italic", "oblique"):
            marks.add("i")
        elif name.startswith("text-decoration") and "underline" in value:
            marks.add("u")
        elif name.startswith("text-decoration") and "line-through" in value:
            marks.add("s")
        elif name == "vertical-align" and value in ("sub", "super"):
            marks.add("sub" if value == "sub" else "sup")
    return frozenset(marks)


def _losses_in(style: str) -> frozenset[str]:
    losses = set()
    for name, value in _styles(style):
        if name == "color" and value not in _PLAIN_COLOURS:
            losses.add("colour")
        elif name in ("background", "background-color") and value not in _PLAIN_BACKGROUNDS:
            losses.add("highlighting")
        elif name == "text-align" and value not in ("left", "start", "inherit", "initial"):
            losses.add("alignment")
        elif name == "display" and value == "none":
            losses.add("words that were hidden, and are shown now")
    return frozenset(losses)
