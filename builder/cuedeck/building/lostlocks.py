"""Whether the lock lacks what learners have: it is gone, or older than a package of a release."""

import json
from collections.abc import Iterator
from pathlib import Path

from cuedeck.building.loading import Loaded
from cuedeck.disk.workspace import Workspace
from cuedeck.history.lock import is_own_guid
from cuedeck.history.lockfile import from_text
from cuedeck.history.snapshot import Snapshot
from cuedeck.package.contents import MANIFEST
from cuedeck.package.opening import read_member
from cuedeck.problems import Problems
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.holdings import Last
from cuedeck.wording import counted, for_a_shell


def lock_hazards(loaded: Loaded, last: Last) -> Iterator[Hazard]:
    """Yield a hazard if the lock does not know a release that the package of the last build knows."""
    lock, package = loaded.lock, loaded.workspace.package(loaded.lock.deck)
    is_whole = _newest_time(package) <= lock.newest_time and all(note.id in loaded.known for note in loaded.notes)
    lost = [] if is_whole else _lost_notes(loaded, last.whole)
    if lost:
        is_there = bool(lock.notes)
        state = (
            "is older than the package: it does not record the last build of"
            if is_there
            else "is missing, and with it the record of"
        )
        name = loaded.workspace.lock.name
        away = f"rename it to {name}.old, and make a new one" if is_there else "make a new one"
        adopt = how_to_adopt(loaded.workspace, loaded.lock.deck)
        facts = {
            "lost": f'{name} {state} {counted(len(lost), "note")}, such as "{lost[0]}"',
            "bring_back": f"restore it from git; or {away} from the package with: "
            f"{adopt}; or delete the package if it belongs to another branch",
        }
        yield Hazard("lock-lost", "deck", facts)
    elif _is_only_in_git(loaded):
        yield _left_in_git(loaded.workspace.lock)


def how_to_adopt(here: Workspace, deck: str) -> str:
    """Return the command that makes a new lock from the package of a deck with this id."""
    package = next(filter(Path.is_file, (here.package(deck), *here.kept_packages(deck))), here.package(deck))
    return " ".join(["cuedeck adopt", *map(for_a_shell, (package.as_posix(), *here.argument))])


def how_to_adopt_theirs(here: Workspace) -> str:
    """Return how to continue a package that only learners have; a lock that is there already is in the way."""
    lock = here.lock
    away = f"rename {lock.name} to {lock.name}.old, and " if lock.exists() else ""
    return f"{away}run cuedeck adopt with the package that learners have"


def _lost_notes(loaded: Loaded, snapshot: Snapshot | None) -> list[str]:
    """Return the ids of the notes that are newer in a package than in the lock, and that learners have.

    A note that is newer than the last release is a draft, unless the package says that a draft only changed it. A note
    whose guid does not come from its id was adopted, so learners have it.
    """
    lock, built = loaded.lock, {}
    if snapshot is None or snapshot.namespace != lock.namespace:
        return []
    lacks_a_release = not {each.time for each in snapshot.releases} <= {each.time for each in lock.releases}
    for note in snapshot.notes.values():
        is_adopted = not is_own_guid(note.guid, lock.namespace, (note.id, *snapshot.former(note.id)))
        before = snapshot.remembered.get(note.id)
        is_gone = before is not None and before.handed_out is not None and lock.found(note.id) is None
        if lacks_a_release or note.time <= snapshot.last_release_time or is_gone or (is_adopted and not lock.notes):
            built[note.id] = note.time
    times = {note.id: loaded.known[note.id].time if note.id in loaded.known else 0 for note in loaded.notes}
    return [id for id, time in times.items() if id in built and time < built[id]]


def _is_only_in_git(loaded: Loaded) -> bool:
    """Return whether the last commit has a lock of this deck but the folder has none."""
    path = loaded.workspace.lock
    if path.exists():
        return False
    from cuedeck.git.committed import committed  # here because only a first build needs it

    try:
        data = committed(path)
        return data is not None and from_text(data.decode(), path.as_posix()).namespace == loaded.lock.namespace
    except (Problems, ValueError):  # it is of a newer version, or has a conflict: only its author can know
        return True


def _left_in_git(path: Path) -> Hazard:
    name = for_a_shell(path.name)
    at = "git" if path.parent == Path() else f"git -C {for_a_shell(path.parent.as_posix())}"
    facts = {
        "lost": f"{path.name} is missing, although git has it; without it, all notes would count as new",
        "bring_back": f"restore it: {at} checkout HEAD -- {name}; if the deck should start over, remove it from git, "
        f"too ({at} rm --cached -- {name}), and commit that",
    }
    return Hazard("lock-lost", "deck", facts)


def _newest_time(path: Path) -> float:
    """Return the newest time in a package, according to its manifest; infinity if the manifest does not say."""
    if not path.is_file():
        return 0
    try:
        newest = json.loads(read_member(path, MANIFEST) or b"{}").get("newest")
    except (Problems, ValueError, AttributeError, RecursionError):
        return 0  # a broken package will be replaced
    return newest if isinstance(newest, int) else float("inf")
