"""Lines that Markdown takes for lists, quotations, headings or tables, and that were meant otherwise: reported.

Whatever is reported would be shown without its signs, or a table with all of them. One rule, `misread-line`, since an
author wants to know just two things: what Markdown makes of the line, and how to write what was meant.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it.token import Token

from cuedeck.problems import TextError
from cuedeck.rendering.mistakes import shortened

# What stands after a ">" that means "greater than", and the prompt of a program.
_COMPARED = re.compile(r">{3,}(?=\s)|>+\s*(?:=|(?:\{\{c[\d,]+::)?(?:[-+−±~≈]?\s?[$€£¥]?[-−]?\s?[.,]?[\d½¼¾∞]|\\\())")
_LETTER_COMPARED = re.compile(r">\s*(?![AI]\b)[A-Za-z](?:\b(?!['’.])|\d)")
# What may stand before the sign of a quotation in its line: those of items that it is in.
_AROUND = re.compile(r"(?:[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+)*[ \t]*(?=>)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ITEM = re.compile(r"[ \t>]*(?P<sign>[-+*])(?:[ \t]+(?P<text>.*))?$")
_NUMBERED = re.compile(r"[ \t>]*(?:[-+*][ \t]+)*(?P<number>\d{1,9})(?P<sign>[.)])(?:[ \t]|$)")
_BAR_LINE = re.compile(r"\s*\|.*\|\s*$")
_RULE_LINE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$|\s*\|\s*:?-+:?\s*\|\s*$")
# What begins an item of a list that Markdown does not know: a bullet or dash of its own, or a letter or number.
_OWN_ITEM = re.compile(
    r"\s*(?:[•◦‣▪●○■]|[–—](?=\s)|\(?[a-zA-Z][.)](?=\s)|\((?:\d{1,2}|[ivxIVX]{1,4})\)(?=\s)|[ivxIVX]{1,4}\)(?=\s))"
)
_DEFINITION = re.compile(r"\s*:[ \t]+\S")
_MARGIN = re.compile(r"[ \t]*")


def misread_lines(tokens: Sequence[Token], source: str) -> Iterator[TextError]:
    """Yield an error for each line of a text that Markdown has plainly read otherwise than it was meant."""
    lines = source.split("\n")
    yield from _quotations(tokens, lines)
    yield from _headings(tokens, lines)
    yield from _lists(tokens, lines)
    yield from _tables(tokens, lines)


def _quotations(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[TextError]:
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
                "put quotation marks around a quotation that begins so",
                is_certain=quoted[0].startswith(">="),
            )


def _headings(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[TextError]:
    for at, token in enumerate(tokens):
        if token.type != "heading_open" or not token.map:
            continue
        first, last = token.map
        words = tokens[at + 1].content
        if token.markup[0] in "=-":
            underline = lines[last - 1].strip(" \t>")
            if len(underline) < 3 or not _heads_something(tokens, at, words):
                what = f'the line "{underline}" below "{shortened(words)}" makes it a heading'
                yield _error(
                    f"{what}, and would not be shown",
                    f"write \\{underline} to show it, or leave an empty line before a line across the card, ---",
                    underline if len(underline) > 1 else words.partition("\n")[0],
                )
        elif len(lines) == 1 and not words:
            continue  # a sign alone, which shows nothing at all
        elif not _heads_something(tokens, at, words) or (first > 0 and lines[first - 1].strip()):
            yield _misread(lines[first], "#", "a heading", "a line that stands out is written as **bold** text")


def _heads_something(tokens: Sequence[Token], at: int, words: str) -> bool:
    """Whether a heading looks like one: its first word begins as those of headings do, and a text follows."""
    begin = words.lstrip("*_`\"'“‘«„([{¿¡")
    if begin.startswith("{c"):  # a deletion
        begin = begin.partition("::")[2]
    return len(tokens) > at + 3 and tokens[at + 3].nesting >= 0 and begin[:1].isalpha() and not begin[0].islower()


def _lists(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[TextError]:
    for at, token in enumerate(tokens):
        if not token.map:
            continue
        if token.type == "bullet_list_open":
            yield from _bullets(tokens, at, lines)
        elif token.type == "ordered_list_open":
            yield from _numbers(tokens, at, lines)


def _items(tokens: Sequence[Token], at: int) -> Iterator[Token]:
    """Yield the tokens that begin the items of a list, which begins at a token."""
    level = tokens[at].level
    for token in tokens[at + 1 :]:
        if token.level == level:
            return
        if token.type == "list_item_open" and token.level == level + 1:
            yield token


def _bullets(tokens: Sequence[Token], at: int, lines: Sequence[str]) -> Iterator[TextError]:
    first = tokens[at].map[0]  # type: ignore[index]
    texts = [lines[item.map[0]] for item in _items(tokens, at) if item.map]
    found = [_ITEM.match(text) for text in texts]
    bare = next((each for each in found if each and not (each["text"] or "").strip()), None)
    if (
        bare
        and len(lines) > 1
        and all(not lines[item.map[1] - 1].strip(" \t>+*-") for item in _items(tokens, at) if item.map)
    ):
        yield _misread(bare.string, bare["sign"], "a list with nothing in it", "")
    before = lines[first - 1] if first else ""
    is_sum = all(each and not _WORD.search(each["text"] or "") for each in found) and bool(found)
    if (
        is_sum
        and not tokens[at].level
        and before.strip()
        and not _WORD.search(before)
        and not before.rstrip().endswith(":")
    ):
        yield _misread(texts[0], found[0]["sign"], "a list", "a list has words, or an empty line before it")  # type: ignore[index]
    elif is_sum and found[0] and found[0]["sign"] == "+" and len(found) > 1:
        yield _misread(texts[0], "+", "a list", "a list of numbers is written with -")
    if at and tokens[at - 1].type == "ordered_list_close" and 0 < _margin(texts[0] if texts else "") < 3:
        width = _number_width(lines, first)
        if width > _margin(texts[0]):
            yield _error(
                f'"{shortened(texts[0].strip())}" is indented too little to belong to the item above it',
                f"indent it by {width} spaces, as far as the words of that item",
                texts[0].strip(),
            )


def _number_width(lines: Sequence[str], before: int) -> int:
    """Return how far the words of the nearest numbered item above a line are indented; 0 where there is none."""
    for line in reversed(lines[:before]):
        if found := _NUMBERED.match(line):
            return found.end()
    return 0


def _margin(line: str) -> int:
    return len(_MARGIN.match(line)[0])  # type: ignore[index]


def _numbers(tokens: Sequence[Token], at: int, lines: Sequence[str]) -> Iterator[TextError]:
    first = tokens[at].map[0]  # type: ignore[index]
    items = [item for item in _items(tokens, at) if item.map]
    found = [_NUMBERED.match(lines[item.map[0]]) for item in items]  # type: ignore[index]
    numbers = [int(each["number"]) for each in found if each]
    if len(numbers) != len(items) or not numbers:
        return
    is_single = len(numbers) == 1 and not tokens[at].level and first > 0 and not _continues(tokens, at)
    is_counted = numbers == list(range(numbers[0], numbers[0] + len(numbers))) or len(set(numbers)) == 1
    if is_single and (numbers[0] != 1 or (first > 0 and lines[first - 1].strip())):
        yield _misread(lines[first], f"{numbers[0]}{found[0]['sign']}", "a list", "")  # type: ignore[index]
    elif not is_counted:
        at_fault = next(number for number, pair in enumerate(pairwise(numbers), 1) if pair[1] != pair[0] + 1)
        line = lines[items[at_fault].map[0]]  # type: ignore[index]
        shown = numbers[0] + at_fault
        yield _error(
            f'"{shortened(line.strip())}" would be shown with the number {shown}: Markdown counts on',
            rf"to show a number as it stands, write {numbers[at_fault]}\{found[at_fault]['sign']} and leave an empty "  # type: ignore[index]
            "line before it; else count on",
            line.strip(),
        )


def _continues(tokens: Sequence[Token], at: int) -> bool:
    """Whether a list goes on from one that was broken off by something between its items."""
    return any(token.type == "ordered_list_close" for token in tokens[:at]) or any(
        token.type == "ordered_list_open" for token in tokens[at + 1 :]
    )


def _tables(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[TextError]:
    for token in tokens:
        if token.type != "paragraph_open" or not token.map:
            continue
        text = lines[token.map[0] : token.map[1]]
        bars = [line for line in text if _BAR_LINE.match(line) or _RULE_LINE.match(line)]
        if len(bars) > 1:
            columns = max(bars[0].strip().strip("|").count("|") + 1, 1)
            yield _error(
                "this table would be shown with its bars, as text: below its head there is no line that makes it one",
                f"write {'|'.join(['', *['---'] * columns, ''])} below the head, with a column for each of its cells; "
                r"a bar that belongs to the text is written \|",
                bars[0].strip(),
            )
        yield from joined_items(text)
        if any(_DEFINITION.match(line) for line in text[1:]):
            line = next(line for line in text[1:] if _DEFINITION.match(line)).strip()
            yield _error(
                f'"{shortened(line)}" would be shown in one line with what stands above it: here it is no definition',
                "write **term**: what it means; to show the colon as it stands, let the text before it end with it",
                line,
            )


def joined_items(lines: Sequence[str]) -> Iterator[TextError]:
    """Yield an error where lines of one paragraph begin as items of a list do that Markdown does not know."""
    if sum(bool(_OWN_ITEM.match(line)) for line in lines) < 2:
        return
    for above, line in pairwise(lines):
        if _OWN_ITEM.match(line) and not above.endswith(("\\", "  ")):
            yield _error(
                f'"{shortened(line.strip())}" would be shown in one line with what stands above it',
                "write a list with - or 1. before each item, or end the line above with a \\ to break it there",
                line.strip(),
            )
            return


def _misread(line: str, sign: str, what: str, otherwise: str, is_certain: bool = False) -> TextError:
    text = line.strip()
    mended = text.replace(sign, f"{sign[:-1]}\\{sign[-1]}", 1)
    return _error(
        f'"{shortened(text)}" would be shown as {what}, without its "{sign}"',
        f"to show it as it stands, write {shortened(mended)}" + (f"; {otherwise}" if otherwise else ""),
        text,
        mended if is_certain else "",
    )


def _error(message: str, hint: str, fragment: str, instead: str = "") -> TextError:
    return TextError(message, hint, fragment, "misread-line", instead)
