"""Mistakes in a text that a Markdown rule comes upon. A rule cannot raise, so they are kept with the parse."""

from collections.abc import MutableMapping
from typing import Any

from cuedeck.problems import TextError

_LONGEST_QUOTE = 40


def note_slip(env: MutableMapping[str, Any], rule: str, message: str, hint: str, fragment: str) -> None:
    """Keep a mistake; the first one of a text is the one that counts."""
    env.setdefault("slip", TextError(message, hint, fragment, rule))


def raise_slip(env: MutableMapping[str, Any]) -> None:
    """Raise the mistake that was kept in a parse, if there was one."""
    if "slip" in env:
        raise env["slip"]


def shortened(text: str) -> str:
    """Return as much of a text as a message quotes."""
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}..."
