"""Sentences that several tests repeat: on codes, on hazards in the program's own words, and on bridges."""

from cuedeck.updating.harms import HARMS

EXPLAINED = '"cuedeck explain CODE" explains the code in brackets at the end of a message\n'
"""What a terminal shows after problems."""

HANDING_OUT_A_BRIDGE = (
    "To bring your learners along, give them, in this order:\n"
    "  1. decks/small-bridge.apkg, to import with the default options: "
    "Anki reports that it has these notes already\n"
    '  2. your next release, to import with "Merge note types" ticked, this once and never again\n'
    'Learners must not tick "Merge note types" if they skipped the bridge, or if Anki reported that its note types '
    "have changed:\n"
    "their cards would go blank, and no later update would arrive. Without the tick nothing is lost.\n"
)
"""What `adopt` prints last if it has written one bridge for the deck "small"."""


def to_learners(name: str, search: str = '"note:Cuedeck small (*)" "Note ID:one"', notes: str = "") -> str:
    """Return what release notes say of a hazard; `search` finds the notes in Anki's browser, `notes` counts them."""
    return HARMS[name].to_learners.format(search=f"`{search}`", notes=notes)


def for_draft_users(name: str) -> str:
    """Return how that begins which those may do who imported a draft."""
    return HARMS[name].for_draft_users.partition("{")[0]
