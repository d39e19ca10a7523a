"""Numbers, days, lists and words of commands as people write them, for every message."""

import datetime
import re
import shlex
from collections.abc import Sequence

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as "1 note" or "10,000 notes"."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def listed(names: Sequence[str], most: int = 10) -> str:
    """Return the first names, and how many more there are, such as "a, b and 3 more"."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def written_day(day: datetime.date) -> str:
    """Return a day, such as 31 January 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def for_a_shell(word: str) -> str:
    """Return a word as it is written in a command line, in quotes where a shell would read something into it."""
    if re.fullmatch(r"[\w:./@+-]+", word, re.ASCII):
        return word
    return shlex.quote(word) if re.search(r'[$`"\\!]', word) else f'"{word}"'
