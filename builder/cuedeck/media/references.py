"""Which files the HTML of a field shows or plays, as Anki finds them when it imports a package."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from html import escape

from cuedeck.entities import unescape

# With limits, so that no stranger's text takes long. File names are much shorter, however they are written.
_REFERENCE = re.compile(
    r"""<(?:img|audio|video|source|object)\b(?:[^<>"']|"[^"]{0,4000}"|'[^']{0,4000}'){0,400}?"""
    r"""(?<=[\s"'])(?:src|data)\s{0,9}=\s{0,9}(?:"(?P<a>[^"]{1,400})"|'(?P<b>[^']{1,400})'|(?P<c>[^\s"'<>]{1,400}))"""
    r"""|\[sound:(?P<d>[^\]]{1,400})\]""",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+:|//", re.IGNORECASE)


def references(html: str) -> tuple[str, ...]:
    """Return the names of the files that a field shows or plays, in their order; none of files on other sites."""
    return tuple(name for _, name in _found(html))


def with_names(html: str, name_of: Callable[[str], str]) -> str:
    """Return a field in which each file that it shows or plays has the name that a function returns for its name."""
    parts, place = [], 0
    for (start, end), name in _found(html):
        new = name_of(name)
        parts += [html[place:start], html[start:end] if new == name else escape(new)]
        place = end
    return "".join([*parts, html[place:]])


def _found(html: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the place of each name in a field, and the name itself in NFC, as Anki writes files."""
    if "<" not in html and "[" not in html:
        return
    for found in _REFERENCE.finditer(html):
        group = str(found.lastgroup)
        name = unicodedata.normalize("NFC", unescape(found[group]).strip())
        if name and not _ELSEWHERE.match(name):
            yield found.span(group), name
