"""Storing files: whatever happens in the middle, the old file or the new one is whole."""

import contextlib
import errno
import hashlib
import os
from pathlib import Path

import pytest

from cuedeck.disk.storing import staged_folder, store
from cuedeck.problems import Problems
from cuedeck.usecases.build import build
from tests.making import DAY, FIRST, build_deck, deck, question, write


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_new_file_and_its_folders_are_made(tmp_path: Path) -> None:
    """A file is written to its place, whether or not its folder exists yet, and nothing else is left there."""
    path = tmp_path / "some" / "where" / "file.bin"
    store(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(path.parent) == {"file.bin"}


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o660])
def test_the_permissions_of_the_old_file_are_kept(tmp_path: Path, mode: int) -> None:
    """A replaced file can be read by the same people as before."""
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    path.chmod(mode)
    store(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that a link points to is replaced, and the link still points to it."""
    (tmp_path / "real.bin").write_bytes(b"old")
    (tmp_path / "link.bin").symlink_to("real.bin")
    store(tmp_path / "link.bin", b"new")
    assert (tmp_path / "link.bin").is_symlink()
    assert (tmp_path / "real.bin").read_bytes() == b"new"


# An error of the system, and what the author can do about it.
HINTS = {
    errno.ENOSPC: "free some space on the disk",
    errno.EACCES: "close the program that has it open, or give yourself permission to write there",
    errno.EROFS: "this disk is read-only: work in a folder on another one",
    errno.EIO: "check whether the disk is healthy",
}


@pytest.mark.parametrize("call", ["replace", "fsync", "chmod"])
@pytest.mark.parametrize("code", HINTS, ids=errno.errorcode.get)
def test_a_failure_in_the_middle_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    """A full disk or a missing permission is reported in a sentence; the old file is whole, with nothing beside it."""
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
        f"    {HINTS[code]}; the old file is unchanged"
    )
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == {"file.bin"}


def test_a_full_disk_is_reported_for_the_new_folder(tmp_path: Path) -> None:
    """The system does not name the file that could not be written. A reader who went away is another matter."""
    for error, expected in (
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), Problems),
        (BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)), BrokenPipeError),
    ):
        with pytest.raises(expected) as caught, staged_folder(tmp_path / "new"):
            raise error
        assert expected is BrokenPipeError or "free some space on the disk" in str(caught.value)
        assert not names(tmp_path)


def test_an_interruption_in_the_middle_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone who interrupts a build finds the old file, and no other beside it."""
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
    """The lock comes first: a package whose identities are not recorded is never written."""
    cards = write(tmp_path, deck({"one": question()}))

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(Problems):
            build(cards, at=FIRST)
    assert names(tmp_path) == {"cards.yaml", ".cuedeck", "decks"}
    assert names(tmp_path / "decks") == set()
    assert build(cards, at=FIRST).package.exists()


def test_a_build_interrupted_between_lock_and_package_heals(tmp_path: Path) -> None:
    """The lock is new and the package is old: the next build makes the package that the first would have made."""
    build_deck(tmp_path, deck({"one": question()}))
    old = (tmp_path / "decks" / "small.apkg").read_bytes()
    whole = build_deck(tmp_path, deck({"one": question(answer="New.")}), FIRST + DAY)
    new = whole.package.read_bytes()
    whole.package.write_bytes(old)
    healed = build(whole.build.checked.workspace.cards, at=FIRST + 2 * DAY)
    assert healed.package.read_bytes() == new
    assert healed.build.counts == {"unchanged": 1}


@pytest.mark.parametrize("where", ["decks/small.apkg", "cards.lock"])
def test_a_folder_where_the_file_should_go(tmp_path: Path, where: str) -> None:
    """A file never replaces a folder: the message names the folder that is in the way."""
    cards = write(tmp_path, deck({"one": question()}))
    (tmp_path / where).mkdir(parents=True)
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST)
    place = (tmp_path / where).as_posix()
    assert str(caught.value) == (
        f"{place}: error: there is a folder where this file should go [unwritable]\n    move it elsewhere"
    )
    assert (tmp_path / where).is_dir()


@pytest.mark.parametrize("where", ["decks", ".cuedeck"])
def test_a_file_where_a_folder_should_be(tmp_path: Path, where: str) -> None:
    """The folder cannot be made, and the error names the file that is in the way; that file stays as it is."""
    cards = write(tmp_path, deck({"one": question()}))
    (tmp_path / where).write_text("in the way", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST)
    place = (tmp_path / where).as_posix()
    assert str(caught.value) == (
        f"{place}: error: there is a file where a folder should be [unwritable]\n    move it elsewhere"
    )
    assert (tmp_path / where).read_text(encoding="utf-8") == "in the way"
    assert not (tmp_path / "cards.lock").exists()


def test_leftovers_of_a_killed_run_are_deleted(tmp_path: Path) -> None:
    """The next build deletes files that were staged but never moved into place; those of other decks stay."""
    cards = write(tmp_path, deck({"one": question()}))
    (tmp_path / "out").mkdir()
    mine = tmp_path / "out" / f".cuedeck-{hashlib.sha256(b'mine.apkg').hexdigest()[:8]}-x.tmp"
    other = mine.with_name(".cuedeck-01234567-x.tmp")
    left = [tmp_path / ".cuedeck-01234567-x.tmp", tmp_path / "decks" / ".cuedeck-01234567-x.tmp", mine, other]
    (tmp_path / "decks").mkdir()
    for path in left:
        path.write_bytes(b"half")
    build(cards, tmp_path / "out" / "mine.apkg", at=FIRST)
    assert [path.exists() for path in left] == [False, False, False, True]
    assert names(tmp_path / "out") == {"mine.apkg", other.name}


@pytest.mark.parametrize("target", ["real.bin", "new/real.bin"])
def test_a_link_to_nothing_is_kept(tmp_path: Path, target: str) -> None:
    """If the file that a link should point to is missing, it is made, and its folder too."""
    (tmp_path / "link.bin").symlink_to(target)
    store(tmp_path / "link.bin", b"new")
    assert (tmp_path / "link.bin").is_symlink()
    assert (tmp_path / target).read_bytes() == b"new"


@pytest.mark.parametrize("where", ["cards.lock", "decks/small.apkg", "decks"])
def test_a_link_that_leads_back_to_itself(tmp_path: Path, where: str) -> None:
    """Such a link is reported, and neither followed forever nor replaced by a file."""
    cards = write(tmp_path, deck({"one": question()}))
    link = tmp_path / where
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(link.name)
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST)
    assert len(caught.value.problems) == 1
    assert link.is_symlink()
    assert not (tmp_path / "cards.lock").exists()


@pytest.mark.hostile
def test_a_link_out_of_the_project_is_kept(tmp_path: Path) -> None:
    """Lock and package may be elsewhere: the files there are replaced, and nothing is left beside them."""
    (tmp_path / "elsewhere").mkdir()
    cards = write(tmp_path / "deck", deck({"one": question()}))
    (tmp_path / "deck" / "cards.lock").symlink_to("../elsewhere/cards.lock")
    (tmp_path / "deck" / "decks").symlink_to("../elsewhere")
    for day in (0, 1):
        write(tmp_path / "deck", deck({"one": question(answer=f"Day {day}.")}))
        build(cards, at=FIRST + day * DAY)
    assert names(tmp_path / "deck") == {"cards.yaml", "cards.lock", "decks", ".cuedeck"}
    assert names(tmp_path / "elsewhere") == {"cards.lock", "small.apkg"}


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    """A package whose name is far too long is not written, and the error says why."""
    cards = write(tmp_path, deck({"one": question()}))
    with pytest.raises(Problems) as caught:
        build(cards, tmp_path / f"{'n' * 300}.apkg", at=FIRST)
    (problem,) = caught.value.problems
    assert (problem.message, problem.hint) == (
        "the file cannot be written: File name too long",
        "choose a shorter name",
    )


def test_a_reader_of_the_old_files_reads_them_to_their_end(tmp_path: Path) -> None:
    """A program that has lock and package open while they are replaced keeps reading the old ones, which are whole."""
    written = build_deck(tmp_path, deck({"one": question()}))
    paths = (tmp_path / "cards.lock", written.package)
    old = [path.read_bytes() for path in paths]
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in paths]
        begun = [file.read(10) for file in files]
        build_deck(tmp_path, deck({"one": question(answer="New.")}), FIRST + DAY)
        assert [start + file.read() for start, file in zip(begun, files, strict=True)] == old
    assert [path.read_bytes() for path in paths] != old
