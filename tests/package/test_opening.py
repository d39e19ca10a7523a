"""Opening a package that may come from anyone: a sentence for whatever is wrong with it."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from builder.building import Written
from builder.package import opening
from builder.package.opening import read_members
from builder.problems import Problems

NO_PACKAGE = "this is no whole .apkg file [no-package]\n    build it again, or fetch it again"
TOO_LARGE = "the package unpacks to more than 1 GB, which no deck of cards does [package-too-large]"


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


def test_what_was_built_is_read_again(written: Written) -> None:
    """The members are those that were built."""
    assert read_members(written.package) == written.build.members


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
