"""A note type's style, made to fit a card in a page, where it stands in a window of its own."""

import re

# In Anki a card fills the window, and what a rule says of the window it must say of the card's frame in a page.
_WINDOW_WIDTH = re.compile(r"@media (?=\((?:min|max)-width)")
_WINDOW_HEIGHT = re.compile(r"\b([0-9.]+)vh\b")

_FRAME = """
.window { --window-height: 420px; container-type: inline-size; }
.window > .card { box-sizing: border-box; min-height: 100%; }
/* Roots and large brackets are drawn with a font made for formulas. Windows and macOS come with one. */
math {
  font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "Libertinus Math", "DejaVu Math TeX Gyre",
    "Noto Sans Math", math;
}
.unset-formula { outline: 1px dashed currentColor; outline-offset: 2px; }
"""


def card_style(css: str) -> str:
    """Return the style of cards, each of which stands in an element of class `window`."""
    framed = _WINDOW_WIDTH.sub("@container ", css)
    return _WINDOW_HEIGHT.sub(r"calc(\1 * var(--window-height) / 100)", framed) + _FRAME
