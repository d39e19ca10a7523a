"""A disk that keeps no more than it must: what it may contain after a power cut.

* A file that was flushed is as it was then. If it was written since, it may also be as it was at any later moment, or
  be empty.
* A name that was added, removed or changed is certain once its folder was flushed. Until then each of these changes may
  have happened or not, whatever happened to others, before or after it. Only a rename is never half done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations, product
from pathlib import Path

Data = tuple[int, bytes]
"""The permissions of a file, and its content; a folder has no bytes."""
State = dict[str, Data]
"""Files and folders by name, relative to the folder of the deck."""

TOP = "."


@dataclass(frozen=True)
class Step:
    """One call that changes names or flushes: its kind, the names it concerns, and everything that was there before."""

    call: str
    names: tuple[str, ...]
    before: State


class File:
    """A file or folder, whatever its name: the states it may be in after a power cut. The last one is its state now."""

    def __init__(self, *may_be: Data) -> None:
        self.may_be = list(may_be)

    def become(self, data: Data) -> None:
        """Record its state now."""
        before = self.may_be[-1:]
        if before != [data]:
            was_written = not before or before[0][1] != data[1]
            self.may_be += [(data[0], b""), data] if was_written else [data]

    def flush(self) -> None:
        """Make its state now the only possible one."""
        del self.may_be[:-1]


@dataclass(frozen=True)
class Change:
    """A change of names that may not be on the disk yet: the removed name, the new one, and the file."""

    gone: str
    come: str
    file: File

    @property
    def folder(self) -> str:
        """The folder of the names. A rename stays in its folder."""
        return Path(self.come or self.gone).parent.as_posix()

    def apply(self, names: dict[str, File]) -> None:
        """Make this change in `names`. A folder takes everything in it along."""
        inside = [name for name in names if self.gone and name.startswith(f"{self.gone}/")]
        names.pop(self.gone, None)
        if self.come:
            names[self.come] = self.file
        for name in inside:
            file = names.pop(name)
            if self.come:
                names[self.come + name.removeprefix(self.gone)] = file


class Disk:
    """What is certainly on a disk, and what may be."""

    def __init__(self, state: State) -> None:
        self._sure = {name: File(data) for name, data in state.items()}
        self._now = dict(self._sure)
        self._pending: list[Change] = []

    def look(self, state: State) -> None:
        """Record what was written to files since the last step; writes are not steps."""
        assert state.keys() == self._now.keys(), f"not recorded: {state.keys() ^ self._now.keys()}"
        for name, data in state.items():
            self._now[name].become(data)

    def follow(self, step: Step) -> None:
        """Record what a step does."""
        match step.call, *step.names:
            case "make", name:
                self._change(Change("", name, File()))
            case "rename", old, new:
                self._change(Change(old, new, self._now[old]))
            case "remove", name:
                self._change(Change(name, "", self._now[name]))
            case "flush", name:
                self._flush(name)
            case ("end",):
                pass
            case unknown:
                raise ValueError(unknown)

    def _change(self, change: Change) -> None:
        self._pending.append(change)
        change.apply(self._now)

    def _flush(self, name: str) -> None:
        if name in self._now:
            self._now[name].flush()
        for change in self._pending:
            if change.folder == name:
                change.apply(self._sure)
        self._pending = [change for change in self._pending if change.folder != name]

    def after_a_cut(self) -> Iterator[State]:
        """Yield every state that may be found when the power is back."""
        for chosen in chain.from_iterable(combinations(self._pending, n) for n in range(len(self._pending) + 1)):
            names = dict(self._sure)
            for change in chosen:
                change.apply(names)
            there = {name: file for name, file in names.items() if names.keys() >= _folders_above(name)}
            for data in product(*(set(file.may_be) for file in there.values())):
                yield dict(zip(there, data, strict=True))


def _folders_above(name: str) -> set[str]:
    return {folder.as_posix() for folder in Path(name).parents} - {TOP}
