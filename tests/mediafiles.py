"""Pictures and sounds for the examples: those in a folder of the repository, and some that are too large for that."""

import os
import shutil
from pathlib import Path

from tests.making import ROOT
from tests.pictures import FRAMES_PER_SECOND, mp3

FILES = ROOT / "tests" / "examples" / "media"
LARGE = {"whole-song.mp3": 1_200_000, "whole-dawn.mp3": 51_000_000}
"""Sounds that are only made when they are needed, with their sizes in bytes."""
LONG = {"long-word.mp3": 31, "short-song.mp3": 30}
"""Sounds that are only made when they are needed, with their lengths in seconds."""


def put_files(text: str, folder: Path) -> None:
    """Put the pictures and sounds that a text names into `media/` in a folder, whatever the case of their letters."""
    named = text.lower()
    media = folder / "media"
    for file in FILES.iterdir():
        if file.name in named:
            media.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, media / file.name)
    for name, seconds in LONG.items():
        if name in named:
            media.mkdir(parents=True, exist_ok=True)
            (media / name).write_bytes(mp3(seconds * FRAMES_PER_SECOND))
    for name, size in LARGE.items():
        if name in named:
            media.mkdir(parents=True, exist_ok=True)
            (media / name).write_bytes(b"ID3\3")
            os.truncate(media / name, size)
