"""Programs are found where the system has them, and nowhere else."""

import os
import sys
from pathlib import Path

import pytest

from cuedeck.disk.programs import folders_of_programs, program_path


@pytest.mark.parametrize("folders", ["", ".", "programs", os.pathsep.join(["", "./programs"])])
def test_no_program_of_the_current_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: str
) -> None:
    """Whoever made a deck could put any program there. A full path to the same folder does find it."""
    there = tmp_path / "programs"
    for folder in (tmp_path, there):
        folder.mkdir(exist_ok=True)
        tool = folder / ("tool.exe" if sys.platform == "win32" else "tool")
        tool.write_bytes(b"")
        tool.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", folders)
    assert (program_path("tool"), folders_of_programs()) == (None, [])
    monkeypatch.setenv("PATH", os.pathsep.join([folders, str(there)]))
    assert program_path("tool") == str(there / tool.name)


def test_a_file_that_cannot_be_run_is_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tool").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program_path("tool") is None
