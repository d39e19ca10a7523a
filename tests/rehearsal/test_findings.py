"""Effects that Anki's importer never has today would be noticed: judged on states made by hand."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cuedeck.rehearsal.findings import judge
from cuedeck.rehearsal.state import OWN_TAG, OWN_WORDS, Card, Note, NoteType, Played, ShownFile, State

NOTE = Note(1, "guid", "one", 9, 5, ("Q", "A"), frozenset())
OWN = replace(NOTE, fields=("Q", "A" + OWN_WORDS), tags=frozenset({OWN_TAG}))
CARD = Card(2, "guid", 0, "Deck", (1, 2, 3), suspended=True, flag=1)
IMPORTED = State({1: NOTE}, {2: CARD}, {9: NoteType("Type", 5)}, frozenset({"Deck"}), frozenset(), 7)
MINE = replace(IMPORTED, notes={1: OWN}, reviews=frozenset({100, 101}))
CALM = Played("1", IMPORTED, IMPORTED, MINE, MINE, MINE, {}, frozenset(), frozenset(), ())

# The same with a picture, which the field also names.
PICTURE = ShownFile("a.png", "a" * 64)
SHOWN = replace(NOTE, files=(PICTURE,))
WITH_PICTURE = replace(IMPORTED, notes={1: SHOWN})
MINE_WITH_PICTURE = replace(MINE, notes={1: replace(OWN, files=(PICTURE,))})
CALM_WITH_PICTURE = replace(
    CALM,
    newcomer=WITH_PICTURE,
    imported=WITH_PICTURE,
    before=MINE_WITH_PICTURE,
    after=MINE_WITH_PICTURE,
    again=MINE_WITH_PICTURE,
)


def with_file(sha256: str, was: str = PICTURE.sha256) -> Played:
    """Return a play after which a file has another SHA-256 than before, or is missing."""
    before, after = (
        replace(MINE, notes={1: replace(OWN, files=(ShownFile("a.png", each),))}) for each in (was, sha256)
    )
    return replace(CALM_WITH_PICTURE, before=before, after=after, again=after)


def after(change: Callable[[State], State]) -> Played:
    """Return a play in which both imports of the new package change the learner's collection."""
    return replace(CALM, after=change(MINE), again=change(MINE))


# What happens to the learner's collection, and the only finding that it must give.
EVENTS: dict[str, tuple[Played, dict[str, tuple[str, ...]]]] = {
    "nothing": (CALM, {}),
    "note-lost": (
        after(lambda mine: replace(mine, notes={}, cards={})),
        {"refused": ("one",), "notes-lost": ("one",), "cards-lost": ("one",)},
    ),
    "card-lost": (after(lambda mine: replace(mine, cards={})), {"cards-lost": ("one",)}),
    "review-lost": (after(lambda mine: replace(mine, reviews=frozenset({101}))), {"reviews-lost": ("1 of 2",)}),
    "rescheduled": (
        after(lambda mine: replace(mine, cards={2: replace(CARD, schedule=(1, 2, 4))})),
        {"schedule-changed": ("one",)},
    ),
    "unsuspended": (
        after(lambda mine: replace(mine, cards={2: replace(CARD, suspended=False)})),
        {"suspension-changed": ("one",)},
    ),
    "flag-taken": (after(lambda mine: replace(mine, cards={2: replace(CARD, flag=0)})), {"flag-changed": ("one",)}),
    "card-moved": (
        after(lambda mine: replace(mine, cards={2: replace(CARD, deck="Other")})),
        {"deck-changed": ("one",), "deck-split": ("one",)},
    ),
    "tag-lost": (
        after(lambda mine: replace(mine, notes={1: replace(OWN, tags=frozenset())})),
        {"own-lost": ("one",)},
    ),
    "words-lost": (
        after(lambda mine: replace(mine, notes={1: replace(OWN, fields=NOTE.fields)})),
        {"own-lost": ("one",)},
    ),
    "picture": (CALM_WITH_PICTURE, {}),
    "picture-gone": (with_file(""), {"file-missing": ("one",)}),
    "picture-that-was-gone-before": (with_file("", was=""), {}),
    "picture-replaced": (with_file("b" * 64), {"file-differs": ("one",)}),
    "full-sync": (after(lambda mine: replace(mine, schema=8)), {"full-sync": ("the whole collection",)}),
    "damage": (replace(CALM, damage=("Fixed 1 card",)), {"damaged": ("Fixed 1 card",)}),
    "dead-card-of-old": (replace(CALM, dead_before=frozenset({2}), dead=frozenset({2})), {}),
    "dead-card": (replace(CALM, dead=frozenset({2})), {"dead-card": ("one",)}),
    "card-gone-at-second-import": (replace(CALM, again=replace(MINE, cards={})), {"not-idle": ("one",)}),
    "deck-at-second-import": (
        replace(CALM, again=replace(MINE, decks=frozenset({"Deck", "Deck+"}))),
        {"not-idle": ("Deck+",)},
    ),
    "type-at-second-import": (
        replace(CALM, again=replace(MINE, types={9: NoteType("Type", 6)})),
        {"not-idle": ("Type",)},
    ),
}


@pytest.mark.parametrize("name", EVENTS)
def test_what_is_reported(name: str) -> None:
    """Each event is reported as a loss, and nothing else is."""
    played, said = EVENTS[name]
    assert {finding.rule: finding.names for finding in judge(played)} == said
    assert all(finding.loss for finding in judge(played))
