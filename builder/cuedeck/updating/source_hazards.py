"""Edits that would harm those who have the deck already, found from what the lock remembers of the last build."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from cuedeck.deck.deck import Deck
from cuedeck.deck.kinds import Kind
from cuedeck.deck.placement import titles_of
from cuedeck.history.lock import KnownNote, Lock
from cuedeck.history.prompts import Asked, asked
from cuedeck.history.snapshot import Snapshot
from cuedeck.history.stamping import shape_of
from cuedeck.rendering.fields import RenderedNote
from cuedeck.rendering.notefields import LINKS
from cuedeck.rendering.notetypes import note_types, search
from cuedeck.updating.deck_hazards import cards_stay, deck_id_changed
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.lookalikes import look_alikes, texts_of
from cuedeck.updating.note_hazards import Questions, card_hazards, link_hazard
from cuedeck.wording import counted

Last = Callable[[], Snapshot | None]
"""Returns the package of the last build; None where there is none. It is read only where it is asked for."""


def find_hazards(
    deck: Deck,
    notes: Sequence[RenderedNote],
    known: Mapping[str, KnownNote],
    lock: Lock,
    last: Last,
    kept: Collection[str],
    is_older: bool = False,
) -> list[Hazard]:
    """Return what the edits since the last build do to learners.

    `notes` are those that are handed out, and `known` what they go on from; `kept` are the ids in the lock of all notes
    that are in the file, retired and unsound ones included, whatever their ids are now. `is_older` tells whether the
    lock has no time as new as the last package.
    """
    hazards = [*_title_hazards(deck, notes, lock, last), *_id_hazards(deck, notes, lock)]
    hazards += [*_type_hazards(deck, lock), *_lock_hazards(notes, known, lock, last, is_older)]
    for note in notes:
        if old := known.get(note.id):
            hazards += _hazards_of(note, old)
    gone = {id: each for id, each in lock.notes.items() if id not in kept}
    hazards += [*_question_hazards(notes, known, last), *_link_hazards(notes, known, last)]
    hazards += _vanished(gone, deck.about.id)
    # A note under an id that is another's is told already.
    hazards += _renamed([note for note in notes if note.id not in known and not lock.found(note.id)], gone, last)
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
        new = asked(note.kind, note.cards, note.text)
        yield from card_hazards(note.id, old, new, note.keys)


def _title_hazards(deck: Deck, notes: Sequence[RenderedNote], lock: Lock, last: Last) -> Iterator[Hazard]:
    titles = titles_of(deck)
    changed = {name: old for name, old in sorted(lock.titles.items()) if titles.get(name, old) != old}
    if "" in changed:  # this changes the names of all subdecks too: one problem says it all
        changed = {"": changed[""]}
    elif lock.titles.keys() - titles.keys():
        changed |= _titles_under_other_ids(titles, notes, lock, last)
    for name, old in changed.items():
        at = ("sources", name, "deck") if name else ("deck", "title")
        if name and titles[name] in lock.titles.values():  # a deck that learners have already
            ids = [note.id for note in notes if note.placed.source and note.placed.source.id == name]
            if ids:
                yield replace(cards_stay(old, titles[name], ids), at=at)
            continue
        yield Hazard(
            "title-changed",
            name or "deck",
            f'the deck was called "{old}" and is called "{titles[name]}" now: Anki finds decks by name, so learners '
            "would get a second deck while their cards stay in the old one",
            _keep_the_name(name, old, deck.about.title),
            at,
        )


def _titles_under_other_ids(
    titles: Mapping[str, str], notes: Sequence[RenderedNote], lock: Lock, last: Last
) -> dict[str, str]:
    """Return the old deck names of sources that have another id now, told by the notes that the last package has."""
    names = {name: source for source, name in titles.items() if source not in lock.titles}
    snapshot = last() if names else None
    packed = {note.id: note.deck for note in snapshot.notes.values()} if snapshot else {}
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


def _id_hazards(deck: Deck, notes: Sequence[RenderedNote], lock: Lock) -> Iterator[Hazard]:
    if deck.about.id != lock.deck and any(note.tags for note in notes):
        yield replace(deck_id_changed(lock.deck, deck.about.id), at=("deck", "id"))


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


def _lock_hazards(
    notes: Sequence[RenderedNote], known: Mapping[str, KnownNote], lock: Lock, last: Last, is_older: bool
) -> Iterator[Hazard]:
    """Yield a hazard where the last package holds what the lock does not know: the lock is lost, cut or an old one."""
    if not is_older and all(note.id in known and known[note.id].content == note.content for note in notes):
        return
    snapshot = last()
    if snapshot is None or snapshot.namespace != lock.namespace:
        return
    built = {note.id: note.time for note in snapshot.notes.values()}
    lost = [note.id for note in notes if note.id in built and _time(known.get(note.id)) < built[note.id]]
    if lost:
        yield Hazard(
            "lock-lost",
            "deck",
            f"the lock {'is older than the package' if lock.notes else 'is missing'}: it lacks what was built of "
            f'{counted(len(lost), "note")}, such as "{lost[0]}", and learners\' own edits and tags on them would be '
            "replaced",
            "bring the lock back from git; or move it away, and make it anew from the package with: cuedeck adopt; or "
            "delete the package if it is of another branch",
        )


def _time(known: KnownNote | None) -> int:
    return known.time if known else 0


def _question_hazards(notes: Sequence[RenderedNote], known: Mapping[str, KnownNote], last: Last) -> Iterator[Hazard]:
    """Yield a hazard for each question that stands under the id of another one, told by the last package."""
    edited = [note for note in notes if note.kind == Kind.QA and known.get(note.id, note).content != note.content]
    if not edited or (snapshot := last()) is None:
        return
    questions = Questions(snapshot)
    for note in edited:
        if hazard := questions.hazard(note.id, known[note.id].guid, texts_of(note.fields_by_key), note.keys):
            yield hazard


def _link_hazards(notes: Sequence[RenderedNote], known: Mapping[str, KnownNote], last: Last) -> Iterator[Hazard]:
    """Yield a hazard for each note whose own links lead to another address than in the last package."""
    edited = [note for note in notes if note.id in known and known[note.id].content != note.content]
    linked = [(note, fields) for note in edited if (fields := note.fields_by_key)[LINKS.key]]
    if not linked or (snapshot := last()) is None:
        return
    for note, fields in linked:
        packed = snapshot.notes.get(known[note.id].guid)
        if packed and (hazard := link_hazard(note.id, packed.fields, fields, note.keys)):
            yield hazard


def _vanished(gone: Mapping[str, KnownNote], deck: str) -> Iterator[Hazard]:
    for id, known in sorted(gone.items()):
        if not known.retired:
            yield Hazard(
                "vanished",
                id,
                f'the note "{id}" is no longer in the file: learners who have it keep it for ever',
                'put it back, with "retired:" and the reason; learners find it in Anki\'s browser by '
                f"{search([id, *known.was], deck)}",
                ("concepts",),
                "key",
            )


def _renamed(new: Sequence[RenderedNote], gone: Mapping[str, KnownNote], last: Last) -> Iterator[Hazard]:
    """Yield a hazard for each new note that says the same, or nearly the same, as one that is gone."""
    if not gone or not new:
        return
    by_content = {(known.kind, known.content): id for id, known in gone.items()}
    snapshot = last()
    guids = {known.guid for known in gone.values()}
    packed = [note for note in snapshot.notes.values() if note.guid in guids] if snapshot else []
    alike = look_alikes({note.id: (note.kind, note.fields_by_key) for note in new}, packed)
    for note in new:
        if old := by_content.get((note.kind, note.content)) or alike.get(note.id):
            yield Hazard(
                "looks-renamed",
                note.id,
                f'the note "{note.id}" says what "{old}" said, which is gone: learners would get it as a new card, '
                "and their progress would stay with the old one",
                f'if it is the same note, add the line "was: {old}" to it',
                note.keys,
                "key",
            )
