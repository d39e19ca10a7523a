"""Chapters of a recording in the forms in which others take them: video hosts, podcast players and web pages."""

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise

from cuedeck.deck.deck import Source
from cuedeck.deck.moments import clock, short, timecode
from cuedeck.wording import counted

_FEWEST = 3
_SHORTEST = 10  # seconds


def description(chapters: Mapping[int, str]) -> str:
    """Return chapters as lines for the description of a video, such as `0:46 Hard abandonment`, in order of time."""
    return "".join(f"{short(start)} {title}\n" for start, title in sorted(chapters.items()))


def not_for_youtube(source: Source) -> Iterator[str]:
    """Yield what YouTube would not take about the chapters of a source, each as a line that says what to do about it.

    YouTube's help on video chapters requires at least three, in order, the first at 0:00, each at least 10 seconds
    long. Its API refuses descriptions with "<" or ">".
    """
    starts = sorted(source.chapters)
    if starts[0]:
        yield f"add a chapter at 0:00, such as 0:00 Introduction: the first one is at {clock(starts[0])}"
    if len(starts) < _FEWEST:
        yield f"add more chapters: YouTube requires {_FEWEST}, and there {_are(len(starts))}"
    ends = [*starts[1:], source.length if source.length is not None and source.length > starts[-1] else None]
    for start, end in zip(starts, ends, strict=True):
        if end is not None and end - start < _SHORTEST:
            short = f"it is {counted(end - start, 'second')} long, and YouTube requires {_SHORTEST}"
            yield f"join the chapter at {clock(start)} with another one: {short}"
    for start in starts:
        if any(sign in source.chapters[start] for sign in "<>"):
            yield f'write the title of the chapter at {clock(start)} without "<" and ">", which YouTube does not allow'


def _are(count: int) -> str:
    return "is only 1" if count == 1 else f"are only {count}"


def podcast(source: Source) -> str:
    """Return the chapters of a source as JSON chapters, version 1.2.0 of the podcast namespace, in ASCII."""
    chapters = [{"startTime": start, "title": title} for start, title in sorted(source.chapters.items())]
    about = {"title": source.title} | ({"author": source.author} if source.author else {})
    return json.dumps({"version": "1.2.0", **about, "chapters": chapters}, indent=2) + "\n"


def webvtt(source: Source) -> str:
    """Return the chapters of a source as WebVTT, as the W3C defines it for chapter tracks.

    The last chapter lasts until the end of the recording, so the source must have a length after its start.
    """
    assert source.length is not None
    cues = [
        f"\n{timecode(start)}.000 --> {timecode(end)}.000\n{_escaped(source.chapters[start])}\n"
        for start, end in pairwise([*sorted(source.chapters), source.length])
    ]
    return "WEBVTT\n" + "".join(cues)


def _escaped(title: str) -> str:
    return title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
