"""A question that stands under the id of another one, so that reviews of the one count for the other."""

from collections.abc import Mapping
from functools import cached_property

from cuedeck.deck.kinds import Kind
from cuedeck.history.snapshot import Snapshot
from cuedeck.problems import Keys
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.lookalikes import Texts, is_another_question, texts_of


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
                f'"{id}" asks what "{self._notes[other].id}" asked: learners\' reviews would count for '
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
