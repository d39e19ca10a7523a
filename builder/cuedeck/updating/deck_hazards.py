"""What becomes of learners' decks: Anki finds them by name, and never moves a card that is there."""

from collections.abc import Iterator, Sequence

from cuedeck.updating.changes import Changes
from cuedeck.updating.hazards import Hazard
from cuedeck.wording import counted

_Moved = dict[tuple[str, str], list[str]]


def deck_hazards(changes: Changes) -> Iterator[Hazard]:
    """Yield a hazard for each deck that has another name now, and for each whose notes went to one that was there.

    The id of the deck is no name of it, but all tags stand under it.
    """
    renamed = changes.old.manifest.title, changes.new.manifest.title
    # Every package brings the main deck, also where all notes stand in others.
    before = {renamed[0], *(note.deck for note in changes.old.notes.values())}
    now = {renamed[1], *(note.deck for note in changes.new.notes.values())}
    if all(renamed) and renamed[0] != renamed[1]:
        yield _retitled(*renamed)
    id, other = (each.manifest.deck for each in (changes.old, changes.new))
    tagged = [each.id for each in changes.notes if each.fate == "updated" and each.tags_removed]
    if id and other and id != other and tagged:
        yield deck_id_changed(id, other, tagged)
    for (old, new), ids in _moved(changes).items():
        if all(renamed) and new == renamed[1] + old.removeprefix(renamed[0]):
            continue  # its name only follows that of the deck
        if old not in now and new not in before:
            yield _elsewhere(old, new)
        else:
            yield cards_stay(old, new, ids, changes.by_name[ids[0]].label)


def _moved(changes: Changes) -> _Moved:
    """Return the ids of the notes that went from one deck to another, by the names of both."""
    moved: _Moved = {}
    for change in changes.notes:
        if change.old and change.new and change.old.deck != change.new.deck and change.fate != "doubled":
            moved.setdefault((change.old.deck, change.new.deck), []).append(change.id)
    return moved


def _retitled(old: str, new: str) -> Hazard:
    return Hazard(
        "title-changed",
        new,
        f'the deck "{old}" is called "{new}" now: Anki finds decks by name, so learners get a second deck while their '
        "cards stay in the old one",
        f"keep the name {old}",
    )


def _elsewhere(old: str, new: str) -> Hazard:
    return Hazard(
        "title-changed",
        new,
        f'the notes of the deck "{old}" are in "{new}" now: Anki finds decks by name, so learners get a second deck '
        "while their cards stay in the old one",
        f"keep the name {old} if it is the same deck",
    )


def deck_id_changed(old: str, new: str, notes: Sequence[str] = ()) -> Hazard:
    """Return the hazard of another deck id. `notes` are the ids of the notes that have tags."""
    return Hazard(
        "deck-id-changed",
        "deck",
        f'the id of the deck was "{old}" and is "{new}" now: all tags stand under it, so every note '
        "that had one is replaced, and with it learners' own edits and tags",
        f"put {old} back",
        notes=tuple(notes),
    )


def main_source_gone(old: str, new: str, notes: Sequence[str]) -> Hazard:
    """Return the hazard of a main source that was taken out, by its id, and of the one that takes its place.

    `notes` are the ids of the notes of that one which learners have: links to it stood in these, and no longer do.
    """
    return Hazard(
        "main-source-gone",
        old,
        f'the main source was "{old}" and is "{new}" now: all of its notes that learners have '
        f'({len(notes)}, such as "{notes[0]}") are replaced, and with them learners\' own edits and tags',
        f'put "{old}" back; it may stand there without notes, with "chapter-without-notes in {old}" under "check: '
        'ignore:"; if it is there, give it the id or the address back that it had',
        notes=tuple(notes),
    )


def cards_stay(old: str, new: str, ids: Sequence[str], label: str = "") -> Hazard:
    """Return the hazard of notes, by their ids, that went from one deck to another that is there already.

    `label` is what to call the first of them, where that is not its id.
    """
    are = "belongs" if len(ids) == 1 else "belong"
    return Hazard(
        "cards-stay",
        new,
        f'{counted(len(ids), "note")} of the deck "{old}" {are} to "{new}" now, such as "{label or ids[0]}": '
        "cards that learners have stay where they are",
        "nothing is lost; learners may move them",
        notes=tuple(ids),
    )
