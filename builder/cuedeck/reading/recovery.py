"""Read what is left of a text that is not valid YAML: a broken entry is given up, and the rest keeps its places."""

import re

from cuedeck.patterns import regex
from cuedeck.problems import Fix
from cuedeck.reading.bars import outside_of_bar
from cuedeck.records import dataclass

_ENTRY = regex(r" *(?:- +)*(?P<key>[^\s#][^#\n]*?):(?: +|$)")
_LONGEST_KEY = 2000  # with its indentation; YAML's parsers accept no key of more than 1024 characters
_BEGINS_A_TEXT = regex(r"[^\[{#]")
_TEXT = regex(r"[^ \t]")


@dataclass(frozen=True)
class GivenUp:
    """An entry whose value was given up: its key, and whether that was more than the broken line."""

    key: str
    more: bool


class Recovery:
    """A text whose broken entries can be replaced by stand-ins, so that everything around them can be parsed.

    Each line of `text` is as long as before, so that places in it are places in the file. `stand_ins` has the line and
    column, from 0, of each stand-in.
    """

    def __init__(self, text: str) -> None:
        self.stand_ins: set[tuple[int, int]] = set()
        self.given_up: list[str] = []
        self._lines = text.split("\n")
        self._touched: set[int] = set()
        self._put_right: set[int] = set()

    @property
    def text(self) -> str:
        """The text as it is now."""
        return "\n".join(self._lines)

    def touched(self, line: int) -> bool:
        """Whether something on a line was given up, so that any other error there is a consequence."""
        return line in self._touched

    def give_up(self, line: int) -> GivenUp | None:
        """Give up the value on a line, or else the nearest one around it.

        Returns None if there is none: then nothing can be read from that line on.
        """
        at: int | None = line
        while at is not None:
            if given_up := self._blank(at, around=at != line):
                self._touched |= {line, at}
                return given_up
            at = self._parent(at)
        return None

    def correct(self, fix: Fix) -> bool:
        """Write what was meant into a line; False if the line has something else there, or was put right before.

        If that changes the length of the line, its value is given up, so that nothing is reported at a wrong place.
        """
        number, start = fix.place.line - 1, fix.place.column - 1
        line = self._lines[number]
        if number in self._put_right or not line.startswith(fix.old, start):
            return False
        self._put_right.add(number)
        self._lines[number] = line[:start] + fix.new + line[start + len(fix.old) :]
        if len(fix.new) != len(fix.old):
            entry = _ENTRY.match(self._lines[number], 0, _LONGEST_KEY)
            if entry and _TEXT.search(self._lines[number], entry.end()):
                self._blank(number, around=False)
        return True

    def join_documents(self, line: int) -> bool:
        """Remove the `---` at the beginning of a line, or the `...` before it; False if there is neither."""
        found = False
        for number in range(line, -1, -1):
            text = self._lines[number]
            if (number == line and text.startswith("---")) or text.startswith("..."):
                self._lines[number] = "   " + text[3:]
                found = True
            if number < line and text.strip():
                break
        return found

    def _blank(self, line: int, around: bool) -> GivenUp | None:
        """Replace the value of the entry on a line by a stand-in; None if there is no entry, or no value left.

        With `around`, the value contains another entry, so it must not begin like a text.
        """
        entry = _ENTRY.match(self._lines[line], 0, _LONGEST_KEY)
        if not entry or (around and _BEGINS_A_TEXT.match(self._lines[line], entry.end())):
            return None
        starts = {line: entry.end(), **dict.fromkeys(range(line + 1, self._end(line, entry)), 0)}
        texts = [(at, found.start()) for at, start in starts.items() if (found := _TEXT.search(self._lines[at], start))]
        if not texts or (len(texts) == 1 and texts[0] in self.stand_ins):
            return None
        for number, start in texts:
            text = self._lines[number]
            self.given_up.append(text[start:])
            self._lines[number] = text[:start].replace("\t", " ") + " " * (len(text) - start)
        self._touched.update(number for number, _ in texts)
        number, start = texts[0]
        self._lines[number] = f"{self._lines[number][:start]}x{self._lines[number][start + 1 :]}"
        self.stand_ins = self.stand_ins.difference(texts) | {texts[0]}
        return GivenUp(entry["key"].strip(), more=around or len(texts) > 1)

    def _end(self, line: int, entry: "re.Match[str]") -> int:
        """Return the line after the value of an entry, which includes all lines that are indented more than its key.

        Lines that were meant as the text of a `|` belong to it, too.
        """
        if outside := outside_of_bar(self._lines, line):
            return outside.end
        column = entry.start("key")
        alone = entry.end() == len(self._lines[line])
        for number in range(line + 1, len(self._lines)):
            depth = self._depth(number)
            item = alone and depth == column and self._lines[number].startswith("- ", column)
            if depth is not None and depth <= column and not item:
                return number
        return len(self._lines)

    def _parent(self, line: int) -> int | None:
        """Return the line of the entry that contains the one on a line; None if there is none."""
        own: int | None = None
        for number in range(line, -1, -1):
            depth = self._depth(number)
            if own is None:
                own = depth
            elif depth is not None and depth < own:
                return number
        return None

    def _depth(self, line: int) -> int | None:
        """Return how far a line is indented; None for a line without text, with a comment only, or with a tab."""
        text = self._lines[line]
        depth = len(text) - len(text.lstrip(" "))
        return None if text[depth:].startswith(("\t", "#")) or depth == len(text) else depth
