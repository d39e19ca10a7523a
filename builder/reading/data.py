"""What a YAML text is read to: plain data, every scalar of it text, and a word for what could not be read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unread:
    """Stands where a value could not be read, and where that was reported."""


UNREAD = Unread()

Data = dict[str, "Data"] | list["Data"] | str | Unread
