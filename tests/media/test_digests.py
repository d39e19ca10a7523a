"""What is remembered of files saves time, and is never believed against their bytes."""

import errno
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cuedeck.media.digests import Digests, sha256_of, state_of

LATER = 10_000_000_000  # nanoseconds: by then, a file is old enough to be remembered


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    """Where digests are remembered."""
    (tmp_path / ".cuedeck").mkdir()
    return tmp_path / ".cuedeck" / "media.json"


@pytest.fixture
def picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file, some seconds after it was written."""
    path = tmp_path / "a.png"
    path.write_bytes(b"first")
    now = time.time_ns() + LATER
    monkeypatch.setattr(time, "time_ns", lambda: now)
    return path


def read_again(memory: Path, picture: Path) -> list[Path]:
    """Return the files that a new run reads to get the digest of a picture, which must be right."""
    read = []

    def seen(path: Path) -> str:
        read.append(path)
        return sha256_of(path)

    digests = Digests(memory)
    assert digests.of(picture, "a.png", seen).sha256 == sha256_of(picture)
    digests.remember()
    return read


def test_an_old_file_is_read_once(memory: Path, picture: Path) -> None:
    """A second run believes its size and times, and does not write down again what it knows."""
    assert read_again(memory, picture) == [picture]
    before = memory.stat()
    assert read_again(memory, picture) == []
    assert (memory.stat().st_ino, memory.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_run_need_not_hash_again_what_it_has_read(memory: Path, picture: Path) -> None:
    """But what an earlier run wrote down may be forged, so then only the bytes count when a package is written."""
    digests = Digests(memory)
    assert digests.of(picture, "a.png").read_in == state_of(picture.stat())
    digests.remember()
    assert Digests(memory).of(picture, "a.png").read_in is None


def test_a_file_that_was_just_written_may_change_unnoticed(tmp_path: Path) -> None:
    """Its state may stay the same if it is written once more."""
    (tmp_path / "a.png").write_bytes(b"first")
    assert Digests().of(tmp_path / "a.png", "a.png").read_in is None


def test_a_file_that_was_just_written_is_read_again(
    memory: Path, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program may write it once more within the same step of the disk's clock."""
    written = picture.stat().st_mtime_ns
    monkeypatch.setattr(time, "time_ns", lambda: written + 1_000_000_000)
    assert [read_again(memory, picture) for _ in range(2)] == [[picture], [picture]]
    monkeypatch.setattr(time, "time_ns", lambda: written - LATER)  # by a clock that is behind
    assert [read_again(memory, picture) for _ in range(2)] == [[picture], [picture]]


def _rewritten(picture: Path) -> None:
    before = picture.stat().st_ctime_ns
    while picture.stat().st_ctime_ns == before:  # within one step of the disk's clock
        picture.write_bytes(b"other")


def _replaced(picture: Path) -> None:
    picture.with_name("new").write_bytes(b"other")
    picture.with_name("new").replace(picture)


def _longer(picture: Path) -> None:
    picture.write_bytes(b"first and more")


@pytest.mark.parametrize("change", [_rewritten, _replaced, _longer])
@pytest.mark.parametrize("back", [False, True], ids=["new time", "time put back"])
def test_a_changed_file_is_read_again(memory: Path, picture: Path, change: Callable[[Path], None], back: bool) -> None:
    """Even if it has as many bytes as before, and a program gave it its old time."""
    before = picture.stat()
    read_again(memory, picture)
    change(picture)
    if back:
        os.utime(picture, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read_again(memory, picture) == [picture]


FALSE = "0" * 64
# Name: what a stranger, or a bad disk, puts into the memory of a file in the state that is given.
SPOILT: dict[str, Callable[[list[int]], Any]] = {
    "nothing": lambda _: None,
    "a list": lambda _: [1],
    "a text": lambda _: "a.png",
    "a number": lambda state: {"a.png": 7},
    "too little": lambda state: {"a.png": state},
    "too much": lambda state: {"a.png": [*state, FALSE, FALSE]},
    "another state": lambda state: {"a.png": [*state[1:], 0, FALSE]},
    "no digest": lambda state: {"a.png": [*state, "../../x"]},
    "a digest that is a number": lambda state: {"a.png": [*state, 5]},
    "a list for a digest": lambda state: {"a.png": [*state, [FALSE]]},
    "a digest of two lines": lambda state: {"a.png": [*state, f"{FALSE}\n"]},
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_memory_that_makes_no_sense_is_not_believed(
    memory: Path, picture: Path, spoil: Callable[[list[int]], Any]
) -> None:
    """The file is read, and then the memory is right again."""
    found = picture.stat()
    state = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
    memory.write_text(json.dumps(spoil(state)), encoding="utf-8")
    assert read_again(memory, picture) == [picture]
    assert read_again(memory, picture) == []


@pytest.mark.hostile
@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a.png": ' + b"9" * 10_000 + b"}", b" " * 20_000_000]
)
def test_a_damaged_memory_is_as_good_as_none(memory: Path, picture: Path, data: bytes) -> None:
    """It only costs time."""
    memory.write_bytes(data)
    assert read_again(memory, picture) == [picture]


def test_a_folder_that_refuses_a_memory_only_costs_time(
    memory: Path, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No error is raised, and nothing half written stays there."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    assert [read_again(memory, picture) for _ in range(2)] == [[picture], [picture]]
    assert list(memory.parent.iterdir()) == []
    memory.parent.rmdir()
    assert read_again(memory, picture) == [picture]
    assert not memory.parent.exists()


@pytest.mark.hostile
def test_a_link_in_a_strangers_folder_is_not_followed(memory: Path, picture: Path, tmp_path: Path) -> None:
    """Whatever link has the name of the memory, its target stays as it is."""
    ours = tmp_path / "ours"
    ours.write_text("{}", encoding="utf-8")
    for name in ("media.json", "media.new"):
        (memory.parent / name).symlink_to(ours)
    read_again(memory, picture)
    assert ours.read_text(encoding="utf-8") == "{}"
    assert not memory.is_symlink()


@pytest.mark.hostile
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_in_its_place_keeps_nobody_waiting(memory: Path, picture: Path) -> None:
    """It is replaced."""
    os.mkfifo(memory)
    assert read_again(memory, picture) == [picture]
    assert read_again(memory, picture) == []


def test_what_a_killed_run_left_is_removed(memory: Path, picture: Path) -> None:
    """Nothing piles up in the state folder."""
    (memory.parent / "media-1234.new").write_bytes(b"half")
    read_again(memory, picture)
    assert [each.name for each in memory.parent.iterdir()] == [memory.name]


def test_two_decks_share_a_folder(memory: Path, picture: Path, tmp_path: Path) -> None:
    """What one of them does not need stays remembered for the other."""
    read_again(memory, picture)
    (tmp_path / "b.png").write_bytes(b"second")
    other = Digests(memory)
    other.of(tmp_path / "b.png", "b.png")
    other.remember()
    assert read_again(memory, picture) == []
