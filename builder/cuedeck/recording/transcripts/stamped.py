"""Read pages of text, plain or in Markdown or HTML, in which a time is before or after each passage."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from cuedeck.entities import unescape
from cuedeck.recording.transcripts.cues import MOST_CUES, Cue
from cuedeck.recording.transcripts.times import CLOCK, seconds

_STAMP = rf"(?<![\d:.,/])[\[(]{{0,2}}({CLOCK})[\])]{{0,2}}(?![\d:]|[.,]\d)"
# What may be before a time at the beginning of a line: a number or mark of a list, a quotation, a heading.
_FIRST = re.compile(rf"[\s>#*•·-]*(?:\d{{1,4}}[.)]\s+)?{_STAMP}\s*(?:[:|–—-]\s*)?")
_LAST = re.compile(rf"(?:^|[\s:|–—(\[-]){_STAMP}[\s:.)\]]*$")
_MAY_BE = re.compile(r"\d:\d\d")
_LINK = re.compile(r"\[([^\[\]]*|\[[^\[\]]*\])\]\([^()\s]*\)")
_SPEAKER_WORDS = 6  # a longer text beside a time is not just the name of who speaks

_HTML = re.compile(
    r"(?:\s|<!--(?:(?!-->).)*-->)*<(?:!doctype\s+html|html|head|body|article|main|div|p|section)\b", re.I | re.S
)
_TAG = re.compile(r"(<[^<>]{1,5000}>)")
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span"),
        *("strong", "sub", "sup", "time", "u", "wbr"),
    )
)
_HIDDEN = frozenset(["head", "script", "style", "template", "svg", "noscript"])


class _Line(NamedTuple):
    """A line with a time: its number in the file, the time, and the text beside it."""

    number: int
    start: float
    text: str


def stamped(text: str) -> tuple[list[Cue], list[int]]:
    """Return the passages of a page in order of time, and the numbers of lines whose times run backwards.

    A time there may be a part of a text, or of a table of contents, so the line is treated as text.
    """
    lines = (text_of_html(text) if is_html(text) else text).split("\n")
    found = list(islice(_stamped_lines(lines), MOST_CUES + 1))
    kept = _longest_forward([line.start for line in found])
    backwards = [line.number for place, line in enumerate(found) if place not in kept]
    return _cues([line for place, line in enumerate(found) if place in kept], lines), backwards


def is_html(text: str) -> bool:
    """Return whether a text is a page in HTML."""
    return bool(_HTML.match(text[:5000]))


def text_of_html(html: str) -> str:
    """Return the text of a page, with a line for each of its blocks."""
    pieces: list[str] = []
    hidden = ""
    for piece in _TAG.split(html):
        name = (found[1].lower() if (found := _NAME.match(piece)) else "") if piece.startswith("<") else ""
        if hidden:
            hidden = "" if name == hidden and piece.startswith("</") else hidden
        elif name in _HIDDEN and not piece.startswith("</"):
            hidden = name
        elif not piece.startswith("<"):
            pieces.append(piece.replace("\n", " "))
        elif name not in _INLINE:
            pieces.append("\n")
        else:
            pieces.append(" " if name in ("cite", "time") else "")
    return unescape("".join(pieces))


def _stamped_lines(lines: Sequence[str]) -> Iterator[_Line]:
    for number, line in enumerate(lines, 1):
        if not _MAY_BE.search(line):
            continue
        if "[" in line or "*" in line:
            line = _LINK.sub(r"\1", line).replace("**", "").replace("__", "")
        first, last = _FIRST.match(line), _LAST.search(line[-200:])
        between = line[first.end() :] if first else ""
        if first and last and first.end() <= len(line) - len(last[0]) and _is_short(between):
            yield _Line(number, seconds(last[1]), "")  # the time before a speaker's name is that of another page
        elif first:
            yield _Line(number, seconds(first[1]), between.strip())
        elif last:
            yield _Line(number, seconds(last[1]), line[: len(line) - len(last[0])].strip(" \t*•-"))


def _is_short(text: str) -> bool:
    return len(text.split()) <= _SPEAKER_WORDS


def _longest_forward(starts: Sequence[float]) -> set[int]:
    """Return the positions of as many times as possible that never run backwards."""
    ends: list[float] = []  # the smallest last time of a series, by its length
    places: list[int] = []
    before: list[int] = []
    for place, start in enumerate(starts):
        size = bisect_right(ends, start)
        before.append(places[size - 1] if size else -1)
        ends[size : size + 1] = [start]
        places[size : size + 1] = [place]
    kept = set()
    place = places[-1] if places else -1
    while place >= 0:
        kept.add(place)
        place = before[place]
    return kept


def _cues(found: Sequence[_Line], lines: Sequence[str]) -> list[Cue]:
    """Return a cue for each line with a time.

    Where times come last, either each follows its own text, or it is beside the name of a speaker, whose words follow.
    """
    ends = [*(line.number - 1 for line in found[1:]), len(lines)]
    between = [
        [each for below in lines[line.number : end] if (each := below.strip())]
        for line, end in zip(found, ends, strict=False)
    ]
    follows = sum(1 for below in between[:-1] if below)
    if found and not follows * 2 >= len(found) - 1:  # the text is beside the times, so the rest is not of the talk
        between = [[] for _ in between]
    elif found:
        longest = max(map(len, between[:-1]), default=1)
        between[-1] = between[-1][:longest]  # what is below that is most likely the foot of the page
    cues = []
    for line, below in zip(found, between, strict=True):
        beside = "" if below and _is_short(line.text) else line.text
        said = _once(_plain(" ".join([beside, *below])))
        if said:
            cues.append(Cue(line.start, line.start, said, line.number))
    return cues


def _plain(text: str) -> str:
    if "[" in text or "*" in text:
        text = _LINK.sub(r"\1", text).replace("**", "")
    return " ".join(text.split())


def _once(text: str) -> str:
    """Return a text that a page shows twice, one after the other, once."""
    half = len(text) // 2
    return text[:half] if text[:half] == text[half + 1 :] and text[half : half + 1] == " " else text
