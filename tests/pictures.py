"""Real pictures and sounds, made here byte by byte, for the tests of what shows or plays them."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from cuedeck.media.digests import sha256_of

Pixel = Callable[[int, int], tuple[int, int, int, int]]
"""Returns the colour at a place from the left and the top: red, green, blue and opacity, each from 0 to 255."""


def png(width: int, height: int, pixel: Pixel) -> bytes:
    """Return a picture as PNG."""
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def photo(width: int, height: int, blue: int = 200) -> bytes:
    """Return a picture without a transparent place."""
    return png(width, height, lambda x, y: (40 + x % 40, 90 + y % 40, blue, 255))


def drawing(width: int, height: int) -> bytes:
    """Return a black cross on a transparent ground."""
    return png(width, height, lambda x, y: (0, 0, 0, 255 if x == width // 2 or y == height // 2 else 0))


# A frame of MPEG layer III (128 kbit/s, 44.1 kHz) without any sound in it takes 26 ms.
_FRAME = b"\xff\xfb\x90\x64" + bytes(413)
FRAMES_PER_SECOND = 38


def mp3(frames: int = 40) -> bytes:
    """Return silence, a second of it."""
    return _FRAME * frames


def put(folder: Path, **files: bytes) -> None:
    """Write files into the folder `media` of a deck: `lake_png=...` becomes media/lake.png."""
    (folder / "media").mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / "media" / name.replace("_", ".")).write_bytes(data)


def name_of(path: Path) -> str:
    """Return the name that a file gets in Anki."""
    return f"cuedeck-{sha256_of(path)[:16]}{path.suffix}"
