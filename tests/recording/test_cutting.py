"""ffmpeg cuts exactly what was asked for, and opens nothing but the recording."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cuedeck.problems import Problems, TextError
from cuedeck.recording import cutting
from cuedeck.recording.cutting import cut, find_ffmpeg
from cuedeck.recording.passages import Passage
from tests.recordings import needed_ffmpeg, recording, seconds_in


@pytest.mark.parametrize("name", ["talk.wav", "-i talk one.wav", 'a\'b "c" $(touch x) %d.wav', "file:talk.wav"])
def test_the_passage_is_heard_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whatever the file is called, and in which folder the command runs."""
    monkeypatch.chdir(tmp_path)
    sound = cut(needed_ffmpeg(), recording(Path(name), 20), Passage(5, 4))
    assert seconds_in(sound) == [5, 6, 7, 8]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_same_passage_has_the_same_bytes(tmp_path: Path) -> None:
    """They contain nothing but sound: no name, no time, no version of the program."""
    talk = recording(tmp_path / "talk.wav", 10)
    first = cut(needed_ffmpeg(), talk, Passage(2, 3))
    assert cut(needed_ffmpeg(), talk, Passage(2, 3)) == first
    assert not any(word in first for word in (b"ID3", b"TAG", b"Lavf", b"Lavc"))
    assert len(first) < 3.2 * 5000


def test_a_passage_past_the_end_is_reported(tmp_path: Path) -> None:
    """The moment belongs to another cut of the recording."""
    with pytest.raises(TextError, match="the recording has no sound there"):
        cut(needed_ffmpeg(), recording(tmp_path / "talk.wav", 3), Passage(10, 5))


LISTS = {
    "ffconcat": "ffconcat version 1.0\nfile 'secret.wav'\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.wav\n#EXT-X-ENDLIST\n",
    "remote": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/secret.wav\n#EXT-X-ENDLIST\n",
    "words": "This is not a recording.\n",
    "nothing": "",
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_a_list_of_other_files_is_not_followed(tmp_path: Path, text: str) -> None:
    """A recording may come from anyone, and such a list would put another file of the author's into the deck."""
    recording(tmp_path / "secret.wav", 5)
    (tmp_path / "talk.mp4").write_text(text, encoding="utf-8")
    with pytest.raises(TextError, match="ffmpeg cannot cut the passage: ") as raised:
        cut(needed_ffmpeg(), tmp_path / "talk.mp4", Passage(0, 2))
    assert "\n" not in raised.value.message


def test_a_film_without_sound_is_reported(tmp_path: Path) -> None:
    """In other words than those of ffmpeg, which name an option that no author gave."""
    film = tmp_path / "film.mp4"
    colour = ["-f", "lavfi", "-i", "color=size=16x16:duration=1"]
    subprocess.run([needed_ffmpeg(), "-v", "error", *colour, str(film)], check=True)
    with pytest.raises(TextError, match="the recording has no sound at all"):
        cut(needed_ffmpeg(), film, Passage(0, 1))


def test_without_ffmpeg_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to get it."""
    monkeypatch.setattr(cutting, "program_path", lambda _: None)
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    with pytest.raises(Problems) as raised:
        find_ffmpeg()
    (problem,) = raised.value.problems
    assert (problem.rule, "imageio-ffmpeg" in problem.hint) == ("not-installed", True)


def test_the_program_of_the_system_comes_first() -> None:
    """The library is only for systems that have none."""
    assert Path(find_ffmpeg()).samefile(shutil.which(needed_ffmpeg()) or "")


def test_a_program_that_cannot_run_is_a_sentence(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(TextError, match="cannot be run"):
        cut(str(tmp_path / "gone"), tmp_path / "talk.wav", Passage(0, 1))
