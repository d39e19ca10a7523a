"""Opening a package that may come from anyone: a sentence for whatever is wrong with it."""

import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from builder.building import Written
from builder.package import opening
from builder.package.opening import read_members, read_notes
from builder.problems import Problems

NO_PACKAGE = "this is no whole .apkg file [no-package]\n    build it again, or fetch it again"
NO_DATABASE = (
    "the package holds no database of Anki that can be read here [no-package]\n"
    "    a package that Anki itself exported opens here if it was made for older versions of Anki"
)
TOO_LARGE = "the package unpacks to more than 1 GB, which no deck of cards does [package-too-large]"


def zipped(**files: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


def database(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


def patched(data: bytes, local: int, central: int, value: bytes) -> bytes:
    """Return an archive with some bytes of its first entry's two headers replaced."""
    first, last = data.index(b"PK\3\4") + local, data.index(b"PK\1\2") + central
    data = data[:first] + value + data[first + len(value) :]
    return data[:last] + value + data[last + len(value) :]


# Name: the bytes of a file made from those of a sound package, and what is said of it when it is unpacked.
HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", NO_PACKAGE),
    "text": (lambda _: b"deck:\n  id: small\n", NO_PACKAGE),
    "truncated": (lambda data: data[: len(data) // 2], NO_PACKAGE),
    "begins late": (lambda data: data[100:], NO_PACKAGE),
    "damaged in the middle": (lambda data: data[:300] + bytes(100) + data[400:], NO_PACKAGE),
    "encrypted": (lambda data: patched(data, 6, 8, struct.pack("<H", 1)), NO_PACKAGE),
    "unknown compression": (lambda data: patched(data, 8, 10, struct.pack("<H", 99)), NO_PACKAGE),
    "declared larger than it is": (lambda data: patched(data, 22, 24, struct.pack("<I", 10**8)), NO_PACKAGE),
    "declared smaller than it is": (lambda data: patched(data, 22, 24, struct.pack("<I", 10)), NO_PACKAGE),
    "declared huge": (lambda data: patched(data, 22, 24, struct.pack("<I", 2**31)), TOO_LARGE),
    "too many files": (
        lambda _: zipped(**{f"f{number}": b"" for number in range(10_001)}),
        "the package holds more than 10000 files, which no deck of cards does [package-too-large]",
    ),
}


@pytest.mark.parametrize(("spoil", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(
    written: Written, spoil: Callable[[bytes], bytes], said: str
) -> None:
    """Nothing that is no package brings down the reader, and nothing of it is unpacked beyond bounds."""
    path = written.package
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(Problems) as caught:
        read_members(path)
    assert str(caught.value) == f"{path.as_posix()}: error: {said}"


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many members that are each within bounds, but not together, are refused before one of them is read."""
    monkeypatch.setattr(opening, "_LARGEST", 1_000_000)
    path = tmp_path / "bomb.apkg"
    path.write_bytes(zipped(**{f"f{number}": bytes(300_000) for number in range(4)}))
    with pytest.raises(Problems) as caught:
        read_members(path)
    assert [problem.rule for problem in caught.value.problems] == ["package-too-large"]


# Name: the members of a package, whose notes cannot be read.
NO_NOTES: dict[str, dict[str, bytes]] = {
    "no database": {"media": b"{}"},
    "another database": {"collection.anki21b": b"\x28\xb5\x2f\xfd"},
    "no SQLite": {"collection.anki2": b"hello"},
    "empty file": {"collection.anki2": b""},
    "no table": {"collection.anki2": database("create table cards (id)")},
    "a view": {
        "collection.anki2": database(
            "create table hidden (guid, mod, flds, tags)", "create view notes as select * from hidden"
        )
    },
    "a virtual table": {"collection.anki2": database("create virtual table notes using fts5(guid, mod, flds, tags)")},
    "columns missing": {"collection.anki2": database("create table notes (guid)")},
    "time is a word": {
        "collection.anki2": database(
            "create table notes (guid, mod, flds, tags)", "insert into notes values ('g', 'soon', '', '')"
        )
    },
    "no UTF-8": {
        "collection.anki2": database(
            "create table notes (guid, mod, flds, tags)", "insert into notes values ('g', 1, cast(x'ff' as text), '')"
        )
    },
    "no time": {
        "collection.anki2": database(
            "create table notes (guid, mod, flds, tags)", "insert into notes values ('g', null, '', '')"
        )
    },
}


@pytest.mark.parametrize("files", NO_NOTES.values(), ids=NO_NOTES)
def test_a_database_that_is_not_ankis_is_refused_with_a_sentence(files: dict[str, bytes]) -> None:
    """Only a plain table of notes is read; whatever else stands there is a problem, not a traceback."""
    with pytest.raises(Problems) as caught:
        read_notes(files, Path("x.apkg"))
    assert str(caught.value) == f"x.apkg: error: {NO_DATABASE}"


def test_what_was_built_is_read_again(written: Written) -> None:
    """The members are those that were built, and the notes those that were stamped."""
    files = read_members(written.package)
    assert files == written.build.members
    notes = read_notes(files, written.package)
    assert set(notes) == {stamped.known.guid for stamped in written.build.notes}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.apkg", "there is no such file [no-file]\n    build it with: cuedeck build"),
        ("decks", "this is a folder, not a package [no-file]\n    name the .apkg file in it"),
        ("n" * 300, "the file cannot be read: File name too long [unreadable]"),
    ],
    ids=["missing", "folder", "long name"],
)
def test_a_file_that_cannot_be_opened(written: Written, name: str, said: str) -> None:
    """A missing file and a folder are told apart from a package that is broken."""
    path = written.build.checked.folder / name
    with pytest.raises(Problems) as caught:
        read_members(path)
    assert str(caught.value) == f"{path.as_posix()}: error: {said}"
