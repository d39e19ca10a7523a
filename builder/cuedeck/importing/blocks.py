"""What a card shows: blocks of lines, and in these words with their marks."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from markdown_it.common.normalize_url import normalizeLink

from cuedeck.patterns import regex
from cuedeck.records import dataclass

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


_SPACES = regex(" +")
_CORE = regex(r"([\W_]*)(.*?)([\W_]*)", re.DOTALL)


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

    Empty lines do not count, nor do spaces in formulas, the words of pictures, and the marks of a space. `file_of`
    returns for the name of a file the one by which it is compared.
    """
    return changed(
        blocks, lambda pieces: _with_marked_spaces([_same(piece, file_of) for piece in pieces]), keep_gaps=False
    )


def _with_marked_spaces(pieces: Sequence[Piece]) -> Pieces:
    """Return pieces in which a space has the marks that the words on both sides have: bold words or a bold phrase."""
    parts = list(pieces)
    for at in range(1, len(parts) - 1):
        if parts[at] == Piece(TEXT, " ") and parts[at - 1].kind == parts[at + 1].kind == TEXT:
            parts[at] = Piece(TEXT, " ", (parts[at - 1].marks & parts[at + 1].marks) - {"code"})
    return merged(parts)


def _same(piece: Piece, file_of: Callable[[str], str]) -> Piece:
    if piece.kind in (PICTURE, SOUND):
        return Piece(piece.kind, file_of(piece.text), piece.marks)
    if piece.kind in (FORMULA, DISPLAY):
        return Piece(piece.kind, "".join(piece.text.split()))
    return piece


def merged(run: Iterable[Piece]) -> Pieces:
    """Return a run in which neighbouring words with the same marks are one piece; a line break takes on any marks."""
    parts: list[Piece] = []
    texts: list[str] = []  # of the last piece

    for piece in run:
        last = parts[-1] if parts else None
        if last and last.kind == piece.kind == TEXT and (last.marks == piece.marks or piece.text == "\n"):
            texts.append(piece.text)
        elif piece.text:
            if last and len(texts) > 1:
                parts[-1] = last._replace(text="".join(texts))
            parts.append(piece)
            texts = [piece.text]
    if len(texts) > 1:
        parts[-1] = parts[-1]._replace(text="".join(texts))
    return tuple(parts)


def trimmed(pieces: Iterable[Piece]) -> Pieces:
    """Return the pieces of a line without spaces at its ends, and with single spaces in it, which have no marks."""
    parts: list[Piece] = []
    run = merged(pieces)
    if len(run) == 1 and run[0].kind == TEXT and not run[0].marks:  # as most lines are
        text = _SPACES.sub(" ", run[0].text).strip(" ")
        return (run[0]._replace(text=text),) if text else ()
    for piece in run:
        bare = piece.text.strip(" ")
        if piece.kind != TEXT or bare == piece.text:
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
            text = _SPACES.sub(" ", piece.text)
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


def without_outer_gaps(blocks: list[Any]) -> tuple[Any, ...]:
    """Return blocks without the empty lines at both ends."""
    begin, end = 0, len(blocks)
    while begin < end and isinstance(blocks[begin], Gap):
        begin += 1
    while end > begin and isinstance(blocks[end - 1], Gap):
        end -= 1
    return tuple(blocks[begin:end])


def lines_of(block: Any) -> Iterator[Pieces]:
    """Yield the lines of a block, as words: items of a list with a sign before them."""
    match block:
        case Line(pieces) | Heading(_, pieces):
            yield pieces
        case Listing(start, items):
            for number, item in enumerate(items, start):
                sign = Piece(TEXT, f"{number}. " if start else "• ")
                for at, pieces in enumerate(each for inside in item for each in lines_of(inside)):
                    yield pieces if at else (sign, *pieces)
        case Quote(blocks):
            for inside in blocks:
                yield from lines_of(inside)
        case Code(text):
            for line in text.split("\n"):
                yield (Piece(TEXT, line, frozenset({"code"})),)
        case Table(rows, _):
            for row in rows:
                yield from (cell for cell in row if cell)


def flat(blocks: Iterable[Any]) -> tuple[Block, ...]:
    """Return blocks as mere lines."""
    lines = (pieces for block in blocks for pieces in lines_of(block))
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
