"""Turn the HTML of fields into the plain text that a card shows, and a text with deletions into its runs and gaps."""

import re
from functools import lru_cache

from cuedeck.entities import unescape
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.remembering import remembered

_TAG = regex(r"</?([a-zA-Z0-9]+)[^>]*>")
# Elements that occur within words: no space is shown where they begin or end.
_INLINE = frozenset(
    (
        *("a", "b", "code", "del", "em", "font", "i", "mark", "rb", "rp", "rt", "ruby", "s", "small", "span", "strong"),
        *("sub", "sup", "u"),
    )
)
# How the hint of a display formula is written in its field, inside a deletion or not.
_HINT = regex(r"\\text(?:\{|&#123;)(.*)(?:\}|&#125;)", re.DOTALL)
# A picture as we write it. In plain text it is what its author says that it shows, or else its name.
_PICTURE = regex(r'<img src="(?P<name>[^"]*)" alt="(?P<alt>[^"]*)"')
_MOST_DIGITS = 10
MARK = regex(r"(\{\{c[0-9,]+::|\}\}|::)")
"""The marks of deletions in a field. Text that could be mistaken for one is escaped there."""
DEEPEST = 10
"""How deep deletions are read inside one another. None of ours is as deep, and a stranger's text could be endlessly."""

# White space, what Unicode lists as Default_Ignorable_Code_Point (UAX #44), and the Braille pattern without a dot.
BLANK = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""The characters that show nothing, for a set of characters in a pattern."""
_VISIBLE = regex(f"[^{BLANK}]")
FORMULA = regex(
    r"(?<!\\)\\(?:\((?:(?!(?<!\\)\\\().)*?\\\)"
    r"|\[(?:(?!(?<!\\)\\\[).)*?\\\])",
    re.DOTALL,
)
r"""A formula in plain text. In one, `\\[` is a line break. A formula cannot contain the start of another one, so many
formulas without an end take no more time than other text."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One deletion: the numbers of its cards, the deleted text, and the hint."""

    numbers: tuple[int, ...]
    answer: str
    hint: str


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a cloze text, with the positions in the list of gaps of those that contain it."""

    text: str
    gaps: tuple[int, ...]


def tidy(text: str) -> str:
    """Return a text on one line, with each stretch of white space as one space."""
    if text.isprintable() and "  " not in text:  # like most texts: the only white space is single spaces
        return text.strip(" ")
    return " ".join(text.split())


def is_visible(text: str) -> bool:
    """Return whether there is anything to see in a text."""
    return _VISIBLE.search(text) is not None


def plain(html: str) -> str:
    """Return the text that a field shows, on one line."""
    return tidy(_bare(html))


def _bare(html: str) -> str:
    if "<" not in html:
        return unescape(html)
    # After the last ">" no tag ends. Searching for its end from each "<" there would take quadratic time.
    end = html.rfind(">") + 1
    return unescape(_TAG.sub(_shown, html[:end]) + html[end:])


def _shown(tag: "re.Match[str]") -> str:
    if tag[1] == "img" and (picture := _PICTURE.match(tag[0])):
        return picture["alt"] or picture["name"]
    return "" if tag[1] in _INLINE else " "


@lru_cache(maxsize=1024)  # the same few marks are in all texts
def numbers_in(mark: str) -> tuple[int, ...]:
    """Return the numbers of the cards in the mark with which a deletion begins, such as `{{c1,2::`."""
    return tuple(int(each) for each in mark[3:-2].split(",") if 0 < len(each) < _MOST_DIGITS)


@remembered
def runs_and_gaps(html: str) -> tuple[tuple[Run, ...], tuple[Gap, ...]]:
    """Return the runs and gaps of a field with Anki's markers, in which whatever only looks like a mark is escaped."""
    numbers: list[tuple[int, ...]] = []
    answers: list[list[str]] = []
    hints: dict[int, str] = {}
    runs: list[Run] = []
    opened: list[int] = []
    in_hint = False
    pieces = MARK.split(html)
    if r"\[{{c" in html:  # as in few texts
        pieces = _with_whole_displays(pieces)
    for position, piece in enumerate(pieces):
        is_mark = position % 2 == 1  # text and marks alternate
        if is_mark and piece.startswith("{{c"):
            if len(opened) < DEEPEST:
                opened.append(len(numbers))
                numbers.append(numbers_in(piece))
                answers.append([])
        elif is_mark and opened and piece == "}}":
            opened.pop()
            in_hint = False
        elif is_mark and opened:
            in_hint = True
        elif in_hint:
            hints[opened[-1]] = tidy(_bare(piece))
        elif piece:
            run = Run(_bare(piece), tuple(opened))
            runs.append(run)
            for gap in opened:
                answers[gap].append(run.text)
    return tuple(runs), tuple(
        Gap(each, tidy("".join(answer)), hints.get(gap, ""))
        for gap, (each, answer) in enumerate(zip(numbers, answers, strict=True))
    )


def _with_whole_displays(pieces: list[str]) -> list[str]:
    r"""Return the pieces of a field, with each deletion of a whole display formula put around the formula.

    That is how authors write it. In the field the deletion is inside the formula: `\[{{c1::x}}\]`.
    """
    opened: list[tuple[int, int]] = []  # where each deletion begins, and its hint
    closed: list[tuple[int, int, int]] = []
    for at in range(1, len(pieces), 2):
        if pieces[at].startswith("{{c"):
            opened.append((at, 0))
        elif opened and pieces[at] == "::":
            opened[-1] = (opened[-1][0], at)
        elif opened:
            closed.append((*opened.pop(), at))
    for begin, hint, end in reversed(closed):  # of two deletions around one formula, the outer one first
        if pieces[begin - 1].endswith(r"\[") and pieces[end + 1].startswith(r"\]"):
            pieces[begin - 1] = pieces[begin - 1][:-2]
            pieces[begin + 1] = r"\[" + pieces[begin + 1]
            pieces[(hint or end) - 1] += r"\]"
            pieces[end + 1] = pieces[end + 1][2:]
            if hint:
                pieces[hint + 1] = _HINT.sub(r"\1", pieces[hint + 1])
    return pieces
