"""Turn the notes of another tool into notes of a cards.yaml, each with what became of every part of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cuedeck.bridging.fieldmap import is_occlusion
from cuedeck.deck import values
from cuedeck.deck.moments import Span, span, written
from cuedeck.deck.tags import OWNERS, as_kept, as_written
from cuedeck.importing.fieldmaps import FieldMap, guessed, has_card, looks_like_cloze
from cuedeck.importing.foreign import ForeignDeck, ForeignNote, ForeignType, LeftOut
from cuedeck.importing.lists import LISTS
from cuedeck.importing.naming import Names, is_id
from cuedeck.importing.proving import Proved, Prover
from cuedeck.rendering.notefields import ANSWER, EXTRA, QUESTION, REVERSE, TEXT
from cuedeck.rendering.ownreverse import texts_of_reverse

_OWN = FieldMap((QUESTION.key,), (ANSWER.key,), extra=(EXTRA.key,))
_OWN_CLOZE = FieldMap(cloze=TEXT.key, extra=(EXTRA.key,))
_OCCLUSION = "image-occlusion:"


@dataclass(frozen=True)
class Draft:
    """A note as it will be in cards.yaml.

    `texts` are Markdown by key; `own_reverse` are the two texts of a second card that has its own. `comments` are what
    it could not keep. `losses` are the names of style and parts that are gone, and `without` the pictures and sounds
    that it lacks, each with the reason. `reason` says why learners get it as a new note; "" if it keeps its guid.
    """

    note: ForeignNote
    texts: Mapping[str, str]
    id: str = ""
    reverse: bool = False
    own_reverse: tuple[str, str] | None = None
    guid: str = ""
    tags: tuple[str, ...] = ()
    at: Span | None = None
    comments: tuple[str, ...] = ()
    losses: frozenset[str] = frozenset()
    without: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    @property
    def asked(self) -> str:
        """The text that it is called after."""
        return self.texts.get("q") or self.texts.get("cloze", "")

    @property
    def moment(self) -> str:
        """Its moment as an author writes it; "" if it has none."""
        return written(self.at) if self.at else ""


@dataclass(frozen=True)
class Drafts:
    """The notes of a deck, those that are left out, and what the fields of each note type became, by its name."""

    notes: tuple[Draft, ...]
    left_out: tuple[LeftOut, ...]
    maps: Mapping[str, tuple[FieldMap, ...]]

    def without(self, wrong: Mapping[str, str]) -> "Drafts":
        """Return the deck without the notes with these ids, each of which has a reason."""
        gone = tuple(
            LeftOut(draft.note.place, f"it has an error: {wrong[draft.id]}", _said(draft.note))
            for draft in self.notes
            if draft.id in wrong
        )
        kept = tuple(draft for draft in self.notes if draft.id not in wrong)
        return replace(self, notes=kept, left_out=(*self.left_out, *gone))


def _said(note: ForeignNote) -> dict[str, str]:
    return {name: html for name, html in note.texts.items() if html.strip()}


def drafted(
    deck: ForeignDeck,
    given: Mapping[str, FieldMap],
    stays: Mapping[str, str],
    prover: Prover,
    with_moments: bool,
    tags_as_written: bool,
) -> Drafts:
    """Return the notes of a deck as they will be in cards.yaml.

    `given` are the mappings that the author gave, by the names of note types, and `stays` are the reasons why notes of
    a note type cannot keep their guids. With `with_moments`, a note needs a moment. `tags_as_written` is that key of
    the deck.
    """
    maps: dict[str, tuple[FieldMap, ...]] = {}
    drafts: list[Draft] = []
    left: list[LeftOut] = [*deck.left_out]
    guids: set[str] = set()
    for note in deck.notes:
        is_own = bool(deck.namespace and note.id)
        if is_own:
            its: tuple[FieldMap, ...] = (_OWN_CLOZE if note.type.is_cloze else _OWN,)
        else:
            its = _maps(note.type, given)
            if note.type not in LISTS:
                maps[note.type.name] = its
        for at, each in enumerate(_drafts_of(note, its, prover, with_moments)):
            if isinstance(each, LeftOut):
                left.append(each)
                continue
            draft = _with_own_reverse(each, prover) if is_own else each
            drafts.append(_identified(_tagged(draft, tags_as_written), stays, guids, is_first=not at))
    return Drafts(tuple(_named(drafts)), tuple(left), maps)


def _maps(type: ForeignType, given: Mapping[str, FieldMap]) -> tuple[FieldMap, ...]:
    return (given[type.name],) if type.name in given else guessed(type)


def _named(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Yield notes with their ids: those that they had before, or ones made of their words."""
    drafts = tuple(drafts)
    names = Names("note")
    had: dict[str, Draft] = {}
    for draft in drafts:
        if is_id(draft.note.id):
            had.setdefault(draft.note.id, draft)
    names.reserve(had)
    for draft in drafts:
        is_kept = had.get(draft.note.id) is draft
        yield replace(draft, id=draft.note.id if is_kept else names.id_for(draft.asked))


def _identified(draft: Draft, stays: Mapping[str, str], guids: set[str], is_first: bool) -> Draft:
    """Return a note with the guid by which learners have it, or with the reason why it cannot keep it."""
    guid = draft.note.guid
    if not guid:
        return draft
    reason = stays.get(draft.note.type.name, "")
    if not reason and not is_first:
        reason = "it is made from a further card of a note"
    if not reason and guid in guids:
        reason = f'the note before it has the same guid "{guid}"'
    try:
        values.guid(guid)
    except ValueError as error:
        reason = reason or str(error)
    if reason:
        return replace(draft, reason=reason)
    guids.add(guid)
    return replace(draft, guid=guid)


def _drafts_of(
    note: ForeignNote, maps: Iterable[FieldMap], prover: Prover, with_moments: bool
) -> Iterator[Draft | LeftOut]:
    said = _said(note)
    if is_occlusion(card.front for card in note.type.cards) or any(_OCCLUSION in html for html in said.values()):
        yield LeftOut(note.place, "it asks what is under a part of a picture, which Cuedeck's cards cannot do", said)
        return
    for map in maps:
        if map.card and not has_card(note, map, map.card):
            continue
        try:
            at = _moment(note, with_moments)
            draft = _cloze(note, map, prover) if map.cloze else _question(note, map, prover)
        except ValueError as error:
            yield LeftOut(note.place, str(error), said)
            continue
        comments = draft.comments
        if not map.card and map not in (_OWN, _OWN_CLOZE):
            comments += tuple(f"{name}: {said[name]}" for name in said if name not in map.used)
        yield replace(draft, at=at, comments=comments)


def _moment(note: ForeignNote, with_moments: bool) -> Span | None:
    if not with_moments:
        return None
    if not note.at:
        raise ValueError("it has no time, which every note of a deck with a recording needs")
    return span(note.at)


def _tagged(draft: Draft, tags_as_written: bool) -> Draft:
    """Return a note with those of its tags that its deck may have, and with a comment about all others."""
    kept: dict[str, None] = {}
    refused: list[str] = []
    for tag in draft.note.tags:
        if tags_as_written and tag.lower() in OWNERS:
            continue
        try:
            kept[as_written(as_kept(tag)) if tags_as_written else values.tag(tag)] = None
        except ValueError:
            refused.append(tag)
    draft = replace(draft, tags=tuple(kept))
    if not refused:
        return draft
    comments = (*draft.comments, f"tags that Cuedeck cannot keep: {' '.join(refused)}")
    return replace(draft, comments=comments, losses=draft.losses | {"tag"})


def _joined(note: ForeignNote, names: Iterable[str]) -> str:
    """Return the HTML of several fields, one below the other."""
    found = [note.texts[name] for name in names if note.texts.get(name, "").strip()]
    return found[0] if len(found) == 1 else "<div><br></div>".join(f"<div>{html}</div>" for html in found)


def _question(note: ForeignNote, map: FieldMap, prover: Prover) -> Draft:
    """Return a question note. Raises ValueError with the reason if it cannot be one."""
    q = prover.markdown_of(_joined(note, map.q))
    a = prover.markdown_of(_joined(note, map.a))
    extra = map.extra
    while not a.text and not a.without and extra:  # what else is on the back is the answer then
        a, extra = prover.markdown_of(_joined(note, extra[:1])), extra[1:]
    more = prover.markdown_of(_joined(note, extra))
    _check(q, "question")
    _check(a, "answer")
    is_reversed = map.reverse and has_card(note, map, 1)
    draft = _put_together(note, {"q": q, "a": a, "extra": more}, is_reversed)
    if is_reversed and (shared := [name for name in map.shared if note.texts[name].strip()]):
        words = f"the second card asks without {' and '.join(shared)}"
        return replace(draft, losses=draft.losses | {words})
    return draft


def _cloze(note: ForeignNote, map: FieldMap, prover: Prover) -> Draft:
    """Return a note with deletions. Raises ValueError with the reason if it cannot be one."""
    html = note.texts.get(map.cloze, "")
    if not looks_like_cloze(html):
        raise ValueError("it has no cloze deletion, so it makes no card")
    text = prover.markdown_of(_joined(note, (*map.q, map.cloze)), is_cloze=True)
    sounds = "".join(f"<div>[sound:{name}]</div>" for name in text.sounds)
    extra = prover.markdown_of(_joined(note, (*map.a, *map.extra)) + sounds)
    _check(text, "text")
    return _put_together(note, {"cloze": text, "extra": extra}, False)


def _check(proved: Proved, what: str) -> None:
    if proved.reason:
        raise ValueError(f"its {what} cannot be written as Markdown: {proved.reason}")
    if not proved.text:
        gone = ", ".join(f"{name} ({reason})" for name, reason in proved.without)
        raise ValueError(f"its {what} is empty without {gone}" if gone else f"its {what} is empty")


def _put_together(note: ForeignNote, texts: Mapping[str, Proved], reverse: bool) -> Draft:
    losses = frozenset().union(*(each.losses for each in texts.values()))
    without = dict(pair for each in texts.values() for pair in each.without)
    comments = [f"without {name}: {reason}" for name, reason in without.items()]
    if any(each.sounds for each in texts.values()):
        losses |= {"sound in a text with deletions, now in extra"}
    extra = texts["extra"]
    if extra.reason:
        losses |= {"extra, now a comment"}
        comments.append(f"extra cannot be written as Markdown: {extra.reason}")
    written_texts = {key: each.text for key, each in texts.items() if each.text}
    return Draft(
        note,
        written_texts,
        reverse=reverse,
        comments=tuple(comments),
        losses=losses,
        without=tuple(without.items()),
    )


def _with_own_reverse(draft: Draft, prover: Prover) -> Draft:
    """Return a note of a deck of ours with its second card."""
    html = draft.note.texts.get(REVERSE.key, "")
    both = texts_of_reverse(html)
    if not both:
        return replace(draft, reverse=bool(html.strip()))
    question, answer = map(prover.markdown_of, both)
    if question.reason or answer.reason:
        return replace(draft, losses=draft.losses | {"second card"})
    return replace(
        draft,
        own_reverse=(question.text, answer.text),
        losses=draft.losses | question.losses | answer.losses,
        without=(*draft.without, *question.without, *answer.without),
    )
