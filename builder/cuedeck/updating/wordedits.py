"""Two texts word by word: what stays, what goes, what comes."""

import difflib
import re
from dataclasses import dataclass
from typing import Literal

from cuedeck.rendering.plain import FORMULA

# Words together with their punctuation: marks around them can be read, and set in Markdown, at every place. A formula
# is one word, whatever spaces it holds: half of one is none.
_TOKEN = re.compile(rf"\s+|(?:{FORMULA.pattern}|\S)+", FORMULA.flags)
# Comparing takes time that grows with the square of the length: beyond this, a text is replaced as a whole.
_MOST_TOKENS = 2_000


@dataclass(frozen=True)
class Piece:
    """A stretch of a text that is the same, that only the old one has, or only the new one."""

    kind: Literal["same", "gone", "come"]
    text: str


def word_edits(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces that lead from one text to the other, in order; what goes stands before what comes."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > _MOST_TOKENS:
        return tuple(_changed(before, after))
    pieces: list[Piece] = []
    gone = come = ""
    edits = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (edit, i, j, start, end) in enumerate(edits, 1):
        same = "".join(old[i:j])
        # A space between two changes is part of them, so that the words of a phrase stay together.
        if edit != "equal" or ((gone or come) and same.isspace() and number < len(edits)):
            gone += same
            come += "".join(new[start:end])
        else:
            pieces += [*_changed(gone, come), Piece("same", same)]
            gone = come = ""
    return (*pieces, *_changed(gone, come))


def _changed(gone: str, come: str) -> list[Piece]:
    return [piece for piece in (Piece("gone", gone), Piece("come", come)) if piece.text]
