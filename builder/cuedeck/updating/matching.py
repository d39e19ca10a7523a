"""Compare two packages note by note: find the notes that belong together, and what becomes of each."""

from collections.abc import Collection, Iterable, Mapping

from cuedeck.history.identity import TAKEN_OUT
from cuedeck.history.snapshot import PackedNote, Snapshot
from cuedeck.rendering.notefields import CONCEPT
from cuedeck.rendering.plain import plain
from cuedeck.updating.changes import Changes, Fate, NoteChange
from cuedeck.updating.fieldchanges import field_changes
from cuedeck.updating.samenotes import same_notes
from cuedeck.updating.sayings import Texts, has_id, texts_of
from cuedeck.updating.typechanges import look_of, same_shape

Unedited = Mapping[str, Collection[int]]
"""The times of the builds, in seconds since 1970, since which nobody has edited a note, by the guids of the notes that
this version of the program renders differently."""


def changes_between(old: Snapshot, new: Snapshot, unedited: Unedited | None = None) -> Changes:
    """Return what becomes of every note when a learner who has `old` imports `new` with Anki's default options.

    Anki finds a note by its guid and replaces it if the new time is newer, whatever the note contains. Two packages do
    not show that a note is only rendered differently; if `new` was just built, the lock does, in `unedited`.
    """
    twins = _twins(old, new)
    twins |= _unnamed_twins(old, new, twins)
    comparison = _Comparison(old, new, unedited or {})
    known = {*old.notes, *twins.values()}
    changes = [comparison.change(note, new.notes.get(twins.get(guid, guid))) for guid, note in old.notes.items()]
    changes += [comparison.change(None, note) for guid, note in new.notes.items() if guid not in known]
    return Changes(old, new, tuple(sorted(changes, key=lambda each: (each.note.due, each.note.note, each.id))))


def _twins(old: Snapshot, new: Snapshot) -> dict[str, str]:
    """Return the new guids, by the old ones, of notes that are the same to the author but not to Anki."""
    came = {
        name: guid
        for guid, note in new.notes.items()
        if guid not in old.notes and has_id(note)
        for name in (*new.former(note.id), note.id)
    }
    gone = (note for guid, note in old.notes.items() if guid not in new.notes and has_id(note))
    # Two notes that became one are reported once.
    return {guid: new for new, guid in {came[note.id]: note.guid for note in gone if note.id in came}.items()}


def _unnamed_twins(old: Snapshot, new: Snapshot, named: Mapping[str, str]) -> dict[str, str]:
    """Return the new guids, by the old ones, of notes that say the same, if one of the two has no id.

    `named` are those that ids show. Two notes with ids are two notes, whatever they say; and a note that the author
    retired may be replaced by another one.
    """
    retired = {note.guid for note in new.remembered.values() if note.retired}
    there, known = {*new.notes, *named, *retired}, {*old.notes, *named.values()}
    gone = [note for guid, note in old.notes.items() if guid not in there]
    came = [note for guid, note in new.notes.items() if guid not in known]
    if not gone or not came:
        return {}
    kept = [texts_of(note) for guid, note in new.notes.items() if guid in known]
    found = _alike([note for note in gone if not has_id(note)], came, kept)
    left = [note for note in came if not has_id(note) and note.guid not in found.values()]
    return found | _alike([note for note in gone if has_id(note)], left, kept)


def _alike(gone: Iterable[PackedNote], came: Iterable[PackedNote], kept: Collection[Texts]) -> dict[str, str]:
    """Return the new guids, by the old ones, of notes that say the same."""
    before, now = ({note.guid: texts_of(note) for note in each} for each in (gone, came))
    return {old: new for new, old in same_notes(before, now, kept).items()}


class _Comparison:
    """What has to be known about two packages to find the fate of one note."""

    def __init__(self, old: Snapshot, new: Snapshot, unedited: Unedited) -> None:
        self._new = new
        self._unedited = unedited
        self._concepts = {note.fields.get(CONCEPT.key, "") for note in new.notes.values()}
        self._why, self._was_retired = _reasons(new), _reasons(old).keys()
        self._sources = _main_source(old), _main_source(new)
        self._files = old.manifest.media, new.manifest.media
        pairs = {(note.type, new.notes[guid].type) for guid, note in old.notes.items() if guid in new.notes}
        self._arriving = {
            pair for pair in pairs if pair[0] == pair[1] and same_shape(old.types[pair[0]], new.types[pair[1]])
        }

    def change(self, old: PackedNote | None, new: PackedNote | None) -> NoteChange:
        if old is None:
            assert new is not None  # at least one of them is given
            names = {new.id, *self._new.former(new.id)}
            return NoteChange(new.id, "back" if names & self._was_retired else "new", None, new)
        if new is None:
            why = self._why.get(old.id)
            return NoteChange(old.id, "vanished" if why is None else "retired", old, None, why=why or "")
        return self._edit(old, new)

    def _edit(self, old: PackedNote, new: PackedNote) -> NoteChange:
        # A note of another kind, or from another tool, has other fields altogether, so there is nothing to compare.
        comparable = old.kind == new.kind and (old.guid == new.guid or old.fields.keys() == new.fields.keys())
        fields = tuple(field_changes(old, new, self._sources, self._files)) if comparable else ()
        added = tuple(tag for tag in new.tags if tag not in old.tags)
        removed = tuple(tag for tag in old.tags if tag not in new.tags)
        concept = old.fields.get(CONCEPT.key, "")
        moved = concept != new.fields.get(CONCEPT.key, "") and concept in self._concepts
        renamed = old.id != new.id and has_id(old) and has_id(new)
        return NoteChange(
            id=new.id,
            fate=self._fate(old, new, differs=bool(fields or added or removed or old.kind != new.kind)),
            old=old,
            new=new,
            fields=fields,
            tags_added=added,
            tags_removed=removed,
            moved_from=plain(concept) if moved else "",
            renamed_from=old.id if renamed else "",
        )

    def _fate(self, old: PackedNote, new: PackedNote, differs: bool) -> Fate:
        if old.guid != new.guid:
            return "doubled"
        if new.time <= old.time or (old.type, new.type) not in self._arriving:
            return "stale" if differs else "unchanged"
        if old.time in self._unedited.get(old.guid, ()) and old.cards.keys() == new.cards.keys():
            return "rerendered"
        return "updated" if differs else "touched"


def _reasons(snapshot: Snapshot) -> dict[str, str]:
    """Return why notes left the deck, by all ids that they ever had; "" if the author gave no reason."""
    return {
        name: "" if why == TAKEN_OUT else why
        for id, why in snapshot.retired.items()
        for name in (*snapshot.former(id), id)
    }


def _main_source(snapshot: Snapshot) -> str:
    return next(filter(None, (look_of(type).main.title for type in snapshot.types.values())), "")
