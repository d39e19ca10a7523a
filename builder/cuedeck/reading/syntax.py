"""What to say to an author whose text is not valid YAML: the line is searched for the usual slips."""

import re
from collections.abc import Sequence
from functools import cache

from cuedeck.deck.deck import About, ClozeNote, Concept, Deck, QuestionNote, Source
from cuedeck.deck.keys import declared_keys
from cuedeck.patterns import regex
from cuedeck.problems import Fix, Place, Problem
from cuedeck.reading.bars import bar_problem, missing_bar
from cuedeck.reading.escapes import misread
from cuedeck.reading.forms import DECLARED, Scalar, as_markdown, how_to_write, is_list, quoted
from cuedeck.reading.lookalikes import look_alike
from cuedeck.reading.parsing import Break, is_yaml
from cuedeck.reading.quoted import backslash_problem
from cuedeck.reading.refusals import refusal
from cuedeck.reading.spaces import KEY_AND_TEXT, MISSING_SPACE, missing_space
from cuedeck.records import dataclass

_CLOSE = "close it; text inside it that contains a comma, colon, quote or bracket must be in quotes"
_KEY_HERE = regex(r"(?P<indent> *)[\w-]+:(?: |$)")
_WORDS_HERE = regex(r"(?P<indent> *)(?P<word>[\w-]+)(?P<rest>(?: (?:(?!: |:$).)*)?)")
_LONGEST = 2000  # characters of a line that are looked at; they are enough
_MOST_LINES = 50  # of a text that a hint shows


def syntax_problem(name: str, text: str, at: Break) -> Problem:
    """Return the problem at the place where a text stops being YAML."""
    lines = text.split("\n")
    line = min(at.line, len(lines) - 1)
    if lines[line][at.column : at.column + 1] == "\t":
        return _tab(name, lines, line, at.column)
    if problem := bar_problem(name, lines, line) or missing_bar(name, lines, line):
        return problem
    opened = [at.bracket[0]] if at.bracket else []
    for number in (*range(line, max(line - 2, -1), -1), *opened):
        if problem := _slip(name, lines, number):
            return problem
    if at.bracket:
        line, column = at.bracket
        sign = lines[line][column]
        return Problem(
            Place(name, line + 1, column + 1),
            f'this "{sign}" is not closed as it should be',
            "open-bracket",
            _CLOSE,
        )
    if problem := _missing_colon(name, lines, line):
        return problem
    return Problem(
        Place(name, line + 1, at.column + 1),
        "this is not valid YAML: it does not fit what comes before it",
        "yaml-syntax",
        "compare the indentation with the lines above, and look for a missing colon, quote or bracket",
    )


def _missing_colon(name: str, lines: Sequence[str], number: int) -> Problem | None:
    """Return the problem that a key on the line above has no colon, which YAML notices only at the key on this line."""
    above = next((each for each in range(number - 1, -1, -1) if lines[each].strip()), None)
    here = _KEY_HERE.match(lines[number][:_LONGEST])
    found = _WORDS_HERE.fullmatch(lines[above][:_LONGEST]) if above is not None else None
    if above is None or not here or not found:
        return None
    word, rest, depth = found["word"], found["rest"].strip(), len(here["indent"]) - len(found["indent"])
    # A word alone is a key or an id if something is below it; before a text, only a known key is one.
    if depth <= 0 if not rest or rest.startswith("#") else depth or word not in _known_keys():
        return None
    place = Place(name, above + 1, len(found["indent"]) + 1)
    return Problem(place, f'there is no colon after "{word}"', "yaml-syntax", f'write a colon after it: "{word}:"')


@cache
def _known_keys() -> frozenset[str]:
    kinds = (Deck, About, Source, Concept, QuestionNote, ClozeNote)
    return frozenset(key for kind in kinds for key in declared_keys(kind))


def _tab(name: str, lines: Sequence[str], number: int, column: int) -> Problem:
    line = lines[number]
    fix = None
    if line[:column].strip():  # between a key and its text, say
        tabs = regex(r"\t+").match(line, column)
        place = Place(name, number + 1, column + 1)
        if tabs:
            fix = Fix(place, tabs[0], "" if line[column - 1] == " " else " ")
    elif (width := _width_of_tabs(lines, number)) is not None:
        margin = line[: len(line) - len(line.lstrip(" \t"))]
        fix = Fix(Place(name, number + 1, 1), margin, " " * width)
    return Problem(
        Place(name, number + 1, column + 1),
        "there is a tab here, but YAML allows only spaces",
        "tab-indent",
        "write a space instead; at the beginning of a line, write two for each level",
        fix=fix,
    )


def _width_of_tabs(lines: Sequence[str], number: int) -> int | None:
    """Return how far a line with tabs was meant to be indented; None if that is not certain.

    It is as far as the line before it, or two spaces further if that line is a key without a value.
    """
    before = next((line for line in reversed(lines[max(number - 20, 0) : number]) if line.strip()), "")
    margin = _depth(before)
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
        # A line that is valid YAML by itself can only have these.
        if alone_is_yaml and slip.rule not in _WITHIN_YAML:
            continue
        if found := slip.pattern.match(line):
            return _problem(name, lines, number, slip, found)
    return None


def _path_to_a_quote(name: str, number: int, line: str) -> Problem | None:
    r"""Return the problem of a path such as "C:\temp\", whose last backslash escapes the closing quote."""
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
    """A usual slip: its rule, a pattern for the line, and its message and hint.

    The group `slip` of the pattern is where the slip is. A slip without a hint is in a text that must be written in
    another form; the group `text` is the beginning of that text.
    """

    rule: str
    pattern: "re.Pattern[str]"
    message: str
    hint: str = ""


def _problem(name: str, lines: Sequence[str], number: int, slip: _Slip, found: "re.Match[str]") -> Problem:
    place = Place(name, number + 1, found.start("slip") + 1)
    if slip.rule == "tab-indent":
        return _tab(name, lines, number, found.start("slip"))
    if slip.rule == MISSING_SPACE:
        return missing_space(Place(name, number + 1, 1), found)
    if slip.hint:
        return Problem(place, slip.message, slip.rule, slip.hint)
    source = found["text"].rstrip()
    if slip.rule == "text-bracket" and (problem := _sign_in_list(place, lines[number], found["key"], source)):
        return problem
    is_item = not found.groupdict().get("key") and found[0].lstrip().startswith("- ")
    above = _WAITING.match(lines[number - 1]) if number and not found.groupdict().get("key") else None
    key = found.groupdict().get("key") or (above["key"] if above else "")
    head = "- " if is_item else f"{key}: " if key else ""
    margin = " " * _depth(lines[number - 1] if above and not is_item else lines[number])
    more = _continued(lines, number, found)
    meant = _unquoted(source)
    text = as_markdown(meant, key, more)
    if key in ("q", "a") and _DELETION.match(meant):
        hint = 'only "cloze:" can have deletions: use it instead of "q:" and "a:", and '
        return Problem(place, slip.message, slip.rule, hint + how_to_write(f"{margin}cloze: ", text))
    hint = how_to_write(margin + head, text)
    message = slip.message if meant == source or slip.rule != "text-quoted-start" else _ENDS_EARLY
    if _NOT_CLOSED.fullmatch(source) and not more and not _APOSTROPHE.match(source):
        hint = f"add the closing quote: {head}{source}{source[0]}\nor, if the quote belongs to the text, {hint}"
        return Problem(place, slip.message, slip.rule, hint)
    at = Place(name, number + 1, found.start("text") + 1)
    fix = None if more or " #" in source else Fix(at, source, quoted(text))
    return Problem(place, message, slip.rule, hint, fix=fix)


def _sign_in_list(place: Place, line: str, key: str, source: str) -> Problem | None:
    """Return the problem of a list with texts that cannot begin as they do; None if it was not meant as a list."""
    if key not in DECLARED or DECLARED[key].key.shape != "texts" or not _PLAIN_LIST.fullmatch(source):
        return None
    items = [each.strip() for each in source[1:-1].split(",")]
    wrong = [each for each in items if each and not is_yaml(f"[{each}]")]
    if not wrong:
        return None
    meant = f"[{', '.join(quoted(each) if each in wrong else each for each in items)}]"
    hint = f"put it in quotes:\n{line[: place.column - 1]}{meant}"
    at = place._replace(column=place.column + source.index(wrong[0]))
    return Problem(at, _SIGN, "text-sign", hint, fix=Fix(place, source, meant))


def _continued(lines: Sequence[str], number: int, found: "re.Match[str]") -> list[str]:
    """Return the lines below a text that belong to it because they are indented more than its key."""
    if not found.groupdict().get("key"):
        return []
    more: list[str] = []
    margin = found.start("text")
    for line in lines[number + 1 : number + 1 + _MOST_LINES]:
        depth = _depth(line)
        if not line.strip() or depth <= found.start("key"):
            break
        margin = min(margin, depth)
        more.append(line.rstrip())
    # In a list, the indentation says which items are within others.
    return [line[margin:] if is_list([found["text"], *more]) else line.lstrip(" ") for line in more]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _unquoted(text: str) -> str:
    """Return what was meant by a quoted text that contains more quotes; the text as it is if its quotes belong to it.

    Quotes inside were meant as text if they are apostrophes within words, if one opens a quotation, or if their number
    is odd.
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


_QUOTES = {"'": regex("(?<!')'(?!')"), '"': regex(r'(?<!\\)"')}
_DELETION = regex(r"\{\{c[0-9,]+::")
_NOT_CLOSED = regex(r"\"(?:[^\"\\]|\\.)*|'(?:[^']|'')*")
_APOSTROPHE = regex(r"'(?:tis|twas|til|em|cause|n|\d\ds?)\b", re.IGNORECASE)
_ENDS_EARLY = "YAML ends the text at its second quote, but more follows"
_COMMENT_IN_BRACKETS = regex(r"[^\[{#]*[\[{][^#]*[ \t](#\S+)")
_WAITING = regex(r"[ \t]*(?:- +)*(?P<key>[\w-]+(?::\d\d)*): *$")
_ENTRY = regex(r"[ \t]*[\w-]+:(?: |$)")
_KEY = r"[ \t]*(?:- +)*(?P<key>[\w-]+(?::\d\d)*): +"
_ITEM = r"[ \t]*(?:- +)*"
_ESCAPED_END = regex(_KEY + r'(?P<quoted>"(?P<text>(?:[^"\\]|\\[^"])*\\)") *$')
_PLAIN_LIST = regex(r"\[[^\[\]{}'\"#]*\]")
_SIGN = "text cannot begin with this character, which has a special meaning in YAML"
_WITHIN_YAML = ("tab-indent", MISSING_SPACE)
_QUOTED_PARTLY = r"(?P<slip>(?P<text>\"(?:[^\"\\]|\\.)*(?:\" *[^\s#].*|$)|'(?:[^']|'')*(?:' *[^\s#].*|$)))"
# The first one that matches is reported.
_SLIPS = tuple(
    _Slip(rule, regex(pattern), *words)
    for rule, pattern, *words in (
        ("tab-indent", r" *(?P<slip>\t)", "this line is indented with a tab, which YAML does not allow"),
        (
            "open-bracket",
            _KEY + r"(?P<slip>(?P<text>\{ *[\w-]+: .*))",
            'this "{" is not closed as it should be',
            _CLOSE,
        ),
        (
            "text-braces",
            _ITEM + r"(?P<slip>(?P<text>\{\{.*))",
            'YAML reads text that begins with "{" as keys with values',
        ),
        ("text-braces", _KEY + r"(?P<slip>(?P<text>\{.*))", 'YAML reads text that begins with "{" as keys with values'),
        (
            "open-bracket",
            _KEY + r"(?P<slip>(?P<text>\[[^\]]*$))",
            'the list that begins with "[" is not closed on its line',
            'close it with "]"; if the "[" belongs to the text, write the text after a "|", on a line of its own',
        ),
        ("text-bracket", _KEY + r"(?P<slip>(?P<text>\[.*))", 'YAML reads text that begins with "[" as a list'),
        (
            "text-quoted-start",
            _KEY + r"(?P<slip>(?P<text>\"(?:[^\"\\]|\\.)*$))",
            "text that begins with a quote must end with the same quote",
        ),
        (
            "text-quoted-start",
            rf"(?:{_KEY}|{_ITEM}){_QUOTED_PARTLY}",
            "text that begins with a quote must be quoted as a whole",
        ),
        (
            "text-sign",
            _KEY + r"(?P<slip>(?P<text>[*&!%@`>|,}\]].*|[?:](?: .*)?$))",
            _SIGN,
        ),
        (
            "text-sign",
            _ITEM + r"(?P<slip>(?P<text>[*&!%@`>|].*))",
            _SIGN,
        ),
        ("text-dash", _KEY + r"(?P<slip>(?P<text>-(?: .*)?$))", 'YAML reads text that begins with "- " as a list'),
        (
            "text-colon",
            _KEY + r"(?P<text>[^\"'|>#{\[].*?(?P<slip>:(?: |$).*))",
            "YAML reads text that contains a colon and a space, or ends in a colon, as a key with a value",
        ),
        (MISSING_SPACE, KEY_AND_TEXT, ""),
    )
)
