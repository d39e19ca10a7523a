"""The harm that may come with an update, told from what the learner has and what the new package holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from cuedeck.deck.kinds import Kind
from cuedeck.history.prompts import asked
from cuedeck.history.snapshot import PackedNote, PackedType, Snapshot
from cuedeck.rendering.notefields import CONCEPT, LINKS
from cuedeck.updating.changes import Changes, NoteChange, search_of
from cuedeck.updating.deck_hazards import deck_hazards
from cuedeck.updating.fieldchanges import SOURCE
from cuedeck.updating.harms import HARMS
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.lookalikes import look_alikes, texts_of
from cuedeck.updating.note_hazards import Questions, card_hazards, link_hazard
from cuedeck.updating.sayings import has_id
from cuedeck.updating.typechanges import same_shape
from cuedeck.wording import counted

# So many notes that are replaced for one and the same reason, none of it in their own text, are worth a word.
_MANY = 5


_TO_GO_ON = "write what Anki knows it by into the note, as guid: {guid}, and take the old deck over: cuedeck adopt"
_TO_KEEP_GUIDS = (
    "give each note a guid of its own that stays when its text changes, and this one the guid that it had: {guid}; "
    "genanki makes one of all fields where it is given none: genanki.Note(guid=...)"
)


def update_hazards(changes: Changes, accepted: Collection[str] = ()) -> list[Hazard]:
    """Return what the update does to a learner's progress, cards and own edits, in the order of the talk.

    `accepted` are the keys of hazards that were accepted since the older package was made: they may have come and gone
    in drafts, so that the packages show nothing of them.
    """
    found = [*deck_hazards(changes), *_type_hazards(changes.old, changes.new)]
    broken = {hazard.subject for hazard in found if hazard.name == "type-changed"}
    questions = Questions(changes.old)
    for change in changes.notes:
        if change.old and change.new and (change.fate == "doubled" or change.old.kind not in broken):
            found += _named(change, _note_hazards(change, change.old, change.new, changes, questions))
        elif change.fate == "vanished":
            found.append(_vanished(change, changes))
    told = {"tags"} if any(hazard.name == "deck-id-changed" for hazard in found) else set()
    linked = {hazard.subject for hazard in found if hazard.name == "link-changed"}
    left = [change for change in changes.notes if not (change.id in linked and _cause(change) == "links")]
    found += [*_renamed(changes.notes), *_mass_updates(left, told)]
    return [*found, *accepted_on_the_way(accepted, changes, found)]


def _note_hazards(
    change: NoteChange, old: PackedNote, new: PackedNote, changes: Changes, questions: Questions
) -> Iterator[Hazard]:
    if change.fate == "doubled":
        yield _guid_changed(change, old, new)
    elif change.fate == "stale" and old.kind == new.kind:
        yield _stale(change, changes)
    else:
        before, after = (asked(each.kind, each.cards, each.text) for each in (old, new))
        yield from card_hazards(change.id, before, after)
        edited = new.kind == Kind.QA and old.fields != new.fields
        if edited and (hazard := questions.hazard(change.id, old.guid, texts_of(new.fields))):
            yield hazard
        if hazard := link_hazard(change.id, old.fields, new.fields):
            yield hazard


def _named(change: NoteChange, hazards: Iterable[Hazard]) -> Iterator[Hazard]:
    """Yield the hazards of a note in words that call it what its author does: nobody knows a note by its guid."""
    for hazard in hazards:
        yield replace(hazard, message=hazard.message.replace(f'"{change.id}"', f'"{change.label}"', 1))


def _guid_changed(change: NoteChange, old: PackedNote, new: PackedNote) -> Hazard:
    if not has_id(old) or not has_id(new):
        return Hazard(
            "guid-changed",
            change.id,
            f'"{change.label}" has another guid than the note that says the same, which is gone: learners get it a '
            "second time, and their progress stays with the first",
            (_TO_GO_ON if has_id(new) else _TO_KEEP_GUIDS).format(guid=old.guid),
        )
    return Hazard(
        "guid-changed",
        change.id,
        f'Anki knows the note "{change.id}" by the guid "{old.guid}", and takes it for a new one under "{new.guid}": '
        "learners get it a second time, and their progress stays with the first",
        'put "guid:" back to what it was',
    )


def _stale(change: NoteChange, changes: Changes) -> Hazard:
    if changes.old.newest_time > changes.new.newest_time:
        hint = "the older package was built after the newer one: if they are the wrong way round, swap them"
    else:
        hint = "build it with the lock that the older package was built with"
    return Hazard(
        "stale",
        change.id,
        f'"{change.label}" differs, but its time is not newer than what learners have: they never get it',
        hint,
    )


def _vanished(change: NoteChange, changes: Changes) -> Hazard:
    return Hazard(
        "vanished",
        change.id,
        f'"{change.label}" is in the new package no more: learners who have it keep it for ever',
        f'say why with "retired:", or tell learners how to find it in Anki\'s browser: {search_of([change], changes)}',
    )


def _type_hazards(old: Snapshot, new: Snapshot) -> Iterator[Hazard]:
    """Yield a hazard for each note type of notes in both packages whose shape or number is another one."""
    pairs: dict[tuple[int, int], None] = {
        (note.type, new.notes[guid].type): None for guid, note in old.notes.items() if guid in new.notes
    }
    for number, other in pairs:
        before, after = old.types[number], new.types[other]
        if before.kind == after.kind and (number != other or not same_shape(before, after)):
            yield _type_changed(before, after)


def _type_changed(before: PackedType, after: PackedType) -> Hazard:
    if before.name == after.name:
        became = f'the note type "{before.name}" has ' + (
            "other fields or cards now" if before.number == after.number else "another number now, by which Anki goes"
        )
    else:
        became = f'the note type "{before.name}" has become another, "{after.name}"'
    return Hazard(
        "type-changed",
        before.kind,
        f"{became}: Anki stops all updates of its notes"
        + (", and adds a second note type" if before.number == after.number else ""),
        "build with the version of cuedeck that built the deck before; for a deck that another tool made, run "
        '"cuedeck adopt" and hand out its bridge first',
    )


def _renamed(changes: Sequence[NoteChange]) -> Iterator[Hazard]:
    # What another tool made has no id that could be told as its former one.
    ours = [change for change in changes if has_id(change.note)]
    gone = [change.old for change in ours if change.fate == "vanished" and change.old]
    new = {change.id: (change.new.kind, change.new.fields) for change in ours if change.fate == "new" and change.new}
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
    "source": "because their source is named otherwise",
    "nothing": "though nothing in them changed",
}

# The fields that may change for no reason of the note's own, and what makes them.
_CAUSED = {CONCEPT.name: "concept", SOURCE: "source", LINKS.name: "links"}


def _mass_updates(changes: Sequence[NoteChange], told: Collection[str]) -> Iterator[Hazard]:
    """Yield a hazard for each cause for which many notes are replaced, but for those that are `told` already."""
    groups: dict[str, list[NoteChange]] = defaultdict(list)
    for change in changes:
        if (cause := _cause(change)) and cause not in told:
            groups[cause].append(change)
    for cause, notes in groups.items():
        if len(notes) >= _MANY:
            yield Hazard(
                "mass-update",
                cause,
                f"{counted(len(notes), 'note')} are replaced {_CAUSES[cause]}, such as "
                f'"{notes[0].label}": learners\' own edits and tags on them are gone once',
                "put it back if it is not worth that",
                notes=tuple(change.id for change in notes),
            )


def _cause(change: NoteChange) -> str:
    """Return why a note is replaced, if not for its own text; "" otherwise."""
    if change.fate == "touched":
        return "nothing"
    names = {field.name for field in change.fields}
    if change.fate != "updated" or change.moved_from or names - _CAUSED.keys():
        return ""
    return next((cause for name, cause in _CAUSED.items() if name in names), "tags")


_GONE = ("retired", "vanished")
# These are about a note that comes as a new one; the others are about one that learners have.
_OF_NEW_NOTES = ("looks-renamed", "guid-changed")


def accepted_on_the_way(accepted: Collection[str], changes: Changes, shown: Collection[Hazard]) -> Iterator[Hazard]:
    """Yield the accepted hazards that cost progress, which those who have the older package meet all the same.

    `accepted` are keys, `shown` what the packages show by themselves. What was undone since then costs nobody anything.
    """
    keys = {hazard.key for hazard in shown}
    for key in sorted(set(accepted) - keys):
        name, _, subject = key.partition(":")
        change = changes.by_name.get(subject)
        # The lock may be one of another version of cuedeck, which knows other names.
        if name in HARMS and HARMS[name].costs_progress and change and _is_met(name, change, changes):
            yield Hazard(
                name,
                subject,
                f'"{key}" was accepted since the older package was made: its learners meet it with this update',
                "a version that costs progress is a major one",
            )


def _is_met(name: str, change: NoteChange, changes: Changes) -> bool:
    if name in _OF_NEW_NOTES and change.fate == "new":
        return any(note.fate in _GONE for note in changes.notes)
    return change.fate in ("updated", "stale", "back", "doubled")
