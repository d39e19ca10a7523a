"""Times that an address already contains because an author copied it from a player while it was playing.

A link removes them. Otherwise it would contain two times, and a host uses the first one it finds.
"""

import re
from collections.abc import Collection
from urllib.parse import unquote

from cuedeck.deck.placeholders import NUMBERS, PARTS, PLACEHOLDERS
from cuedeck.patterns import regex

# The parameters that hosts use for a time. A plain number in the last one is often something else.
NAMES = ("t", "start", "time_continue", "time")

DIRECTIVE = ":~:"
"""What begins the part of a fragment in which a browser looks for a text on the page."""

_CLOCK = r"[0-9]{1,3}(?::[0-5][0-9]){1,2}(?:\.[0-9]+)?"
_UNITS = r"(?=[0-9])(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+(?:\.[0-9]+)?s)?"
_TIME = rf"(?:npt:)?(?:{_CLOCK}|{_UNITS}|[0-9]+(?:\.[0-9]+)?)"
_RANGE = rf"{_TIME}(?:,{_TIME})?"
_VALUE = regex(_RANGE)
_IN_FRAGMENT = regex(rf"(?:(?:{'|'.join(NAMES)})[=-]{_RANGE}|t[0-9]+|{_CLOCK}|{_UNITS})")
# What a path contains where a template has its moment.
_PATH_CLOCK = r"[0-9]{1,3}(?:(?::|%3[Aa])[0-5][0-9]){1,2}"
_SAYS_TIME = regex("/(?:start|time|at|t)/$")
_IN_PATH = {each: "[0-9]+" if each in NUMBERS else _PATH_CLOCK for each in PLACEHOLDERS}


def without_parameters(query: str, names: Collection[str], times: bool = True) -> str:
    """Return a query without the parameters of these names and, with `times`, without times; the rest is unchanged."""
    pieces = query.split("&")
    kept = [each for each in pieces if not (_name(each) in names or (times and _is_time(each)))]
    return query if len(kept) == len(pieces) else "&".join(kept)


def _name(parameter: str) -> str:
    return parameter.partition("=")[0]


def _is_time(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    is_sure = name != NAMES[-1] or not value.isdecimal()
    return name in NAMES and is_sure and bool(_VALUE.fullmatch(unquote(value)))


def without_time(fragment: str) -> str:
    """Return a fragment without a time, and without words that a browser should search the page for."""
    section = fragment.partition(DIRECTIVE)[0]
    kept = [each for each in section.split("&") if not _IN_FRAGMENT.fullmatch(unquote(each))]
    return section if is_route(section) else "&".join(kept)


def is_route(fragment: str) -> bool:
    """Return whether a fragment is the path of a page, on a site that is a single page for its server."""
    return fragment.startswith(("/", "!")) or ("/" in fragment and "=" not in fragment.partition("/")[0])


def has_parameters(fragment: str) -> bool:
    """Return whether a fragment contains parameters, such as "file=/a.mp4"."""
    return "=" in fragment.partition("?")[0]


def without_time_at_end(path: str, template: str) -> str:
    """Return a path without the time at its end, if a template such as "/start/{seconds}" puts one there.

    A number may be the name of the recording, so it is kept unless a word before it says that it is a time.
    """
    pieces = re.split(r"(\{[^{}]*\})", template)
    alone = next((at for at, piece in enumerate(pieces) if piece in NUMBERS and piece not in PARTS), None)
    if alone is not None and not _SAYS_TIME.search(pieces[alone - 1]):
        return path
    pattern = "".join(_IN_PATH.get(piece) or re.escape(piece) for piece in pieces)
    found = re.search(f"{pattern}/?$", path)
    return path[: found.start()] if found else path
