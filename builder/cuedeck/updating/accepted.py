"""Harm that was accepted for a draft, and that the packages of two releases no longer show."""

from collections.abc import Collection, Iterator

from cuedeck.updating.changes import Changes, NoteChange
from cuedeck.updating.harms import HARMS
from cuedeck.updating.hazards import Hazard

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
