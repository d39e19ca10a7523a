"""Which cards the manual shows as pictures, and of which examples.

A picture right below a `yaml` block is one of the card that the block makes, and `make pictures` takes it. Its file
also contains the text of the block, by which a test finds pictures whose examples were edited later.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.docs.manual import PAGES

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COMMENT = b"Comment\0\0\0\0\0"  # neither compressed nor in a named language
_PARSER = MarkdownIt("commonmark")
_PIXEL = 4  # bytes: red, green, blue, and how opaque


@dataclass(frozen=True)
class CardPicture:
    """A picture of a card: its file, and the piece of a cards.yaml that the card is made from."""

    file: Path
    example: str


def card_pictures() -> Iterator[CardPicture]:
    """Yield the pictures of cards in the manual, page by page."""
    for page in PAGES:
        tokens = _PARSER.parse(page.read_text(encoding="utf-8"))
        for block, picture in zip(tokens, tokens[2:], strict=False):  # between them a paragraph begins
            if block.type == "fence" and block.info == "yaml" and (name := _only_picture(picture)):
                yield CardPicture((page.parent / name).resolve(), block.content)


def _only_picture(token: Token) -> str:
    """Return what the only picture of a paragraph leads to; "" if the paragraph has anything else in it."""
    children = token.children or []
    return str(children[0].attrs["src"]) if [child.type for child in children] == ["image"] else ""


def example_in(png: bytes) -> str:
    """Return the example that a picture was taken of; "" if it does not say."""
    at = len(_SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        data = png[at + 8 : at + 8 + length]
        if kind == b"iTXt" and data.startswith(_COMMENT):
            return data.removeprefix(_COMMENT).decode()
        at += length + 12
    return ""


def small_png(width: int, pixels: bytes, example: str) -> bytes:
    """Return a picture that says which example it was taken of. `pixels` has four bytes for each.

    To make the file small, colours that can hardly be told apart become the most frequent of them.
    """
    each = [pixels[at : at + _PIXEL - 1] for at in range(0, len(pixels), _PIXEL)]
    kept: dict[bytes, bytes] = {}
    for colour, _ in Counter(each).most_common():
        kept.setdefault(_about(colour), colour)
    palette = sorted(set(kept.values()))
    numbers = {about: palette.index(colour) for about, colour in kept.items()}
    shown = bytes(numbers[_about(colour)] for colour in each)
    lines = b"".join(b"\0" + shown[at : at + width] for at in range(0, len(shown), width))
    head = struct.pack(">IIBBBBB", width, len(shown) // width, 8, 3, 0, 0, 0)
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", head),
            (b"PLTE", b"".join(palette)),
            (b"iTXt", _COMMENT + example.encode()),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
    )


def _about(colour: bytes) -> bytes:
    return bytes(value >> 4 for value in colour)
