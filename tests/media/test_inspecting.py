"""What pictures say about themselves is found wherever it is, and no damaged picture is decoded or fails otherwise."""

import contextlib
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.media.inspecting import MOST_PIXELS, Inspected, inspect_opened
from cuedeck.problems import TextError
from tests.media.pictures import PLACE, SERIAL, exif, picture, profile, with_chunk, with_segment, xmp
from tests.mediafiles import FILES

PLACED = xmp('exif:GPSLatitude="47,30N" exif:GPSLongitude="8,30E"')
JPG, PNG, WEBP = (picture(ending) for ending in ("jpg", "png", "webp"))
XMP_IN_JPG = b"http://ns.adobe.com/xap/1.0/\0"
XMP_IN_PNG = b"XML:com.adobe.xmp\0"


def seen(ending: str, data: bytes) -> Inspected:
    return inspect_opened(BytesIO(data), f"media/it.{ending}")


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "gif"])
def test_the_size_of_a_picture_is_found(ending: str) -> None:
    """Its width comes first. A plain picture says nothing else."""
    assert seen(ending, picture(ending, (30, 20))) == Inspected(30, 20)


@pytest.mark.parametrize("saved", [{"lossless": True}, {"quality": 50}, {"exif": exif()}, {"icc_profile": b"none"}])
def test_the_size_of_each_kind_of_webp_is_found(saved: dict[str, object]) -> None:
    """Its head differs with and without loss, and with metadata."""
    assert seen("webp", picture("webp", (30, 20), **saved)) == Inspected(30, 20)


WITH_PLACE = {
    "exif in jpg": ("jpg", picture("jpg", exif=exif(PLACE))),
    "exif in png": ("png", picture("png", exif=exif(PLACE))),
    "exif in webp": ("webp", picture("webp", exif=exif(PLACE))),
    "exif after the picture": ("png", with_chunk(PNG, b"eXIf", exif(PLACE)[6:], at_end=True)),
    "exif in a second picture": ("jpg", JPG + picture("jpg", exif=exif(PLACE))),
    "exif as digits": ("png", with_chunk(PNG, b"zTXt", profile(b"exif", exif(PLACE)))),
    "only the longitude": ("jpg", picture("jpg", exif=exif({3: "W", 4: (0.0, 7.0, 0.0)}))),
    "xmp in jpg": ("jpg", with_segment(JPG, XMP_IN_JPG + PLACED)),
    "xmp in png": ("png", with_chunk(PNG, b"iTXt", XMP_IN_PNG + b"\0\0\0\0" + PLACED)),
    "xmp after the picture": ("png", with_chunk(PNG, b"iTXt", XMP_IN_PNG + b"\0\0\0\0" + PLACED, at_end=True)),
    "xmp compressed": ("png", with_chunk(PNG, b"iTXt", XMP_IN_PNG + b"\1\0\0\0" + zlib.compress(PLACED))),
    "xmp as digits": ("png", with_chunk(PNG, b"zTXt", profile(b"xmp", PLACED))),
    "xmp in webp": ("webp", picture("webp", xmp=PLACED)),
    "xmp in utf-16": ("jpg", with_segment(JPG, XMP_IN_JPG + PLACED.decode().encode("utf-16-be"))),
    "xmp as an element": (
        "jpg",
        with_segment(JPG, XMP_IN_JPG + b"<exif:GPSLatitude>47,30N</exif:GPSLatitude>"),
    ),
}
WITH_CAMERA = {
    "serial number": ("jpg", picture("jpg", exif=exif(camera=SERIAL))),
    "owner": ("webp", picture("webp", exif=exif(camera={0xA430: "A. Owner"}))),
    "lens": ("png", picture("png", exif=exif(camera={0xA435: "7"}))),
    "xmp": ("jpg", with_segment(JPG, XMP_IN_JPG + xmp('aux:SerialNumber="12"'))),
    "owner in xmp": ("png", with_chunk(PNG, b"iTXt", XMP_IN_PNG + b"\0\0\0\0" + xmp("aux:OwnerName='A. Owner'"))),
}
WITH_NEITHER = {
    "orientation": ("jpg", picture("jpg", exif=exif())),
    "only the version of the tags": ("jpg", picture("jpg", exif=exif({0: b"\2\3\0\0"}))),
    "zeros": ("jpg", picture("jpg", exif=exif({2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}, {0xA431: "   "}))),
    "empty xmp": ("jpg", with_segment(JPG, XMP_IN_JPG + xmp('exif:GPSLatitude="" aux:SerialNumber=" "'))),
    "a comment": ("png", with_chunk(PNG, b"tEXt", b"Comment\0GPSLatitude is not here")),
    "broken digits": ("png", with_chunk(PNG, b"zTXt", profile(b"exif", exif(PLACE))[:40])),
    "broken exif": ("jpg", with_segment(JPG, b"Exif\0\0MM\0*\xff\xff\xff\xff")),
}


@pytest.mark.parametrize(("ending", "data"), WITH_PLACE.values(), ids=list(WITH_PLACE))
def test_a_place_is_found(ending: str, data: bytes) -> None:
    """It may be in any of these forms, before or after the picture."""
    found = seen(ending, data)
    assert (found.has_place, found.has_camera) == (True, False)
    assert (found.is_personal, found.told) == (True, "says where it was taken")


@pytest.mark.parametrize(("ending", "data"), WITH_CAMERA.values(), ids=list(WITH_CAMERA))
def test_a_camera_is_found(ending: str, data: bytes) -> None:
    """Its number or its owner may be named in these forms."""
    found = seen(ending, data)
    assert (found.has_place, found.has_camera) == (False, True)
    assert found.told == "names the owner or the number of the camera"


@pytest.mark.parametrize(("ending", "data"), WITH_NEITHER.values(), ids=list(WITH_NEITHER))
def test_nothing_is_found_where_nothing_is_said(ending: str, data: bytes) -> None:
    """Other metadata, empty values and damage are no place and no camera."""
    assert not seen(ending, data).is_personal


def test_both_are_told_in_one_sentence() -> None:
    """The place comes first."""
    found = seen("jpg", picture("jpg", exif=exif(PLACE, SERIAL)))
    assert found.told == "says where it was taken and names the owner or the number of the camera"


def size_in_png(width: int, height: int) -> bytes:
    """Return a small PNG file whose head claims a size."""
    head = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\1\0\0\0\0"
    return PNG[:12] + head + zlib.crc32(head).to_bytes(4) + PNG[33:]


def size_in_webp(width: int, height: int) -> bytes:
    data = picture("webp", exif=exif())
    return data[:24] + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + data[30:]


@pytest.mark.parametrize(
    ("ending", "data"),
    [
        ("png", size_in_png(30_000, 30_000)),
        ("png", size_in_png(2**31 - 1, 2**31 - 1)),
        ("png", size_in_png(13_400, 13_300)),
        ("webp", size_in_webp(2**24, 255)),
        ("gif", b"GIF89a\xff\xff\xff\xff" + picture("gif")[10:]),
    ],
)
def test_a_picture_that_would_unpack_to_gigabytes_is_refused(ending: str, data: bytes) -> None:
    """Only its head is read, and the message says how many pixels there may be."""
    with pytest.raises(TextError) as refused:
        seen(ending, data)
    assert (refused.value.rule, refused.value.message) == (
        "media-too-large",
        f'"media/it.{ending}" has more than {MOST_PIXELS // 1_000_000} megapixels, which no device can show',
    )


# An IFD that claims to have as many entries as it can, and its text in some of them.
_LONG_EXIF = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x0f\1\2\0\5\0\0\0\0\0\0\0" * 5
ENDLESS = {
    "pictures": ("jpg", JPG + _LONG_EXIF * 50_000),
    "bombs": (
        "png",
        PNG[:-12] + with_chunk(PNG, b"zTXt", b"a\0\0" + zlib.compress(bytes(16_000_000), 9))[33:-12] * 300,
    ),
    "digits": ("png", PNG[:-12] + with_chunk(PNG, b"zTXt", profile(b"exif", bytes(4_000_000)))[33:-12] * 300),
    "blocks": ("webp", WEBP + (b"XMP \4\0\0\0" + b"GPSL") * 300_000),
}


@pytest.mark.hostile
@pytest.mark.parametrize("name", ENDLESS)
def test_endless_metadata_end(name: str) -> None:
    """However many there are, a picture takes no more than a few seconds, and no more memory than one of them."""
    found = seen(*ENDLESS[name])
    assert not (found.has_place)
    assert not (found.has_camera)


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "gif"])
def test_half_a_head_is_damage(ending: str) -> None:
    """A file that only begins in the right way is refused in words."""
    with pytest.raises(TextError) as refused:
        seen(ending, picture(ending)[:14])
    assert refused.value.rule == "media-format"
    assert "is damaged: it begins like a" in refused.value.message


@pytest.mark.parametrize("end", [b"", b"\xff", b"\xff\xff"])
def test_a_jpg_that_was_cut_within_a_mark(end: bytes) -> None:
    """There is nothing after that mark, and the size was before it."""
    assert seen("jpg", picture("jpg", (30, 20)).partition(b"\xff\xda")[0] + end) == Inspected(30, 20)


ODD = [
    ("jpg", picture("jpg", exif=exif(PLACE))),
    ("webp", picture("webp", exif=exif(PLACE), xmp=PLACED)),
    ("png", picture("png", exif=exif(PLACE))),
    ("gif", picture("gif")),
    WITH_PLACE["xmp compressed"],
]


@given(
    st.sampled_from(ODD),
    st.lists(st.tuples(st.integers(4, 1000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=5),
    st.integers(8, 2000),
)
def test_no_damage_is_too_odd(kind: tuple[str, bytes], changes: list[tuple[int, bytes]], length: int) -> None:
    """Whatever the bytes after the first few are, the answer is what was found, or a message."""
    ending, data = kind
    for place, written in changes:
        place %= len(data)
        data = data[:place] + written + data[place + len(written) :]
    with contextlib.suppress(TextError):
        assert isinstance(seen(ending, data[:length]), Inspected)


@pytest.mark.parametrize("name", ["arrows.png", "dot.gif", "dot.webp", "field.jpg"])
def test_a_file_is_not_changed(name: str, tmp_path: Path) -> None:
    """It is only opened for reading, and stays open for the caller."""
    with (FILES / name).open("rb") as file:
        inspect_opened(file, name)
        file.seek(0)
        assert file.read() == (FILES / name).read_bytes()
