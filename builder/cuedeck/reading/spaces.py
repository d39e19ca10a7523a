"""Find keys without a space after their colon, which YAML reads as words of a text."""

import re
from collections.abc import Sequence
from itertools import starmap

from cuedeck.patterns import regex
from cuedeck.problems import Fix, Place, Problem
from cuedeck.reading.forms import DECLARED, quoted

MISSING_SPACE = "missing-space"
"""The rule of these problems."""
KEY_AND_TEXT = r"[ \t]*(?:- +)?(?P<key>[a-z]+)(?P<slip>:)(?P<text>[^\s:].*)"
"""The pattern of a line with such a key."""

_LINE = regex(KEY_AND_TEXT)
_NOT_PLAIN = regex(r"\{\{|[*&!%@`]|- ")  # what YAML would not read as text after the space


def missing_space(line_place: Place, found: "re.Match[str]") -> Problem:
    """Return the problem of a line, which begins at a place, in which the pattern was found."""
    place = line_place._replace(column=line_place.column + found.start("slip"))
    text = found["text"].rstrip()
    needs_quotes = _NOT_PLAIN.match(text) is not None and " #" not in text
    fix = Fix(place, f":{text}", f": {quoted(text)}") if needs_quotes else Fix(place, ":", ": ")
    return Problem(
        place,
        "a space is missing after the colon",
        MISSING_SPACE,
        f"write {found['key']}: {quoted(text) if needs_quotes else text}",
        fix=fix if found["key"] in DECLARED else None,
    )


def may_lack_spaces(text: str) -> bool:
    """Whether a text where entries were expected may be lines with keys that YAML knows none of."""
    found = _LINE.match(text) if ":" in text else None
    return found is not None and found["key"] in DECLARED


def missing_spaces(first: Place, lines: Sequence[str]) -> list[Problem]:
    """Return the problems of lines, the first of which begins at a place."""
    places = (first._replace(line=first.line + number) for number in range(len(lines)))
    found = ((place, match) for place, line in zip(places, lines, strict=True) if (match := _LINE.match(line)))
    return [problem for problem in starmap(missing_space, found) if problem.fix]
