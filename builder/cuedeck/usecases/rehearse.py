"""Play an update through Anki, to see what a learner would lose."""

from collections.abc import Iterable
from pathlib import Path

from cuedeck.building.assembling import stamp_as_next
from cuedeck.building.loading import load
from cuedeck.building.released import is_package, read_named
from cuedeck.disk.workspace import Workspace
from cuedeck.history.identity import TAKEN_OUT
from cuedeck.history.lock import KnownNote
from cuedeck.package.container import archived
from cuedeck.package.database import NEWER_DATABASE, read_snapshot
from cuedeck.progress import Progress, unreported
from cuedeck.rehearsal.rehearsing import Rehearsal, play_through
from cuedeck.rehearsal.state import Package


def rehearse(old: Path, new: Path, progress: Progress = unreported) -> Rehearsal:
    """Play a learner through the update from one package to another, or to the next build of a cards.yaml.

    Raises `ImportError` if Anki's library is missing, and `Problems` if one of the two cannot be used.
    """
    return play_through(_package(old), _package(new) if is_package(new) else _next_build(new), progress)


def _package(path: Path) -> Package:
    # Checked before Anki reads it: its size, and as much of its contents as can be read here.
    files = read_named(path)
    if NEWER_DATABASE in files:
        return Package(path.as_posix(), path.read_bytes())
    snapshot = read_snapshot(files, path)
    return Package(path.as_posix(), path.read_bytes(), snapshot.namespace, _retired(snapshot.remembered.values()))


def _next_build(cards: Path) -> Package:
    checked = load(Workspace(cards)).sound()  # hazards do not stop this: it shows what they do to learners
    built = stamp_as_next(checked)
    retired = _retired(built.lock.notes.values())
    return Package(cards.as_posix(), archived(built.members), checked.deck.about.namespace, retired)


def _retired(notes: Iterable[KnownNote]) -> frozenset[str]:
    """Return the guids of the notes that were retired with a reason, and so are not doubled."""
    return frozenset(note.guid for note in notes if note.retired not in ("", TAKEN_OUT))
