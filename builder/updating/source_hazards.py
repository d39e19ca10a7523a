"""Edits that would harm those who have the deck already, found from what the lock remembers of the last build."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from builder.deck.deck import Deck
from builder.deck.placing import titles_of
from builder.history.asking import Asked
from builder.history.lock import KnownNote, Lock
from builder.history.snapshot import Snapshot
from builder.history.stamping import answers_behind, known_before, shape_of
from builder.rendering.fields import RenderedNote
from builder.rendering.notetypes import note_types
from builder.rendering.searching import search
from builder.updating.hazards import Hazard, card_hazards
from builder.updating.lookalikes import renamed_looks

Last = Callable[[], Snapshot | None]
"""Returns the package of the last build; None where there is none. It is read only where it is asked for."""


def find_hazards(
    deck: Deck, notes: Sequence[RenderedNote], lock: Lock, last: Last, named: Collection[str]
) -> list[Hazard]:
    """Return what the edits since the last build do to learners.

    `notes` are those that are handed out; `named` are all ids that the file names: those of retired and unsound
    notes, and those that notes had before, included.
    """
    hazards = [*_title_hazards(deck, notes, lock, last), *_id_hazards(deck, lock)]
    hazards += [*_type_hazards(deck, lock), *_lock_hazards(notes, lock, last)]
    for note in notes:
        if known := known_before(note, lock):
            hazards += _hazards_of(note, known)
    hazards += _vanished(named, lock)
    hazards += [_renamed(*pair) for pair in renamed_looks(notes, lock, last, named)]
    return hazards


def _hazards_of(note: RenderedNote, known: KnownNote) -> Iterator[Hazard]:
    if known.retired:
        yield Hazard(
            "unretired",
            note.id,
            f'the note "{note.id}" was retired ({known.retired}), and its id is not free for another',
            "give a new note a new id; to bring this very note back, accept it",
            note.keys,
            "key",
        )
    if note.guid and note.guid != known.guid:
        yield Hazard(
            "guid-changed",
            note.id,
            f'Anki knows the note "{note.id}" by the guid "{known.guid}", and would take it for a new one: '
            "learners would lose their progress",
            'take "guid:" out, or put back what it was',
            (*note.keys, "guid"),
        )
    if known.content != note.content:
        old = Asked(known.kind, known.cards, known.answers, known.outside, known.gone)
        new = Asked(note.kind, note.cards, answers_behind(note.deletions), note.outside)
        yield from card_hazards(note.id, old, new, note.keys)


def _title_hazards(deck: Deck, notes: Sequence[RenderedNote], lock: Lock, last: Last) -> Iterator[Hazard]:
    titles = titles_of(deck)
    changed = {name: old for name, old in sorted(lock.titles.items()) if titles.get(name, old) != old}
    if "" in changed:  # this changes the names of all subdecks too: one problem says it all
        changed = {"": changed[""]}
    elif lock.titles.keys() - titles.keys():
        changed |= _titles_under_other_ids(titles, notes, lock, last)
    for name, old in changed.items():
        yield Hazard(
            "title-changed",
            name or "deck",
            f'the deck was called "{old}" and is called "{titles[name]}" now: Anki finds decks by name, so learners '
            "would get a second deck while their cards stay in the old one",
            _keep_the_name(name, old, deck.deck.title),
            ("sources", name, "deck") if name else ("deck", "title"),
        )


def _titles_under_other_ids(
    titles: Mapping[str, str], notes: Sequence[RenderedNote], lock: Lock, last: Last
) -> dict[str, str]:
    """Return the old deck names of sources that have another id now, told by the notes that the last package has."""
    snapshot = last()
    packed = {note.id: note.deck for note in snapshot.notes.values()} if snapshot else {}
    names = {name: source for source, name in titles.items() if source not in lock.titles}
    return {
        names[note.deck]: packed[note.id]
        for note in notes
        if note.deck in names and packed.get(note.id, note.deck) not in titles.values()
    }


def _keep_the_name(source: str, old: str, title: str) -> str:
    if not source:
        return f"keep the name {old}"
    inner = old.removeprefix(f"{title}::")
    return f"keep the name: deck: {inner}" if inner != old else 'keep the name: take "deck:" out'


def _id_hazards(deck: Deck, lock: Lock) -> Iterator[Hazard]:
    if deck.deck.id != lock.deck:
        yield Hazard(
            "deck-id-changed",
            "deck",
            f'the id of the deck was "{lock.deck}" and is "{deck.deck.id}" now: all tags stand under it, so every note '
            "that has one is replaced, and with it learners' own edits and tags",
            f"put {lock.deck} back",
            ("deck", "id"),
            refused=False,
        )


def _type_hazards(deck: Deck, lock: Lock) -> Iterator[Hazard]:
    for each in note_types(deck):
        known = lock.types.get(each.kind)
        if known and known.shape and known.shape != shape_of(each):
            yield Hazard(
                "type-changed",
                each.kind,
                f'the note type "{each.name}" has other fields or cards than the one that learners have: '
                "Anki would stop all updates of their notes, and add a second note type",
                "build with the version of cuedeck that built the deck before",
                ("deck",),
                "key",
            )


def _lock_hazards(notes: Sequence[RenderedNote], lock: Lock, last: Last) -> Iterator[Hazard]:
    """Yield a hazard where the last package holds what the lock does not know: the lock is lost, cut or an old one."""
    known = {note.id: known_before(note, lock) for note in notes}
    if all((old := known[note.id]) and old.content == note.content for note in notes):
        return
    snapshot = last()
    if snapshot is None or snapshot.namespace != lock.namespace:
        return
    built = {note.id: note.time for note in snapshot.notes.values()}
    lost = [id for id, old in known.items() if id in built and (old is None or old.time < built[id])]
    if lost:
        yield Hazard(
            "lock-lost",
            "deck",
            f"the lock {'is older than the package' if lock.notes else 'is missing'}: it lacks what was built of "
            f'{len(lost)} notes, such as "{lost[0]}", and learners\' own edits and tags on them would be replaced',
            "bring the lock back from git, make it anew from the package with: cuedeck adopt, or delete the package "
            "if it is of another branch",
            (),
        )


def _vanished(named: Collection[str], lock: Lock) -> Iterator[Hazard]:
    for id, known in sorted(lock.notes.items()):
        if id not in named and not known.retired:
            yield Hazard(
                "vanished",
                id,
                f'the note "{id}" is no longer in the file: learners who have it keep it for ever',
                f'put it back, with "retired:" and the reason; learners find it in Anki\'s browser by {search([id])}',
                ("concepts",),
                "key",
                refused=False,
            )


def _renamed(note: RenderedNote, old: str) -> Hazard:
    return Hazard(
        "looks-renamed",
        note.id,
        f'the note "{note.id}" says what "{old}" said, which is gone: learners would get it as a new card, '
        "and their progress would stay with the old one",
        f'if it is the same note, add the line "was: {old}" to it',
        note.keys,
        "key",
    )
