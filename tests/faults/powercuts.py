"""Cut the power at every moment of a command, and look at what may be on the disk. This is a separate program.

`python -m tests.faults.powercuts NAME FOLDER` runs a command of `breaking.py` once, records what it does to files and
folders, works out with `disk.py` what may be left of that at each moment, and prints as JSON how many such states there
are and what was wrong with them.
"""

import json
import os
import pickle
import shutil
import stat
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults.breaking import Course, is_staged, run_forked, torn, warm_up
from tests.faults.disk import Data, Disk, State, Step
from tests.faults.scenarios import SCENARIOS, Scenario


class Recorder:
    """Records each step of a command in a file, from within."""

    def __init__(self, folder: Path, out: Path) -> None:
        self.folder, self.steps = folder, 0
        self._out = out.open("wb")
        self._at_work = False
        sys.addaudithook(self._seen)
        os.fsync = self._flushed

    def _seen(self, event: str, words: tuple[Any, ...]) -> None:
        if self._at_work or not isinstance(words[0], str | os.PathLike):
            return
        path = Path(words[0])
        is_there = os.path.lexists(path)
        if event == "os.mkdir" or (event == "open" and words[2] & os.O_CREAT):
            if not is_there and path.parent.is_dir():
                self._keep("make", path)
        elif event == "os.rename":
            self._keep("rename", *words[:2])
        elif event in ("os.remove", "os.rmdir") and is_there:
            self._keep("remove", path)

    def _flushed(self, handle: int) -> None:
        found = os.fstat(handle)
        paths = [path for path in (self.folder, *self.folder.rglob("*")) if os.path.samestat(path.stat(), found)]
        self._keep("flush", *paths)

    def _keep(self, call: str, *paths: str | Path) -> None:
        names = tuple(os.path.relpath(path, self.folder) for path in paths)
        if not any(name.startswith("..") for name in names):
            self.steps += 1
            self._at_work = True
            pickle.dump(Step(call, names, state_of(self.folder)), self._out)
            self._out.flush()
            self._at_work = False


def state_of(folder: Path) -> State:
    """Return everything in a folder."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    }


def recorded(folder: Path, words: str, day: int, out: Path) -> Iterator[Step]:
    """Run a command, and yield its steps; the last one is its end."""
    ended = run_forked(folder, words, day, partial(Recorder, out=out))
    assert ended.code == 0, ended.said
    with out.open("rb") as file:
        for _ in range(ended.steps):
            yield pickle.load(file)
    yield Step("end", (), state_of(folder))


def deck_files(state: State) -> State:
    """Return the files of a state, without those in the builder's own folder and those on their way to a place."""
    return {
        name: data
        for name, data in state.items()
        if stat.S_ISREG(data[0]) and not name.startswith(".cuedeck/") and not is_staged(name)
    }


def make(state: State, place: Path) -> Path:
    """Make a folder with the files of a state."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name, (mode, data) in sorted(state.items()):
        path = place / name
        if stat.S_ISDIR(mode):
            path.mkdir()
        else:
            path.write_bytes(data)
        path.chmod(stat.S_IMODE(mode))
    return place


def cut_off(scenario: Scenario, folder: Path) -> dict[str, Any]:
    """Cut the power at every moment of a command; return what was wrong then and after the next command."""
    course = Course(scenario, folder)
    old, done = (deck_files(state_of(folder / name)) for name in ("old", "done"))
    disk = Disk(state_of(folder / "old"))
    seen: set[frozenset[tuple[str, Data]]] = set()
    wrong, steps = [], 0
    for step in recorded(course.fresh("recorded"), course.words, course.day, folder / "steps"):
        steps += 1
        disk.look(step.before)
        for state in disk.after_a_cut():
            found = []
            if step.call == "end" and deck_files(state) != done:
                found.append(f"ended well, but this may be lost: {lost(state, done)}")
            if (key := frozenset(state.items())) not in seen:
                seen.add(key)
                found += [*torn(deck_files(state), old, done), *course.not_healed(make(state, folder / "cut"))]
            wrong += [f"before step {steps}, {step.call} {step.names}: {each} {sorted(state)}" for each in found]
        disk.follow(step)
    return {"steps": steps, "states": len(seen), "wrong": wrong}


def lost(state: State, done: State) -> list[str]:
    """Return the names of the files that are not as the command left them."""
    left = deck_files(state)
    return sorted(name for name in left.keys() | done.keys() if left.get(name) != done.get(name))


if __name__ == "__main__":
    warm_up(Path(sys.argv[2]) / "warm")
    print(json.dumps(cut_off(SCENARIOS[sys.argv[1]], Path(sys.argv[2]))))
