"""What an update did to a learner: one function for each effect, which returns the names of what was affected."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from cuedeck.records import dataclass
from cuedeck.rehearsal.state import OWN_DECK, OWN_TAG, OWN_WORDS, Card, Note, Played, State
from cuedeck.updating.samenotes import same_notes


@dataclass(frozen=True)
class Own:
    """What learners have of their own on the notes that an update changes: notes with a tag, and fields with words."""

    tags: int
    words: int


Names = Iterable[str]
"""The names of notes, or of decks, note types or other things if a function says so."""


def fates(played: Played) -> Mapping[str, tuple[str, ...]]:
    """Return the names of all notes by what happened to them: updated, new, unchanged, refused or left behind."""
    found: dict[str, list[str]] = {"updated": [], "new": [], "unchanged": [], "refused": []}
    refused = {name for names in played.refused.values() for name in names}
    for guid, note in played.newcomer.by_guid.items():
        was, now = played.before.by_guid.get(guid), played.after.by_guid.get(guid)
        if note.name in refused or now is None:
            found["refused"].append(note.name)
        elif was is None:
            found["new"].append(note.name)
        else:
            found["updated" if _updated(was, now) else "unchanged"].append(note.name)
    return {**{fate: tuple(names) for fate, names in found.items()}, "left behind": tuple(left_behind(played))}


def own_things(played: Played, state: State) -> Own:
    """Return what learners have of their own at one moment of a rehearsal, on the notes that the update changes."""
    notes = [state.by_guid[was.guid] for was, _, _, changed in _kept_notes(played) if changed]
    words = sum(OWN_WORDS in text for note in notes for text in note.fields)
    return Own(sum(OWN_TAG in note.tags for note in notes), words)


def refused(played: Played) -> Names:
    """Notes that the importer did not accept, such as those whose note type the learner has in another shape."""
    return fates(played)["refused"]


def stale(played: Played) -> Names:
    """Notes whose change does not arrive because it is not newer than what the learner has."""
    known = set(refused(played))
    for was, before, now, changed in _kept_notes(played):
        if changed and not _updated(before, now) and was.name not in known:
            yield was.name


def touched(played: Played) -> Names:
    """Notes that were updated although their fields and tags are the same."""
    return (was.name for was, before, now, changed in _kept_notes(played) if not changed and before.time != now.time)


def own_lost(played: Played) -> Names:
    """Notes that the update was not meant to change, and that have lost the learner's own tag or words."""
    return (was.name for was, before, now, changed in _kept_notes(played) if not changed and _own_gone(before, now))


def own_replaced(played: Played) -> Names:
    """Notes that the update was meant to change, and that have lost the learner's own tag or words."""
    return (was.name for was, before, now, changed in _kept_notes(played) if changed and _own_gone(before, now))


def notes_lost(played: Played) -> Names:
    """Notes that are gone."""
    return (note.name for id, note in played.before.notes.items() if id not in played.after.notes)


def cards_lost(played: Played) -> Names:
    """Notes with a card that is gone."""
    return (_name(played.before, card) for id, card in played.before.cards.items() if id not in played.after.cards)


def reviews_lost(played: Played) -> Names:
    """How many reviews are gone, as a single text."""
    gone = len(played.before.reviews - played.after.reviews)
    return [f"{gone} of {len(played.before.reviews)}"] if gone else []


def rescheduled(played: Played) -> Names:
    """Notes with a card that has another schedule than before."""
    return (name for name, was, now in _kept_cards(played) if was.schedule != now.schedule)


def suspension_changed(played: Played) -> Names:
    """Notes with a card that was suspended and no longer is, or the other way round."""
    return (name for name, was, now in _kept_cards(played) if was.suspended != now.suspended)


def flag_changed(played: Played) -> Names:
    """Notes with a card that has another flag."""
    return (name for name, was, now in _kept_cards(played) if was.flag != now.flag)


def moved(played: Played) -> Names:
    """Notes with a card that is in another deck."""
    return (name for name, was, now in _kept_cards(played) if was.deck != now.deck)


def split(played: Played) -> Names:
    """Notes with a card in a deck where neither the new package nor the learner put it."""
    theirs = {(card.note, card.ordinal): card.deck for card in played.newcomer.cards.values()}
    for name, _, now in _kept_cards(played):
        deck = theirs.get((now.note, now.ordinal), now.deck)
        if now.deck != OWN_DECK and now.deck.lower() != deck.lower():  # Anki ignores case in deck names
            yield name


def second_types(played: Played) -> Names:
    """Note types, by name, that were added for notes that the learner has with another note type."""
    had, has = played.before.by_guid, played.after.by_guid
    wanted = {
        note.type
        for guid, note in played.newcomer.by_guid.items()
        if guid in had and guid in has and has[guid].type != note.type
    }
    for id in played.after.types.keys() - played.before.types.keys():
        if id in wanted or id not in played.newcomer.types:
            yield played.after.types[id].name


def full_sync(played: Played) -> Names:
    """The collection, if Anki will ask at the next synchronization which side to discard, and should not have to.

    Those who come from another tool's package have to do it once, which `adopt` announces.
    """
    should_not = played.before.schema != played.again.schema and not played.is_bridged
    return ["the whole collection"] if should_not else []


def doubled(played: Played) -> Names:
    """Notes that the learner has twice: by guid, by name, or because a new note says the same as one left behind.

    The note left behind is compared as it was imported, whatever the learner has written on it.
    """
    for key in ("guid", "name"):
        counts = Counter(getattr(note, key) for note in played.after.notes.values())
        yield from (note.name for note in played.after.notes.values() if counts[getattr(note, key)] > 1)
    had, has = played.imported.by_guid, played.newcomer.by_guid
    gone = {guid: note.said for guid, note in had.items() if guid not in has and guid not in played.retired}
    came = {guid: note.said for guid, note in has.items() if guid not in had and guid in played.after.by_guid}
    if gone and came:
        kept = [note.said for guid, note in has.items() if guid in had]
        yield from (has[guid].name for guid in same_notes(gone, came, kept))


def dead(played: Played) -> Names:
    """Notes with a card whose front has become blank."""
    new = played.dead - played.dead_before
    return (_name(played.again, card) for id, card in played.again.cards.items() if id in new)


def changed_again(played: Played) -> Names:
    """Notes, decks and note types that the second import of the same package changed."""
    first, second = played.after, played.again
    for state, other in ((first, second), (second, first)):
        yield from (note.name for id, note in state.notes.items() if other.notes.get(id) != note)
        yield from (_name(state, card) for id, card in state.cards.items() if other.cards.get(id) != card)
        yield from (kind.name for id, kind in state.types.items() if other.types.get(id) != kind)
        yield from sorted(state.decks - other.decks)


def damage(played: Played) -> Names:
    """What Check Database reports."""
    return played.damage


def files_missing(played: Played) -> Names:
    """Notes with a picture or sound that the learner does not have after the update, and did not lack before."""
    for guid, note in played.again.by_guid.items():
        lacked = played.before.by_guid[guid].missing if guid in played.before.by_guid else frozenset()
        if note.missing - lacked:
            yield note.name


def files_other(played: Played) -> Names:
    """Notes with a picture or sound that is not the one in the new package."""
    known = {*refused(played), *stale(played), *files_missing(played)}
    for guid, note in played.newcomer.by_guid.items():
        now = played.again.by_guid.get(guid)
        if now and note.name not in known and now.has_other_files_than(note):
            yield note.name


def left_behind(played: Played) -> Names:
    """Notes that the new package no longer contains."""
    return (note.name for guid, note in played.imported.by_guid.items() if guid not in played.newcomer.by_guid)


def more_cards(played: Played) -> Names:
    """Notes that the learner already had, and that have another card now."""
    for id, card in played.after.cards.items():
        if id not in played.before.cards and card.note in played.before.by_guid:
            yield _name(played.after, card)


def restyled(played: Played) -> Names:
    """Note types, by name, that were replaced by a newer one of the same shape."""
    for id, kind in played.before.types.items():
        if played.after.types.get(id, kind) != kind:
            yield played.after.types[id].name


def new_decks(played: Played) -> Names:
    """Decks, by name, that were added."""
    return sorted(played.after.decks - played.before.decks)


def _updated(was: Note, now: Note) -> bool:
    return (was.time, was.content) != (now.time, now.content)


def _own_gone(was: Note, now: Note) -> bool:
    def written(note: Note) -> tuple[bool, bool]:
        return OWN_TAG in note.tags, any(OWN_WORDS in text for text in note.fields)

    return any(had and not has for had, has in zip(written(was), written(now), strict=True))


def _kept_notes(played: Played) -> Iterator[tuple[Note, Note, Note, bool]]:
    """Yield the notes in both packages: as imported, before and after the update, and whether it should change them."""
    for guid, note in played.imported.by_guid.items():
        if guid in played.newcomer.by_guid and guid in played.after.by_guid:
            changed = played.newcomer.by_guid[guid].is_other_than(note)
            yield note, played.before.by_guid[guid], played.after.by_guid[guid], changed


def _kept_cards(played: Played) -> Iterator[tuple[str, Card, Card]]:
    """Yield the cards that the learner had and still has: the note's name, the card before and after the update."""
    for id, card in played.before.cards.items():
        if id in played.after.cards:
            yield _name(played.before, card), card, played.after.cards[id]


def _name(state: State, card: Card) -> str:
    return state.by_guid[card.note].name
