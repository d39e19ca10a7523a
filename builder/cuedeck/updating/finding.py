"""The search in Anki's browser that finds the notes of an update."""

from collections.abc import Iterable

from cuedeck.history.snapshot import PackedNote
from cuedeck.rendering.searching import search
from cuedeck.updating.changes import Changes, NoteChange
from cuedeck.updating.fieldchanges import has_id


def search_of(notes: Iterable[NoteChange], changes: Changes) -> str:
    """Return what finds these notes in Anki's browser, under the ids before and now.

    Notes that another tool made have no author's id: they are found by Anki's own.
    """
    packed = [note for change in notes for note in (change.old, change.new) if note]
    deck = changes.new.manifest.deck or changes.old.manifest.deck or "*"
    strange = sorted({note.note for note in packed if not has_id(note)})
    searches = [search(names, deck)] if (names := _names(packed, changes)) else []
    searches += [f"nid:{','.join(map(str, strange))}"] if strange else []
    return " or ".join(searches)


def _names(packed: Iterable[PackedNote], changes: Changes) -> set[str]:
    ids = {note.id for note in packed if has_id(note)}
    # A learner of a package older than both may know a note by a name that neither has.
    return ids | {name for id in ids for name in changes.new.former(id)}
