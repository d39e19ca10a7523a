"""The rule on invisible signs that change the direction of a text."""

import re
from collections.abc import Iterator

from cuedeck.advice.material import Advice, Shown

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OVERRIDE = re.compile("[\u202d\u202e]")
# The signs that begin a stretch in another direction, and those that end it.
_PAIRS = (("[\u202a\u202b]", "\u202c"), ("[\u2066-\u2068]", "\u2069"))


def turned_direction(note: Shown) -> Iterator[Advice]:
    r"""An invisible sign changes the direction of the text.

    Why: after such a sign, letters are shown in another order than they are written, so a card can say one thing and
    Anki's search find another. Unicode's rules for text in two directions (UAX #9) put right-to-left words in order
    without any sign.

    How it is found: a text contains an override (U+202D, U+202E), or begins an embedding or an isolate that it does
    not end, so that it affects the rest of the card as well.

    Way out: delete the sign. Most editors have a setting that shows invisible characters.

    Bad:

        first-note:
          q: "What does \u202Eelbaton\u202C mean?"
          a: Worth a note

    Good:

        first-note:
          q: What does notable mean?
          a: Worth a note
    """
    text = note.text
    if text.isascii() or not _TURNING.search(text):
        return
    if found := _OVERRIDE.search(text):
        yield _advice(note, found[0])
        return
    for begin, end in _PAIRS:
        begun = re.findall(begin, text)
        if len(begun) > text.count(end):
            yield _advice(note, begun[0])


def _advice(note: Shown, sign: str) -> Advice:
    return Advice(
        note.keys,
        f"the invisible sign U+{ord(sign):04X} changes the direction of the text",
        "delete it; right-to-left words need no such sign",
        sign,
    )
