"""Going on from a package: the lock of a cards.yaml made anew from what learners have."""

from dataclasses import dataclass
from pathlib import Path

from builder.building import check, lock_path
from builder.history.adoption import adopted
from builder.history.lock import NO_CONTENT, Lock
from builder.history.lockfile import to_text
from builder.package.database import read_snapshot
from builder.package.opening import read_members
from builder.package.storing import alone_in, store
from builder.problems import stop
from builder.reading.cards import read_text


@dataclass(frozen=True)
class Adopted:
    """What was taken over: the new lock and its file, how many notes go on unchanged, and what does not go on.

    `changed` are the ids of notes that differ from the package, `new` of those that it does not have; `left` are the
    ids, or else the guids, of notes that only the package has. `merges` tells whether learners have other note types.
    """

    path: Path
    lock: Lock
    unchanged: int
    changed: tuple[str, ...]
    new: tuple[str, ...]
    left: tuple[str, ...]
    merges: bool


def adopt(package: Path, cards: Path) -> Adopted:
    """Write the lock with which a cards.yaml continues a package.

    Raises `Problems` where there is a lock already, or the two have nothing in common; nothing is written then.
    """
    read_text(cards)
    path = lock_path(cards)
    with alone_in(cards.parent):
        if path.exists():
            stop(
                path.as_posix(),
                "lock-exists",
                "there is a lock already, which knows more than any package",
                "go on with it; only if it is beyond repair, move it away first",
            )
        snapshot = read_snapshot(read_members(package), package)
        checked = check(cards, with_hazards=False)
        lock = adopted(snapshot, checked.deck, checked.notes)
        ids = [note.id for note in checked.notes]
        known = [lock.notes[id] for id in ids if id in lock.notes]
        if not known:
            stop(
                package.as_posix(),
                "another-deck",
                f"none of its notes is in {cards.as_posix()}",
                'put "namespace" back to what it was; for a deck that another tool made, give each note its "guid:"',
            )
        store(path, to_text(lock).encode())
    taken = {note.guid for note in known}
    return Adopted(
        path=path,
        lock=lock,
        unchanged=sum(note.content != NO_CONTENT for note in known),
        changed=tuple(note.id for note in known if note.content == NO_CONTENT),
        new=tuple(id for id in ids if id not in lock.notes),
        left=tuple(sorted(note.id for note in snapshot.notes.values() if note.guid not in taken)),
        merges=snapshot.namespace != checked.deck.deck.namespace,
    )
