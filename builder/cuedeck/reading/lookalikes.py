"""Characters that look like those of YAML but are not: spaces, colons, quotes and brackets of other scripts.

Within a text they are text. At the beginning of a line and around its key, YAML does not recognize them.
"""

import re
import unicodedata

from cuedeck.patterns import regex
from cuedeck.problems import Fix, Place, Problem

LOOK_ALIKE = "look-alike"
"""The rule of these problems."""

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u200b-\u200f\u2060\u2066-\u2069\u202a-\u202e"
_COLONS = "\uff1a\ufe55\u2236\ua789"
_TO_SPACES = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
# Each ASCII character has a full-width twin, in the same order.
_WIDE = {0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)} | {0xFF0C: ", ", 0xFF1A: ": ", 0x3001: ", "}
_LETTERS = str.maketrans("аеорсхуіјѕ", "aeopcxyijs") | _TO_SPACES  # of the Cyrillic script
_KEY = r"[ \t]*(?:- +)*[a-z0-9-]+"

_INDENT = regex(rf"(?P<sign>(?=[ ]*[{_SPACES}{_UNSEEN}])[ {_SPACES}{_UNSEEN}]+)(?=[^\s{_UNSEEN}])")
_HASH = regex(r" *(?P<sign>\uff03)")
_COLON = regex(rf"{_KEY}(?P<sign>[ ]*[{_COLONS}][ {_SPACES}]*)(?P<text>.*)")
_AFTER_COLON = regex(rf"{_KEY}: *(?P<sign>[{_SPACES}{_UNSEEN}]+)")
_QUOTE = regex(rf'{_KEY}: +"[^"\\]*(?P<sign>[\u201c\u201d\u201f\uff02]) *$')
_BRACKETS = regex(rf"{_KEY}: +(?P<sign>[\uff5b\uff3b].*[\uff5d\uff3d]) *$")
_ENTRY = regex(rf"[a-z][a-z0-9-]*[ ]*(?:[{_COLONS}]|:[{_SPACES}{_UNSEEN}])")


def look_alike(line_place: Place, line: str) -> Problem | None:
    """Return the problem of the first character in a line that only looks like one of YAML's; None if there is none.

    `line_place` is where the line begins.
    """
    for pattern in (_INDENT, _HASH, _COLON, _AFTER_COLON, _QUOTE, _BRACKETS):
        if found := pattern.match(line):
            return _problem(line_place, found.start("sign"), found["sign"], _instead(pattern, found))
    return None


def may_be_entries(text: str) -> bool:
    """Whether a text may be lines with keys whose colons or spaces are look-alikes."""
    return bool(_ENTRY.match(text))


def look_alike_key(place: Place, key: str) -> Problem | None:
    """Return the problem of a key, which begins at a place, if it looks like another one."""
    if found := _INDENT.match(key):
        return _problem(place, 0, found["sign"], _instead(_INDENT, found))
    instead = re.sub(f"[{_UNSEEN}]", "", key.translate(_WIDE)).translate(_LETTERS)
    return _problem(place, 0, key, instead) if instead.isascii() else None


def _instead(pattern: "re.Pattern[str]", found: "re.Match[str]") -> str:
    if pattern is _INDENT:
        # An ideographic space is as wide as two spaces, and an invisible character has no width.
        return re.sub(f"[{_UNSEEN}]", "", found["sign"]).replace("\u3000", "  ").translate(_TO_SPACES)
    if pattern is _COLON:
        return ": " if found["text"] else ":"
    if pattern is _AFTER_COLON:
        return "" if found.string[found.start("sign") - 1] == " " else " "
    return '"' if pattern is _QUOTE else found["sign"].translate(_WIDE)


def _problem(place: Place, index: int, old: str, new: str) -> Problem:
    """Return the problem of the part of a line that begins at an index; `new` is what to write instead."""
    if sum(not sign.isascii() for sign in old) == 1:
        while old and new and old[-1] == new[-1]:
            old, new = old[:-1], new[:-1]
        while old and new and old[0] == new[0]:
            old, new, index = old[1:], new[1:], index + 1
    at = place._replace(column=place.column + index)
    first = next(at for at, sign in enumerate(old) if not sign.isascii())
    name = unicodedata.name(old[first], "without a name").lower()
    return Problem(
        at._replace(column=at.column + first),
        f"the character U+{ord(old[first]):04X} ({name}) is not the one that YAML needs here",
        LOOK_ALIKE,
        _WAYS_OUT.get(new) or (f"write this instead: {new}" if new.strip() else "delete it, and type a space"),
        fix=Fix(at, old, new),
    )


_WAYS_OUT = {
    "": "it is invisible: delete the word that contains it, and type the word again",
    ":": "write an ordinary colon instead",
    ": ": "write an ordinary colon and a space instead",
}
