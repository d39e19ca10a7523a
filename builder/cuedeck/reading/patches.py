"""Fixes as edits of the text of a file, and a text in which some of them are made."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from cuedeck.problems import Fix, Keys, Place, Problem, can_be_fixed
from cuedeck.reading.data import Data
from cuedeck.reading.document import line_starts
from cuedeck.reading.parsing import Marks
from cuedeck.reading.writing import Edit, NotWritable, Swap, key_end, replaced, write

Id = tuple[str, Keys, str, str, str, Place | None]


class Places(Protocol):
    """Finds the values of a document in its text."""

    def find(self, keys: Keys) -> Place:
        """Return the place of a value."""
        ...

    def marks(self, keys: Keys) -> Marks | None:
        """Return where a key and its value begin and end; None if they are not there."""
        ...


class Document(Protocol):
    """What a text contains, and where in it."""

    @property
    def data(self) -> Data:
        """All values."""
        ...

    @property
    def places(self) -> Places:
        """Their places."""
        ...


@dataclass(frozen=True)
class Part:
    """A fix of one problem, and the edits that make it, between `start` and `end` of the text.

    `swap` is what it changes in its value; it is None for a fix of the text of the file. `on_key` is true if the value
    is the last of the problem's keys.
    """

    problem: Problem
    fix: Fix
    start: int
    end: int
    edits: tuple[Edit, ...]
    swap: Swap | None = None
    on_key: bool = False

    @property
    def id(self) -> Id:
        """What distinguishes this fix from others."""
        return id_of(self.problem, self.fix)

    @property
    def keys(self) -> Keys:
        """The way to the value that it is about; empty if it is about none."""
        return self.problem.keys


@dataclass(frozen=True)
class Patch:
    """All fixes of one value, or one fix of the text of the file.

    `opening` and `closing` are the edits that put the value in quotes, if its fixes require that.
    """

    parts: tuple[Part, ...]
    opening: tuple[Edit, ...] = ()
    closing: tuple[Edit, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits; of those at one place, the first comes first."""
        return (*self.opening, *(edit for part in self.parts for edit in part.edits), *self.closing)


def id_of(problem: Problem, fix: Fix) -> Id:
    """Return what distinguishes a fix from others; if it is not about a value, this includes its place."""
    return problem.rule, problem.keys, problem.message, fix.old, fix.new, None if problem.keys else problem.place


@dataclass(frozen=True)
class Choice:
    """Which fixes are to be made.

    `occurrences` has, for a fix, which occurrences of its old text in the value it swaps, counted from 0; a fix that
    is not in it swaps all of them. Of the fixes of a value that is in `alone`, only the first is made.
    """

    occurrences: Mapping[Id, Set[int]]
    alone: Set[Keys] = frozenset()


@dataclass(frozen=True)
class Proposed:
    """The fixes of problems that can be made in a text.

    patches     the fixes, in the order of the text and without overlaps
    unwritable  the fixes, value by value, that cannot be written in the form in which the value is written
    counts      how often the value contains the old text of each fix, which may be more often than its problem
    """

    patches: list[Patch]
    unwritable: list[tuple[Id, ...]]
    counts: Mapping[Id, int]


def patches_of(text: str, document: Document | None, problems: Iterable[Problem], choice: Choice) -> Proposed:
    """Return the fixes for problems of a text, as far as `choice` allows them."""
    starts = line_starts(text)
    found: list[Patch] = []
    unwritable: list[tuple[Id, ...]] = []
    counts: dict[Id, int] = {}
    of_values: dict[tuple[Keys, bool], list[tuple[Problem, Fix]]] = defaultdict(list)
    for problem in problems:
        fix = problem.fix
        if not fix or not can_be_fixed(problem) or fix.old == fix.new:
            continue
        if fix.in_text and fix.old and document:
            of_values[problem.keys, _is_on_key(document, problem)].append((problem, fix))
        elif not fix.in_text and choice.occurrences.get(id_of(problem, fix), {0}):
            found += _raw_patch(text, starts, problem, fix)
    for (keys, on_key), fixes in of_values.items():
        assert document
        value = value_at(document.data, keys, on_key)
        if not isinstance(value, str):
            continue
        places = {fix: _places(value, fix[1].old) for fix in fixes}
        counts |= {id_of(*fix): len(each) for fix, each in places.items()}
        swaps = _chosen(places, choice)
        if keys in choice.alone:
            swaps = [each for each in swaps if each[0] == swaps[0][0]]
        try:
            found += _patch(text, document, keys, on_key, value, swaps)
        except NotWritable:
            unwritable.append(tuple(dict.fromkeys(id_of(*fix) for fix, _ in swaps)))
    return Proposed(list(_apart(found)), unwritable, counts)


def value_at(data: Data, keys: Keys, on_key: bool = False) -> Data | None:
    """Return the value at the end of a way, or its last key; None if there is none."""
    if on_key:
        return str(keys[-1])
    found: Data | None = data
    for key in keys:
        if isinstance(found, dict) and isinstance(key, str):
            found = found.get(key)
        elif isinstance(found, list) and isinstance(key, int) and key < len(found):
            found = found[key]
        else:
            return None
    return found


def _raw_patch(text: str, starts: Sequence[int], problem: Problem, fix: Fix) -> Iterator[Patch]:
    if 0 < fix.place.line <= len(starts) and fix.place.column > 0:
        start = starts[fix.place.line - 1] + fix.place.column - 1
        if text.startswith(fix.old, start):
            edit = Edit(start, start + len(fix.old), fix.new)
            yield Patch((Part(problem, fix, edit.start, edit.end, (edit,)),))


def _is_on_key(document: Document, problem: Problem) -> bool:
    """Whether a problem is about the last of its keys, not about the value there."""
    marks = document.places.marks(problem.keys)
    if marks is None or not isinstance(problem.keys[-1], str):
        return False
    at = (problem.place.line - 1, problem.place.column - 1)
    return at < (marks.start.line, marks.start.column) or marks.start.index == marks.key.index


def _places(value: str, old: str) -> list[int]:
    """Return the indexes of a text in a value."""
    places = []
    at = value.find(old)
    while at >= 0:
        places.append(at)
        at = value.find(old, at + len(old))
    return places


def _chosen(
    places: Mapping[tuple[Problem, Fix], Sequence[int]], choice: Choice
) -> list[tuple[tuple[Problem, Fix], Swap]]:
    """Return what fixes swap in a value, in its order and without overlaps."""
    found = [
        ((problem, fix), Swap(start, start + len(fix.old), fix.new))
        for (problem, fix), starts in places.items()
        for number, start in enumerate(starts)
        if number in choice.occurrences.get(id_of(problem, fix), (number,))
    ]
    apart: list[tuple[tuple[Problem, Fix], Swap]] = []
    for each in sorted(found, key=lambda each: each[1].start):
        if not apart or each[1].start >= apart[-1][1].end:
            apart.append(each)
    return apart


def _patch(
    text: str,
    document: Document,
    keys: Keys,
    on_key: bool,
    value: str,
    swaps: Sequence[tuple[tuple[Problem, Fix], Swap]],
) -> Iterator[Patch]:
    """Yield the patch that swaps parts of a value, if there is one. Raises `NotWritable`."""
    marks = document.places.marks(keys)
    if not swaps or marks is None:
        return
    start = marks.key.index if on_key else marks.start.index
    end = key_end(text, start, value) if on_key else marks.end.index
    written = write(text, start, end, value, [swap for _, swap in swaps])
    parts = tuple(
        Part(*fix, made.start, made.end, made.edits, swap, on_key)
        for (fix, swap), made in zip(swaps, written.swaps, strict=True)
    )
    yield Patch(parts, written.opening, written.closing)


def _apart(patches: Iterable[Patch]) -> Iterator[Patch]:
    """Yield patches in the order of the file; of those that overlap, only the first."""
    end = -1
    for first, last, patch in sorted(((*_span(patch), patch) for patch in patches), key=lambda each: each[:2]):
        if first > end:
            yield patch
            end = last


def _span(patch: Patch) -> tuple[int, int]:
    edits = patch.edits
    return min(edit.start for edit in edits), max(edit.end for edit in edits)


class Patched:
    """A text with patches made in it, and where each of their fixes is in it."""

    def __init__(self, before: str, patches: Sequence[Patch]) -> None:
        self.before = before
        self.patches = patches
        self.parts = [part for patch in patches for part in patch.parts]
        edits = [edit for patch in patches for edit in patch.edits]
        self._edits = sorted(edits, key=lambda edit: (edit.start, edit.end))  # those at one place keep their order
        self._starts = [edit.start for edit in self._edits]
        self.text, self._begins = replaced(before, self._edits)

    def span(self, part: Part) -> tuple[int, int]:
        """Return where a fix begins and ends in the text."""
        return self.moved(part.start - 1) + 1, self._after(bisect_right(self._starts, part.end) - 1, part.end)

    def moved(self, at: int) -> int:
        """Return where a character of the old text is now; a replaced one is at the beginning of its replacement."""
        number = bisect_right(self._starts, at) - 1
        if number >= 0 and self._edits[number].start <= at < self._edits[number].end:
            return self._begins[number]
        return self._after(number, at)

    def _after(self, number: int, at: int) -> int:
        """Return where a place after an edit is now."""
        if number < 0:
            return at
        edit = self._edits[number]
        return self._begins[number] + len(edit.text) + at - edit.end

    def line_ends(self, before: Sequence[str]) -> tuple[str, ...]:
        """Return the line ends of the text; `before` are those of the old text."""
        starts = line_starts(self.before)
        ends: list[str] = []
        done = 0
        for edit in self._edits:
            first, last = (bisect_right(starts, at) - 1 for at in (edit.start, edit.end))
            usual = before[min(first, len(before) - 1)] if before else "\n"
            count = edit.text.count("\n")
            ends += before[done:first]
            ends += [*before[first:last], *[usual] * count][:count]
            done = last
        return (*ends, *before[done:])
