"""The package as a file: its contents, and that the same input gives the same bytes anywhere."""

import hashlib
import json
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from cuedeck.building.assembling import stamp
from cuedeck.disk.storing import store
from cuedeck.package.container import archive, archived
from cuedeck.problems import Problems
from cuedeck.usecases.build import Written, build
from tests.making import DAY, FIRST, build_deck, checked, deck, question, write
from tests.tinymedia import file, put


def test_members(written: Written) -> None:
    """A package contains Anki's database, its list of media and our manifest, in this order, and nothing else."""
    with zipfile.ZipFile(written.package) as package:
        assert package.namelist() == ["collection.anki2", "media", "0", "cuedeck.json"]
        assert package.read("media") == b'{"0": "_cuedeck.css"}'
        assert package.testzip() is None


def test_entries_reveal_nothing_about_the_machine(written: Written) -> None:
    """Dates, permissions and system of every entry are fixed, so that they cannot differ from build to build."""
    with zipfile.ZipFile(written.package) as package:
        for entry in package.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert (entry.create_system, entry.external_attr) == (3, 0o100644 << 16)
            assert entry.compress_type == zipfile.ZIP_DEFLATED
            assert (entry.extra, entry.comment) == (b"", b"")
        assert package.comment == b""


def test_entries_are_deflated_at_one_level(written: Written) -> None:
    """Every entry is what zlib makes of it at level 5, and not at its default level."""
    with zipfile.ZipFile(written.package) as package:
        for entry in package.infolist():
            deflate = zlib.compressobj(level=5, wbits=-zlib.MAX_WBITS)
            assert entry.compress_size == len(deflate.compress(package.read(entry)) + deflate.flush())


def test_manifest(written: Written) -> None:
    """The manifest says whose deck it is, where it comes from and under which licence."""
    with zipfile.ZipFile(written.package) as package:
        manifest = json.loads(package.read("cuedeck.json"))
    content = manifest.pop("content")
    assert len(content) == 20
    assert manifest == {
        "format": 1,
        "deck": "small",
        "namespace": "tests123",
        "title": "Small",
        "version": None,
        "date": None,
        "draft": True,
        "notes": 4,
        "cards": 7,
        "author": "Me",
        "license": "CC0",
        "sources": [
            {"title": "A talk", "author": "A. Speaker", "published": "", "url": "https://example.org/talk"},
            {"title": "A film", "author": "", "published": "", "url": "https://youtu.be/abcdefghijk"},
        ],
        "newest": FIRST,
        "remembered": {},
        "releases": [],
    }


@pytest.mark.parametrize("later", [0, 1, DAY])
def test_the_same_input_gives_the_same_bytes(written: Written, later: int) -> None:
    """Source and lock decide every byte; the time of an unchanged build does not."""
    before = written.package.read_bytes()
    written.package.unlink()
    assert build(written.build.checked.workspace.cards, at=FIRST + later).package.read_bytes() == before


def test_the_folder_and_the_output_do_not_matter(written: Written, tmp_path: Path) -> None:
    """The same files elsewhere, with another output path, give the same bytes."""
    other = tmp_path / "an other folder"
    other.mkdir()
    for name in ("cards.yaml", "cards.lock"):
        (other / name).write_bytes((tmp_path / name).read_bytes())
    built = build(other / "cards.yaml", other / "deep" / "down.apkg", at=FIRST + DAY)
    assert built.package.read_bytes() == written.package.read_bytes()
    assert not (other / "decks").exists()


@pytest.mark.slow
def test_hash_seeds_do_not_matter(written: Written, plain_environment: dict[str, str]) -> None:
    """Python's random order of sets affects no byte of a package built from scratch."""
    digests = set()
    for seed in ("0", "1", "4242"):
        for path in (written.package, written.build.checked.workspace.lock):
            path.unlink(missing_ok=True)
        subprocess.run(
            [sys.executable, "-m", "cuedeck", "build", "--quiet"],
            cwd=written.build.checked.workspace.folder,
            env={**plain_environment, "PYTHONHASHSEED": seed},
            check=True,
        )
        digests.add(hashlib.sha256(written.package.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_order_of_notes_in_a_concept_is_the_files(tmp_path: Path) -> None:
    """Notes in another order are the same notes, unchanged."""
    build_deck(tmp_path, deck({"one": question(), "two": question("Two?")}))
    turned = build_deck(tmp_path, deck({"two": question("Two?"), "one": question()}), FIRST + DAY)
    assert turned.build.counts == {"unchanged": 2}


def test_archive_keeps_every_member() -> None:
    """Bytes of any kind come out of the archive as they went in."""
    files = {"a": b"", "b": bytes(range(256)) * 10, "c": b"x" * 100_000}
    with zipfile.ZipFile(BytesIO(archive(files))) as package:
        assert {name: package.read(name) for name in package.namelist()} == files


def test_pictures_and_sounds(tmp_path: Path) -> None:
    """They are stored as they are, each once, in the order of their names in Anki, with a number in the list of media.

    Nothing is compressed in vain, and nothing shows what their files are called.
    """
    put(tmp_path, a_png="one", b_png="two", c_mp3="three", d_png="one")
    text = "![](media/a.png) ![](media/b.png) ![](media/c.mp3) ![](media/d.png)"
    written = build_deck(tmp_path, deck({"one": question(text, "![](media/a.png)"), "two": question(text)}))
    with zipfile.ZipFile(written.package) as package:
        listed = json.loads(package.read("media"))
        assert package.namelist() == ["collection.anki2", "media", "0", "1", "2", "3", "cuedeck.json"]
        names = [*listed.values()]
        assert names == ["_cuedeck.css", *sorted(names[1:])]
        assert [*listed] == ["0", "1", "2", "3"]
        data = [package.read(str(number)) for number in range(1, 4)]
        assert sorted(data) == sorted([file("png", "one"), file("png", "two"), file("mp3", "three")])
        for number, each in enumerate(data, 1):
            entry = package.getinfo(str(number))
            assert names[number].partition(".")[0] == f"cuedeck-{hashlib.sha256(each).hexdigest()[:16]}"
            assert (entry.compress_type, entry.date_time) == (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))
            assert (entry.create_system, entry.external_attr) == (3, 0o100644 << 16)
        assert not any(f"{name}.png".encode() in package.read("collection.anki2") for name in "abd")


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _changed(path: Path) -> None:
    path.write_bytes(file("png", "other"))


def _grown(path: Path) -> None:
    path.write_bytes(file("png", "first and more"))


def _cut(path: Path) -> None:
    path.write_bytes(file("png"))


def _turned_into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("later", [0, 10_000_000_000], ids=["new", "old"])
@pytest.mark.parametrize("change", [_emptied, _changed, _grown, _cut, Path.unlink, _turned_into_a_folder])
def test_a_file_that_changes_between_check_and_packing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], later: int
) -> None:
    """Its name would be wrong, so nothing is written, and the old package stays. `later` are nanoseconds."""
    put(tmp_path, a_png="first")
    now = time.time_ns() + later
    monkeypatch.setattr(time, "time_ns", lambda: now)
    found = checked(write(tmp_path, deck({"one": question("![](media/a.png)")})))
    packed = archived(stamp(found, FIRST).members)
    change(tmp_path / "media" / "a.png")
    (tmp_path / "old.apkg").write_bytes(b"old")
    with pytest.raises(Problems) as caught:
        store(tmp_path / "old.apkg", packed)
    (problem,) = caught.value.problems
    assert (problem.place.file, problem.rule, problem.hint) == (
        "media/a.png",
        "changed-meanwhile",
        "run the command again",
    )
    assert (tmp_path / "old.apkg").read_bytes() == b"old"
    assert {each.name for each in tmp_path.iterdir()} == {"cards.yaml", "media", "old.apkg"}
