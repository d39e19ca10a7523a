"""Lines that were meant as the text of a `|`, but that YAML does not read as such.

Their indentation is too small, or there is no `|`.
"""

from collections.abc import Sequence

from cuedeck.patterns import regex
from cuedeck.problems import Fix, Place, Problem
from cuedeck.reading.forms import DECLARED
from cuedeck.records import dataclass

_BAR = regex(r" *(?:- +)*(?P<key>[\w-]+): +(?P<bar>[|>])[-+]? *$")
_ENTRY = regex(r" *(?:- +)*[\w-]+:(?: |$)")
_MOST_LINES = 200  # of a text
WITH_LINES = {name: each.key.parse_line for name, each in DECLARED.items() if each.key.parse_line}
"""Keys that may have a text whose lines are entries, each with the function that reads such a line."""

_WITHOUT_BAR = regex(rf" *(?P<key>{'|'.join(WITH_LINES)}):(?= *$)")
_YAML_KEY = regex(r" *\S+:(?: |$)")


@dataclass(frozen=True)
class Outside:
    """The lines `first` to `end`, which is not one of them, that are below a `|` but are not its text."""

    key: str
    column: int
    bar: int
    first: int
    end: int


def outside_of_bar(lines: Sequence[str], number: int) -> Outside | None:
    """Return the lines below the `|` of a line, if they were meant as its text but are not; otherwise None."""
    found = _BAR.match(lines[number])
    if not found:
        return None
    column = found.start("key")
    below = range(number + 1, min(len(lines), number + 1 + _MOST_LINES))
    first = next((at for at in below if lines[at].strip(" ")), None)
    if first is None or _depth(lines[first]) > column or lines[first].lstrip(" ").startswith(("#", "\t")):
        return None
    end = next((at for at in range(first, below.stop) if _ENTRY.match(lines[at])), below.stop)
    while end > first and not lines[end - 1].strip(" "):
        end -= 1
    return Outside(found["key"], column, found.start("bar"), first, end) if end > first else None


def bar_problem(name: str, lines: Sequence[str], line: int) -> Problem | None:
    """Return the problem of a `|` whose text is not indented enough, if it is why YAML cannot be read on at a line."""
    # YAML may report it only at the entry after the text.
    at = line - 1 if _ENTRY.match(lines[line]) else line
    number = next((at for at in range(at, max(at - _MOST_LINES, -1), -1) if _ENTRY.match(lines[at])), None)
    if number is None or not (outside := outside_of_bar(lines, number)):
        return None
    sign, key = lines[number][outside.bar], outside.key
    return Problem(
        Place(name, number + 1, outside.bar + 1),
        f'the lines below this "{sign}" are not indented more than "{key}", so they are not its text',
        "text-indent",
        f'indent the lines below "{key}: {sign}" by at least two more spaces than "{key}"',
        fix=_fix(name, lines, outside),
    )


def missing_bar(name: str, lines: Sequence[str], line: int) -> Problem | None:
    """Return the problem of a key without a `|`, such as `chapters:`, if it is why YAML cannot read a line as meant.

    The lines below the key are entries as text, each on a line of its own, such as `0:46 Hard abandonment`.
    """
    above = range(line, max(line - _MOST_LINES, -1), -1)
    number, found = next(((at, found) for at in above if (found := _WITHOUT_BAR.match(lines[at]))), (0, None))
    if not found:
        return None
    first = next((each for each in lines[number + 1 : line + 2] if each.strip()), "")
    if _YAML_KEY.match(first) or _depth(first) <= found.start("key") or not _is_entry(found["key"], first):
        return None
    between = (each for each in lines[number + 1 : line + 1] if each.strip())
    if any(_depth(each) <= found.start("key") for each in between):
        return None
    return Problem(
        Place(name, number + 1, found.start("key") + 1),
        f'the lines below "{found["key"]}:" are text, which YAML cannot read without a "|" before it',
        f"bad-{found['key']}",
        f'write "{found["key"]}: |", and leave the lines below as they are',
        fix=Fix(Place(name, number + 1, found.end()), ":", ": |"),
    )


def _is_entry(key: str, line: str) -> bool:
    try:
        return bool(WITH_LINES[key](line))
    except ValueError:
        return False


def _fix(name: str, lines: Sequence[str], outside: Outside) -> Fix:
    text = lines[outside.first : outside.end]
    more = " " * (outside.column + 2 - min(_depth(line) for line in text if line.strip(" ")))
    new = "\n".join(f"{more}{line}" if line.strip(" ") else line for line in text)
    return Fix(Place(name, outside.first + 1, 1), "\n".join(text), new)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
