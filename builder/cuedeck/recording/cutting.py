"""Cut passages out of a recording: the only module that runs ffmpeg.

ffmpeg opens whatever it can, playlists included, which may name other files or addresses. A recording may come from
anyone, so it is opened only as one of the ordinary formats, and only as a file.
"""

import os
import subprocess
from pathlib import Path

from cuedeck.disk.programs import folders_of_programs, program_path
from cuedeck.media.kinds import FORMATS, HEAD
from cuedeck.problems import TextError, stop
from cuedeck.recording.passages import Passage
from cuedeck.wording import how_to_install

_TIMEOUT = 600
"""How long one passage may take, in seconds: some recordings have to be read from their start."""

_NO_STREAM = b"matches no streams"  # what ffmpeg says of "-map" if there is no stream of that kind

_FORMATS = "aac,aiff,amr,asf,avi,caf,flac,flv,m4a,matroska,mov,mp3,mp4,mpeg,mpegts,ogg,w64,wav,webm"
# Speech in one channel: five kilobytes a second.
_ENCODED = ("-ac", "1", "-ar", "24000", "-c:a", "libmp3lame", "-b:a", "40k")
# No tags, and nothing else that says when, where or by which version it was made. Without an index, which a rate that
# never changes does not need, the file can be written to a pipe.
_BARE = (
    *("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"),
    *("-id3v2_version", "0", "-write_xing", "0"),
)


class NothingThereError(TextError):
    """The recording can be cut, but has no sound in a passage: it is the moment that is wrong."""


def find_ffmpeg() -> str:
    """Return the path of ffmpeg, that of the system or else of `imageio-ffmpeg`. Raises `Problems` if there is none."""
    if path := program_path("ffmpeg"):
        return path
    try:
        import imageio_ffmpeg  # here because only this needs it

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        stop(
            "cuedeck clips",
            "not-installed",
            "ffmpeg, the program that cuts passages out of a recording, is not installed",
            "install it with the package manager of your system, or from https://ffmpeg.org/download.html; or as a "
            f"library of Python: {how_to_install('imageio-ffmpeg')}",
        )


def cut(ffmpeg: str, recording: Path, passage: Passage) -> bytes:
    """Return a passage of a recording as MP3, in one channel. Raises TextError with the reason why that failed."""
    words = [
        *(ffmpeg, "-nostdin", "-hide_banner", "-v", "error"),
        *("-protocol_whitelist", "file", "-format_whitelist", _FORMATS),
        *("-ss", str(passage.start), "-t", str(passage.length), "-i", f"file:{os.path.realpath(recording)}"),
        *("-map", "0:a:0", *_ENCODED, *_BARE, "-f", "mp3", "pipe:1"),
    ]
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, env=_environment(), timeout=_TIMEOUT
        )
    except subprocess.TimeoutExpired:
        raise _failed(f"it did not end within {_TIMEOUT} seconds") from None
    except OSError as error:
        raise _failed(f"{ffmpeg} cannot be run: {error.strerror}") from None
    if _NO_STREAM in done.stderr:
        raise TextError("the recording has no sound at all", "name a file with the sound of the recording")
    if done.returncode != 0:
        raise _failed(_last_line(done.stderr) or f"it ended with {done.returncode}")
    if not FORMATS["mp3"].begins.match(done.stdout[:HEAD]):
        raise NothingThereError(
            "the recording has no sound there",
            "correct the moment; if the recording was cut, name the one that the moments belong to",
        )
    return done.stdout


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP", "TMPDIR") if name in os.environ}
    return {**kept, "PATH": os.pathsep.join(folders_of_programs()), "LC_ALL": "C"}


def _last_line(stderr: bytes) -> str:
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _failed(reason: str) -> TextError:
    return TextError(
        f"ffmpeg cannot cut the passage: {reason}",
        "play the file to see whether it is whole; if it is, save it as MP4 or MP3",
    )
