"""Which note of before each note goes on from: told by its id, or by the id that it says it had."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import islice

from cuedeck.deck.deck import Note
from cuedeck.history.lock import KnownNote, Lock
from cuedeck.history.stamping import StampedNote, guid
from cuedeck.problems import Keys, Report
from cuedeck.rendering.fields import RenderedNote
from cuedeck.wording import did_you_mean, nearest

# What the lock says of a note that an author took out of the file and accepted to leave with learners.
TAKEN_OUT = "taken out of the deck"

_MOST_LIKENED = 50  # to an id that is none of them; likening takes time


def continued(notes: Iterable[Note], lock: Lock) -> dict[str, KnownNote]:
    """Return what the notes of a file, retired ones included, go on from, by their ids; new notes are not in it.

    A note may be retired under any id that it ever had, since another branch may have renamed it.
    """
    found: dict[str, KnownNote] = {}
    for note in sorted(notes, key=lambda note: bool(note.retired)):
        known = lock.notes.get(note.id) or (lock.found(note.was) if note.was else None)
        if note.retired and known is None and (known := lock.found(note.id)) in found.values():
            continue  # that note is in the file, under its new id
        if known:
            found[note.id] = known
    return found


def as_delivered(note: RenderedNote, known: KnownNote | None) -> RenderedNote:
    """Return a note with the sign before its links that learners have, where nothing else in it has changed."""
    return note.former if note.former and known and known.content == note.former.content else note


def known_after(
    lock: Lock,
    notes: Iterable[Note],
    known: Mapping[str, KnownNote],
    stamped: Iterable[StampedNote],
    left: Collection[str],
) -> dict[str, KnownNote]:
    """Return all notes that ever were, as they are after a build: those built, retired, and gone from the file.

    `known` is what the notes of the file go on from; `left` are the ids of those that the author leaves with learners.
    """
    gone_on = {each.id for each in known.values()}
    after = {id: note for id, note in lock.notes.items() if id not in gone_on}
    after |= {id: replace(after[id], retired=TAKEN_OUT) for id in left}
    after |= {each.known.id: each.known for each in stamped}
    for note in notes:
        if note.retired and (old := known.get(note.id)):
            former = {*old.was, old.id, *([note.was] if note.was else [])} - {note.id}
            after[note.id] = replace(old, id=note.id, was=tuple(sorted(former)), retired=note.retired)
    return dict(sorted(after.items()))


def check_ids(
    notes: Mapping[str, tuple[Note, Keys]],
    known: Mapping[str, KnownNote],
    lock: Lock,
    unread: Collection[str],
    report: Report,
) -> None:
    """Report each `was` that names no note of before, each id that is another note's, and each guid given twice.

    `notes` are those of the file by id, with their places; `unread` the ids of those that could not be read.
    """
    named = Counter(note.was for note, _ in notes.values() if note.was)
    present = {*notes, *unread}
    for note, keys in notes.values():
        if note.was:
            _check_was(note, keys, lock, present, named[note.was] > 1, report)
        owner = lock.found(note.id)
        if owner and owner.id != note.id and not note.retired and not (note.was and lock.found(note.was) is owner):
            report.error(
                "taken-id",
                f'"{note.id}" was the id of the note that is "{owner.id}" now, and is not free for another',
                at=keys,
                on="key",
                hint="choose a new id" + ("" if owner.id in present else _same_note(owner.id)),
            )
    _check_guids(notes, known, lock, report)


def _same_note(id: str) -> str:
    return f'; if it is that very note, add the line "was: {id}" to it'


def _check_guids(
    notes: Mapping[str, tuple[Note, Keys]], known: Mapping[str, KnownNote], lock: Lock, report: Report
) -> None:
    owners = {note.guid: note.id for note in lock.notes.values()}
    given: dict[str, str] = {}
    for id, (note, keys) in notes.items():
        old = known.get(id)
        own = note.guid or (old.guid if old else guid(lock.namespace, id))
        owner = owners.get(own)
        taken = lock.found(id)
        if owner and not note.guid and taken and taken.id == owner != id:
            continue  # the id itself is another note's, which is told already
        if owner and not (old and old.id == owner):
            report.error(
                "taken-guid",
                f'"{id}" has the guid of the note "{owner}", and Anki would take it for that one',
                at=(*keys, "guid") if note.guid else keys,
                hint=f'if it is that very note, add the line "was: {owner}" to it; else take "guid:" out',
            )
        elif given.setdefault(own, id) != id and (note.guid or notes[given[own]][0].guid):
            # Two notes without "guid:" have one of them by their ids, which is told already.
            report.error(
                "doubled-guid",
                f'the notes "{given[own]}" and "{id}" have one guid, and Anki would take them for one note',
                at=(*keys, "guid") if note.guid else keys,
                hint="each note has a guid of its own",
            )


def _check_was(note: Note, keys: Keys, lock: Lock, present: Collection[str], doubled: bool, report: Report) -> None:
    owner = lock.found(note.was)
    hint = "name the id that the note had before, or take the line out"
    if note.was in present:
        said = f'"{note.was}" is still the id of a note in this file' if note.was != note.id else "this is its own id"
    elif doubled:
        said = f'another note says that it was "{note.was}", too'
    elif owner is None and lock.notes:
        said = f'there never was a note "{note.was}"'
        gone = islice((id for id in lock.notes if id not in present), _MOST_LIKENED)
        hint = did_you_mean(*nearest(note.was, gone)) or hint
    elif owner and note.id in lock.notes and owner.id != note.id:
        said = f'"{note.id}" and "{note.was}" have both been built: learners have them as two notes'
        hint = f'take the line out, and retire "{note.was}"'
    elif owner and owner.id in present and owner.id != note.id:
        said = f'"{note.was}" is "{owner.id}" now'
    else:
        return
    report.error("bad-was", said, at=(*keys, "was"), hint=hint)
