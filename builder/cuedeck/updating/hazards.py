"""Harm that may come to those who have a deck: what it is, in which note, and the way out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from cuedeck.problems import Keys, Level, Locate, Part, Problem
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

    def accepted_by(self, accept: Collection[str]) -> bool:
        """Whether an author accepts it who accepts these: its key, its name, or a pattern of either with `*`."""
        return self.key in accept or any(self._is_meant_by(each) for each in accept)

    def _is_meant_by(self, words: str) -> bool:
        name, _, subject = words.partition(":")
        is_whole = not subject or self.harm.as_a_whole
        return fnmatchcase(self.key, words) or (is_whole and fnmatchcase(self.name, name))

    def as_problem(self, locate: Locate, level: Level = "error") -> Problem:
        """Return it as a problem at its place in cards.yaml."""
        place = locate(self.at, self.on, "")
        return Problem(place, self.message, self.name, self.hint, level, self.at, self.key)


def how_to_accept(problems: Iterable[Problem]) -> str:
    """Return the line that says how to go on in spite of the hazards among problems; "" where there are none."""
    hazards = [problem for problem in problems if problem.accept]
    if not hazards:
        return ""
    doing = "build or release" if any(each.level == "error" for each in hazards) else "release"
    options = dict.fromkeys(f"--accept {for_a_shell(each.accept)}" for each in hazards)
    return f"to {doing} in spite of what learners would meet, add: {' '.join(options)}"


def outcomes(hazards: Iterable[Hazard]) -> dict[str, str]:
    """Return by the key of each hazard a hash of what learners come to by all that have this key."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for hazard in hazards:
        found.setdefault(hazard.key, []).append(hazard.outcome)
    return {key: digest(*sorted(each)) for key, each in found.items()}


def unknown_keys(accept: Iterable[str], met: Collection[Hazard]) -> list[str]:
    """Return what is to be accepted and means none of the hazards that were met."""
    return sorted({each for each in accept if not any(hazard.accepted_by([each]) for hazard in met)})
