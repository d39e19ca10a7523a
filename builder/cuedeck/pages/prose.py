r"""Turn release notes, the Markdown of CHANGELOG.md, into HTML with only the elements that Markdown has.

Anyone may have written them. They are shown as a code host shows the file, and not as the text of a card: words may be
struck through, `\[` is a bracket, and nothing is refused.
"""

from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from cuedeck.deck.addresses import is_safe_link
from cuedeck.pages.formulas import set_formulas
from cuedeck.pages.styles import with_aligned_cells
from cuedeck.rendering.plain import FORMULA

_DEEPEST = 100  # anything nested deeper is not shown


def notes_html(notes: str, on_page: bool = True) -> str:
    r"""Return release notes as HTML.

    With `on_page`, text that reads as a formula, and so is written as `\\(x\\)`, becomes MathML, and the alignment of
    cells becomes a class. Otherwise our style is missing, and formulas stay as text.
    """
    html: str = _parser(formulas=on_page).render(notes).strip()
    return (with_aligned_cells(html) if on_page else html) or "<p>No release notes.</p>"


@cache
def _parser(formulas: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable(["strikethrough", "table"])
    parser.validateLink = is_safe_link  # type: ignore[method-assign]
    parser.add_render_rule("s_open", _deleted)
    parser.add_render_rule("s_close", _end_of_deleted)
    parser.add_render_rule("image", _described)
    if formulas:
        parser.add_render_rule("text", _with_formulas)
    return parser


def _deleted(self: RendererHTML, *token: Any) -> str:
    return "<del>"


def _end_of_deleted(self: RendererHTML, *token: Any) -> str:
    return "</del>"


def _described(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    """Return the description of a picture, since the page cannot load the picture itself from another host."""
    return escape(self.renderInlineAsText(tokens[index].children, options, env))


def _with_formulas(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return FORMULA.sub(lambda found: set_formulas(found[0]), escape(tokens[index].content))
