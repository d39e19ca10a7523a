"""How long sounds play, as their headers say it."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.media.lengths import seconds_of
from tests.pictures import mp3


def frames(head: str, size: int, count: int) -> bytes:
    """Return frames of MPEG layer III with this head and this size in bytes."""
    return (bytes.fromhex(head) + bytes(size - 4)) * count


def film(seconds: int, wide: bool = False) -> bytes:
    """Return the beginning of an M4A file with the length of its film, in 32 bits or in 64."""
    numbers = struct.pack(">QQIQ" if wide else ">IIII", 0, 0, 1000, seconds * 1000)
    return b"\0\0\0\x1cftypM4A " + bytes(16) + b"\0\0\0\x6cmvhd" + bytes([wide, 0, 0, 0]) + numbers


# Bytes, and their length in seconds. Frames have the sizes that ffmpeg writes.
SOUNDS = {
    "128 kbit/s, 44.1 kHz": (mp3(100), 2.612),
    "64 kbit/s, 44.1 kHz, with padding": (frames("fffb52c4", 209, 50) + frames("fffb50c4", 208, 50), 2.612),
    "128 kbit/s, 48 kHz": (frames("fffb9464", 384, 100), 2.4),
    "32 kbit/s, 22.05 kHz": (frames("fff340c4", 104, 100), 2.612),
    "16 kbit/s, 11.025 kHz": (frames("ffe320c4", 104, 100), 5.224),
    "bit rates that change": (mp3(50) + frames("fffb50c4", 208, 50), 2.612),
    "a tag before it": (b"ID3\4\0\0\0\0\1\2" + b"\xff\xfb\x90\x64" * 32 + b"xx" + mp3(100), 2.612),
    "two tags before it": (b"ID3\4\0\0\0\0\0\0" * 2 + mp3(100), 2.612),
    "a tag after it": (mp3(100) + b"TAG" + bytes(125), 2.612),
    "something else between two frames": (mp3(50) + b"noise" * 9 + mp3(50), 2.612),
    "only a tag": (b"ID3\3", 0),
    "half a head": (b"\xff\xfb", 0),
    "other layers": (b"\xff\xfd\x90\x64" * 9, 0),
    "no bit rate": (b"\xff\xfb\x00\x64" * 9, 0),
    "a forbidden bit rate": (b"\xff\xfb\xf0\x64" * 9, 0),
    "a forbidden version": (b"\xff\xeb\x90\x64" * 9, 0),
    "a forbidden sample rate": (b"\xff\xfb\x9c\x64" * 9, 0),
}
FILMS = {
    "32 bits": (film(42), 42),
    "64 bits": (film(42, wide=True), 42),
    "no film": (film(42)[:20], 0),
    "half of one": (film(42)[:50], 0),
    "no scale": (film(42).replace(struct.pack(">I", 1000), bytes(4)), 0),
}


@pytest.mark.parametrize(("data", "seconds"), SOUNDS.values(), ids=[*SOUNDS])
def test_the_length_of_an_mp3_file(data: bytes, seconds: float) -> None:
    """Each frame says its own length."""
    assert seconds_of(data, "media/a.MP3") == pytest.approx(seconds, abs=0.001)


@pytest.mark.parametrize(("data", "seconds"), FILMS.values(), ids=[*FILMS])
def test_the_length_of_an_m4a_file(data: bytes, seconds: float) -> None:
    """The header of the film says it."""
    assert seconds_of(data, "media/a.m4a") == seconds


@given(data=st.binary(max_size=300), name=st.sampled_from(["a.mp3", "a.m4a"]))
def test_any_bytes_have_a_length(data: bytes, name: str) -> None:
    """Damage never ends in an error."""
    assert seconds_of(data, name) >= 0
