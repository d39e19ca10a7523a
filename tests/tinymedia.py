"""Pictures and sounds as small as can be, with some words in them to tell them apart.

A PNG is a real one of a single pixel. Of the other formats, there are only the first bytes, by which they are known.
"""

from pathlib import Path

from tests.pictures import photo

BEGINNINGS = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "gif": b"GIF89a",
    "webp": b"RIFF\x00\x00\x00\x00WEBP",
    "mp3": b"ID3\x04",
    "m4a": b"\x00\x00\x00\x20ftypM4A ",
}
"""What the files of each format begin with, by their endings."""


def file(ending: str, words: str = "") -> bytes:
    """Return the bytes of a file of a format; other words make other bytes."""
    return (photo(1, 1) if ending == "png" else BEGINNINGS[ending]) + words.encode()


def put(folder: Path, **words: str) -> None:
    """Write a picture for each name, with these words as its bytes; "_" before the last part is the dot of its ending.

    For example, `put(folder, slide_png="first")` writes media/slide.png.
    """
    media = folder / "media"
    media.mkdir(parents=True, exist_ok=True)
    for name, said in words.items():
        stem, _, ending = name.rpartition("_")
        (media / f"{stem}.{ending}").write_bytes(file(ending, said))
