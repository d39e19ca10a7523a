"""Numbers and lists in the words of messages."""

from collections.abc import Sequence

_NAMED = 10


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as "1 note" or "2 notes"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: Sequence[str], most: int = _NAMED) -> str:
    """Return names in one line, such as "a, b and 7 more"; at most so many of them."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
