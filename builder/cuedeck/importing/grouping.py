"""Sort notes into concepts: one for each subdeck, chapter or list that they were in."""

from collections.abc import Iterable

from cuedeck.bridging.decks import BETWEEN, folded, is_within
from cuedeck.importing.drafting import Draft
from cuedeck.importing.naming import Names
from cuedeck.importing.writing import Group


def grouped(drafts: Iterable[Draft], title: str) -> tuple[Group, ...]:
    """Return the concepts of a deck with this title, in the order in which their first notes come."""
    notes: dict[str, list[Draft]] = {}
    titles: dict[str, str] = {}
    decks: dict[str, set[str]] = {}
    for draft in drafts:
        below = _below(draft.note.deck, title)
        name = draft.note.concept or below.replace(BETWEEN, ": ") or title.rpartition(BETWEEN)[2]
        key = folded(name)
        titles.setdefault(key, name)
        decks.setdefault(key, set()).add(below)
        notes.setdefault(key, []).append(draft)
    ids = Names("part")
    return tuple(
        Group(ids.id_for(titles[key].rpartition(": ")[2]), titles[key], _only(decks[key]), tuple(found))
        for key, found in notes.items()
    )


def _only(decks: set[str]) -> str:
    """Return the subdeck that all notes of a concept are in; "" if they are in several."""
    return next(iter(decks)) if len(decks) == 1 else ""


def _below(deck: str, title: str) -> str:
    """Return the name of a deck within the deck with this title; "" for that deck itself."""
    if not is_within(deck, title):
        return deck
    return BETWEEN.join(deck.split(BETWEEN)[title.count(BETWEEN) + 1 :])
