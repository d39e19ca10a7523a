"""Join what two branches know: git keeps the lines of both, and no learner of either may be left behind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain
from operator import attrgetter

from cuedeck.deck.kinds import Kind
from cuedeck.history import entries
from cuedeck.history.lock import UNKNOWN_CONTENT, KnownNote, KnownType, Left, LeftType, Release

# Sorts after any position in a line.
_LAST = (True, entries.END_OF_TIME, entries.HIGHEST_POSITION)


def joined_notes(notes: Iterable[KnownNote]) -> dict[str, KnownNote]:
    """Return one note for each id, in the order of ids, with no Anki id given twice.

    If two branches differ on a note, it counts as changed since the newer of them. A note that a branch renamed keeps
    its new id.
    """
    notes = list(notes)
    if _are_apart(notes):  # as in a lock that no merge has touched
        return {note.id: note for note in sorted(notes, key=attrgetter("id"))}
    by_id: dict[str, KnownNote] = {}
    dues: dict[str, tuple[bool, int, int]] = {}
    for note in notes:
        by_id[note.id] = _joined(by_id[note.id], note) if note.id in by_id else note
        if note.due is not None:
            dues[note.guid] = min(dues.get(note.guid, _LAST), (not note.released, note.released, note.due))
    return {id: _with_due(note, dues) for id, note in _unshared(_renamed(by_id)).items()}


def _are_apart(notes: Sequence[KnownNote]) -> bool:
    """Return whether no two notes have an id, a guid or one of Anki's ids in common."""
    ids, guids = ([getattr(note, name) for note in notes] for name in ("id", "guid"))
    numbers = [*(note.note for note in notes), *chain.from_iterable(note.cards.values() for note in notes)]
    return all(len({*each}) == len(each) for each in (ids, guids, numbers))


def joined_types(types: Iterable[KnownType]) -> dict[Kind, KnownType]:
    """Return one note type for each kind. If two branches differ on it, it counts as changed."""
    by_kind: dict[Kind, KnownType] = {}
    for known in types:
        other = by_kind.setdefault(known.kind, known)
        if other == known:
            continue
        newer = max(other, known, key=lambda each: (each.time, each.content))
        content = newer.content if other.content == known.content else UNKNOWN_CONTENT
        joined = replace(
            newer,
            content=content,
            released=max(other.released, known.released),
            drafted=max(other.drafted, known.drafted),
        )
        by_kind[known.kind] = joined.leaving(_left_type(other, known))
    return by_kind


def _left_type(one: KnownType, other: KnownType) -> LeftType | None:
    later, earlier = sorted((one, other), key=lambda each: (each.released, each.content), reverse=True)
    left = later.handed_out or earlier.handed_out
    is_known = left is None or (later.released == earlier.released and later.handed_out == earlier.handed_out)
    return left if is_known or left is None else replace(left, content=UNKNOWN_CONTENT)


def joined_releases(releases: Iterable[Release]) -> tuple[Release, ...]:
    """Return each release once, in the order of time. A branch may have recorded the files of a package later.

    If two branches recorded different files for one release, nobody can tell which were handed out, so none are kept.
    """
    recorded: dict[Release, set[str]] = defaultdict(set)
    for each in releases:
        recorded[replace(each, files_digest="")] |= {each.files_digest} - {""}
    joined = [replace(each, files_digest="".join(found) if len(found) == 1 else "") for each, found in recorded.items()]
    return tuple(sorted(joined, key=lambda each: (each.time, each.version, each.content)))


def _joined(one: KnownNote, other: KnownNote) -> KnownNote:
    """Return what two branches know of one note. If they differ, it counts as changed since the newer of them."""
    if one == other:
        return one
    newer = max(one, other, key=_age)
    older = one if newer is other else other
    cards = dict(sorted({**older.cards, **newer.cards}.items()))
    joined = replace(
        newer,
        cards=cards,
        gone=tuple(ordinal for ordinal in sorted(cards) if _is_gone(ordinal, one, other)),
        answers=dict(sorted({**older.answers, **newer.answers}.items())),
        content=newer.content if one.content == other.content else UNKNOWN_CONTENT,
        was=tuple(sorted({*one.was, *other.was})),
        released=max(one.released, other.released),
        drafted=max(one.drafted, other.drafted),
        unadopted=one.unadopted and other.unadopted,
    )
    joined = joined.leaving(_left(one, other))
    # Learners of each branch have their own version, until a release that follows both.
    lefts = {each.content: each for each in (*one.elsewhere, *other.elsewhere, *_released_otherwise(one, other))}
    return replace(joined, elsewhere=tuple(left for _, left in sorted(lefts.items())))


def _released_otherwise(*notes: KnownNote) -> list[Left]:
    """Return what two branches released of a note since they diverged, if that differs."""
    lefts = [note.handed_out for note in notes if note.handed_out]
    if len({note.released for note in notes}) == 1 or len({left.content for left in lefts}) <= 1:
        return []
    return [left if left.fields is not None else replace(left, fields={}) for left in lefts]


def _left(one: KnownNote, other: KnownNote) -> Left | None:
    """Return what learners of both branches have of a note from releases.

    If the branches released it at different times, neither time is right for the learners of both.
    """
    later, earlier = sorted((one, other), key=lambda each: (each.released, *_age(each)), reverse=True)
    if later.handed_out is None or earlier.handed_out is None:
        return later.handed_out or earlier.handed_out
    last, former = later.handed_out, earlier.handed_out
    is_known = later.released == earlier.released and last.content == former.content
    retired = last.retired or (former.retired if later.released == earlier.released else "")
    if last.kind != former.kind:
        return replace(last, content=UNKNOWN_CONTENT, retired=retired)
    cards = tuple(sorted({*last.cards, *former.cards}))
    return replace(
        last,
        content=last.content if is_known else UNKNOWN_CONTENT,
        cards=cards,
        gone=tuple(each for each in cards if all(each in left.gone for left in (last, former) if each in left.cards)),
        answers=dict(sorted({**former.answers, **last.answers}.items())),
        retired=retired,
        fields=former.fields if last.fields is None and later.released == earlier.released else last.fields,
    )


def _with_due(note: KnownNote, dues: Mapping[str, tuple[bool, int, int]]) -> KnownNote:
    """Return a note with the position fixed by the earliest release that had it, of those that the branches know.

    Most learners have it there. Those of the other branch keep their position, since Anki never moves a card.
    """
    *_, due = dues.get(note.guid, (note.due,))
    return note if due == note.due else replace(note, due=due)


def _is_gone(ordinal: int, *notes: KnownNote) -> bool:
    """Return whether a card is gone in every branch that had it."""
    return all(ordinal in note.gone for note in notes if ordinal in note.cards)


def _age(note: KnownNote) -> tuple[int, str, int, str]:
    return note.time, note.content, note.note, note.retired


def _renamed(notes: Mapping[str, KnownNote]) -> dict[str, KnownNote]:
    """Return the notes after joining those that are one to Anki, because one branch renamed it or both did differently.

    A former id gives way to the present one; of two new ids, the one from the newer branch stays.
    """
    by_guid: dict[str, list[KnownNote]] = defaultdict(list)
    for note in notes.values():
        by_guid[note.guid].append(note)
    joined = [same[0] if len(same) == 1 else _one_of(same) for same in by_guid.values()]
    return {note.id: note for note in joined}


def _one_of(same: Sequence[KnownNote]) -> KnownNote:
    """Return what branches know of one note under several ids."""
    former = {old for note in same for old in note.was}
    id = max([note for note in same if note.id not in former] or same, key=lambda note: (*_age(note), note.id)).id
    joined = reduce(_joined, (replace(note, id=id) for note in sorted(same, key=lambda note: note.id)))
    return replace(joined, was=tuple(sorted(({note.id for note in same} | former) - {id})))


def _unshared(notes: Mapping[str, KnownNote]) -> dict[str, KnownNote]:
    """Return the notes with no Anki id given twice, as two branches may do: a note that was in no release gets new ids.

    Of two such notes the older keeps its ids, so that the result does not depend on the order of the lines.
    """
    highest = max((max(note.note, *note.cards.values()) for note in notes.values()), default=0)
    taken: set[int] = set()
    result = {}
    for note in sorted(notes.values(), key=lambda note: (not note.released, note.time, note.id)):
        ids = {note.note, *note.cards.values()}
        if taken & ids:
            first = highest + 1
            highest = first + len(note.cards)
            cards = {ordinal: first + 1 + place for place, ordinal in enumerate(sorted(note.cards))}
            note = replace(note, note=first, cards=cards)
            ids = {note.note, *note.cards.values()}
        taken |= ids
        result[note.id] = note
    return dict(sorted(result.items()))
