"""Map the characters of a value to the part of the file that stands for them.

So a part of a value can be rewritten, as its quotes require, while everything else in it stays as it is written.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from cuedeck.patterns import regex
from cuedeck.reading.escapes import SURROGATES, unescaped
from cuedeck.records import dataclass

_MOST_COMPARED = 200  # characters of a part, since the time for comparing grows with their square

_Encode = Callable[[str, str], str]
"""Returns how to write the new text of a stretch of a scalar; the arguments are the new text and the old one."""

_FOLD = r"[ \t]*(?:\n[ \t]*)+"
_QUOTED = regex(rf"''|{_FOLD}|[ \t]+|[^' \t\n]+")
_PLAIN = regex(rf"{_FOLD}|[ \t]+|[^ \t\n]+")
_DOUBLE = regex(
    rf"{SURROGATES}|"
    r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\\n[ \t]*|\\."
    rf"|{_FOLD}|[ \t]+|[^\\ \t\n]+"
)
_BLOCK_HEADER = regex(r"[|>][-+0-9]*(?:[ \t]+#[^\n]*|[ \t]*)\n")
_QUOTED_KEY = regex(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""")

# What an unquoted text must not begin with, and what it must not contain, since a colon or "#" may end it.
_NOT_FIRST = regex(r"[-?:,\[\]{}#&*!|>'\"%@`\s]")
_NOT_WITHIN = regex(r":(?:[\s,\[\]{}]|$)|\s#")
_ENDS_IN_BRACKETS = regex(r"[,\[\]{}]")
_EDGES_OF_LINES = regex(r"^[ \t]|[ \t\n]$")


@dataclass(frozen=True, order=True)
class Edit:
    """A stretch of the file, and the text that replaces it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Swap:
    """A stretch of a value, and the text that is to replace it."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class _Run:
    """A stretch of the file, and the part of the value that it stands for; if `verbatim`, both are the same."""

    start: int  # in the file
    end: int
    at: int  # in the value
    text: str
    verbatim: bool


@dataclass(frozen=True)
class WrittenSwap:
    """How a swap is written: where the part is in the file, and the edits there."""

    start: int
    end: int
    edits: tuple[Edit, ...]


class NotWritable(Exception):
    """A scalar is written in a way in which a part of it cannot be replaced."""


@dataclass(frozen=True)
class Written:
    """How swaps in a value are written, and the edits that put the whole value in quotes.

    Of several edits at one place, the opening ones come first, and the closing ones last.
    """

    swaps: tuple["WrittenSwap", ...]
    opening: tuple[Edit, ...] = ()
    closing: tuple[Edit, ...] = ()


def key_end(text: str, start: int, name: str) -> int:
    """Return where the key that begins at `start` ends, with its quotes. Raises `NotWritable`."""
    if quoted := _QUOTED_KEY.match(text, start):
        return quoted.end()
    if text.startswith(name, start):
        return start + len(name)
    raise NotWritable


def write(text: str, start: int, end: int, value: str, swaps: Sequence[Swap]) -> Written:
    """Return how to swap parts of the scalar from `start` to `end` in the text of a file.

    `swaps` are in order and do not overlap. Raises `NotWritable` if the scalar is written in a way that is not
    understood, or in one that cannot express the new text.
    """
    runs = _runs(text, start, end, value)
    style = text[start]
    if style in "|>":
        return Written(tuple(_written(runs, value, swap, _as_it_is) for swap in swaps))
    if style == '"':
        return Written(tuple(_written(runs, value, swap, _in_double_quotes) for swap in swaps))
    if style == "'":
        return Written(tuple(_written(runs, value, swap, _in_single_quotes) for swap in swaps))
    plain = tuple(_written(runs, value, swap, _on_one_line) for swap in swaps)
    if _stays_plain(text, start, end, plain):
        return Written(plain)
    quoted = tuple(_written(runs, value, swap, _in_single_quotes) for swap in swaps)
    kept = _quotes_kept(text, start, end, quoted)
    return Written(quoted, (Edit(start, start, "'"),), (*kept, Edit(end, end, "'")))


def replaced(text: str, edits: Sequence[Edit]) -> tuple[str, list[int]]:
    """Return a text with edits made, and where each begins in the new text. Edits are in order and do not overlap."""
    pieces: list[str] = []
    begins: list[int] = []
    at = length = 0
    for edit in edits:
        pieces += (text[at : edit.start], edit.text)
        length += edit.start - at
        begins.append(length)
        length += len(edit.text)
        at = edit.end
    return "".join((*pieces, text[at:])), begins


def swapped(value: str, swaps: Iterable[Swap]) -> str:
    """Return a value with parts of it swapped."""
    return replaced(value, [Edit(each.start, each.end, each.new) for each in swaps])[0]


def _written(runs: Sequence[_Run], value: str, swap: Swap, encode: _Encode) -> WrittenSwap:
    """Return the smallest edits that make a swap, so that what stays the same, such as a line end, is not rewritten.

    Raises `NotWritable`.
    """
    starts = [run.at for run in runs]
    edits = []
    for start, end, new in _differences(value[swap.start : swap.end], swap.new):
        first, last = _span(runs, starts, swap.start + start, swap.start + end)
        edits.append(Edit(first, last, encode(new, value[swap.start + start : swap.start + end])))
    return WrittenSwap(*_span(runs, starts, swap.start, swap.end), tuple(edits))


def _differences(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches of `old` that differ in `new`, with the new text for each."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle, wanted = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(middle), len(wanted)) > _MOST_COMPARED:
        yield head, head + len(middle), wanted
        return
    for kind, start, end, first, last in SequenceMatcher(None, middle, wanted, autojunk=False).get_opcodes():
        if kind != "equal":
            yield head + start, head + end, wanted[first:last]


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(map(len, (one, other)))
    )


def _span(runs: Sequence[_Run], starts: Sequence[int], first: int, last: int) -> tuple[int, int]:
    """Return where a stretch of the value begins and ends in the file. Raises `NotWritable`."""
    begin = _position(runs, starts, first)
    return (begin, begin) if first == last else (begin, _position(runs, starts, last - 1, at_end=True))


def _position(runs: Sequence[_Run], starts: Sequence[int], place: int, at_end: bool = False) -> int:
    """Return where a character of the value begins in the file, or where it ends."""
    number = bisect_right(starts, place) - 1
    if number < 0:
        raise NotWritable
    run = runs[number]
    offset = place - run.at
    if run.verbatim:
        return run.start + offset + at_end
    if at_end and offset == len(run.text) - 1:
        return run.end
    if not at_end and offset == 0:
        return run.start
    if not at_end and offset >= len(run.text):
        return run.end
    raise NotWritable


def _as_it_is(new: str, old: str) -> str:
    if "\n" in new or "\n" in old:
        raise NotWritable
    return new


def _on_one_line(new: str, _: str) -> str:
    if "\n" in new:
        raise NotWritable
    return new


def _in_single_quotes(new: str, old: str) -> str:
    return _on_one_line(new, old).replace("'", "''")


def _in_double_quotes(new: str, _: str) -> str:
    return new.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n").replace("\t", r"\t")


def _stays_plain(text: str, start: int, end: int, swaps: Iterable[WrittenSwap]) -> bool:
    """Whether an unquoted text needs no quotes after its swaps."""
    edits = [Edit(each.start - start, each.end - start, each.text) for swap in swaps for each in swap.edits]
    new, _ = replaced(text[start:end], edits)
    if not new or any(_ENDS_IN_BRACKETS.search(edit.text) for edit in edits):
        return False
    if new[:2] != text[start : start + 2] and _NOT_FIRST.match(new):
        return False
    return not _NOT_WITHIN.search(new) and not _EDGES_OF_LINES.search(new)


def _quotes_kept(text: str, start: int, end: int, swaps: Iterable[WrittenSwap]) -> Iterator[Edit]:
    """Yield an edit for each single quote of an unquoted text that no swap replaces: within quotes it is doubled."""
    gone = [(edit.start, edit.end) for swap in swaps for edit in swap.edits]
    for found in re.finditer("'", text[start:end]):
        place = start + found.start()
        number = bisect_right(gone, (place, end)) - 1
        if number < 0 or place >= gone[number][1]:
            yield Edit(place, place, "'")


def _runs(text: str, start: int, end: int, value: str) -> list[_Run]:
    """Return which part of the file stands for which part of a scalar's value. Raises `NotWritable`."""
    style = text[start : start + 1]
    if style == "":
        raise NotWritable
    if style in "|>":
        runs = list(_block_runs(text, start, end, value))
    elif style == '"':
        runs = list(_flow_runs(text, start + 1, end - 1, _DOUBLE, _escaped))
    elif style == "'":
        runs = list(_flow_runs(text, start + 1, end - 1, _QUOTED, _doubled))
    else:
        runs = list(_flow_runs(text, start, end, _PLAIN, str))
    read = "".join(run.text for run in runs)
    if not runs or (read.rstrip("\n") != value.rstrip("\n") if style in "|>" else read != value):
        raise NotWritable
    return runs


def _flow_runs(
    text: str, start: int, end: int, pattern: "re.Pattern[str]", meant: Callable[[str], str]
) -> Iterator[_Run]:
    """Yield the pieces of a quoted or plain text; `meant` returns what a piece stands for if it is not a line end."""
    place, at = start, 0
    while place < end and (found := pattern.match(text, place, end)):
        piece = found[0]
        read = _folded(piece) if "\n" in piece and not piece.startswith("\\") else meant(piece)
        yield _Run(place, found.end(), at, read, verbatim=read == piece)
        place, at = found.end(), at + len(read)


def _folded(piece: str) -> str:
    """Return what line ends, with the white space around them, stand for."""
    return " " if piece.count("\n") == 1 else "\n" * (piece.count("\n") - 1)


def _doubled(piece: str) -> str:
    return "'" if piece == "''" else piece


def _escaped(piece: str) -> str:
    return "" if piece.startswith("\\\n") else unescaped(piece)


def _block_runs(text: str, start: int, end: int, value: str) -> Iterator[_Run]:
    """Yield the lines of a block, each without its indentation, and what is between them."""
    header = _BLOCK_HEADER.match(text, start, end)
    if not header:
        return
    place = header.end()
    lines = text[place:end].split("\n")
    indent = _indent(lines, value)
    at = blanks = 0
    before = ""
    for line in lines:
        content = line[indent:]
        if content:
            if between := _between(before, content, blanks, folded=text[start] == ">"):
                yield _Run(place + indent, place + indent, at, between, verbatim=False)
                at += len(between)
            yield _Run(place + indent, place + len(line), at, content, verbatim=True)
            at += len(content)
            before, blanks = content, 0
        blanks += 1
        place += len(line) + 1


def _indent(lines: Sequence[str], value: str) -> int:
    """Return how far the lines of a block are indented, according to the first one that is not blank."""
    first = next((line for line in lines if line.strip(" ")), "")
    meant = next((line for line in value.split("\n") if line.strip(" ")), "")
    shown = len(meant) - len(meant.lstrip(" "))
    return len(first) - len(first.lstrip(" ")) - shown


def _between(before: str, content: str, breaks: int, folded: bool) -> str:
    """Return what a number of line ends between two lines of a block stands for."""
    if not before or not folded or before[0] in " \t" or content[0] in " \t":
        return "\n" * breaks
    return " " if breaks == 1 else "\n" * (breaks - 1)
