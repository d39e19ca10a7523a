"""New ids, made from words."""

import re
import unicodedata
from collections.abc import Collection

_LONGEST = 48
# Letters that have no parts which could be left out, and a sign that is within a word.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "'": ""}
)


def id_from(words: str) -> str:
    """Return an id made from the first words of a plain text; "" if it has no Latin letters or digits."""
    plain = unicodedata.normalize("NFKD", words).lower().translate(_LETTERS).encode("ascii", "ignore").decode()
    found = ""
    for part in re.findall("[a-z0-9]+", plain):
        longer = f"{found}-{part}" if found else part[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        found = longer
    return found


class NewIds:
    """Gives out ids, each once."""

    def __init__(self, fallback: str, taken: Collection[str] = ()) -> None:
        """`fallback` is what an id is made from if there are no words for it; `taken` are ids that are in use."""
        self._fallback = fallback
        self._taken = {*taken}
        self._last: dict[str, int] = {}

    def made_from(self, words: str) -> str:
        """Return an id made from some words, with a number if it is taken."""
        base = id_from(words)
        number = self._last.get(base, 0) + 1
        while (id := self._numbered(base, number)) in self._taken:
            number += 1
        self._last[base] = number
        self._taken.add(id)
        return id

    def _numbered(self, base: str, number: int) -> str:
        if not base:
            return f"{self._fallback}-{number}"
        return base if number == 1 else f"{base}-{number}"
