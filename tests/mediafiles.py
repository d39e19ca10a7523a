"""Files for the examples: pictures, sounds and transcripts of the repository, and some that are too large for it."""

import os
import shutil
from pathlib import Path

from tests.making import ROOT
from tests.pictures import FRAMES_PER_SECOND, mp3

FILES = ROOT / "tests" / "examples" / "media"
TRANSCRIPTS = ROOT / "tests" / "examples" / "transcripts"
LARGE = {"whole-song.mp3": 1_200_000, "whole-dawn.mp3": 51_000_000}
"""Sounds that are only made when they are needed, with their sizes in bytes."""
LONG = {"long-word.mp3": 31, "short-song.mp3": 30}
"""Sounds that are only made when they are needed, with their lengths in seconds."""


def put_files(text: str, folder: Path) -> None:
    """Put the files that a text names into a folder, pictures and sounds whatever the case of their letters."""
    named = text.lower()
    if "transcripts/" in named:
        shutil.copytree(TRANSCRIPTS, folder / "transcripts", dirs_exist_ok=True)
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
