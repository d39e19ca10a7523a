"""The words that ids of notes are made from, and names for files and decks."""

import re
from collections.abc import Collection

from cuedeck.bridging.decks import BETWEEN
from cuedeck.deck import values
from cuedeck.entities import unescape
from cuedeck.patterns import regex
from cuedeck.reading.refusals import UNSHOWN

_MARKER = regex(r"\{\{c[0-9,]+::|::[^{}]*\}\}|\}\}")
_TAG = regex(r"</?[a-zA-Z]+[^<>]*>")
_FORMULA = regex(r"\\[(\[](?:(?!\\[(\[]).)*?\\[)\]]", re.DOTALL)
_ADDRESS = regex(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGN = regex(r"(?<!\\)(?:\*+|~~)")
_LONGEST_NAME = 120
_RESERVED = regex(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)


def words_of(text: str) -> str:
    """Return the words of a Markdown text, without markup and formulas."""
    words = _ADDRESS.sub(r"\1", _TAG.sub("", _FORMULA.sub(" ", _MARKER.sub("", text))))
    return unescape(_SIGN.sub("", words))


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
