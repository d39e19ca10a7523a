"""The rules on the direction of a text, which its first letter decides and invisible characters can change."""

import re
import unicodedata
from collections.abc import Iterator

from cuedeck.advice.material import Advice, Shown, without_code
from cuedeck.patterns import regex
from cuedeck.rendering.plain import FORMULA, plain

_TURNING = regex("[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = regex("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_BLOCK = regex(r"</?(?:p|li|ul|ol|td|th|tr|table|thead|tbody|blockquote|h[1-6]|pre)\b[^>]*>|<br[^>]*>")
_MARKS = regex(r"\{\{c[0-9,]+::|::[^{}]*(?=\}\})|\}\}")
_WITH_HINT = regex(r"\{\{c[0-9,]+::[^{}]*?::([^{}]*)\}\}")
# A line is plainly in one direction if it has _MOST letters of it for each of the other, and at least _ENOUGH of them.
_MOST = 1.5
_ENOUGH = 6
_OVERRIDE = regex("[\u202d\u202e]")
# The characters that begin a stretch in another direction, and those that end it.
_PAIRS = (("[\u202a\u202b]", "\u202c"), ("[\u2066-\u2068]", "\u2069"))


def turned_direction(note: Shown) -> Iterator[Advice]:
    r"""An invisible character changes the direction of the text.

    Why: after such a character, letters are not shown in the order in which they are written, so a card can say one
    thing while Anki's search finds another. Unicode's rules for text in two directions (UAX #9) put right-to-left words
    in order without any such character.

    How it is found: a text contains an override (U+202D, U+202E), or begins an embedding or an isolate that it does
    not end, so that it affects the rest of the card, too.

    Way out: delete the character. Most editors have a setting that shows invisible characters.

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
        f"the invisible character U+{ord(sign):04X} changes the direction of the text",
        "delete it; right-to-left words need no such character",
        sign,
    )


def mixed_direction(note: Shown) -> Iterator[Advice]:
    r"""A line is mostly in one direction, but its first letter is in the other.

    Why: on cards, the first letter decides the direction of a whole line, in Anki as in Unicode's rules (UAX #9, P2).
    A Hebrew sentence that begins with "DNA" is laid out from left to right, its words in an order that nobody reads. If
    a deletion hides that word, or its hint is in the other script, the front and the back of the card even differ in
    direction.

    How it is found: the first letter of a paragraph, list item or table cell is in one direction, and three fifths or
    more of all its letters are in the other. The first letter is looked for twice: with the deletions filled in, and
    with their hints instead. Code and formulas do not count.

    Way out: write `&rlm;` before the first word of a right-to-left line, and `&lrm;` before that of a left-to-right
    line. Neither is shown; each gives its line the right direction.

    Bad:

        first-note:
          q: "DNA הוא סוג של מה?"
          a: חומצת גרעין

    Good:

        first-note:
          q: "&rlm;DNA הוא סוג של מה?"
          a: חומצת גרעין
    """
    for key, html in note.html.items():
        if html.isascii() or not _RIGHT_TO_LEFT.search(html):
            continue
        for block in _BLOCK.split(FORMULA.sub(" ", without_code(html))):
            filled = plain(_MARKS.sub("", block))
            hinted = plain(_MARKS.sub("", _WITH_HINT.sub(r"\1", block)))
            if (mark := _missing_mark(filled, hinted)) and (word := filled.split()[:1]):
                yield Advice(
                    (*note.keys, key),
                    f'the line that begins with "{word[0]}" is laid out in the direction of its first letter, but '
                    "most of its letters run the other way",
                    f"write {mark} before its first word, or before the deletion around it",
                    word[0],
                )
                break


def _missing_mark(filled: str, hinted: str) -> str:
    """Return the mark of direction that a line needs; "" if it needs none."""
    directions = [direction for sign in filled if (direction := _direction(sign))]
    right = directions.count("right")
    left = len(directions) - right
    if right >= max(left * _MOST, _ENOUGH) and "left" in (_first(filled), _first(hinted)):
        return "&rlm;"
    return "&lrm;" if left >= max(right * _MOST, _ENOUGH) and "right" in (_first(filled), _first(hinted)) else ""


def _first(text: str) -> str:
    return next(filter(None, map(_direction, text)), "")


def _direction(sign: str) -> str:
    return {"L": "left", "R": "right", "AL": "right"}.get(unicodedata.bidirectional(sign), "")
