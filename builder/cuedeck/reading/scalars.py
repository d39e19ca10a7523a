"""What YAML makes of a text in the file that its author plainly meant otherwise: escapes, and lines that it joins.

Everything here looks at the text as it stands in the file, from its first sign to its last one.
"""

import re
import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from cuedeck.problems import Mend, Place, Problem

_LONGEST_SHOWN = 200  # of a text that a hint writes out

# Escapes of YAML that nobody types to get what they stand for, besides "\n", "\t" and those with a number.
_NEVER_MEANT = frozenset("abvfre0_NLP")
_WITH_NUMBER = {"x": 2, "u": 4, "U": 8}
_KNOWN = {"\\": "\\", '"': '"', "/": "/", " ": " ", "n": "\n", "t": "\t"}
# The commands of TeX that begin with an "n" or a "t", without those that are a word at the beginning of a line.
_TEX = re.compile(
    r"\\t(?:heta|au|ext[a-z]*|imes|o|anh?|ilde|frac|binom|op|riangle[a-z]*|herefore|ag|race|ranspose|r|inyscript"
    r"|woheadrightarrow|hicksim|hickapprox)(?![a-zA-Z])"
    r"|\\n(?:eq|eg|u|abla|ot|otin|mid|leq|geq|less|gtr|sim|cong|exists|parallel|subseteq|supseteq|subset|supset|prec|succ"
    r"|olimits|onumber|ewline|earrow|warrow|atural|ewcommand|[lr]ightarrow|[LR]ightarrow|eftarrow|vdash|vDash)(?![a-zA-Z])"
)
_PATH = re.compile(r"[(\[“‘']?(?:[A-Za-z]:\\(?!\\)|\\\\\w[\w.-]*\\\w)")
_WORD = re.compile(r"\S+")
_NO_PATH = (sys.maxsize, sys.maxsize)
_ESCAPE = re.compile(r"\\[a-zA-Z]{1,20}|\\.?", re.DOTALL)


class Mark(Protocol):
    """A place in the text as the parsers mark it: line and column from 0, and the index of the character there."""

    @property
    def line(self) -> int:
        """The line, from 0."""

    @property
    def column(self) -> int:
        """The column, from 0."""

    @property
    def index(self) -> int:
        """The index of the character."""


@dataclass(frozen=True)
class Spot:
    """A mark that no parser has made."""

    line: int
    column: int
    index: int


@dataclass(frozen=True)
class _Escape:
    """An escape in double quotes: where it begins and ends, and what it stands for; None where it was not meant."""

    start: int
    end: int
    value: str | None


def quoted_problem(name: str, text: str, mark: Mark) -> Problem | None:
    """Return the problem of a text in double quotes with a backslash that was plainly meant as one, if it has one.

    `mark` is where its first quote stands in the text of the file.
    """
    start = mark.index
    end = _end_of_quotes(text, start)
    inner = text[start + 1 : end]
    escapes = _escapes(inner)
    meant = next((each for each in escapes if each.value is None), None)
    shown = _ESCAPE.match(inner, meant.start) if meant else None
    if not meant or not shown:
        return None
    plain = _as_meant(inner, escapes)
    source = text[start : end + 1]
    quoted = single_quoted(plain) if "\n" not in plain else ""
    return Problem(
        _place(name, text, mark, start + 1 + meant.start),
        f'in double quotes, YAML takes the backslash of "{shown[0]}" for an escape, not for text',
        "text-backslash",
        _backslash_hint(text, start, plain, quoted),
        mend=Mend(_place(name, text, mark, start), source, quoted) if quoted and source.endswith('"') else None,
    )


def single_quoted(text: str) -> str:
    """Return a text of one line as it is written in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def _end_of_quotes(text: str, start: int) -> int:
    """Return where the quote stands that ends a text in double quotes; the end of its line where none does."""
    at = start + 1
    while at < len(text) and text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    if at >= len(text):
        line_end = text.find("\n", start)
        return len(text) if line_end < 0 else line_end
    return at


def _escapes(inner: str) -> list[_Escape]:
    """Return all escapes of what stands between double quotes."""
    paths = iter([found.span() for found in _WORD.finditer(inner) if _PATH.match(found[0])])
    begin, end = next(paths, _NO_PATH)
    escapes: list[_Escape] = []
    at = inner.find("\\")
    in_formula = False
    while 0 <= at < len(inner):
        after = inner[at + 1 : at + 2]
        while end <= at:
            begin, end = next(paths, _NO_PATH)
        if begin <= at:
            escape = _Escape(at, at + 1, None)
        elif after == "\\" and inner[at + 2 : at + 3] in ("(", "[", ")", "]"):
            in_formula = inner[at + 2] in "(["
            escape = _Escape(at, at + 2, "\\")
        else:
            escape = _escape(inner, at, after, in_formula)
        escapes.append(escape)
        at = inner.find("\\", escape.end)
    return escapes


def _escape(inner: str, at: int, after: str, in_formula: bool) -> _Escape:
    following = inner[at + 2 : at + 3]
    if digits := _WITH_NUMBER.get(after):
        number = inner[at + 2 : at + 2 + digits]
        if len(number) == digits and re.fullmatch("[0-9a-fA-F]+", number) and int(number, 16) <= 0x10FFFF:
            return _Escape(at, at + 2 + digits, chr(int(number, 16)))
        return _Escape(at, at + 1, None)
    if after == "\n" or (after == "r" and inner.startswith("\\n", at + 2)):
        return _Escape(at, at + 2, "")  # the end of a line, in the file or as other systems write it
    is_command = after in ("t", "n") and (_TEX.match(inner, at) or (in_formula and following.isalpha()))
    if after in _NEVER_MEANT or after not in _KNOWN or is_command:
        return _Escape(at, at + 1, None)
    return _Escape(at, at + 2, _KNOWN[after])


def _as_meant(inner: str, escapes: list[_Escape]) -> str:
    """Return a text with the backslashes that were meant, and without the others; lines are joined as YAML does it.

    Paths are put into backticks, since Markdown has a use for backslashes as well.
    """
    pieces: list[str] = []
    at = 0
    for each in escapes:
        pieces += [_joined(inner[at : each.start]), "\\" if each.value is None else each.value]
        at = each.end
    plain = "".join([*pieces, _joined(inner[at:])])
    return _WORD.sub(lambda word: _as_code(word[0]), plain) if any(map(_PATH.match, _WORD.findall(plain))) else plain


def _as_code(word: str) -> str:
    if not _PATH.match(word) or "`" in word:
        return word
    begin, path, end = re.fullmatch(r"([(\[“‘']?)(.*?)([)\]”’'.,;:!?]*)", word, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{begin}`{path}`{end}"


def _joined(text: str) -> str:
    return re.sub(r"[ \t]*\n(\n*)[ \t\n]*", lambda found: found[1] or " ", text)


def _backslash_hint(text: str, start: int, plain: str, quoted: str) -> str:
    key = key_before(text, start)
    ways = []
    if quoted:
        ways.append(f"put the text in single quotes, where a backslash is a backslash:\n  {key}{_shortened(quoted)}")
    if not is_in_brackets(text, start):
        lines = "\n    ".join(_shortened(plain).split("\n"))
        ways.append(f'write it after a "|", on lines of its own:\n  {key}|\n    {lines}')
    return "\nor ".join(ways) or "put the text in single quotes, where a backslash is a backslash"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


_KEY = re.compile(r"(?P<key>[^\s{\[,:#'\"]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*:[ \t]*\Z")


def key_before(text: str, start: int) -> str:
    """Return the key of a value that begins at a place, with its colon and a space; "" where there is none."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    found = _KEY.search(line)
    return f"{found['key']}: " if found else ""


def is_in_brackets(text: str, start: int) -> bool:
    """Whether a value stands between { and } or [ and ], as far as its line tells."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return re.fullmatch(r"[ \t]*(?:-[ \t]+)*(?:[^\s{\[].*?:[ \t]+)?", line) is None or "{" in line


_BULLET = re.compile(r"[-*+][ \t]+(?P<text>\S.*)")
_NUMBER = re.compile(r"(?P<number>\d{1,3})[.)][ \t]+\S")
_TABLE = re.compile(r"\|.*\|$|\|?[ \t]*:?-{3,}:?[ \t]*\|")
_FENCE = re.compile(r"```|~~~")
_HEADER = re.compile(r">[-+0-9]*")
_DIGIT = re.compile(r"[-+]?\d")


def folded_problem(name: str, text: str, mark: Mark, end: int, style: str | None) -> Problem | None:
    """Return the problem of a text over several lines that YAML joins, where they are plainly a list, table or code.

    The text stands in the file from `mark` to `end`; `style` is ">", '"', "'" or None for one without a sign.
    """
    start = mark.index
    lines = text[start:end].rstrip().split("\n")
    number = _broken_line(_groups(lines, style))
    if number is None:
        return None
    at = start + sum(len(line) + 1 for line in lines[:number]) + _margin(lines[number])
    header = _HEADER.match(lines[0]) if style == ">" else None
    kept = lines[1:] if header else lines
    shown = "\n    ".join(line.strip() for line in kept if line.strip()).strip(style or " ")
    return Problem(
        _place(name, text, mark, at),
        "YAML joins this line with the one above it, so it would not begin a line on a card",
        "text-folded",
        f'write the text after a "|", which keeps its lines:\n  {key_before(text, start)}|\n    {_shortened(shown)}',
        mend=_unfolded(name, text, mark, end, header[0] if header else "", style),
    )


def _unfolded(name: str, text: str, mark: Mark, end: int, header: str, style: str | None) -> Mend | None:
    """Return what keeps the lines of a text, where this takes nothing but another sign, or one more."""
    place = _place(name, text, mark, mark.index)
    if header:
        return Mend(place, header, header.replace(">", "|", 1))
    rest = text[end : text.find("\n", end) if "\n" in text[end:] else len(text)]
    if style or rest.strip() or is_in_brackets(text, mark.index):
        return None
    first, *others = text[mark.index : end].rstrip().split("\n")
    margin = " " * min(_margin(line) for line in others if line.strip())
    return Mend(place, text[mark.index : end].rstrip(), "\n".join(["|", margin + first, *others]))


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _groups(lines: list[str], style: str | None) -> list[list[tuple[int, str]]]:
    """Return the lines that YAML joins into one each, with their numbers; those of one that it keeps apart alone."""
    first = 1 if style == ">" else 0
    margin = next((_margin(line) for line in lines[first:] if line.strip()), 0)
    groups: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(lines[first:], first):
        words = line.strip()
        if number == 0 and style:
            words = words.lstrip(style)
        is_kept = style == ">" and _margin(line) > margin
        if not words or is_kept:
            groups.append([])
        else:
            groups[-1].append((number, words))
    return groups


def _broken_line(groups: list[list[tuple[int, str]]]) -> int | None:
    """Return the number of the first line that begins something of its own and is joined with the one before it."""
    for group in groups:
        texts = [words for _, words in group]
        for (_, before), (number, words) in pairwise(group):
            if _begins_anew(before, words, texts):
                return number
    return None


def _begins_anew(before: str, words: str, texts: list[str]) -> bool:
    if _FENCE.match(words):
        return True
    if _TABLE.match(words):
        return bool(_TABLE.match(before) or "|" in before)
    if words.startswith(">"):
        return before.startswith(">")
    if bullet := _BULLET.match(words):
        if _DIGIT.match(bullet["text"]) and not _BULLET.match(texts[0]):
            return before.endswith(":")  # else it is a sum, or a dash before a number
        bullets = sum(bool(_BULLET.match(each)) for each in texts)
        return before.endswith(":") or bullets > 1 or bullet["text"].startswith("{{c")
    if found := _NUMBER.match(words):
        numbers = [int(each["number"]) for each in map(_NUMBER.match, texts) if each]
        return before.endswith(":") or (len(numbers) > 1 and int(found["number"]) in (numbers[0], numbers[0] + 1))
    return False


def _place(name: str, text: str, mark: Mark, index: int) -> Place:
    """Return the place of a character at a mark or after it."""
    ends = text.count("\n", mark.index, index)
    column = index - text.rfind("\n", mark.index, index) if ends else mark.column + 1 + index - mark.index
    return Place(name, mark.line + 1 + ends, column)
