"""`link:` templates: they put a place for the moment into the address of a recording.

A template that begins with {url} changes the parts of the address. A parameter goes into its query, a piece of a path
to the end of its path, and a fragment after both. The moment replaces a time that the address already has.
"""

import re
from dataclasses import replace
from urllib.parse import quote

from cuedeck.deck.addresses import PLACEHOLDER, address, encoded
from cuedeck.deck.addresstimes import (
    DIRECTIVE,
    has_parameters,
    is_route,
    without_parameters,
    without_time,
    without_time_at_end,
)
from cuedeck.deck.placeholders import PARTS, PLACEHOLDERS
from cuedeck.problems import TextError
from cuedeck.records import dataclass

_URL = "{url}"
_TIMES = ", ".join(PLACEHOLDERS)
_SUCH_AS = 'link: "{url}?t={seconds}"'


@dataclass(frozen=True)
class _Parts:
    """An address, or what a template adds to one.

    `origin` is the host with everything before it. A query begins with "?", even if nothing follows. `goes_on` is for a
    template whose query begins with "&".
    """

    origin: str
    path: str
    query: str
    fragment: str
    goes_on: bool = False

    def __str__(self) -> str:
        return f"{self.origin}{self.path}{self.query}{f'#{self.fragment}' * bool(self.fragment)}"


def template(text: str) -> str:
    """Return a `link:` template.

    Raises ValueError if it contains an unknown placeholder or no moment at all, or cannot make a web address.
    """
    text = text.strip()
    names = [found[0] for found in PLACEHOLDER.finditer(text)]
    for name in names:
        if name != _URL and name not in PLACEHOLDERS:
            raise TextError(f'"{name}" is not a placeholder', f"use {_URL}, and for the time one of these: {_TIMES}")
    moments = set(names) - {_URL}
    if not moments:
        raise TextError("the link has no place for the time", f"put one of these where the time belongs: {_TIMES}")
    left_out = [each for each in PARTS if each not in moments]
    if 0 < len(left_out) < len(PARTS):
        raise TextError(
            f"without {' and '.join(left_out)}, the link cannot lead to every moment",
            "use all three, such as {h}h{m}m{s}s, or {seconds} for a number of seconds",
        )
    _check_address(text)
    before, _, fragment = text.partition("#")
    if "#" in fragment:
        raise ValueError('the link has two "#", but an address can have only one: remove one of them')
    if before.count("?") > 1:
        raise ValueError('the link has two "?", but an address can have only one: put "&" between two parameters')
    return text


def _check_address(text: str) -> None:
    """Raise ValueError if a template cannot make a web address, whatever its placeholders are filled with."""
    try:
        address(PLACEHOLDER.sub("0", f"https://example.org/{text[len(_URL) :]}" if text.startswith(_URL) else text))
    except ValueError:
        raise ValueError(
            f'"{text}" is not a valid web address: '
            "it must begin with {url}, https:// or http:// and contain no spaces"
        ) from None
    if PLACEHOLDER.search(_origin(text)):
        raise ValueError(f'"{text}" has a placeholder in the name of the host: begin with {{url}}, or put it after "/"')


def filled(link: str, url: str) -> str:
    """Return a template in which an address replaces {url}; the placeholders of the moment stay.

    Raises TextError, to be shown at the template, if the two cannot make a link that leads to the moment.
    """
    pieces = re.split(r"(\{[^{}]*\})", link)
    link = "".join(piece if PLACEHOLDER.fullmatch(piece) else encoded(piece) for piece in pieces)
    if not link.startswith(_URL):
        return _put_in(link, url)
    again = quote(url, safe="") if re.search("[?&#]", url) else url
    rest = link[len(_URL) :].replace(_URL, again)
    own = _parts_of(rest)
    if own.path and own.path[0] != "/" and not own.query and not own.fragment:
        made = _glued(url, rest)
    else:
        made = str(_added(_split(url), own, keeps_fragment="#" not in rest))
    if _origin(made) != _origin(url):
        raise TextError(
            f'the link would lead to another host: "{_origin(made)}"',
            f'put "/", "?" or "#" after {{url}}, such as:\n{_SUCH_AS}',
            rule="bad-link",
        )
    return made


def _put_in(link: str, url: str) -> str:
    """Return a template, filled, in which {url} is not at the beginning but a part of another address."""
    before = link.partition(_URL)[0]
    if "#" in url or ("&" in url and re.search("[?#]", before)):  # it would be cut off there
        return link.replace(_URL, quote(url, safe=""))
    if "?" in url:  # an address has one query: the template's continues that of the recording
        url = url.rstrip("?&") if f"{_URL}?" in link else url
        link = link.replace(f"{_URL}?", f"{_URL}&" if "?" in url else f"{_URL}?")
    return link.replace(_URL, url)


def _split(url: str) -> _Parts:
    before, _, fragment = url.partition("#")
    head, mark, query = before.partition("?")
    origin = _origin(head)
    return _Parts(origin, head[len(origin) :], mark + query, fragment)


def _origin(url: str) -> str:
    found = re.match("[^:/?#]+://[^/?#]*", url)
    return found[0] if found else ""


def _added(url: _Parts, own: _Parts, keeps_fragment: bool) -> _Parts:
    """Return an address with the parts of a template added to its own."""
    searches = DIRECTIVE in own.fragment
    _check_digits(url.origin + url.path, own.path)
    url = replace(url, fragment=without_time(url.fragment))
    if has_parameters(url.fragment) and not searches:
        if own.query and own.goes_on:
            return replace(url, fragment=_joined(f"?{url.fragment}", own.query, searches)[1:] + own.fragment)
        if own.fragment:
            raise _loses(url.fragment)
    if is_route(url.fragment):
        return _on_route(url, own, searches)
    return _on_page(url if keeps_fragment else replace(url, fragment=""), own, searches)


def _parts_of(rest: str) -> _Parts:
    """Return the parts that a template adds after {url}. "&t=" also begins a query, and ":~:" a fragment."""
    before, _, fragment = rest.partition("#")
    if DIRECTIVE in before:
        before, mark, directive = before.partition(DIRECTIVE)
        fragment = f"{mark}{directive}"
    path, _, query = before.partition("?")
    goes_on = path.startswith("&")
    if goes_on:
        path, query = "", before[1:]
    return _Parts("", path, query.strip("&"), fragment, goes_on)


def _on_page(url: _Parts, own: _Parts, searches: bool) -> _Parts:
    """Return an address with the parts of a template added."""
    path = url.path
    if own.path.startswith("/"):
        path = without_time_at_end(path, own.path).rstrip("/")
    query = _joined(url.query, own.query, searches)
    return replace(url, path=path + own.path, query=query, fragment=url.fragment + own.fragment)


def _on_route(url: _Parts, own: _Parts, searches: bool) -> _Parts:
    """Return an address whose fragment leads to the page, with the path and query of a template put into the fragment.

    Such a site reads them from the fragment alone.
    """
    if is_route(own.fragment):
        return _on_page(replace(url, fragment=""), own, searches)
    if own.fragment and not own.fragment.startswith(DIRECTIVE):
        raise _loses(url.fragment)
    path, mark, query = url.fragment.partition("?")
    route = _on_page(_Parts("", path, mark + query, ""), own, searches)
    return replace(url, query=_joined(url.query, "", searches), fragment=f"{route.path}{route.query}{route.fragment}")


def _loses(fragment: str) -> TextError:
    return TextError(
        f'the link would lose "#{fragment}", which this address needs to lead to its page',
        "write one of these instead:\n"
        f"{_SUCH_AS}         for a player\n"
        'link: "{url}:~:text={mm:ss}"      for a page of text that shows times',
        rule="bad-link",
    )


def _joined(query: str, own: str, searches: bool) -> str:
    """Return a query, with its "?", in which the parameters of a template replace any time.

    A link that `searches` the page for the time keeps the times in the query: such a number may name the page.
    """
    names = [each.partition("=")[0] for each in own.split("&")] if own else []
    kept = without_parameters(query[1:], names, times=not searches)
    if kept == query[1:] and not own:
        return query
    inner = "&".join(filter(None, (kept.rstrip("?&") if own else kept, own)))
    return f"?{inner}" * bool(inner)


def _glued(url: str, rest: str) -> str:
    """Return an address followed by something that belongs to none of its parts, such as ";t=12"."""
    _check_digits(url, rest)
    parts = _split(url)
    fragment = parts.fragment if rest.startswith("{") else without_time(parts.fragment)
    return (url if fragment == parts.fragment else str(replace(parts, fragment=fragment))) + rest


def _check_digits(end: str, rest: str) -> None:
    if end[-1:].isdigit() and rest.startswith("{"):
        raise TextError(
            f'the time would be read as part of the number before it: "{end}{rest}"',
            f"put something between them, such as:\n{_SUCH_AS}",
            rule="bad-link",
        )
