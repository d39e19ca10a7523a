"""Which note of before each note is: by its id, or by the id that it says it had."""

import difflib
from collections import Counter
from collections.abc import Collection, Sequence

from builder.history.lock import Lock
from builder.history.stamping import known_before
from builder.problems import Report
from builder.rendering.fields import RenderedNote


def check_ids(notes: Sequence[RenderedNote], lock: Lock, present: Collection[str], report: Report) -> None:
    """Report each `was` that names no note of before, each id that is another note's, and each guid given twice.

    `present` are the ids of all notes in the file, those included that could not be read.
    """
    named = Counter(note.was for note in notes if note.was)
    guids: dict[str, str] = {}
    for note in notes:
        if note.was:
            _check_was(note, lock, present, named[note.was] > 1, report)
        owner = lock.found(note.id)
        if owner and owner.id != note.id and owner.id != note.was:
            report.error(
                "taken-id",
                f'"{note.id}" was the id of the note that is "{owner.id}" now, and is not free for another',
                at=note.keys,
                on="key",
                hint="choose a new id",
            )
        known = known_before(note, lock)
        guid = note.guid or (known.guid if known else "")
        other = guids.setdefault(guid, note.id) if guid else note.id
        if other != note.id:
            report.error(
                "doubled-guid",
                f'the notes "{other}" and "{note.id}" have one guid, and Anki would take them for one note',
                at=(*note.keys, "guid"),
                hint="each note has a guid of its own",
            )


def _check_was(note: RenderedNote, lock: Lock, present: Collection[str], doubled: bool, report: Report) -> None:
    owner = lock.found(note.was)
    hint = "name the id that the note had before, or take the line out"
    if note.was in present:
        said = f'"{note.was}" is still the id of a note in this file' if note.was != note.id else "this is its own id"
    elif doubled:
        said = f'another note says that it was "{note.was}", too'
    elif owner is None and lock.notes:
        said = f'there never was a note "{note.was}"'
        gone = [id for id in lock.notes if id not in present]
        near = difflib.get_close_matches(note.was, gone, n=1)
        hint = f'did you mean "{near[0]}"?' if near else hint
    elif owner and note.id in lock.notes and owner.id != note.id:
        said = f'"{note.id}" and "{note.was}" have both been built: learners have them as two notes'
        hint = f'take the line out, and retire "{note.was}"'
    elif owner and owner.id in present and owner.id != note.id:
        said = f'"{note.was}" is "{owner.id}" now'
    else:
        return
    report.error("bad-was", said, at=(*note.keys, "was"), hint=hint)
