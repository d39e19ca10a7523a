"""Recordings in which every second sounds different, and what is heard in a piece cut out of one."""

import math
import os
import shutil
import subprocess
import wave
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

_RATE = 8000
_LOWEST, _STEP = 300, 40  # hertz


def needed_ffmpeg() -> str:
    """Return the path of ffmpeg. If there is none, the test that asks for it is skipped, or fails if CI is set."""
    path = shutil.which("ffmpeg")
    if path is None and not os.environ.get("CI"):
        pytest.skip("ffmpeg is missing")
    assert path, "ffmpeg is missing"
    return path


def recording(path: Path, seconds: int) -> Path:
    """Write a recording as a WAV file, whatever its name ends with: the tone of each second is higher than before."""
    samples = array("h")
    for second in range(seconds):
        hertz = _LOWEST + _STEP * (second % 60)
        samples.extend(int(12_000 * math.sin(2 * math.pi * hertz * at / _RATE)) for at in range(_RATE))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())
    return path


def seconds_in(sound: bytes) -> list[int]:
    """Return which seconds of a recording, none past its first minute, are heard in a piece of it, in their order."""
    words = [needed_ffmpeg(), "-v", "error", "-i", "pipe:0", "-ac", "1", "-ar", str(_RATE), "-f", "s16le", "pipe:1"]
    heard = array("h", subprocess.run(words, input=sound, capture_output=True, check=True).stdout)
    found = []
    # In the middle of each second, since an encoder shifts the sound by some milliseconds.
    for start in range(_RATE // 4, len(heard) - _RATE // 2, _RATE):
        piece = heard[start : start + _RATE // 2]
        waves = sum(before < 0 <= after for before, after in pairwise(piece))
        found.append(round((2 * waves - _LOWEST) / _STEP))
    return found
