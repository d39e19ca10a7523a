"""What YAML does behind an author's back, and the parts of YAML that cards.yaml does not use: the words for each."""

from cuedeck.patterns import regex
from cuedeck.problems import Fix, Place, Problem

UNSHOWN = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that Anki would drop, or drop the whole file for. YAML's escapes can also bring them into a value."""

# rule: message and hint
_WORDS = {
    "yaml-alias": (
        '"*{word}" is an alias in YAML, which Cuedeck does not support',
        "write out the text that it refers to; if the * belongs to the text, put the text in quotes or after a |",
    ),
    "yaml-anchor": (
        '"&{word}" is an anchor in YAML, so the word would be lost',
        "put text that begins with & in quotes or after a |",
    ),
    "yaml-tag": (
        '"{word}" is a tag in YAML, so the word would be lost',
        "put text that begins with ! in quotes or after a |",
    ),
    "merge-key": (
        '"<<" merges mappings in YAML, which Cuedeck does not support',
        'delete "<<", and write out the keys that it would bring in',
    ),
    "key-not-text": (
        "this is read as a key, but a key must be text",
        "if text begins with { or [, put it in quotes, or write it after a |",
    ),
    "doubled-key": (
        'the key "{word}" appears here a second time, and this one would be ignored',
        "rename or remove one of the two",
    ),
    "too-deep": (
        "this is nested more than {word} levels deep",
        "cards.yaml needs at most six levels: check the brackets and the indentation",
    ),
    "second-document": (
        "a second YAML document starts here",
        'keep everything in one document: delete the line "---"',
    ),
    "text-hash": (
        '"{word}" starts a comment in YAML, so it and everything after it would be lost',
        'put text that contains " #" in quotes or after a |; if this is a comment, put a space after its #',
    ),
    "text-backslash": ('in double quotes, YAML reads the backslash of "{word}" as an escape, not as text', ""),
    "half-character": (
        'the escape "{word}" is half of a character, and the other half is missing',
        "write the character itself instead",
    ),
    "text-folded": ("YAML joins this line to the one above, so it would not start a new line on a card", ""),
    "control-character": (
        "the text contains the invisible character {word}",
        "delete it, because Anki would not keep it",
    ),
}


def refusal(rule: str, place: Place, word: str = "", how_to_write: str = "", fix: Fix | None = None) -> Problem:
    """Return the problem of a rule; `word` is what the text contains, `how_to_write` a hint for just this text."""
    message, hint = _WORDS[rule]
    return Problem(place, message.replace("{word}", word), rule, how_to_write or hint, fix=fix)


def control_character(place: Place, character: str) -> Problem:
    """Return the problem of a character that Anki would drop."""
    return refusal("control-character", place, f"U+{ord(character):04X}")
