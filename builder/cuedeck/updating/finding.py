"""Find the hazards of an update, from what learners have and what they get. Nothing else judges an update."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from cuedeck.history.identity import TAKEN_OUT
from cuedeck.rendering.notetypes import search
from cuedeck.updating.clip_hazards import clip_hazards
from cuedeck.updating.deck_hazards import deck_hazards, type_hazards
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.holdings import HeldNote, Holding
from cuedeck.updating.lookalikes import look_alikes
from cuedeck.updating.note_hazards import is_rerendered, note_hazards, rerendered


def hazards_between(
    had: Holding, gets: Holding, twins: Mapping[str, str] | None = None, same: Collection[str] = ()
) -> list[Hazard]:
    """Return the hazards of an update: `had` is what somebody has, and `gets` is what the update brings.

    `twins` are the guids of notes that are two to Anki and one to people: the old guid by the new one. If it is None,
    notes are twins if the author calls them the same. `same` are the guids of notes that are only rendered differently
    by a newer version of the program, besides those whose digests show it.
    """
    pairs = list(_pairs(had, gets, twins))
    found = [*deck_hazards(had, gets, pairs), *type_hazards(had, gets, pairs)]
    broken = {hazard.subject for hazard in found if hazard.name == "type-changed"}
    anew = [new for old, new in pairs if not new.retired and (new.guid in same or is_rerendered(old, new))]
    found += [*rerendered(anew), *clip_hazards(pairs)]
    for old, new in pairs:
        if new.guid in same:
            continue
        if (old.kind not in broken or old.guid != new.guid) and not new.retired:
            found += (_named(hazard, new) for hazard in note_hazards(old, new, had))
    paired = {old.guid for old, _ in pairs} | {new.guid for _, new in pairs}
    gone = [note for guid, note in had.notes.items() if guid not in paired and guid not in gets.unread]
    come = [note for guid, note in gets.notes.items() if guid not in paired]
    left = sorted((note for note in gone if not (note.retired or note.leaving)), key=lambda note: note.id)
    found += [_vanished(note, had, gets) for note in left]
    gone += [old for old, new in pairs if new.retired == TAKEN_OUT]
    former = {name: each.id for each in had.notes.values() for name in each.former}
    # A new note under a former id of another one is reported by the check of ids.
    return [*found, *_renamed([note for note in come if former.get(note.id, note.id) == note.id], gone)]


def hazards_of_notes(had: Holding, gets: Holding) -> list[Hazard]:
    """Return the hazards of single notes that both sides have; all others are left out."""
    pairs = (pair for pair in _pairs(had, gets, None) if not pair[1].retired)
    return [hazard for old, new in pairs for hazard in note_hazards(old, new, had)]


def _pairs(had: Holding, gets: Holding, twins: Mapping[str, str] | None) -> Iterator[tuple[HeldNote, HeldNote]]:
    """Yield each note that somebody has, together with what they get in its place.

    Anki identifies it by its guid. The author calls it by its id, or by one that it had before.
    """
    left = {note.id: note for guid, note in had.notes.items() if guid not in gets.notes and guid not in gets.unread}
    for guid, note in gets.notes.items():
        if twins is None:
            other = next((left[name] for name in (note.id, *note.former) if name in left), None)
        else:
            other = had.notes.get(twins.get(guid, ""))
        if old := had.notes.get(guid) or other:
            left.pop(old.id, None)  # two notes that became one are reported once
            yield old, note


def _named(hazard: Hazard, note: HeldNote) -> Hazard:
    """Return a hazard that calls its note by its first words, if another tool made the note."""
    return hazard if note.label == note.id else replace(hazard, facts={**hazard.facts, "note": note.label})


def _vanished(note: HeldNote, had: Holding, gets: Holding) -> Hazard:
    where = "file" if gets.types else "new package"  # a build has both note types; notes of packages carry their own
    found_by = note.search or search([note.id, *note.former], had.deck or gets.deck or "*")
    facts = {"where": where, "search": found_by}
    return _named(Hazard("vanished", note.id, facts, ("concepts",), "key"), note)


def _renamed(new: Sequence[HeldNote], gone: Sequence[HeldNote]) -> Iterator[Hazard]:
    """Yield a hazard for each new note that says the same, or nearly the same, as one that is gone."""
    # A note of another tool has no id that `was` could name.
    new, gone = ([note for note in each if not note.search] for each in (new, gone))
    if not new or not gone:
        return
    same = {(note.kind, note.content): note.id for note in gone if note.content}
    alike = look_alikes(
        {note.id: (note.kind, note.fields) for note in new}, {note.id: (note.kind, note.fields) for note in gone}
    )
    for note in new:
        told = (same[kept] for each in (note.content, *note.earlier) if (kept := (note.kind, each)) in same)
        if old := next(told, None) or alike.get(note.id):
            yield Hazard("looks-renamed", note.id, {"old": old}, note.keys, "key", outcome=(old,))
