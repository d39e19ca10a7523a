"""Match each note to its predecessor in the lock, by its id or by its former id (`was`)."""

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

# The reason in the lock for a note that an author removed from the file and accepted to leave with learners.
TAKEN_OUT = "taken out of the deck"

_MOST_COMPARED = 50  # with an unknown id, to suggest one: comparing takes time


def continued(notes: Iterable[Note], lock: Lock) -> dict[str, KnownNote]:
    """Return the predecessors of the notes of a file, including retired ones, by the notes' ids; new notes have none.

    A note may be retired under any id that it ever had, since another branch may have renamed it. Only releases reserve
    an id: a note that was renamed while only drafts had it gives way to a note that takes its former id.
    """
    notes = sorted(notes, key=lambda note: bool(note.retired))
    found: dict[str, KnownNote] = {}
    present = {name for note in notes for name in (note.id, note.was)}
    for note in notes:
        known = _predecessor(note, lock, present)
        if note.retired and known is None and (known := lock.found(note.id)) in found.values():
            continue  # that note is in the file, under its new id
        if known:
            found[note.id] = known
    _give_way(notes, found, lock)
    return found


def _predecessor(note: Note, lock: Lock, present: Collection[str]) -> KnownNote | None:
    """Return the predecessor of a note; `present` are the ids in the file, both present and former ones."""
    own = lock.notes.get(note.id)
    former = lock.found(note.was) if note.was else None
    if own and former and not own.handed_out:
        return former
    if own or former:
        return own or former
    renamed = lock.found(note.id)  # in a draft; now it has its former id again
    return renamed if renamed and renamed.id not in present else None


def _give_way(notes: Iterable[Note], found: dict[str, KnownNote], lock: Lock) -> None:
    """Let notes that only drafts had start over if a new note has their guid, because it has their former id."""
    new = {guid(lock.namespace, note.id) for note in notes if note.id not in found and not note.guid}
    while new and (taken := [id for id, known in found.items() if known.guid in new and not known.handed_out]):
        for id in taken:
            del found[id]
        new = {guid(lock.namespace, id) for id in taken}


def as_delivered(note: RenderedNote, known: KnownNote | None) -> RenderedNote:
    """Return a note with the character before its links that learners have, if nothing else in it has changed."""
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
    """Return all notes that ever existed, as they are after a build: those built, retired, and gone from the file.

    `known` are the predecessors of the notes of the file; `taken_out` are the ids of notes that the author removed and
    leaves with learners. A release makes them retired.
    """
    continuing = {each.id for each in known.values()}
    gone = [(note, note) for id, note in lock.notes.items() if id not in continuing]
    gone = [(replace(note, retired=TAKEN_OUT) if note.id in taken_out else note, old) for note, old in gone]
    for note in notes:
        if note.retired and (old := known.get(note.id)):
            gone.append((replace(old, id=note.id, was=former_ids(note, old), retired=note.retired), old))
    built = {each.known.id: each.known for each in stamped}
    taken = {note.guid for note in built.values()}
    # Nobody has a note that was only in drafts, and gave way to another with its guid.
    gone = [(note, old) for note, old in gone if old.handed_out or note.guid not in taken]
    after = {note.id: _as_gone(note, old.handed_out, releasing, last_fields) for note, old in gone}
    after |= built
    return dict(sorted(after.items()))


def _as_gone(note: KnownNote, left: Left | None, releasing: bool, last_fields: FieldsOf) -> KnownNote:
    """Return a note that is not in a build, with what learners have of it from releases."""
    if left is None:
        return note
    # A note that one draft brought back, and the next did not, is retired as before.
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
    """Report each `was` that names no former note, each id that belongs to another note, and each guid given twice.

    `notes` are the notes of the file by id, with their places; `unread` are the ids of notes that could not be read.
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
                f'"{note.id}" was the id of the note that is now "{owner.id}", so no other note can have it',
                at=keys,
                on="key",
                hint="choose a new id" + ("" if owner.id in present else _same_note(owner.id)),
            )
    _check_guids(notes, known, lock, report)


def _owner(id: str, lock: Lock) -> KnownNote | None:
    """Return the note that owns an id, as its present or a former id; None if the id is free."""
    owner = lock.found(id)
    return owner if owner and (owner.id == id or owner.handed_out) else None


def _same_note(id: str) -> str:
    return f'; if it is the same note, add the line "was: {id}" to it'


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
            continue  # the id itself belongs to another note, which is reported already
        if owner and not (old and old.id == owner):
            report.error(
                "taken-guid",
                f'"{id}" has the guid of the note "{owner}", so Anki would regard them as the same note',
                at=(*keys, "guid") if note.guid else keys,
                hint=f'if it is the same note, add the line "was: {owner}" to it; if not, remove "guid:"',
            )
        elif given.setdefault(own, id) != id and (note.guid or notes[given[own]][0].guid):
            # If two notes without "guid:" have the same one because of their ids, that is reported already.
            report.error(
                "doubled-guid",
                f'the notes "{given[own]}" and "{id}" have the same guid, so Anki would regard them as one note',
                at=(*keys, "guid") if note.guid else keys,
                hint="give each note its own guid",
            )


def _are_both_handed_out(*notes: KnownNote | None) -> bool:
    return all(note and note.handed_out for note in notes)


def _check_was(note: Note, keys: Keys, lock: Lock, present: Collection[str], doubled: bool, report: Report) -> None:
    owner = lock.found(note.was)
    hint = "name the id that the note had before, or remove the line"
    if note.was in present:
        said = f'"{note.was}" is still the id of a note in this deck' if note.was != note.id else "this is its own id"
    elif doubled:
        said = f'another note also says that it was "{note.was}"'
    elif owner is None and lock.notes and not note.retired:  # a retired note that nobody had does not matter
        said = f'there never was a note "{note.was}"'
        gone = islice((id for id in lock.notes if id not in present), _MOST_COMPARED)
        hint = did_you_mean(*nearest(note.was, gone)) or hint
    elif owner and owner.id != note.id and _are_both_handed_out(owner, lock.notes.get(note.id)):
        said = f'"{note.id}" and "{note.was}" have both been released: learners have them as two notes'
        hint = f'remove the line, and retire "{note.was}" with "retired:" and the reason'
    elif owner and owner.id in present and owner.id != note.id:
        said = f'the note "{note.was}" now has the id "{owner.id}"'
    else:
        return
    report.error("bad-was", said, at=(*keys, "was"), hint=hint)
