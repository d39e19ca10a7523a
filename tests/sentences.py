"""Sentences on hazards for tests that ask only whether somebody is told: in the program's own words."""

from cuedeck.updating.harms import HARMS


def to_learners(name: str, search: str = '"note:Cuedeck small (*)" "Note ID:one"', notes: str = "") -> str:
    """Return what release notes say of a hazard; `search` finds the notes in Anki's browser, `notes` counts them."""
    return HARMS[name].to_learners.format(search=f"`{search}`", notes=notes)


def for_draft_users(name: str) -> str:
    """Return how that begins which those may do who imported a draft."""
    return HARMS[name].for_draft_users.partition("{")[0]
