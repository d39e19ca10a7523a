"""What a note type looks like, told apart into its style and what it says of the main source.

The main source's address and title stand in the templates, so that no note is touched the day they change. A change of
them is no new look.
"""

import re
from dataclasses import dataclass

from cuedeck.history.snapshot import PackedType
from cuedeck.rendering.momentlinks import moment_links
from cuedeck.rendering.notefields import SECONDS
from cuedeck.rendering.plain import plain

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
