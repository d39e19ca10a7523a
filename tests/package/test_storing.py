"""Storing files: whatever happens in the middle, the old file or the new one is whole."""

import errno
import os
from pathlib import Path

import pytest

from builder.building import build
from builder.package.storing import alone_in, store
from builder.problems import Problems
from tests.making import DAY, FIRST, build_deck, deck, question, write


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_new_file_and_its_folders_are_made(tmp_path: Path) -> None:
    """A file goes where it should, whether or not its folder is there yet, and leaves nothing beside it."""
    path = tmp_path / "some" / "where" / "file.bin"
    store(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(path.parent) == {"file.bin"}


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o660])
def test_an_old_files_rights_are_kept(tmp_path: Path, mode: int) -> None:
    """A replaced file can be read by the same people as before."""
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    path.chmod(mode)
    store(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What a link points to is replaced, and the link goes on pointing to it."""
    (tmp_path / "real.bin").write_bytes(b"old")
    (tmp_path / "link.bin").symlink_to("real.bin")
    store(tmp_path / "link.bin", b"new")
    assert (tmp_path / "link.bin").is_symlink()
    assert (tmp_path / "real.bin").read_bytes() == b"new"


@pytest.mark.parametrize("call", ["replace", "fsync", "chmod"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO], ids=errno.errorcode.get)
def test_a_failure_in_the_middle_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    """A full disk or a right that is missing is told in a sentence; the old file is whole and nothing lies around."""
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(Problems) as caught:
            store(path, b"new")
    assert str(caught.value) == (
        f"{path.as_posix()}: error: the file cannot be written: {os.strerror(code)} [unwritable]\n"
        "    look at its folder's rights and free space; the old file is as it was"
    )
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == {"file.bin"}


def test_an_interruption_in_the_middle_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops a build by hand finds the old file, and no other beside it."""
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            store(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == {"file.bin"}


def test_a_build_that_cannot_store_the_lock_writes_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock comes first: a package whose identities nobody remembers is never written."""
    cards = write(tmp_path, deck({"one": question()}))

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(Problems):
            build(cards, at=FIRST)
    assert names(tmp_path) == {"cards.yaml", ".cuedeck"}
    assert build(cards, at=FIRST).package.exists()


def test_a_build_interrupted_between_lock_and_package_heals(tmp_path: Path) -> None:
    """The lock is new and the package old: the next build gives the package that the first would have."""
    build_deck(tmp_path, deck({"one": question()}))
    old = (tmp_path / "decks" / "small.apkg").read_bytes()
    whole = build_deck(tmp_path, deck({"one": question(answer="New.")}), FIRST + DAY)
    new = whole.package.read_bytes()
    whole.package.write_bytes(old)
    healed = build(whole.build.checked.cards, at=FIRST + 2 * DAY)
    assert healed.package.read_bytes() == new
    assert healed.build.counts == {"unchanged": 1}


@pytest.mark.parametrize("where", ["decks/small.apkg", "cards.lock"])
def test_a_folder_where_the_file_should_go(tmp_path: Path, where: str) -> None:
    """A folder is never replaced by a file: the author reads which one stands in the way."""
    cards = write(tmp_path, deck({"one": question()}))
    (tmp_path / where).mkdir(parents=True)
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST)
    place = (tmp_path / where).as_posix()
    assert str(caught.value) == (
        f"{place}: error: a folder stands where the file should go [unwritable]\n    move it away"
    )
    assert (tmp_path / where).is_dir()


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    """The folder for the package cannot be made, and the author reads so."""
    cards = write(tmp_path, deck({"one": question()}))
    (tmp_path / "decks").write_text("in the way", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST)
    assert [problem.rule for problem in caught.value.problems] == ["unwritable"]
    assert (tmp_path / "decks").read_text(encoding="utf-8") == "in the way"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """In a folder of somebody else's the author reads that nothing can be written there."""
    cards = write(tmp_path, deck({"one": question()}))
    if os.geteuid() == 0:
        (tmp_path / ".cuedeck").write_text("root may write anywhere, but not into a file", encoding="utf-8")
    else:
        tmp_path.chmod(0o500)
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST)
    tmp_path.chmod(0o700)
    assert [problem.rule for problem in caught.value.problems] == ["unwritable"]
    assert caught.value.problems[0].message.startswith("nothing can be written in this folder: ")
    assert not (tmp_path / "cards.lock").exists()


def test_only_one_build_works_in_a_folder(tmp_path: Path) -> None:
    """A second build does not wait for ever: after its patience it says who is in the way."""
    with alone_in(tmp_path), pytest.raises(Problems) as caught, alone_in(tmp_path, patience=0):
        pass
    assert [problem.rule for problem in caught.value.problems] == ["busy"]
    with alone_in(tmp_path, patience=0):
        assert names(tmp_path / ".cuedeck") >= {".gitignore"}
