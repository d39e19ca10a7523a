"""Text that is shown as it is written, whatever Anki or MathJax would make of it."""

import re
import unicodedata
from functools import lru_cache
from html import escape

from cuedeck.patterns import regex

# What Anki itself would act on in a field: marks for media and LaTeX, and the start of MathJax where none was meant.
_ANKI_MARK = regex(r"\[(?=/?(?:sound:|latex\]|\$|anki:|\[type:))", re.IGNORECASE)
_MATH_MARK = regex(r"\\([(\[])")


@lru_cache(maxsize=1024)
def plain_to_html(text: str) -> str:
    """Return the HTML of a text that is not Markdown, such as a title: Anki shows every character as written."""
    return without_marks(escape(unicodedata.normalize("NFC", text)))


def without_marks(html: str) -> str:
    """Return the HTML of text with all marks broken up that Anki, or MathJax in Anki, would act on."""
    # MathJax reads the page's text. There an element stops it, but a character reference does not.
    return _MATH_MARK.sub(r"\\<span>\1</span>", _ANKI_MARK.sub("&#91;", html))
