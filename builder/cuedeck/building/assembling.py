"""A checked deck and the clock to one `Build` value, from which a package and the new lock are made."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from cuedeck.building.loading import Checked
from cuedeck.building.packing import contents
from cuedeck.deck.placement import titles_of
from cuedeck.history.identity import known_after
from cuedeck.history.lock import Accepted, Lock, main_source_of
from cuedeck.history.order import order_of
from cuedeck.history.stamping import (
    FieldsOf,
    Moment,
    StampedNote,
    StampedType,
    Status,
    check_clock,
    stamp_notes,
    stamp_types,
)
from cuedeck.package.contents import Contents
from cuedeck.problems import stop
from cuedeck.rendering.notetypes import note_types


@dataclass(frozen=True)
class Build:
    """A deck whose notes have their identities and times: all that a package and the new lock are made from.

    `unrecorded` are the positions, by the notes' ids, that learners have and the lock does not know.
    """

    checked: Checked
    notes: tuple[StampedNote, ...]
    types: tuple[StampedType, ...]
    lock: Lock
    unrecorded: Mapping[str, int]

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many notes are new, changed and unchanged since the last build."""
        return Counter(stamped.status for stamped in self.notes)

    @property
    def card_count(self) -> int:
        """How many cards the notes make."""
        return sum(len(stamped.rendered.cards) for stamped in self.notes)

    @cached_property
    def contents(self) -> Contents:
        """What the package holds."""
        return contents(self.checked.deck, self.notes, self.types, self.lock)

    @cached_property
    def members(self) -> dict[str, bytes]:
        """The files in the package, by name."""
        from cuedeck.package.container import members  # here because genanki takes long to load

        return members(self.contents)

    def accepting(self, keys: Iterable[str]) -> "Build":
        """Return the same with hazards in the lock that the author accepts besides those that the check met."""
        at = self.lock.newest_time
        accepted = tuple(Accepted(key, at, "") for key in keys)
        return replace(self, lock=replace(self.lock, accepted=(*self.lock.accepted, *accepted))) if accepted else self


def now() -> int:
    """Return the time to build with, in seconds since 1970: SOURCE_DATE_EPOCH where it is set, else the clock's."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return int(time.time())
    try:
        return int(given)
    except ValueError:
        stop(
            "SOURCE_DATE_EPOCH", "bad-time", f'"{given}" is no time', "set it to whole seconds since 1970, or unset it"
        )


def stamp_as_last(checked: Checked) -> Build:
    """Return the build of a checked deck as the last one was, if nothing changed since; nothing of it is to be kept."""
    return stamp(checked, max(checked.lock.newest_time, 1))  # what is not kept may have any time


def stamp_as_next(checked: Checked) -> Build:
    """Return the build of a checked deck as the next one would be, be the clock behind or not."""
    return stamp(checked, max(now(), checked.lock.newest_time))


def stamp(checked: Checked, at: int, releasing: bool = False) -> Build:
    """Return the build of a checked deck, with `at` (seconds since 1970) as the time of what changed.

    Raises `Problems` where something changed and that time would keep learners from getting it.
    """
    lock, deck = checked.lock, checked.deck
    wanted = at
    if last := lock.last_release:
        at = max(at, last.time + 1)  # a clock that is a little behind makes nothing older than the release it follows
    last_fields = _last_fields(checked)
    moment = Moment(at, releasing)
    order = order_of(checked.notes, deck.sources, checked.known, lock, checked.last)
    notes = tuple(stamp_notes(checked.notes, checked.known, order.positions, lock, moment, last_fields))
    types = tuple(stamp_types(note_types(deck), lock, moment))
    accepted = checked.accepted
    if releasing or accepted or {*(note.status for note in notes), *(each.status for each in types)} - {"unchanged"}:
        check_clock(lock, wanted, int(time.time()), checked.workspace.lock.as_posix())
    pending = lock.pending
    standing = pending if checked.standing is None else checked.standing
    known_keys = {*accepted, *(each.hazard for each in standing)}
    taken_out = {key.partition(":")[2] for key in known_keys if key.startswith("vanished:")}
    # A source taken out may come back; what only drafts called theirs, a release forgets.
    titles = {**(lock.titles_left if releasing else lock.titles), **titles_of(deck)}
    new_lock = Lock(
        namespace=deck.about.namespace,
        deck=deck.about.id,
        titles=titles,
        left=None if releasing or not lock.is_handed_out or lock.titles_left == titles else lock.titles_left,
        notes=known_after(lock, deck.notes.values(), checked.known, notes, taken_out, releasing, last_fields),
        types={**lock.types, **{stamped.known.kind: stamped.known for stamped in types}},
        releases=lock.releases,
        accepted=(
            *(each for each in lock.accepted if each not in pending or not each.outcome),
            *(each for each in standing if each.outcome),
            *(Accepted(key, at, outcome) for key, outcome in sorted(accepted.items())),
        ),
        main=main_source_of(deck) if releasing else lock.main,
    )
    if new_lock.highest_id < lock.highest_id:
        new_lock = replace(new_lock, highest=lock.highest_id)
    # A lock of version 1.0.0 is brought to a newer form by an edit, never by a newer program.
    new_lock = replace(new_lock, is_first=lock.is_first and new_lock == lock)
    return Build(checked, notes, types, new_lock, order.unrecorded)


def _last_fields(checked: Checked) -> FieldsOf:
    def fields(guid: str) -> Mapping[str, str] | None:
        snapshot = checked.last()
        return snapshot.notes[guid].fields if snapshot and guid in snapshot.notes else None

    return fields
