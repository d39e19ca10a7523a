"""The plain data that a YAML text is read into: every scalar is text, and `UNREAD` marks what could not be read."""

from cuedeck.records import dataclass


@dataclass(frozen=True, slots=True)
class Unread:
    """Replaces a value that could not be read, which was reported."""


UNREAD = Unread()


class _NoValue(str):
    """An empty text that is not even written: nothing follows the key."""

    __slots__ = ()


NO_VALUE = _NoValue()
"""Replaces a missing value between braces, where a comma in a text turns the words after it into a key."""

Data = dict[str, "Data"] | list["Data"] | str | Unread
