"""Give rendered notes the identity and the times by which Anki knows them, from the lock and the clock.

Anki matches notes by guid alone, and accepts an update only if its modification time is newer. So an unchanged note
keeps its time, and learners keep their own edits and tags on it. A changed note gets a newer time, and arrives
everywhere.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from typing import Literal, get_args

from cuedeck.deck.deck import Note
from cuedeck.history.lock import KnownNote, KnownType, Left, Lock, guid, is_own_guid
from cuedeck.history.prompts import Answers, asked
from cuedeck.problems import stop
from cuedeck.records import dataclass
from cuedeck.rendering.fields import RenderedNote, digest
from cuedeck.rendering.notefields import ASKED, CLOCK, LINKS, REVERSE
from cuedeck.rendering.notetypes import NoteType
from cuedeck.rendering.originmarkup import links_of
from cuedeck.rendering.ownreverse import texts_of_reverse

Status = Literal["new", "changed", "rerendered", "unchanged"]
"""What happened to a note or a note type since the last build. A note is `rerendered` if nobody changed anything in it,
but this version of the program renders it differently from the one that built it."""
STATUSES: tuple[Status, ...] = get_args(Status)

# The clocks of two machines that build alternately may differ by so many seconds without harm.
_CLOCK_TOLERANCE = 300
_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class StampedNote:
    """A note with its identity (Anki's guid, ids and modification time), and its status since the last build.

    `due` is its position among new cards, whether it is fixed or not.
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


@dataclass(frozen=True)
class Moment:
    """When notes are stamped: `now`, in seconds since 1970, and whether it is a release.

    In a release, everything that changed since the last one gets `now`, even if a draft already had it. A learner may
    have touched a note between draft and release, and would never get a change with a time before that.
    """

    now: int
    releasing: bool = False


FieldsOf = Callable[[str], Mapping[str, str] | None]
"""Returns the fields of the note with a guid in the package of the last build; None if they are not known."""


def stamp_notes(
    notes: Sequence[RenderedNote],
    known: Mapping[str, KnownNote],
    positions: Mapping[str, int],
    lock: Lock,
    at: Moment,
    last_fields: FieldsOf,
) -> list[StampedNote]:
    """Return the notes with their identities and times.

    `known` is the predecessor of each note, by its id. `positions` are their positions among new cards, which a release
    fixes.
    """
    stamp = _Stamp(lock.namespace, at, _fresh_ids(lock, at.now), last_fields)
    return [_stamp(note, known.get(note.id), positions[note.id], stamp) for note in notes]


@dataclass(frozen=True)
class _Stamp:
    """What is needed to stamp any note of a build."""

    namespace: str
    at: Moment
    fresh: Iterator[int]
    last_fields: FieldsOf


def _fresh_ids(lock: Lock, now: int) -> Iterator[int]:
    """Yield ids never used before. Anki's are milliseconds since 1970, and sort new cards with the same position."""
    following = max(now * 1000, lock.highest_id + 1)
    while True:
        yield following
        following += 1


def _stamp(note: RenderedNote, old: KnownNote | None, due: int, stamp: _Stamp) -> StampedNote:
    at, namespace = stamp.at, stamp.namespace
    if old and not at.releasing and _is_the_same(note, old, namespace):
        return StampedNote(note, old, "unchanged", due)
    status, time = _status_and_time(old, note.content, at)
    if status == "changed" and old and old.content in note.earlier:
        status = "rerendered"
    cards = _card_ids(note.cards, old.cards if old else {}, stamp.fresh)
    answers, outside = _asked_by(note, old)
    known = KnownNote(
        id=note.id,
        kind=note.kind,
        guid=guid_of(note, old, namespace),
        note=old.note if old else next(stamp.fresh),
        cards=cards,
        time=time,
        content=note.content,
        answers=answers,
        outside=outside,
        gone=tuple(ordinal for ordinal in cards if ordinal not in note.cards),
        was=former_ids(note, old),
        released=time if at.releasing else old.released if old else 0,
        elsewhere=old.elsewhere if old and not at.releasing else (),
        drafted=_drafted(old, time),
        unadopted=is_unadopted(note, old, namespace) and not at.releasing,
        due=due if at.releasing else old.due if old else None,
    )
    left = _left(known, old, at, stamp.last_fields)
    if left and left.content in note.earlier:
        # The same words as this version shows them, since later edits are compared with these.
        left = replace(left, answers={number: answers[number] for number in left.answers}, outside=outside)
    return StampedNote(note, known.leaving(left), status, due)


def _is_the_same(note: RenderedNote, old: KnownNote, namespace: str) -> bool:
    """Return whether nothing in a note has changed since its last build, by far the most common case."""
    if old.content != note.content or old.retired or (old.left and old.released_content == note.content):
        return False
    if note.id != old.id or note.was not in ("", *old.was) or old.gone or old.drafted:
        return False
    # A merge of two branches, or an adopted package, may have left a line that would be written differently now.
    is_as_written = note.cards == (*old.cards,) and is_unadopted(note, old, namespace) == old.unadopted
    return is_as_written and guid_of(note, old, namespace) == old.guid


def former_ids(note: Note | RenderedNote, old: KnownNote | None) -> tuple[str, ...]:
    """Return the former ids of a note, sorted; `old` is its predecessor."""
    former = {note.was, *((old.id, *old.was) if old else ())} - {"", note.id}
    return tuple(sorted(former))


def guid_of(note: Note | RenderedNote, old: KnownNote | None, namespace: str) -> str:
    """Return the guid by which Anki knows a note; `old` is its predecessor.

    Learners have the guid of the release. A guid that the author gave to a draft disappears with its line.
    """
    if note.guid:
        return note.guid
    own = guid(namespace, note.id)
    if old is None or (old.guid == own and old.left is None):  # true of nearly all notes
        return own
    is_kept = old.handed_out or is_own_guid(old.guid, namespace, (old.id, *old.was))
    return (old.handed_out or old).guid if is_kept else own


def is_unadopted(note: RenderedNote, old: KnownNote | None, namespace: str) -> bool:
    """Return whether a note has the guid of another deck, but was in no release or adopted package."""
    return bool(note.guid) and note.guid != guid(namespace, note.id) and not (old and old.handed_out)


def _left(new: KnownNote, old: KnownNote | None, at: Moment, last_fields: FieldsOf) -> Left | None:
    """Return what learners have of a note from releases after its next build."""
    left = old.handed_out if old else None
    if not at.releasing:
        return left and with_fields(left, old, new.content, last_fields)
    now = new.as_built
    if left is None:
        # Ids of cards that only drafts made stay reserved, but nobody has such cards.
        cards = tuple(ordinal for ordinal in now.cards if ordinal not in now.gone)
        return replace(now, cards=cards, gone=())
    cards = tuple(sorted({*left.cards, *(ordinal for ordinal in now.cards if ordinal not in now.gone)}))
    return replace(now, cards=cards, gone=tuple(ordinal for ordinal in cards if ordinal in now.gone))


def with_fields(left: Left, old: KnownNote | None, content: str, last_fields: FieldsOf) -> Left:
    """Return what learners have of a note, with its fields if the package of the next build will not have them.

    `old` is its last build, `content` is its content now.
    """
    if left.fields is not None or (old and old.content == content):
        return left
    fields = last_fields(left.guid) or {}
    links_show_first = any(link.address and link.clock == fields.get(CLOCK.key) for link in links_of(fields))
    shown = (
        *ASKED,
        LINKS,
        *[CLOCK] * links_show_first,
        *[REVERSE] * bool(texts_of_reverse(fields.get(REVERSE.key, ""))),
    )
    kept = {field.key: fields[field.key] for field in shown if fields.get(field.key)}
    return replace(left, fields=kept)


def _drafted(old: "KnownNote | KnownType | None", time: int) -> int:
    """Return the newest time that a draft gave a note or a note type, if its own time is older; else 0."""
    newest = max(old.time, old.drafted) if old else 0
    return newest if newest > time else 0


def _asked_by(note: RenderedNote, old: KnownNote | None) -> tuple[Answers, str]:
    """Return the answers to each number, and the hash of the words around them.

    The answers of numbers that are gone are kept, since learners still have their cards. Those that only drafts had are
    not, since nobody has them.
    """
    if old and old.content == note.content:
        return old.answers, old.outside
    now = asked(note.kind, note.cards, note.text)
    left = old.handed_out if old else None
    answers = {**(left.answers if left else {}), **now.answers}
    return dict(sorted(answers.items())), now.outside


def _status_and_time(old: "KnownNote | KnownType | None", content: str, at: Moment) -> tuple[Status, int]:
    """Return the status of a note or a note type, and its time. In a release, a draft gets the time of the release.

    A draft that was undone has the time of the release again, so that learners keep what they added to the note.
    """
    if old is None:
        return "new", at.now
    if old.released_content == content:
        return "unchanged" if old.content == content else "changed", old.released
    newest = max(old.time, old.drafted)
    if old.content != content:
        return "changed", max(at.now, newest + 1)
    return "unchanged", max(at.now, newest) if at.releasing and old.time != old.released else old.time


def _card_ids(ordinals: Iterable[int], old: Mapping[int, int], fresh: Iterator[int]) -> dict[int, int]:
    """Return the ids of a note's cards, including cards that it no longer makes, whose ids are never used again."""
    ids = dict(old)
    for ordinal in ordinals:
        if ordinal not in ids:
            ids[ordinal] = next(fresh)
    return dict(sorted(ids.items()))


def stamp_types(types: Iterable[NoteType], lock: Lock, at: Moment) -> list[StampedType]:
    """Return the note types with their times, which stay the same if nothing changed."""
    stamped = []
    for each in types:
        old = lock.types.get(each.kind)
        content = digest(astuple(each))
        status, time = _status_and_time(old, content, at)
        released = time if at.releasing else old.released if old else 0
        known = KnownType(each.kind, each.id, time, content, shape_of(each), released, drafted=_drafted(old, time))
        left = known.as_built if at.releasing else old.handed_out if old else None
        stamped.append(StampedType(each, known.leaving(left), status))
    return stamped


def shape_of(type: NoteType) -> str:
    """Return the hash of what no update may change in a note type: the ids of its fields and templates in order."""
    return digest([field.id for field in type.fields], [template.id for template in type.templates])


def day(time: int) -> str:
    """Return the day of a time in seconds since 1970, in UTC, such as 2026-01-31."""
    return datetime.datetime.fromtimestamp(time, datetime.UTC).date().isoformat()


def check_clock(lock: Lock, now: int, wall: int, name: str) -> None:
    """Raise `Problems` if stamping notes with a time would prevent updates from arriving.

    `now` is the time to be written, `wall` is what the machine's clock says, both in seconds since 1970.
    """
    if now <= 0:
        stop(
            name,
            "clock-behind",
            "the build time is not later than the start of 1970, when Anki's times begin",
            "correct the clock of this machine, or the environment variable SOURCE_DATE_EPOCH if it is set",
        )
    if lock.newest_time > wall + _A_DAY:
        stop(
            name,
            "clock-behind",
            f"the last build was on {day(lock.newest_time)}, but this machine's clock says {day(wall)}",
            "correct the clock of this machine; if it is right, an earlier build was made with a wrong clock: restore "
            "the lock and the package from before that build",
        )
    if now < lock.newest_time - _CLOCK_TOLERANCE:
        stop(
            name,
            "clock-behind",
            "the clock shows a time before the last build, so learners would not get the changes",
            "correct the clock of this machine, or the environment variable SOURCE_DATE_EPOCH if it is set",
        )
    if now > wall + _A_DAY:
        stop(
            name,
            "clock-ahead",
            "the build time is in the future, which would block later updates",
            "set the environment variable SOURCE_DATE_EPOCH to a time in the past",
        )
