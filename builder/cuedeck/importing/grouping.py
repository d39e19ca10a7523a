"""Sort notes into concepts: one for each subdeck, chapter or list that they were in, or for each tag."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cuedeck.bridging.decks import BETWEEN, folded, is_within
from cuedeck.building.newids import NewIds
from cuedeck.importing.drafting import Draft
from cuedeck.importing.naming import deck_name
from cuedeck.importing.writing import Group


def grouped(drafts: Sequence[Draft], title: str, by_tag: bool = False) -> tuple[Group, ...]:
    """Return the concepts of a deck with this title, in the order in which their first notes come.

    With `by_tag`, a note goes to the concept of one of its tags: of those that not all notes have, the one that most
    notes have. Only notes without such a tag go where they would go otherwise.
    """
    notes: dict[str, list[Draft]] = {}
    titles: dict[str, str] = {}
    tags = _chosen_tags(drafts) if by_tag else {}
    for draft in drafts:
        tag, below = (each.replace(BETWEEN, ": ") for each in (tags.get(draft.id, ""), _below(draft.note.deck, title)))
        name = tag or draft.note.concept or below or title.rpartition(BETWEEN)[2]
        key = folded(name)
        titles.setdefault(key, name)
        notes.setdefault(key, []).append(draft)
    ids = NewIds("part")
    return tuple(
        _group(ids.made_from(titles[key].rpartition(": ")[2]), titles[key], title, found, tags)
        for key, found in notes.items()
    )


def put_together(groups: Iterable[Group], title: str) -> Iterator[str]:
    """Yield a sentence for each concept whose notes were in several subdecks, which a concept cannot keep apart."""
    for group in groups:
        decks = _decks(group.notes, title)
        if len(decks) > 1:
            names = ", ".join(f'"{BETWEEN.join(filter(None, (title, each)))}"' for each in decks)
            yield f'the concept "{group.title}" puts notes of several decks into "{title}": {names}'


def _group(id: str, name: str, title: str, drafts: Sequence[Draft], tags: Mapping[str, str]) -> Group:
    decks = _decks(drafts, title)
    deck = decks[0] if len(decks) == 1 else ""
    tag = tags.get(drafts[0].id, "")
    if not tag or not all(tag in draft.tags for draft in drafts):
        return Group(id, name, deck, tuple(drafts))
    rest = (replace(draft, tags=tuple(each for each in draft.tags if each != tag)) for draft in drafts)
    return Group(id, name, deck, tuple(rest), (tag,))


def _chosen_tags(drafts: Sequence[Draft]) -> dict[str, str]:
    """Return the tag of each note that its concept is made from, by the note's id."""
    counts = Counter(key for draft in drafts for key in {*map(str.casefold, draft.tags)})
    chosen = {}
    for draft in drafts:
        if tags := [tag for tag in draft.tags if counts[tag.casefold()] < len(drafts)]:
            chosen[draft.id] = max(tags, key=lambda tag: counts[tag.casefold()])
    return chosen


def _decks(drafts: Iterable[Draft], title: str) -> list[str]:
    """Return the subdecks that notes are in, each once; "" is the deck itself."""
    return list(dict.fromkeys(_below(draft.note.deck, title) for draft in drafts))


def _below(deck: str, title: str) -> str:
    """Return the name of a deck within the deck with this title; "" for that deck itself."""
    deck = deck_name(deck)
    if not is_within(deck, title):
        return deck
    return BETWEEN.join(deck.split(BETWEEN)[title.count(BETWEEN) + 1 :])
