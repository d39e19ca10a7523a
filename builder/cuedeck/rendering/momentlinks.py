"""Links to moments as they stand on cards, written and read again: one pattern beside what writes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

_LINK = re.compile(r'<a class="cue-moment" href="([^"]*)">([^<]*)</a>')


@dataclass(frozen=True)
class MomentLink:
    """A link to a moment: its address, the sign before the time, and the time, such as 01:32."""

    address: str
    mark: str
    clock: str


def moment_link(address: str, mark: str, clock: str) -> str:
    """Return a link to a moment as HTML."""
    return f'<a class="cue-moment" href="{escape(address)}">{mark} {clock}</a>'


def moment_links(html: str) -> Iterator[MomentLink]:
    """Yield the links to moments in a field or a template, in their order."""
    for found in _LINK.finditer(html):
        mark, _, clock = unescape(found[2]).partition(" ")
        yield MomentLink(unescape(found[1]), mark, clock)
