"""What git has of a folder: a file as it was last committed, and what was changed since. Without git, nothing."""

import subprocess
from pathlib import Path


def committed(path: Path) -> bytes | None:
    """Return the bytes of a file in the last commit; None where it is in none, or there is no git."""
    return _git(path.parent, "show", f"HEAD:./{path.name}")


def uncommitted(folder: Path) -> tuple[str, ...]:
    """Return the files below a folder that differ from the last commit; none where there is no git."""
    listed = _git(folder, "status", "--porcelain", "--untracked-files=all", "--no-renames", "-z", "--", ".")
    # Each entry begins with two letters of what happened to the file, and a space.
    return tuple(entry[3:] for entry in (listed or b"").decode(errors="replace").split("\0") if entry)


def _git(folder: Path, *words: str) -> bytes | None:
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", *words], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL
        )
    except OSError:  # no git, or no such folder
        return None
    return done.stdout if done.returncode == 0 else None
