"""Locks of version 1.0.0, which did not distinguish drafts: every build counted as handed out.

Only for notes that no draft touched is it known what the release contained. For all others, the last build is assumed
to be the release when harm to learners is judged. But they get a new time at the next release, since nobody can tell
whether learners have exactly that build.
"""

from dataclasses import replace

from cuedeck.history.lock import KnownNote, Lock, is_own_guid


def with_drafts_as_handed_out(lock: Lock) -> Lock:
    """Return a lock of version 1.0.0 in which everything is marked that may have been handed out.

    Before the first release, those are the notes with a guid of another tool, since they were adopted from a package.
    """
    if lock.releases:
        types = {
            kind: replace(each, left=each.presumed) for kind, each in lock.types.items() if each.time != each.released
        }
        notes = {id: _handed_out(note) for id, note in lock.notes.items() if note.time != note.released}
        return replace(lock, notes={**lock.notes, **notes}, types={**lock.types, **types})
    notes = {id: _handed_out(note) for id, note in lock.notes.items() if _is_taken_over(note, lock)}
    return replace(lock, notes={**lock.notes, **notes}) if notes else lock


def _handed_out(note: KnownNote) -> KnownNote:
    return replace(note, left=note.presumed)


def _is_taken_over(note: KnownNote, lock: Lock) -> bool:
    return not is_own_guid(note.guid, lock.namespace, (note.id, *note.was))
