"""Pictures and sounds on pages: the elements that show and play them, and where a page gets them from."""

import base64
import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from html import escape
from pathlib import Path
from urllib.parse import quote

from cuedeck.media.files import MediaFile
from cuedeck.media.kinds import FORMATS, Kind, ending_of
from cuedeck.patterns import regex
from cuedeck.records import dataclass


def _name(*kinds: Kind) -> str:
    endings = "|".join(ending for ending, each in FORMATS.items() if each.kind in kinds)
    return rf"(?P<name>cuedeck-[0-9a-f]{{16}}\.(?:{endings}))"


# In fields, pictures and sounds have exactly these forms, in which every value is escaped or harmless.
NAME = regex(_name("picture", "sound"))
PICTURE = regex(
    rf'<img src="{_name("picture")}" alt="(?P<words>[^"]*)"(?: style="width: (?P<percent>[0-9]{{1,3}})%")?>'
)
SOUND = regex(rf"\[sound:{_name('sound')}\]")
CLIP = regex(rf'<audio controls(?:="")? preload="none" src="{_name("sound")}"></audio>')
_TAG = regex(r'(<[a-zA-Z/](?:[^<>"]|"[^"]*")*>)')

_ALL = (PICTURE, SOUND, CLIP)

# Nobody can send a page of more than about 20 MB, and base64 makes 20 of 15.
_MOST_EMBEDDED = 15_000_000
# Sources in a policy: a page that was opened from a disk does not count as one of the files beside it.
BESIDE = "'self' file:"


@dataclass(frozen=True)
class PageMedia:
    """Where a page gets pictures and sounds from.

    `addresses` are data URIs, or relative addresses, by the names in Anki. A file without one is beside the page, under
    its name. `outside` are the files that are not in the page, `pictures` and `sounds` what its policy has to allow.
    """

    addresses: Mapping[str, str] = field(default_factory=dict)
    outside: tuple[MediaFile, ...] = ()
    pictures: str = "data:"
    sounds: str = ""


NO_MEDIA = PageMedia()
"""That of a page without pictures and sounds."""


def set_media(
    html: str,
    attribute: str,
    more: str = "",
    words: Mapping[str, str] | None = None,
    known: Collection[str] | None = None,
) -> str:
    """Return the HTML of a card with its pictures and sounds as elements of a page, whose policy allows no styles.

    `attribute` is the one that gets the name of a file, `more` are further ones of pictures. `words` say how sounds
    sound, by their names. If `known` names are given, other files are left out.
    """

    def picture(found: "re.Match[str]") -> str:
        if known is not None and found["name"] not in known:
            return ""
        width = f' width="{found["percent"]}%"' if found["percent"] else ""
        return f'<img {attribute}="{found["name"]}" alt="{found["words"]}"{width}{more}>'

    def sound(found: "re.Match[str]") -> str:
        if known is not None and found["name"] not in known:
            return ""
        label = escape((words or {}).get(found["name"]) or "Sound")
        said = f'aria-label="{label}" title="{label}"'
        return f'<audio {attribute}="{found["name"]}" {said} controls preload="none"></audio>'

    def clip(found: "re.Match[str]") -> str:
        if known is not None and found["name"] not in known:
            return ""
        # With the name of the file last, so that a search of a page does not find these words on every card.
        return (
            f'<audio controls preload="none" aria-label="Clip of the recording" {attribute}="{found["name"]}"></audio>'
        )

    if "<audio " in html:
        html = CLIP.sub(clip, html)
    if "<img " in html:
        html = PICTURE.sub(picture, html)
    if "[sound:" in html:
        pieces = _TAG.split(html)  # in a tag, as in the words of a picture, it is a part of a text
        pieces[::2] = [SOUND.sub(sound, text) for text in pieces[::2]]
        html = "".join(pieces)
    return html


def without_media(html: str) -> str:
    """Return HTML without its pictures and sounds."""
    for pattern in _ALL:
        html = pattern.sub("", html)
    return html


def names_in(html: str) -> set[str]:
    """Return the names of the pictures and sounds in the HTML of a card."""
    return {found["name"] for pattern in _ALL for found in pattern.finditer(html)}


def type_of(name: str) -> str:
    """Return the media type of a picture or sound, by its name in Anki."""
    return FORMATS[ending_of(name)].type


def data_uri(name: str, data: bytes) -> str:
    """Return the data URI of a picture or sound, by its name in Anki and its bytes."""
    return f"data:{type_of(name)};base64,{base64.b64encode(data).decode()}"


def embedded(files: Iterable[MediaFile], page: Path, most: int = _MOST_EMBEDDED) -> PageMedia:
    """Return the pictures and sounds of a page as data URIs, as far as they have at most so many bytes together.

    The larger ones are left out, and the `page` refers to where they are. Raises `Problems` if one has changed since it
    was found.
    """
    addresses: dict[str, str] = {}
    outside = []
    sources: dict[Kind, set[str]] = {"picture": {"data:"}, "sound": set()}
    total = 0
    for file in sorted({each.name: each for each in files}.values(), key=lambda each: (each.size, each.name)):
        total += file.size
        if total <= most:
            addresses[file.name] = data_uri(file.name, file.read())
            sources[file.kind].add("data:")
        else:
            addresses[file.name] = _way(page.parent, file.where)
            outside.append(file)
            sources[file.kind].add(BESIDE)
    pictures, sounds = (" ".join(sorted(sources[kind], reverse=True)) for kind in ("picture", "sound"))
    return PageMedia(addresses, tuple(outside), pictures, sounds)


def _way(folder: Path, file: Path) -> str:
    """Return the relative address of a file for a page in a folder, or the whole one if it is on another drive."""
    try:
        return quote(Path(os.path.relpath(os.path.realpath(file), os.path.realpath(folder))).as_posix())
    except ValueError:
        return Path(os.path.realpath(file)).as_uri()


def beside(files: Iterable[MediaFile]) -> PageMedia:
    """Return the pictures and sounds of a page whose server has them under their names."""
    has_sounds = any(file.kind == "sound" for file in files)
    return PageMedia(pictures="data: 'self'", sounds="'self'" if has_sounds else "")
