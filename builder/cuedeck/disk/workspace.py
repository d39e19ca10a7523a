"""Where all files of a deck are. Nothing else in the program composes such a path."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from cuedeck.disk.storing import clear_staged, stop_unwritable
from cuedeck.disk.text import CARDS_NAME, read_text
from cuedeck.disk.unreadable import is_endless
from cuedeck.problems import stop
from cuedeck.records import dataclass

_PACKAGES = "decks"
PACKAGE = ".apkg"
"""The ending of a package's name."""

_STATE = ".cuedeck"
_IGNORED = "*\n"


@dataclass(frozen=True)
class Workspace:
    """The paths of a deck's files, from the path of its cards file; some also depend on the deck's id.

    Most are only names: the caller must see whether there is a file. `parts` are the other files that the deck is read
    from, once it was read.
    """

    cards: Path
    parts: tuple[Path, ...] = ()

    @property
    def written(self) -> tuple[Path, ...]:
        """The files that the author writes: the cards file and the parts."""
        return self.cards, *self.parts

    @property
    def argument(self) -> list[str]:
        """What a command needs to find the deck: the path of the cards file, or nothing if that is where it looks."""
        return [] if self.cards == Path(CARDS_NAME) else [self.cards.as_posix()]

    @property
    def folder(self) -> Path:
        """The folder of the cards file, which everything else is relative to."""
        return self.cards.parent

    @property
    def lock(self) -> Path:
        """The lock: beside the cards file, under its name."""
        cards = self.cards
        return cards.with_suffix(".lock") if cards.suffix == ".yaml" else cards.with_name(f"{cards.name}.lock")

    def locks(self) -> list[Path]:
        """Return all files in the folder that may be the lock of a deck, sorted."""
        return sorted(self.folder.glob("*.lock"))

    def former_lock(self, namespace: str) -> Path:
        """Return the path of the lock of the deck that this one was forked from."""
        return self.lock.with_name(f"{self.lock.name}.{namespace}")

    @property
    def changelog(self) -> Path:
        """The changelog, which several decks in one folder share."""
        return self.folder / "CHANGELOG.md"

    @property
    def packages(self) -> Path:
        """The folder of packages."""
        return self.folder / _PACKAGES

    def package(self, deck: str) -> Path:
        """Return where the package of a deck with this id goes by default."""
        return self.packages / f"{deck}{PACKAGE}"

    def release(self, deck: str, version: str) -> Path:
        """Return where the package of a release is kept, so that later ones can be compared with it."""
        return self.packages / f"{deck}-{version}{PACKAGE}"

    def all_packages(self) -> list[Path]:
        """Return all files in the folder of packages that may be packages."""
        return [*self.packages.glob(f"*{PACKAGE}")]

    def kept_packages(self, deck: str) -> list[Path]:
        """Return the packages that are kept of a deck's releases, newest first."""
        kept = filter(Path.is_file, self.packages.glob(f"{deck}-*{PACKAGE}"))
        return sorted(kept, key=lambda path: path.stat().st_mtime, reverse=True)

    def corrections(self, name: str) -> Path:
        """Return where a file of corrections goes, beside the packages; `name` says from and to which releases."""
        return self.packages / name

    def bridge(self, deck: str, number: str) -> Path:
        """Return where a bridge from another tool's package goes; `number` distinguishes several of them."""
        return self.packages / f"{deck}-bridge{number}{PACKAGE}"

    def bridges(self, deck: str) -> tuple[Path, ...]:
        """Return the bridges of a deck that exist, in the order in which learners import them."""
        one, *two = (self.bridge(deck, number) for number in ("", "-1", "-2"))
        if not all(map(Path.is_file, two)):
            return (one,) if one.is_file() else ()
        is_newer = one.is_file() and one.stat().st_mtime > two[-1].stat().st_mtime
        return (one,) if is_newer else tuple(two)

    def preview(self) -> Path:
        """Return where the preview goes by default. Raises as `state` does."""
        return self.state() / "preview.html"

    def site(self) -> Path:
        """Return the folder that the site of a release goes to by default. Raises as `state` does."""
        return self.state() / "site"

    @property
    def media_digests(self) -> Path:
        """Where it is remembered what the pictures and sounds contain, if there is a folder for that."""
        return self.folder / _STATE / "media.json"

    def state(self) -> Path:
        """Return the folder for files that can be made again, after making it if it is missing; git ignores it.

        Links in it are removed: nobody needs any there, and in a stranger's folder they may lead to any file, which
        would be overwritten. Raises `Problems` if the folder is a link itself, or if nothing can be written there.
        """
        state = self.folder / _STATE
        if state.is_symlink():
            stop(
                state.as_posix(),
                "unwritable",
                "this is a link, and files could be overwritten there",
                "delete the link",
            )
        try:
            state.mkdir(exist_ok=True)
            for each in filter(Path.is_symlink, state.iterdir()):
                each.unlink(missing_ok=True)
            ignore = state / ".gitignore"
            if is_endless(ignore):
                ignore.unlink()
            if not ignore.is_file() or ignore.read_text(encoding="utf-8") != _IGNORED:
                ignore.write_text(_IGNORED, encoding="utf-8")
        except OSError as error:
            stop_unwritable(state, error)
        return state

    @contextlib.contextmanager
    def alone(self, patience: float = 60) -> Iterator[None]:
        """Hold the folder's build lock. A second build waits at most `patience` seconds and then raises `Problems`.

        Files that a killed run left half written are deleted. Raises `Problems` also if the lock cannot be acquired, or
        if there is no cards file; in that case nothing is left behind, not even the build lock.
        """
        from filelock import FileLock, Timeout  # here because it costs start-up time that only writing needs

        if not os.path.isfile(self.cards):  # noqa: PTH113  as for folders
            read_text(self.cards)  # reports what is wrong with it
        state = self.state()
        try:
            lock = FileLock(state / "build.lock", timeout=patience)
            lock.acquire()
        except Timeout:
            stop(
                self.folder.as_posix(),
                "busy",
                "another build has been running in this folder for a minute",
                "wait for it or stop it, then build again",
            )
        except NotImplementedError:
            stop(
                self.folder.as_posix(),
                "unwritable",
                "this disk cannot lock files, so two builds could overwrite each other's work",
                "work in a folder on another disk",
            )
        except OSError as error:
            stop_unwritable(state, error)
        try:
            for each in {self.packages, *(path.parent for path in self.written)}:
                clear_staged(each)
            yield
        finally:
            lock.release()

    def is_source(self, path: Path) -> bool:
        """Return whether a path leads to the cards file, a part, the lock or the changelog, which must be kept."""
        # Not resolve(), which raises errors of its own if links lead back to themselves.
        return os.path.realpath(path) in map(os.path.realpath, (*self.written, self.lock, self.changelog))

    def stop_if_foreign(self, path: Path, begins: bytes) -> None:
        """Raise `Problems` if a file that can be made again, and begins with these bytes, would overwrite any other."""
        stop_at_folders(path)
        if self.is_source(path) or not _begins(path, begins):
            stop(path.as_posix(), "unwritable", "this would overwrite an existing file", "name another file")


def stop_at_folders(*targets: Path) -> None:
    """Raise `Problems` if a folder is in the way of a file that is to be written."""
    for target in targets:
        # Unlike the method of Path, this returns False for a name that no file can have.
        if os.path.isdir(target):  # noqa: PTH112
            stop(target.as_posix(), "unwritable", "there is a folder where this file should go", "move it elsewhere")


def _begins(path: Path, begins: bytes) -> bool:
    """Return whether a file begins with these bytes; True if none can be read, which writing will report."""
    if path.exists() and not path.is_file():
        return False  # reading from a pipe may never end
    try:
        with path.open("rb") as file:
            return file.read(len(begins)).lower() == begins
    except OSError:
        return True
