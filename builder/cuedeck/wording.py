"""Numbers, dates, lists and shell commands, written as people write them, for all messages."""

import datetime
import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, such as "1 note" or "10,000 notes"; `plural` is for nouns that add no "s"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def megabytes(size: int) -> str:
    """Return a number of bytes in round figures, such as "12 kB" or "3.4 MB"."""
    if size < 1_000_000:
        return f"{max(round(size / 1000), 1):,} kB"
    return f"{size / 1_000_000:,.1f} MB"


def listed(names: Sequence[str], most: int = 10) -> str:
    """Return the first of some names and the number of the others, such as "a, b and 3 more"."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def by_number(name: str) -> tuple[list[object], str]:
    """Return the sort key of a name or path: numbers in it as numbers, and what is alike then as texts."""
    # The pattern is in a group, so every other piece is a number. It may be too long to be converted.
    pieces = [piece.lstrip("0") if place % 2 else piece for place, piece in enumerate(re.split("([0-9]+)", name))]
    return [(len(piece), piece) if place % 2 else piece for place, piece in enumerate(pieces)], name


def nearest(word: str, known: Iterable[str], most: int = 1, likeness: float = 0.6) -> list[str]:
    """Return the known words that a mistyped word most likely means, likeliest first; none if all are too different.

    `likeness`, from 0 to 1, is how much of a word they must share with it.
    """
    import difflib  # here because most commands do not need it

    return difflib.get_close_matches(word, list(known), n=most, cutoff=likeness)


def did_you_mean(*likely: str) -> str:
    """Return a question such as 'did you mean "x" or "y"?'; "" if there are no words."""
    quoted = " or ".join(f'"{each}"' for each in likely)
    return f"did you mean {quoted}?" if quoted else ""


def written_day(day: datetime.date) -> str:
    """Return a date, such as 31 January 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def for_a_shell(word: str) -> str:
    """Return a word as it is written on a command line, in quotes if a shell would interpret it."""
    if re.fullmatch(r"[\w:./@+-]+", word, re.ASCII):
        return word
    return shlex.quote(word) if re.search(r'[$`"\\!]', word) else f'"{word}"'


def how_to_install(*libraries: str) -> str:
    """Return the command that installs libraries where this program is, with what installed it: pipx, uv or pip."""
    names, here = " ".join(libraries), Path(sys.prefix)
    if (here / "pipx_metadata.json").exists():
        return f"pipx inject {here.name} {names}"
    if (here / "uv-receipt.toml").exists():
        return f"uv pip install --python {for_a_shell(str(here))} {names}"
    return f"{for_a_shell(sys.executable)} -m pip install {names}"
