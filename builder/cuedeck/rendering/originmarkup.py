"""Where a note comes from, as markup: links to moments, and the name of the recording. All of it is written here, and
read again from packages.

The main source's address and title stand in the templates of the note types, so that no note is touched the day they
change; those of all other sources stand in the notes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape

from cuedeck.rendering.notefields import SECONDS
from cuedeck.rendering.plain import plain

_LINK = re.compile(r'<a class="cue-moment" href="([^"]*)">([^<]*)</a>')
# What would begin a formula has a span of its own in text; see plain_to_html.
_ATTRIBUTION = re.compile(r'<span class="cue-source">((?:[^<]|<span>[^<]*</span>)*)</span>')
# In templates, where a note without a moment of the main source shows nothing of it.
_IF_FROM_MAIN = rf"\{{\{{#{SECONDS.key}\}}\}}%s\{{\{{/{SECONDS.key}\}}\}}"
_MAIN_MOMENT = re.compile(_IF_FROM_MAIN % "<a [^>]*>([^<]*)</a>")
_MAIN_TITLE = re.compile(_IF_FROM_MAIN % '<div class="cue-source"[^>{]*>([^{]*)</div>')


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


def attribution(title: str) -> str:
    """Return the name of a source, given as HTML, as it stands in the notes behind its links."""
    return f'<span class="cue-source">{title}</span>'


def attributed(html: str) -> str:
    """Return the name of the source that a field with links has, as plain text; "" where it has none."""
    found = _ATTRIBUTION.search(html)
    return plain(found[1]) if found else ""


@dataclass(frozen=True)
class MainSource:
    """What templates say of the main source, "" for nothing: its address, its name, and the sign before its moments."""

    address: str = ""
    title: str = ""
    mark: str = ""


def main_moment(address: str, mark: str, clock: str) -> str:
    """Return the link to the main source's moment for a template, in which Anki fills the time in."""
    return _if_from_main(moment_link(address, mark, clock))


def main_title(title: str) -> str:
    """Return the name of the main source, given as HTML, for a template."""
    title = title.replace("{", "&#123;")  # or Anki might take it for a field
    return _if_from_main(f'<div class="cue-source" dir="auto">{title}</div>')


def _if_from_main(html: str) -> str:
    return f"{{{{#{SECONDS.name}}}}}{html}{{{{/{SECONDS.name}}}}}"


def main_source_in(templates: Iterable[str]) -> MainSource:
    """Return what templates say of the main source, of those which call fields by their keys."""
    templates = tuple(templates)
    link = next(filter(None, map(_MAIN_MOMENT.search, templates)), None)
    title = next(filter(None, map(_MAIN_TITLE.search, templates)), None)
    moment = next(moment_links(link[0]), None) if link else None
    name = plain(title[1]) if title else ""
    return MainSource(moment.address, name, moment.mark) if moment else MainSource(title=name)


def without_main_source(template: str) -> str:
    """Return a template, which calls fields by their keys, with nothing of the main source in it."""
    return _MAIN_TITLE.sub("", _MAIN_MOMENT.sub("", template))
