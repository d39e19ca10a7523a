"""What learners of another tool's package have once they have imported the bridges and, with them, our note types."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cuedeck.bridging.fieldmap import Bridge, bridge
from cuedeck.building.loading import Checked
from cuedeck.building.released import HandedOut
from cuedeck.history.adoption import matching_notes
from cuedeck.history.snapshot import PackedNote, Snapshot
from cuedeck.rendering.notetypes import note_types
from cuedeck.updating.sayings import WRITTEN_FIELDS

_WRITTEN = frozenset(field.key for field in WRITTEN_FIELDS)


def with_bridges(before: HandedOut, after: Snapshot, checked: Checked) -> HandedOut:
    """Return an old package as its learners have it when `after`, a build of the deck, arrives.

    If another tool made the package, and there are bridges from it, the notes that the deck continues have our note
    types. Otherwise it is unchanged.
    """
    bridges = checked.workspace.bridges(checked.deck.about.id)
    if before.snapshot.namespace or not bridges:
        return before
    names = " and ".join(path.as_posix() for path in bridges)
    return replace(
        before,
        snapshot=_moved_over(before.snapshot, after, checked),
        remark=f'this is for learners who first import {names}, and then tick "Merge note types" this once',
        is_bridged=True,
    )


def _moved_over(before: Snapshot, after: Snapshot, checked: Checked) -> Snapshot:
    """Return the contents of an old package, with our note types for the notes that the deck continues.

    What is not the author's text in them, such as the name of the concept, counts as if learners had it already: it is
    no correction.
    """
    packed = matching_notes(before, checked.deck, checked.notes)
    bridges = {each.old.number: each for each in _bridges(before, packed.values(), checked)}
    moved = {
        note.guid: _moved(note, after.notes[note.guid], bridges[note.type])
        for note in packed.values()
        if note.type in bridges and note.guid in after.notes
    }
    types = {note.type: after.types[note.type] for note in moved.values()}
    return replace(before, notes={**before.notes, **moved}, types={**before.types, **types})


def _bridges(before: Snapshot, notes: Iterable[PackedNote], checked: Checked) -> Iterator[Bridge]:
    ours = {each.kind: each for each in note_types(checked.deck)}
    for number in dict.fromkeys(note.type for note in notes):
        try:
            yield bridge(before.types[number], ours[before.types[number].kind])
        except ValueError:  # such a note does not arrive, which the comparison then reports
            continue


def _moved(old: PackedNote, new: PackedNote, by: Bridge) -> PackedNote:
    """Return a note of an old package with the note type that it has afterwards."""
    carried = {by.keys[key]: html for key, html in old.fields.items()}
    fields = {key: carried.get(key, "") if key in _WRITTEN else html for key, html in new.fields.items()}
    return replace(old, type=new.type, fields=fields)
