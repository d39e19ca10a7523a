"""Continue a package: make the lock of a cards.yaml from what learners have, and the bridge for them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import NoReturn

from cuedeck.bridging.bridges import bridge_packages, bridges_from
from cuedeck.bridging.choosing import OldPackage, picked
from cuedeck.bridging.extract import LeftOut
from cuedeck.bridging.fieldmap import Bridge, in_our_keys
from cuedeck.bridging.oldmedia import old_media
from cuedeck.building.assembling import now
from cuedeck.building.loading import load
from cuedeck.deck.kinds import Kind
from cuedeck.deck.tags import OWNERS
from cuedeck.disk.storing import store_all
from cuedeck.disk.workspace import Workspace
from cuedeck.history.adoption import adopted, main_source_in, matching_notes
from cuedeck.history.lock import UNKNOWN_CONTENT, Lock
from cuedeck.history.lockfile import from_text, read_lock, to_text
from cuedeck.history.snapshot import PackedNote
from cuedeck.history.stamping import day
from cuedeck.package.database import read_snapshot
from cuedeck.package.newerform import in_older_form
from cuedeck.package.opening import read_members
from cuedeck.problems import Problem, Problems, stop, visible
from cuedeck.records import dataclass
from cuedeck.rendering.fields import RenderedNote
from cuedeck.rendering.plain import plain


@dataclass(frozen=True)
class Adopted:
    """What was taken over: the new lock and its file, how many notes continue unchanged, and which do not.

    `changed` are the ids of notes that differ from the package, and `new` are those of notes that it does not have;
    `left` are the ids of notes that only the package has, or their guids if they have no ids. For a package of another
    tool, `bridges` say how its note types become ours, `packages` are the bridges in the order in which learners import
    them, `left_out` is how much of the package is not in them, and `halved` are the ids of notes that had a second
    card. If one of the package's decks was picked, notes outside it count only in `left_out`. `renamed` are the ids of
    changed notes that show the same, but whose pictures and sounds get other names. `emptied` are the names of fields
    of old note types, by Anki's numbers for these, that have words which the notes of the deck do not have. `tag` is
    one of the tags of another tool's notes, "" if they have none. They get the id of the deck before them, unless the
    deck has its tags as they are written; then `untagged` are the ids of notes that lack some of theirs.
    """

    path: Path
    lock: Lock
    unchanged: int
    changed: tuple[str, ...]
    new: tuple[str, ...]
    left: tuple[str, ...]
    bridges: tuple[Bridge, ...] = ()
    packages: tuple[Path, ...] = ()
    halved: tuple[str, ...] = ()
    left_out: LeftOut | None = None
    renamed: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    emptied: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    tag: str = ""
    untagged: tuple[str, ...] = ()


def adopt(package: Path, cards: Path, at: int | None = None, decks: Sequence[str] = ()) -> Adopted:
    """Write the lock with which a cards.yaml continues a package, and a bridge if another tool made that package.

    `at` is the time of the bridge in seconds since 1970, and the day that the lock has; if it is None, the clock's.
    `decks` are the names of the decks that count in a package of another tool, with their subdecks; if there are none,
    all decks count. Raises `Problems` if there is already a lock, the two have nothing in common, notes cannot be taken
    over, or the package contains more than one deck and none was named; nothing is written then.
    """
    workspace = Workspace(cards)
    path = workspace.lock
    with workspace.alone():
        if path.exists():
            _stop_at_lock(path)
        _stop_at_crowdanki(package)
        files = in_older_form(read_members(package), package)
        checked = load(workspace).sound()
        whole = read_snapshot(files, package, checked.deck.about.namespace)
        if main := main_source_in(whole, checked.deck):
            checked = checked.with_main(main)
        old = picked(OldPackage(package, files, whole), checked, decks)
        snapshot = old.snapshot
        packed = matching_notes(snapshot, checked.deck, checked.notes)
        if not packed:
            stop(
                package.as_posix(),
                "another-deck",
                f"none of its notes are in {cards.as_posix()}",
                'put the old "namespace" back; for a deck that another tool made, give each note its "guid:", as '
                "cuedeck import does: it writes the notes of a package into a new cards.yaml",
            )
        media = old_media(files, package, packed.values())
        bridges = bridges_from(old, packed, checked)
        continued = in_our_keys(snapshot, bridges)
        is_last = package.resolve() == checked.package_path.resolve()
        at = now() if at is None else at
        named = visible(package.name)
        lock = adopted(continued, checked.deck, checked.notes, named, day(at), with_texts=not is_last)
        text = _read_back(to_text(lock), package)
        packages, left_out = bridge_packages(old, packed, bridges, checked, at)
        store_all({**packages, path: text.encode()})
    known = [lock.notes[id] for id in packed]
    changed = tuple(note.id for note in known if note.content == UNKNOWN_CONTENT)
    in_keys = matching_notes(continued, checked.deck, checked.notes)
    taken = {note.guid for note in known}
    return Adopted(
        path=path,
        lock=lock,
        unchanged=sum(note.content != UNKNOWN_CONTENT for note in known),
        changed=changed,
        new=tuple(note.id for note in checked.notes if note.id not in packed),
        left=tuple(sorted(note.id for note in snapshot.notes.values() if note.guid not in taken)),
        bridges=bridges,
        packages=tuple(packages),
        left_out=left_out,
        halved=tuple(
            note.id
            for note in checked.notes
            if bridges and note.kind == Kind.QA and note.id in packed and len(packed[note.id].cards) > len(note.cards)
        ),
        renamed=tuple(
            note.id for note in checked.notes if note.id in changed and media.only_renames(in_keys[note.id], note)
        ),
        warnings=media.warnings(package),
        tag=next((tag for note in packed.values() for tag in note.tags), "") if bridges else "",
        untagged=tuple(_untagged(packed, checked.notes)) if lock.tags_as_written else (),
        emptied={each.old.number: tuple(_emptied(each, packed, checked.notes)) for each in bridges},
    )


def _untagged(packed: Mapping[str, PackedNote], notes: Iterable[RenderedNote]) -> Iterator[str]:
    """Yield the ids of notes that lack a tag which they have in the package. Anki ignores capitals in tags."""
    for note in notes:
        if note.id in packed:
            had = {tag.casefold() for tag in packed[note.id].tags} - OWNERS
            if not had <= {tag.casefold() for tag in note.tags}:
                yield note.id


def _emptied(bridge: Bridge, packed: Mapping[str, PackedNote], notes: Iterable[RenderedNote]) -> Iterator[str]:
    """Yield the names of the fields of an old note type that have words which no field of our note has."""
    pairs = [(packed[note.id], " ".join(map(plain, note.fields))) for note in notes if note.id in packed]
    for key, name in zip(bridge.old.keys, bridge.old.fields, strict=True):
        texts = ((plain(old.fields[key]), ours) for old, ours in pairs if old.type == bridge.old.number)
        if name not in bridge.filled and any(text not in ours for text, ours in texts):
            yield name


def _stop_at_crowdanki(path: Path) -> None:
    """Raise `Problems` for what the add-on CrowdAnki exports, which names no numbers of note types."""
    if path.suffix.lower() == ".json" or (path.is_dir() and any(path.glob("*.json"))):
        stop(
            path.as_posix(),
            "no-package",
            "an export of CrowdAnki does not contain the numbers by which Anki identifies note types",
            'in Anki, choose File > Export and "Anki Deck Package (.apkg)", and name that file',
        )


def _stop_at_lock(path: Path) -> NoReturn:
    """Raise `Problems` for an existing lock. If it records only drafts, the author may move it away."""
    lock = read_lock(path)
    is_draft = lock is not None and not lock.is_handed_out
    if is_draft:
        message = "there is already a lock; it records drafts that were built before the package was taken over"
        hint = f"if nobody has one of these drafts, rename the lock to {path.name}.old, and run this again"
    else:
        message = "there is already a lock, which records more than any package"
        hint = (
            f"keep using it; rename it to {path.name}.old only if it is beyond repair, or if you have not adopted "
            "a package yet and nobody has a build that it records"
        )
    stop(path.as_posix(), "lock-exists", message, hint)


def _read_back(text: str, package: Path) -> str:
    """Return the text of a lock that the next command can read. Raises `Problems` if it could not."""
    try:
        from_text(text, package.as_posix())
    except Problems:
        stop(
            package.as_posix(),
            "no-package",
            "the package is damaged or forged: it contains ids or other values that no deck has",
            "download it again, or export it from Anki again",
        )
    return text
