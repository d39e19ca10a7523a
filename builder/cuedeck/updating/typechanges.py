"""Two note types: whether Anki takes them for one, by their shape, and whether cards look otherwise, by their look.

The main source's address and title stand in the templates, so that no note is touched the day they change. A change of
them is no new look.
"""

import re
from dataclasses import dataclass

from cuedeck.history.snapshot import PackedType
from cuedeck.rendering.momentlinks import moment_links
from cuedeck.rendering.notefields import SECONDS
from cuedeck.rendering.plain import plain


def same_shape(old: PackedType, new: PackedType) -> bool:
    """Return whether Anki takes two note types for one: their parts match by id, or by name where one has no id."""
    return all(
        len(before) == len(now) and all(map(_same_part, before, now))
        for before, now in zip(_parts(old), _parts(new), strict=True)
    )


def _parts(type: PackedType) -> list[list[tuple[str, str]]]:
    """Return the fields and the templates of a note type, each as what it is known by and its name."""
    return [list(zip(*pair, strict=True)) for pair in zip(type.shape, type.names, strict=True)]


def _same_part(old: tuple[str, str], new: tuple[str, str]) -> bool:
    has_ids = old[0] != old[1] and new[0] != new[1]
    return old[0] == new[0] if has_ids else old[1] == new[1]


# In templates that name fields by their keys.
_WITH_MOMENT = rf"\{{\{{#{SECONDS.key}\}}\}}%s\{{\{{/{SECONDS.key}\}}\}}"
_LINK = re.compile(_WITH_MOMENT % "<a [^>]*>([^<]*)</a>")
_SOURCE = re.compile(_WITH_MOMENT % '<div class="cue-source"[^>{]*>([^{]*)</div>')
_NAME = re.compile(r"(?<=\{\{)([#^/]?(?:[^{}:]+:)*)([^{}:]+)(?=\}\})")


@dataclass(frozen=True)
class Look:
    """How cards of a note type look, and what they say of the main source, "" for none.

    That is its address, its title, and the sign before its moments.
    """

    style: tuple[str, ...]
    address: str
    source: str
    mark: str

    def differs(self, other: "Look") -> bool:
        """Return whether cards look otherwise. Another recording's sign before its moments is none of their look."""
        return self.style != other.style or (self.address == other.address and self.mark != other.mark)


def look_of(type: PackedType) -> Look:
    """Return the look of a note type. What its fields are called is no part of it."""
    look = _by_keys(type)
    style = tuple(_SOURCE.sub("", _LINK.sub("", text)) for text in look)
    link = next(filter(None, map(_LINK.search, look)), None)
    source = next(filter(None, map(_SOURCE.search, look)), None)
    address = next((each.address for each in moment_links(link[0])), "") if link else ""
    return Look(style, address, plain(source[1]) if source else "", link[1] if link else "")


def _by_keys(type: PackedType) -> tuple[str, ...]:
    """Return the templates and the style of a note type, with the keys of its fields where they say their names."""
    if type.keys == type.fields:
        return type.look
    keys = dict(zip(type.fields, type.keys, strict=True))
    *sides, css = type.look
    return *(_NAME.sub(lambda found: found[1] + keys.get(found[2], found[2]), side) for side in sides), css
