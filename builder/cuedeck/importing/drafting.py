"""Turn the notes of another tool into notes of a cards.yaml, each with what became of every part of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cuedeck.bridging.fieldmap import is_occlusion
from cuedeck.building.newids import NewIds
from cuedeck.deck import values
from cuedeck.deck.moments import Span, span, written
from cuedeck.deck.tags import OWNERS, as_kept, as_written
from cuedeck.importing.fieldmaps import (
    FieldMap,
    asked_html,
    guessed,
    has_card,
    html_for,
    looks_like_cloze,
    one_below_the_other,
    with_readings_of,
)
from cuedeck.importing.foreign import ForeignDeck, ForeignNote, ForeignType, LeftOut
from cuedeck.importing.lists import LISTS
from cuedeck.importing.naming import is_id, words_of
from cuedeck.importing.proving import Proved, Prover
from cuedeck.reading.refusals import UNSHOWN
from cuedeck.records import dataclass
from cuedeck.rendering.notefields import ANSWER, EXTRA, FIELDS, MY_NOTES, QUESTION, REVERSE, TEXT
from cuedeck.rendering.ownreverse import texts_of_reverse

_OWN = FieldMap((QUESTION.key,), (ANSWER.key,), extra=(EXTRA.key,))
_OWN_CLOZE = FieldMap(cloze=TEXT.key, extra=(EXTRA.key,))
_OCCLUSION = "image-occlusion:"


@dataclass(frozen=True)
class Draft:
    """A note as it will be in cards.yaml.

    `texts` are Markdown by key; `own_reverse` are the two texts of a second card that has its own. `card` is the
    ordinal of the card that it is made from. `comments` are what it could not keep. `losses` are the names of style and
    parts that are gone, and `without` the pictures and sounds that it lacks, each with the reason. `reason` says why
    learners get it as a new note; "" if it keeps its guid.
    """

    note: ForeignNote
    texts: Mapping[str, str]
    id: str = ""
    reverse: bool = False
    own_reverse: tuple[str, str] | None = None
    guid: str = ""
    tags: tuple[str, ...] = ()
    at: tuple[Span, ...] = ()
    card: int = 0
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
        """Its moments as an author writes them; "" if it has none."""
        moments = ", ".join(map(written, self.at))
        return f"[{moments}]" if len(self.at) > 1 else moments


@dataclass(frozen=True)
class Drafts:
    """The notes of a deck, those that are left out, and what the fields of each note type became, by its name."""

    notes: tuple[Draft, ...]
    left_out: tuple[LeftOut, ...]
    maps: Mapping[str, tuple[FieldMap, ...]]

    def without(self, wrong: Mapping[str, str]) -> "Drafts":
        """Return the deck without the notes with these ids, each of which has a reason."""
        gone = tuple(
            LeftOut(draft.note.place, f"it has an error: {wrong[draft.id]}", _all_said(draft.note))
            for draft in self.notes
            if draft.id in wrong
        )
        kept = tuple(draft for draft in self.notes if draft.id not in wrong)
        return replace(self, notes=kept, left_out=(*self.left_out, *gone))


def _said(note: ForeignNote) -> dict[str, str]:
    """Return the fields of a note that are filled."""
    return {name: html for name, html in note.texts.items() if html.strip()}


def _all_said(note: ForeignNote) -> dict[str, str]:
    """Return all that a note says, by what it is called."""
    more = {"time": ", ".join(note.at), "recording": note.source, "tags": " ".join(note.tags)}
    return {**_said(note), **{name: text for name, text in more.items() if text}}


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
    known: dict[int, tuple[FieldMap, ...]] = {}
    for note in deck.notes:
        if deck.namespace and note.id:
            its: tuple[FieldMap, ...] = (_OWN_CLOZE if note.type.is_cloze else _OWN,)
        else:
            if id(note.type) not in known:
                known[id(note.type)] = _maps(note.type, given)
            its = known[id(note.type)]
            if note.type not in LISTS:
                maps[note.type.name] = its
        for each in _drafts_of(note, its, prover, with_moments):
            if isinstance(each, LeftOut):
                left.append(each)
            else:
                drafts.append(_identified(_tagged(each, tags_as_written), stays, guids))
    return Drafts(tuple(_named(drafts)), tuple(left), maps)


def _maps(type: ForeignType, given: Mapping[str, FieldMap]) -> tuple[FieldMap, ...]:
    return (with_readings_of(given[type.name], type),) if type.name in given else guessed(type)


def _named(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Yield notes with their ids: those that they had before, or ones made of their words."""
    drafts = tuple(drafts)
    had: dict[str, Draft] = {}
    for draft in drafts:
        if is_id(draft.note.id):
            had.setdefault(draft.note.id, draft)
    ids = NewIds("note", taken=had)
    for draft in drafts:
        is_kept = had.get(draft.note.id) is draft
        yield replace(draft, id=draft.note.id if is_kept else ids.made_from(words_of(draft.asked)))


def _identified(draft: Draft, stays: Mapping[str, str], guids: set[str]) -> Draft:
    """Return a note with the guid by which learners have it, or with the reason why it cannot keep it."""
    guid = draft.note.guid
    if not guid:
        return draft
    reason = stays.get(draft.note.type.name, "")
    if not reason and draft.card:
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
    note: ForeignNote, maps: Sequence[FieldMap], prover: Prover, with_moments: bool
) -> Iterator[Draft | LeftOut]:
    """Yield what a note becomes: a note for each mapping of which it has the card, with what these could not keep."""
    said = _all_said(note)
    if is_occlusion(card.front for card in note.type.cards) or any(_OCCLUSION in html for html in said.values()):
        yield LeftOut(note.place, "it asks what is under a part of a picture, which Cuedeck's cards cannot do", said)
        return
    its = [map for map in maps if has_card(note, map, map.card)] or maps[:1]
    unused = [*_unused(note, its)]
    for map in its:
        try:
            at = _moments(note, with_moments)
            draft = _cloze(note, map, prover) if map.cloze else _question(note, map, prover)
        except ValueError as error:
            yield LeftOut(note.place, str(error), said)
            continue
        if map in (_OWN, _OWN_CLOZE):
            draft = _with_own_reverse(draft, prover)
        yield replace(draft, card=map.card, at=at, comments=(*unused, *draft.comments))
        unused = []


def _unused(note: ForeignNote, maps: Iterable[FieldMap]) -> Iterator[str]:
    """Yield what is in the fields of a note that become no text of it."""
    used = frozenset().union(*(map.used for map in maps))
    if any(map in (_OWN, _OWN_CLOZE) for map in maps):
        used = frozenset(field.key for field in FIELDS if field is not MY_NOTES)
    switches = {map.only_if for map in maps}
    for name, html in _said(note).items():
        if name not in used or (name in switches and len(html.strip()) > 1):
            yield f"{name}: {html}"


def _moments(note: ForeignNote, with_moments: bool) -> tuple[Span, ...]:
    if not with_moments:
        return ()
    if not note.at:
        raise ValueError("it has no time, which every note of a deck with a recording needs")
    return tuple(map(span, note.at))


def _tagged(draft: Draft, tags_as_written: bool) -> Draft:
    """Return a note with those of its tags that its deck may have, and with a comment about all others."""
    kept: dict[str, None] = {}
    refused: list[str] = []
    for tag in draft.note.tags:
        if tags_as_written and tag.lower() in OWNERS:
            continue
        try:
            if UNSHOWN.search(tag):
                raise ValueError(tag)
            kept[as_written(as_kept(tag)) if tags_as_written else values.tag(tag)] = None
        except ValueError:
            refused.append(tag)
    draft = replace(draft, tags=tuple(kept))
    if not refused:
        return draft
    comments = (*draft.comments, f"tags that Cuedeck cannot keep: {' '.join(refused)}")
    return replace(draft, comments=comments, losses=draft.losses | {"tag"})


def _question(note: ForeignNote, map: FieldMap, prover: Prover) -> Draft:
    """Return a question note. Raises ValueError with the reason if it cannot be one."""
    q, a, more = _asked(note, map, prover)
    _check(q, "question")
    _check(a, "answer")
    is_reversed = map.reverse and has_card(note, map, 1)
    draft = _put_together(note, {"q": q, "a": a, "extra": more}, is_reversed)
    return _with_second(draft, *_asked(note, map.second, prover)[:2]) if is_reversed and map.second else draft


def _asked(note: ForeignNote, map: FieldMap, prover: Prover) -> tuple[Proved, Proved, Proved]:
    """Return the question, the answer and what else is on the back, which is the answer if there is no other."""
    asked = asked_html(note, map)
    q = prover.markdown_of(asked)
    groups = (map.a, *((name,) for name in map.extra))
    htmls = ((names, html_for(note, names, map.labelled)) for names in groups)
    # A word and its reading are the same if the word has none.
    answers = [html for names, html in htmls if not (html == asked and {*names} <= {*map.q})]
    a = Proved()
    hidden = []  # what is not shown stays in a comment
    while not a.text and not a.without and answers:
        html = answers.pop(0)
        a = prover.markdown_of(html)
        if not a.text and a.losses and answers:
            hidden.append(html)
    return q, a, prover.markdown_of(one_below_the_other([*hidden, *answers]))


def _cloze(note: ForeignNote, map: FieldMap, prover: Prover) -> Draft:
    """Return a note with deletions. Raises ValueError with the reason if it cannot be one."""
    html = note.texts.get(map.cloze, "")
    if not looks_like_cloze(html):
        raise ValueError("it has no cloze deletion, so it makes no card")
    text = prover.markdown_of(asked_html(note, map), is_cloze=True)
    sounds = "".join(f"<div>[sound:{name}]</div>" for name in text.sounds)
    extra = prover.markdown_of(html_for(note, (*map.a, *map.extra), map.labelled) + sounds)
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
    if any(each.sounds for each in texts.values()):
        losses |= {"sound in a text with deletions, now in extra"}
    if texts["extra"].reason:
        losses |= {"extra, now a comment"}
    return Draft(
        note,
        {key: each.text for key, each in texts.items() if each.text},
        reverse=reverse,
        comments=tuple(comment for key, each in texts.items() for comment in _comments(key, each)),
        losses=losses,
        without=tuple(without.items()),
    )


def _comments(key: str, proved: Proved) -> Iterator[str]:
    """Yield what a text could not keep, and the text as it was."""
    if proved.reason:
        yield f"{key} cannot be written as Markdown: {proved.reason}"
    yield from (f"without {name}: {reason}" for name, reason in proved.without)
    if not proved.is_lossless:
        yield f"{key} was: {proved.html}"


def _with_own_reverse(draft: Draft, prover: Prover) -> Draft:
    """Return a note of a deck of ours with its second card."""
    html = draft.note.texts.get(REVERSE.key, "")
    both = texts_of_reverse(html)
    if not both:
        return replace(draft, reverse=bool(html.strip()))
    return _with_second(draft, *map(prover.markdown_of, both))


def _with_second(draft: Draft, question: Proved, answer: Proved) -> Draft:
    """Return a note with the texts of its second card, which swaps those of the first if they cannot be written."""
    both = {"reverse q": question, "reverse a": answer}
    is_whole = all(each.text and not each.reason for each in both.values())
    losses = draft.losses.union(*(each.losses for each in both.values()))
    return replace(
        draft,
        reverse=True,
        own_reverse=(question.text, answer.text) if is_whole else None,
        comments=(*draft.comments, *(each for key, proved in both.items() for each in _comments(key, proved))),
        losses=losses if is_whole else losses | {"second card, now the first one reversed"},
        without=tuple(dict((*draft.without, *question.without, *answer.without)).items()),
    )
