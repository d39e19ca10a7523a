"""Which files beside a deck are of no use to it, or to another deck in the folder."""

import os
from pathlib import Path

import pytest

from cuedeck.media.listing import files_beside, unused

OTHER = r"""
q: ![](media/one.png) and ![a slide](<media/my slide (2).png>), see media/last.jpg.
a: ![](media/größe.gif) ![](media/two-three.mp3)
"""
# The name of a file, and whether another deck may use it.
NAMES = {
    "one.png": True,
    "my slide (2).png": True,
    "last.jpg": True,
    "größe.gif": True,
    "two-three.mp3": True,
    "ne.png": False,
    "slide (2).png": True,
    "my slide (3).png": False,
    "my media.png": False,
    "three.mp3": False,
    "(2).png": True,
}


@pytest.mark.parametrize(("name", "is_used"), NAMES.items(), ids=[*NAMES])
def test_what_another_deck_may_use_is_left_to_it(tmp_path: Path, name: str, is_used: bool) -> None:
    """Rather one file too many is kept than one too few."""
    (tmp_path / "cards.yaml").write_text("", encoding="utf-8")
    (tmp_path / "other.yaml").write_text(OTHER, encoding="utf-8")
    left = unused([f"media/{name}", "media/mine.png"], {"media/mine.png"}, tmp_path / "cards.yaml")
    assert left == ([] if is_used else [f"media/{name}"])


@pytest.mark.parametrize("path", ["slides/*.yaml", "slides/1.yaml"])
def test_what_a_part_of_another_deck_may_use_is_left_to_it(tmp_path: Path, path: str) -> None:
    """The other deck names its parts; a file in another folder is none of it."""
    (tmp_path / "cards.yaml").write_text("", encoding="utf-8")
    (tmp_path / "other.yaml").write_text(f"deck: {{parts: [{path}, ../x/*.yaml, a/**/b.yaml]}}", encoding="utf-8")
    for folder, name in (("slides", "one.png"), ("drafts", "two.png")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1.yaml").write_text(f"q: ![](media/{name})", encoding="utf-8")
    assert unused(["media/one.png", "media/two.png"], set(), tmp_path / "cards.yaml") == ["media/two.png"]


@pytest.mark.hostile
@pytest.mark.skipif(os.name == "nt", reason="links need special permission there")
def test_a_link_that_leads_nowhere_is_a_file(tmp_path: Path) -> None:
    """Even if it leads back to itself, which the system reports as an error."""
    for folder in ("media", "slides"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "loop.png").symlink_to("loop.png")
        (tmp_path / folder / "gone.png").symlink_to("nothing.png")
    loops = [f"{folder}/{name}.png" for folder in ("media", "slides") for name in ("gone", "loop")]
    assert files_beside(tmp_path, ["slides/loop.png"]) == loops
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert unused(loops, set(), tmp_path / "cards.yaml") == loops
