"""Markdown that shows the plain text of messages and help as it is: every character, in prose and in examples."""

import difflib
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence

_WIDTH = 120
# Code as the texts have it, and the name of a menu or button between asterisks.
_CODE_OR_MENU = re.compile(r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)|\*[A-Z][^*`]*\*", re.DOTALL)
_CODE = re.compile(r"(`+) ?(.+?) ?\1", re.DOTALL)
_CODE_OF_A_MESSAGE = re.compile(r"\[([a-z0-9]+(?:-[a-z0-9]+)*)\]")
_MARKUP = re.compile(r"[\\`*<\[$~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_AT_THE_START = re.compile(r"^(?:(?=[#>+=-])|(\d+)(?=[.)]))", re.MULTILINE)
_LABEL = re.compile(r"^(?:Why|Way out|Limit|How it is found|What counts as asking|Bad|Good):")
_EXAMPLE = re.compile(r"((?:^ {4}.*\n)(?:\n*^ {4}.*\n)*)", re.MULTILINE)
_COMMANDS = re.compile(r"((?:^\$ (?:.*\\\n)*.*\n)+)", re.MULTILINE)
_NOTE = re.compile(r"^.*\n(?:(?: .*)?\n)*", re.MULTILINE)  # any line that is not indented, with the lines below it
_UNBROKEN = "\uffff"  # replaces a space at which a line must not be broken


def page(text: str, links: Mapping[str, str]) -> str:
    """Return the page of a code as Markdown; `links` are the addresses of other pages by their codes."""
    prose_and_examples = _EXAMPLE.split(f"{text}\n")
    parts = []
    for number, part in enumerate(prose_and_examples):
        if number % 2:
            parts.append(example(textwrap.dedent(part)))
        else:
            parts += [prose(each.strip(), links) for each in part.split("\n\n") if each.strip()]
    return "\n\n".join(parts)


def prose(paragraph: str, links: Mapping[str, str] = {}) -> str:
    """Return a paragraph as Markdown, on lines that are not too long. The word that begins it is bold if it is a label.

    Code in backticks stays code, and leads to the page of that code if there is one; a menu in asterisks stays so, too.
    """
    parts, end = [], 0
    for found in _CODE_OR_MENU.finditer(paragraph):
        parts += [_escaped(paragraph[end : found.start()], links), _linked(found[0], links)]
        end = found.end()
    parts.append(_escaped(paragraph[end:], links))
    text = _LABEL.sub(r"**\g<0>**", "".join(parts))
    lines = textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return _AT_THE_START.sub(r"\g<1>\\", lines.replace(_UNBROKEN, " "))


def _linked(span: str, links: Mapping[str, str]) -> str:
    code = _CODE.fullmatch(span)
    whole = " ".join(span.split()).replace(" ", _UNBROKEN) if code else span
    return f"[{whole}]({links[code[2]]})" if code and code[2] in links else whole


def _escaped(text: str, links: Mapping[str, str]) -> str:
    """Return text without code as Markdown. A code in brackets, as messages have it, leads to its page."""
    parts = _CODE_OF_A_MESSAGE.split(text)
    for number, part in enumerate(parts):
        if number % 2 and part in links:
            parts[number] = rf"[\[{part}\]]({links[part]})"
        else:
            parts[number] = _MARKUP.sub(r"\\\g<0>", f"[{part}]" if number % 2 else part)
    return "".join(parts)


def cell(markdown: str) -> str:
    """Return Markdown for a cell of a table, where a bar would end it, even in code."""
    return markdown.replace("|", r"\|").replace("\n", " ")


def example(text: str) -> str:
    """Return an example as code blocks: pieces of a cards.yaml, what is edited in them later, and commands."""
    fence = max(["``", *re.findall("`{3,}", text)], key=len) + "`"
    return "\n\n".join(f"{fence}{language}\n{code}{fence}" for language, code in _blocks(text))


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    before = ""
    for number, part in enumerate(_COMMANDS.split(text)):
        if number % 2:
            yield "console", part
        elif part:
            yield ("diff", _difference(before, part)) if before not in ("", part) else ("yaml", part)
            before = part


def _difference(old: str, new: str) -> str:
    """Return all lines of both texts, those that are only in one of them after a minus or plus sign.

    Notes of both texts are compared one by one, since a reader would not see that two notes swap their texts.
    """
    before, after = _NOTE.findall(old), _NOTE.findall(new)
    ids, new_ids = ([note.partition("\n")[0] for note in notes] for notes in (before, after))
    matcher = difflib.SequenceMatcher(None, ids, new_ids)
    lines: list[str] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        gone, come = before[start:end], after[new_start:new_end]
        pairs = zip(gone, come, strict=True) if tag == "equal" else [("".join(gone), "".join(come))]
        for one, other in pairs:
            lines += _marked(one.splitlines(keepends=True), other.splitlines(keepends=True))
    return "".join(lines)


def _marked(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for tag, start, end, new_start, new_end in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield from (f" {line}" for line in old[start:end])
        else:
            yield from (f"-{line}" for line in old[start:end])
            yield from (f"+{line}" for line in new[new_start:new_end])
