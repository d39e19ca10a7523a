r"""Deletions inside code and formulas, where Markdown sees no marks: `\(2^{{c1::10}}\)`, or a line in a block of code.

The token of such code or of such a formula is split at its deletions, which are then deletions like all others. Anki
shows `[...]` in their place, and takes its own elements out of a formula before MathJax reads it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it.token import Token

from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.rendering.cloze import (
    ANKIS_MARKER,
    MARKER,
    STEPS,
    deletion_opened,
    mistyped_marker,
    unclosed_inside,
)
from cuedeck.rendering.colons import COLONS, IS_HINT
from cuedeck.rendering.mistakes import shortened
from cuedeck.rendering.texgaps import formula_parts

DISPLAY_GAP = "display_gap"
"""The mark of a display formula that is all of a deletion."""
CODE_TEXT = "code_text"
"""The kind of token for a part of code outside or inside a deletion."""

_CODE = {
    "code_inline": ("<code>", "</code>"),
    "code_block": ("<pre><code>", "</code></pre>\n"),
    "fence": ("<pre><code>", "</code></pre>\n"),
}
_FORMULAS = {"math": ("", ""), "math_block": ("<p>", "</p>\n")}
_PART = regex(rf"(?P<marker>{MARKER.pattern})|\\:\\:|\\[{{}}]|::|[^\\:{{}}]+|.", re.DOTALL)
# Braces of code that have no partner in an answer: at the end of a line, or in quotes.
_ALONE = regex(r"""[{}]\s*(?:\n|$)|(?<=(['"]))[{}](?=\1)|^\s*\}""")
# What was meant for the beginning of a deletion; all other braces are code.
_MISTYPED = regex(r"\{\{\s?[cC]\s?[0-9][0-9cC\s,;.]*\s?::?")
# What a hint in a formula can be, between the braces of \text{...}.
_WORDS = regex(r"[^\\{}$%]*")
_SPACE = regex(r"\s*")


def has_deletion(token: Token) -> bool:
    """Return whether a token is code or a formula with what Anki would take for a deletion."""
    return (token.type in _CODE or token.type in _FORMULAS) and ANKIS_MARKER.search(token.content) is not None


def split_up(token: Token) -> Iterator[Token]:
    """Yield the inline tokens that replace a token for which `has_deletion` is true.

    Raises TextError if a deletion is mistyped, not closed in it, or hides what would take a formula apart.
    """
    for found in ANKIS_MARKER.finditer(token.content):
        if not MARKER.match(found[0]):
            raise mistyped_marker(found[0])
    before, after = _CODE.get(token.type) or _FORMULAS[token.type]
    inside = "code" if token.type in _CODE else "formula"
    yield Token("html_inline", "", 0, content=before)
    for part in _code_parts(token.content) if inside == "code" else formula_parts(token.content):
        if part.type == "cloze_open":
            part.meta["inside"] = inside
        yield part
    yield Token("html_inline", "", 0, content=after)


def _code_parts(code: str) -> Iterable[Token]:
    r"""Return code in parts, and the tokens of its deletions. In a deletion, `\:\:` are colons that begin no hint.

    A deletion ends at the first two braces that close none in it. If there are none, its own braces have no partners,
    and it ends where Anki ends it: `{{c1::if (x) {}}`.
    """
    try:
        return [*_Code(code, pairs=True).parts()]
    except TextError as error:
        if error.rule != "cloze-open":
            raise
        parts = [*_Code(code, pairs=False).parts()]
        depth = 0
        for part in parts:
            depth += STEPS.get(part.type, 0)
            if depth and not _is_closed(part.content):
                raise
        return parts


def _is_closed(answer: str) -> bool:
    """Return whether the braces of code have partners, but for those that are alone as a rule."""
    return abs(answer.count("{") - answer.count("}")) <= len(_ALONE.findall(answer))


class _Code:
    """Reads code with deletions; with `pairs`, the braces in a deletion have partners in it."""

    def __init__(self, code: str, pairs: bool) -> None:
        self._code = code
        self._pairs = pairs
        self._opened: list[tuple[Token, int]] = []  # each deletion that is open, and where it begins
        self._braces = [0]  # how many are open in the code, and in each of these
        self._text = ""  # what is read since the last token

    def parts(self) -> Iterator[Token]:
        at = 0
        while at < len(self._code):
            found = _PART.match(self._code, at)
            assert found  # since it matches any character
            mark = self._mark(found, at)
            if mark:
                yield from self._since()
                yield mark
            else:
                self._read(found[0])
            at += len(mark.markup if mark else found[0])
        if self._opened:
            raise unclosed_inside(self._opened[-1][0], "code")
        yield from self._since()

    def _since(self) -> Iterator[Token]:
        yield Token(CODE_TEXT, "", 0, content=self._text)
        self._text = ""

    def _mark(self, found: "re.Match[str]", at: int) -> Token | None:
        """Return the mark of a deletion that is found in the code, or None if it is something else."""
        if found["marker"]:
            opening = deletion_opened(found)
            self._opened.append((opening, at))
            self._braces.append(0)
            return opening
        if not self._opened or self._braces[-1]:
            return None
        is_answer = self._code.startswith("}}}", at) and self._code.endswith("::", 0, at)
        if self._code.startswith("}}", at) and not is_answer:
            self._opened.pop()
            self._braces.pop()
            return Token("cloze_close", "", -1, markup="}}")
        if found[0] != "::":
            return None
        end = self._code.find("}}", at)
        if end < 0 or not IS_HINT.fullmatch(self._code, at + 2, end):
            raise self._unclear(end)
        return Token("cloze_hint", "", 0, markup="::")

    def _read(self, part: str) -> None:
        if self._pairs or not self._opened:
            self._braces[-1] = max(self._braces[-1] + {"{": 1, "}": -1}.get(part, 0), 0)
        self._text += "::" if self._opened and part == r"\:\:" else part

    def _unclear(self, end: int) -> TextError:
        opening, start = self._opened[-1]
        whole = self._code[start : end + 2] if end > 0 else opening.markup
        inner = whole.removeprefix(opening.markup)
        return TextError(
            f'in "{shortened(whole)}", it is not clear whether "::" is code or begins a hint',
            rf"if it is code, write \:\: ({shortened(inner.replace('::', COLONS['code']).removesuffix('}}'))}); "
            "if it begins a hint, end the hint with a question mark, as in ::which one?",
            whole.partition("\n")[0],
            "cloze-hints",
        )


def displays_opened(children: Sequence[Token]) -> list[Token]:
    r"""Return inline tokens in which a deletion of nothing but a display formula stands inside of it: `\[{{c1::x}}\]`.

    A formula on lines of its own breaks the element that Anki sets around a deletion in two: two bars would be left.
    """
    opened: list[Token] = []
    at = 0
    while at < len(children):
        end = _end_of_display(children, at) if children[at].type == "cloze_open" else 0
        opened += _opened(children[at:end]) if end else [children[at]]
        at = end or at + 1
    return opened


def _end_of_display(tokens: Sequence[Token], at: int) -> int:
    """Return where a deletion of just a display formula ends, perhaps with a hint of words; 0 if it is another.

    More than one deletion may be around the formula.
    """
    depth = formulas = 0
    in_hint = False
    for end in range(at, len(tokens)):
        token = tokens[end]
        if token.type == "cloze_open" and not formulas:
            depth += 1
        elif token.type == "cloze_close" and formulas:
            depth, in_hint = depth - 1, False
            if not depth:
                return end + 1
        elif token.type == "cloze_hint" and formulas and not in_hint:
            in_hint = True
        elif token.type == "math" and token.content.startswith(r"\[") and not formulas:
            formulas = 1
        elif token.type != "softbreak" and (
            token.type != "text" or not (_WORDS if in_hint else _SPACE).fullmatch(token.content)
        ):
            return 0
    return 0


def _opened(deletion: Sequence[Token]) -> Iterator[Token]:
    yield _formula(r"\[")
    hint = None
    for token in deletion:
        if token.type == "math":
            yield _formula(token.content[2:-2])
        elif token.type in ("text", "softbreak"):
            if hint is not None:
                hint += token.content or " "
        else:
            if hint:
                yield _formula(rf"\text{{{hint.strip()}}}")
            hint = "" if token.type == "cloze_hint" else None
            yield token
    yield _formula(r"\]")


def _formula(content: str) -> Token:
    return Token("math", "", 0, content=content, markup=DISPLAY_GAP)


def displays_in_words(tokens: Sequence[Token]) -> Iterator[TextError]:
    """Yield an error for each display formula in a deletion that has something else, too."""
    for token in tokens:
        depth = 0
        for child in token.children or ():
            depth += STEPS.get(child.type, 0)
            if depth and child.type == "math" and child.content.startswith(r"\[") and child.markup != DISPLAY_GAP:
                in_line = rf"\({child.content[2:-2].strip()}\)"
                yield TextError(
                    f'"{shortened(child.content)}" is shown on separate lines, which splits the deletion around it',
                    f"write it within the line, as {shortened(in_line)}; or hide only the formula, and write any "
                    "hint in plain words",
                    child.content.partition("\n")[0],
                    "cloze-inside",
                )


def mistyped_in_code(code: str) -> Iterator[TextError]:
    """Yield an error for each beginning of a deletion in code that is mistyped, so that Anki would show its braces."""
    for found in _MISTYPED.finditer(code):
        if not MARKER.match(found[0]):
            yield mistyped_marker(found[0])
