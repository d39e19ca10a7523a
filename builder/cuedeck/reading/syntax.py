"""What to tell an author whose text is no YAML: the line is looked at for the usual slips."""

import re

from cuedeck.problems import Mend, Place, Problem
from cuedeck.reading.parsing import Break, is_yaml
from cuedeck.reading.refusals import refusal
from cuedeck.reading.scalars import Spot, quoted_problem, single_quoted

_USE_BLOCK = 'write the text after a "|", on lines of its own, like this:\n  {key}: |\n    {text}'
_CLOSE = "its end is missing, or a text in it has a comma, a colon, a quote or a bracket and goes into quotes"
_LONGEST = 2000  # of a longer line, so much tells enough


def syntax_problem(name: str, text: str, at: Break) -> Problem:
    """Return the problem at the place where a text stops being YAML."""
    lines = text.split("\n")
    if at.quote:
        line, column = at.quote
        start = sum(len(each) + 1 for each in lines[:line]) + column
        if problem := quoted_problem(name, text, Spot(line, column, start)):
            return problem
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
        # A line that is YAML by itself shows nothing but these.
        if alone_is_yaml and rule not in _WITHIN_YAML:
            continue
        if found := pattern.match(line):
            place = Place(name, number + 1, found.start("slip") + 1)
            sign = f"U+{ord(found['slip'][0]):04X}"
            return Problem(
                place, message.replace("{sign}", sign), rule, _filled(hint, found), mend=_mend(place, rule, line, found)
            )
    return None


def _filled(hint: str, found: "re.Match[str]") -> str:
    groups = found.groupdict()
    text = _as_text(groups.get("text") or "...")
    filled = hint.replace("{key}", groups.get("key") or "cloze").replace("{text}", text)
    return filled.replace("{quoted}", single_quoted(_unquoted(text)))


def _mend(place: Place, rule: str, line: str, found: "re.Match[str]") -> Mend | None:
    """Return what is to be written in a line instead, where that is certain."""
    match rule:
        case "tab-indent":
            margin = line[: len(line) - len(line.lstrip(" \t"))]
            return Mend(place._replace(column=1), margin, margin.replace("\t", "  ")) if margin.strip(" ") else None
        case "look-alike":
            is_margin = not line[: found.start("slip")].strip()
            space = " " * len(found["slip"]) if is_margin else " "
            return Mend(place, found["slip"], ": " if found["slip"].startswith("：") else space)
        case "missing-space":
            return Mend(place, ":", ": ")
        case "text-colon" | "text-sign" | "text-dash" | "text-bracket" | "text-braces" | "text-quoted-start":
            text = found["text"].rstrip()
            if " #" in text or "key" not in found.groupdict() or text.count('"') == 1 == text.find('"') + 1:
                return None
            place = place._replace(column=found.start("text") + 1)
            return Mend(place, text, single_quoted(_unquoted(_as_text(text))))
    return None


# What would be lost at the beginning of a Markdown text, and what an author wrote who has seen a "|" before.
_LOST_SIGN = re.compile(r"(?:>(?=[>=\s]*(?:=|[-+−±~≈]?[$€£¥]?[.,]?[\d½¼¾∞]))|-(?= |$|\d)|\|[ \t]+)")
_IN_APOSTROPHES = re.compile(r"'(?=.*[^'\s].*'$)(?P<inner>.*[^\s:,].*)'$")


def _as_text(text: str) -> str:
    """Return the Markdown of a text that begins with a sign."""
    found = _LOST_SIGN.match(text)
    if not found:
        return text
    return text[found.end() :] if text.startswith("|") else f"\\{text}"


def _unquoted(text: str) -> str:
    """Return what was meant by a text in single quotes that has single ones in it as well."""
    found = _IN_APOSTROPHES.match(text)
    return found["inner"].replace("''", "'") if found else text


_COMMENT_IN_BRACKETS = re.compile(r"[^\[{#]*[\[{][^#]*[ \t](#\S*)")
# Each slip: rule, pattern of the line with the group `slip` where it is, message, hint. The first that fits wins.
_KEY = r"[ \t]*(?:- +)?(?P<key>[\w-]+(?::\d\d)*): +"
_SPACES = r"\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000"
_WITHIN_YAML = ("tab-indent", "missing-space", "look-alike")
_SLIPS = tuple(
    (rule, re.compile(pattern), message, hint)
    for rule, pattern, message, hint in (
        (
            "look-alike",
            rf"(?:[ \t]*|[ \t]*(?:- +)?[a-z]+: *)(?P<slip>[{_SPACES}]+)",
            "this is a space ({sign}) that YAML does not take for one",
            "delete it, and press the space bar",
        ),
        (
            "look-alike",
            r"[ \t]*(?:- +)?(?P<key>[a-z]+)(?P<slip>：[ \u3000\u00a0]*)(?P<text>.*)",
            "this is a wide colon ({sign}), and YAML wants an ordinary one",
            "write {key}: {text}",
        ),
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
            'end it with "]"; text that begins with "[" is written after a "|", on a line of its own',
        ),
        ("text-bracket", _KEY + r"(?P<slip>(?P<text>\[.*))", 'text that begins with "[" is a list to YAML', _USE_BLOCK),
        (
            "text-quoted-start",
            _KEY + r"(?P<slip>(?P<text>'[^']*[^'\s]'[^'\s:,#].*'))[ \t]*$",
            "the text ends at the second quote in it, and more follows",
            "double each single quote within the text: {key}: {quoted}",
        ),
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
