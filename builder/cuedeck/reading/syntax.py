"""What to tell an author whose text is no YAML: the line is looked at for the usual slips."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cuedeck.problems import Mend, Place, Problem
from cuedeck.reading.escapes import misread
from cuedeck.reading.forms import DECLARED, Scalar, as_markdown, quoted, way_out
from cuedeck.reading.lookalikes import look_alike
from cuedeck.reading.parsing import Break, is_yaml
from cuedeck.reading.quoted import backslash_problem
from cuedeck.reading.refusals import refusal

_CLOSE = "its end is missing, or a text in it has a comma, a colon, a quote or a bracket and goes into quotes"
_LONGEST = 2000  # of a longer line, so much tells enough
_MOST_LINES = 50  # of a text that a hint shows


def syntax_problem(name: str, text: str, at: Break) -> Problem:
    """Return the problem at the place where a text stops being YAML."""
    lines = text.split("\n")
    line = min(at.line, len(lines) - 1)
    if lines[line][at.column : at.column + 1] == "\t":
        return _tab(name, lines, line, at.column)
    opened = [at.bracket[0]] if at.bracket else []
    for number in (*range(line, max(line - 2, -1), -1), *opened):
        if problem := _slip(name, lines, number):
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
        "this is not valid YAML: what stands here does not fit what stands before it",
        "yaml-syntax",
        "compare the indentation with the lines above, and look for a missing colon, quote or bracket",
    )


def _tab(name: str, lines: Sequence[str], number: int, column: int) -> Problem:
    line = lines[number]
    mend = None
    if line[:column].strip():  # between a key and its text, say
        tabs = re.compile(r"\t+").match(line, column)
        place = Place(name, number + 1, column + 1)
        if tabs:
            mend = Mend(place, tabs[0], "" if line[column - 1] == " " else " ")
    elif (width := _width_of_tabs(lines, number)) is not None:
        margin = line[: len(line) - len(line.lstrip(" \t"))]
        mend = Mend(Place(name, number + 1, 1), margin, " " * width)
    return Problem(
        Place(name, number + 1, column + 1),
        "a tab stands here, where YAML allows only spaces",
        "tab-indent",
        "use spaces, two for each level",
        mend=mend,
    )


def _width_of_tabs(lines: Sequence[str], number: int) -> int | None:
    """Return how far a line with tabs was meant to be indented; None where it may be one way or another.

    It is as far as the line before it, or two spaces further below a key that waits for what stands below it.
    """
    before = next((line for line in reversed(lines[max(number - 20, 0) : number]) if line.strip()), "")
    margin = len(before) - len(before.lstrip(" "))
    if before[margin : margin + 1] in ("\t", "#", "-", ""):
        return None
    likely = margin + 2 if before.rstrip().endswith(":") else margin
    line = lines[number]
    written = line[: len(line) - len(line.lstrip(" \t"))]
    is_entry = bool(_ENTRY.match(line))
    return likely if is_entry and likely in {len(written.expandtabs(size)) for size in (2, 4, 8)} else None


def _slip(name: str, lines: Sequence[str], number: int) -> Problem | None:
    """Return the problem of a line that shows a usual slip, or None."""
    line = lines[number][:_LONGEST]
    if problem := look_alike(Place(name, number + 1, 1), line):
        return problem
    alone_is_yaml = is_yaml(line.strip(" "))
    if not alone_is_yaml and (comment := _COMMENT_IN_BRACKETS.match(line)):
        return refusal("text-hash", Place(name, number + 1, comment.start(1) + 1), comment[1])
    if not alone_is_yaml and (problem := _path_to_a_quote(name, number, line)):
        return problem
    for slip in _SLIPS:
        # A line that is YAML by itself shows nothing but these.
        if alone_is_yaml and slip.rule not in _WITHIN_YAML:
            continue
        if found := slip.pattern.match(line):
            return _problem(name, lines, number, slip, found)
    return None


def _path_to_a_quote(name: str, number: int, line: str) -> Problem | None:
    r"""Return the problem of a path such as "C:\temp\", whose last backslash keeps the text from ending."""
    if not (found := _ESCAPED_END.match(line)):
        return None
    text = found["text"]
    meant = misread(text)
    if not meant or (meant.index == len(text) - 1 and not text.endswith(":\\")):
        return None
    start, end = found.span("quoted")
    place = Place(name, number + 1, start + 1)
    return backslash_problem(Scalar(line, start, end, place, '"', f"{found['key']}: ", in_brackets=False), meant)


@dataclass(frozen=True)
class _Slip:
    """A usual slip: its rule, the pattern of the line with the group `slip` where it is, what to say, and to do.

    Without a hint, it is a text that needs another form, which the group `text` has the beginning of.
    """

    rule: str
    pattern: "re.Pattern[str]"
    message: str
    hint: str = ""


def _problem(name: str, lines: Sequence[str], number: int, slip: _Slip, found: "re.Match[str]") -> Problem:
    place = Place(name, number + 1, found.start("slip") + 1)
    if slip.rule == "tab-indent":
        return _tab(name, lines, number, found.start("slip"))
    if slip.rule == "missing-space":
        mend = Mend(place, ":", ": ") if found["key"] in DECLARED else None
        return Problem(place, slip.message, slip.rule, f"write {found['key']}: {found['text']}", mend=mend)
    if slip.hint:
        return Problem(place, slip.message, slip.rule, slip.hint)
    source = found["text"].rstrip()
    if source.startswith("!["):
        return refusal("no-media", place)
    is_item = not found.groupdict().get("key") and found[0].lstrip().startswith("- ")
    key = found.groupdict().get("key") or _key_above(lines, number)
    head = "- " if is_item else f"{key}: " if key else ""
    more = _continued(lines, number, found)
    meant = _unquoted(source)
    text = "\n".join([as_markdown(meant, key), *more])
    hint = way_out(head, text)
    message = slip.message if meant == source or slip.rule != "text-quoted-start" else _ENDS_EARLY
    if _NOT_CLOSED.fullmatch(source) and not more and not _APOSTROPHE.match(source):
        hint = f"write the quote at the end: {head}{source}{source[0]}\nor, if it belongs to the text, {hint}"
        return Problem(place, slip.message, slip.rule, hint)
    at = Place(name, number + 1, found.start("text") + 1)
    mend = None if more or " #" in source else Mend(at, source, quoted(text))
    return Problem(place, message, slip.rule, hint, mend=mend)


def _key_above(lines: Sequence[str], number: int) -> str:
    """Return the key of a text that stands below it; "" where there is none."""
    found = _WAITING.match(lines[number - 1]) if number else None
    return found["key"] if found else ""


def _continued(lines: Sequence[str], number: int, found: "re.Match[str]") -> list[str]:
    """Return the lines below a text that belong to it, since they are indented more than its key."""
    key = found.start("key") if found.groupdict().get("key") else len(found[0]) - len(found[0].lstrip(" "))
    more: list[str] = []
    for line in lines[number + 1 : number + 1 + _MOST_LINES]:
        depth = len(line) - len(line.lstrip(" "))
        if not line.strip() or depth <= key or not found.groupdict().get("key"):
            break
        more.append(line.strip())
    return more


def _unquoted(text: str) -> str:
    """Return what was meant by a text in quotes with more of them in it; the text itself where they belong to it.

    An apostrophe is within a word, and a quote that was meant to begin or end one is not where YAML takes it to be.
    """
    quote = text[0]
    if quote not in "'\"" or len(text) < 3 or text[-1] != quote:
        return text
    inner = text[1:-1]
    within = [found.start() for found in _QUOTES[quote].finditer(inner)]
    if not within:
        return text
    opens = not inner[: within[0]].strip() or inner[within[0] - 1] in " (["
    apostrophes = quote == "'" and all(
        inner[at - 1 : at].isalnum() and inner[at + 1 : at + 2].isalnum() for at in within
    )
    if not (apostrophes or opens or len(within) % 2):
        return text
    return inner.replace("''", "'") if quote == "'" else inner.replace('\\"', '"')


_QUOTES = {"'": re.compile("(?<!')'(?!')"), '"': re.compile(r'(?<!\\)"')}
_NOT_CLOSED = re.compile(r"\"(?:[^\"\\]|\\.)*|'(?:[^']|'')*")
_APOSTROPHE = re.compile(r"'(?:tis|twas|til|em|cause|n|\d\ds?)\b", re.IGNORECASE)
_ENDS_EARLY = "the text ends at the second quote in it, and more follows"
_COMMENT_IN_BRACKETS = re.compile(r"[^\[{#]*[\[{][^#]*[ \t](#\S*)")
_WAITING = re.compile(r"[ \t]*(?:- +)*(?P<key>[\w-]+(?::\d\d)*): *$")
_ENTRY = re.compile(r"[ \t]*[\w-]+:(?: |$)")
_KEY = r"[ \t]*(?:- +)*(?P<key>[\w-]+(?::\d\d)*): +"
_ITEM = r"[ \t]*(?:- +)*"
_ESCAPED_END = re.compile(_KEY + r'(?P<quoted>"(?P<text>(?:[^"\\]|\\[^"])*\\)") *$')
_WITHIN_YAML = ("tab-indent", "missing-space")
_QUOTED_PARTLY = r"(?P<slip>(?P<text>\"(?:[^\"\\]|\\.)*(?:\" *[^\s#].*|$)|'(?:[^']|'')*(?:' *[^\s#].*|$)))"
# The first that fits wins.
_SLIPS = tuple(
    _Slip(rule, re.compile(pattern), *words)
    for rule, pattern, *words in (
        ("tab-indent", r" *(?P<slip>\t)", "a tab indents this line, which YAML does not allow"),
        (
            "open-bracket",
            _KEY + r"(?P<slip>(?P<text>\{ *[\w-]+: .*))",
            'what begins with this "{" does not end as it should',
            _CLOSE,
        ),
        ("text-braces", _ITEM + r"(?P<slip>(?P<text>\{\{.*))", 'text that begins with "{" is a mapping to YAML'),
        ("text-braces", _KEY + r"(?P<slip>(?P<text>\{.*))", 'text that begins with "{" is a mapping to YAML'),
        (
            "open-bracket",
            _KEY + r"(?P<slip>(?P<text>\[[^\]]*$))",
            'the list that begins with "[" is not closed in its line',
            'end it with "]"; text that begins with "[" is written after a "|", on a line of its own',
        ),
        ("text-bracket", _KEY + r"(?P<slip>(?P<text>\[.*))", 'text that begins with "[" is a list to YAML'),
        (
            "text-quoted-start",
            _KEY + r"(?P<slip>(?P<text>\"(?:[^\"\\]|\\.)*$))",
            "a text that begins with a quote must end with it",
        ),
        (
            "text-quoted-start",
            rf"(?:{_KEY}|{_ITEM}){_QUOTED_PARTLY}",
            "a text that begins with a quote must be in quotes as a whole",
        ),
        (
            "text-sign",
            _KEY + r"(?P<slip>(?P<text>[*&!%@`>|,}\]].*|[?:](?: .*)?$))",
            "a text cannot begin with this sign, which means something to YAML",
        ),
        (
            "text-sign",
            _ITEM + r"(?P<slip>(?P<text>[*&!%@`>|].*))",
            "a text cannot begin with this sign, which means something to YAML",
        ),
        ("text-dash", _KEY + r"(?P<slip>(?P<text>-(?: .*)?$))", 'text that begins with "- " is a list to YAML'),
        (
            "text-colon",
            _KEY + r"(?P<text>[^\"'|>#{\[].*?(?P<slip>:(?: |$).*))",
            'a text with ": " in it is a mapping to YAML',
        ),
        (
            "missing-space",
            r"[ \t]*(?:- +)?(?P<key>[a-z]+)(?P<slip>:)(?P<text>[^\s:].*)",
            "a space is missing after the colon",
        ),
    )
)
