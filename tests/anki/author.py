"""An author who keeps a deck for years: edits it, builds drafts, hands out releases, and does what the messages say."""

import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from cuedeck.problems import Problems
from cuedeck.usecases.build import Written, build
from cuedeck.usecases.release import Released, release
from tests.making import EveryKey, checked, keys_met, spread, write

Result = TypeVar("Result")


@dataclass
class Author:
    """A deck as data, its folder, and a copy of every package that was built from it.

    `met` are all hazards that were ever reported to the author. `draft_lines` is what was last said to those who
    imported a draft. `version` is the first two numbers of the last release. `homes` are the ids of the sources and
    concepts in each part of the deck; all others are in the cards.yaml.
    """

    folder: Path
    data: dict[str, Any]
    packages: list[Path] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    draft_lines: tuple[str, ...] = ()
    version: tuple[int, int] = (1, -1)
    homes: tuple[tuple[str, ...], ...] = ()

    @property
    def notes(self) -> dict[str, dict[str, Any]]:
        """All notes of the file by id."""
        concepts = self.data["concepts"].values()
        return {id: note for concept in concepts for id, note in concept["notes"].items()}

    def concept_of(self, id: str) -> dict[str, Any]:
        """Return the concept that contains a note."""
        concept: dict[str, Any] = next(each for each in self.data["concepts"].values() if id in each["notes"])
        return concept

    def build(self, at: int, accept_all: bool = False) -> Path:
        """Build a draft, accepting the hazards that stop it, or all with `accept_all`; return a copy of the package."""
        cards = self._written()
        accept = keys_met(checked(cards, EveryKey())) if accept_all else ()
        written: Written = self._insisting(lambda keys: build(cards, at=at, accept=keys), accept)
        self.met |= keys_met(written.build.checked)
        self.draft_lines = written.build.checked.drafts
        return self._kept(written.package)

    def release(self, at: int) -> Path | None:
        """Release the deck and return a copy of the package; None if nothing has changed since the last release."""
        cards = self._written()
        found = checked(cards, EveryKey())
        major, minor = self.version
        for version in ((major, minor + 1), (major + 1, 0)):
            name = f"{version[0]}.{version[1]}.0"
            try:
                done: Released = self._insisting(
                    lambda keys, name=name: release(cards, name, keys, at), keys_met(found)
                )
            except Problems as problems:
                if problems.problems[0].rule == "nothing-new":
                    return None
                if problems.problems[0].rule != "needs-major":
                    raise
                continue
            self.version = version
            self.draft_lines = done.build.checked.drafts
            return self._kept(done.build.checked.package_path)
        raise AssertionError("a major release was refused because of its version")

    def _written(self) -> Path:
        shutil.rmtree(self.folder / "lectures", ignore_errors=True)
        return write(self.folder, spread(self.data, *self.homes) if self.homes else self.data)

    def _insisting(self, action: Callable[[set[str]], Result], accept: Collection[str]) -> Result:
        """Do something, and accept each hazard that is reported, as the message says."""
        keys = set(accept)
        while True:
            try:
                result = action(keys)
            except Problems as problems:
                asked = {problem.accept for problem in problems.problems} - {""}
                if not asked - keys:
                    raise
                keys |= asked
            else:
                self.met |= keys
                return result

    def _kept(self, package: Path) -> Path:
        copy = self.folder / "versions" / f"{len(self.packages)}.apkg"
        copy.parent.mkdir(exist_ok=True)
        self.packages.append(Path(shutil.copy(package, copy)))
        return copy
