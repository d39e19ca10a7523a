"""Times as transcripts write them, in seconds."""

import re

from cuedeck.patterns import regex

CLOCK = r"(?:(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?)"
"""A pattern for a time such as 0:46, 00:02:25.420 or 1:02:25,42."""

_PARTS = regex(r"[:_]")
_MOST = 1e12  # more than a hundred hours in any unit; larger numbers of JSON may not even fit into a float


def seconds(clock: str) -> float:
    """Return the seconds of a text that matches `CLOCK`."""
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def loose_seconds(value: object) -> float | None:
    """Return the seconds of a value of JSON: a number, or a text such as "1.5", "4.2s", "00:00:01,000" or "00_05_00".

    None if it is not a time.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str):
        text = value.strip().removesuffix("s").replace(",", ".")
        if not re.fullmatch(r"(?:\d{1,6}[:_]){0,2}\d{1,9}(?:\.\d{1,9})?", text):
            return None
        return seconds(_PARTS.sub(":", text))
    return float(value) if 0 <= value < _MOST else None
