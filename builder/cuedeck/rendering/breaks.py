"""Line ends within a paragraph: shown as a space, but as nothing between words of scripts that use no spaces."""

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from cuedeck.patterns import regex
from cuedeck.rendering.scripts import SPACELESS

JOINED = "joined_break"
"""The kind of token of a line end that shows nothing."""

_BEFORE, _AFTER = regex(rf"[{SPACELESS}]\Z"), regex(rf"[{SPACELESS}]")


def add_breaks(parser: MarkdownIt) -> None:
    """Teach a parser how line ends are shown."""
    parser.core.ruler.push(JOINED, _join)
    parser.add_render_rule("softbreak", lambda *_: " ")
    parser.add_render_rule(JOINED, lambda *_: "")


def _join(state: StateCore) -> None:
    for token in state.tokens:
        children: list[Any] = token.children or []
        if "\n" in token.content and not token.content.isascii():
            for at, child in enumerate(children):
                if child.type == "softbreak" and _is_between(children, at):
                    child.type = JOINED


def _is_between(tokens: list[Token], at: int) -> bool:
    """Return whether a line end is between words without spaces, even if markup or a deletion ends or begins there."""
    before = next((tokens[each] for each in range(at - 1, -1, -1) if _shows_something(tokens[each])), None)
    after = next((tokens[each] for each in range(at + 1, len(tokens)) if _shows_something(tokens[each])), None)
    return (
        before is not None
        and after is not None
        and before.type == after.type == "text"
        and _BEFORE.search(before.content) is not None
        and _AFTER.match(after.content) is not None
    )


def _shows_something(token: Token) -> bool:
    return not token.nesting and not token.type.startswith("cloze_") and bool(token.content or token.type != "text")
