"""Files and folders that the system refuses to read: what an author reads about them."""

import errno
import os
from pathlib import Path
from typing import NoReturn

from cuedeck.problems import Place, Problem, TextError, stop, visible

_NO_ACCESS = "close the program that has it open, or give yourself permission to read it and to open its folder"
_DEFAULT_HINT = "run the command again; if that does not help, check whether the disk is healthy"
# What an author can do about an error of the system.
_HINTS = {
    0: "correct the path",  # Python refuses it, since it contains a NUL
    errno.EACCES: _NO_ACCESS,
    errno.EPERM: _NO_ACCESS,
    errno.EISDIR: "a folder has this name: move it elsewhere",
    errno.ENOTDIR: "part of the path is a file: correct the path",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "the link leads back to itself: delete it",
}


def is_endless(path: Path) -> bool:
    """Return whether a path leads to a pipe or a device, since to read from one may take forever."""
    return path.exists() and not (path.is_file() or path.is_dir())


def stop_unreadable(name: str, error: OSError | ValueError) -> NoReturn:
    """Raise `Problems` for a file that cannot be read; `name` is its name in messages."""
    stop(name, "unreadable", f"the file cannot be read: {reason(error)}", how_to_read(error))


def unreadable(path: str, error: OSError, rule: str = "unreadable") -> TextError:
    """Return the error for a file or folder that cannot be read, at a path from the folder of the deck."""
    what = f'"{visible(path)}"' if path else "the folder of the deck"
    return TextError(f"{what} cannot be read: {reason(error)}", how_to_read(error), rule=rule)


def reason(error: OSError | ValueError) -> str:
    """Return the reason that the system gives, or Python."""
    return str(getattr(error, "strerror", None) or error)


def how_to_read(error: OSError | ValueError) -> str:
    """Return what to do so that a file or folder can be read."""
    return _HINTS.get(getattr(error, "errno", 0), _DEFAULT_HINT)


def unusable(error: OSError, file: str = "") -> Problem:
    """Return what to say about an error of the system; `file` is what it is about if the error names none."""
    hint = "check the permissions of the file and its folder, and whether the disk is healthy"
    place = Place(os.fsdecode(error.filename or file))
    return Problem(place, f"the file cannot be used: {error.strerror}", "unusable", hint)
