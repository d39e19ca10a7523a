"""Opening a package that may come from anyone: bounded in size, nothing executed, nothing unpacked to disk."""

import sqlite3
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

from builder.package.container import DATABASE
from builder.problems import stop

_LARGEST = 1024 * 1024 * 1024
_MOST_MEMBERS = 10_000


def read_members(path: Path) -> dict[str, bytes]:
    """Return the files in a package by name. Raises `Problems` with a sentence where it is no package, or too large."""
    name = path.as_posix()
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            if len(entries) > _MOST_MEMBERS or sum(entry.file_size for entry in entries) > _LARGEST:
                stop(name, "package-too-large", "the package unpacks to more than 1 GB, which no deck of cards does")
            return {entry.filename: _bounded(package, entry) for entry in entries}
    except FileNotFoundError:
        stop(name, "no-file", "there is no such file", "build it with: cuedeck build")
    except IsADirectoryError:
        stop(name, "no-file", "this is a folder, not a package", "name the .apkg file in it")
    except OSError as error:
        stop(name, "unreadable", f"the file cannot be read: {error.strerror or error}")
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError):
        stop(name, "no-package", "this is no whole .apkg file", "build it again, or fetch it again")


def _bounded(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes, no more of them than its entry admits to."""
    with package.open(entry) as member:
        data = member.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise zipfile.BadZipFile(entry.filename)
    return data


NoteRow = tuple[str, int, str, str]
"""A note as a package holds it: guid, modification time, fields joined by U+001F, tags."""


def read_notes(files: dict[str, bytes], path: Path) -> dict[str, NoteRow]:
    """Return the notes in a package's database by guid. Raises `Problems` where there is none that can be read."""
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.deserialize(files[DATABASE])
            connection.execute("pragma trusted_schema = off")
            connection.execute("pragma query_only = on")
            tables = connection.execute("select type from sqlite_master where name = 'notes'").fetchall()
            if tables != [("table",)]:
                raise sqlite3.DatabaseError
            rows = connection.execute("select guid, mod, flds, tags from notes").fetchall()
            return {str(guid): (str(guid), int(time), str(fields), str(tags)) for guid, time, fields, tags in rows}
        except (KeyError, sqlite3.Error, ValueError, TypeError, OverflowError):
            stop(
                path.as_posix(),
                "no-package",
                "the package holds no database of Anki that can be read here",
                "a package that Anki itself exported opens here if it was made for older versions of Anki",
            )
