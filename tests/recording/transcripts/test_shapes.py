"""Each shape of a transcript: a file with the oddities that real ones have, beside the cues that are read from it."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.recording.transcripts.cues import UnreadableError
from cuedeck.recording.transcripts.reading import transcript_of

SHAPES = Path(__file__).parent / "shapes"
FILES = sorted(path for path in SHAPES.iterdir() if path.suffix != ".txt")


def written(data: bytes) -> str:
    """Return the cues of a transcript, one a line, with their seconds, and then the remarks with their lines."""
    transcript = transcript_of(data)
    lines = [f"{cue.start:g} {round(cue.end, 3):g} {cue.text}" for cue in transcript.cues]
    remarks = filter(None, [transcript.guess, *transcript.remarks])
    return "".join(f"{line}\n" for line in [*lines, *(f"! {each.line}: {each.message}" for each in remarks)])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shape_is_read(path: Path) -> None:
    """What is said is read once and with its times, and nothing else is read as if it were said."""
    assert written(path.read_bytes()) == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_line_ends_do_not_matter(path: Path) -> None:
    """A file saved on Windows has the same cues."""
    data = path.read_bytes()
    if b"\r\n" not in data and not data.startswith(b"\xff\xfe"):
        assert written(data.replace(b"\n", b"\r\n")) == written(data)


def test_each_file_has_its_cues() -> None:
    """No expected output is left over."""
    assert {path.stem for path in FILES} == {path.stem for path in SHAPES.glob("*.txt")}


PIECES = (b"\n", b"\0", b"-->", b"0:00", b"999:59:59", b"[", b'{"', b"<", b"\xff\xfe", b"\xe9", b"1e400", b"<!--")


@given(st.data())
def test_no_damage_is_too_much(data: st.DataObject) -> None:
    """Whatever is put into a file, it has cues in order of time, or it is said why it cannot be read."""
    text = bytearray(data.draw(st.sampled_from(FILES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(text)))
        text[start : start + data.draw(st.integers(0, 30))] = data.draw(st.sampled_from(PIECES) | st.binary(max_size=4))
    with contextlib.suppress(UnreadableError):
        cues = transcript_of(bytes(text)).cues
        assert all(0 <= cue.start < cue.end for cue in cues)
        assert [cue.start for cue in cues] == sorted(cue.start for cue in cues)
