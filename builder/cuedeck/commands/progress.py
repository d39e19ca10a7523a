"""A line on the terminal that shows how far a command is, if it takes more than two seconds."""

import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from cuedeck.problems import visible
from cuedeck.progress import Progress, unreported

_PATIENCE = 2.0  # seconds before anything is shown
_PAUSE = 0.1  # seconds between two drawings of the same work
_LENGTH = 24  # characters of the bar itself


@contextmanager
def shown_progress(wanted: bool = True, clock: Callable[[], float] = time.monotonic) -> Iterator[Progress]:
    """Show on standard error how far the work is, if that is a terminal, and erase it at the end, however that comes.

    `wanted` is false if the command is to print nothing but data or problems. `clock` returns seconds.
    """
    if not (wanted and sys.stderr and sys.stderr.isatty()) or os.environ.get("TERM") == "dumb":
        yield unreported
        return
    # A duplicate, since a rehearsal sends standard error elsewhere while Anki works.
    number, encoding = os.dup(sys.stderr.fileno()), sys.stderr.encoding
    with os.fdopen(number, "w", encoding=encoding, errors="backslashreplace") as terminal:
        line = _Line(terminal, clock)
        try:
            yield line.report
        finally:
            line.erase()


class _Line:
    """The last line of a terminal, on which nothing else is printed until it is erased."""

    def __init__(self, terminal: TextIO, clock: Callable[[], float]) -> None:
        self._terminal = terminal
        self._clock = clock
        self._next = clock() + _PATIENCE
        self._doing = ""
        self._filled = 0  # columns that are not blank

    def report(self, doing: str, done: int, of: int) -> None:
        """Show how far the work is, unless it is too early for that. Other work than before is shown at once."""
        now = self._clock()
        if now < self._next and not (self._filled and doing != self._doing):
            return
        self._next, self._doing = now + _PAUSE, doing
        columns = os.get_terminal_size(self._terminal.fileno()).columns or 80  # 0 if the terminal does not say
        self._draw(_cut(visible(_words(doing, done, of)), columns - 1))  # after the last one, a new line may begin

    def erase(self) -> None:
        """Leave the line blank, with the cursor at its start, as if nothing had been shown."""
        if self._filled:
            self._draw("")
            self._terminal.write("\r")
            self._terminal.flush()

    def _draw(self, words: str) -> None:
        columns = _columns(words)
        blanks = " " * (self._filled - columns)
        self._filled = max(self._filled, columns)  # even if Ctrl-C comes before the next line
        self._terminal.write("\r" + words + blanks)
        self._terminal.flush()
        self._filled = columns


def _words(doing: str, done: int, of: int) -> str:
    if not of:
        return f"{doing} ..."
    bar = "#" * (_LENGTH * done // of)
    return f"[{bar:-<{_LENGTH}}] {doing}: {done:,} of {of:,}"


def _columns(words: str) -> int:
    return sum(map(_width, words))


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(words: str, columns: int) -> str:
    """Return as much of the start of some words as fits into a number of columns."""
    while _columns(words) > columns:
        words = words[:-1]
    return words
