"""Adapt HTML and style made for Anki to a page, on which each card is in a frame, its "window"."""

from cuedeck.pages.assets import asset
from cuedeck.patterns import regex

# In Anki a card fills the window. On a page, rules about the window must apply to the card's frame instead.
_WINDOW_WIDTH = regex(r"@media (?=\((?:min|max)-width)")
_WINDOW_HEIGHT = regex(r"\b([0-9.]+)vh\b")

# A picture may be taller than a share of that frame, which is lower than most windows.
_FRAME = """
.window { --window-height: 420px; --highest-picture: 480px; container-type: inline-size; }
.window > .card { --cue-picture-height: var(--highest-picture); box-sizing: border-box; min-height: 100%; }
"""
# In Anki the width of a picture is an inline style, which no page allows.
_WIDTH = regex(r"\bimg\[style\]")


def card_style(css: str) -> str:
    """Return the style of cards, each of which is in an element of class `window`."""
    framed = _WIDTH.sub("img[width]", _WINDOW_WIDTH.sub("@container ", css))
    return _WINDOW_HEIGHT.sub(r"calc(\1 * var(--window-height) / 100)", framed) + _FRAME + asset("fields.css")


_STYLED = regex(r'(<t[dh]) style="text-align:(left|center|right)"')


def with_aligned_cells(html: str) -> str:
    """Return HTML made from Markdown, with the alignment of each cell as a class that `fields.css` defines."""
    return _STYLED.sub(r'\1 class="cell-\2"', html) if "<table" in html else html
