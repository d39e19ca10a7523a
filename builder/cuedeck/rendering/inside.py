r"""Deletions inside code and formulas, where Markdown sees no marks: `\(2^{{c1::10}}\)`, or a line in a block of code.

The token of such code or of such a formula is split at its deletions, which are then deletions like all others. Anki
shows `[...]` in their place, and takes its own elements out of a formula before MathJax reads it.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from cuedeck.problems import TextError
from cuedeck.rendering.cloze import ANKIS_MARKER, MARKER, deletion_opened, mistyped_marker, unclosed_inside
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
_PART = re.compile(rf"(?P<marker>{MARKER.pattern})|\\:\\:|::|[^\\:{{}}]+|.", re.DOTALL)
# One word directly after two colons in code: a hint, or code such as std::vector.
_UNCLEAR = re.compile(r"(?<=[\w>)\]])::[^\s{}?]{1,80}(?=\}\})")
# A hint of plain words, which a formula can show if its spaces are kept.
_WORDS = re.compile(r"[\w .,?!]+")


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
    yield Token("html_inline", "", 0, content=before)
    yield from _code_parts(token.content) if token.type in _CODE else formula_parts(token.content)
    yield Token("html_inline", "", 0, content=after)


def _code_parts(code: str) -> Iterator[Token]:
    r"""Yield code in parts, and the tokens of its deletions. In a deletion, `\:\:` are colons that begin no hint."""
    opened: list[Token] = []
    braces = [0]  # how many are open in the code, and in each of its deletions
    text, at = "", 0
    while at < len(code):
        found = _PART.match(code, at)
        assert found
        part = found[0]
        mark = None
        if found["marker"]:
            mark = deletion_opened(found)
            opened.append(mark)
            braces.append(0)
        elif opened and not braces[-1] and code.startswith("}}", at):
            mark = Token("cloze_close", "", -1, markup="}}")
            opened.pop()
            braces.pop()
        elif opened and not braces[-1] and part == "::":
            if unclear := _UNCLEAR.match(code, at):
                raise _unclear(unclear[0])
            mark = Token("cloze_hint", "", 0, markup=part)
        if mark:
            yield Token(CODE_TEXT, "", 0, content=text)
            yield mark
            text = ""
        else:
            braces[-1] = max(braces[-1] + {"{": 1, "}": -1}.get(part, 0), 0)
            text += "::" if opened and part == r"\:\:" else part
        at += len(mark.markup if mark else part)
    if opened:
        raise unclosed_inside(opened[-1], "code")
    yield Token(CODE_TEXT, "", 0, content=text)


def _unclear(colons: str) -> TextError:
    word = colons.removeprefix("::")
    escaped = colons.replace(":", r"\:")
    return TextError(
        f'"{colons}" can be a hint or part of the code',
        f"write {escaped} if it belongs to the code; let a hint end in a question mark: ::{word}?",
        colons,
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


def _end_of_display(children: Sequence[Token], at: int) -> int:
    """Return where a deletion of just a display formula ends, perhaps with a hint of words; 0 if it is another."""
    formulas = hints = 0
    for end in range(at + 1, len(children)):
        token = children[end]
        if token.type == "cloze_close":
            return end + 1 if formulas == 1 else 0
        if token.type == "cloze_hint" and formulas and not hints:
            hints += 1
        elif token.type == "math" and token.content.startswith(r"\[") and not hints:
            formulas += 1
        elif token.type != "text" or (token.content.strip() and not (hints and _WORDS.fullmatch(token.content))):
            return 0
    return 0


def _opened(deletion: Sequence[Token]) -> Iterator[Token]:
    yield _formula(r"\[")
    for token in deletion:
        if token.type == "math":
            yield _formula(token.content[2:-2])
        elif token.type != "text":
            yield token
        elif token.content.strip():
            yield _formula("~".join(token.content.split()))
    yield _formula(r"\]")


def _formula(content: str) -> Token:
    return Token("math", "", 0, content=content, markup=DISPLAY_GAP)


def displays_in_words(tokens: Sequence[Token]) -> Iterator[TextError]:
    """Yield an error for each display formula in a deletion that has something else, too."""
    for token in tokens:
        depth = 0
        for child in token.children or ():
            depth += {"cloze_open": 1, "cloze_close": -1}.get(child.type, 0)
            if depth and child.type == "math" and child.content.startswith(r"\[") and child.markup != DISPLAY_GAP:
                in_line = rf"\({child.content[2:-2].strip()}\)"
                yield TextError(
                    f'"{shortened(child.content)}" is on lines of its own, which breaks the deletion around it in two',
                    f"write it as a formula in the line: {shortened(in_line)}",
                    child.content.partition("\n")[0],
                    "cloze-inside",
                )
