"""The files in a folder and below it, however it was made."""

import os
import sys
from pathlib import Path

import pytest

from cuedeck.disk.walking import files_below
from tests.running import output_of


def found(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in files_below(folder)}


def test_all_files_are_found(tmp_path: Path) -> None:
    """In each folder, hidden ones as well."""
    for name in ("a", "b/c", "b/.d/e", ".f"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    assert found(tmp_path) == {"a", "b/c", "b/.d/e", ".f"}
    assert found(tmp_path / "missing") == found(tmp_path / "a") == set()


@pytest.mark.hostile
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_links_lead_nowhere(tmp_path: Path) -> None:
    """A link to a folder is not followed, one that leads back to itself is not a file, and neither is a pipe."""
    (tmp_path / "a").touch()
    for name, target in {"up": "..", "self": "self", "gone": "missing", "here": "a", "below/up": ".."}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(target)
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == {"a", "here"}


@pytest.mark.hostile
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no path as long")
def test_folders_may_be_thousands_deep(folder: Path) -> None:
    """No path leads to the deepest of them, and none of them ends a command with a traceback."""
    (folder / "talk").mkdir()
    (folder / "talk" / "a.md").write_text("What?::That.\n", encoding="utf-8")
    here = os.open("talk", os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        before, here = here, os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(before)
    os.close(here)
    try:
        assert found(folder) == {"talk/a.md"}
        assert output_of("import", "talk", "out")[0] == 0
    finally:
        _remove_each(folder / "talk" / "d")


def _remove_each(folder: Path) -> None:
    """Remove folders inside one another, which no function of the library could if there are thousands."""
    inner = folder.with_name("inner")
    while folder.exists():
        has_more = (folder / "d").exists()
        if has_more:
            (folder / "d").rename(inner)
        folder.rmdir()
        if has_more:
            inner.rename(folder)
