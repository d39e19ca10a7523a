"""Tags as Anki keeps them. A deck that was adopted from another tool may have any tag that arrives as it is written."""

import unicodedata
from functools import lru_cache

from cuedeck.patterns import regex

BETWEEN = "::"
"""What joins the parts of a nested tag."""

OWNERS = frozenset({"leech", "marked"})
"""The tags that Anki itself adds. They say how somebody studies, and Anki drops them from every package."""

_SEPARATORS = regex("[ \u3000]+")
_DROPPED = regex("[\x00-\x1f\x7f]")
_EMPTY = "blank"

UNSEEN = "it contains a character that cannot be seen, which Anki drops: type it again without that"
"""What is wrong with a tag that has a control character."""


def separated(text: str) -> tuple[str, ...]:
    """Return the tags in a text, which Anki separates by these spaces only, and not by others such as U+00A0."""
    return tuple(each for each in _SEPARATORS.split(text) if each)


@lru_cache(maxsize=1024)  # thousands of notes have the same few tags
def as_kept(tag: str) -> str:
    """Return what Anki makes of a tag when it imports a package: the tag that learners have."""
    visible = _DROPPED.sub("", unicodedata.normalize("NFC", tag))
    return BETWEEN.join(part.strip() or _EMPTY for part in visible.split(BETWEEN))


def composed(text: str) -> str:
    """Return a tag without the spaces around it, with its letters composed as Anki stores them."""
    return unicodedata.normalize("NFC", text.strip())


@lru_cache(maxsize=1024)
def as_written(text: str) -> str:
    """Return a tag that learners get exactly as it is written, with its letters composed as Anki stores them.

    Raises ValueError if no tag can be like that.
    """
    text = composed(text)
    if fault := _fault(text):
        raise ValueError(f'"{text}" is not a valid tag: {fault}')
    return text


def _fault(text: str) -> str:
    """Return why a tag cannot arrive as it is written; "" if it can."""
    if _SEPARATORS.search(text):
        return 'it contains a space; write two tags as [one, another], and join the words of one tag with "-"'
    if text.lower() in OWNERS:
        return "Anki itself adds it when somebody studies, and drops it from every package"
    if BETWEEN in text and not all(part.strip() for part in text.split(BETWEEN)):
        return 'use "::" only between two parts of a tag, such as part::one'
    if as_kept(text) != text:
        return UNSEEN
    return ""
