"""Characters that HTML writes as names or numbers, such as `&amp;` and `&#38;`."""

import html
import re

# Python turns no number of thousands of digits into an integer, and raises an error instead. No character has a number
# of more than seven digits.
_ZEROS = re.compile("&#0+(?=[0-9])")
_TOO_HIGH = re.compile("&#[0-9]{8,};?")
_NO_CHARACTER = "\ufffd"


def with_short_numbers(text: str) -> str:
    """Return a text of HTML in which no character has a number that is too high to be read; it shows the same."""
    return _TOO_HIGH.sub(_NO_CHARACTER, _ZEROS.sub("&#", text)) if "&#" in text else text


def unescape(text: str) -> str:
    """Return a text with the characters in place of their names and numbers."""
    return html.unescape(with_short_numbers(text))
