"""What an edit of one note does to learners: to its cards, to the meaning of their reviews, and to its links."""

from collections.abc import Iterator, Sequence

from cuedeck.deck.kinds import Kind
from cuedeck.history.prompts import Answers, Asked
from cuedeck.problems import Keys
from cuedeck.rendering.notefields import CLOCK, LINKS
from cuedeck.rendering.originmarkup import MomentLink, attributed, links_of, moment_links
from cuedeck.updating.clozes import NumberEdit, number_edits, right_numbering
from cuedeck.updating.harms import GIVE_GUIDS, GO_ON_FROM_GUID, KEEP_GUID
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.holdings import Fields, HeldNote, Holding
from cuedeck.updating.lookalikes import Texts, is_another_question, reverse_texts_of, swapped, texts_of, words_of
from cuedeck.wording import counted, listed

_BY_TYPE = "the address that the note type makes"


def note_hazards(old: HeldNote, new: HeldNote, had: Holding) -> Iterator[Hazard]:
    """Yield the hazards of one note.

    `old` is the note as somebody has it, `new` is the note as an update brings it, and `had` is all that they have.
    """
    if old.retired:
        yield Hazard("unretired", new.id, {"why": old.retired}, new.keys, "key")
    if old.guid != new.guid:
        at = (*new.keys, "guid") if new.keys else ()
        keep = KEEP_GUID if not (old.search or new.search) else GIVE_GUIDS if new.search else GO_ON_FROM_GUID
        facts = {"old": old.guid, "new": new.guid, "keep": keep.format(old=old.guid)}
        yield Hazard("guid-changed", new.id, facts, at, outcome=(new.guid,))
    elif not (old.content and old.content == new.content) and not is_rerendered(old, new):
        yield from card_hazards(new.id, old.asked, new.asked, new.keys)
        if old.kind == new.kind:
            yield from _question_hazards(old, new, had)
            if had.links_matter:
                yield from link_hazards(old, new)


def is_rerendered(old: HeldNote, new: HeldNote) -> bool:
    """Return whether nobody edited a note, and this version of the program only renders it differently."""
    return (
        old.content in new.earlier
        and old.guid == new.guid
        and {*old.asked.cards} - {*old.asked.gone} == {*new.asked.cards}
    )


def rerendered(notes: Sequence[HeldNote]) -> Iterator[Hazard]:
    """Yield one hazard for all notes that somebody has and this version of the program renders differently."""
    if notes:
        is_one = len(notes) == 1
        facts = {
            "count": counted(len(notes), "note"),
            "names": listed([note.label for note in notes]),
            "looks": "looks" if is_one else "look",
            "it": "it" if is_one else "them",
        }
        ids = tuple(note.id for note in notes)
        yield Hazard("rerendered", "deck", facts, notes=ids, outcome=tuple(sorted(ids)))


def card_hazards(id: str, old: Asked, new: Asked, keys: Keys = ()) -> Iterator[Hazard]:
    """Yield what an edit does to the cards of a note with this id; `keys` is its place."""
    if old.kind != new.kind:
        facts = {"old": old.kind.adjective, "new": new.kind.adjective}
        yield Hazard("kind-changed", id, facts, keys, "key", outcome=(new.kind,))
        return
    if new.kind == Kind.CLOZE:
        found = list(_deletion_hazards(id, old, new, (*keys, "cloze") if keys else ()))
        yield from found
        if any(hazard.refused for hazard in found):
            return
    elif 1 in set(old.cards) - set(old.gone) and 1 not in new.cards:
        yield Hazard("reverse-gone", id, at=keys, on="key")
    fresh = sorted(set(new.cards) - (set(old.cards) - set(old.gone)))
    if fresh and set(old.cards) - set(old.gone):
        which = "a reverse card" if new.kind == Kind.QA else f"a card for {_numbers(fresh)}"
        yield Hazard("card-added", id, {"card": which}, keys, "key", outcome=tuple(map(str, fresh)))


def _numbers(ordinals: Sequence[int]) -> str:
    return ", ".join(f"c{ordinal + 1}" for ordinal in ordinals)


def _deletion_hazards(id: str, old: Asked, new: Asked, at: Keys) -> Iterator[Hazard]:
    edits = number_edits(old.answers, new.answers, same_outside=old.outside == new.outside)
    if lost := [edit for edit in edits if edit.verdict in ("moved", "renumbered")]:
        facts = {"moves": _moved(lost), "numbering": _numbering(old.answers, new.answers)}
        yield Hazard("cloze-moved", id, facts, at, outcome=(facts["moves"],))
        return
    for edit in edits:
        if edit.verdict == "replaced":
            fresh = max([*old.answers, *new.answers, *(ordinal + 1 for ordinal in old.cards)]) + 1
            answers = {"number": edit.number, "old": edit.old, "new": edit.new, "fresh": fresh}
            yield Hazard("cloze-replaced", id, answers, at, outcome=(str(edit.number), edit.new))
        elif edit.verdict == "gone" and edit.number - 1 not in old.gone:
            yield Hazard("cloze-gone", id, {"number": edit.number, "old": edit.old}, at, outcome=(str(edit.number),))


def _moved(edits: Sequence[NumberEdit]) -> str:
    return ", ".join(f'"{edit.old}" was number {edit.number} and is now number {edit.other}' for edit in edits)


def _numbering(old: Answers, new: Answers) -> str:
    right = right_numbering(old, new)
    return ", ".join(f'c{right[number]} for "{" / ".join(texts)}"' for number, texts in sorted(new.items()))


def _question_hazards(old: HeldNote, new: HeldNote, had: Holding) -> Iterator[Hazard]:
    """Yield a hazard if a question, or that of the reverse card, has the id of another one."""
    if new.kind != Kind.QA or not old.fields:
        return
    asked, asks = texts_of(old.fields), texts_of(new.fields)
    found = list(_first_card_hazards(old, new, had)) if asked != asks else []
    yield from found or _reverse_card_hazards(old, new)


def _first_card_hazards(old: HeldNote, new: HeldNote, had: Holding) -> Iterator[Hazard]:
    asked, asks = texts_of(old.fields), texts_of(new.fields)
    owner = had.who_asks(asks) or old.guid
    if owner != old.guid:
        other = had.notes.get(owner)
        name = other.label if other else owner
        yield Hazard("question-moved", new.id, {"other": name}, new.keys, "key", outcome=(owner,))
    elif is_another_question(asked, asks):
        yield _replaced(new, asked, asks, new.keys)


def _reverse_card_hazards(old: HeldNote, new: HeldNote) -> Iterator[Hazard]:
    """Yield a hazard if the reverse card asks something else. One that only swaps the texts is judged by these."""
    asked, asks = reverse_texts_of(old.fields), reverse_texts_of(new.fields)
    if (asked or asks) and all(1 in {*note.asked.cards} - {*note.asked.gone} for note in (old, new)):
        asked, asks = asked or swapped(texts_of(old.fields)), asks or swapped(texts_of(new.fields))
        if asked != asks and is_another_question(asked, asks):
            yield _replaced(new, asked, asks, (*new.keys, "reverse") if new.keys else ())


def _replaced(note: HeldNote, asked: Texts, asks: Texts, at: Keys) -> Hazard:
    facts = {"old": asked[0], "new": asks[0]}
    outcome = tuple(" ".join(sorted(words_of((text,)))) for text in asks[:2])
    return Hazard("question-replaced", note.id, facts, at, "key", outcome=outcome)


def link_hazards(old: HeldNote, new: HeldNote) -> Iterator[Hazard]:
    """Yield a hazard if the links of a note lead elsewhere although its moments are the same.

    A link that the note type makes is not part of a note. But it becomes one, or stops being one, if the author chooses
    a form of link that fields cannot make, or that they can make again.
    """
    if bool(attributed(old.fields.get(LINKS.key, ""))) != bool(attributed(new.fields.get(LINKS.key, ""))):
        return
    before, after = _links_had(old.fields, new.fields.get(CLOCK.key, "")), links_of(new.fields)
    if [link.clock for link in before] != [link.clock for link in after]:
        return
    pairs = ((was.address, now.address) for was, now in zip(before, after, strict=True))
    if changed := next((pair for pair in pairs if pair[0] != pair[1]), None):
        led, leads = (address or _BY_TYPE for address in changed)
        yield Hazard("link-changed", new.id, {"old": led, "new": leads}, new.keys, "key", outcome=(led, leads))


def _links_had(fields: Fields, first: str) -> list[MomentLink]:
    """Return the links that learners have; `first` is the first moment of the note now, if it is the main source's.

    The lock keeps the first moment only where a link shows it; elsewhere the note type made the link to it.
    """
    if CLOCK.key in fields or not first:
        return links_of(fields)
    return [MomentLink("", "", first), *moment_links(fields.get(LINKS.key, ""))]
