"""Hazards, each of one note, deck or note type; how they are worded, accepted and listed."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field

from cuedeck.patterns import regex
from cuedeck.problems import Keys, Level, Locate, Part, Problem
from cuedeck.records import dataclass
from cuedeck.rendering.fields import digest
from cuedeck.updating.harms import HARMS, Harm
from cuedeck.wording import for_a_shell

MANY = 5
"""If so many notes are replaced for the same reason, which is not in their own texts, it is a hazard."""

_MOST_KEYS = 10  # of hazards of one name in a line to type; if there are more, the name stands for all of them


@dataclass(frozen=True)
class Hazard:
    """What an edit does to those who have the deck, and the way out.

    `name` is one of `HARMS`, and `subject` is the id of the note, or the name of the deck or note type. `facts` fill
    the sentences. `at` is the place in cards.yaml. `notes` are the ids of its notes, if there are many or the subject
    is not a note. `outcome` is what learners end up with: if that changes, the author has to accept the hazard again.
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
        """The key with which an author accepts it, such as `cloze-moved:hard-and-soft`."""
        return f"{self.name}:{self.subject}"

    @property
    def other_keys(self) -> tuple[str, ...]:
        """Further keys: a hazard that one edit causes under several subjects may also be named by its decks."""
        names = (self.facts.get(fact) for fact in ("old", "new")) if self.harm.as_a_whole else ()
        return tuple(f"{self.name}:{name}" for name in names if isinstance(name, str))

    @property
    def harm(self) -> Harm:
        """What is true of all hazards of this name."""
        return HARMS[self.name]

    @property
    def message(self) -> str:
        """What has changed, and what that would do to learners."""
        return f"{self.harm.happened}: {self.harm.effect}".format(**self._facts)

    @property
    def hint(self) -> str:
        """What an author does instead."""
        return self.harm.way_out.format(**self._facts)

    @property
    def _facts(self) -> Mapping[str, object]:
        return {"note": self.subject, **self.facts}

    def for_draft_users(self, found_by: str) -> str:
        """Return what those can do who imported a draft, in one line; `found_by` finds the note in Anki's browser."""
        facts = {**self._facts, "search": found_by}
        return f"{self.harm.happened}: {self.harm.for_draft_users}".format(**facts)

    @property
    def refused(self) -> bool:
        """Whether a build stops until the author accepts it."""
        return self.harm.refused

    @property
    def costs_progress(self) -> bool:
        """Whether it costs learners progress."""
        return self.harm.costs_progress

    def as_problem(self, locate: Locate, level: Level = "error") -> Problem:
        """Return it as a problem at its place in cards.yaml."""
        place = locate(self.at, self.on, "")
        return Problem(place, self.message, self.name, self.hint, level, self.at, self.key)


class Accepting:
    """What an author accepts: hazards by their keys, by their names for all notes, or by a pattern with `*`."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = words
        self._patterns = {each: _pattern(each) for each in words if "*" in each}
        self._wholes = {name for name in map(_name_of, words) if name in HARMS and HARMS[name].as_a_whole}

    def __contains__(self, hazard: Hazard) -> bool:
        """Whether a hazard is accepted."""
        if hazard.key in self._words or hazard.name in self._words or hazard.name in self._wholes:
            return True
        return any(each.fullmatch(hazard.key) or each.fullmatch(hazard.name) for each in self._patterns.values())

    def slips(self, met: Collection[Hazard]) -> list[str]:
        """Return the words that match none of the hazards that were found."""
        known = {text for hazard in met for text in (hazard.name, hazard.key, *hazard.other_keys)}
        meant = {each for each, pattern in self._patterns.items() if any(map(pattern.fullmatch, known))}
        return sorted(each for each in self._words if each not in known and each not in meant)


def _pattern(words: str) -> "re.Pattern[str]":
    return regex(".*".join(map(re.escape, words.split("*"))))


def how_to_accept(problems: Iterable[Problem]) -> str:
    """Return the line that says how to accept the hazards among problems; "" if there are none."""
    hazards = [problem for problem in problems if problem.accept]
    if not hazards:
        return ""
    doing = "build or release" if any(each.level == "error" for each in hazards) else "release"
    keys: dict[str, list[str]] = {}
    for each in hazards:
        keys.setdefault(each.rule, []).append(each.accept)
    chosen = (key for name, of in keys.items() for key in dict.fromkeys(_shortest(name, of)))
    options = " ".join(f"--accept {for_a_shell(each)}" for each in chosen)
    return f"to {doing} despite the effect on learners, add: {options}"


def _shortest(name: str, keys: list[str]) -> list[str]:
    """Return what accepts all hazards of one name: their keys, one key that stands for all, or the name."""
    if HARMS[name].as_a_whole:
        return keys[:1]
    return keys if len(keys) <= _MOST_KEYS else [name]


def outcomes(hazards: Iterable[Hazard]) -> dict[str, str]:
    """Return, by key, a hash of the outcomes of all hazards with that key."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for hazard in hazards:
        found.setdefault(hazard.key, []).append(hazard.outcome)
    return {key: digest(*sorted(each)) for key, each in found.items()}


def _name_of(key: str) -> str:
    return key.partition(":")[0]
