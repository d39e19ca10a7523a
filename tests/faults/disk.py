"""A disk that keeps no more than it must: what it may hold when the power goes, and comes back.

* A file that was flushed is as it was then; one that was written since may be so too, or as at any moment in between,
  or empty.
* A name that came, went or changed is so for sure once its folder was flushed. Until then each of these may have
  happened or not, whatever happened to others, before or after it; only a rename is never half done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations, product
from pathlib import Path

Data = tuple[int, bytes]
"""The rights of a file, and what is in it; a folder has no bytes."""
State = dict[str, Data]
"""Files and folders by name, from the folder of the deck."""

TOP = "."


@dataclass(frozen=True)
class Step:
    """One call that changes names or flushes: what it is, the names that it is about, and all that was there before."""

    call: str
    names: tuple[str, ...]
    before: State


class File:
    """A file or folder, whatever its name: how it may be after a power cut. The last of these is how it is now."""

    def __init__(self, *may_be: Data) -> None:
        self.may_be = list(may_be)

    def become(self, data: Data) -> None:
        """Take in how it is now."""
        before = self.may_be[-1:]
        if before != [data]:
            was_written = not before or before[0][1] != data[1]
            self.may_be += [(data[0], b""), data] if was_written else [data]

    def flush(self) -> None:
        """Be for sure as it is now."""
        del self.may_be[:-1]


@dataclass(frozen=True)
class Change:
    """A change of names that may not be on the disk yet: the name that went, the one that came, and for what."""

    gone: str
    come: str
    file: File

    @property
    def folder(self) -> str:
        """The folder that holds the names. A rename stays in its folder."""
        return Path(self.come or self.gone).parent.as_posix()

    def apply(self, names: dict[str, File]) -> None:
        """Do this to names."""
        names.pop(self.gone, None)
        if self.come:
            names[self.come] = self.file


class Disk:
    """What is on a disk for sure, and what may be."""

    def __init__(self, state: State) -> None:
        self._sure = {name: File(data) for name, data in state.items()}
        self._now = dict(self._sure)
        self._pending: list[Change] = []

    def look(self, state: State) -> None:
        """Take in what was written to files since the last step, for which there is no step."""
        assert state.keys() == self._now.keys(), f"not recorded: {state.keys() ^ self._now.keys()}"
        for name, data in state.items():
            self._now[name].become(data)

    def follow(self, step: Step) -> None:
        """Take in what a step does."""
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
        """Yield all that may be found when the power is back."""
        for chosen in chain.from_iterable(combinations(self._pending, n) for n in range(len(self._pending) + 1)):
            names = dict(self._sure)
            for change in chosen:
                change.apply(names)
            there = {name: file for name, file in names.items() if names.keys() >= _folders_above(name)}
            for data in product(*(set(file.may_be) for file in there.values())):
                yield dict(zip(there, data, strict=True))


def _folders_above(name: str) -> set[str]:
    return {folder.as_posix() for folder in Path(name).parents} - {TOP}
