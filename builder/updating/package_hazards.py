"""The harm that may come with an update, told from what the learner has and what the new package holds."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from builder.history.asking import asked
from builder.history.snapshot import PackedNote, PackedType, Snapshot
from builder.rendering.searching import search
from builder.updating.changes import Changes, NoteChange
from builder.updating.hazards import Hazard, card_hazards
from builder.updating.lookalikes import look_alikes

# So many notes that are replaced for one and the same reason, none of it in their own text, are worth a word.
_MANY = 5
# What changes in a note that goes to another concept or source.
_PLACE = {"Concept", "Moment", "Links"}


def update_hazards(changes: Changes) -> list[Hazard]:
    """Return what the update does to a learner's progress, cards and own edits, in the order of the talk."""
    found = [*_title_hazards(changes), *_type_hazards(changes.old, changes.new)]
    broken = {hazard.part for hazard in found if hazard.name == "type-changed"}
    for change in changes.notes:
        if change.old and change.new and change.old.kind not in broken:
            found += _note_hazards(change, change.old, change.new)
        elif change.fate == "vanished":
            found.append(_vanished(change.id))
    return [*found, *_renamed(changes.notes), *_mass_updates(changes.notes)]


def _note_hazards(change: NoteChange, old: PackedNote, new: PackedNote) -> Iterator[Hazard]:
    if change.fate == "stale" and old.kind == new.kind:
        yield Hazard(
            "stale",
            change.id,
            f'"{change.id}" differs, but its time is not newer than what learners have: they never get it',
            "build it with the lock that the older package was built with",
        )
    else:
        yield from card_hazards(
            change.id, asked(old.kind, old.cards, old.fields), asked(new.kind, new.cards, new.fields)
        )


def _vanished(id: str) -> Hazard:
    return Hazard(
        "vanished",
        id,
        f'"{id}" is in the new package no more: learners who have it keep it for ever',
        f'say why with "retired:", or tell learners how to find it in Anki\'s browser: {search([id])}',
        refused=False,
    )


def _title_hazards(changes: Changes) -> Iterator[Hazard]:
    """Yield a hazard for each deck that has another name now: its notes are elsewhere, though not moved themselves."""
    names = {note.deck for note in changes.new.notes.values()}
    moved = {
        (change.old.deck, change.new.deck): None
        for change in changes.notes
        if change.old and change.new and not _PLACE & {field.name for field in change.fields}
    }
    for old, new in moved:
        if old != new and old not in names:
            yield Hazard(
                "title-changed",
                new,
                f'the deck "{old}" is called "{new}" now: Anki finds decks by name, so learners get a second deck '
                "while their cards stay in the old one",
                f"keep the name {old}",
            )


def _type_hazards(old: Snapshot, new: Snapshot) -> Iterator[Hazard]:
    """Yield a hazard for each note type of notes in both packages whose shape or number is another one."""
    pairs: dict[tuple[int, int], None] = {
        (note.type, new.notes[guid].type): None for guid, note in old.notes.items() if guid in new.notes
    }
    for number, other in pairs:
        before, after = old.types[number], new.types[other]
        if before.kind == after.kind and (number != other or before.shape != after.shape):
            yield _type_changed(before, after)


def _type_changed(before: PackedType, after: PackedType) -> Hazard:
    return Hazard(
        "type-changed",
        before.kind,
        f'the note type "{before.name}" has become another, "{after.name}": Anki stops all updates of its notes'
        + (", and adds a second note type" if before.number == after.number else ""),
        "build with the version of cuedeck that built the deck before; learners of a deck that another tool made "
        'tick "Merge note types" once',
    )


def _renamed(changes: Sequence[NoteChange]) -> Iterator[Hazard]:
    gone = [change.old for change in changes if change.fate == "vanished" and change.old]
    new = {change.id: (change.new.kind, change.new.fields) for change in changes if change.fate == "new" and change.new}
    for id, old in look_alikes(new, gone).items():
        yield Hazard(
            "looks-renamed",
            id,
            f'"{id}" says what "{old}" said, which is gone: learners get it as a new card, and their progress stays '
            "with the old one",
            f'if it is the same note, add the line "was: {old}" to it',
        )


_CAUSES = {
    "concept": "because their concept has another title",
    "tags": "because of their tags",
    "links": "because of links in them",
    "nothing": "though nothing in them changed",
}


def _mass_updates(changes: Sequence[NoteChange]) -> Iterator[Hazard]:
    groups: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if cause := _cause(change):
            groups[cause].append(change.id)
    for cause, ids in groups.items():
        if len(ids) >= _MANY:
            yield Hazard(
                "mass-update",
                cause,
                f"{len(ids)} notes are replaced {_CAUSES[cause]}, such as "
                f'"{ids[0]}": learners\' own edits and tags on them are gone once',
                "put it back if it is not worth that",
                refused=False,
            )


def _cause(change: NoteChange) -> str:
    """Return why a note is replaced, if not for its own text; "" otherwise."""
    if change.fate == "touched":
        return "nothing"
    names = {field.name for field in change.fields}
    if change.fate != "updated" or change.moved_from or names - {"Concept", "Links"}:
        return ""
    if "Concept" in names:
        return "concept"
    return "links" if names else "tags"
