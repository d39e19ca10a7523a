"""What an edit of one note does to the cards that learners have of it."""

from collections.abc import Iterator, Sequence

from cuedeck.deck.kinds import Kind
from cuedeck.history.prompts import Answers, Asked
from cuedeck.problems import Keys
from cuedeck.updating.clozes import NumberEdit, number_edits, right_numbering
from cuedeck.updating.hazards import Hazard


def card_hazards(id: str, old: Asked, new: Asked, keys: Keys = ()) -> Iterator[Hazard]:
    """Yield what an edit does to the cards of a note with this id; `keys` is its place."""
    if old.kind != new.kind:
        yield Hazard(
            "kind-changed",
            id,
            f'"{id}" was a {old.kind.adjective} note and is a {new.kind.adjective} note now: '
            "Anki never brings such a change to learners",
            "keep the kind, or write the new note under a new id",
            keys,
            "key",
        )
        return
    if new.kind == Kind.CLOZE:
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
        )
    fresh = sorted(set(new.cards) - (set(old.cards) - set(old.gone)))
    if fresh and set(old.cards) - set(old.gone):
        which = "a reverse card" if new.kind == Kind.QA else f"a card for {_numbers(fresh)}"
        yield Hazard(
            "card-added",
            id,
            f'"{id}" gets {which}: learners who edited the note themselves get the card, but not the text for it',
            "nothing is lost; put what is new into a note of its own, or accept this",
            keys,
            "key",
        )


def _numbers(ordinals: Sequence[int]) -> str:
    return ", ".join(f"c{ordinal + 1}" for ordinal in ordinals)


def _deletion_hazards(id: str, old: Asked, new: Asked, at: Keys) -> Iterator[Hazard]:
    edits = number_edits(old.answers, new.answers, same_outside=old.outside == new.outside)
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
            )


def _moved(edits: Sequence[NumberEdit]) -> str:
    return ", ".join(f'"{edit.old}" was number {edit.number} and is number {edit.other} now' for edit in edits)


def _numbering(old: Answers, new: Answers) -> str:
    right = right_numbering(old, new)
    return ", ".join(f'c{right[number]} for "{" / ".join(texts)}"' for number, texts in sorted(new.items()))
