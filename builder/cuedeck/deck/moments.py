"""Moments of a recording: whole seconds from its start, as an author writes them and as cards show them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_CLOCK = re.compile(r"[0-9]{1,3}(?::[0-9]{1,2}){1,2}")
_UNITS = re.compile(r"(?=[0-9])(?:([0-9]{1,3})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,7})s)?")
_SECONDS = re.compile(r"[0-9]{1,7}")

FORMS = 'write a moment as 00:46, 1:02:03, 46s or 1m2s, and a span as two moments with a "-" between them'


@dataclass(frozen=True, order=True)
class Span:
    """A moment, or the stretch from one moment to a later one. Both are seconds; `end` is None for a moment."""

    start: int
    end: int | None = None


def moment(text: str) -> int:
    """Return the seconds that a text such as `46`, `0:46`, `1:02:03`, `46s` or `1m2s` stands for.

    Raises ValueError if the text is not a moment, or if a clock form has minutes or seconds above 59.
    """
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return int(text)
    if _CLOCK.fullmatch(text):
        return _clock_seconds(text)
    if units := _UNITS.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in units.groups())
        return hours * 3600 + minutes * 60 + seconds
    raise ValueError(f'"{text}" is not a valid moment: {FORMS}')


def _clock_seconds(text: str) -> int:
    parts = [int(part) for part in text.split(":")]
    hours, minutes, seconds = parts if len(parts) == 3 else [0, *parts]
    total = hours * 3600 + minutes * 60 + seconds
    if seconds > 59:
        raise ValueError(f'"{text}" has {seconds} seconds, but a minute has only 60: did you mean {clock(total)}?')
    if minutes > 59:
        raise ValueError(f'"{text}" has {minutes} minutes, but an hour has only 60: did you mean {clock(total)}?')
    return total


def span(text: str) -> Span:
    """Return the moment or span that a text such as `00:46` or `00:46-01:32` stands for.

    Raises ValueError if a part is not a moment, or if the span does not run forwards.
    """
    first, dash, last = text.replace("\N{EN DASH}", "-").partition("-")
    if not dash:
        return Span(moment(first))
    start, end = moment(first), moment(last)
    if end <= start:
        raise ValueError(f'"{text}" runs backwards: write the earlier moment first')
    return Span(start, end)


def touched(span: Span, starts: Sequence[int]) -> range:
    """Return the numbers of the stretches that a span touches; `starts` are where they begin, in order.

    A span that ends where a stretch begins does not touch that one. A span before the first stretch touches none.
    """
    first = bisect_right(starts, span.start) - 1
    last = bisect_left(starts, span.start + 1 if span.end is None else span.end) - 1
    return range(max(first, 0), max(last, first) + 1)


def clock(seconds: int) -> str:
    """Return `01:32`, or `1:02:03` from the first hour on: the way cards and transcripts show a moment."""
    hours, rest = divmod(seconds, 3600)
    minutes_seconds = f"{rest // 60:02}:{rest % 60:02}"
    return f"{hours}:{minutes_seconds}" if hours else minutes_seconds


def timecode(seconds: int) -> str:
    """Return the moment always with hours, in two digits: `00:01:32`."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def written(span: Span) -> str:
    """Return a span as an author writes it: `00:46` or `00:46-01:32`."""
    return clock(span.start) if span.end is None else f"{clock(span.start)}-{clock(span.end)}"


def doubled(moments: list[int]) -> list[int]:
    """Return the moments that are in a list more than once, each once, in order of time."""
    return sorted({first for first, second in pairwise(sorted(moments)) if first == second})


def offset(text: str) -> int:
    """Return the seconds of a moment with a sign before it, such as `-7:39`; without a sign, it is positive.

    Raises ValueError if the text is not a moment with or without a sign.
    """
    bare = text.strip()
    sign = -1 if bare[:1] in ("-", "\N{MINUS SIGN}", "\N{EN DASH}") else 1
    try:
        return sign * moment(bare[1:] if sign < 0 or bare[:1] == "+" else bare)
    except ValueError:
        words = "write the time to add, with a minus if it is to be subtracted, such as -0:37 or 1:20"
        raise ValueError(f'"{text}" is not a valid offset: {words}') from None
