"""The repository around a folder: where its parts are, but not their contents."""

import os
from pathlib import Path, PurePath
from typing import NoReturn

from cuedeck.problems import stop
from cuedeck.records import dataclass

DOT_GIT = ".git"
_LONGEST_LINE = 4096  # in a file that names a folder


@dataclass(frozen=True)
class Repository:
    """A repository on disk: the folder of its files, its own git folder, and the one shared with other worktrees."""

    files: Path
    own: Path
    shared: Path


def find_repository(folder: Path) -> Repository | None:
    """Return the repository around a folder; None if there is none.

    Only a `.git` counts, because no repository can have it among its committed files. A stranger's folder that merely
    looks like a repository is not one. Raises `Problems` if a `.git` leads nowhere.
    """
    ceilings = {Path(each) for each in os.environ.get("GIT_CEILING_DIRECTORIES", "").split(os.pathsep) if each}
    start = Path(os.path.realpath(folder))
    for each in (start, *start.parents):
        if each in ceilings and each != start:
            return None
        if (each / DOT_GIT).exists():
            return _opened(each, folder)
    return None


def _opened(files: Path, folder: Path) -> Repository:
    own = files / DOT_GIT
    try:
        if own.is_file():  # of a worktree or a submodule
            own = led_to(files, _line_of(own).removeprefix("gitdir:"))
        shared = own / "commondir"
        shared = led_to(own, _line_of(shared)) if shared.is_file() else own
    except (OSError, ValueError) as error:
        stop_at_broken(folder, str(error))
    if not (shared / "objects").is_dir():
        stop_at_broken(folder, f"{own.as_posix()} is not a complete repository")
    return Repository(files, own, shared)


def _line_of(path: Path) -> str:
    """Return the contents of a file that names a folder. Raises OSError or ValueError if it is not such a file."""
    with path.open("rb") as file:
        return file.read(_LONGEST_LINE).decode()


def led_to(start: Path, line: str) -> Path:
    """Return the folder that a line in a repository's file names. Raises ValueError if it is on another machine."""
    target = start / line.strip()
    if is_on_another_machine(target, start):
        raise ValueError(f"it is on another machine: {line.strip()}")
    return target


def is_on_another_machine(target: PurePath, start: PurePath) -> bool:
    """Return whether looking at a path would make Windows connect to another machine than the one with `start`."""
    return target.drive.startswith("\\\\") and target.drive != start.drive


def stop_at_broken(folder: Path, said: str) -> NoReturn:
    """Raise `Problems` that say why git cannot say what is committed in a folder."""
    stop(
        folder.as_posix(),
        "git-broken",
        f"git cannot say what is committed here: {said}",
        'copy the folder to a place outside any repository, and work there; "git status" shows more about the cause, '
        "but runs programs that the repository's settings name",
    )
