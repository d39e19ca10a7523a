"""What an edit does to learners' decks: Anki finds them by name, and never moves an existing card."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cuedeck.deck.placement import concept_of
from cuedeck.deck.tags import BETWEEN
from cuedeck.problems import Keys, Part
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.holdings import HeldNote, HeldType, Holding
from cuedeck.wording import counted

Pairs = Sequence[tuple[HeldNote, HeldNote]]
"""Notes as somebody has them, each with the note that they get in its place."""


def deck_hazards(had: Holding, gets: Holding, pairs: Pairs) -> Iterator[Hazard]:
    """Yield a hazard for each deck with a new name, and for each deck whose notes moved to an existing one."""
    before = {had.title, *had.decks.values(), *(note.deck for note in had.notes.values())} - {""}
    now = {gets.title, *gets.decks.values(), *(note.deck for note in gets.notes.values())} - {""}
    is_renamed = bool(had.title and gets.title) and had.title != gets.title
    if is_renamed:
        yield _renamed("deck", had.title, gets.title, f'keep the name "{had.title}"', ("deck", "title"))
    for source, old in had.decks.items():
        new = gets.decks.get(source, old)
        if old == new or (is_renamed and new == _following(old, had, gets)):
            continue
        if concept_of(source) and source in gets.natural and source not in gets.decks:
            continue  # it has no subdeck any more, which is reported below
        at = _at(source)
        if new not in before:
            yield _renamed(source, old, new, _keep(old, had.title), at)
        elif ids := gets.notes_of(source):
            yield _cards_stay(old, new, ids, at)
    yield from _given_to_concepts(had, gets)
    for (old, new), notes in _moved(pairs).items():
        if is_renamed and new == _following(old, had, gets):
            continue  # its name only follows the name of the deck
        if old not in now and new not in before:
            yield _renamed(new, old, new, _keep(old, had.title))
        else:
            yield _cards_stay(old, new, [note.id for note in notes], first=notes[0].label)


def _given_to_concepts(had: Holding, gets: Holding) -> Iterator[Hazard]:
    """Yield a hazard for each concept with notes that learners have which was given a subdeck, or has none any more."""
    fresh = {note.id for guid, note in gets.notes.items() if guid not in had.notes}
    for key, natural in gets.natural.items():
        if had.title and (key in gets.decks) != (key in had.decks):
            old = had.decks.get(key) or had.decks.get(natural, had.title)
            new = gets.decks.get(key) or gets.decks.get(natural, gets.title)
            ids = [id for id in gets.notes_of(key) if id not in fresh]
            if ids and old != new:
                yield _cards_stay(old, new, ids, _at(key))


def _at(key: str) -> Keys:
    """Return the place in cards.yaml of the name of a deck."""
    concept = concept_of(key)
    return ("concepts", concept, "deck") if concept else ("sources", key, "deck")


def _following(old: str, had: Holding, gets: Holding) -> str:
    return gets.title + old.removeprefix(had.title)


def _moved(pairs: Pairs) -> dict[tuple[str, str], list[HeldNote]]:
    """Return the notes that moved from one deck to another, by the names of both."""
    moved: dict[tuple[str, str], list[HeldNote]] = {}
    for old, new in pairs:
        if old.deck and new.deck and old.deck != new.deck and old.guid == new.guid:
            moved.setdefault((old.deck, new.deck), []).append(new)
    return moved


def _renamed(subject: str, old: str, new: str, keep: str, at: Keys = ()) -> Hazard:
    return Hazard("title-changed", subject, {"old": old, "new": new, "keep": keep}, at, outcome=(new,))


def _keep(old: str, title: str) -> str:
    inner = old.removeprefix(f"{title}::")
    return f'keep the name with "deck: {inner}"' if inner != old else 'keep the name: remove "deck:"'


def _cards_stay(old: str, new: str, ids: Sequence[str], at: Keys = (), first: str = "") -> Hazard:
    """Return the hazard of notes, given by their ids, that moved from one deck to another existing one.

    `first` is what to call the first of them, if that is not its id.
    """
    facts = {
        "old": old,
        "new": new,
        "count": counted(len(ids), "note"),
        "belong": "belongs" if len(ids) == 1 else "belong",
        "first": first or ids[0],
    }
    return Hazard("cards-stay", new, facts, at, notes=tuple(ids))


def tag_hazards(had: Holding, gets: Holding, tags: Mapping[str, Sequence[str]]) -> Iterator[Hazard]:
    """Yield a hazard if all tags get other names: the deck has another id, with which they begin, or no longer do so.

    `tags` are those of each note that gets any, by its id.
    """
    if not tags:
        return
    tagged = tuple(tags)
    if had.tags_as_written is not None and gets.tags_as_written not in (None, had.tags_as_written):
        new = tags[tagged[0]][0]
        if gets.tags_as_written:
            old, keep = f"{had.deck}{BETWEEN}{new}", 'remove "tags_as_written: true"'
            yield _tags_renamed((old, new, keep), "", ("deck", "tags_as_written"), tagged)
        else:
            old, keep = new.removeprefix(f"{gets.deck}{BETWEEN}"), 'put "tags_as_written: true" back below "deck:"'
            yield _tags_renamed((old, new, keep), gets.deck, ("deck",), tagged, "key")
    elif had.deck and gets.deck and had.deck != gets.deck and not gets.tags_as_written:
        facts = {"old": had.deck, "new": gets.deck}
        yield Hazard("deck-id-changed", "deck", facts, ("deck", "id"), notes=tagged, outcome=(gets.deck,))


def _tags_renamed(
    words: tuple[str, str, str], prefix: str, at: Keys, tagged: tuple[str, ...], on: Part = "value"
) -> Hazard:
    facts = dict(zip(("old", "new", "keep"), words, strict=True))
    return Hazard("tags-renamed", "deck", facts, at, on, notes=tagged, outcome=(prefix,))


def type_hazards(had: Holding, gets: Holding, pairs: Pairs) -> Iterator[Hazard]:
    """Yield a hazard for each note type of the learners that Anki no longer recognizes."""
    both: Iterable[tuple[HeldType, HeldType]] = [
        *((had.types[kind], gets.types[kind]) for kind in had.types.keys() & gets.types.keys()),
        *dict.fromkeys((old.type, new.type) for old, new in pairs if old.type and new.type and old.guid == new.guid),
    ]
    for old, new in both:
        if old.kind == new.kind and not old.is_one_with(new):
            more = ", and add a second note type" if old.number == new.number else ""
            facts = {"became": _became(old, new), "and_more": more}
            yield Hazard("type-changed", old.kind, facts, ("deck",), "key")


def _became(old: HeldType, new: HeldType) -> str:
    if old.name and old.name != new.name:
        return f'the note type "{old.name}" has become another one, "{new.name}"'
    what = "other fields or cards" if old.number == new.number else "another number, by which Anki identifies it"
    return f'the note type "{new.name}" now has {what}'
