"""The play: a learner imports a deck, studies it, makes changes to it, and imports its update twice.

If there are corrections for this update, a second learner does the same, and imports them before the update. Another
deck of theirs has a file with the name of one that is new in the update.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from cuedeck.progress import Progress, reported
from cuedeck.rehearsal.scratch import VERSION, Scratch, scratch
from cuedeck.rehearsal.state import OWN_DECK, OWN_TAG, OWN_WORDS, Note, Package, Played, State

_RED = 1
_EASES = (4, 3, 2, 1)


def play(
    folder: Path,
    old: Package,
    new: Package,
    progress: Progress,
    corrections: Sequence[bytes] = (),
    bridges: Sequence[Package] = (),
) -> tuple[Played, Played | None]:
    """Play a learner who has the old package and gets the new one, and one who first imports corrections.

    The latter is None if there are no corrections. If there are bridges from another tool's package, the learner
    imports these first, and then, this once, the new package with "Merge note types" ticked. All is done in collections
    made in an empty folder. Raises `Problems` if Anki cannot work with one of the packages.
    """
    namespaces = {old.namespace, new.namespace}
    with scratch(folder / "newcomer", namespaces) as someone:
        progress(f"importing {new.name}", 0, 0)
        someone.take(new)
        newcomer = someone.state()
    alone = _played(folder / "learner", old, new, newcomer, progress, bridges=bridges)
    gently = _played(folder / "gentle learner", old, new, newcomer, progress, corrections) if corrections else None
    return alone, gently


def _played(
    folder: Path,
    old: Package,
    new: Package,
    newcomer: State,
    progress: Progress,
    corrections: Sequence[bytes] = (),
    bridges: Sequence[Package] = (),
) -> Played:
    """Play one learner; `newcomer` is what somebody has who imports only the new package."""
    with scratch(folder, {old.namespace, new.namespace}) as learner:
        progress(f"importing {old.name}", 0, 0)
        learner.take(old)
        imported = learner.state()
        _study(learner, imported, progress)
        _make_own(learner, imported, tuple(_by_fate(imported, newcomer)), bool(old.namespace), progress)
        for name in _new_files(imported, newcomer)[:1]:
            learner.put_beside(name)
        before, dead_before = learner.state(), learner.dead_cards()
        for bridge in bridges:
            progress(f"importing {bridge.name}", 0, 0)
            learner.take(bridge)
        progress(f"importing {new.name}", 0, 0)
        for each in corrections:
            learner.take_text(each)
        refused = learner.take(new, merging=bool(bridges))
        after = learner.state()
        progress(f"importing {new.name} again", 0, 0)
        for each in corrections:
            learner.take_text(each)
        learner.take(new)
        again, dead = learner.state(), learner.dead_cards()
        damage = learner.damage()
    names = {reason: tuple(_name(newcomer, id) for id in ids) for reason, ids in refused.items()}
    return Played(
        VERSION, newcomer, imported, before, after, again, names, dead_before, dead, damage, new.retired, bool(bridges)
    )


def _study(learner: Scratch, state: State, progress: Progress) -> None:
    """Give every card a review and a schedule. The answers differ, so that some cards are in learning and some are not.

    Reviews this fast can leave times that Check Database rounds. It does so here, and not when the update is judged.
    """
    cards = reported(sorted(state.cards), "answering cards", progress)
    for card, ease in zip(cards, cycle(_EASES), strict=False):
        learner.answer(card, ease)
    learner.damage()


def _by_fate(imported: State, newcomer: State) -> Iterator[list[Note]]:
    """Yield the notes that the update changes, and then those that it does not, each in the order of their ids."""
    for wanted in (True, False):
        yield [
            note
            for id, note in sorted(imported.notes.items())
            if (note.guid in newcomer.by_guid and newcomer.by_guid[note.guid].is_other_than(note)) is wanted
        ]


def _make_own(
    learner: Scratch, state: State, groups: Sequence[Sequence[Note]], is_ours: bool, progress: Progress
) -> None:
    """Write into the second field of every other note of a group, which is usually an answer, and change three cards.

    If the deck is one of ours, also write into the last field, which is not the author's. In that of another tool, the
    last field may decide which cards a note has. The first of the group's cards is suspended, the second flagged, and
    the third moved to another deck.
    """
    for note in reported([note for notes in groups for note in notes[::2]], "editing notes", progress):
        last = len(note.fields) - 1
        learner.write(note, OWN_TAG, {min(1, last), *[last] * is_ours}, OWN_WORDS)
    for notes in groups:
        guids = {note.guid for note in notes}
        cards = [id for id, card in sorted(state.cards.items()) if card.note in guids]
        learner.suspend(cards[:1])
        learner.flag(cards[1:2], _RED)
        learner.move(cards[2:3], OWN_DECK)


def _new_files(imported: State, newcomer: State) -> list[str]:
    """Return the names of files that only the new package has, except those that Anki never replaces."""
    had, has = ({file.name for note in state.notes.values() for file in note.files} for state in (imported, newcomer))
    missing = {name for note in newcomer.notes.values() for name in note.missing}
    return sorted(name for name in has - had - missing if not name.startswith("_"))


def _name(newcomer: State, id: int) -> str:
    """Return the name of a note by its id in the package, which is also its id in an empty collection."""
    return newcomer.notes[id].name if id in newcomer.notes else str(id)
