"""Edits that would harm those who have the deck already, found from what the lock remembers of the last build."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.deck.deck import Deck
from builder.deck.placing import deck_name
from builder.history.clozes import Answers, NumberEdit, compare, right_numbering
from builder.history.lock import KnownNote, Lock
from builder.history.renaming import renamed_looks
from builder.history.snapshot import Snapshot
from builder.history.stamping import answers_behind, known_before, shape_of
from builder.problems import Keys, Part
from builder.rendering.description import search
from builder.rendering.fields import RenderedNote
from builder.rendering.notetypes import note_types

Last = Callable[[], Snapshot | None]
"""Returns the package of the last build; None where there is none. It is read only where it is asked for."""


@dataclass(frozen=True)
class Hazard:
    """What an edit does to those who have the deck, and the way out.

    An author accepts it by its key, such as `cloze-moved:hard-and-soft`. One that is `refused` loses or misplaces
    progress: nothing is built until it is accepted. `at` is the place in cards.yaml.
    """

    name: str
    part: str
    message: str
    hint: str
    at: Keys = ()
    on: Part = "value"
    refused: bool = True

    @property
    def key(self) -> str:
        """The name by which it is accepted."""
        return f"{self.name}:{self.part}"


@dataclass(frozen=True)
class Asked:
    """What a note asks: its kind, the ordinals of its cards, and for a cloze the answers and the words around them.

    In what is asked before, numbers that are `gone` already are still there: learners have their cards.
    """

    kind: str
    cards: Collection[int]
    answers: Answers
    outside: str
    gone: Collection[int] = ()


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


_KINDS = {"qa": "question-and-answer", "cloze": "cloze"}


def card_hazards(id: str, old: Asked, new: Asked, keys: Keys = ()) -> Iterator[Hazard]:
    """Yield what an edit does to the cards of a note with this id; `keys` is its place."""
    if old.kind != new.kind:
        yield Hazard(
            "kind-changed",
            id,
            f'"{id}" was a {_KINDS[old.kind]} note and is a {_KINDS[new.kind]} note now: '
            "Anki never brings such a change to learners",
            "keep the kind, or write the new note under a new id",
            keys,
            "key",
        )
        return
    if new.kind == "cloze":
        found = list(_deletion_hazards(id, old, new, (*keys, "cloze") if keys else ()))
        yield from found
        if any(hazard.refused for hazard in found):
            return
    elif 1 in set(old.cards) - set(old.gone) and 1 not in new.cards:
        yield Hazard(
            "reverse-gone",
            id,
            f'"{id}" no longer has a reverse card: learners keep theirs, and its front is blank',
            "tell learners to use Tools > Empty Cards, or put reverse: true back",
            keys,
            "key",
            refused=False,
        )
    fresh = sorted(set(new.cards) - (set(old.cards) - set(old.gone)))
    if fresh and set(old.cards) - set(old.gone):
        which = "a reverse card" if new.kind == "qa" else f"a card for {_numbers(fresh)}"
        yield Hazard(
            "card-added",
            id,
            f'"{id}" gets {which}: learners who edited the note themselves get the card, but not the text for it',
            "nothing is lost; put what is new into a note of its own, or accept this",
            keys,
            "key",
            refused=False,
        )


def _numbers(ordinals: Sequence[int]) -> str:
    return ", ".join(f"c{ordinal + 1}" for ordinal in ordinals)


def _deletion_hazards(id: str, old: Asked, new: Asked, at: Keys) -> Iterator[Hazard]:
    edits = compare(old.answers, new.answers, same_outside=old.outside == new.outside)
    if lost := [edit for edit in edits if edit.verdict in ("moved", "renumbered")]:
        yield Hazard(
            "cloze-moved",
            id,
            f"{_moved(lost)}: learners' reviews would count for the wrong answer",
            f"number the deletions so: {_numbering(old.answers, new.answers)}",
            at,
        )
        return
    for edit in edits:
        if edit.verdict == "replaced":
            fresh = max([*old.answers, *new.answers, *(ordinal + 1 for ordinal in old.cards)]) + 1
            yield Hazard(
                "cloze-replaced",
                id,
                f'number {edit.number} asked for "{edit.old}" and asks for "{edit.new}" now, in another '
                "sentence: learners' reviews would count for the wrong answer",
                f"give the new deletion a fresh number, such as c{fresh}",
                at,
            )
        elif edit.verdict == "gone" and edit.number - 1 not in old.gone:
            yield Hazard(
                "cloze-gone",
                id,
                f'number {edit.number} ("{edit.old}") is gone: its card stays with learners, '
                "and says that it has no cloze",
                "tell learners to use Tools > Empty Cards, or put the deletion back",
                at,
                refused=False,
            )


def _moved(edits: Sequence[NumberEdit]) -> str:
    return ", ".join(f'"{edit.old}" was number {edit.number} and is number {edit.other} now' for edit in edits)


def _numbering(old: Answers, new: Answers) -> str:
    right = right_numbering(old, new)
    return ", ".join(f'c{right[number]} for "{" / ".join(texts)}"' for number, texts in sorted(new.items()))


def titles_of(deck: Deck) -> dict[str, str]:
    """Return the names in Anki of the deck, under "", and of the deck of each source's notes, under the source's id."""
    return {"": deck.deck.title, **{source.id: deck_name(deck, source) for source in deck.sources.values()}}


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
