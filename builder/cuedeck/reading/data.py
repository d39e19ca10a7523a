"""What a YAML text is read to: plain data, every scalar of it text, and a word for what could not be read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unread:
    """Stands where a value could not be read, and where that was reported."""


UNREAD = Unread()


class _NoValue(str):
    """An empty text that is not even written: nothing stands behind the key."""

    __slots__ = ()


NO_VALUE = _NoValue()
"""Stands between braces for the value of a key that has none, since a comma in a text makes a key of what follows."""

Data = dict[str, "Data"] | list["Data"] | str | Unread
