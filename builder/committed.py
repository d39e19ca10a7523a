"""What git has of a folder: a file as it was last committed, and what was changed since. Without git, nothing."""

import os
import subprocess
from pathlib import Path

from builder.problems import stop

_REPOSITORY = ".git"
# A repository may come from anyone, and its settings may name a program to be run at every look.
_PLAIN = ("-c", "core.fsmonitor=false", "--no-optional-locks")


def committed(path: Path) -> bytes | None:
    """Return the bytes of a file in the last commit; None where it is in none, or there is no git."""
    done = _git(path.parent, "cat-file", "blob", f"HEAD:./{path.name}")
    return done.stdout if done and done.returncode == 0 else None


def uncommitted(folder: Path) -> tuple[str, ...]:
    """Return what differs below a folder from the last commit, a new folder as one; nothing where there is no git.

    Raises `Problems` where there is a repository of which git cannot tell that.
    """
    done = _git(folder, "status", "--porcelain", "--untracked-files=normal", "--no-renames", "-z", "--", ".")
    if done is None:
        return ()
    if done.returncode == 0:
        # Each entry begins with two letters of what happened to the file, and a space.
        return tuple(entry[3:] for entry in os.fsdecode(done.stdout).split("\0") if entry)
    if any((each / _REPOSITORY).exists() for each in (folder, *folder.parents)):
        said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        stop(
            folder.as_posix(),
            "git-broken",
            f"git cannot tell what is committed here: {said}",
            'look into it with "git status", or work in a copy that is in no repository',
        )
    return ()


def _git(folder: Path, *words: str) -> "subprocess.CompletedProcess[bytes] | None":
    try:
        return subprocess.run(["git", *_PLAIN, *words], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL)
    except OSError:  # no git, or no such folder
        return None
