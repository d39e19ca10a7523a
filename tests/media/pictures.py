"""Pictures that say where they were taken or with whose camera, in each place where programs write that."""

import zlib
from io import BytesIO
from typing import Any

from PIL import Image

GPS, MORE = 0x8825, 0x8769
PLACE = {1: "N", 2: (47.0, 30.0, 0.0), 3: "E", 4: (8.0, 30.0, 0.0)}
SERIAL = {0xA431: "12345"}


def exif(place: dict[int, Any] | None = None, camera: dict[int, Any] | None = None) -> bytes:
    """Return EXIF data with an orientation, and with these tags on the place and the camera."""
    made = Image.Exif()
    made[0x0112] = 6
    made[GPS] = place or {}
    made[MORE] = camera or {}
    return made.tobytes()


def xmp(words: str) -> bytes:
    """Return XMP data with some attributes."""
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description {words}/></x:xmpmeta>'.encode()


def picture(ending: str, size: tuple[int, int] = (4, 3), **saved: Any) -> bytes:
    """Return a picture in the format of an ending."""
    file = BytesIO()
    Image.new("RGB", size, (80, 140, 60)).save(file, "JPEG" if ending == "jpg" else ending, **saved)
    return file.getvalue()


def with_segment(jpeg: bytes, data: bytes) -> bytes:
    """Return a JPEG file with a segment of metadata before all others."""
    return jpeg[:2] + b"\xff\xff\xe1" + (len(data) + 2).to_bytes(2) + data + jpeg[2:]


def with_chunk(png: bytes, kind: bytes, data: bytes, at_end: bool = False) -> bytes:
    """Return a PNG file with a chunk after its head, or after the picture."""
    place = len(png) - 12 if at_end else 33
    chunk = len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
    return png[:place] + chunk + png[place:]


def profile(name: bytes, data: bytes) -> bytes:
    """Return the text of a PNG file in which older programs write metadata."""
    digits = data.hex().encode()
    return b"Raw profile type " + name + b"\0\0" + zlib.compress(b"\n" + name + b"\n  %d\n" % len(data) + digits)
