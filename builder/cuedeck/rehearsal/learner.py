"""The play: a learner imports a deck, studies it, makes changes to it, and imports its update twice."""

from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from cuedeck.rehearsal.scratch import VERSION, Scratch, scratch
from cuedeck.rehearsal.state import OWN_DECK, OWN_TAG, OWN_WORDS, Note, Package, Played, State

_RED = 1
_EASES = (4, 3, 2, 1)


def play(folder: Path, old: Package, new: Package) -> Played:
    """Play a learner who has the old package and gets the new one, in two collections made in an empty folder.

    Raises `Problems` if Anki cannot work with one of them.
    """
    namespaces = {old.namespace, new.namespace}
    with scratch(folder / "newcomer", namespaces) as someone:
        someone.take(new)
        newcomer = someone.state()
    with scratch(folder / "learner", namespaces) as learner:
        learner.take(old)
        imported = learner.state()
        _study(learner, imported)
        for notes in _by_fate(imported, newcomer):
            _make_own(learner, imported, notes)
        before, dead_before = learner.state(), learner.dead_cards()
        refused = learner.take(new)
        after = learner.state()
        learner.take(new)
        again, dead = learner.state(), learner.dead_cards()
        damage = learner.damage()
    names = {reason: tuple(_name(newcomer, id) for id in ids) for reason, ids in refused.items()}
    return Played(VERSION, newcomer, imported, before, after, again, names, dead_before, dead, damage, new.retired)


def _study(learner: Scratch, state: State) -> None:
    """Give every card a review and a schedule. The answers differ, so that some cards are in learning and some are not.

    Reviews this fast can leave times that Check Database rounds. It does so here, and not when the update is judged.
    """
    for card, ease in zip(sorted(state.cards), cycle(_EASES), strict=False):
        learner.answer(card, ease)
    learner.damage()


def _by_fate(imported: State, newcomer: State) -> Iterator[list[Note]]:
    """Yield the notes that the update changes, and then those that it does not, each in the order of their ids."""
    for wanted in (True, False):
        yield [
            note
            for id, note in sorted(imported.notes.items())
            if (note.guid in newcomer.by_guid and newcomer.by_guid[note.guid].content != note.content) is wanted
        ]


def _make_own(learner: Scratch, state: State, notes: Sequence[Note]) -> None:
    """Write into the second field of every other note, which is usually an answer, and change three cards.

    The first of the notes' cards is suspended, the second flagged, and the third moved to another deck.
    """
    for note in notes[::2]:
        learner.write(note, OWN_TAG, min(1, len(note.fields) - 1), OWN_WORDS)
    guids = {note.guid for note in notes}
    cards = [id for id, card in sorted(state.cards.items()) if card.note in guids]
    learner.suspend(cards[:1])
    learner.flag(cards[1:2], _RED)
    learner.move(cards[2:3], OWN_DECK)


def _name(newcomer: State, id: int) -> str:
    """Return the name of a note by its id in the package, which is also its id in an empty collection."""
    return newcomer.notes[id].name if id in newcomer.notes else str(id)
