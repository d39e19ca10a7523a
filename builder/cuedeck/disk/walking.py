"""The files in a folder and in all folders below it."""

import os
from collections.abc import Iterator
from pathlib import Path


def files_below(folder: Path) -> Iterator[Path]:
    """Yield all files in a folder and below it, in no particular order, also those that links lead to."""
    # The path itself fails for a link that leads back to itself.
    return (each for each in entries_below(folder) if os.path.isfile(each))  # noqa: PTH113


def entries_below(folder: Path) -> Iterator[Path]:
    """Yield all files and links in a folder and below it, in no particular order.

    Links to folders are not followed, since they may lead anywhere. A folder that cannot be read is passed over.
    `Path.rglob` would fail where folders are a thousand deep.
    """
    left = [folder]
    while left:
        here = left.pop()
        try:
            with os.scandir(here) as there:
                entries = [*there]
        except OSError:  # also if the path is too long
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                left.append(here / entry.name)
            else:
                yield here / entry.name
