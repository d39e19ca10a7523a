"""What somebody has of a deck, or will get: from what releases left, from a build, or from any package."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property, partial
from typing import NamedTuple, Protocol

from cuedeck.deck.deck import Deck
from cuedeck.deck.kinds import Kind
from cuedeck.deck.placement import concept_of, natural_decks, titles_of
from cuedeck.history.identity import TAKEN_OUT
from cuedeck.history.lock import KnownNote, Left, Lock
from cuedeck.history.prompts import Asked, asked
from cuedeck.history.snapshot import PackedNote, PackedType, Snapshot
from cuedeck.history.stamping import former_ids, guid_of, shape_of
from cuedeck.problems import Keys
from cuedeck.records import dataclass
from cuedeck.rendering.fields import RenderedNote
from cuedeck.rendering.notefields import QUESTION, place_of
from cuedeck.rendering.notetypes import note_types
from cuedeck.rendering.plain import plain
from cuedeck.updating.fieldchanges import label_of
from cuedeck.updating.harms import HARMS
from cuedeck.updating.lookalikes import Texts, texts_of
from cuedeck.updating.sayings import has_id
from cuedeck.updating.typechanges import same_shape

Fields = Mapping[str, str]

_QUESTION_AT = place_of(QUESTION, Kind.QA)


class Last(Protocol):
    """The package of the last build. It is read only when it is asked for something."""

    @property
    def whole(self) -> Snapshot | None:
        """All that is in it; None if there is no such package."""

    def note(self, guid: str) -> tuple[Kind, Fields] | None:
        """Return the kind and the fields of one note; None if they are not known."""

    def may_have(self, guids: Iterable[str]) -> Collection[str]:
        """Return those of some notes that may be in it, which are all but those that are certainly not."""


@dataclass(frozen=True)
class HeldType:
    """A note type: Anki's number for it, its name, its kind, and the parts that no update can change."""

    number: int
    name: str
    kind: Kind
    shape: str | PackedType

    def is_one_with(self, other: "HeldType") -> bool:
        """Return whether Anki treats both as the same note type, with nothing added and nothing removed."""
        if self.number != other.number:
            return False
        if isinstance(self.shape, PackedType) and isinstance(other.shape, PackedType):
            return same_shape(self.shape, other.shape)
        return self.shape == other.shape


@dataclass(frozen=True)
class HeldNote:
    """A note as somebody has it, or will get it.

    `id` is the author's id, or the guid; `label` is what to call it, and `former` are its former ids. `search` finds it
    in Anki's browser if its ids cannot. `content` is its digest, "" if it is not known, and `earlier` are the digests
    that earlier versions of the program gave the same note. `retired` is the reason why it left the deck, `leaving` the
    reason why a draft takes it out. `deck` is the name of its deck, "" if it is not known. `keys` is its place in
    cards.yaml. What it asks and its fields, by key, are read only when they are needed; unknown fields are missing.
    """

    id: str
    guid: str
    kind: Kind
    read_asked: Callable[[], Asked]
    read_fields: Callable[[], Fields]
    content: str = ""
    earlier: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    retired: str = ""
    leaving: str = ""
    deck: str = ""
    keys: Keys = ()
    label: str = ""
    search: str = ""
    type: HeldType | None = None

    @cached_property
    def asked(self) -> Asked:
        """What it asks."""
        return self.read_asked()

    @cached_property
    def fields(self) -> Fields:
        """The HTML of its fields by key."""
        return self.read_fields()


class Question(NamedTuple):
    """A question note that somebody has: its guid, the HTML of its question, and all of its fields by key."""

    guid: str
    html: str
    read_fields: Callable[[], Fields]


@dataclass(frozen=True)
class Holding:
    """What somebody has of a deck, or will get.

    `deck` is its id and `title` the name of its main deck, "" if they are not known. `tags_as_written` says whether its
    tags are without that id; None if it is not known, or does not matter. `decks` are the names of its decks by source
    or concept, as in the lock, and `types` its note types by kind, unless the notes themselves have them. `natural` are
    the keys of the decks that concepts have without a subdeck of their own, by the concepts' keys. `unread` are the
    guids of further notes that have errors. `links_matter` says whether those who have it need to know that links
    changed. `notes_of` returns the ids of the notes of a source or concept. Notes that are the same on both sides of a
    comparison may be left out of `notes`.
    """

    notes: Mapping[str, HeldNote]
    deck: str = ""
    tags_as_written: bool | None = None
    title: str = ""
    decks: Mapping[str, str] = field(default_factory=dict)
    natural: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[Kind, HeldType] = field(default_factory=dict)
    unread: Collection[str] = ()
    links_matter: bool = True
    read_questions: Callable[[], Iterable[Question]] = tuple
    notes_of: Callable[[str], Sequence[str]] = lambda _: ()

    def who_asks(self, texts: Texts) -> str | None:
        """Return the guid of the question note with these texts, the last one if there are several."""
        alike = self._questions.get(texts[0], ())
        return next((each.guid for each in reversed(alike) if texts_of(each.read_fields()) == texts), None)

    @cached_property
    def _questions(self) -> Mapping[str, Sequence[Question]]:
        """Its question notes by their questions as plain text."""
        found: dict[str, list[Question]] = {}
        for each in self.read_questions():
            found.setdefault(plain(each.html), []).append(each)
        return found


Alike = Mapping[str, RenderedNote]
"""The notes that will be built exactly as somebody has them, by their ids in the lock."""


LeftOf = Callable[[KnownNote], Left | None]


def left_by_releases(lock: Lock, last: Last, decks: Mapping[str, str], alike: Alike) -> Holding:
    """Return what releases left with learners.

    `decks` are the names of the decks that learners have, by the source that now has their notes.
    """
    shapes = {kind: each.handed_out.shape for kind, each in lock.types.items() if each.handed_out}
    held = _from_lock(lock, lambda note: note.handed_out, shapes, last, lock.deck_left, decks, alike)
    return replace(held, tags_as_written=lock.has_tags_left)


def left_by_drafts(lock: Lock, last: Last, decks: Mapping[str, str], alike: Alike) -> Holding:
    """Return what those have who imported the last build, even a draft; all else is as in `left_by_releases`."""
    shapes = {kind: each.shape for kind, each in lock.types.items()}
    titles = decks if lock.notes else {}
    held = _from_lock(
        lock, lambda note: None if note.retired else note.as_built, shapes, last, lock.deck, titles, alike
    )
    # Only the package has their links, and reading it takes long.
    links_matter = bool(HARMS["link-changed"].for_draft_users)
    return replace(held, links_matter=links_matter, tags_as_written=lock.tags_as_written)


def left_elsewhere(lock: Lock, last: Last, place: int) -> Holding:
    """Return what the branch with number `place` left of notes that several branches released differently."""
    notes = {id: note for id, note in lock.notes.items() if len(note.elsewhere) > place}
    only = replace(lock, notes=notes)
    return _from_lock(only, lambda note: note.elsewhere[place], {}, last, "", {}, {})


def _from_lock(
    lock: Lock,
    left_of: LeftOf,
    shapes: Mapping[Kind, str],
    last: Last,
    deck: str,
    titles: Mapping[str, str],
    alike: Alike,
) -> Holding:
    notes = ((note, left_of(note)) for id, note in lock.notes.items() if id not in alike)
    held = {left.guid: _left_note(note, left, last) for note, left in notes if left}
    types = {kind: HeldType(lock.types[kind].id, "", kind, shape) for kind, shape in shapes.items() if shape}
    return Holding(
        notes=held,
        deck=deck,
        title=titles.get("", ""),
        decks={source: title for source, title in titles.items() if source},
        types=types,
        read_questions=partial(_questions_left, lock, left_of, last, alike),
    )


def _left_note(note: KnownNote, left: Left, last: Last) -> HeldNote:
    return HeldNote(
        id=note.id,
        guid=left.guid,
        kind=left.kind,
        read_asked=lambda: Asked(left.kind, left.cards, left.answers, left.outside, left.gone),
        read_fields=partial(_fields_left, left, last),
        content=left.content,
        former=note.was,
        retired=left.retired,
        leaving=note.retired if note.retired != TAKEN_OUT else "",
        label=note.id,
    )


def _fields_left(left: Left, last: Last) -> Fields:
    if left.fields is not None:
        return left.fields
    kind, fields = last.note(left.guid) or (left.kind, {})
    return fields if kind == left.kind else {}


def _questions_left(lock: Lock, left_of: LeftOf, last: Last, alike: Alike) -> Iterator[Question]:
    """Yield question notes; the last package is read only if the source lacks one."""
    for id, note in lock.notes.items():
        same = alike.get(id)
        if same and same.kind != Kind.QA:
            continue
        left = left_of(note)
        if left is None or left.kind != Kind.QA:
            continue
        if same:
            yield Question(left.guid, same.fields[_QUESTION_AT], partial(getattr, same, "fields_by_key"))
        else:
            fields = _fields_left(left, last)
            yield Question(left.guid, fields.get(QUESTION.key, ""), partial(dict, fields))


def decks_by_source(titles: Mapping[str, str], deck: Deck, notes: Sequence[RenderedNote], last: Last) -> dict[str, str]:
    """Return the names of decks, which the lock has by source, by the sources that now have their notes.

    A source may have a new id: the notes in the last package show that.
    """
    now = titles_of(deck)
    if not titles.keys() - now.keys():
        return dict(titles)
    new = {name: source for source, name in now.items() if source not in titles}
    snapshot = last.whole if new else None
    packed = {note.id: note.deck for note in snapshot.notes.values()} if snapshot else {}
    known = set(now.values())
    moved = {new[each.deck]: packed[each.id] for each in notes if each.deck in new and each.id in packed}
    return {**titles, **{source: name for source, name in moved.items() if name not in known}}


def to_be_built(
    deck: Deck,
    notes: Sequence[RenderedNote],
    known: Mapping[str, KnownNote],
    unread: Collection[str],
    alike: Collection[str] = (),
) -> Holding:
    """Return what the next build will contain.

    `known` is the note of the lock that each note continues, by its id; `unread` are the guids of further notes in the
    file. `alike` are the ids of notes that may be left out.
    """
    namespace, titles = deck.about.namespace, titles_of(deck)
    made = ((note, guid_of(note, known.get(note.id), namespace)) for note in notes if note.id not in alike)
    return Holding(
        notes={guid: _coming_note(note, guid, known.get(note.id)) for note, guid in made},
        deck=deck.about.id,
        tags_as_written=deck.about.tags_as_written,
        title=titles[""],
        decks={source: title for source, title in titles.items() if source},
        types={each.kind: HeldType(each.id, each.name, each.kind, shape_of(each)) for each in note_types(deck)},
        unread=unread,
        natural=natural_decks(deck),
        notes_of=lambda key: [note.id for note in notes if _belongs_to(key, note)],
    )


def _belongs_to(key: str, note: RenderedNote) -> bool:
    if concept := concept_of(key):
        return note.placed.concept.id == concept
    return note.placed.source is not None and note.placed.source.id == key and not note.placed.concept.deck


def _coming_note(note: RenderedNote, guid: str, known: KnownNote | None) -> HeldNote:
    return HeldNote(
        id=note.id,
        guid=guid,
        kind=note.kind,
        read_asked=lambda: asked(note.kind, note.cards, note.text),
        read_fields=lambda: note.fields_by_key,
        content=note.content,
        earlier=note.earlier,
        former=former_ids(note, known),
        keys=note.keys,
        label=note.id,
    )


def in_package(snapshot: Snapshot, is_old: bool) -> Holding:
    """Return what those have, or get, who import a package, including what its manifest records of earlier ones.

    If it is the older one of two releases, notes that only drafts had are left out: nobody has them.
    """
    types = {number: _packed_type(each) for number, each in snapshot.types.items()}
    notes = snapshot.notes.items()
    held = {guid: _packed_note(note, types[note.type], snapshot, is_old) for guid, note in notes}
    retired = (each for each in snapshot.remembered.values() if each.retired and each.guid not in held)
    is_release = is_old and bool(snapshot.releases)
    left = ((each, each.handed_out or (None if is_release else each.as_built)) for each in retired)
    held |= {each.guid: _left_note(each, its, NoLast()) for each, its in left if its}
    return Holding(
        notes=held,
        deck=snapshot.manifest.deck,
        tags_as_written=snapshot.manifest.tags_as_written if snapshot.namespace else None,
        title=snapshot.manifest.title,
        read_questions=lambda: (
            Question(guid, note.fields.get(QUESTION.key, ""), partial(dict, note.fields))
            for guid, note in snapshot.notes.items()
            if note.kind == Kind.QA
        ),
    )


class NoLast:
    """Stands for the package of the last build where it must not be asked, or where there is none."""

    whole = None

    def note(self, guid: str) -> None:
        """Return None."""

    def may_have(self, guids: Iterable[str]) -> Collection[str]:
        """Return none of them."""
        return ()


def _packed_type(packed: PackedType) -> HeldType:
    return HeldType(packed.number, packed.name, packed.kind, packed)


def _packed_note(note: PackedNote, type: HeldType, snapshot: Snapshot, is_old: bool) -> HeldNote:
    return HeldNote(
        id=note.id,
        guid=note.guid,
        kind=note.kind,
        read_asked=partial(_packed_asked, note, snapshot.remembered.get(note.id) if is_old else None),
        read_fields=lambda: note.fields,
        former=snapshot.former(note.id),
        deck=note.deck,
        label=label_of(note),
        search="" if has_id(note) else f"nid:{note.note}",
        type=type,
    )


def _packed_asked(note: PackedNote, before: KnownNote | None) -> Asked:
    """Return what a note asks, and what its former cards asked, since learners may still have them."""
    now = asked(note.kind, note.cards, note.text)
    if before is None or before.kind != note.kind:
        return now
    gone = tuple(ordinal for ordinal in before.gone if ordinal not in now.cards)
    return Asked(note.kind, (*now.cards, *gone), {**before.answers, **now.answers}, now.outside, gone)
