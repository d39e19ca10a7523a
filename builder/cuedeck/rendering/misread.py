"""Report lines that Markdown reads as lists, quotations or headings, but that were meant as something else.

Cards would show these lines without their signs. Tables that Markdown does not recognise are reported too, since cards
would show all of their signs. There is one rule, `misread-line`, because authors need to know just two things: how
Markdown reads the line, and how to write what they meant.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.records import dataclass
from cuedeck.rendering.mistakes import shortened

if TYPE_CHECKING:
    from markdown_it.token import Token  # imported only for types, since the parser loads slowly

# Lines whose ">" means "greater than" or is the prompt of a program.
_COMPARED = regex(r">{3,}(?=\s)|>+\s*(?:=|(?:\{\{c[\d,]+::)?(?:[-+−±~≈]?\s?[$€£¥]?[-−]?\s?[.,]?[\d½¼¾∞]|\\\())")
_LETTER_COMPARED = regex(r">\s*(?![AI]\b)[A-Za-z](?:\b(?!['’.])|\d)")
# What may be before the sign of a quotation in its line: the signs of list items that contain it.
_AROUND = regex(r"(?:[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+)*[ \t]*(?=>)")
_WORD = regex(r"[^\W\d_]{2,}")
_ITEM = regex(r"[ \t>]*(?P<sign>[-+*])(?:[ \t]+(?P<text>.*))?$")
_NUMBERED = regex(r"[ \t>]*(?:[-+*][ \t]+)*(?P<number>\d{1,9})(?P<sign>[.)])(?:[ \t]|$)")
_BAR_LINE = regex(r"\s*\|.*\|\s*$")
_RULE_LINE = regex(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$|\s*\|\s*:?-+:?\s*\|\s*$")
_UNSEEN = "\u200b\u200e\u200f\u061c\ufeff"  # such as marks of direction, which chats put before each line
OWN_ITEM = regex(
    rf"""
    [{_UNSEEN}]*\s*(?:
        [•◦‣▪●○■·・→➢✓✔\uf0b7①-⑳]                           # a bullet, or a number in a circle
      | [–—](?=\s) | [-*]\u00a0 | -(?=[^\W\d_]) | \*(?=[^\W_][^*\n]*$)   # a dash or star without its space
      | \(?[^\W\d_][.)](?=\s) | [^\W\d_]['’׳]?\s?[-–](?=\s) | o\t          # a letter
      | \((?:\d{{1,2}}|[ivxIVX]{{1,4}}|[^\W\d_])\)(?=\s) | [ivxIVX]{{1,4}}[.)](?=\s)
      | （(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})） | [一二三四五六七八九十]{{1,3}}[、．.]
      | [٠-٩۰-۹]{{1,3}}[.)](?=\s)
      | \d{{1,3}}(?:[、．] | \.\) | [-–](?=\s) | \.(?=[^\W\d_]))
    )
    | [{_UNSEEN}\u00a0\u3000]+(?:[-+*>#]|\d{{1,9}}[.)])\s                  # an item after something that is not seen
    | (?:\ {{4}}|\t)[ \t]*(?:[-+*]|\d{{1,9}}[.)])\s                        # an item that is indented too far to be one
    """,
    re.VERBOSE,
)
"""The beginning of a line that looks like a list item to readers, but not to Markdown: another bullet or dash, or a
letter or number in another form."""
_COLUMNS = regex(r"\S\t+\S")
# The line of a program that a block of lines follows, which are indented.
_BLOCK = regex(r"\{\s*$|^\s*(?:async |def |class |for |while |if |elif |else\b|try\b|with |except\b|switch).*:\s*$")
_DEFINITION = regex(r"\s*:[ \t]+\S")


def misread_lines(tokens: "Sequence[Token]", source: str) -> Iterator[TextError]:
    """Yield an error for each line of a text that was plainly not meant as Markdown reads it."""
    lines = source.split("\n")
    yield from _quotations(tokens, lines)
    yield from _headings(tokens, lines)
    yield from _lists(tokens, lines)
    yield from _tables(tokens, lines)


def _quotations(tokens: "Sequence[Token]", lines: Sequence[str]) -> Iterator[TextError]:
    for token in tokens:
        if token.type != "blockquote_open" or not token.map:
            continue
        first, last = token.map
        quoted = [line[found.end() :] for line in lines[first:last] if (found := _AROUND.match(line))]
        interrupts = first > 0 and bool(lines[first - 1].strip())
        if quoted and (
            all(_COMPARED.match(line) for line in quoted)
            or (len(quoted) == 1 and interrupts and _LETTER_COMPARED.match(quoted[0]))
        ):
            yield _misread(
                quoted[0],
                ">",
                "a quotation",
                "if it is a quotation, put it in quotation marks",
                is_certain=quoted[0].startswith(">="),
            )


def _headings(tokens: "Sequence[Token]", lines: Sequence[str]) -> Iterator[TextError]:
    for at, token in enumerate(tokens):
        if token.type != "heading_open" or not token.map:
            continue
        first, last = token.map
        words = tokens[at + 1].content
        if token.markup[0] in "=-":
            underline = lines[last - 1].strip(" \t>")
            if len(underline) < 3 or not _heads_something(tokens, at, words):
                yield _error(
                    f'the line "{underline}" would not be shown: it turns "{shortened(words)}" above it into a heading',
                    f"to show it, write \\{underline}; for a line across the card, write --- after an empty line",
                    underline if len(underline) > 1 else words.partition("\n")[0],
                )
        elif len(lines) == 1 and not words:
            continue  # a sign alone, which shows nothing: reported as such
        elif not _heads_something(tokens, at, words) or (first > 0 and lines[first - 1].strip()):
            yield _misread(lines[first], "#", "a heading", "for a line that stands out, write **bold** text")


def _heads_something(tokens: "Sequence[Token]", at: int, words: str) -> bool:
    """Return whether a heading looks like one: it begins with a letter that is not lower-case, and a text follows."""
    begin = words.lstrip("*_`\"'“‘«„([{¿¡")
    if begin.startswith("{c"):  # a deletion
        begin = begin.partition("::")[2]
    return len(tokens) > at + 3 and tokens[at + 3].nesting >= 0 and begin[:1].isalpha() and not begin[0].islower()


@dataclass(frozen=True, slots=True)
class _List:
    """A list: the position of its first token, its level, and the first and last line of each of its items."""

    at: int
    level: int
    items: tuple[tuple[int, int], ...]

    @property
    def first(self) -> int:
        """The number of its first line, from 0."""
        return self.items[0][0]


def _lists(tokens: "Sequence[Token]", lines: Sequence[str]) -> Iterator[TextError]:
    for at, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            found = _List(at, token.level, tuple(_items(tokens, at)))
            yield from (_bullets if token.type == "bullet_list_open" else _numbers)(tokens, found, lines)


def _items(tokens: "Sequence[Token]", at: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of each item of the list that begins at a token."""
    level = tokens[at].level
    for token in islice(tokens, at + 1, None):
        if token.level == level:
            return
        if token.type == "list_item_open" and token.level == level + 1 and token.map:
            yield token.map[0], token.map[1] - 1


def _bullets(tokens: "Sequence[Token]", found: _List, lines: Sequence[str]) -> Iterator[TextError]:
    texts = [lines[first] for first, _ in found.items]
    signs = [(each["sign"], each["text"] or "") for text in texts if (each := _ITEM.match(text))]
    if len(signs) == len(texts):
        yield from _empty_bullets(found, texts, signs, lines)
        yield from _sums(found, texts, signs, lines)
    margin = _margin(texts[0])
    if found.at and tokens[found.at - 1].type == "ordered_list_close" and 0 < margin < 3:
        width = _number_width(lines, found.first)
        if width > margin:
            yield _error(
                f'"{shortened(texts[0].strip())}" is indented too little to belong to the item above it',
                f"indent it by {width} spaces, so that it lines up with the text of that item",
                texts[0].strip(),
            )


def _empty_bullets(
    found: _List, texts: Sequence[str], signs: Sequence[tuple[str, str]], lines: Sequence[str]
) -> Iterator[TextError]:
    bare = next((at for at, (_, text) in enumerate(signs) if not text.strip()), None)
    if bare is not None and len(lines) > 1 and not any(lines[last].strip(" \t>+*-") for _, last in found.items):
        yield _misread(texts[bare], signs[bare][0], "an empty list", "")


def _sums(
    found: _List, texts: Sequence[str], signs: Sequence[tuple[str, str]], lines: Sequence[str]
) -> Iterator[TextError]:
    if any(_WORD.search(text) for _, text in signs):
        return
    before = lines[found.first - 1].strip() if found.first and not found.level else ""
    if before and not _WORD.search(before) and not before.endswith(":"):
        yield _misread(texts[0], signs[0][0], "a list", "if it is a list, put an empty line before it")
    elif signs[0][0] == "+" and len(signs) > 1:
        yield _misread(texts[0], "+", "a list", "if it is a list of numbers, write - instead of +")


def _number_width(lines: Sequence[str], before: int) -> int:
    """Return how far the words of the nearest numbered item above a line are indented; 0 if there is none."""
    for line in reversed(lines[:before]):
        if found := _NUMBERED.match(line):
            return found.end()
    return 0


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _numbers(tokens: "Sequence[Token]", found: _List, lines: Sequence[str]) -> Iterator[TextError]:
    texts = [lines[first] for first, _ in found.items]
    signs = [(int(each["number"]), each["sign"]) for text in texts if (each := _NUMBERED.match(text))]
    if len(signs) != len(texts):
        return
    number, sign = signs[0]
    numbers = [each for each, _ in signs]
    is_single = len(signs) == 1 and not found.level and found.first > 0 and not _continues(tokens, found.at)
    if is_single and (number != 1 or lines[found.first - 1].strip()):
        yield _misread(texts[0], f"{number}{sign}", "a list", "")
    elif len(set(numbers)) > 1 and numbers != list(range(number, number + len(numbers))):
        wrong = next(at for at, (above, below) in enumerate(pairwise(numbers), 1) if below != above + 1)
        line = texts[wrong].strip()
        yield _error(
            f'"{shortened(line)}" would be shown with the number {number + wrong}: Markdown numbers the items itself',
            rf"to show this number, write {numbers[wrong]}\{signs[wrong][1]} after an empty line; "
            "otherwise number the items in order",
            line,
        )


def _continues(tokens: "Sequence[Token]", at: int) -> bool:
    """Return whether a list continues one that something between its items interrupts."""
    return any(token.type == "ordered_list_close" for token in islice(tokens, at)) or any(
        token.type == "ordered_list_open" for token in islice(tokens, at + 1, None)
    )


def _tables(tokens: "Sequence[Token]", lines: Sequence[str]) -> Iterator[TextError]:
    for token in tokens:
        if token.type != "paragraph_open" or not token.map:
            continue
        text = lines[token.map[0] : token.map[1]]
        bars = [line for line in text if _BAR_LINE.match(line) or _RULE_LINE.match(line)]
        if len(bars) > 1:
            columns = max(bars[0].strip().strip("|").count("|") + 1, 1)
            yield _error(
                "this table would be shown as text, with its bars: there is no line of dashes below its first row",
                f"write {'|'.join(['', *['---'] * columns, ''])} below the first row, with one --- for each cell; "
                r"if a | belongs to the text, write \|",
                bars[0].strip(),
            )
        yield from joined_items(text)
        if line := next((line.strip() for line in text[1:] if _DEFINITION.match(line)), ""):
            yield _error(
                f'"{shortened(line)}" would be shown on one line with the text above it, not as a definition',
                "write **term**: what it means; to show the colon, put it at the end of the text above",
                line,
            )


def joined_items(lines: Sequence[str]) -> Iterator[TextError]:
    """Yield an error if lines of one paragraph were plainly meant as list items, rows of a table or code."""
    yield from _joined_rows(lines)
    if sum(bool(OWN_ITEM.match(line)) for line in lines) < 2:
        return
    for above, line in pairwise(lines):
        if OWN_ITEM.match(line) and not above.endswith(("\\", "  ")):
            yield _error(
                f'"{shortened(line.strip())}" would be shown on one line with the text above it',
                "write a list with - or 1. before each item, or end the line above with a \\ to keep the line break",
                line.strip(),
            )
            return


def _joined_rows(lines: Sequence[str]) -> Iterator[TextError]:
    rows = [line for line in lines if _COLUMNS.search(line)]
    code = next(
        (below for above, below in pairwise(lines) if _BLOCK.search(above) and below.startswith(("  ", "\t"))), ""
    )
    if len(rows) > 1:
        yield _error(
            f'"{shortened(" ".join(rows[0].split()))}" and the lines below it would be shown on one line',
            "write a table with | between its cells and a line |---|---| below its head",
            rows[0].partition("\t")[0].strip(),
        )
    elif code:
        yield _error(
            f'"{shortened(code.strip())}" would be shown on one line with the code above it',
            "put code on lines of its own, with a line ``` before it and another after it",
            code.strip(),
        )


def _misread(line: str, sign: str, what: str, alternative: str, is_certain: bool = False) -> TextError:
    text = line.strip()
    literal = f"{sign[:-1]}\\{sign[-1]}"
    escaped = text.replace(sign, literal, 1)
    return _error(
        f'"{shortened(text)}" would be shown as {what}, without its "{sign}"',
        f'to show the "{sign}", write {literal} in its place' + (f"; {alternative}" if alternative else ""),
        text,
        escaped if is_certain else "",
    )


def _error(message: str, hint: str, fragment: str, instead: str = "") -> TextError:
    return TextError(message, hint, fragment, "misread-line", instead)
