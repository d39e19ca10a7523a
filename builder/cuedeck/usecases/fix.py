"""Fix in a cards.yaml what can have meant only one thing."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from cuedeck.building.gates import gated
from cuedeck.building.loading import Checked, load
from cuedeck.building.mediagates import with_pictures_checked
from cuedeck.disk.storing import store
from cuedeck.disk.text import TextFile, read_file
from cuedeck.disk.workspace import Workspace
from cuedeck.media.digests import CHANGED
from cuedeck.patterns import regex
from cuedeck.problems import Problems, stop, visible
from cuedeck.reading.document import parse
from cuedeck.reading.fixing import Change, fix_text
from cuedeck.reading.trial import Seen
from cuedeck.records import dataclass

_AROUND = 3  # lines that a diff shows before and after each change

_LINE = regex(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True)
class FixedCards:
    """A cards.yaml before and after its fixes, and the changes, in the order of the file.

    `outcome` is what a check says of the fixed file. `is_all` is false if another run can fix more of it.
    """

    cards: Path
    before: TextFile
    after: TextFile
    changes: tuple[Change, ...]
    outcome: Checked | Problems
    is_all: bool

    def diff(self) -> str:
        """Return the changes as a unified diff, with the line ends of the file; "" if there are none."""
        if not self.changes:
            return ""
        name = visible(self.cards.as_posix())
        before, after = (_LINE.findall(file.decoded) for file in (self.before, self.after))
        return "".join(map(_ended, _diff(name, before, after)))


def fix(cards: Path) -> FixedCards:
    """Return a cards.yaml with all fixes made that are certain. Writes nothing.

    Raises `Problems` if there is no such file, or it is not text.
    """
    workspace = Workspace(cards)
    before = read_file(cards)
    fixed = fix_text(before.text, before.line_ends, partial(_seen, workspace))
    after = before.with_text(fixed.text, fixed.line_ends) if fixed.changes else before
    return FixedCards(cards, before, after, fixed.changes, fixed.outcome, fixed.is_all)


def write(fixed: FixedCards) -> None:
    """Write a fixed cards.yaml; without changes, the file is not touched.

    Raises `Problems` if it cannot be written, or if it has changed since it was read; it stays as it is then.
    """
    if not fixed.changes:
        return
    with Workspace(fixed.cards).alone():
        if read_file(fixed.cards).data != fixed.before.data:
            stop(
                fixed.cards.as_posix(),
                CHANGED,
                "another program saved the file while it was being fixed, so nothing was fixed",
                "run cuedeck check --fix again",
            )
        store(fixed.cards, fixed.after.data)


def _seen(workspace: Workspace, text: str) -> Seen[Checked | Problems]:
    """Return what a check would say if the cards file contained this text."""
    document = None
    try:
        document = parse(text, workspace.cards.as_posix(), keep_places=True)
        checked = gated(with_pictures_checked(load(workspace, document=document))).with_advice()
    except Problems as found:
        return Seen(document, found.problems, found)
    return Seen(document, checked.warnings, checked)


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
