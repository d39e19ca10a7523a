"""Ids for notes and concepts, made from their words; names for files; and what several decks have in common."""

import re
import unicodedata
from collections.abc import Collection, Sequence

from cuedeck.bridging.decks import BETWEEN, folded
from cuedeck.deck import values
from cuedeck.entities import unescape
from cuedeck.patterns import regex
from cuedeck.reading.refusals import UNSHOWN

_MARKER = regex(r"\{\{c[0-9,]+::|::[^{}]*\}\}|\}\}")
_TAG = regex(r"</?[a-zA-Z]+[^<>]*>")
_FORMULA = regex(r"\\[(\[](?:(?!\\[(\[]).)*?\\[)\]]", re.DOTALL)
_ADDRESS = regex(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGN = regex(r"(?<!\\)(?:\*+|~~)")
_LONGEST = 48
_LONGEST_NAME = 120
_RESERVED = regex(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)
# Letters that have no parts which could be left out.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "œ": "oe", "þ": "th"}
)


def slug(text: str) -> str:
    """Return an id made of the first words of a Markdown text; "" if it has no Latin letters or digits."""
    words = _ADDRESS.sub(r"\1", _TAG.sub("", _FORMULA.sub(" ", _MARKER.sub("", text))))
    words = unescape(_SIGN.sub("", words))
    plain = unicodedata.normalize("NFKD", words.translate(_LETTERS)).encode("ascii", "ignore").decode().lower()
    parts = re.findall("[a-z0-9]+", plain.replace("'", ""))
    found = ""
    for part in parts:
        longer = f"{found}-{part}" if found else part[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        found = longer
    return found


class Names:
    """Gives out names, each once."""

    def __init__(self, fallback: str) -> None:
        """`fallback` is what a name is made of if there are no words for it."""
        self._fallback = fallback
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def reserve(self, names: Collection[str]) -> None:
        """Keep names for those that had them before."""
        self._taken |= {*names}

    def id_for(self, words: str) -> str:
        """Return an id made of some words, with a number if it is taken."""
        base = slug(words)
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


def is_id(text: str) -> bool:
    """Return whether a text is an id."""
    try:
        return bool(values.identifier(text))
    except ValueError:
        return False


def file_name(name: str, taken: Collection[str]) -> str:
    """Return a name that every system accepts for a file, unlike those taken, which are in lowercase."""
    plain = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]', "-", name).strip(". ")
    stem, dot, ending = plain.rpartition(".") if "." in plain else (plain, "", "")
    stem = stem.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(". ") or "file"
    if _RESERVED.match(f"{stem}."):
        stem = f"file-{stem}"
    ending = ending[:20]
    number = 1
    while (found := f"{stem}{f'-{number}' if number > 1 else ''}{dot}{ending}").lower() in taken:
        number += 1
    return found


def deck_name(text: str) -> str:
    """Return the name of a deck without what it cannot have in a cards.yaml; "" if nothing is left."""
    shown = UNSHOWN.sub("", values.line(text).replace('"', "'"))
    return BETWEEN.join(filter(None, map(str.strip, shown.split(BETWEEN))))


def common_deck(decks: Sequence[str], names: Sequence[str] = ()) -> str:
    """Return the name of the innermost deck that contains all these decks, or the one that was named."""
    if len(names) == 1:
        return names[0]
    parts = [deck.split(BETWEEN) for deck in dict.fromkeys(decks) if deck]
    common: list[str] = []
    for same in zip(*parts, strict=False):
        if len({folded(each) for each in same}) > 1:
            break
        common.append(same[0])
    return BETWEEN.join(common) or (parts[0][0] if parts else "")
