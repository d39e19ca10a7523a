"""Make fixes in a text, but only those that keep their promise."""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Generic, TypeVar

from cuedeck.problems import Fix, Keys, Place, Problem
from cuedeck.reading.document import line_starts, place_at
from cuedeck.reading.patches import Choice, Id, Patch, Patched, id_of, patches_of
from cuedeck.reading.trial import Failure, Seen, verdict
from cuedeck.records import dataclass

_MOST_LOOKS = 1000
_FEWEST_LOOKS = 20
_MOST_READ = 40_000_000  # characters, over all the times that the text is read
_MOST_OCCURRENCES = 30  # of a fix's old text in a value, since each of them takes a look

Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Change:
    """A fix that was made, for a problem of this rule. `place` is where `new` is in the resulting text."""

    place: Place
    old: str
    new: str
    rule: str


@dataclass(frozen=True)
class Fixed(Generic[Outcome]):
    """What became of a text: its changes in order, its line ends, and the outcome of the last look at it.

    `is_all` is false if there is more to fix than could be tried in the time that a text may take.
    """

    text: str
    line_ends: tuple[str, ...]
    changes: tuple[Change, ...]
    outcome: Outcome
    is_all: bool


def fix_text(text: str, line_ends: Sequence[str], look: Callable[[str], Seen[Outcome]]) -> Fixed[Outcome]:
    r"""Return a text with all fixes made that keep their promise. A second call changes nothing.

    `look` finds everything that there is to say about a text, and must not raise anything. `line_ends` has the line end
    in the file for each "\n" of the text.
    """
    fixing = _Fixing(text, tuple(line_ends), look)
    most = max(_FEWEST_LOOKS, min(_MOST_LOOKS, _MOST_READ // (len(text) + 1)))
    while (patches := fixing.patches()) and fixing.looks < most:
        fixing.attempt(patches)
    return fixing.fixed(is_all=not patches)


class _Fixing(Generic[Outcome]):
    """A text that is being fixed: what was seen in it, which fixes were made, and which failed."""

    def __init__(self, text: str, line_ends: tuple[str, ...], look: Callable[[str], Seen[Outcome]]) -> None:
        self.looks = 0
        self._look = look
        self._text = text
        self._line_ends = line_ends
        self._seen = look(text)
        self._made: list[tuple[int, Problem, Fix]] = []  # where, in the text as it is now
        self._forget()

    def _forget(self) -> None:
        """Forget which fixes failed: in another text they may succeed."""
        self._occurrences: dict[Id, Set[int]] = {}
        self._alone: set[Keys] = set()
        self._most: int | None = None  # patches to be tried at once
        self._is_fresh = True  # whether the text is the one in which all that failed did so

    def patches(self) -> list[Patch]:
        """Return what to try next; nothing if all that is left has failed in the text as it is now."""
        patches = self._left()
        if not patches and not self._is_fresh:
            self._forget()
            patches = self._left()
        return patches

    def _left(self) -> list[Patch]:
        while True:
            choice = Choice(self._occurrences, self._alone)
            found = patches_of(self._text, self._seen.document, self._seen.problems, choice)
            open_ones = {id: count for id, count in found.counts.items() if count > 1 and id not in self._occurrences}
            if not found.unwritable and not open_ones:
                return found.patches[: self._most]
            for ids in found.unwritable:
                for id in ids:
                    self._note(id, "spoils" if len(ids) == 1 else "unclear")
            self._settle(open_ones)

    def _settle(self, counts: Mapping[Id, int]) -> None:
        """Find out which occurrences of its old text each fix must replace: those without which its problem stays.

        Other occurrences may be in code, for example, or in the middle of a line.
        """
        meant = {id: set(range(count)) if count <= _MOST_OCCURRENCES else set() for id, count in counts.items()}
        for number in range(max((len(each) for each in meant.values()), default=0)):
            others = {id: each - {number} for id, each in meant.items() if number in each and len(each) > 1}
            tried, failed = self._tried(others)
            for id in tried - failed:
                meant[id].discard(number)
        self._occurrences |= meant

    def _tried(self, occurrences: Mapping[Id, Set[int]]) -> tuple[Set[Id], Set[Id]]:
        """Return the fixes that could be tried, and which of them failed; the text stays as it is."""
        problems = [each for each in self._seen.problems if each.fix and id_of(each, each.fix) in occurrences]
        patches = patches_of(self._text, self._seen.document, problems, Choice(occurrences)).patches
        if not patches:
            return set(), set()
        patched, seen = self._made_in(patches)
        tried = {part.id for part in patched.parts}
        found = verdict(patched, self._seen, seen)
        return tried, tried if found.is_spoiled else {part.id for part in found.failed}

    def _made_in(self, patches: Sequence[Patch]) -> tuple[Patched, Seen[Outcome]]:
        """Return the text with patches made in it, and what is seen in it then."""
        patched = Patched(self._text, patches)
        self.looks += 1
        return patched, self._look(patched.text)

    def attempt(self, patches: Sequence[Patch]) -> None:
        """Make fixes, and keep them if all succeed; otherwise leave the text as it is and remember which failed."""
        patched, seen = self._made_in(patches)
        found = verdict(patched, self._seen, seen)
        if found.failed:
            for part, why in found.failed.items():
                self._note(part.id, why)
        elif found.is_spoiled:
            self._narrow(patches)
        else:
            self._keep(patched, seen)

    def fixed(self, is_all: bool) -> Fixed[Outcome]:
        """Return what became of the text."""
        starts = line_starts(self._text)
        changes = tuple(
            Change(place_at(fix.place.file, starts, at), fix.old, fix.new, problem.rule)
            for at, problem, fix in sorted(self._made, key=lambda made: made[0])
        )
        return Fixed(self._text, self._line_ends, changes, self._seen.outcome, is_all)

    def _note(self, id: Id, why: Failure) -> None:
        """Remember that a fix failed, alone or together with others in its value."""
        keys = id[1]
        if why == "unclear" and keys not in self._alone:
            self._alone.add(keys)
        else:
            self._occurrences[id] = set()

    def _narrow(self, patches: Sequence[Patch]) -> None:
        """Try fewer fixes at once when it is unclear which failed; one that failed alone is not tried again."""
        if len(patches) == 1:
            self._occurrences |= {part.id: set() for part in patches[0].parts}
        self._most = max(1, len(patches) // 2)

    def _keep(self, patched: Patched, seen: Seen[Outcome]) -> None:
        self._made = [(patched.moved(at), problem, fix) for at, problem, fix in self._made]
        self._made += [(patched.span(part)[0], part.problem, part.fix) for part in patched.parts]
        self._line_ends = patched.line_ends(self._line_ends)
        self._text, self._seen = patched.text, seen
        self._most = None if self._most is None else self._most * 2
        self._is_fresh = not self._occurrences and not self._alone
