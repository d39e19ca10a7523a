"""Numbers and lists as people write them, for every message."""

from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as "1 note" or "10,000 notes"."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def listed(names: Sequence[str], most: int = 10) -> str:
    """Return the first names, and how many more there are, such as "a, b and 3 more"."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
