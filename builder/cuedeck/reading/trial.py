"""Check whether fixes that were made in a text keep their promise."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from cuedeck.problems import Keys, Level, Place, Problem
from cuedeck.reading.data import Data, Unread
from cuedeck.reading.document import line_starts
from cuedeck.reading.patches import Document, Part, Patch, Patched, value_at
from cuedeck.reading.writing import swapped

Outcome = TypeVar("Outcome", covariant=True)

Failure = Literal["stays", "spoils", "unclear"]
"""Why a fix failed: its problem stays; it spoils something; or it is unclear which fix of the value does."""

_SEVERITY: Mapping[Level, int] = {"advice": 0, "warning": 1, "error": 2}


@dataclass(frozen=True)
class Seen(Generic[Outcome]):
    """What was found in a text: its data and places, if any could be read; its problems; and the whole outcome."""

    document: Document | None
    problems: Sequence[Problem]
    outcome: Outcome


@dataclass(frozen=True)
class Verdict:
    """The fixes that failed, with the reason; and whether something is spoiled by a fix that could not be found."""

    failed: Mapping[Part, Failure]
    is_spoiled: bool = False


def verdict(patched: Patched, old: Seen[object], new: Seen[object]) -> Verdict:
    """Return which of the fixes in a text failed; `old` and `new` are what was seen in the text before and after.

    A fix succeeds if its problem is gone and there is no new one where the fix was made, if nothing else changed in
    its value, and if every other value that could be read is as before.
    """
    document = old.document
    renames = {patch.parts[0].keys: _new_value(patch, document) for patch in patched.patches if _is_on(patch, True)}
    failed: dict[Part, Failure] = {}
    differing = list(_differing(patched, document, new.document, renames))
    is_explained = True
    for keys in differing:
        culprits = [patch for patch in patched.patches if _may_change(patch.parts[0], keys)]
        is_explained = is_explained and bool(culprits)
        for patch in culprits:
            failed |= dict.fromkeys(patch.parts, "unclear" if len(patch.parts) > 1 else "spoils")
    failed |= _Problems(patched, old, new, renames).failures()
    return Verdict(failed, not is_explained)


def _is_on(patch: Patch, key: bool) -> bool:
    part = patch.parts[0]
    return part.swap is not None and part.on_key == key


def _new_value(patch: Patch, old: Document | None) -> str:
    """Return what a patched value or key should be now; `old` is the document that it was in."""
    assert old
    part = patch.parts[0]
    value = str(value_at(old.data, part.keys, part.on_key))
    return swapped(value, [each.swap for each in patch.parts if each.swap])


def _may_change(part: Part, keys: Keys) -> bool:
    """Whether a fix may have changed the value at the end of a way: the fix is in that value, or in one around it."""
    return bool(part.keys) and keys[: len(part.keys)] == part.keys


def _differing(
    patched: Patched, old: Document | None, new: Document | None, renames: Mapping[Keys, str]
) -> Iterator[Keys]:
    """Yield the ways to the values that are not what they should be."""
    if old is None:  # nothing could be read, so there is nothing to keep
        return
    if new is None:
        yield ()
        return
    wanted = {patch.parts[0].keys: _new_value(patch, old) for patch in patched.patches if _is_on(patch, False)}
    free = {part.keys for part in patched.parts if part.swap is None and part.keys}
    yield from _Comparison(renames, wanted, free).differences(old.data, new.data, ())


@dataclass(frozen=True)
class _Comparison:
    """What may differ: keys with a new name, values with a new text, and values that are free to change."""

    renames: Mapping[Keys, str]
    wanted: Mapping[Keys, str]
    free: Set[Keys]

    def differences(self, old: Data, new: Data, keys: Keys) -> Iterator[Keys]:
        """Yield the ways to all other values that differ. A value that could not be read before may be anything."""
        if keys in self.free or isinstance(old, Unread):
            return
        if keys in self.wanted:
            if new != self.wanted[keys]:
                yield keys
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from self._in_mappings(old, new, keys)
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            for number, (before, after) in enumerate(zip(old, new, strict=True)):
                yield from self.differences(before, after, (*keys, number))
        elif old != new:
            yield keys

    def _in_mappings(self, old: dict[str, Data], new: dict[str, Data], keys: Keys) -> Iterator[Keys]:
        ways = [(*keys, name) for name in old]
        names = [self.renames.get(way, name) for way, name in zip(ways, old, strict=True)]
        if names != list(new):
            times = Counter(names)
            doubled = [way for way, name in zip(ways, names, strict=True) if times[name] > 1]
            yield from doubled or [keys]
            return
        for way, before, after in zip(ways, old.values(), new.values(), strict=True):
            yield from self.differences(before, after, way)


_Sign = tuple[str, Keys, str, str]


class _Problems:
    """The problems before and after the fixes, and which fixes the later ones are evidence against."""

    def __init__(self, patched: Patched, old: Seen[object], new: Seen[object], renames: Mapping[Keys, str]) -> None:
        self._renames = renames
        self._new = new
        self._known = {self._sign_after(problem) for problem in old.problems}
        self._starts = line_starts(patched.text)
        self._fixed: dict[tuple[_Sign, int | None], list[Part]] = defaultdict(list)
        before = line_starts(patched.before)
        for part in patched.parts:
            at = None if part.keys else _index(before, part.problem.place)
            self._fixed[self._sign_after(part.problem), None if at is None else patched.moved(at)].append(part)
        spans = sorted((patched.span(part), number) for number, part in enumerate(patched.parts))
        self._spans = [span for span, _ in spans]
        self._parts = [patched.parts[number] for _, number in spans]
        self._of_values: dict[Keys, list[Part]] = defaultdict(list)
        for part in patched.parts:
            if part.keys:
                self._of_values[self._renamed(part.keys)].append(part)

    def failures(self) -> dict[Part, Failure]:
        """Return the fixes whose problem is still there, and those that caused a new one."""
        found: dict[Part, Failure] = {}
        for problem in self._new.problems:
            sign = _sign(problem)
            at = _index(self._starts, problem.place)
            if staying := self._fixed.get((sign, None if problem.keys else at)):
                found |= dict.fromkeys(staying, "stays")
                continue
            here = self._made_at(at)
            if here and self._is_new(problem, here, sign):
                found.setdefault(here, "spoils")
            elif not here and self._is_unlocated(problem):
                parts = self._of_values[problem.keys]
                why: Failure = "spoils" if len({part.id for part in parts}) == 1 else "unclear"
                for part in parts:
                    if self._is_new(problem, part, sign):
                        found.setdefault(part, why)
        return found

    def _is_new(self, problem: Problem, part: Part, sign: _Sign) -> bool:
        """Whether a problem at a fix is evidence against it: it was not there before, nor hidden by the old problem.

        A problem of invalid YAML hides all problems of values.
        """
        if problem.keys and (sign in self._known or not part.keys):
            return False
        weighs = problem.level == "error" or problem.fix is not None
        return weighs and _SEVERITY[problem.level] >= _SEVERITY[part.problem.level]

    def _is_unlocated(self, problem: Problem) -> bool:
        """Whether the place of a problem is the beginning of its value, so that it may be anywhere in the value."""
        document = self._new.document
        is_patched = problem.keys in self._of_values
        return is_patched and document is not None and document.places.find(problem.keys) == problem.place

    def _made_at(self, at: int | None) -> Part | None:
        """Return the fix that was made at a character of the text."""
        if at is None:
            return None
        number = bisect_right(self._spans, at, key=lambda span: span[0]) - 1
        if number < 0:
            return None
        begin, end = self._spans[number]
        return self._parts[number] if at < max(end, begin + 1) else None

    def _sign_after(self, problem: Problem) -> _Sign:
        """Return what identifies an earlier problem after the fixes."""
        rule, keys, message, old = _sign(problem)
        for length in range(1, len(keys) + 1) if self._renames else ():
            if new := self._renames.get(keys[:length]):
                message = message.replace(f'"{keys[length - 1]}"', f'"{new}"')
        return rule, self._renamed(keys), message, old

    def _renamed(self, keys: Keys) -> Keys:
        if not self._renames:
            return keys
        return tuple(self._renames.get(keys[: number + 1], key) for number, key in enumerate(keys))


def _sign(problem: Problem) -> _Sign:
    """Return what identifies a problem, wherever it is in its value."""
    return problem.rule, problem.keys, problem.message, problem.fix.old if problem.fix else ""


def _index(starts: Sequence[int], place: Place) -> int | None:
    """Return the index of a place in the text whose lines begin at `starts`; None for the whole file."""
    if not 0 < place.line <= len(starts):
        return None
    return starts[place.line - 1] + max(place.column - 1, 0)
