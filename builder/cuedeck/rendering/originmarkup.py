"""The markup for where a note comes from: links to moments, and the name of the recording.

All of this markup is written here, and read here from packages. The address and title of the main source are in the
templates of the note types, so that no note changes when they do. Those of all other sources are in the notes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from cuedeck.entities import unescape
from cuedeck.rendering.notefields import CLOCK, LINKS, SECONDS
from cuedeck.rendering.plain import plain

_LINK = re.compile(r'<a class="cue-moment" href="([^"]*)">([^<]*)</a>')
# Text may contain a <span> that keeps a bracket from beginning a formula; see plain_to_html.
_ATTRIBUTION = re.compile(r'<span class="cue-source">((?:[^<]|<span>[^<]*</span>)*)</span>')
# In templates, which show the main source only for notes that have a moment of it.
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


def links_of(fields: Mapping[str, str]) -> list[MomentLink]:
    """Return the links to the moments of a note, given by its fields by key, in their order.

    A link that the note type makes, to the first moment of the main source, has no address here.
    """
    links = [*moment_links(fields.get(LINKS.key, ""))]
    first = fields.get(CLOCK.key, "")
    is_made_by_type = bool(first) and all(link.clock != first for link in links)
    return [MomentLink("", "", first), *links] if is_made_by_type else links


def player(name: str) -> str:
    """Return what plays a clip, by the name that it has in Anki: on a tap, and without loading anything before.

    A field needs all of this markup, since Anki imports only the files that fields refer to. Anki does not take such an
    element for one of its own sounds, so it never plays it by itself.
    """
    return f'<audio controls preload="none" src="{name}"></audio>'


def attribution(title: str) -> str:
    """Return the markup for the name of a source, given as HTML, which follows its links in a note."""
    return f'<span class="cue-source">{title}</span>'


def attributed(html: str) -> str:
    """Return the name of the source in a field with links, as plain text; "" if there is none."""
    found = _ATTRIBUTION.search(html)
    return plain(found[1]) if found else ""


@dataclass(frozen=True)
class MainSource:
    """The main source in templates: its address, its name, and the sign before its moments; "" for what is missing."""

    address: str = ""
    title: str = ""
    mark: str = ""


def main_moment(address: str, mark: str, clock: str) -> str:
    """Return the link to the main source's moment for a template, into which Anki puts the time."""
    return _if_from_main(moment_link(address, mark, clock))


def main_title(title: str) -> str:
    """Return the name of the main source, given as HTML, for a template."""
    title = title.replace("{", "&#123;")  # or Anki might read it as a field
    return _if_from_main(f'<div class="cue-source" dir="auto">{title}</div>')


def _if_from_main(html: str) -> str:
    return f"{{{{#{SECONDS.name}}}}}{html}{{{{/{SECONDS.name}}}}}"


def main_source_in(templates: Iterable[str]) -> MainSource:
    """Return what templates say about the main source. They must refer to fields by their keys."""
    templates = tuple(templates)
    link = next(filter(None, map(_MAIN_MOMENT.search, templates)), None)
    title = next(filter(None, map(_MAIN_TITLE.search, templates)), None)
    moment = next(moment_links(link[0]), None) if link else None
    name = plain(title[1]) if title else ""
    return MainSource(moment.address, name, moment.mark) if moment else MainSource(title=name)


def without_main_source(template: str) -> str:
    """Return a template, which must refer to fields by their keys, without the main source."""
    return _MAIN_TITLE.sub("", _MAIN_MOMENT.sub("", template))
