"""What a note type looks like, told apart into its style and what it says of the main source.

The main source's address and title stand in the templates, so that no note is touched the day they change. A change of
them is no new look.
"""

import re
from dataclasses import dataclass

from cuedeck.history.snapshot import PackedType
from cuedeck.rendering.momentlinks import moment_links
from cuedeck.rendering.plain import plain

_LINK = re.compile(r"\{\{#Seconds\}\}<a [^>]*>([^<]*)</a>\{\{/Seconds\}\}")
_SOURCE = re.compile(r'\{\{#Seconds\}\}<div class="cue-source"[^>{]*>([^{]*)</div>\{\{/Seconds\}\}')


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
    """Return the look of a note type."""
    style = tuple(_SOURCE.sub("", _LINK.sub("", text)) for text in type.look)
    link = next(filter(None, map(_LINK.search, type.look)), None)
    source = next(filter(None, map(_SOURCE.search, type.look)), None)
    address = next((each.address for each in moment_links(link[0])), "") if link else ""
    return Look(style, address, plain(source[1]) if source else "", link[1] if link else "")
