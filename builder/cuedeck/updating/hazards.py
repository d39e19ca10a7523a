"""Harm that may come to those who have a deck: what it is, in which note, and the way out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cuedeck.problems import Keys, Part
from cuedeck.updating.harms import HARMS, Harm
from cuedeck.wording import for_a_shell


@dataclass(frozen=True)
class Hazard:
    """What an edit does to those who have the deck, and the way out.

    `name` is one of `HARMS`, `subject` the id of the note, or the name of the deck or note type, that it is about. `at`
    is the place in cards.yaml. `notes` are the ids of the notes where they are many, or not the subject.
    """

    name: str
    subject: str
    message: str
    hint: str
    at: Keys = ()
    on: Part = "value"
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What an author accepts it by, such as `cloze-moved:hard-and-soft`."""
        return f"{self.name}:{self.subject}"

    @property
    def harm(self) -> Harm:
        """What is true of all hazards of this name."""
        return HARMS[self.name]

    @property
    def refused(self) -> bool:
        """Whether nothing is built until the author accepts it."""
        return self.harm.refused

    @property
    def costs_progress(self) -> bool:
        """Whether learners lose progress by it."""
        return self.harm.costs_progress

    def accepted_by(self, keys: Collection[str]) -> bool:
        """Whether an author who accepts these keys accepts it."""
        return self.key in keys or (self.harm.as_a_whole and any(_name_of(key) == self.name for key in keys))

    def way_out(self, doing: str) -> str:
        """Return the hint, and behind it how to go on with `doing`, such as "build", in spite of it."""
        return f"{self.hint}\nto {doing} all the same: --accept {for_a_shell(self.key)}"


def with_lasting(shown: Sequence[Hazard], met: Iterable[Hazard]) -> tuple[Hazard, ...]:
    """Return the hazards that two packages show, with those of the source that they do not, and that last.

    A lasting one says why its notes are replaced, so that this is not told a second time.
    """
    lasting = [hazard for hazard in met if hazard.harm.lasting]
    told = {note for hazard in lasting for note in hazard.notes}
    return (*lasting, *(each for each in shown if not (each.name == "mass-update" and told.issuperset(each.notes))))


def unknown_keys(accept: Iterable[str], met: Collection[str]) -> list[str]:
    """Return what is to be accepted and is no hazard that was met; `met` are the keys of these."""
    wholes = {name for name in map(_name_of, met) if HARMS[name].as_a_whole}
    return sorted(key for key in {*accept} - {*met} if _name_of(key) not in wholes)


def _name_of(key: str) -> str:
    return key.partition(":")[0]
