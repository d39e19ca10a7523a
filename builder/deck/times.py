"""Times that an address carries already: an author copies it from a player that has begun to play.

A link takes them out, or else it would hold two, and a host goes to the first one it finds.
"""

import re
from collections.abc import Collection
from urllib.parse import unquote

# The parameters that hosts take a time in.
NAMES = ("t", "start", "time", "time_continue")

_CLOCK = r"[0-9]{1,3}(?::[0-5][0-9]){1,2}(?:\.[0-9]+)?"
_UNITS = r"(?=[0-9])(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+(?:\.[0-9]+)?s)?"
_TIME = rf"(?:npt:)?(?:{_CLOCK}|{_UNITS}|[0-9]+(?:\.[0-9]+)?)"
_VALUE = re.compile(rf"{_TIME}(?:,{_TIME})?")
_IN_FRAGMENT = re.compile(rf"(?:(?:{'|'.join(NAMES)})[=-]{_VALUE.pattern}|t[0-9]+|{_CLOCK}|{_UNITS})")
_DIRECTIVE = ":~:"
# What a path holds where a template has its moment.
_PATH_CLOCK = r"[0-9]{1,3}(?:(?::|%3[Aa])[0-5][0-9]){1,2}"
_IN_PATH = {"{seconds}": "[0-9]+", "{mm:ss}": _PATH_CLOCK, "{hh:mm:ss}": _PATH_CLOCK}


def without_parameters(query: str, names: Collection[str], times: bool = True) -> str:
    """Return a query without the parameters of these names, and without `times`; the rest byte for byte."""
    pieces = query.split("&")
    kept = [each for each in pieces if not (_name(each) in names or (times and _is_time(each)))]
    return query if len(kept) == len(pieces) else "&".join(kept)


def _name(parameter: str) -> str:
    return parameter.partition("=")[0]


def _is_time(parameter: str) -> bool:
    return _name(parameter) in NAMES and bool(_VALUE.fullmatch(unquote(parameter.partition("=")[2])))


def without_time(fragment: str) -> str:
    """Return a fragment without a time, and without the words that a browser is to search the page for."""
    section = fragment.partition(_DIRECTIVE)[0]
    kept = [each for each in section.split("&") if not _IN_FRAGMENT.fullmatch(unquote(each))]
    return section if is_route(section) else "&".join(kept)


def is_route(fragment: str) -> bool:
    """Return whether a fragment is the way to a page, in a site that is one page to the host."""
    return fragment.startswith(("/", "!"))


def without_time_at_end(path: str, template: str) -> str:
    """Return a path without the time at its end, where a template such as "/start/{seconds}" puts one there.

    A number behind nothing but a slash may be the name of the recording, and is kept.
    """
    pieces = re.split(r"(\{[^{}]*\})", template)
    if "".join(pieces[::2]) == "/" and "{seconds}" in pieces:
        return path
    pattern = "".join(_IN_PATH.get(piece) or re.escape(piece) for piece in pieces)
    found = re.search(f"{pattern}/?$", path)
    return path[: found.start()] if found else path
