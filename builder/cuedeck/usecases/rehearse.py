"""Two states of a deck to what a learner would lose on the way from one to the other."""

from pathlib import Path

from cuedeck.building.assembling import stamp_as_next
from cuedeck.building.loading import load
from cuedeck.building.released import is_package, read_named
from cuedeck.disk.workspace import Workspace
from cuedeck.package.container import archive
from cuedeck.package.database import NEWER_DATABASE, read_snapshot
from cuedeck.rehearsal.rehearsing import Rehearsal, play_through
from cuedeck.rehearsal.state import Package


def rehearse(old: Path, new: Path) -> Rehearsal:
    """Play a learner through the update from one package to another, or to the next build of a cards.yaml.

    Raises `ImportError` where Anki's library is missing, and `Problems` where one of them cannot be used.
    """
    return play_through(_package(old), _package(new) if is_package(new) else _next_build(new))


def _package(path: Path) -> Package:
    # Before Anki reads it, it is a package within bounds, and sound as far as its form can be read here.
    files = read_named(path)
    namespace = "" if NEWER_DATABASE in files else read_snapshot(files, path).namespace
    return Package(path.as_posix(), path.read_bytes(), namespace)


def _next_build(cards: Path) -> Package:
    checked = load(Workspace(cards)).sound()  # what hazards do to learners is to be seen
    built = stamp_as_next(checked)
    return Package(cards.as_posix(), archive(built.members), checked.deck.about.namespace)
