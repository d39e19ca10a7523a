"""Commands in a folder that a stranger filled, watched: whatever they are given, they end as a command should.

Anything else raises `Broken`: a command with an exit code, a code or characters that no command should have; a lock or
a package that cannot be used afterwards; a page that would run or follow what a stranger wrote; a file written or a
program started where that may not be.
"""

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from cuedeck.explaining.pages import all_pages
from cuedeck.history.lockfile import read_lock
from tests.fuzzing.choices import CANARY
from tests.making import DAY, FIRST
from tests.running import run

NOW = FIRST + 3 * DAY
"""When commands run: after all that the decks here contain."""

_PROGRAMS = ("git",)
_OWN_PREFIX = "cuedeck-"
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CODE = re.compile(r": (?:error|warning|advice): .*\[([a-z0-9-]+)\]$", re.MULTILINE)
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data:text)", re.IGNORECASE)
_FOLLOWED = ("href", "src", "action", "formaction", "xlink:href", "data", "content", "srcset", "background")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Broken(AssertionError):
    """Something that no input may lead to."""


@contextlib.contextmanager
def inside(folder: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Work in a folder that contains these files, at a fixed time, outside any git repository.

    Raises `Broken` at the end if anything was written elsewhere, or another program was started.
    """
    _fill(folder, files)
    given = {
        "SOURCE_DATE_EPOCH": str(NOW),
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    _install()
    try:
        with contextlib.chdir(folder):
            _watch.home = os.path.realpath(folder)
            yield
    finally:
        _watch.home = ""
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    if found := [*_watch.found]:
        _watch.found.clear()
        raise Broken("\n".join(found))


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class _Watch:
    """Where writing is allowed, while anything is watched, and what was seen elsewhere."""

    def __init__(self) -> None:
        self.home = ""
        self.found: list[str] = []

    def see(self, event: str, given: tuple[Any, ...]) -> None:
        """Note an event of Python's audit hooks if it reaches out of the folder."""
        if not self.home:
            return
        if event == "open":
            path, _, flags = given
            if isinstance(path, str | bytes) and flags & _WRITES:
                self._see_path(event, path)
        elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.truncate", "os.chmod"):
            self._see_path(event, given[0])
        elif event in ("os.rename", "os.link", "os.symlink"):
            self._see_path(event, given[1])
        elif event == "subprocess.Popen" and Path(given[0]).name not in _PROGRAMS:
            self.found.append(f"started {given[0]}")
        elif event in ("socket.connect", "socket.getaddrinfo", "os.system", "os.exec"):
            self.found.append(f"{event} {given}")

    def _see_path(self, event: str, path: Any) -> None:
        if not isinstance(path, str | bytes):
            return
        name = os.path.realpath(os.fsdecode(path))
        own = f"{os.path.realpath(tempfile.gettempdir())}{os.sep}{_OWN_PREFIX}"
        if name not in (os.devnull, self.home) and not name.startswith((f"{self.home}{os.sep}", own)):
            self.found.append(f"{event} {name}")


_watch = _Watch()


@cache
def _install() -> None:
    """Let Python report what it opens and starts. This lasts as long as the process."""
    sys.addaudithook(_watch.see)


def succeeds(*words: str) -> bool:
    """Run a command in the current folder; return whether it succeeded. Raises `Broken`."""
    lock = Path("cards.lock")
    before = lock.read_bytes() if lock.is_file() else b""
    result = run(*words)
    said = result.output
    if result.exit_code not in (0, 1) or (result.exit_code and not said):
        raise Broken(f"{words}: exit code {result.exit_code}\n{said}")
    if found := _STEERING.search(said):
        raise Broken(f"{words}: printed {found[0]!r}\n{said!r}")
    if unknown := {*_CODE.findall(said)} - _codes():
        raise Broken(f"{words}: these codes have no page: {unknown}\n{said}")
    if lock.is_file() and lock.read_bytes() != before:
        read_lock(lock)
    return result.exit_code == 0


@cache
def _codes() -> frozenset[str]:
    return frozenset(all_pages())


def built(command: str, *words: str, package: str = "decks/small.apkg") -> bool:
    """Run a build or release, with all hazards accepted if there are any; return whether it succeeded.

    Raises `Broken` if the package does not verify then, or if the next build makes another one.
    """
    if not (succeeds(command, *words) or succeeds(command, *words, "--accept", "*")):
        return False
    if not succeeds("verify", package):
        raise Broken("what was built does not verify")
    before = Path(package).read_bytes()
    if not succeeds("build") or before != Path(package).read_bytes():
        raise Broken("building again without an edit does not build the same")
    return True


def makes_pages(folder: str, *words: str) -> bool:
    """Run a command that writes pages and feeds to a folder; return whether it succeeded.

    Raises `Broken` if one of them is damaged, or would run or follow what a stranger wrote.
    """
    if not succeeds(*words):
        return False
    for path in sorted(Path(folder).rglob("*")):
        if path.suffix == ".html":
            look_through(path.read_text(encoding="utf-8"))
        elif path.suffix in (".xml", ".svg"):
            ElementTree.fromstring(path.read_bytes())
    return True


def look_through(page: str) -> None:
    """Read a page as a browser does. Raises `Broken` at what it would run or follow of a stranger's."""
    _Page(page)


class _Page(HTMLParser):
    """A page; see `look_through`."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self._within = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag if tag in ("script", "style") else ""
        self._stop_at(tag)
        for name, value in attrs:
            self._stop_at(name)
            if name == "srcdoc":
                look_through(value or "")
            if name.startswith("on") or (name in _FOLLOWED and _RUNS.match(value or "")):
                self._stop_at(value or "", name)
            if name in _FOLLOWED and CANARY in (value or "") and tag in ("meta", "base", "link", "form", "iframe"):
                self._stop_at(value or "", name)

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within:
            self._stop_at(data)

    def _stop_at(self, text: str, name: str = "") -> None:
        if CANARY in text:
            raise Broken(f"{self.getpos()}: a page runs or follows {name} {text[:200]}")
