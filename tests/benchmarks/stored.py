"""The least that any builder has to do with pictures: copy them into a zip file as they are, and flush that to disk."""

import os
import sys
import zipfile
from pathlib import Path


def main(folder: Path, target: Path) -> None:
    """Copy the files of a folder."""
    with target.open("wb") as file:
        with zipfile.ZipFile(file, "w") as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.name)
        file.flush()
        os.fsync(file.fileno())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
