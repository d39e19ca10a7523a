"""Play an update through Anki, to see what a learner would lose."""

import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import IO

from cuedeck.building.assembling import stamp_as_next
from cuedeck.building.loading import Checked, load
from cuedeck.building.released import is_package, read_named
from cuedeck.disk.workspace import Workspace
from cuedeck.history.identity import TAKEN_OUT
from cuedeck.history.lock import KnownNote
from cuedeck.history.snapshot import Snapshot
from cuedeck.package.container import archived
from cuedeck.package.database import read_snapshot
from cuedeck.progress import Progress, unreported
from cuedeck.rehearsal.rehearsing import Rehearsal, play_through
from cuedeck.rehearsal.state import Package
from cuedeck.updating.corrections import corrections_between
from cuedeck.updating.matching import changes_between


def rehearse(old: Path, new: Path, progress: Progress = unreported) -> Rehearsal:
    """Play a learner through the update from one package to another, or to the next build of a cards.yaml.

    If the old one is a package of another tool, the learner imports the bridges of the cards.yaml in between. Raises
    `ImportError` if Anki's library is missing, and `Problems` if one of the two cannot be used.
    """
    before, had = _package(old)
    if is_package(new):
        after, gets = _package(new)
        return play_through(before, after, progress, _corrections(had, gets))
    checked = load(Workspace(new)).sound()  # hazards do not stop this: it shows what they do to learners
    bridges = () if before.namespace else tuple(map(_package, checked.workspace.bridges(checked.deck.about.id)))
    with checked.media.digests.doubted():
        after, gets = _next_build(checked)
        return play_through(before, after, progress, _corrections(had, gets), [bridge for bridge, _ in bridges])


def _corrections(had: Snapshot, gets: Snapshot) -> list[bytes]:
    """Return the files with which learners of a release can keep what is theirs; none if they have no release."""
    if not had.version or had.namespace != gets.namespace:
        return []
    return [sheet.data for sheet in corrections_between(changes_between(had, gets)).sheets]


def _package(path: Path) -> tuple[Package, Snapshot]:
    """Return a package, and what it contains."""
    # Checked before Anki reads it: its size, and as much of its contents as can be read here.
    files = read_named(path)
    snapshot = read_snapshot(files, path)
    data = partial(_copy, path)
    return Package(path.as_posix(), data, snapshot.namespace, _retired(snapshot.remembered.values())), snapshot


def _copy(path: Path, target: IO[bytes]) -> None:
    with path.open("rb") as file:
        shutil.copyfileobj(file, target)


def _next_build(checked: Checked) -> tuple[Package, Snapshot]:
    built = stamp_as_next(checked)
    retired = _retired(built.lock.notes.values())
    name = checked.workspace.cards.as_posix()
    snapshot = read_snapshot(built.members, checked.workspace.cards)
    return Package(name, archived(built.members), checked.deck.about.namespace, retired), snapshot


def _retired(notes: Iterable[KnownNote]) -> frozenset[str]:
    """Return the guids of the notes that were retired with a reason, and so are not doubled."""
    return frozenset(note.guid for note in notes if note.retired not in ("", TAKEN_OUT))
