"""Files of a deck that change while a command runs."""

import os
import unicodedata
from pathlib import Path

import pytest

from cuedeck.media.digests import Digests
from cuedeck.media.files import MediaFile, MediaFolder
from cuedeck.problems import TextError
from tests.pictures import drawing, photo, put

LAKE = "media/lake.png"


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    """The folder of a deck with one picture."""
    put(tmp_path, lake_png=photo(8, 6))
    return MediaFolder(tmp_path, Digests())


def rewritten(path: Path, data: bytes) -> None:
    """Write a file again, later than before even on a disk with a coarse clock."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_bytes(data)
    os.utime(path, ns=(before + 10**10, before + 10**10))


def test_what_was_looked_for_is_watched(media: MediaFolder, tmp_path: Path) -> None:
    """A file that is written again, a missing one that appears, and one that vanishes; no other file matters."""
    lake, other = tmp_path / LAKE, tmp_path / "media/other.png"
    assert not media.has_changed()
    media.find(LAKE)
    rewritten(other, drawing(3, 3))
    assert not media.has_changed()
    rewritten(lake, photo(8, 6, blue=100))
    assert media.has_changed()

    again = MediaFolder(tmp_path, media.digests)
    assert found(again).sha256 != found(media).sha256
    with pytest.raises(TextError):
        again.find("media/late.png")
    assert not again.has_changed()
    rewritten(tmp_path / "media/late.png", drawing(3, 3))
    assert again.has_changed()

    last = MediaFolder(tmp_path, media.digests)
    last.find(LAKE)
    lake.unlink()
    assert last.has_changed()


def found(media: MediaFolder) -> MediaFile:
    return media.find(LAKE)


@pytest.mark.parametrize("path", ["https://example.org/a.png", "../a.png", "a\0.png", "x" * 5000 + ".png", "media", ""])
def test_a_path_that_is_refused_can_be_watched(media: MediaFolder, path: str) -> None:
    """Whatever an author writes."""
    with pytest.raises(TextError):
        media.find(path)
    assert not media.has_changed()


def test_a_file_is_watched_under_either_form_of_its_name(tmp_path: Path) -> None:
    """Systems differ in how they write letters with marks."""
    name = "größe.png"
    rewritten(tmp_path / unicodedata.normalize("NFD", name), photo(3, 3))
    media = MediaFolder(tmp_path, Digests())
    media.find(unicodedata.normalize("NFC", name))
    rewritten(tmp_path / unicodedata.normalize("NFD", name), photo(3, 3, blue=1))
    assert media.has_changed()
