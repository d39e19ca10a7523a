"""Rehearse an update from one package to another: play it in a temporary folder, and judge what it did."""

import contextlib
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cuedeck.progress import Progress, unreported
from cuedeck.records import dataclass
from cuedeck.rehearsal.effects import Own, fates, own_things
from cuedeck.rehearsal.findings import Finding, judge
from cuedeck.rehearsal.state import Package


@dataclass(frozen=True)
class Rehearsal:
    """What happened to a learner: the names of notes by their fate, how many cards were studied, and the findings.

    `anki` is the version of Anki's library. `labels` are readable names for notes whose name is only a guid. `own` is
    what the learner had of their own on the notes that the update changes, what they keep if they import the package
    alone, and what if they import the corrections first; None if there are no corrections. `bridges` are the names of
    the packages that the learner imported before the new one.
    """

    anki: str
    studied: int
    fates: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]
    labels: Mapping[str, str]
    own: tuple[Own, Own, Own] | None = None
    bridges: tuple[str, ...] = ()

    @property
    def lossless(self) -> bool:
        """Whether no learner would lose anything."""
        return not any(finding.loss for finding in self.findings)


def play_through(
    old: Package,
    new: Package,
    progress: Progress = unreported,
    corrections: Sequence[bytes] = (),
    bridges: Sequence[Package] = (),
) -> Rehearsal:
    """Play a learner through the update from one package to another, and judge what it did to them.

    With the files of `corrections`, also play one who imports these first. What is lost only then is a finding, too.
    `bridges` are what the learner imports in between, if the old package is one of another tool.
    Raises `ImportError` if Anki's library is missing, `Problems` if Anki cannot work with one of the packages.
    """
    with _apart() as folder:
        from cuedeck.rehearsal.learner import play  # here because it loads Anki's library

        played, gently = play(folder, old, new, progress, corrections, bridges)
    findings, own = judge(played), None
    if gently:
        known = {(finding.rule, finding.names) for finding in findings}
        findings += tuple(each for each in judge(gently) if each.loss and (each.rule, each.names) not in known)
        own = own_things(played, played.before), own_things(played, played.after), own_things(gently, gently.after)
    names = tuple(each.name for each in bridges)
    return Rehearsal(played.anki, len(played.before.reviews), fates(played), findings, played.labels, own, names)


def added_by(package: Package, sheets: Sequence[bytes]) -> tuple[str, ...]:
    """Return the names of the notes that files of corrections add for somebody who has a package: none if all is well.

    Raises `ImportError` if Anki's library is missing, `Problems` if Anki cannot work with the package.
    """
    with _apart() as folder:
        from cuedeck.rehearsal.scratch import scratch  # here because it loads Anki's library

        with scratch(folder / "learner", [package.namespace]) as learner:
            learner.take(package)
            before = learner.state()
            for sheet in sheets:
                learner.take_text(sheet)
            after = learner.state()
    return tuple(note.name for id, note in after.notes.items() if id not in before.notes)


@contextlib.contextmanager
def _apart() -> Iterator[Path]:
    """Make a temporary folder for Anki's library, and keep all that it prints and writes out of everything else."""
    with (
        tempfile.TemporaryDirectory(prefix="cuedeck-", ignore_cleanup_errors=True) as folder,
        _silence(),
        _temporary_files_in(folder),
    ):
        yield Path(folder)


@contextlib.contextmanager
def _temporary_files_in(folder: str) -> Iterator[None]:
    """Make Anki's backend put its temporary files into a folder, so that they are deleted with it."""
    names = ("TMPDIR", "TEMP", "TMP")
    before = {name: os.environ[name] for name in names if name in os.environ}
    os.environ.update(dict.fromkeys(names, folder))
    try:
        yield
    finally:
        for name in names:
            del os.environ[name]
        os.environ.update(before)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep the output and the warnings of Anki's library, in Python and below it, out of our own output."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.ExitStack() as stack,
    ):
        warnings.simplefilter("ignore")
        for number, stream in ((1, sys.__stdout__), (2, sys.__stderr__)):
            with contextlib.suppress(OSError):  # a closed stream needs no silencing
                if stream:
                    stream.flush()
                kept = os.dup(number)
                stack.callback(os.close, kept)
                stack.callback(os.dup2, kept, number)
                with Path(os.devnull).open("wb") as nowhere:
                    os.dup2(nowhere.fileno(), number)
        yield
