"""What YAML does behind an author's back, and what of it cards.yaml does not use: the words for each."""

from cuedeck.problems import NO_IMAGE, Place, Problem

# rule: message and hint
_WORDS = {
    "yaml-alias": (
        '"*{word}" is an alias in YAML, which cards.yaml does not use',
        "write the text out; text that begins with * goes into quotes or behind a |",
    ),
    "yaml-anchor": (
        '"&{word}" is an anchor in YAML, which swallows the word',
        "text that begins with & goes into quotes or behind a |",
    ),
    "yaml-tag": (
        '"{word}" is a tag in YAML, which swallows the word',
        "text that begins with ! goes into quotes or behind a |",
    ),
    "no-media": NO_IMAGE[1:],
    "merge-key": ('"<<" merges mappings in YAML, which cards.yaml does not use', "write the keys out"),
    "key-not-text": ("a key must be a text", "text that begins with { or [ goes into quotes or behind a |"),
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
        '"{word}" begins a comment to YAML, which swallows it and all behind it',
        'text with " #" in it goes into quotes or behind a |; a comment has a space behind its #',
    ),
    "control-character": (
        "the text holds the invisible character {word}",
        "take it out: it does not come through to Anki",
    ),
}


def refusal(rule: str, place: Place, word: str = "") -> Problem:
    """Return the problem of a rule; `word` is what stands in the text."""
    message, hint = _WORDS[rule]
    return Problem(place, message.replace("{word}", word), rule, hint)


def control_character(place: Place, character: str) -> Problem:
    """Return the problem of a character that Anki would drop."""
    return refusal("control-character", place, f"U+{ord(character):04X}")
