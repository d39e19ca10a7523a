"""Compare two texts word by word: what stays, what is gone, what is new."""

import difflib
from typing import Literal

from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.rendering.plain import FORMULA

# Words together with their punctuation, so that marks around them can be read, and set in Markdown, everywhere. A
# formula is one word, whatever spaces it contains, since half of one makes no sense.
_TOKEN = regex(rf"\s+|(?:{FORMULA.pattern}|\S)+", FORMULA.flags)
# The time to compare grows with the square of the length; a longer text is shown as replaced as a whole.
_MOST_TOKENS = 2_000


@dataclass(frozen=True)
class Piece:
    """A piece of text that is in both texts, only in the old one, or only in the new one."""

    kind: Literal["same", "gone", "come"]
    text: str


def word_edits(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces that lead from one text to the other, in order; what is gone comes before what is new."""
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
