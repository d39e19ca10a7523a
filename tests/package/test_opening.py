"""Opening a package that may come from anyone: a sentence for whatever is wrong with it."""

import contextlib
import random
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from cuedeck.package import opening
from cuedeck.package.opening import members_of, read_members
from cuedeck.problems import Problems
from cuedeck.usecases.build import Written
from tests.making import build_deck, deck, question
from tests.tinymedia import file, put

NO_PACKAGE = "this is not a complete .apkg file [no-package]\n    build it again, or download it again"
TOO_LARGE = "the package unpacks to more than 512 MB, which no deck of cards does [package-too-large]"


def zipped(**files: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


def patched(data: bytes, local: int, central: int, value: bytes) -> bytes:
    """Return an archive with some bytes of its first entry's two headers replaced."""
    first, last = data.index(b"PK\3\4") + local, data.index(b"PK\1\2") + central
    data = data[:first] + value + data[first + len(value) :]
    return data[:last] + value + data[last + len(value) :]


def between(data: bytes, hidden: bytes) -> bytes:
    """Return an archive with bytes between its last file and the list of its files."""
    place = data.index(b"PK\1\2")
    end = struct.pack("<I", struct.unpack("<I", data[-6:-2])[0] + len(hidden))
    return data[:place] + hidden + data[place:-6] + end + data[-2:]


def doubled(data: bytes, name: bytes, other: bytes) -> bytes:
    """Return an archive of two files with one name: readers differ in which one they use."""
    return zipped(**{name.decode(): data, other.decode(): b"{}"}).replace(other, name)


def overlapping(number: int) -> bytes:
    """Return an archive whose list names one large file many times, so that it unpacks to far more than its size."""
    data = zipped(a=bytes(1_000_000))
    place = data.index(b"PK\1\2")
    entry = data[place:-22]
    entries = b"".join(entry[:-1] + bytes([ord("a") + each % 26]) for each in range(number))
    counts = struct.pack("<HHII", number, number, len(entries), place)
    return data[:place] + entries + b"PK\5\6\0\0\0\0" + counts + b"\0\0"


# Name: the bytes of a file made from a valid package, and the message when it is unpacked.
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
    "something behind its end": (lambda data: data + b"x", NO_PACKAGE),
    "a second archive behind it": (lambda data: data + zipped(media=b"{}"), NO_PACKAGE),
    "something before it": (lambda data: b"#!/bin/sh\n" + data, NO_PACKAGE),
    "a comment": (lambda data: data[:-2] + b"\5\0hello", NO_PACKAGE),
    "something between its files": (lambda data: between(data, b"hidden"), NO_PACKAGE),
    "a file twice": (lambda data: doubled(data, b"media", b"medib"), NO_PACKAGE),
    "files in one another": (lambda _: overlapping(50), NO_PACKAGE),
    "a list of files without end": (
        lambda data: data[:-10] + struct.pack("<I", 2**31) + data[-6:],
        "the package contains more than 10,000 files, which no deck of cards does [package-too-large]",
    ),
    "too many files": (
        lambda _: zipped(**{f"f{number}": b"" for number in range(10_001)}),
        "the package contains more than 10,000 files, which no deck of cards does [package-too-large]",
    ),
}


@pytest.mark.hostile
@pytest.mark.parametrize(("spoil", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(
    written: Written, spoil: Callable[[bytes], bytes], said: str
) -> None:
    """No file makes the reader crash, and nothing in it is unpacked beyond the limits."""
    path = written.package
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(Problems) as caught:
        read_members(path)
    assert str(caught.value) == f"{path.as_posix()}: error: {said}"


@pytest.mark.hostile
def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many members that are within limits alone, but not together, are refused before any is read."""
    monkeypatch.setattr(opening, "_LARGEST", 1_000_000)
    path = tmp_path / "bomb.apkg"
    path.write_bytes(zipped(**{f"f{number}": bytes(300_000) for number in range(4)}))
    with pytest.raises(Problems) as caught:
        read_members(path)
    assert [problem.rule for problem in caught.value.problems] == ["package-too-large"]


def test_names_that_lead_elsewhere_are_mere_names(tmp_path: Path) -> None:
    """Paths out of the folder, absolute paths and links are read like any other name: nothing is unpacked to disk."""
    (tmp_path / "in").mkdir()
    package = tmp_path / "in" / "tricks.apkg"
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    names = ["../outside", f"{tmp_path.as_posix()}/absolute", "C:\\windows", "a/../../b"]
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        for name in names:
            archive.writestr(name, b"x")
    members = read_members(package)
    assert members["link"] == b"/etc/passwd"
    assert set(members.values()) == {b"/etc/passwd", b"x"}
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in", "tricks.apkg"]


@pytest.mark.hostile
@pytest.mark.random
def test_a_damaged_package_causes_no_crash(written: Written) -> None:
    """Wherever bytes of a package are lost or changed, it is read, or the author reads a sentence."""
    for seed in range(500):
        chance = random.Random(seed)
        data = bytearray(written.package.read_bytes())
        if seed % 3 == 0:
            del data[chance.randrange(len(data)) :]
        for _ in range(chance.randrange(1, 30)):
            if data:
                place = chance.choice([chance.randrange(len(data)), -1 - chance.randrange(min(300, len(data)))])
                data[place] = chance.randrange(256)
        with contextlib.suppress(Problems):
            members_of(bytes(data), "x.apkg")


def test_sizes_that_follow_their_file_are_read(written: Written) -> None:
    """A tool that writes a package into a pipe puts the sizes after each file; such a package is complete."""

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, *_: int) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in written.build.members.items():
            package.writestr(name, data)
    assert members_of(pipe.getvalue(), "x.apkg") == written.build.members


def test_what_was_built_is_read_again(written: Written) -> None:
    """The members are those that were built."""
    assert read_members(written.package) == written.build.members


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "missing.apkg",
            "there is no such file [no-file]\n    name another file, or build the package of your deck: cuedeck build",
        ),
        ("decks", "this is a folder, not a package [no-file]\n    name the .apkg file in it"),
        ("n" * 300, "the file cannot be read: File name too long [unreadable]\n    choose a shorter name"),
    ],
    ids=["missing", "folder", "long name"],
)
def test_a_file_that_cannot_be_opened(written: Written, name: str, said: str) -> None:
    """A missing file and a folder get other messages than a broken package."""
    path = written.build.checked.workspace.folder / name
    with pytest.raises(Problems) as caught:
        read_members(path)
    assert str(caught.value) == f"{path.as_posix()}: error: {said}"


@pytest.fixture
def illustrated(tmp_path: Path) -> Path:
    """The package of a deck with two pictures."""
    put(tmp_path, a_png="first", b_png="second")
    return build_deck(tmp_path, deck({"one": question("![](media/a.png) ![](media/b.png)")})).package


def test_a_picture_is_read_when_it_is_asked_for(illustrated: Path) -> None:
    """One that is damaged does not keep anybody from reading the rest; whoever asks for it reads a sentence."""
    data = illustrated.read_bytes()
    illustrated.write_bytes(data.replace(file("png", "second"), file("png", "sec0nd")))
    files = read_members(illustrated)
    damaged = next(name for name in "12" if files.size(name) == len(file("png", "second")))
    assert files[{"1": "2", "2": "1"}[damaged]] == file("png", "first")
    for ask in (lambda: files[damaged], files.digests, lambda: files.digests({damaged})):
        with pytest.raises(Problems) as caught:
            ask()
        assert str(caught.value) == f"{illustrated.as_posix()}: error: {NO_PACKAGE}"
    assert {*files.digests({"media"})} == {"media"}


def test_a_package_that_changes_while_it_is_open(illustrated: Path) -> None:
    """What another program puts in its place is not taken for it."""
    files = read_members(illustrated)
    illustrated.write_bytes(illustrated.read_bytes()[:100])
    for ask in (lambda: files["1"], files.digests):
        with pytest.raises(Problems):
            ask()
    illustrated.unlink()
    with pytest.raises(Problems):
        files["1"]
    assert files["media"].startswith(b"{")


def test_pictures_are_not_unpacked_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They do not count as what has to be in memory at once, but there is a limit for all of them, and for each."""
    monkeypatch.setattr(opening, "_LARGEST", 1_000_000)
    monkeypatch.setattr(opening, "LARGEST_MEDIA", 1_500_000)
    path = tmp_path / "bomb.apkg"
    path.write_bytes(zipped(**{str(number): bytes(900_000) for number in range(2)}, media=b"{}"))
    files = read_members(path)
    assert files["0"] == bytes(900_000)
    assert files.digests({"0"}) == {"0": sha256(bytes(900_000)).digest()}
    with pytest.raises(Problems) as caught:
        files.digests()
    assert [problem.rule for problem in caught.value.problems] == ["package-too-large"]
    path.write_bytes(zipped(**{"0": bytes(1_100_000)}, media=b"{}"))
    with pytest.raises(Problems) as caught:
        read_members(path)["0"]
    assert [problem.rule for problem in caught.value.problems] == ["no-package"]
