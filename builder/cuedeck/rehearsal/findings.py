"""What an update did to a learner: which effects are losses, and which are only reported."""

from collections.abc import Callable, Sequence

from cuedeck.records import dataclass
from cuedeck.rehearsal import effects
from cuedeck.rehearsal.effects import Names
from cuedeck.rehearsal.state import Played


@dataclass(frozen=True)
class Finding:
    """One effect of the update: the name of the rule, whether it is a loss, what it means, and what it affects."""

    rule: str
    loss: bool
    meaning: str
    names: tuple[str, ...]


Rules = Sequence[tuple[str, str, Callable[[Played], Names]]]
"""Name, meaning and effect of each rule."""

# These leave a learner worse off, in a way that no update intends.
LOSSES: Rules = (
    ("refused", "Anki does not accept these notes, now or later", effects.refused),
    ("stale", "changes to these notes never arrive: they are not newer than what learners have", effects.stale),
    ("touched", "these notes were updated although nothing in them changed", effects.touched),
    ("own-lost", "learners' own tags and words are gone from these notes, which did not change", effects.own_lost),
    ("notes-lost", "these notes are gone", effects.notes_lost),
    ("cards-lost", "cards of these notes are gone", effects.cards_lost),
    ("reviews-lost", "reviews are gone", effects.reviews_lost),
    ("schedule-changed", "cards of these notes have a different schedule", effects.rescheduled),
    ("suspension-changed", "cards of these notes are no longer suspended as they were", effects.suspension_changed),
    ("flag-changed", "cards of these notes have a different flag", effects.flag_changed),
    ("deck-changed", "cards of these notes were moved to another deck", effects.moved),
    ("deck-split", "cards of these notes stay in the old deck, and new ones go to another", effects.split),
    ("second-note-type", "these note types were added for notes that already have another", effects.second_types),
    ("full-sync", "Anki will ask for a full sync, which discards all changes on one side", effects.full_sync),
    ("doubled-notes", "learners have these notes twice", effects.doubled),
    ("dead-card", "cards of these notes no longer ask anything", effects.dead),
    ("file-missing", "pictures or sounds of these notes are missing", effects.files_missing),
    ("file-differs", "pictures or sounds of these notes are not those in the new package", effects.files_other),
    ("not-idle", "importing the same package a second time changes these again", effects.changed_again),
    ("damaged", "Tools > Check Database in Anki finds damage", effects.damage),
)
# These are what an update is for, or what learners have been told to expect.
NOTICES: Rules = (
    ("own-replaced", "the update replaces learners' own tags and words on these notes", effects.own_replaced),
    ("left-behind", "learners keep these notes, which the new package no longer contains", effects.left_behind),
    ("more-cards", "these notes have one more card", effects.more_cards),
    ("restyled", "these note types look different, or are newer", effects.restyled),
    ("new-deck", "these decks are new", effects.new_decks),
)


def judge(played: Played) -> tuple[Finding, ...]:
    """Return everything that the update did to the learner, losses first."""
    found = (
        Finding(rule, rules is LOSSES, meaning, tuple(dict.fromkeys(effect(played))))
        for rules in (LOSSES, NOTICES)
        for rule, meaning, effect in rules
    )
    return tuple(each for each in found if each.names)
