"""Whether a package is what a source and its lock give."""

from pathlib import Path

from cuedeck.building.assembling import Build, stamp_as_last
from cuedeck.building.gates import gated
from cuedeck.building.loading import load
from cuedeck.disk.workspace import Workspace
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.problems import Place, Problem, Problems, stop
from cuedeck.wording import counted, listed


def verify(package: Path, cards: Path) -> int:
    """Return how many notes a package holds that is just what `cards` and its lock give.

    Raises `Problems` that say what differs, or that cannot be compared.
    """
    files = read_members(package)
    checked = gated(load(Workspace(cards)))
    lock = checked.workspace.lock
    if not lock.exists():
        stop(
            lock.as_posix(),
            "no-lock",
            "the lock is missing, and nothing else tells how the package was built",
            "bring it back from git; or build first: cuedeck build",
        )
    built = stamp_as_last(checked)
    if stale := [each.known.id for each in built.notes if each.status != "unchanged"]:
        raise Problems(
            [
                Problem(
                    Place(cards.as_posix()),
                    f"{_notes(len(stale), 'was', 'were')} edited since {checked.workspace.lock.name} was written: "
                    f"{listed(stale)}",
                    "lock-behind",
                    "build first: cuedeck build",
                )
            ]
        )
    if files != built.members:
        raise Problems(_differences(package, files, built))
    return len(built.notes)


def _notes(count: int, one: str, many: str) -> str:
    return f"{counted(count, 'note')} {one if count == 1 else many}"


def _differences(package: Path, files: dict[str, bytes], built: Build) -> list[Problem]:
    place = Place(package.as_posix())
    hint = "if the source is right, build the package again: cuedeck build"

    def differs(message: str) -> Problem:
        return Problem(place, message, "differs", hint)

    problems = [differs(f'the file "{name}" is missing in the package') for name in built.members.keys() - files.keys()]
    problems += [
        differs(f'the file "{name}" does not belong in the package') for name in files.keys() - built.members.keys()
    ]
    names = {stamped.known.guid: stamped.known.id for stamped in built.notes}
    namespace = built.checked.deck.about.namespace
    found, wanted = (read_snapshot(each, package, namespace).notes for each in (files, built.members))
    groups = {
        ("is missing", "are missing"): wanted.keys() - found.keys(),
        ("does not belong in it", "do not belong in it"): found.keys() - wanted.keys(),
        ("differs", "differ"): {guid for guid in found.keys() & wanted.keys() if found[guid] != wanted[guid]},
    }
    problems += [
        differs(f"{_notes(len(guids), *words)}: {listed(sorted(names.get(guid, guid) for guid in guids))}")
        for words, guids in groups.items()
        if guids
    ]
    return problems or [differs("the notes are the same, but the note types, decks, cards or the manifest differ")]
