"""Find lists, tables and code in a text whose lines YAML joins, so that a card would show them on one line."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cuedeck.patterns import regex
from cuedeck.problems import Fix, Problem
from cuedeck.reading.escapes import decoded
from cuedeck.reading.forms import Scalar, after_bar, double_quoted, in_quotes, is_shown
from cuedeck.reading.refusals import refusal
from cuedeck.records import dataclass

_ITEM = regex(r"(?:(?P<bullet>[-*+])|(?P<number>\d{1,9})[.)])[ \t]+(?P<text>\S.*)")
_RULE = regex(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")  # below the head of a table
_FENCE = regex(r"```|~~~")
_QUOTATION = regex(r">(?:[ \t]|$)")
_OPERAND = regex(r"[-+]?[$€£¥]?\d|[a-zA-Z](?:\W|$)|\\[a-zA-Z(]|\(")
_AFTER_OPERAND = regex(r"(?:[\d)}\]]|(?<![a-zA-Z])[a-zA-Z])$")
_BORDER = regex(r"\\[()\[\]]|\$\$")
_BEGINS = regex(r"\n[ \t]*[-*+>|:`~0-9]")


def may_be_folded(text: str, start: int, end: int) -> bool:
    """Whether a part of a text has a line after its first that begins like a list, a table or code."""
    ends = text.find("\n", start, end)
    return ends >= 0 and bool(_BEGINS.search(text, ends, end))


@dataclass(frozen=True)
class _Line:
    """A line of a text: the index in the source where its words begin, and its words without surrounding space."""

    index: int
    words: str


def folded_problem(written: Scalar) -> Problem | None:
    """Return the problem of a text of several lines if YAML joins the lines of a list, a table or code in it."""
    source = written.source.rstrip()
    if (
        written.style == '"' and "\\\n" in source
    ):  # lines that the author joined, with more escapes than are distinguished here
        return None
    at = next(filter(None, map(_first_lost, _paragraphs(source, written.style))), None)
    if at is None:
        return None
    text = _lines_as_meant(source, written.style)
    fix = _fix(written, source, text)
    return refusal("text-folded", written.place_at(at.index), how_to_write=_hint(written, text), fix=fix)


def _hint(written: Scalar, text: str) -> str:
    if not written.is_in_block:
        way = "write the text in double quotes on one line, with \\n where a line ends"
        return f"{way}:\n{in_quotes(written.shown_head, text)}" if is_shown(text) else way
    way = 'write the text after a "|", which keeps its lines'
    return f"{way}:\n{after_bar(written.shown_head, text)}" if is_shown(text) else way


def _fix(written: Scalar, source: str, text: str) -> Fix | None:
    """Return the fix that keeps the lines of a text apart; None if there is none."""
    if written.style == ">":
        return Fix(written.place, ">", "|")
    if not written.head:
        return None
    if written.in_brackets:
        return Fix(written.place, source, double_quoted(text))
    line_start = written.text.rfind("\n", 0, written.start) + 1
    line_end = written.text.find("\n", written.end)
    rest = written.text[written.end : line_end if line_end >= 0 else len(written.text)]
    # A comment would become part of the text, and a text that begins below its key cannot begin with a "|" there.
    if rest.strip() or not written.text[line_start : written.start].strip():
        return None
    margin = " " * min(_margin(line) for line in source.split("\n")[1:] if line.strip())
    return Fix(written.place, source, "\n".join(["|", *(f"{margin}{line}".rstrip() for line in text.split("\n"))]))


def _paragraphs(source: str, style: str) -> Iterator[Sequence[_Line]]:
    """Yield the lines that YAML joins into one, for each line that it makes of the text."""
    lines = [*_lines(source)]
    if style == ">":
        del lines[0]
        margin = min((line.index - start for start, line in lines if line.words), default=0)
    joined: list[_Line] = []
    for start, line in lines:
        is_apart = not line.words or (style == ">" and line.index - start > margin)
        if is_apart:
            yield joined
            joined = []
        else:
            joined.append(line)
    yield joined


def _lines(source: str) -> Iterator[tuple[int, _Line]]:
    """Yield each line with the index where it begins."""
    start = 0
    for line in source.split("\n"):
        words = line.lstrip(" \t")
        yield start, _Line(start + len(line) - len(words), words.rstrip(" \t"))
        start += len(line) + 1


def _first_lost(lines: Sequence[_Line]) -> _Line | None:
    """Return the first of some lines that YAML joins into one which begins or continues a list, a table or code."""
    lines = [*_outside_formulas(lines)]
    if len(lines) < 2:
        return None
    texts = [line.words.lstrip("\"'") if not number else line.words for number, line in enumerate(lines)]
    items = [_ITEM.match(text) for text in texts]
    sums = _of_sums(texts, items)
    repeated = _repeated(items, sums)
    for number, (before, text) in enumerate(pairwise(texts), 1):
        if _FENCE.match(text) or _FENCE.match(before) or (_QUOTATION.match(before) and _QUOTATION.match(text)):
            return lines[number]
        if _RULE.match(text) and "|" in text and "|" in before:
            return lines[number]
        item = items[number]
        if not item:
            continue
        mark = item["bullet"] or str(int(item["number"]))
        # Otherwise it may be a sentence with a dash, a sum or a year at the beginning of a line.
        is_asked = item["text"].startswith("{{c")
        if (mark in repeated and number not in sums) or is_asked or (before.endswith(":") and mark in "-*+1"):
            return lines[number]
    return None


def _outside_formulas(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Yield the lines that do not begin inside a formula."""
    is_open = False
    for line in lines:
        if not is_open:
            yield line
        for found in _BORDER.finditer(line.words):
            is_open = not is_open if found[0] == "$$" else found[0] in (r"\(", r"\[")


def _of_sums(texts: Sequence[str], items: Sequence["re.Match[str] | None"]) -> frozenset[int]:
    """Return the numbers of the lines that continue a sum, as "- 3" does after "5"."""
    found: set[int] = set()
    for number, (before, item) in enumerate(zip(texts, items[1:], strict=False), 1):
        is_next = items[number - 1] is None or number - 1 in found
        if item and item["bullet"] and is_next and _OPERAND.match(item["text"]) and _AFTER_OPERAND.search(before[-9:]):
            found.add(number)
    return frozenset(found)


def _repeated(items: Sequence["re.Match[str] | None"], sums: frozenset[int]) -> frozenset[str]:
    """Return the bullets that several lines begin with, and the numbers that count up from line to line."""
    bullets = [item["bullet"] for at, item in enumerate(items) if item and item["bullet"] and at not in sums]
    numbers = [int(item["number"]) for item in items if item and item["number"]]
    counted = {str(number) for one, next_one in pairwise(numbers) if next_one == one + 1 for number in (one, next_one)}
    return frozenset(counted | {each for each in set(bullets) if bullets.count(each) > 1})


def _lines_as_meant(source: str, style: str) -> str:
    """Return the text with its lines as they must be written after a `|`."""
    lines = source.split("\n")
    if style == ">":
        del lines[0]
    elif style:
        as_read = decoded if style == '"' else _without_doubled_quotes
        lines = [as_read(line) for line in source[1:-1].split("\n")]
    first, *others = lines if style != ">" else ["", *lines]
    margin = min((_margin(line) for line in others if line.strip()), default=0)
    shown = [first.strip(), *(line[margin:].rstrip() for line in others)]
    while shown and not shown[0]:
        del shown[0]
    return "\n".join(_with_list_apart(shown)).rstrip("\n")


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _with_list_apart(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines, with an empty one before a list that Markdown would read as part of the sentence before it."""
    before = ""
    for line in lines:
        item = _ITEM.match(line)
        if item and item["number"] and int(item["number"]) != 1 and before and not _ITEM.match(before):
            yield ""
        yield line
        before = line.strip()


def _without_doubled_quotes(line: str) -> str:
    return line.replace("''", "'")
