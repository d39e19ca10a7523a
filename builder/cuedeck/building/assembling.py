"""Turn a checked deck and the time into one `Build` value, from which a package and the new lock are made."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from cuedeck.building.loading import Checked
from cuedeck.building.packing import contents
from cuedeck.deck.placement import titles_of, without_lost_subdecks
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
from cuedeck.package.contents import Contents, Member, digests, fingerprint
from cuedeck.patterns import regex
from cuedeck.problems import stop
from cuedeck.records import dataclass
from cuedeck.rendering.fields import have_pictures
from cuedeck.rendering.notetypes import note_types

_SECONDS = regex("[0-9]{1,30}")


@dataclass(frozen=True)
class Build:
    """A deck whose notes have their identities and times: everything that a package and the new lock are made from.

    `unrecorded` are the positions, by the notes' ids, that learners' cards have but the lock does not know.
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
    def has_changes(self) -> bool:
        """Whether any note or note type has changed since the last build, so that no package can have this content."""
        statuses = (*(note.status for note in self.notes), *(type.status for type in self.types))
        return any(status != "unchanged" for status in statuses)

    @property
    def card_count(self) -> int:
        """How many cards the notes make."""
        return sum(len(stamped.rendered.cards) for stamped in self.notes)

    @cached_property
    def contents(self) -> Contents:
        """The contents of the package."""
        return contents(self.checked.deck, self.notes, self.types, self.lock)

    @cached_property
    def members(self) -> dict[str, Member]:
        """The files in the package, by name."""
        from cuedeck.package.container import members  # here because genanki is slow to load

        return members(self.contents)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of these files."""
        return fingerprint(digests(self.members))

    def accepting(self, keys: Iterable[str]) -> "Build":
        """Return the build with more accepted hazards in its lock, besides those that the check found."""
        at = self.lock.newest_time
        accepted = tuple(Accepted(key, at, "") for key in keys)
        return replace(self, lock=replace(self.lock, accepted=(*self.lock.accepted, *accepted))) if accepted else self


def now() -> int:
    """Return the time to build with, in seconds since 1970: SOURCE_DATE_EPOCH if it is set, or else the clock's.

    Raises `Problems` if that variable is not a time.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return int(time.time())
    if not _SECONDS.fullmatch(given):
        stop(
            "SOURCE_DATE_EPOCH",
            "bad-time",
            f'"{given[:50]}" is not a valid time',
            "set this environment variable to whole seconds since 1970, only digits, or unset it",
        )
    return int(given)


def stamp_as_last(checked: Checked) -> Build:
    """Return the build of a checked deck as it was last built, if nothing has changed since. It must not be written."""
    return stamp(checked, max(checked.lock.newest_time, 1))  # its time does not matter, since it is not written


def stamp_as_next(checked: Checked) -> Build:
    """Return the build of a checked deck as the next one would be, even if the clock is behind."""
    return stamp(checked, max(now(), checked.lock.newest_time))


def stamp(checked: Checked, at: int, releasing: bool = False) -> Build:
    """Return the build of a checked deck, with `at` (seconds since 1970) as the time of what changed.

    Raises `Problems` if something changed and that time would keep learners from getting it.
    """
    lock, deck = checked.lock, checked.deck
    wanted = at
    if last := lock.last_release:
        at = max(at, last.time + 1)  # so that nothing is older than the last release if the clock is a little behind
    last_fields = _last_fields(checked)
    moment = Moment(at, releasing)
    order = order_of(checked.notes, deck.sources, checked.known, lock, lambda: checked.last.whole)
    notes = tuple(stamp_notes(checked.notes, checked.known, order.positions, lock, moment, last_fields))
    types = tuple(stamp_types(note_types(deck, have_pictures(checked.notes)), lock, moment))
    accepted = checked.accepted
    if releasing or accepted or {*(note.status for note in notes), *(each.status for each in types)} - {"unchanged"}:
        check_clock(lock, wanted, int(time.time()), checked.workspace.lock.as_posix())
    pending = lock.pending
    standing = pending if checked.standing is None else checked.standing
    known_keys = {*accepted, *(each.hazard for each in standing)}
    taken_out = {key.partition(":")[2] for key in known_keys if key.startswith("vanished:")}
    # A source that was removed may come back, so its name is kept; a release forgets the names that only drafts had.
    known_titles = lock.titles_left if releasing else lock.titles
    titles = {**without_lost_subdecks(known_titles, deck), **titles_of(deck)}
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
        adoptions=lock.adoptions,
        tags_as_written=deck.about.tags_as_written,
    )
    if new_lock.highest_id < lock.highest_id:
        new_lock = replace(new_lock, highest=lock.highest_id)
    # Only an edit converts a lock of version 1.0.0 to the newer form, never a newer version of the program.
    new_lock = replace(new_lock, is_first=lock.is_first and new_lock == lock)
    return Build(checked, notes, types, new_lock, order.unrecorded)


def _last_fields(checked: Checked) -> FieldsOf:
    def fields(guid: str) -> Mapping[str, str] | None:
        note = checked.last.note(guid)
        return note[1] if note else None

    return fields
