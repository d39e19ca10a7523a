"""A `link:` template put together with the address of its source, part by part, so that the link leads to the moment.

An address may bring a time of its own, a fragment, or a route of a page that is a program (`#/talk/5`): text that is
merely put after it would often lead elsewhere.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from builder.problems import TextError

ADDRESS_SAFE = "%/:?#[]@!$&()*+,;=~-._"
"""Signs that may be in an address as they are. A brace would begin an Anki field, a quote end an attribute."""

URL = "{url}"
DIRECTIVE = ":~:"
"""What begins a text fragment, which has the browser search a page: https://wicg.github.io/scroll-to-text-fragment."""

_PLACE = re.compile(r"(\{[^{}]*\})")
_CLOCK = r"[0-9]{1,3}(?::[0-9]{2}){1,2}"
_UNITS = r"(?=[0-9])(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?"
_TIME = rf"(?:(?:npt:)?[0-9]+(?:\.[0-9]+)?|{_CLOCK}|{_UNITS})"
_IS_TIME = re.compile(_TIME)
# A number alone may be that of a passage.
_TIME_FRAGMENT = re.compile(rf"t[=-]?{_TIME}(?:,{_TIME})?|{_CLOCK}|{_UNITS}")
_NAMES_OF_TIMES = frozenset({"t", "start", "time", "time_continue"})
_ROUTE = re.compile("!?/")


@dataclass(frozen=True)
class _Tail:
    """What a template has after the address: parts of a path and a query, and of a fragment with its "#" if it has one.

    A text directive without "#" goes on with the fragment of the address.
    """

    path: str
    query: str
    fragment: str


def filled(link: str, url: str) -> str:
    """Return the address of a moment, with places such as `{seconds}` in it, in the recording at `url`.

    Raises TextError with a sentence where the template cannot be right for this address.
    """
    before, has_url, after = link.partition(URL)
    if has_url and not re.search("[?#]", before):
        return _encoded(before + _joined(link, _tail(after.replace(URL, quote(url, safe=""))), url))
    # As a value in a query, it would end at the first "&" or "#" of its own.
    return _encoded(link.replace(URL, quote(url, safe="") if re.search("[&#]", url) else url))


def check_parts(link: str) -> None:
    """Raise ValueError with a sentence where a template has a part twice that an address has once."""
    after = link.partition(URL)[2] if link.startswith(URL) else ""
    if after.count("#") > 1:
        raise ValueError('the link has two "#", and an address has one')
    if after.partition("#")[0].count("?") > 1:
        raise ValueError('the link has two "?": write "&" before the second name')


def _tail(text: str) -> _Tail:
    found = re.search(f"#|{DIRECTIVE}", text)
    before, fragment = (text[: found.start()], text[found.start() :]) if found else (text, "")
    sign = "?" if "?" in before else "&"
    path, _, query = before.partition(sign)
    return _Tail(path, query, fragment)


def _joined(link: str, tail: _Tail, url: str) -> str:
    """Return an address with the parts of a template, each in its place."""
    if tail.path and not tail.path.startswith("/"):
        url, tail = _lengthened(link, tail.path, url), replace(tail, path="")
    base, _, fragment = url.partition("#")
    fragment = fragment.partition(DIRECTIVE)[0]
    if _ROUTE.match(fragment):
        if tail.fragment.startswith("#") and DIRECTIVE not in tail.fragment:
            raise _unfit(
                'after its "#" the address says which page is meant, and the link would put a time there instead',
                'take the "#" out of the link, as in {url}?t={seconds}; or search the page: {url}#:~:text={mm:ss}',
            )
        return f"{base}#{_with_time(fragment, tail)}{tail.fragment.removeprefix('#')}"
    kept = "" if _TIME_FRAGMENT.fullmatch(fragment) else fragment
    if not tail.fragment.startswith("#") and (kept or tail.fragment):
        tail = replace(tail, fragment=f"#{kept}{tail.fragment}")
    return _with_time(base, tail) + tail.fragment


def _lengthened(link: str, more: str, url: str) -> str:
    """Return an address with text right after its end. Raises TextError where that makes it another address."""
    if url[-1].isdecimal() and _PLACE.match(more):
        raise _unfit(
            f'the address ends in a number, and "{link}" would put the digits of the time right after it',
            "take the number out of the address if it is a time; or put a sign between them, as in {url}?t={seconds}",
        )
    if urlsplit(_PLACE.sub("0", url + more)).netloc != urlsplit(url).netloc:
        raise _unfit(
            f'with this address, "{link}" leads to another host',
            'begin what comes after {url} with "/", "?" or "#", as in {url}?t={seconds}',
        )
    return url + more


def _unfit(message: str, hint: str) -> TextError:
    return TextError(message, hint, rule="bad-link")


def _with_time(base: str, tail: _Tail) -> str:
    """Return a path and query, or a route, with those of a template; a time that it had already gives way."""
    path, _, query = base.partition("?")
    path = _without_time(path, tail.path) + tail.path
    names = {name.partition("=")[0] for name in tail.query.split("&")}
    if tail.fragment.startswith("#t="):
        names.add("t")
    kept = [each for each in query.split("&") if not _gives_way(each, names, bool(tail.query))]
    wanted = "&".join(filter(None, [*kept, tail.query]))
    return f"{path}?{wanted}" if wanted else path


def _without_time(path: str, ending: str) -> str:
    """Return a path without the time at its end, where a template puts another one there.

    A number by itself may be that of the recording; it is a time where the template has a word before it.
    """
    if not _PLACE.search(ending):
        return path
    time = _TIME if re.search("[a-z]", _PLACE.sub("", ending)) else f"(?:{_CLOCK}|{_UNITS})"
    there = "".join(time if _PLACE.match(piece) else re.escape(piece) for piece in _PLACE.split(ending))
    return re.sub(f"{there}$", "", path)


def _gives_way(parameter: str, names: set[str], to_a_time: bool) -> bool:
    """Return whether a template's own parameters take the place of one of the address: of that name, or a time."""
    name, _, value = parameter.partition("=")
    return name in names or (to_a_time and name in _NAMES_OF_TIMES and _IS_TIME.fullmatch(value) is not None)


def _encoded(text: str) -> str:
    """Return an address percent-encoded where it has to be, but for the places of the moment."""
    return "".join(
        piece if _PLACE.fullmatch(piece) else quote(piece, safe=ADDRESS_SAFE) for piece in _PLACE.split(text)
    )
