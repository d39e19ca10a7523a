"""Moments of a recording: whole seconds from its start, as an author writes them and as cards show them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import field
from itertools import pairwise

from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.records import dataclass

_FRACTION = r"(?:\.[0-9]{1,9}|,[0-9]{3})?"
_CLOCK = regex(rf"(?P<clock>[0-9]{{1,3}}(?::[0-9]{{1,2}}){{1,2}})(?P<fraction>{_FRACTION})")
_SECONDS = regex(r"(?P<seconds>[0-9]{1,7})(?P<fraction>(?:\.[0-9]{1,9})?)")
_UNITS = regex(
    r"(?=[0-9])(?:(?P<h>[0-9]{1,3})h)?(?:(?P<m>[0-9]{1,5})m)?(?:(?P<s>[0-9]{1,7})(?P<fraction>(?:\.[0-9]{1,9})?)s)?"
)
_WITHOUT_LAST_UNIT = regex(r"(?<=(?P<before>[hm]))[0-9]{1,2}\Z")
_BRACKETED = regex(r"\[([^][()<>]*)\]|\(([^][()<>]*)\)|<([^][()<>]*)>")
# What separates two moments: in an author's span, in a line of WebVTT or SRT, and in one of SBV.
_SPAN = regex(r"\s*(?:-->|-|\N{EN DASH})\s*|(?<=\.[0-9]{3}),(?=[0-9])")
_CUE_SETTINGS = regex(r"(?<=[0-9])(?:\s+[a-zA-Z]+[0-9]?:\S+)+\s*\Z")
_MINUTES_WITH_DOT = regex(r"(?P<minutes>[0-5]?[0-9])[.,](?P<seconds>[0-5][0-9])")

FORMS = 'write a moment as 00:46, 1:02:03, 46s or 1m2s, and a span as two moments with a "-" between them'


@dataclass(frozen=True, order=True)
class Span:
    """A moment, or the stretch from one moment to a later one. Both are seconds; `end` is None for a moment.

    `start_ms` and `end_ms` are the milliseconds after these seconds, as far as the author wrote them. Cards and links
    do not use them, so two spans are equal without them.
    """

    start: int
    end: int | None = None
    start_ms: int = field(default=0, compare=False, repr=False)
    end_ms: int = field(default=0, compare=False, repr=False)

    @property
    def exact(self) -> tuple[int, int | None]:
        """Where it starts and ends, in milliseconds."""
        return self.start * 1000 + self.start_ms, None if self.end is None else self.end * 1000 + self.end_ms


def moment(text: str) -> int:
    """Return the seconds that a text such as `46`, `0:46`, `1:02:03`, `46s` or `1m2s` stands for.

    Parts of a second are dropped. Raises ValueError if the text is not a moment, or if a clock form has minutes or
    seconds above 59.
    """
    return exact_moment(text) // 1000


def exact_moment(text: str) -> int:
    """Return the same as `moment` in milliseconds; a text such as `00:00:46.250`, `00:00:46,250` or `46.25s` has some.

    A moment may be in brackets, as transcripts print it: `[00:46]`, `(0:46)` or `<00:00:46.250>`.
    """
    written = text = text.strip()
    if bracketed := _BRACKETED.fullmatch(text):
        text = _inside(bracketed).strip()
    if found := _MINUTES_WITH_DOT.fullmatch(text):
        as_clock = clock(int(found["minutes"]) * 60 + int(found["seconds"]))
        raise TextError(
            f'"{text}" may be {as_clock} or a number of seconds',
            f"write {as_clock}, or {text.replace(',', '.')}s for seconds",
        )
    if found := _SECONDS.fullmatch(text):
        return int(found["seconds"]) * 1000 + _milliseconds(found["fraction"])
    if found := _CLOCK.fullmatch(text):
        return _clock_seconds(found["clock"]) * 1000 + _milliseconds(found["fraction"])
    if found := _UNITS.fullmatch(_WITHOUT_LAST_UNIT.sub(_with_unit, text)):
        hours, minutes, seconds = (int(found[part] or 0) for part in "hms")
        return (hours * 3600 + minutes * 60 + seconds) * 1000 + _milliseconds(found["fraction"] or "")
    raise ValueError(f'"{written}" is not a valid moment: {FORMS}')


def _inside(bracketed: re.Match[str]) -> str:
    return next(filter(None, bracketed.groups()), "")


def _with_unit(number: re.Match[str]) -> str:
    """Return a number after a unit with the next smaller unit: 2m25 is 2m25s."""
    return number[0] + {"h": "m", "m": "s"}[number["before"]]


def _milliseconds(fraction: str) -> int:
    """Return the whole milliseconds of a fraction such as ".25"; 0 for ""."""
    return int(fraction[1:4].ljust(3, "0")) if fraction else 0


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

    The line of times above a subtitle is a span, too: `00:00:46,250 --> 00:00:48,000`. A span within one second is a
    moment. Raises ValueError if a part is not a moment, or if the span does not run forwards.
    """
    whole = text.strip()
    if (bracketed := _BRACKETED.fullmatch(whole)) and _SPAN.search(whole):
        whole = _inside(bracketed)
    first, *rest = _SPAN.split(_CUE_SETTINGS.sub("", whole), maxsplit=1)
    start = exact_moment(first)
    if not rest:
        return Span(start // 1000, None, start % 1000)
    end = exact_moment(rest[0])
    if end <= start:
        raise ValueError(f'"{text}" runs backwards: write the earlier moment first')
    if end // 1000 == start // 1000:
        return Span(start // 1000, None, start % 1000)
    return Span(start // 1000, end // 1000, start % 1000, end % 1000)


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


def short(seconds: int) -> str:
    """Return `1:32`, or `1:02:03` from the first hour on: the way YouTube shows a moment."""
    return clock(seconds).removeprefix("0")


def timecode(seconds: int) -> str:
    """Return the moment always with hours, in two digits: `00:01:32`."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def written(span: Span) -> str:
    """Return a span as an author writes it: `00:46` or `00:46-01:32`."""
    return clock(span.start) if span.end is None else f"{clock(span.start)}-{clock(span.end)}"


def written_exactly(span: Span) -> str:
    """Return a span with its milliseconds, as far as it has any: `00:46`, `00:46.250` or `00:46.250-01:32`."""
    parts = ((span.start, span.start_ms), (span.end, span.end_ms))
    return "-".join(clock(at) + (f".{ms:03}" if ms else "") for at, ms in parts if at is not None)


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
