"""Read subtitles: WebVTT, SRT, SBV and ASS, as players and services write them and not only as they are specified.

A line with two times begins a cue, and the next such line ends it. So it does not matter whether there are numbers,
names, blank lines or headers, or whether a blank line is in the middle of a cue, as YouTube writes it.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from cuedeck.recording.transcripts.cues import Cue
from cuedeck.recording.transcripts.times import CLOCK, seconds

_TIMES = re.compile(
    rf"\s*\[?({CLOCK})\s*(?:-{{1,3}}>|→)\s*({CLOCK})\]?(.*)"  # WebVTT and SRT, and what Whisper prints
    rf"|({CLOCK}),({CLOCK})()\s*$"  # SBV
    rf"|Dialogue:[^,]*,\s*({CLOCK}),\s*({CLOCK}),(?:[^,]*,){{6}}(.*)"  # ASS and SSA
)
_MAY_BE = re.compile(r"->|→|^Dialogue:|^\d+:\d[\d:.]*,\d")
_SETTING = re.compile(r"\s*[\w-]+:\S+")
_TAG = re.compile(r"</?(?:[a-zA-Z][^<>]*|\d[\d:.]*)>")
_CODE = re.compile(r"\{\\[^{}]*\}|\{[A-Za-z]:[^{}]*\}")
_NAME = re.compile(r"\S+")
_NOTE = re.compile(r"(?:NOTE|STYLE|REGION)\b")
_ROLLING = 0.2  # of the cues; in other subtitles, hardly any cue repeats a line of the one before


def has_subtitles(text: str) -> bool:
    """Return whether a text contains the times of a cue."""
    return any(_TIMES.match(line) for line in text.split("\n") if _MAY_BE.search(line))


def subtitles(text: str) -> Iterator[Cue]:
    """Yield the cues of subtitles in the order of the file, without the lines that YouTube repeats."""
    raw = [(start, end, list(map(_clean, lines)), number) for start, end, lines, number in _raw(text.split("\n"))]
    raw = [(start, end, list(filter(None, lines)), number) for start, end, lines, number in raw]
    told = [lines for _, _, lines, _ in raw]
    fresh = [_without_repeated(before, lines) for before, lines in zip([[], *told], told, strict=False)]
    rolling = sum(1 for all, new in zip(told, fresh, strict=True) if len(new) < len(all))
    for (start, end, lines, number), new in zip(raw, fresh, strict=True):
        if said := " ".join(new if rolling > _ROLLING * len(raw) else lines):
            yield Cue(start, end, said, number)


def _raw(lines: Sequence[str]) -> Iterator[tuple[float, float, list[str], int]]:
    """Yield the times of each cue, its lines as they are written, and the number of its first line."""
    is_web = lines[0].lstrip("\ufeff").startswith("WEBVTT")
    begun: tuple[float, float, list[str], int] | None = None
    is_note, count = False, 1
    for number, line in enumerate(lines, 1):
        if _MAY_BE.search(line) and (times := _TIMES.match(line)):
            if begun:
                _drop_name(begun[2], count)
                yield begun
                count += 1
            start, end, rest = filter(lambda each: each is not None, times.groups())
            said = [] if not rest or _is_settings(rest) else [rest]
            begun, is_note = (seconds(start), seconds(end), said, number), False
        elif begun and not is_note:
            if is_web and _NOTE.match(line) and begun[2] and not begun[2][-1].strip():
                is_note = True
            else:
                begun[2].append(line)
        elif begun and not line.strip():
            is_note = False
            begun[2].append("")
    if begun:
        yield begun


def _is_settings(rest: str) -> bool:
    return not _SETTING.sub("", rest).strip()


def _drop_name(lines: list[str], count: int) -> None:
    """Take the name of the next cue off the end of a cue's lines; `count` is the number of this one, from 1.

    The name is a number, or in WebVTT anything. Without a blank line before it, it is taken for a part of the text,
    unless it is the number that follows.
    """
    name = lines[-1].strip() if lines else ""
    is_after_blank = len(lines) > 1 and not lines[-2].strip()
    if _NAME.fullmatch(name) if is_after_blank else name in (str(count), str(count + 1)):
        lines.pop()


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


def _without_repeated(before: Sequence[str], lines: list[str]) -> list[str]:
    """Return the lines of a cue without those at its beginning that are the last ones of the cue before."""
    for size in range(min(len(before), len(lines)), 0, -1):
        if lines[:size] == before[-size:]:
            return lines[size:]
    return lines
