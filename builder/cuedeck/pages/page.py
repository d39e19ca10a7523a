"""One self-contained HTML file: a body, its style and its scripts, under a policy that lets nothing else load or run.

The policy (https://www.w3.org/TR/CSP3/) allows the styles and scripts given here, by their hashes, and nothing else: no
request, no event handler in an attribute, no other script, whatever text is in the body or in the data. Data is JSON in
an element that is never run, with "<" escaped, so that no text can end the element.
"""

import base64
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from cuedeck.pages.assets import asset
from cuedeck.patterns import regex
from cuedeck.records import dataclass

_PLACE = regex(r"\[\[([a-z]+)\]\]")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True)
class Page:
    """What a page is made of.

    `data` are the pieces of a `data_element`, which the scripts read. `live` lets the scripts talk to the server that
    the page came from. `head` is HTML for the head, `inner_styles` are the styles in shadow trees of the body.
    `pictures` and `sounds` are the sources from which the page may load these.
    """

    title: str
    body: str
    styles: Sequence[str]
    scripts: Sequence[str] = ()
    data: Iterable[bytes] = ()
    live: bool = False
    head: str = ""
    inner_styles: Sequence[str] = ()
    pictures: str = "data:"
    sounds: str = ""


def body_of(name: str, filled: Mapping[str, str]) -> str:
    """Return the body made from an asset: each [[name]] in it is replaced by the HTML of that name.

    Raises KeyError if there is no HTML for a name.
    """
    return _PLACE.sub(lambda place: filled[place[1]], asset(name))


# File names may have bytes that are not text, which a page shows as escapes, as a terminal does.
_ODD = "backslashreplace"


def document(page: Page) -> bytes:
    """Return a page as HTML, encoded."""
    scripts = "\n".join(f"<script>{script}</script>" for script in page.scripts)
    whole = io.BytesIO()  # it has the data in memory once; a join would need all pieces as well
    whole.write(_beginning(page).encode(errors=_ODD))
    whole.writelines(page.data)
    whole.write(f"{scripts}\n</body>\n</html>\n".encode())
    return whole.getvalue()


def _beginning(page: Page) -> str:
    style = "\n".join(page.styles)
    return f"""<!DOCTYPE html>
<html lang="en"{' data-version="[[version]]"' if page.live else ""}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy(page))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{escape(page.title)}</title>
{page.head}<link rel="icon" href="data:image/svg+xml,{quote(asset("icon.svg").strip())}">
<style>{style}</style>
</head>
<body>
{page.body}
"""


def policy(page: Page) -> str:
    """Return the content security policy of a page. Only one named place in its scripts may make HTML from text."""
    rules = {
        "default-src": "'none'",
        "style-src": " ".join(map(_hash, ("\n".join(page.styles), *page.inner_styles))),
        "script-src": " ".join(map(_hash, page.scripts)) or "'none'",
        "img-src": page.pictures,
        **({"media-src": page.sounds} if page.sounds else {}),
        "connect-src": "'self'" if page.live else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "cards",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def data_element(data: Mapping[str, Any], name: str, entries: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield the pieces of an element with data, to which `name` adds entries; they are too many to have all at once.

    The value of each entry is JSON that `for_data` made.
    """
    yield b'<script type="application/json" id="data">' + for_data(data)[:-1] + b"," + for_data(name) + b":{"
    for number, (key, value) in enumerate(entries):
        yield b"%b%b:%b" % (b"," if number else b"", for_data(key), value)
    yield b"}}</script>\n"


def for_data(data: Any, **more: bytes) -> bytes:
    """Return data as JSON for a `data_element`; `more` are further values of a mapping that are such JSON already."""
    json = _encode(data).encode(errors=_ODD).replace(b"<", b"\\u003c")
    return b",".join((json[:-1], *(b'"%b":%b' % (name.encode(), value) for name, value in more.items()))) + json[-1:]
