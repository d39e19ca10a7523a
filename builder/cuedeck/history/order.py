"""The order in which learners meet the notes of a deck: the order of their moments in its sources.

A release fixes the position of each of its notes, and the lock keeps it. The positions of other notes are chosen again
at every build. Earlier versions of this program computed positions from place and moment alone, and kept none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from cuedeck.history.entries import HIGHEST_POSITION
from cuedeck.history.lock import KnownNote, Lock
from cuedeck.history.positions import positions
from cuedeck.history.snapshot import PackedNote, Snapshot
from cuedeck.records import dataclass
from cuedeck.rendering.fields import RenderedNote

_FORMER_ROOM = 20_000  # seconds for each source


@dataclass(frozen=True)
class Order:
    """The position of every note among new ones, by its id.

    `unrecorded` are the positions that learners have, but the lock does not know.
    """

    positions: Mapping[str, int]
    unrecorded: Mapping[str, int]


def order_of(
    notes: Sequence[RenderedNote],
    sources: Iterable[str],
    known: Mapping[str, KnownNote],
    lock: Lock,
    last: Callable[[], Snapshot | None],
) -> Order:
    """Return the order of the notes of a deck; `sources` are the ids of its sources, in the order of the file.

    `known` is the predecessor of each note, by its id; `last` reads the package of the last build.
    """
    places = {source: place for place, source in enumerate(sources)}
    recorded, older = {}, []
    for note in notes:
        old = known.get(note.id)
        if old is not None and old.due is not None:
            recorded[note.id] = old.due
        # A lock that knows any position knows the positions of all notes that learners had when it was written.
        elif old is not None and old.handed_out and not lock.knows_positions:
            older.append((note, old))
    package = last() if older else None
    unrecorded = {note.id: _former(note, old, package, places) for note, old in older}
    wanted = sorted(notes, key=lambda note: _place(note, places))
    return Order(positions([note.id for note in wanted], recorded | unrecorded), unrecorded)


def position_in(packed: PackedNote) -> int:
    """Return the position of a note in a package, reduced to the highest that Anki keeps."""
    return min(max(packed.due, 0), HIGHEST_POSITION)


def _place(note: RenderedNote, places: Mapping[str, int]) -> tuple[int, int]:
    """Return the sort key of a note. Notes of one moment, and notes without one, stay in the order of the file."""
    source, moments = note.placed.source, note.placed.moments
    return (places[source.id], moments[0].start) if source and moments else (-1, 0)


def _former(note: RenderedNote, old: KnownNote, package: Snapshot | None, places: Mapping[str, int]) -> int:
    """Return the position at which learners have a note: the one in the last package, or else by the former rule."""
    if package and (packed := package.notes.get(old.guid)):
        return position_in(packed)
    return _made_before(note, places)


def _made_before(note: RenderedNote, places: Mapping[str, int]) -> int:
    """Return the position by the rule from before positions were kept: seconds, with room for so many per source."""
    source, moments = note.placed.source, note.placed.moments
    if not source or not moments:
        return 0
    return min(places[source.id] * _FORMER_ROOM + min(moments[0].start, _FORMER_ROOM - 1), HIGHEST_POSITION)
