"""Read subtitles: WebVTT, SRT, SBV and ASS, as players and services write them and not only as they are specified.

A line with two times begins a cue, and the next such line ends it. So it does not matter whether there are numbers,
names, blank lines or headers, or whether a blank line is in the middle of a cue, as YouTube writes it.
"""

import re
from collections.abc import Iterator
from itertools import islice

from cuedeck.entities import unescape
from cuedeck.recording.transcripts.cues import MOST_CUES, Cue
from cuedeck.recording.transcripts.times import CLOCK, seconds

_TIMES = re.compile(
    rf"^[ \t]*(?:\[?({CLOCK})[ \t]*(?:-{{1,3}}>|→)[ \t]*({CLOCK})\]?(.*)"  # WebVTT and SRT, and what Whisper prints
    rf"|({CLOCK}),({CLOCK})()[ \t]*"  # SBV
    rf"|Dialogue:[^,\n]*,[ \t]*({CLOCK}),[ \t]*({CLOCK}),(?:[^,\n]*,){{6}}(.*))$",  # ASS and SSA
    re.MULTILINE,
)
_SETTING = re.compile(r"\s*[\w-]+:\S+")
_TAG = re.compile(r"</?(?:[a-zA-Z][^<>\n]*|\d[\d:.]*)>")
_CODE = re.compile(r"\{\\[^{}\n]*\}|\{[A-Za-z]:[^{}\n]*\}")
# What is between the blank line after a cue and the times of the next one: a number, or the name that WebVTT allows.
_NAME = re.compile(r"\S+")
_NOTE = re.compile(r"\n[ \t]*\n(?:NOTE|STYLE|REGION)\b.*?(?=\n[ \t]*\n|\Z)", re.DOTALL)
_PAUSE = 0.1  # seconds between two cues of which the second repeats the first, at the most
_ROLLING = 0.2  # of the cues; in other subtitles, hardly any cue repeats a line of the one before

_Raw = tuple[float, float, list[str], int]
"""A cue as it is written: its two times, its lines as they are seen, and the number of its first line in the file."""


def has_subtitles(text: str) -> bool:
    """Return whether a text contains the times of a cue."""
    return _TIMES.search(text) is not None


def subtitles(text: str) -> Iterator[Cue]:
    """Yield the cues of subtitles in the order of the file, without the lines that YouTube repeats.

    At most one more than `MOST_CUES` are read.
    """
    raw = list(islice(_raw(text), MOST_CUES + 1))
    fresh = [_without_repeated(before, cue) for before, cue in zip([None, *raw], raw, strict=False)]
    rolling = sum(1 for (_, _, lines, _), new in zip(raw, fresh, strict=True) if len(new) < len(lines))
    for (start, end, lines, number), new in zip(raw, fresh, strict=True):
        if said := " ".join(new if rolling > _ROLLING * len(raw) else lines):
            yield Cue(start, end, said, number)


def _raw(text: str) -> Iterator[_Raw]:
    """Yield each cue."""
    is_web = text.startswith("WEBVTT")
    found = _TIMES.finditer(text)
    times = next(found, None)
    number, counted_to, count = 1, 0, 1
    while times:
        after = next(found, None)
        number += text.count("\n", counted_to, times.start())
        counted_to = times.start()
        start, end, rest = (
            times.group(1, 2, 3) if times[1] else times.group(4, 5, 6) if times[4] else times.group(7, 8, 9)
        )
        below = text[times.end() : after.start() if after else len(text)]
        if is_web and "\nNOTE" in below:
            below = _NOTE.sub("", below)
        lines = _lines(below, count, is_last=after is None)
        said = [rest, *lines] if rest and _SETTING.sub("", rest).strip() else lines
        yield seconds(start), seconds(end), [seen for each in said if each and (seen := _clean(each))], number
        times, count = after, count + 1


def _lines(below: str, count: int, is_last: bool) -> list[str]:
    """Return the lines below the times of a cue, without the number or name of the next one.

    `count` is the number of the cue, from 1. What comes after a blank line is taken for a name. Without a blank line,
    it is taken for a part of the text, unless it is the number that follows.
    """
    lines = below.split("\n")
    if not is_last:
        lines.pop()  # the beginning of the line with the next times
        name = lines[-1].strip() if lines else ""
        is_after_blank = len(lines) > 1 and not lines[-2].strip()
        if _NAME.fullmatch(name) if is_after_blank else name in (str(count), str(count + 1)):
            lines.pop()
    return lines


def _clean(line: str) -> str:
    """Return a line as it is seen: without tags, codes and escapes."""
    if "<" in line:
        line = _TAG.sub("", line)
    if "{" in line:
        line = _CODE.sub("", line)
    if "\\" in line:
        line = re.sub(r"\\[Nnh]", " ", line)
    if "[br]" in line:
        line = line.replace("[br]", " ")
    if "&" in line:
        line = unescape(line)
    return " ".join(line.removeprefix(">>").split())


def _without_repeated(before: _Raw | None, cue: _Raw) -> list[str]:
    """Return the lines of a cue without those at its beginning that are the last ones of the cue right before it."""
    start, _, lines, _ = cue
    if before and before[0] <= start <= before[1] + _PAUSE:
        shown = before[2]
        for size in range(min(len(shown), len(lines)), 0, -1):
            if lines[:size] == shown[-size:]:
                return lines[size:]
    return lines
