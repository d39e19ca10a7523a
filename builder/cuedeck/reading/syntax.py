"""What to tell an author whose text is no YAML: the line is looked at for the usual slips."""

import re

from cuedeck.problems import Place, Problem
from cuedeck.reading.parsing import Break, is_yaml
from cuedeck.reading.refusals import refusal

_USE_BLOCK = 'write the text behind a "|" on lines of its own, like this:\n  {key}: |\n    {text}'
_CLOSE = "its end is missing, or a text in it has a comma, a colon, a quote or a bracket and goes into quotes"
_LONGEST = 2000  # of a longer line, so much tells enough


def syntax_problem(name: str, text: str, at: Break) -> Problem:
    """Return the problem at the place where a text stops being YAML."""
    lines = text.split("\n")
    line = min(at.line, len(lines) - 1)
    if lines[line][at.column : at.column + 1] == "\t":
        return Problem(
            Place(name, line + 1, at.column + 1),
            "a tab stands here, where YAML allows only spaces",
            "tab-indent",
            "use spaces, two for each level",
        )
    opened = [at.bracket[0]] if at.bracket else []
    for number in (*range(line, max(line - 2, -1), -1), *opened):
        if problem := _slip(name, number, lines[number][:_LONGEST]):
            return problem
    if at.bracket:
        line, column = at.bracket
        sign = lines[line][column]
        return Problem(
            Place(name, line + 1, column + 1),
            f'what begins with this "{sign}" does not end as it should',
            "open-bracket",
            _CLOSE,
        )
    return Problem(
        Place(name, line + 1, at.column + 1),
        "this is no YAML: what stands here does not fit what stands before it",
        "yaml-syntax",
        "compare the indentation with the lines above, and look for a missing colon, quote or bracket",
    )


def _slip(name: str, number: int, line: str) -> Problem | None:
    """Return the problem of a line that shows a usual slip, or None."""
    alone_is_yaml = is_yaml(line.strip(" "))
    if not alone_is_yaml and (comment := _COMMENT_IN_BRACKETS.match(line)):
        return refusal("text-hash", Place(name, number + 1, comment.start(1) + 1), comment[1])
    for rule, pattern, message, hint in _SLIPS:
        # A line that is YAML by itself shows nothing but these two.
        if alone_is_yaml and rule not in ("tab-indent", "missing-space"):
            continue
        if found := pattern.match(line):
            return Problem(Place(name, number + 1, found.start("slip") + 1), message, rule, _filled(hint, found))
    return None


def _filled(hint: str, found: "re.Match[str]") -> str:
    groups = found.groupdict()
    text = _FIRST_SIGN.sub(_as_text, groups.get("text") or "...", count=1)
    return hint.replace("{key}", groups.get("key") or "cloze").replace("{text}", text)


# What would begin a quotation or a list in Markdown, and what an author wrote who has seen a "|" before.
_FIRST_SIGN = re.compile(r"^(?:[>-](?= |$|\d)|\|[ \t]+)")


def _as_text(sign: "re.Match[str]") -> str:
    return "" if sign[0].startswith("|") else f"\\{sign[0]}"


_COMMENT_IN_BRACKETS = re.compile(r"[^\[{#]*[\[{][^#]*[ \t](#\S*)")
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
            "open-bracket",
            _KEY + r"(?P<slip>(?P<text>\{ *[\w-]+: .*))",
            'what begins with this "{" does not end as it should',
            _CLOSE,
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
            _KEY + r"(?P<slip>(?P<text>\"(?:[^\"\\]|\\.)*$))",
            "a text that begins with a quote must end with it",
            'write the quote at the end: {key}: {text}"\nor, if it belongs to the text: ' + _USE_BLOCK,
        ),
        (
            "text-quoted-start",
            _KEY + r"(?P<slip>(?P<text>\"(?:[^\"\\]|\\.)*\" *[^\s#].*|'(?:[^']|'')*(?:' *[^\s#].*|$)))",
            "a text that begins with a quote must be in quotes as a whole",
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
