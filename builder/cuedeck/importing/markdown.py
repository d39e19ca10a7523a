"""Write what a card shows as Markdown, first as an author would, and if that is misread, more cautiously."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from cuedeck.importing.blocks import (
    DISPLAY,
    FORMULA,
    LINK,
    PICTURE,
    SOUND,
    TEXT,
    Code,
    Gap,
    Heading,
    Line,
    Listing,
    Piece,
    Quote,
    Rule,
    Table,
)
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.rendering.plain import MARK

Escape = Callable[[str], str]
"""Returns words with a backslash before each character that Markdown would act on."""

_SIGNS = {"b": "**", "i": "*", "s": "~~"}
_ORDER = ("ruby", "rt", "u", "sub", "sup", "b", "i", "s", "code")
# Where Markdown acts on a character: emphasis that may open or close, code, HTML, links, entities.
_ACTIVE = regex(
    r"\\|\*|`|(?<![^\W_])_|_(?![^\W_])|<(?=[a-zA-Z/!?])|~~|!(?=\[)|\](?=[(\[:])|&(?=#?\w+;)"
    r"|\[(?=\[|\^|/?(?:sound:|latex\]|\$))"
)
# Where other flavours do, so that we ask whether that was meant.
_FOREIGN = regex(rf"{_ACTIVE.pattern}|\$(?=\S)|\^(?=[\w\[+-])|(?<=\w)~(?=[\w+-])|\{{(?=\{{)")
_PUNCTUATION = regex(r"[!-'*-/:-@\[-`|~]")  # but "\(" would begin a formula
# A backslash before "[" or "(" would begin a formula, and one after another is taken for a path.
_AS_NUMBERS = {"[": "&#91;", "\\": "&#92;"}
_START = regex(r"(?:[-+](?=\s|$)|#{1,6}(?=\s|$)|>|=+\s*$|-+\s*$|~~~|\|)")
_NUMBER = regex(r"([0-9]{1,9})([.)])(?=\s|$)")
_FAR = 1000  # pieces of a line after which it does not matter which mark is outside
_CLOSING = (".", ",", ";", ":", "?", "!", ")")
_ADDRESS = regex(r"((?:https?://|www\.)[^\s<>]+)", re.IGNORECASE)


def lightly(text: str) -> str:
    """Return words as an author would write them: escaped only where Markdown certainly acts on a character."""
    return _escaped(text, _ACTIVE, {"[": "&#91;"})


def warily(text: str) -> str:
    """Return words that are also escaped where we would ask whether another flavour of Markdown was meant."""
    return _escaped(text, _FOREIGN, {"[": "&#91;"})


def fully(text: str) -> str:
    """Return words with all punctuation escaped, and two braces, which look like a deletion."""
    escaped = _PUNCTUATION.sub(lambda found: _AS_NUMBERS.get(found[0], f"\\{found[0]}"), text)
    return escaped.replace("{{", "{\\{")


def _escaped(text: str, where: "re.Pattern[str]", others: Mapping[str, str]) -> str:
    """Return words with some characters escaped, but not in bare addresses."""

    def escaped(found: "re.Match[str]") -> str:
        return others.get(found[0]) or "".join(f"\\{sign}" for sign in found[0])

    parts = _ADDRESS.split(text) if "://" in text or "www." in text else [text]
    return "".join(part if at % 2 else where.sub(escaped, part) for at, part in enumerate(parts))


@dataclass(frozen=True)
class Manner:
    """How words and marks are written.

    If marks are kept `apart`, those that are tags are outside those that are signs, and a letter after a sign within a
    word is written by its number; else marks that last longest are outside, as an author would write them.
    """

    escape: Escape
    apart: bool = False


def to_markdown(blocks: Iterable[Any], path_of: Callable[[str], str], manner: Manner, is_cloze: bool) -> str:
    """Return the Markdown of some blocks. `path_of` returns the path of a picture or sound for its name."""
    return _Writer(path_of, manner, is_cloze).blocks(blocks)


class _Writer:
    def __init__(self, path_of: Callable[[str], str], manner: Manner, is_cloze: bool) -> None:
        self._path_of = path_of
        self._escape = manner.escape
        self._apart = manner.apart
        self._is_cloze = is_cloze

    def blocks(self, blocks: Iterable[Any]) -> str:
        parts: list[str] = []
        before: Any = None
        for block in blocks:
            if isinstance(block, Gap):
                before = block if before is not None else None
                continue
            if parts:
                parts.append(self._between(before, block))
            is_after_list = isinstance(before, Listing) and isinstance(block, Listing)
            parts.append(self._block(block, is_second=is_after_list))
            before = block
        return "".join(parts)

    def _between(self, before: Any, block: Any) -> str:
        if not (isinstance(before, Line) and isinstance(block, Line)):
            return "\n\n"
        last, first = before.pieces[-1], block.pieces[0]
        if last.kind == DISPLAY and first.kind == TEXT and first.text.startswith(_CLOSING):
            return ""
        return "\n" if DISPLAY in (last.kind, first.kind) else "\\\n"

    def _block(self, block: Any, is_second: bool) -> str:
        match block:
            case Line(pieces):
                return self._line(pieces)
            case Heading(level, pieces):
                return f"{'#' * level} {self.inline(pieces)}"
            case Listing(start, items):
                return "\n".join(self._items(start, items, is_second))
            case Quote(inside):
                return re.sub("^", "> ", self.blocks(inside), flags=re.MULTILINE)
            case Code(text):
                longest = max((len(each) for each in re.findall("`+", text)), default=0)
                fence = "`" * max(3, longest + 1)
                return f"{fence}\n{text}\n{fence}"
            case Table(rows, _):
                return self._table(rows)
            case Rule():
                return "---"
        raise AssertionError(block)

    def _items(self, start: int, items: Iterable[Iterable[Any]], is_second: bool) -> Iterator[str]:
        for number, item in enumerate(items, start):
            marker = f"{number}{')' if is_second else '.'} " if start else "* " if is_second else "- "
            text = self._item(item)
            yield marker + text.replace("\n", f"\n{' ' * len(marker)}").replace(f"\n{' ' * len(marker)}\n", "\n\n")

    def _item(self, blocks: Iterable[Any]) -> str:
        """Return the text of an item: a list in it follows its words without an empty line."""
        blocks = tuple(blocks)
        match blocks:
            case (Line() as line, Listing() as inner):
                return f"{self._block(line, False)}\n{self._block(inner, False)}"
        return self.blocks(blocks)

    def _table(self, rows: Iterable[Iterable[tuple[Piece, ...]]]) -> str:
        lines = []
        for number, row in enumerate(rows):
            cells = [
                self.inline(cell).replace("|", "\\|").replace("\\\\|", "\\|").replace("\n", "<br>") for cell in row
            ]
            lines.append(f"| {' | '.join(cells)} |")
            if not number:
                lines.append(f"|{' --- |' * len(cells)}")
        return "\n".join(lines)

    def _line(self, pieces: Iterable[Piece]) -> str:
        text = self.inline(pieces)
        if number := _NUMBER.match(text):
            return f"{number[1]}\\{text[number.end(1) :]}"
        return f"\\{text}" if _START.match(text) else text

    def inline(self, pieces: Iterable[Piece]) -> str:
        """Return the Markdown of a line. Marks are opened and closed so that none overlaps another."""
        pieces = list(pieces)
        opened: list[str] = []
        parts: list[str] = []
        for at, piece in enumerate(pieces):
            marks = piece.marks
            if piece.kind != TEXT or (not piece.text.strip(" ") and "code" not in marks):
                marks = _kept_open(opened, pieces, at + 1)
            while any(mark not in marks for mark in opened) or (self._apart and not _begins(opened, marks)):
                parts.append(self._end(opened.pop()))
            new = sorted(marks - {*opened}, key=_rank)
            if not self._apart:  # what lasts longest is opened first
                new.sort(key=partial(_lasting, pieces, at), reverse=True)
            for mark in new:
                if mark != "code":
                    opened.append(mark)
                    parts.append(self._begin(mark))
            text = self._piece(piece)
            is_after_sign = not new and parts and parts[-1] in _SIGNS.values()
            if self._apart and is_after_sign and piece.kind == TEXT and text[:1].isalnum():
                text = f"&#{ord(text[0])};{text[1:]}"
            parts.append(text)
        parts += [self._end(mark) for mark in reversed(opened)]
        return "".join(parts)

    def _begin(self, mark: str) -> str:
        if mark.startswith(LINK):
            return "["
        return _SIGNS.get(mark, f"<{mark}>")

    def _end(self, mark: str) -> str:
        if mark.startswith(LINK):
            return f"](<{mark[len(LINK) :]}>)" if re.search(r"[()\s]", mark) else f"]({mark[len(LINK) :]})"
        return _SIGNS.get(mark, f"</{mark}>")

    def _piece(self, piece: Piece) -> str:
        if piece.kind == FORMULA:
            return f"\\({piece.text}\\)"
        if piece.kind == DISPLAY:
            return f"\\[{piece.text}\\]"
        if piece.kind in (PICTURE, SOUND):
            percent = next((mark.removeprefix("width:") for mark in piece.marks if mark.startswith("width:")), "")
            width = f"{{width={percent}%}}" if percent else ""
            words = fully(piece.words)
            return f"![{words}]({self._path_of(piece.text)}){width}"
        if "code" in piece.marks:
            return _code(piece.text)
        if self._is_cloze:
            parts = MARK.split(piece.text)
            return "".join(part if at % 2 else self._escape(part) for at, part in enumerate(parts))
        return self._escape(piece.text).replace("{{c", "{\\{c")


def _code(text: str) -> str:
    longest = max((len(each) for each in re.findall("`+", text)), default=0)
    ticks = "`" * (1 if not longest else longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _kept_open(opened: Iterable[str], pieces: Sequence[Piece], start: int) -> frozenset[str]:
    """Return the marks that go on after a space, a formula or a picture, which have none themselves."""
    later = pieces[start : start + _FAR]
    following = next((piece.marks for piece in later if piece.kind == TEXT and piece.text.strip(" ")), frozenset())
    return frozenset(opened) & following


def _lasting(pieces: Sequence[Piece], start: int, mark: str) -> int:
    """Return how many pieces in a row have a mark, as far as that matters."""
    count = 0
    for piece in pieces[start : start + _FAR]:
        if piece.kind == TEXT and piece.text.strip(" ") and mark not in piece.marks:
            break
        count += 1
    return count


def _rank(mark: str) -> int:
    """Return how far inside a mark is: a link is outside all others."""
    return _ORDER.index(mark) if mark in _ORDER else -1


def _begins(opened: Sequence[str], marks: Iterable[str]) -> bool:
    """Return whether the marks that are open are the outermost of some marks."""
    return opened == sorted((mark for mark in marks if mark != "code"), key=_rank)[: len(opened)]
