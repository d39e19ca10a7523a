"""Which note of before each note goes on from: told by its id, or by the id that it says it had."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import islice

from cuedeck.deck.deck import Note
from cuedeck.history.lock import KnownNote, Left, Lock, guid
from cuedeck.history.stamping import FieldsOf, StampedNote, former_ids, guid_of, with_fields
from cuedeck.problems import Keys, Report
from cuedeck.rendering.fields import RenderedNote
from cuedeck.wording import did_you_mean, nearest

# What the lock says of a note that an author took out of the file and accepted to leave with learners.
TAKEN_OUT = "taken out of the deck"

_MOST_LIKENED = 50  # to an id that is none of them; likening takes time


def continued(notes: Iterable[Note], lock: Lock) -> dict[str, KnownNote]:
    """Return what the notes of a file, retired ones included, go on from, by their ids; new notes are not in it.

    A note may be retired under any id that it ever had, since another branch may have renamed it. What only drafts had
    holds no id: a note that was renamed in a draft gives way to one that takes its former id.
    """
    notes = sorted(notes, key=lambda note: bool(note.retired))
    found: dict[str, KnownNote] = {}
    present = {name for note in notes for name in (note.id, note.was)}
    for note in notes:
        known = _goes_on_from(note, lock, present)
        if note.retired and known is None and (known := lock.found(note.id)) in found.values():
            continue  # that note is in the file, under its new id
        if known:
            found[note.id] = known
    _give_way(notes, found, lock)
    return found


def _goes_on_from(note: Note, lock: Lock, present: Collection[str]) -> KnownNote | None:
    """Return what a note goes on from; `present` are the ids that stand in the file, as ids of today or of before."""
    own = lock.notes.get(note.id)
    former = lock.found(note.was) if note.was else None
    if own and former and not own.handed_out:
        return former
    if own or former:
        return own or former
    renamed = lock.found(note.id)  # in a draft, and now it has its name of before again
    return renamed if renamed and renamed.id not in present else None


def _give_way(notes: Iterable[Note], found: dict[str, KnownNote], lock: Lock) -> None:
    """Let notes that only drafts had begin anew where a new note has their guid, which is that of its id."""
    new = {guid(lock.namespace, note.id) for note in notes if note.id not in found and not note.guid}
    while taken := [id for id, known in found.items() if not known.handed_out and known.guid in new]:
        for id in taken:
            del found[id]
        new = {guid(lock.namespace, id) for id in taken}


def as_delivered(note: RenderedNote, known: KnownNote | None) -> RenderedNote:
    """Return a note with the sign before its links that learners have, where nobody changed anything else in it."""
    former = note.former
    return former if former and known and former.is_known_as(known.content) else note


def known_after(
    lock: Lock,
    notes: Iterable[Note],
    known: Mapping[str, KnownNote],
    stamped: Iterable[StampedNote],
    taken_out: Collection[str],
    releasing: bool,
    last_fields: FieldsOf,
) -> dict[str, KnownNote]:
    """Return all notes that ever were, as they are after a build: those built, retired, and gone from the file.

    `known` is what the notes of the file go on from; `taken_out` are the ids of those that the author leaves with
    learners. A release leaves them retired.
    """
    gone_on = {each.id for each in known.values()}
    gone = [(note, note) for id, note in lock.notes.items() if id not in gone_on]
    gone = [(replace(note, retired=TAKEN_OUT) if note.id in taken_out else note, old) for note, old in gone]
    for note in notes:
        if note.retired and (old := known.get(note.id)):
            gone.append((replace(old, id=note.id, was=former_ids(note, old), retired=note.retired), old))
    built = {each.known.id: each.known for each in stamped}
    taken = {note.guid for note in built.values()}
    # Of a note that only drafts had, and that gave way to one with its guid, nobody has any.
    gone = [(note, old) for note, old in gone if old.handed_out or note.guid not in taken]
    after = {note.id: _as_gone(note, old.handed_out, releasing, last_fields) for note, old in gone}
    after |= built
    return dict(sorted(after.items()))


def _as_gone(note: KnownNote, left: Left | None, releasing: bool, last_fields: FieldsOf) -> KnownNote:
    """Return a note that is not in a build, with what releases left of it with learners."""
    if left is None:
        return note
    # One that a draft brought back, and the next one not, is retired as before.
    note = replace(note, retired=note.retired or left.retired)
    if releasing:
        left = replace(with_fields(left, None, "", last_fields), retired=note.retired)
        return replace(note, elsewhere=()).leaving(left, keep_fields=True)
    if left.retired:
        return note.leaving(left, keep_fields=True)
    return note.leaving(with_fields(left, None, "", last_fields), keep_fields=True)


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
        owner = _owner(note.id, lock)
        if owner and owner.id != note.id and not note.retired and known.get(note.id) is not owner:
            report.error(
                "taken-id",
                f'"{note.id}" was the id of the note that is "{owner.id}" now, and is not free for another',
                at=keys,
                on="key",
                hint="choose a new id" + ("" if owner.id in present else _same_note(owner.id)),
            )
    _check_guids(notes, known, lock, report)


def _owner(id: str, lock: Lock) -> KnownNote | None:
    """Return the note that has an id for good, now or by a former id; None where it is free."""
    owner = lock.found(id)
    return owner if owner and (owner.id == id or owner.handed_out) else None


def _same_note(id: str) -> str:
    return f'; if it is that very note, add the line "was: {id}" to it'


def _check_guids(
    notes: Mapping[str, tuple[Note, Keys]], known: Mapping[str, KnownNote], lock: Lock, report: Report
) -> None:
    owners = {note.guid: note.id for note in lock.notes.values() if note.handed_out}
    given: dict[str, str] = {}
    for id, (note, keys) in notes.items():
        old = known.get(id)
        own = guid_of(note, old, lock.namespace)
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


def _are_both_handed_out(*notes: KnownNote | None) -> bool:
    return all(note and note.handed_out for note in notes)


def _check_was(note: Note, keys: Keys, lock: Lock, present: Collection[str], doubled: bool, report: Report) -> None:
    owner = lock.found(note.was)
    hint = "name the id that the note had before, or take the line out"
    if note.was in present:
        said = f'"{note.was}" is still the id of a note in this file' if note.was != note.id else "this is its own id"
    elif doubled:
        said = f'another note says that it was "{note.was}", too'
    elif owner is None and lock.notes and not note.retired:  # a retired note that nobody had is of no account
        said = f'there never was a note "{note.was}"'
        gone = islice((id for id in lock.notes if id not in present), _MOST_LIKENED)
        hint = did_you_mean(*nearest(note.was, gone)) or hint
    elif owner and owner.id != note.id and _are_both_handed_out(owner, lock.notes.get(note.id)):
        said = f'"{note.id}" and "{note.was}" have both been released: learners have them as two notes'
        hint = f'take the line out, and retire "{note.was}"'
    elif owner and owner.id in present and owner.id != note.id:
        said = f'"{note.was}" is "{owner.id}" now'
    else:
        return
    report.error("bad-was", said, at=(*keys, "was"), hint=hint)
