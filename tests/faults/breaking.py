"""Interrupt a command at every step that it takes on disk, and look at what is left. This is a separate program.

`python -m tests.faults.breaking NAME FOLDER` prints as JSON how many faults were injected, and what was wrong
afterwards. With the name "crowd" it prints how fifty simultaneous builds ended; with "forbidden", what is said if
something may not be written or read. It forks for each fault, so that the interpreter starts only once. At every step
the command is killed once and fails once: in one way after another, or in every way with FAULTS=all in the environment.
"""

import errno
import fcntl
import gc
import importlib
import io
import json
import os
import random
import secrets
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, Protocol

from cuedeck.cli import COMMANDS, main
from cuedeck.usecases import share
from cuedeck.usecases.build import build
from tests.anki.packages import Row, pack
from tests.faults.scenarios import (
    COURSE,
    COURSE_NEW,
    FOREIGN,
    GUIDS,
    NEW,
    OLD,
    PICTURES,
    SCENARIOS,
    SHOWN,
    SHOWN_NEW,
    Scenario,
)
from tests.making import DAY, FIRST, checked, write
from tests.recordings import recording
from tests.tinymedia import file, put

EVERY = os.environ.get("FAULTS") == "all"
CODES = (errno.ENOSPC, errno.EACCES, errno.EIO, errno.EROFS)
KILLED = -signal.SIGKILL
STOPPED = 130
SEEN = {"open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.scandir", "os.listdir", "fcntl.flock"}

Files = dict[str, bytes]

NOBODY = 65534
# What may not be written or read, its permissions, and the command that runs into it.
FORBIDDEN = (
    (".", 0o555, "build cards.yaml"),
    ("decks", 0o555, "build cards.yaml"),
    ("decks", 0o555, "release 1.0.0 cards.yaml"),
    (".cuedeck", 0o555, "build cards.yaml"),
    (".cuedeck/build.lock", 0o000, "build cards.yaml"),
    ("cards.lock", 0o000, "build cards.yaml"),
    ("cards.yaml", 0o000, "build cards.yaml"),
    (".", 0o555, "fork cards.yaml"),
    ("decks/small.apkg", 0o000, "verify decks/small.apkg cards.yaml"),
    ("media/a.png", 0o000, "build cards.yaml"),
    ("media", 0o000, "build cards.yaml"),
    ("media", 0o111, "build cards.yaml"),
    (".cuedeck/media.json", 0o000, "build cards.yaml"),
    ("lectures", 0o000, "build cards.yaml"),
    ("lectures", 0o444, "build cards.yaml"),
    ("lectures/2.yaml", 0o000, "build cards.yaml"),
)


class Fault:
    """What happens at step number `at`: a signal that ends the program, or an exception."""

    def __init__(self, folder: Path, at: int = -1, kind: int | type[BaseException] = 0) -> None:
        self.folder, self.at, self.kind = os.fspath(folder), at, kind
        self.steps = 0
        sys.addaudithook(self._seen)
        os.fsync = lambda _: self.step()  # counted, but not done: powercuts.py shows what it is good for
        os.fdopen = lambda handle, mode: _File(io.FileIO(handle, mode), self)  # type: ignore[assignment, misc]

    def _seen(self, event: str, words: tuple[Any, ...]) -> None:
        if event in SEEN and (event == "fcntl.flock" or self._concerns(words[0])) and words[1:] != (fcntl.LOCK_UN,):
            self.step()

    def _concerns(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self.folder)

    def step(self, halfway: Callable[[], None] = lambda: None) -> None:
        """Count a step. If it is the one that should fail, do half of it and fail."""
        number, self.steps = self.steps, self.steps + 1
        if number != self.at:
            return
        halfway()
        if self.kind == signal.SIGKILL:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind is KeyboardInterrupt:
            raise KeyboardInterrupt
        raise OSError(self.kind, os.strerror(int(self.kind)), self.folder)  # type: ignore[call-overload]


class _File(io.BufferedWriter):
    """A file in which a write may fail halfway."""

    def __init__(self, raw: io.FileIO, fault: Fault) -> None:
        super().__init__(raw)
        self._fault = fault

    def write(self, data: Any) -> int:
        def half() -> None:
            super(_File, self).write(data[: len(data) // 2])
            self.flush()

        self._fault.step(half)
        return super().write(data)


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code or negative signal, the problems that it printed, the number of steps."""

    code: int
    said: str
    steps: int


class Watch(Protocol):
    """Watches a command from within while it runs, and counts its steps."""

    steps: int


def run_forked(folder: Path, words: str, day: int, watch: Callable[[Path], Watch] = Fault, user: int = 0) -> Ended:
    """Run a command in a fork of this process, with a watch on its folder, and as another user if one is given."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(writing, 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _act(folder, words, day, watch, user)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said, _, steps = pipe.read().partition("\0")
    return Ended(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said, int(steps or 0))


def _act(folder: Path, words: str, day: int, watch: Callable[[Path], Watch], user: int = 0) -> None:
    """Become the command. Never returns."""
    code = 99
    sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", encoding="utf-8")
    try:
        if user:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        os.environ["SOURCE_DATE_EPOCH"] = str(FIRST + day * DAY)
        secrets.choice = random.Random(day).choice  # type: ignore[assignment]
        places = ("cards.yaml", "talk.srt", "decks/", "out/")
        sys.argv = ["cuedeck", *(f"{folder}/{word}" if word.startswith(places) else word for word in words.split())]
        watching = watch(folder)
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        os.write(2, f"\0{watching.steps}".encode())
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def files(folder: Path) -> Files:
    """Return the files of a folder by name, without those of the builder's own state."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != ".cuedeck")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def prepare(folder: Path, scenario: Scenario) -> int:
    """Do in a folder what was done before the command; return the day of the command itself."""
    folder.mkdir()
    if scenario.foreign:
        (folder / FOREIGN).parent.mkdir()
        picture = folder / "out" / "front.png"
        picture.write_bytes(file("png"))
        rows = [Row(guid, ('Front <img src="front.png">', "Back")) for guid in GUIDS]
        pack(folder / FOREIGN, rows, media=[picture])
    if scenario.recorded:
        recording(folder / "talk.wav", 6)
    for day, ((data, words), pictures) in enumerate(zip_longest(scenario.before, scenario.pictures, fillvalue={})):
        write(folder, data)
        put(folder, **pictures)
        if words:
            ended = run_forked(folder, words, day)
            assert ended.code == 0, ended.said
    if scenario.talk:
        (folder / "talk.srt").write_text(scenario.talk, encoding="utf-8")
    for name in scenario.gone:
        (folder / name).unlink()
    return len(scenario.before)


def faults(steps: int) -> Iterator[tuple[int, int | type[BaseException]]]:
    """Yield every step with every way in which it is to fail."""
    for step in range(steps):
        yield step, signal.SIGKILL
        others = (KeyboardInterrupt, *CODES)
        yield from ((step, kind) for kind in (others if EVERY else others[step % len(others) :][:1]))


def wrong_after(kind: object, ended: Ended, left: Files, old: Files, done: Files) -> Iterator[str]:
    """Yield what is wrong with how a command ended, and with what it left."""
    codes = {signal.SIGKILL: {KILLED}, KeyboardInterrupt: {STOPPED}}.get(kind, {0, 1})  # type: ignore[call-overload]
    if ended.code not in codes or "Traceback" in ended.said:
        yield f"ended with {ended.code}: {ended.said}"
    # If a fork could not remove the old lock, the next build recognizes it.
    if ended.code == 0 and {**left, **done} != left:
        yield "ended well, but not all was done"
    if ended.code == 1 and ended.said.count(": error: ") != 1:
        yield f"no sentence: {ended.said}"
    if kind != signal.SIGKILL:
        yield from (f"{name} was left over" for name in left if is_staged(name))
    yield from torn(left, old, done)


def is_staged(name: str) -> bool:
    """Whether a file, or the folder that it is in, is on its way to its place."""
    return any(part.startswith(".cuedeck-") for part in name.split("/"))


def torn(left: Mapping[str, object], old: Mapping[str, object], done: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with the files that a command left, compared with those before it and those after it."""
    for name in old.keys() | done.keys() | left.keys():
        if not is_staged(name) and left.get(name) not in (old.get(name), done.get(name)):
            yield f"{name} is neither the old one nor the new one"
    if "cards.lock" in done and left.get("cards.lock") != done["cards.lock"]:
        # A bridge brings learners to a lock, which is written after all bridges.
        packages = (name for name in done if name.endswith(".apkg") and not name.endswith("-bridge.apkg"))
        yield from (f"{name} is newer than the lock" for name in packages if left.get(name) != old.get(name))


class Course:
    """A scenario played in a folder: its files before the command, after it, and after the next command."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self.folder = folder
        self.words, self.heal = scenario.words, scenario.heal or scenario.words
        self.day = prepare(folder / "old", scenario)
        clean = run_forked(self.fresh("done"), self.words, self.day)
        assert clean.code == 0, clean.said
        self.steps = clean.steps
        self.old, self.done = files(folder / "old"), files(folder / "done")
        # What the next command makes of the folder if this command was done, and if it had not started.
        run_forked(shutil.copytree(folder / "done", folder / "healed"), self.heal, self.day)
        run_forked(self.fresh("not begun"), self.heal, self.day)
        self.healed = [files(folder / "healed"), files(folder / "not begun")]

    def fresh(self, name: str) -> Path:
        """Return a folder as it was before the command."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        return Path(shutil.copytree(self.folder / "old", self.folder / name))

    def not_healed(self, place: Path) -> Iterator[str]:
        """Run the next command in a folder where this one was interrupted, and yield what it did not repair."""
        after = run_forked(place, self.heal, self.day)
        now = files(place)
        # A copy of the lock, made by a fork that got no further, does no harm.
        without_copy = {name: data for name, data in now.items() if not name.startswith("cards.lock.")}
        if (now not in self.healed and without_copy not in self.healed) or "Traceback" in after.said:
            yield f"not healed: {after.said} {sorted(now)}"


def broken(scenario: Scenario, folder: Path) -> dict[str, Any]:
    """Interrupt a command at every step; return what was wrong afterwards and after the next command."""
    course = Course(scenario, folder)
    wrong, count = [], 0
    for step, kind in faults(course.steps):
        count += 1
        place = course.fresh("broken")
        ended = run_forked(place, course.words, course.day, partial(Fault, at=step, kind=kind))
        found = [*wrong_after(kind, ended, files(place), course.old, course.done), *course.not_healed(place)]
        wrong += [f"step {step}, {kind}: {each}" for each in found]
    return {"faults": count, "steps": course.steps, "wrong": wrong}


def crowd(folder: Path, number: int) -> dict[str, Any]:
    """Start many builds at once in one folder, each with a different time; return how they ended."""
    write(folder, OLD)
    writing = []
    for day in range(number):
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(os.open(folder.parent / f"said-{day}", os.O_WRONLY | os.O_CREAT), 2)
            _act(folder, "build cards.yaml", day, Fault)
        writing.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in writing]
    left = files(folder)
    run_forked(folder, "build cards.yaml", number)
    return {"codes": codes, "files": sorted(left), "same": files(folder) == left}


def forbidden(folder: Path, closed: str, mode: int, words: str) -> dict[str, Any]:
    """Run a command as a user who may not write or read one file or folder."""
    shown, parted = (SHOWN, SHOWN_NEW), (COURSE, COURSE_NEW)
    before, after = shown if "media" in closed else parted if "lectures" in closed else (OLD, NEW)
    write(folder, before)
    put(folder, **PICTURES)
    ended = run_forked(folder, "build cards.yaml", 0)
    assert ended.code == 0, ended.said
    write(folder, after)
    old = files(folder)
    mine = os.geteuid() != 0
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    (folder / closed).chmod(mode)
    ended = run_forked(folder, words, 1, user=0 if mine else NOBODY)
    (folder / closed).chmod(0o777)
    return {
        "code": ended.code,
        "said": ended.said.replace(f"{folder}/", "").replace(str(folder), "."),
        "same": files(folder) == old,
    }


def warm_up(folder: Path) -> None:
    """Load and compute once what every fork would otherwise have to."""
    for name in COMMANDS:
        importlib.import_module(f"cuedeck.commands.{name}")
    sys.modules["anki"] = None  # type: ignore[assignment]  # a release tries corrections with it, far from this folder
    share.social_picture = lambda edition: b"\x89PNG"  # drawing one takes longer than writing all the rest
    assert checked(write(folder, OLD)).with_advice()
    for _ in range(2):  # the second build looks into the package of the first
        build(folder / "cards.yaml", at=FIRST)
    shutil.rmtree(folder)
    gc.freeze()  # otherwise each fork would copy all of it, just by looking for garbage


if __name__ == "__main__":
    warm_up(Path(sys.argv[2]) / "warm")
    what, place = sys.argv[1], Path(sys.argv[2])
    if what == "crowd":
        print(json.dumps(crowd(place / "crowd", 50)))
    elif what == "forbidden":
        place.chmod(0o755)
        print(json.dumps([forbidden(place / f"{number}", *case) for number, case in enumerate(FORBIDDEN)]))
    else:
        print(json.dumps(broken(SCENARIOS[what], place)))
