"""Which of the things that an update did are losses, and which are only told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cuedeck.rehearsal import effects
from cuedeck.rehearsal.effects import Names
from cuedeck.rehearsal.state import Played


@dataclass(frozen=True)
class Finding:
    """One thing that the update did: the name of the rule, whether it is a loss, what it means, and to what."""

    rule: str
    loss: bool
    meaning: str
    names: tuple[str, ...]


Rules = Sequence[tuple[str, str, Callable[[Played], Names]]]
"""Name, meaning and effect of each rule."""

# They leave a learner worse off, in a way that nobody means by an update.
LOSSES: Rules = (
    ("refused", "Anki does not take these notes, now or later", effects.refused),
    ("stale", "changes to these notes never arrive: they are not newer than what learners have", effects.stale),
    ("touched", "these notes were touched although nothing in them changed", effects.touched),
    ("own-lost", "learners' own tags and words are gone from these notes, which did not change", effects.own_lost),
    ("notes-lost", "these notes are gone", effects.notes_lost),
    ("cards-lost", "cards of these notes are gone", effects.cards_lost),
    ("reviews-lost", "reviews are gone", effects.reviews_lost),
    ("schedule-changed", "cards of these notes have another schedule", effects.rescheduled),
    ("suspension-changed", "cards of these notes are no longer suspended as they were", effects.suspension_changed),
    ("flag-changed", "cards of these notes have another flag", effects.flag_changed),
    ("deck-changed", "cards of these notes were moved to another deck", effects.moved),
    ("deck-split", "cards of these notes stay in the old deck, and new ones go to another", effects.split),
    ("second-note-type", "these note types came in for notes that have one already", effects.second_types),
    ("full-sync", "Anki will ask for a full sync, which throws away what was done on one side", effects.full_sync),
    ("doubled-notes", "learners have these notes twice", effects.doubled),
    ("dead-card", "cards of these notes ask nothing any more", effects.dead),
    ("not-idle", "importing the same package once more changes these again", effects.changed_again),
    ("damaged", "Check Database finds something", effects.damage),
)
# They are what an update is for, or what learners are told to expect.
TOLD: Rules = (
    ("own-replaced", "learners' own tags and words give way to the update on these notes", effects.own_replaced),
    ("left-behind", "learners keep these notes, which the new package holds no longer", effects.left_behind),
    ("more-cards", "these notes have got another card", effects.more_cards),
    ("restyled", "these note types look otherwise, or are newer", effects.restyled),
    ("new-deck", "these decks came in", effects.new_decks),
)


def judge(played: Played) -> tuple[Finding, ...]:
    """Return everything that the update did to the learner, losses first."""
    found = (
        Finding(rule, rules is LOSSES, meaning, tuple(dict.fromkeys(effect(played))))
        for rules in (LOSSES, TOLD)
        for rule, meaning, effect in rules
    )
    return tuple(each for each in found if each.names)
