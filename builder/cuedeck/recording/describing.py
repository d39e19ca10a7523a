"""Read what others wrote about a recording: its title, speaker, date, length, address and chapters.

Only what a file says is taken over. What it does not say is left out, since whatever is made up here would end up on
cards.
"""

import datetime
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from cuedeck.deck.addresses import address
from cuedeck.deck.chapters import chapters_in
from cuedeck.deck.values import line
from cuedeck.entities import unescape
from cuedeck.recording.transcripts.cues import LATEST, UnreadableError
from cuedeck.recording.transcripts.jsonfiles import cues_of
from cuedeck.recording.transcripts.reading import decoded_json, decoded_text
from cuedeck.recording.transcripts.stamped import is_html, stamped, text_of_html
from cuedeck.recording.transcripts.subtitles import has_subtitles
from cuedeck.recording.transcripts.times import loose_seconds

_FEWEST_CHAPTERS = 2
_SPOKEN = 15  # words beside a time, on the average; titles of chapters have fewer
_LONGEST_TITLE = 200  # characters
_UNTITLED = re.compile(r"<Untitled Chapter \d+>")  # what yt-dlp calls a stretch that nobody gave a title
_META = re.compile(r"<(?:meta|link)\s[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![a-z:-])([a-z:-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,1000})</title>", re.IGNORECASE)

Chapters = Mapping[int, str]
"""The titles of chapters by the seconds at which they begin."""


@dataclass(frozen=True)
class Described:
    """What is known about a recording; what is not known is empty. `has_cues` says whether it is also a transcript."""

    title: str = ""
    speaker: str = ""
    published: datetime.date | None = None
    length: int | None = None
    url: str = ""
    chapters: Chapters = field(default_factory=dict)
    has_cues: bool = False

    def __or__(self, other: "Described") -> "Described":
        """Return what is known from both. If both say something, this one counts."""
        known = {each.name: getattr(self, each.name) or getattr(other, each.name) for each in fields(self)}
        return Described(**known)


def described(data: bytes) -> Described:
    """Return what the bytes of a file say about a recording. Raises UnreadableError if that is nothing."""
    text = decoded_text(data).text
    content = decoded_json(text)
    if isinstance(content, dict) and isinstance(content.get("chapters"), list) and "webpage_url" not in content:
        found = _podcast(content)
    elif isinstance(content, dict) and ("webpage_url" in content or ("title" in content and "duration" in content)):
        found = _yt_dlp(content)
    elif content is not None:
        found = Described(has_cues=bool(cues_of(content)))
    elif text.startswith(";FFMETADATA"):
        found = _ffmetadata(text)
    elif has_subtitles(text):
        found = Described(has_cues=True)
    else:
        found = _page(text)
    if found == Described():
        raise UnreadableError(
            "it says nothing about a recording",
            "use the info.json of yt-dlp, the text of a description with chapters, the chapters of a podcast, what "
            "ffmpeg -f ffmetadata writes, a saved page, or a transcript",
        )
    return found


def _yt_dlp(data: dict[str, Any]) -> Described:
    """Return what an info.json of yt-dlp says (https://github.com/yt-dlp/yt-dlp#output-template lists its fields)."""
    in_description = dict(chapters_in(_text(data, "description")))
    chapters = _chapters(data.get("chapters"), "start_time")
    # YouTube translates the titles of chapters to the language of whoever asks, but not the description.
    if len(in_description) >= _FEWEST_CHAPTERS and (not chapters or in_description.keys() >= chapters.keys()):
        chapters = in_description
    length = _seconds(data.get("duration"))
    return Described(
        title=line(_text(data, "title", "fulltitle")),
        speaker=line(_text(data, "creator", "artist", "uploader", "channel")),
        published=_date(_text(data, "release_date", "upload_date")),
        length=math.ceil(length) if length else None,
        url=_address(_text(data, "webpage_url", "original_url")),
        chapters=chapters,
    )


def _podcast(data: dict[str, Any]) -> Described:
    """Return what a file with chapters says, as in https://github.com/Podcastindex-org/podcast-namespace."""
    shown = [each for each in data["chapters"] if isinstance(each, dict) and each.get("toc") is not False]
    return Described(
        title=line(_text(data, "title")), speaker=line(_text(data, "author")), chapters=_chapters(shown, "startTime")
    )


def _ffmetadata(text: str) -> Described:
    """Return what `ffmpeg -f ffmetadata` wrote (https://ffmpeg.org/ffmpeg-formats.html#Metadata-2)."""
    sections: list[dict[str, str]] = [{}]
    for row in re.sub(r"\\\n", " ", text).split("\n")[1:]:
        if row.startswith("["):
            sections.append({"": row.strip("[] ")})
        elif row[:1] not in (";", "#") and (parts := re.match(r"((?:[^=\\]|\\.)+)=(.*)", row)):
            sections[-1][parts[1].lower()] = re.sub(r"\\(.)", r"\1", parts[2])
    tags, chapters = sections[0], dict[int, str]()
    for each in sections[1:]:
        unit = re.fullmatch(r"(\d{1,9})/(\d{1,12})", each.get("timebase", "1/1000000000"))
        start = re.fullmatch(r"\d{1,18}", each.get("start", ""))
        if each[""] == "CHAPTER" and unit and int(unit[2]) and start and line(each.get("title", "")):
            begins = _seconds(int(start[0]) * int(unit[1]) // int(unit[2]))
            if begins is not None:
                chapters[int(begins)] = line(each["title"])
    return Described(
        title=line(tags.get("title", "")),
        speaker=line(tags.get("artist", "")),
        published=_date(tags.get("date", "")),
        url=_address(tags.get("purl", "")) or _address(tags.get("comment", "")),
        chapters=chapters,
    )


def _page(text: str) -> Described:
    """Return what a saved page or a description says: a page has a title and a transcript, a description chapters."""
    cues, _ = stamped(text)
    is_spoken = bool(cues) and sum(len(cue.text.split()) for cue in cues) > _SPOKEN * len(cues)
    is_web = is_html(text)
    chapters = {} if is_spoken else dict(chapters_in(text_of_html(text) if is_web else text))
    known = Described(chapters=_enough(chapters), has_cues=is_spoken)
    if is_web:
        return _in_head(text) | known
    first = next((line(each) for each in text.split("\n") if each.strip()), "")
    is_title = is_spoken and len(first) <= _LONGEST_TITLE and not re.search(r"\d:\d\d", first)
    return replace(known, title=first) if is_title else known


def _in_head(html: str) -> Described:
    """Return what the elements in the head of a page say, as search engines and other sites read them."""
    said: dict[str, str] = {}
    for element in _META.findall(html):
        values = {name.lower(): unescape(one or other) for name, one, other in _ATTRIBUTE.findall(element)}
        name = values.get("property") or values.get("name") or values.get("rel") or ""
        said.setdefault(name.lower(), values.get("content") or values.get("href") or "")
    title = found[1] if (found := _TITLE.search(html)) else ""
    return Described(
        title=line(said.get("og:title", "") or unescape(title)),
        speaker=line(said.get("author", "")),
        published=_date(said.get("article:published_time", "")[:10]),
        url=_address(said.get("canonical", "")) or _address(said.get("og:url", "")),
    )


def _chapters(pieces: Any, key: str) -> Chapters:
    """Return the chapters of a list in JSON, of which each has its start under a key."""
    chapters = {}
    for each in pieces if isinstance(pieces, list) else ():
        start = _seconds(each.get(key)) if isinstance(each, dict) else None
        title = line(_text(each, "title")) if start is not None else ""
        if start is not None and title and not _UNTITLED.fullmatch(title):
            chapters[int(start)] = title
    return chapters


def _enough(chapters: Chapters) -> Chapters:
    return chapters if len(chapters) >= _FEWEST_CHAPTERS else {}


def _text(data: dict[str, Any], *keys: str) -> str:
    return next((value for key in keys if isinstance(value := data.get(key), str) and value.strip()), "")


def _seconds(value: object) -> float | None:
    """Return a time of JSON in seconds; None if it is none, or later than any recording is long."""
    found = loose_seconds(value)
    return found if found is not None and found <= LATEST else None


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        return None


def _address(text: str) -> str:
    try:
        return address(text) if re.fullmatch(r"\s*https?://[^\s\"<>]+\s*", text) else ""
    except ValueError:
        return ""


def together(all_described: Iterable[Described]) -> Described:
    """Return what several files say; of two that say something else, the first counts."""
    known = Described()
    for each in all_described:
        known = known | each
    return known
