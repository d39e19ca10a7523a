"""Rendered notes get the identity and the times that Anki knows them by, from the lock and the clock.

Anki matches notes by guid alone and takes an update only if its modification time is newer. So an unchanged note keeps
its time, and learners keep their own edits and tags on it; a changed one gets a newer time, and arrives everywhere.
"""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Literal

from cuedeck.history.lock import KnownNote, KnownType, Lock
from cuedeck.history.prompts import Answers, asked
from cuedeck.problems import stop
from cuedeck.rendering.fields import RenderedNote, digest
from cuedeck.rendering.notetypes import NoteType

Status = Literal["new", "changed", "unchanged"]

# Clocks of two machines that build in turn may differ by so many seconds without harm.
_CLOCK_TOLERANCE = 300
_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class StampedNote:
    """A note with its identity: Anki's guid, ids and modification time; and what became of it since the last build.

    `due` is its position among new cards, whether that is fixed or not.
    """

    rendered: RenderedNote
    known: KnownNote
    status: Status
    due: int


@dataclass(frozen=True)
class StampedType:
    """A note type with its modification time in seconds since 1970."""

    type: NoteType
    known: KnownType
    status: Status


def guid(namespace: str, note_id: str) -> str:
    """Return the guid of a note. It depends on the namespace and the author's id, and on nothing else for ever."""
    return hashlib.sha256(f"{namespace}\0{note_id}".encode()).hexdigest()[:20]


def stamp_notes(
    notes: Sequence[RenderedNote],
    known: Mapping[str, KnownNote],
    positions: Mapping[str, int],
    lock: Lock,
    now: int,
    releasing: bool = False,
) -> list[StampedNote]:
    """Return the notes with their identities and times. `now` is in seconds since 1970.

    `known` is what each note goes on from, by its id, and `positions` are their places among new cards, which a release
    fixes. In a release all that changed since the last one gets `now`, drafts of it included, because a learner may
    have touched a note between draft and release, and would never get a fix from before that.
    """
    fresh = _fresh_ids(lock, now)
    return [
        _stamp(note, known.get(note.id), positions[note.id], lock.namespace, now, fresh, releasing) for note in notes
    ]


def _fresh_ids(lock: Lock, now: int) -> Iterator[int]:
    """Yield ids never used before. Anki's are milliseconds since 1970, and sort new cards that have one position."""
    following = max(now * 1000, lock.highest_id + 1)
    while True:
        yield following
        following += 1


def _stamp(
    note: RenderedNote, old: KnownNote | None, due: int, namespace: str, now: int, fresh: Iterator[int], releasing: bool
) -> StampedNote:
    status, time = _status_and_time(old, note.content, now, releasing)
    cards = _card_ids(note.cards, old.cards if old else {}, fresh)
    answers, outside = _asked_by(note, old)
    former = {*(old.was if old else ()), *([old.id] if old else ()), *([note.was] if note.was else ())}
    known = KnownNote(
        id=note.id,
        kind=note.kind,
        guid=note.guid or (old.guid if old else guid(namespace, note.id)),
        note=old.note if old else next(fresh),
        cards=cards,
        time=time,
        content=note.content,
        answers=answers,
        outside=outside,
        gone=tuple(ordinal for ordinal in cards if ordinal not in note.cards),
        was=tuple(sorted(former - {note.id})),
        released=time if releasing else old.released if old else 0,
        due=due if releasing else old.due if old else None,
    )
    return StampedNote(note, known, status, due)


def _asked_by(note: RenderedNote, old: KnownNote | None) -> tuple[Answers, str]:
    """Return the answers behind each number, and the hash of the words around them.

    The answers of numbers that are gone are kept: learners still have their cards.
    """
    if old and old.content == note.content:
        return old.answers, old.outside
    now = asked(note.kind, note.cards, note.text)
    answers = {**(old.answers if old else {}), **now.answers}
    return dict(sorted(answers.items())), now.outside


def _status_and_time(
    old: "KnownNote | KnownType | None", content: str, now: int, releasing: bool
) -> tuple[Status, int]:
    """Return what became of a note or a note type, and its time; in a release, a draft of it counts from now."""
    if old is None:
        return "new", now
    if old.content != content:
        return "changed", max(now, old.time + 1)
    return "unchanged", max(now, old.time) if releasing and old.time != old.released else old.time


def _card_ids(ordinals: Iterable[int], old: Mapping[int, int], fresh: Iterator[int]) -> dict[int, int]:
    """Return the ids of a note's cards, those of cards it no longer makes included: they are never used again."""
    ids = dict(old)
    for ordinal in ordinals:
        if ordinal not in ids:
            ids[ordinal] = next(fresh)
    return dict(sorted(ids.items()))


def stamp_types(types: Iterable[NoteType], lock: Lock, now: int, releasing: bool = False) -> list[StampedType]:
    """Return the note types with their times, kept where nothing changed; `releasing` is as in `stamp_notes`."""
    stamped = []
    for each in types:
        old = lock.types.get(each.kind)
        content = digest(astuple(each))
        status, time = _status_and_time(old, content, now, releasing)
        released = time if releasing else old.released if old else 0
        known = KnownType(each.kind, each.id, time, content, shape_of(each), released)
        stamped.append(StampedType(each, known, status))
    return stamped


def shape_of(type: NoteType) -> str:
    """Return the hash of what no update may change in a note type: the ids of its fields and templates, in order."""
    return digest([field.id for field in type.fields], [template.id for template in type.templates])


def day(time: int) -> str:
    """Return the day of a time in seconds since 1970, in UTC, such as 2026-01-31."""
    return datetime.datetime.fromtimestamp(time, datetime.UTC).date().isoformat()


def check_clock(lock: Lock, now: int, wall: int, name: str) -> None:
    """Raise `Problems` where a time to stamp with would keep updates from arriving.

    `now` is what is about to be written, `wall` what the machine's clock says, both in seconds since 1970.
    """
    if now <= 0:
        stop(
            name,
            "clock-behind",
            "the time to build with is not after the first second of 1970, where Anki's times begin",
            "set the clock of this machine right, or SOURCE_DATE_EPOCH where it is set",
        )
    if lock.newest_time > wall + _A_DAY:
        stop(
            name,
            "clock-behind",
            f"the last build was on {day(lock.newest_time)}, but this machine's clock says {day(wall)}",
            "set the clock of this machine right; if it is right, a build was made with a wrong one: bring back the "
            "lock and the package from before that",
        )
    if now < lock.newest_time - _CLOCK_TOLERANCE:
        stop(
            name,
            "clock-behind",
            "the clock is behind the last build, so learners would not get the changes",
            "set the clock of this machine right, or SOURCE_DATE_EPOCH where it is set",
        )
    if now > wall + _A_DAY:
        stop(
            name,
            "clock-ahead",
            "the time to build with lies in the future, which would block later updates",
            "set SOURCE_DATE_EPOCH to a time that has been",
        )
