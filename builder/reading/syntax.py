"""What to tell an author whose text is no YAML: the line is looked at for the usual slips."""

import re

from builder.problems import Place, Problem

_USE_BLOCK = 'write the text behind a "|" on lines of its own, like this:\n  {key}: |\n    {text}'


def syntax_problem(name: str, text: str, line: int, column: int) -> Problem:
    """Return the problem at a place where a text stops being YAML. `line` and `column` count from 0."""
    lines = text.split("\n")
    line = min(line, len(lines) - 1)
    if lines[line][column : column + 1] == "\t":
        return Problem(
            Place(name, line + 1, column + 1),
            "a tab stands here, where YAML allows only spaces",
            "tab-indent",
            "use spaces, two for each level",
        )
    for number in range(line, max(line - 2, -1), -1):
        for rule, pattern, message, hint in _SLIPS:
            if found := pattern.match(lines[number]):
                place = Place(name, number + 1, found.start("slip") + 1)
                return Problem(place, message, rule, _filled(hint, found))
    return Problem(
        Place(name, line + 1, column + 1),
        "this is no YAML: what stands here does not fit what stands before it",
        "yaml-syntax",
        "compare the indentation with the lines above, and look for a missing colon, quote or bracket",
    )


def _filled(hint: str, found: "re.Match[str]") -> str:
    groups = found.groupdict()
    return hint.replace("{key}", groups.get("key") or "a").replace("{text}", groups.get("text") or "...")


# Each slip: rule, pattern of the line with the group `slip` where it is, message, hint. The first that fits wins.
_ESCAPE = r'\\(?:[0abtnvfre "/\\N_LP]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})'
_KEY = r"[ \t]*(?:- +)?(?P<key>[\w-]+): +"
_SLIPS = tuple(
    (rule, re.compile(pattern), message, hint)
    for rule, pattern, message, hint in (
        (
            "tab-indent",
            r" *(?P<slip>\t)",
            "a tab indents this line, which YAML does not allow",
            "use spaces, two for each level",
        ),
        (
            "text-braces",
            r"[ \t]*(?P<slip>(?P<text>\{\{.*))",
            'text that begins with "{" is a mapping to YAML',
            _USE_BLOCK,
        ),
        (
            "text-braces",
            _KEY + r"(?P<slip>(?P<text>\{.*))",
            'text that begins with "{" is a mapping to YAML',
            _USE_BLOCK,
        ),
        (
            "open-bracket",
            _KEY + r"(?P<slip>(?P<text>\[[^\]]*$))",
            'the list that begins with "[" is not closed in its line',
            'end it with "]"; text that begins with "[" is written behind a "|" on a line of its own',
        ),
        ("text-bracket", _KEY + r"(?P<slip>(?P<text>\[.*))", 'text that begins with "[" is a list to YAML', _USE_BLOCK),
        (
            "text-quoted-start",
            _KEY + r"(?P<slip>(?P<text>\"(?:[^\"\\]|\\.)*(?:\" *[^\s#].*|$)|'(?:[^']|'')*(?:' *[^\s#].*|$)))",
            "a text that begins with a quote must end with it",
            _USE_BLOCK,
        ),
        (
            "text-backslash",
            _KEY + rf'"(?P<text>(?:[^"\\]|{_ESCAPE})*(?P<slip>\\.).*?)"? *$',
            "a backslash in double quotes begins an escape, and this is none that YAML knows",
            _USE_BLOCK,
        ),
        (
            "text-sign",
            _KEY + r"(?P<slip>(?P<text>[*&!%@`>|,}\]].*|[?:](?: .*)?$))",
            "a text cannot begin with this sign, which means something to YAML",
            _USE_BLOCK,
        ),
        (
            "text-dash",
            _KEY + r"(?P<slip>(?P<text>-(?: .*)?$))",
            'text that begins with "- " is a list to YAML',
            _USE_BLOCK,
        ),
        (
            "text-colon",
            _KEY + r"(?P<text>[^\"'|>#{\[].*?(?P<slip>:(?: |$).*))",
            'a text with ": " in it is a mapping to YAML',
            _USE_BLOCK,
        ),
        (
            "missing-space",
            r"[ \t]*(?:- +)?(?P<key>[a-z]+)(?P<slip>:)(?P<text>[^\s:].*)",
            "a space is missing after the colon",
            "write {key}: {text}",
        ),
    )
)
