"""Moments that an author copied with the address of the recording, such as https://youtu.be/jNQXAC9IVRw?t=5."""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, unquote, urlsplit

from cuedeck.deck.addresses import address
from cuedeck.deck.addresstimes import DIRECTIVE, NAMES, without_time
from cuedeck.deck.links import known_form
from cuedeck.deck.moments import Span, span
from cuedeck.patterns import regex
from cuedeck.problems import TextError

_ADDRESS = regex(r"https?://\S+", re.IGNORECASE)
# Parameters that say a time on one of the known hosts, besides those that many sites have.
_NAMES = (*NAMES, "wtime", "from", "st")
_SEARCHED = f"{DIRECTIVE}text="
_AT_END = regex(r"/(?:start/([0-9.]+)(?:/end/[0-9.]+)?|([0-9]{1,3}(?::[0-9]{2}){1,2}))/?$")
_NUMBER = regex(r"[0-9]+(?:\.[0-9]+)?")
# Parameters that say where an address was copied, and not where it leads.
_ORIGIN = regex(r"utm_.*|si|feature|share|ref|fbclid|app")


def moment_or_span(text: str) -> Span:
    """Return the moment or span that a text stands for, which may also be an address with a time in it.

    Raises ValueError if it is none, or if the address is not valid or has no time.
    """
    text = text.strip()
    if not is_address(text):
        return span(text)
    for found in _times(urlsplit(address(text))):
        first, _, last = found.removeprefix("npt:").partition(",")
        try:
            return span(f"{_spelled(first)}-{_spelled(last)}" if last else _spelled(first))
        except ValueError:
            continue
    raise TextError(
        "this address has no time in it, at least none that Cuedeck can read",
        "copy the address of the moment, which many players offer under Share; or write the moment, such as 02:25",
    )


def is_address(text: str) -> bool:
    """Return whether a text is a web address."""
    return bool(_ADDRESS.fullmatch(text.strip()))


def same_recording(one: str, other: str) -> bool:
    """Return whether two web addresses lead to the same recording, whatever time is in them.

    Raises ValueError if one of them is not valid.
    """
    one, other = address(one), address(other)
    forms = known_form(one), known_form(other)
    return forms[0] == forms[1] if all(forms) else _without_times(urlsplit(one)) == _without_times(urlsplit(other))


def _spelled(time: str) -> str:
    return f"{time}s" if _NUMBER.fullmatch(time) else time


def _times(parts: SplitResult) -> Iterator[str]:
    """Yield all texts in an address that may be a time, likeliest first."""
    query = [each.partition("=") for each in parts.query.split("&")]
    fragment, _, searched = parts.fragment.partition(_SEARCHED)
    pieces = [each.partition("=") for each in fragment.partition("?")[2].split("&") + fragment.split("&")]
    given = {name: unquote(value) for name, _, value in (*pieces, *query)}
    yield from (given[name] for name in _NAMES if given.get(name))
    if "startTimeMillis" in given and given["startTimeMillis"].isdecimal():
        yield f"{int(given['startTimeMillis']) / 1000:.3f}"
    yield unquote(searched)
    yield re.sub(r"^t[-=]?(?=[0-9])", "", unquote(fragment))
    if found := _AT_END.search(unquote(parts.path)):
        yield found[1] or found[2]


def _without_times(parts: SplitResult) -> tuple[str, str, frozenset[str], str]:
    """Return what distinguishes the address of a recording from others: host, path, parameters and fragment."""
    kept = (each for each in parts.query.split("&") if each)
    query = (each for each in kept if not _ORIGIN.fullmatch(name := each.partition("=")[0]) and name not in _NAMES)
    host = (parts.netloc or "").lower().removeprefix("www.")
    return host, _AT_END.sub("", parts.path).rstrip("/"), frozenset(query), without_time(parts.fragment)
