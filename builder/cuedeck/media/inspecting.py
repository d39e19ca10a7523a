"""What a picture says about itself in its headers: its size, and where and with whose camera it was taken.

A picture is never decoded, so one that would unpack to gigabytes costs nothing.
"""

import re
import warnings
import zlib
from collections.abc import Iterator
from functools import lru_cache
from io import SEEK_CUR
from itertools import islice
from typing import IO, Any, Literal

from cuedeck.media.files import MediaFile
from cuedeck.media.kinds import FORMATS, ending_of
from cuedeck.patterns import regex
from cuedeck.problems import TextError, visible
from cuedeck.records import dataclass
from cuedeck.wording import for_a_shell

MOST_PIXELS = 178_000_000
"""The most pixels of a picture: Pillow takes one with more for an attack on whoever opens it."""

_MOST_METADATA = 16 * 1024 * 1024  # bytes of one block of them, and of all together
_MOST_BLOCKS = 100
_PIECE = 1024 * 1024
_LONGEST_EXIF = 65_536  # of one that is found by its first bytes

# Numbers of tags in EXIF: https://exiftool.org/TagNames/EXIF.html and GPS.html there.
_GPS, _MORE = 0x8825, 0x8769
_PLACES = (2, 4, 20, 22, 27, 28)  # latitude and longitude of the camera and of what it shows; names of places
_CAMERAS = (0xA430, 0xA431, 0xA435, 0xC62F)  # the owner; serial numbers of the body, the lens, and of a raw picture
_VALUE = rb"""\s*(?:=\s*["']\s*[^\s"']|>\s*[^\s<])"""
_XMP_PLACE = regex(rb"\b(?:\w+:)?GPS(?:Dest)?L(?:at|ong)itude" + _VALUE)
_XMP_CAMERA = regex(
    rb"\b(?:\w+:)?(?:OwnerName|CameraOwnerName|SerialNumber|BodySerialNumber|LensSerialNumber)" + _VALUE
)
_EXIF = regex(rb"Exif\0\0(?=II\*\0|MM\0\*)")

Metadata = tuple[Literal["exif", "xmp"], bytes]


@dataclass(frozen=True, slots=True)
class Inspected:
    """A picture's width and height in pixels, and whether it says where it was taken, or whose camera that was.

    For the second, the name of the owner counts, and so does the serial number of the camera or the lens.
    """

    width: int
    height: int
    has_place: bool = False
    has_camera: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether it says anything of that."""
        return self.has_place or self.has_camera

    @property
    def told(self) -> str:
        """What it says, as the end of a sentence that begins with the picture."""
        place = ["says where it was taken"] if self.has_place else []
        return " and ".join([*place, *(["names the owner or the number of the camera"] if self.has_camera else [])])


@lru_cache(maxsize=4096)
def inspect(file: MediaFile) -> Inspected:
    """Return what a picture says about itself. Raises TextError if it is damaged or much too large, and OSError."""
    with file.where.open("rb") as opened:
        return inspect_opened(opened, file.path)


def inspect_opened(file: IO[bytes], name: str) -> Inspected:
    """Return what an open picture says about itself. Raises TextError as `inspect` does; `name` says its format."""
    shown, format = visible(name), FORMATS[ending_of(name)].name
    width, height = _webp_size(file) if format == "WebP" else _size(file, format)
    if width * height > MOST_PIXELS:
        raise TextError(
            f'"{shown}" has more than {MOST_PIXELS // 1_000_000} megapixels, which no device can show',
            "make it smaller: no screen shows more than 3000 pixels in a side",
            name,
            "media-too-large",
        )
    if not (width and height):
        raise TextError(
            f'"{shown}" is damaged: it begins like a {format} file, but cannot be opened',
            f"save it again as {format}, or put the file there again",
            name,
            "media-format",
        )
    file.seek(0)
    found = [_told(*each) for each in _within_reason(_METADATA.get(format, _nothing)(file))]
    return Inspected(width, height, any(place for place, _ in found), any(camera for _, camera in found))


def how_to_remove(path: str) -> str:
    """Return the command that removes all metadata of a picture but its orientation and its colours."""
    return f"exiftool -overwrite_original -all= -tagsfromfile @ -Orientation -ICC_Profile {for_a_shell(path)}"


def _size(file: IO[bytes], format: str) -> tuple[int, int]:
    """Return a picture's width and height in pixels; 0 and 0 if it is damaged, more than the most if it is too large.

    `Image.open` reads only the headers.
    """
    from PIL import Image  # here because most decks have no pictures

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes that we report ourselves
            # A JPEG with more pictures in it, such as previews, is an MPO file.
            with Image.open(file, formats=[format.upper(), *(["MPO"] if format == "JPEG" else [])]) as picture:
                return picture.size
    except Image.DecompressionBombError:
        return MOST_PIXELS, 2
    except Exception:  # a damaged file can end in almost any of them
        return 0, 0


def _webp_size(file: IO[bytes]) -> tuple[int, int]:
    """Return the same for WebP. Pillow would reserve memory for the whole picture, and some builds do not know WebP."""
    file.seek(12)
    head = file.read(30)
    match head[:4]:
        case b"VP8X" if len(head) >= 18:
            return int.from_bytes(head[12:15], "little") + 1, int.from_bytes(head[15:18], "little") + 1
        case b"VP8L" if len(head) >= 13 and head[8] == 0x2F:
            bits = int.from_bytes(head[9:13], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if len(head) >= 18 and head[11:14] == b"\x9d\x01\x2a":
            return int.from_bytes(head[14:16], "little") & 0x3FFF, int.from_bytes(head[16:18], "little") & 0x3FFF
    return 0, 0


def _of_jpeg(file: IO[bytes]) -> Iterator[Metadata]:
    """Yield the metadata of a JPEG file: those in its segments, then those of further pictures after it."""
    file.seek(2)
    while len(mark := file.read(2)) == 2 and mark[0] == 0xFF and mark != b"\xff\xda":
        if mark[1] == 0xFF:  # any number of these bytes may come before a mark
            file.seek(-1, SEEK_CUR)
            continue
        if mark[1] in (0x01, *range(0xD0, 0xDA)):
            continue
        data = file.read(max(int.from_bytes(file.read(2)) - 2, 0))
        if mark == b"\xff\xe1":
            yield ("exif", data) if data.startswith(b"Exif\0") else ("xmp", data)
    before = b""
    while piece := file.read(_PIECE):
        whole = before + piece
        for found in _EXIF.finditer(whole):
            yield "exif", whole[found.start() : found.start() + _LONGEST_EXIF]
        before = piece[-_LONGEST_EXIF:]


def _of_png(file: IO[bytes]) -> Iterator[Metadata]:
    """Yield the metadata of a PNG file, also those after the picture."""
    file.seek(8)
    while len(head := file.read(8)) == 8:
        size, kind = int.from_bytes(head[:4]), head[4:]
        if kind not in (b"eXIf", b"iTXt", b"tEXt", b"zTXt") or size > _MOST_METADATA:
            file.seek(size + 4, SEEK_CUR)
            continue
        data = file.read(size)
        file.seek(4, SEEK_CUR)  # its checksum
        if kind == b"eXIf":
            yield "exif", data
            continue
        keyword, _, text = data.partition(b"\0")
        if kind == b"zTXt":
            text = _unpacked(text[1:])
        elif kind == b"iTXt":
            is_packed = text[:1] == b"\1"
            text = text[2:].split(b"\0", 2)[-1]
            text = _unpacked(text) if is_packed else text
        if keyword.startswith(b"Raw profile type "):  # how older programs write them: as hexadecimal digits
            text = _from_digits(text.strip().split(b"\n", 2)[-1])
            yield ("exif", text) if _EXIF.match(text) else ("xmp", text)
        else:
            yield "xmp", text


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST_METADATA)
    except zlib.error:
        return b""


def _from_digits(text: bytes) -> bytes:
    digits = re.sub(rb"\s", b"", text)
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return b""


def _of_webp(file: IO[bytes]) -> Iterator[Metadata]:
    """Yield the metadata of a WebP file."""
    file.seek(12)
    while len(head := file.read(8)) == 8:
        size, kind = int.from_bytes(head[4:], "little"), head[:4]
        if kind in (b"EXIF", b"XMP ") and size <= _MOST_METADATA:
            data = file.read(size)
            file.seek(size % 2, SEEK_CUR)
            yield ("exif", data) if kind == b"EXIF" else ("xmp", data)
        else:
            file.seek(size + size % 2, SEEK_CUR)


def _within_reason(all_metadata: Iterator[Metadata]) -> Iterator[Metadata]:
    """Yield metadata until there are more than any camera or program writes, which could take unlimited time."""
    left = _MOST_METADATA
    for each in islice(all_metadata, _MOST_BLOCKS):
        yield each
        left -= len(each[1])
        if left < 0:
            return


def _nothing(_: IO[bytes]) -> Iterator[Metadata]:
    return iter(())


_METADATA = {"JPEG": _of_jpeg, "PNG": _of_png, "WebP": _of_webp}


def _told(kind: str, data: bytes) -> tuple[bool, bool]:
    """Return whether metadata name a place, and whether they name a camera or its owner."""
    if kind == "xmp":
        text = data.replace(b"\0", b"")  # so that UTF-16 is read, too
        return bool(_XMP_PLACE.search(text)), bool(_XMP_CAMERA.search(text))
    from PIL import Image

    exif = Image.Exif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damage, in what is not needed
            exif.load(data)
            tags: dict[int, Any] = {**exif, **exif.get_ifd(_MORE)}
            places = exif.get_ifd(_GPS)
    except Exception:  # as above
        return False, False
    return any(_says(places.get(tag)) for tag in _PLACES), any(_says(tags.get(tag)) for tag in _CAMERAS)


def _says(value: Any) -> bool:
    """Return whether a value is more than the blanks or zeros that some cameras write in place of one."""
    parts = value if isinstance(value, tuple) else (value,)
    return any(bool(each.strip("\0 ") if isinstance(each, str) else each) for each in parts)
