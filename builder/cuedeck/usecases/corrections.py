"""Write the corrections from one release to a later one, which leave learners' tags and own fields alone."""

from pathlib import Path

from cuedeck.building.correcting import (
    Base,
    base_of,
    bases_before,
    corrections_from,
    prove,
    release_of,
)
from cuedeck.building.loading import load
from cuedeck.disk.storing import store_all
from cuedeck.disk.workspace import Workspace
from cuedeck.problems import Problem, stop
from cuedeck.records import dataclass
from cuedeck.updating.corrections import BEGINNING, Corrections


@dataclass(frozen=True)
class Corrected:
    """The corrections from one release to another, the files that were written, and warnings.

    `files` has the number of notes in each file; it is empty if no text changed.
    """

    base: str
    version: str
    corrections: Corrections
    files: dict[Path, int]
    remarks: tuple[Problem, ...]


def corrections(cards: Path, base: str, version: str = "") -> Corrected:
    """Write the files with the corrections from the release `base` to the release `version`, by default the last one.

    Both are releases of a cards.yaml whose packages are kept. Raises `Problems` if one of them cannot be used, or if
    other files would be overwritten; nothing is written then.
    """
    workspace = Workspace(cards)
    with workspace.alone():
        checked = load(workspace).sound()
        old = release_of(checked, base)
        last = checked.lock.last_release or old
        new = release_of(checked, version) if version else last
        if old.time >= new.time:
            stop(
                cards.as_posix(),
                "corrections",
                f"{old.version} is not earlier than {new.version}: such corrections would bring back what was wrong",
                f"name an earlier release: cuedeck corrections --from VERSION --to {new.version}",
            )
        start, end = base_of(checked, old), base_of(checked, new)
        bases, remarks = bases_before(checked, new.time)
        found = corrections_from(start, _with(bases, start), end.snapshot, checked.lock)
        files = {workspace.corrections(sheet.name): sheet for sheet in found.sheets}
        for path in files:
            workspace.stop_if_foreign(path, BEGINNING)
        prove(start, found)
        store_all({path: sheet.data for path, sheet in files.items()})
        counts = {path: len(sheet.notes) for path, sheet in files.items()}
        return Corrected(old.version, new.version, found, counts, remarks)


def _with(bases: tuple[Base, ...], base: Base) -> tuple[Base, ...]:
    others = (each for each in bases if each.release != base.release)
    return base, *others
