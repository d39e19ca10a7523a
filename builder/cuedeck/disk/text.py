"""Text files of an author."""

import stat
from pathlib import Path

from cuedeck.problems import stop

LARGEST = 64 * 1024 * 1024
"""The most characters that a file may hold."""


def read_text(path: Path) -> str:
    """Return the text of a file, a byte order mark and other systems' line ends taken away.

    Raises `Problems` with a sentence where there is no such file, or it holds no UTF-8 text.
    """
    name = path.as_posix()
    try:
        text = _bytes(path).decode("utf-8-sig")
    except FileNotFoundError:
        stop(name, "no-file", "there is no such file", "run cuedeck in the folder of cards.yaml, or name the file")
    except IsADirectoryError:
        stop(name, "no-file", "this is a folder, not a file", f"name the file in it, such as {name}/cards.yaml")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        stop(name, "not-utf-8", "the file is not UTF-8 text", "save it as UTF-8 in your editor", line)
    except (OSError, ValueError) as error:
        stop(name, "unreadable", f"the file cannot be read: {getattr(error, 'strerror', error)}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bytes(path: Path) -> bytes:
    """Return what a regular file holds: a pipe or a device may never end, and a file may be beyond all measure."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        stop(
            path.as_posix(), "no-file", "this is a pipe or a device, not a file", "save the text to a file, and name it"
        )
    stop_if_too_large(-(-found.st_size // 4), path.as_posix())  # a character has four bytes at most
    return path.read_bytes()


def stop_if_too_large(characters: int, name: str) -> None:
    """Raise `Problems` for a file that holds too many characters to be a deck."""
    if characters > LARGEST:
        million = LARGEST // 1024 // 1024
        stop(name, "too-large", f"the file has more than {million} million characters", "split it into several decks")
