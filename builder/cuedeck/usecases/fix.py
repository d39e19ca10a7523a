"""Fix in the files of a deck what can have meant only one thing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import Any

from cuedeck.building.gates import gated
from cuedeck.building.loading import Checked, Inputs, load
from cuedeck.building.mediagates import with_pictures_checked
from cuedeck.disk.storing import store_all
from cuedeck.disk.text import TextFile
from cuedeck.disk.workspace import Workspace
from cuedeck.media.digests import CHANGED
from cuedeck.patterns import regex
from cuedeck.problems import Gathered, Problem, Problems, can_be_fixed, stop, visible
from cuedeck.reading.files import Files
from cuedeck.reading.fixing import Change, fix_text
from cuedeck.reading.joining import JoinedText
from cuedeck.reading.trial import Seen
from cuedeck.records import dataclass

_AROUND = 3  # lines that a diff shows before and after each change

_LINE = regex(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True)
class FixedCards:
    """The files of a deck before and after its fixes, and the changes, in the order of the files.

    `outcome` is what a check says of the fixed files. `is_all` is false if another run can fix more of them.
    """

    cards: Path
    before: Mapping[Path, TextFile]
    after: Mapping[Path, TextFile]
    changes: tuple[Change, ...]
    outcome: Checked | Problems
    is_all: bool

    @property
    def changed(self) -> dict[Path, TextFile]:
        """The files that fixes change, as they are after that."""
        return {path: file for path, file in self.after.items() if file is not self.before[path]}

    def diff(self) -> str:
        """Return the changes as a unified diff, with the line ends of the files; "" if there are none."""
        return "".join(
            _ended(line)
            for path, file in self.changed.items()
            for line in _diff(
                visible(path.as_posix()), *(_LINE.findall(each.decoded) for each in (self.before[path], file))
            )
        )


def fix(cards: Path) -> FixedCards:
    """Return a cards.yaml and its parts with all fixes made that are certain. Writes nothing.

    Raises `Problems` if there is no such file, or it is not text.
    """
    before = _texts(cards)
    joined = JoinedText({path.as_posix(): file.text for path, file in before.items()})
    ends = joined.line_ends({path.as_posix(): file.line_ends for path, file in before.items()})
    fixed = fix_text(joined.text, ends, _Look(cards, tuple(before), joined))
    now = joined.with_text(fixed.text)
    ends_now = now.line_ends_of(fixed.line_ends)
    after = {
        path: file if now.texts[name] == file.text else file.with_text(now.texts[name], ends_now[name])
        for path, file in before.items()
        for name in (path.as_posix(),)
    }
    changes = tuple(replace(change, place=now.apart(change.place)) for change in fixed.changes)
    is_all = fixed.is_all and not any(map(can_be_fixed, _elsewhere(fixed.outcome, now.texts)))
    return FixedCards(cards, before, after, changes, fixed.outcome, is_all)


def write(fixed: FixedCards) -> None:
    """Write the fixed files of a deck; without changes, no file is touched.

    Raises `Problems` if one cannot be written, or if any file of the deck has changed since it was read; all stay as
    they are then.
    """
    if not fixed.changes:
        return
    with Workspace(fixed.cards, tuple(path for path in fixed.before if path != fixed.cards)).alone():
        now = _texts(fixed.cards)
        if changed := [path for path, file in fixed.before.items() if path not in now or now[path].data != file.data]:
            stop(
                changed[0].as_posix(),
                CHANGED,
                "another program saved the file while it was being fixed, so nothing was fixed",
                "run cuedeck check --fix again",
            )
        store_all({path: file.data for path, file in fixed.changed.items()})


def _texts(cards: Path) -> dict[Path, TextFile]:
    """Return the files of a deck that are texts: the cards.yaml, and then its parts as far as they are known.

    Raises `Problems` if the cards.yaml is not a text, or if the system refuses to read a part, which it may not refuse
    the next time.
    """
    files = Files()
    with Gathered() as found:  # a check says what is wrong with them as parts of a deck
        found.problems += files.read(cards).problems
    if cards not in files.texts:
        raise Problems(found.problems)
    if refused := [problem for problem in found.problems if problem.rule == "unreadable"]:
        raise Problems(refused)
    return dict(files.texts)


class _Look:
    """Finds what a check would say if the files of a deck contained other texts, which are joined."""

    def __init__(self, cards: Path, paths: tuple[Path, ...], joined: JoinedText) -> None:
        self._workspace = Workspace(cards)
        self._paths = paths
        self._joined = joined
        self._files = Files(keep_places=True)

    def __call__(self, text: str) -> Seen[Checked | Problems]:
        """Return what is seen in a joined text."""
        joined = self._joined.with_text(text)
        texts = zip(self._paths, joined.texts.values(), strict=True)
        self._files.given = {path: TextFile(each, each.encode()) for path, each in texts}
        outcome: Checked | Problems
        try:
            outcome = gated(with_pictures_checked(load(self._workspace, inputs=Inputs(self._files)))).with_advice()
        except Problems as found:
            outcome = found
        problems = outcome.problems if isinstance(outcome, Problems) else outcome.warnings
        return Seen(joined.document(self._files.documents), [*map(joined.problem, problems)], outcome)


def _elsewhere(outcome: Checked | Problems, names: Collection[str]) -> list[Problem]:
    """Return the problems in other files, which could not be read before other fixes were made."""
    problems = outcome.problems if isinstance(outcome, Problems) else outcome.warnings
    return [problem for problem in problems if problem.place.file not in names]


def _diff(name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a unified diff, with their line ends."""
    yield f"--- {name}\n"
    yield f"+++ {name}\n"
    for group in _Lines(before, after).get_grouped_opcodes(_AROUND):
        yield f"@@ -{_range(group[0][1], group[-1][2])} +{_range(group[0][3], group[-1][4])} @@\n"
        for kind, first, last, first_new, last_new in group:
            if kind == "equal":
                yield from (f" {line}" for line in before[first:last])
            else:
                yield from (f"-{line}" for line in before[first:last])
                yield from (f"+{line}" for line in after[first_new:last_new])


class _Lines(SequenceMatcher[str]):
    """Compare lines; if none came or went, which is usual, one by one, which takes a hundredth of the time."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        super().__init__(None, before, after)
        self._before, self._after = before, after

    def get_opcodes(self) -> list[Any]:
        """Return which lines are the same and which are not, as difflib does."""
        if len(self._before) != len(self._after):
            return super().get_opcodes()
        codes = []
        at = 0
        for same, pairs in groupby(zip(self._before, self._after, strict=True), key=lambda pair: pair[0] == pair[1]):
            end = at + len(list(pairs))
            codes.append(("equal" if same else "replace", at, end, at, end))
            at = end
        return codes


def _range(first: int, last: int) -> str:
    """Return a range of lines as in the head of a hunk: the number of the first one, from 1, and how many there are."""
    return f"{first + 1 if last > first else first},{last - first}"


def _ended(line: str) -> str:
    """Return a line of a diff, followed by the usual remark if it has no line end in its file."""
    return line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n"
