"""What an author reads about a file that the system refuses to read: the same for each file of a deck."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cuedeck.disk.text import read_text
from cuedeck.history.lockfile import read_lock
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems

NO_ACCESS = "close the program that has it open, or give yourself permission to read it and to open its folder"
HINTS = {
    "x" * 300: "choose a shorter name",
    "loop": "the link leads back to itself: delete it",
    "file/below": "part of the path is a file: correct the path",
    "closed": NO_ACCESS,
}


def said(read: Callable[[Path], object], path: Path) -> tuple[str, str]:
    """Return the code and the hint of what an author reads."""
    with pytest.raises(Problems) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert problem.message.startswith("the file cannot be read: ")
    return problem.rule, problem.hint


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other reasons")
@pytest.mark.parametrize("read", [read_text, read_lock, read_members])
@pytest.mark.parametrize("name", HINTS)
def test_every_file_has_the_same_hints(tmp_path: Path, read: Callable[[Path], object], name: str) -> None:
    """The hint is about the reason."""
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "closed").touch(0)
    if name == "closed" and os.geteuid() == 0:
        pytest.skip("the system lets root read everything")
    assert said(read, tmp_path / name) == ("unreadable", HINTS[name])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other reasons")
def test_a_folder_with_the_name_of_the_lock(tmp_path: Path) -> None:
    """Nobody can have named it instead of a file, unlike a cards.yaml or a package."""
    assert said(read_lock, tmp_path) == ("unreadable", "a folder has this name: move it elsewhere")
