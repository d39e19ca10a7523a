"""Other programs on this machine: where they are, and what they may know of it."""

import os
import sys
from pathlib import Path


def program_path(name: str) -> str | None:
    """Return the path of a program with this name, without the ending that it has on Windows; None if there is none.

    Windows would by itself look first in the folder of the deck, where a stranger may have put another program.
    """
    name = f"{name}.exe" if sys.platform == "win32" else name
    candidates = (os.path.join(folder, name) for folder in folders_of_programs())  # noqa: PTH118
    return next((each for each in candidates if os.path.isfile(each) and os.access(each, os.X_OK)), None)  # noqa: PTH113


def folders_of_programs() -> list[str]:
    """Return the folders in which to look for programs, except those that depend on the current folder."""
    return [folder for folder in os.get_exec_path() if Path(folder).is_absolute()]  # on Windows, with a drive
