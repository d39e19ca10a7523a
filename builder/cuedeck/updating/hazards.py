"""Harm that may come to those who have a deck: what it is, in which note, and the way out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from cuedeck.problems import Keys, Part
from cuedeck.rendering.fields import digest
from cuedeck.updating.harms import HARMS, Harm
from cuedeck.wording import for_a_shell


@dataclass(frozen=True)
class Hazard:
    """What an edit does to those who have the deck, and the way out.

    `name` is one of `HARMS`, `subject` the id of the note, or the name of the deck or note type, that it is about;
    `facts` fill its words. `at` is the place in cards.yaml. `notes` are the ids of the notes where they are many, or
    not the subject. `outcome` is what learners come to by it: another outcome is another hazard, to be accepted anew.
    """

    name: str
    subject: str
    facts: Mapping[str, object] = field(default_factory=dict)
    at: Keys = ()
    on: Part = "value"
    notes: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What an author accepts it by, such as `cloze-moved:hard-and-soft`."""
        return f"{self.name}:{self.subject}"

    @property
    def harm(self) -> Harm:
        """What is true of all hazards of this name."""
        return HARMS[self.name]

    @property
    def message(self) -> str:
        """What is seen, and what learners would come to by it."""
        return f"{self.harm.happened}: {self.harm.effect}".format(**self._facts)

    @property
    def hint(self) -> str:
        """What an author does instead."""
        return self.harm.way_out.format(**self._facts)

    @property
    def _facts(self) -> Mapping[str, object]:
        return {"note": self.subject, **self.facts}

    def to_drafters(self, found_by: str) -> str:
        """Return what those may do who imported a draft, in one line; `found_by` finds the note in Anki's browser."""
        facts = {**self._facts, "search": found_by}
        return f"{self.harm.happened}: {self.harm.to_drafters}".format(**facts)

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
        """Return the hint, and after it how to go on with `doing`, such as "build", in spite of it."""
        return f"{self.hint}\nto {doing} all the same: --accept {for_a_shell(self.key)}"


def outcomes(hazards: Iterable[Hazard]) -> dict[str, str]:
    """Return by the key of each hazard a hash of what learners come to by all that have this key."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for hazard in hazards:
        found.setdefault(hazard.key, []).append(hazard.outcome)
    return {key: digest(*sorted(each)) for key, each in found.items()}


def unknown_keys(accept: Iterable[str], met: Collection[str]) -> list[str]:
    """Return what is to be accepted and is no hazard that was met; `met` are the keys of these."""
    wholes = {name for name in map(_name_of, met) if HARMS[name].as_a_whole}
    return sorted(key for key in {*accept} - {*met} if _name_of(key) not in wholes)


def _name_of(key: str) -> str:
    return key.partition(":")[0]
