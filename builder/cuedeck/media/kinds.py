"""Which files Anki shows or plays on every device, told by their endings and their first bytes."""

import re
from collections.abc import Mapping
from typing import Literal

from cuedeck.patterns import regex
from cuedeck.records import dataclass

Kind = Literal["picture", "sound"]

# How many bytes from the start of a file show what it is.
HEAD = 64


@dataclass(frozen=True)
class Format:
    """A format of files: its name, what a file of it is, what the first bytes of one look like, and its media type."""

    name: str
    kind: Kind
    begins: "re.Pattern[bytes]"
    type: str


_JPEG = Format("JPEG", "picture", regex(rb"\xff\xd8\xff"), "image/jpeg")
# A frame header of layer III, after the tag that players put before it or not.
_MP3 = Format("MP3", "sound", regex(rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"), "audio/mpeg")
FORMATS: Mapping[str, Format] = {
    "png": Format("PNG", "picture", regex(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "gif": Format("GIF", "picture", regex(rb"GIF8[79]a"), "image/gif"),
    "webp": Format("WebP", "picture", regex(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    "mp3": _MP3,
    "m4a": Format("M4A", "sound", regex(rb".{4}ftyp(?:M4A |M4B |mp42|isom|dash)", re.DOTALL), "audio/mp4"),
}
"""The formats that are accepted, by the endings of their files. Files of one format get the same ending in Anki."""

_CONVERT_PICTURE = "save it as PNG or JPEG"
_CONVERT_SOUND = "save it as MP3"
_LINK_VIDEO = "show a picture of it, and link to the moment: [words](https://...)"
REFUSED: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("svg", "svgz"), ("an SVG picture may contain a program, so Cuedeck does not hand it out", _CONVERT_PICTURE)
    ),
    **dict.fromkeys(
        ("avif", "heic", "heif", "tif", "tiff", "bmp", "ico", "jxl", "psd"),
        ("not every device can show a picture in this format", _CONVERT_PICTURE),
    ),
    **dict.fromkeys(
        ("ogg", "oga", "opus", "spx", "flac", "wav", "aac", "wma", "aif", "aiff", "amr"),
        ("not every device can play a sound in this format", _CONVERT_SOUND),
    ),
    **dict.fromkeys(
        ("mp4", "m4v", "mov", "webm", "ogv", "mkv", "avi", "mpg", "mpeg", "3gp", "flv"),
        ("videos on cards are not supported", _LINK_VIDEO),
    ),
    "pdf": ("Anki does not show a PDF on a card", "save the page that you need as PNG"),
}
"""Why files with other endings are refused, and what to do instead."""

# An address of a file in Git Large File Storage, which git puts there until the file itself is fetched.
LFS = b"version https://git-lfs"


def ending_of(name: str) -> str:
    """Return the ending of a file's name in lowercase, without the dot; "" if it has none."""
    stem, dot, ending = name.rpartition("/")[2].rpartition(".")
    return ending.lower() if dot and stem else ""


def format_of(head: bytes) -> Format | None:
    """Return the format that the first bytes of a file show; None if it is not one of those accepted."""
    return next((each for each in FORMATS.values() if each.begins.match(head)), None)


def looks_like_sound(name: str) -> bool:
    """Return whether a file's name says that it is a sound, accepted or not."""
    ending = ending_of(name)
    return FORMATS[ending].kind == "sound" if ending in FORMATS else REFUSED.get(ending, ("", ""))[1] == _CONVERT_SOUND
