"""What YAML does behind an author's back, and what of it cards.yaml does not use: the words for each."""

import re

from cuedeck.problems import NO_IMAGE, Mend, Place, Problem

UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that Anki would drop, or the whole file with them. YAML's escapes can bring them into a value, too."""

# rule: message and hint
_WORDS = {
    "yaml-alias": (
        '"*{word}" is an alias in YAML, which cards.yaml does not use',
        "write the text out; text that begins with * goes into quotes or after a |",
    ),
    "yaml-anchor": (
        '"&{word}" is an anchor in YAML, which swallows the word',
        "text that begins with & goes into quotes or after a |",
    ),
    "yaml-tag": (
        '"{word}" is a tag in YAML, which swallows the word',
        "text that begins with ! goes into quotes or after a |",
    ),
    "no-media": NO_IMAGE[1:],
    "merge-key": ('"<<" merges mappings in YAML, which cards.yaml does not use', "write the keys out"),
    "key-not-text": ("a key must be a text", "text that begins with { or [ goes into quotes or after a |"),
    "doubled-key": (
        'the key "{word}" stands here a second time, and what it says is not read',
        "give one of the two another name, or take it out",
    ),
    "too-deep": (
        "this is nested more than {word} levels deep",
        "cards.yaml needs at most six levels: check the brackets and the indentation",
    ),
    "second-document": (
        "a second document begins here",
        'keep everything in one document: take the line "---" out',
    ),
    "text-hash": (
        '"{word}" begins a comment to YAML, which swallows it and everything after it',
        'text with " #" in it goes into quotes or after a |; a comment has a space after its #',
    ),
    "text-backslash": ('in double quotes, YAML takes the backslash of "{word}" for an escape, not for text', ""),
    "half-character": (
        'the escape "{word}" stands for half of a character, and the other half is missing',
        "write the character itself in its place",
    ),
    "text-folded": ("YAML joins this line with the one above it, so it would not begin a line on a card", ""),
    "control-character": (
        "the text holds the invisible character {word}",
        "take it out: it does not come through to Anki",
    ),
}


def refusal(rule: str, place: Place, word: str = "", way_out: str = "", mend: Mend | None = None) -> Problem:
    """Return the problem of a rule; `word` is what stands in the text, `way_out` a hint for just this text."""
    message, hint = _WORDS[rule]
    return Problem(place, message.replace("{word}", word), rule, way_out or hint, mend=mend)


def control_character(place: Place, character: str) -> Problem:
    """Return the problem of a character that Anki would drop."""
    return refusal("control-character", place, f"U+{ord(character):04X}")
