"""The paths of a deck's files, and the build lock, which allows one build at a time."""

from pathlib import Path

import filelock
import pytest

from cuedeck.disk.workspace import Workspace
from cuedeck.problems import Problems


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A folder with a cards file."""
    workspace = Workspace(tmp_path / "cards.yaml")
    workspace.cards.touch()
    return workspace


def test_a_disk_that_locks_no_files(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some shared and removable disks cannot keep two builds apart: an error says so."""

    def fail(_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(filelock.FileLock, "acquire", fail)
    with pytest.raises(Problems) as caught, workspace.alone():
        pass
    assert [problem.rule for problem in caught.value.problems] == ["unwritable"]
    assert "cannot lock files" in caught.value.problems[0].message


def test_only_one_build_runs_in_a_folder(workspace: Workspace) -> None:
    """A second build does not wait forever: when its patience ends, it reports the first one."""
    with workspace.alone(), pytest.raises(Problems) as caught, workspace.alone(patience=0):
        pass
    assert [problem.rule for problem in caught.value.problems] == ["busy"]
    with workspace.alone(patience=0):
        assert {path.name for path in workspace.state().iterdir()} >= {".gitignore"}


def test_nothing_is_left_where_there_is_no_deck(tmp_path: Path) -> None:
    """A command in the wrong folder says so, and leaves no state folder there."""
    with pytest.raises(Problems) as caught, Workspace(tmp_path / "cards.yaml").alone():
        pass
    assert [problem.rule for problem in caught.value.problems] == ["no-file"]
    assert list(tmp_path.iterdir()) == []
