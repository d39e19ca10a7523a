"""What git has of a folder, and what is said where git cannot tell."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from builder.committed import committed, uncommitted
from builder.problems import Problems


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a deck in no repository, and git without the settings of whoever runs this."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    deck = tmp_path / "deck"
    deck.mkdir()
    (deck / "cards.yaml").write_text("one\n", encoding="utf-8")
    return deck


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main")
    settings = (*who, "-c", "protocol.file.allow=always")
    subprocess.run(["git", *settings, *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")


def test_what_was_committed_and_what_was_changed_since(folder: Path) -> None:
    """The last commit's bytes, and every edited, new or removed file below the folder, but none beside it."""
    (folder / "gone").write_text("x", encoding="utf-8")
    commit(folder.parent)
    assert uncommitted(folder) == ()
    (folder / "cards.yaml").write_text("two\n", encoding="utf-8")
    (folder / "gone").unlink()
    (folder / "new – ü").write_text("x", encoding="utf-8")
    (folder.parent / "beside").write_text("x", encoding="utf-8")
    assert committed(folder / "cards.yaml") == b"one\n"
    assert committed(folder / "new – ü") is None
    assert set(uncommitted(folder)) == {"deck/cards.yaml", "deck/gone", "deck/new – ü"}


def test_a_new_folder_is_named_once(folder: Path) -> None:
    """However many files lie in a folder that git does not have, they are not listed one by one."""
    commit(folder)
    (folder / "huge" / "deep").mkdir(parents=True)
    for number in range(2000):
        (folder / "huge" / "deep" / str(number)).touch()
    assert uncommitted(folder) == ("huge/",)


def test_without_git_nothing_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in no repository, a machine without git, and a folder that is not there."""
    assert (committed(folder / "cards.yaml"), uncommitted(folder)) == (None, ())
    commit(folder)
    (folder / "cards.yaml").write_text("two\n", encoding="utf-8")
    assert uncommitted(folder.parent / "nowhere") == ()
    monkeypatch.setenv("PATH", str(folder))
    assert (committed(folder / "cards.yaml"), uncommitted(folder)) == (None, ())


def test_a_repository_without_a_commit(folder: Path) -> None:
    """Nothing was committed yet, so everything is new."""
    git(folder, "init")
    assert committed(folder / "cards.yaml") is None
    assert uncommitted(folder) == ("cards.yaml",)


def test_a_bare_repository_has_no_files_to_look_at(folder: Path) -> None:
    """A deck that lies in the folder of a bare repository is in no commit of it."""
    git(folder, "init", "--bare")
    assert (committed(folder / "cards.yaml"), uncommitted(folder)) == (None, ())


@pytest.mark.parametrize("damage", ["HEAD", "index", "objects", "everything"])
def test_a_broken_repository_is_told(folder: Path, damage: str) -> None:
    """Where git fails in a repository, nobody can tell what is committed: the author reads git's own words."""
    commit(folder)
    inside = folder / ".git"
    if damage == "everything":
        shutil.rmtree(inside)
        inside.mkdir()
    elif damage == "objects":
        shutil.rmtree(inside / damage)
    else:
        (inside / damage).write_bytes(b"damaged")
    assert committed(folder / "cards.yaml") in (None, b"one\n")
    with pytest.raises(Problems) as caught:
        uncommitted(folder)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.place.file) == ("git-broken", folder.as_posix())
    assert problem.message.startswith("git cannot tell what is committed here: ")


def test_a_submodule_is_a_repository_of_its_own(folder: Path) -> None:
    """A deck in a submodule is compared with the submodule's commit."""
    commit(folder)
    outer = folder.parent / "outer"
    outer.mkdir()
    git(outer, "init")
    git(outer, "submodule", "add", folder.as_posix(), "inner")
    git(outer, "commit", "-m", "first")
    cards = outer / "inner" / "cards.yaml"
    assert (committed(cards), uncommitted(cards.parent), uncommitted(outer)) == (b"one\n", (), ())
    cards.write_text("two\n", encoding="utf-8")
    assert (committed(cards), uncommitted(cards.parent), uncommitted(outer)) == (b"one\n", ("cards.yaml",), ("inner",))


def test_a_program_that_a_repository_names_is_not_run(folder: Path) -> None:
    """Settings of a stranger's repository name programs for git to run at a look at its files: none is."""
    commit(folder)
    trap = folder.parent / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{folder.parent}/sprung'\nexec cat\n", encoding="utf-8")
    trap.chmod(0o700)
    git(folder, "config", "core.fsmonitor", str(trap))
    git(folder, "config", "diff.trap.textconv", str(trap))
    (folder / ".git" / "info" / "attributes").write_text("* diff=trap\n", encoding="utf-8")
    assert (committed(folder / "cards.yaml"), uncommitted(folder)) == (b"one\n", ())
    assert not (folder.parent / "sprung").exists()
