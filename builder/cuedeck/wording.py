"""Numbers, days, lists and words of commands as people write them, for every message."""

import datetime
import re
import shlex
from collections.abc import Iterable, Sequence

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


def nearest(word: str, known: Iterable[str], most: int = 1) -> list[str]:
    """Return the known words that a word is most likely a slip of, the likeliest first; none where all are too far."""
    import difflib  # here because most commands have no need of it

    return difflib.get_close_matches(word, list(known), n=most)


def did_you_mean(*likely: str) -> str:
    """Return the question whether one of some words was meant, such as 'did you mean "x" or "y"?'; "" for none."""
    quoted = " or ".join(f'"{each}"' for each in likely)
    return f"did you mean {quoted}?" if quoted else ""


def written_day(day: datetime.date) -> str:
    """Return a day, such as 31 January 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def for_a_shell(word: str) -> str:
    """Return a word as it is written in a command line, in quotes where a shell would read something into it."""
    if re.fullmatch(r"[\w:./@+-]+", word, re.ASCII):
        return word
    return shlex.quote(word) if re.search(r'[$`"\\!]', word) else f'"{word}"'
