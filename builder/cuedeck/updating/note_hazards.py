"""What an edit of one note does to learners: to its cards, to what their reviews are of, and to its links."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from cuedeck.deck.kinds import Kind
from cuedeck.history.prompts import Answers, Asked
from cuedeck.history.snapshot import Snapshot
from cuedeck.problems import Keys
from cuedeck.rendering.notefields import LINKS
from cuedeck.rendering.originmarkup import moment_links
from cuedeck.updating.clozes import NumberEdit, number_edits, right_numbering
from cuedeck.updating.fieldchanges import label_of
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.lookalikes import Texts, is_another_question, texts_of


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


def link_hazard(id: str, old: Mapping[str, str], new: Mapping[str, str], keys: Keys = ()) -> Hazard | None:
    """Return the hazard of a note whose links lead elsewhere; None where they do not, or its moments are others.

    `old` and `new` are its fields, `keys` is its place. Links that the note type makes touch no note.
    """
    before, after = ([*moment_links(fields.get(LINKS.key, ""))] for fields in (old, new))
    if [link.clock for link in before] != [link.clock for link in after]:
        return None
    pairs = ((was.address, now.address) for was, now in zip(before, after, strict=True))
    changed = next((pair for pair in pairs if pair[0] != pair[1]), None)
    if changed is None:
        return None
    return Hazard(
        "link-changed",
        id,
        f'a link of "{id}" led to {changed[0]} and leads to {changed[1]} now: the note is replaced as a whole, and '
        "with it learners' own edits and tags on it",
        "open both to see which is right; to keep the old one, write it under link:, with {seconds} for the time",
        keys,
        "key",
    )


class Questions:
    """What the question notes of a package ask."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._notes = snapshot.notes

    @cached_property
    def _asked_by(self) -> Mapping[Texts, str]:
        """The guids of the notes by what they ask."""
        return {texts_of(note.fields): guid for guid, note in self._notes.items() if note.kind == Kind.QA}

    def hazard(self, id: str, guid: str, new: Texts, keys: Keys = ()) -> Hazard | None:
        """Return what it does to learners that the note with a guid asks something now; None where it does nothing.

        `id` is its id now, and `keys` its place.
        """
        note = self._notes.get(guid)
        if note is None or note.kind != Kind.QA or (old := texts_of(note.fields)) == new:
            return None
        if (other := self._asked_by.get(new, guid)) != guid:
            return Hazard(
                "question-moved",
                id,
                f'"{id}" asks what "{label_of(self._notes[other])}" asked: learners\' reviews would count for '
                "the wrong question",
                "put each text back under its own id",
                keys,
                "key",
            )
        if is_another_question(old, new):
            return Hazard(
                "question-replaced",
                id,
                f'"{id}" asked "{old[0]}" and asks "{new[0]}" now, with another answer: '
                "learners' reviews would count for the wrong question",
                "give the new question a new id, and retire the old one",
                keys,
                "key",
            )
        return None
