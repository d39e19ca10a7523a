"""Recreate a lock from a package: the notes that learners have are recognized, and continue unchanged."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, replace

from cuedeck.deck.deck import Deck, Source
from cuedeck.deck.kinds import Kind
from cuedeck.deck.placement import titles_of
from cuedeck.history.lock import (
    UNKNOWN_CONTENT,
    Adoption,
    KnownNote,
    KnownType,
    Lock,
    guid,
    is_own_guid,
    main_source_of,
)
from cuedeck.history.order import position_in
from cuedeck.history.prompts import asked
from cuedeck.history.snapshot import PackedNote, Snapshot, packed_shape
from cuedeck.history.stamping import shape_of, with_fields
from cuedeck.rendering.fields import RenderedNote, digest, have_pictures
from cuedeck.rendering.notefields import NOTE_ID
from cuedeck.rendering.notetypes import NoteType, note_types


def adopted(
    snapshot: Snapshot, deck: Deck, notes: Sequence[RenderedNote], package: str, day: str, with_texts: bool = False
) -> Lock:
    """Return the lock with which the notes of a deck continue those of a package.

    A note is found by its guid, or in a package of this deck by the author's id. If it shows what the package shows, it
    counts as unchanged; otherwise the next build delivers it. Notes of the package that the deck does not have are
    remembered too, if they have an author's id. The deck must know the main source of the package (`main_source_in`).
    `package` is the name of its file, and `day` is today, such as 2026-01-31.
    """
    own = snapshot.namespace == deck.about.namespace
    packed_of = matching_notes(snapshot, deck, notes)
    namespace = deck.about.namespace
    known = {
        note.id: _continued(note, packed_of[note.id], snapshot, namespace) for note in notes if note.id in packed_of
    }
    if with_texts:
        known = {id: _with_texts(each, packed_of[id]) for id, each in known.items()}
    if own:
        taken = {each.guid for each in known.values()}
        left = [_taken_over(each, snapshot, own) for each in snapshot.notes.values()]
        retired = [each for each in snapshot.remembered.values() if each.retired]
        known |= {each.id: each for each in (*left, *retired) if each.guid not in taken}
    as_written = snapshot.manifest.tags_as_written if own else deck.about.tags_as_written
    return Lock(
        namespace=deck.about.namespace,
        deck=(snapshot.manifest.deck or deck.about.id) if own else deck.about.id,
        titles=_titles(snapshot, deck, notes, packed_of),
        notes=dict(sorted(known.items())),
        types=dict(_types(snapshot, note_types(deck, have_pictures(notes)), own)),
        releases=snapshot.releases if own else (),
        main=main_source_of(deck) if main_source_in(snapshot, deck) else None,
        adoptions=() if own and not as_written else (Adoption(package, day, as_written),),
        tags_as_written=as_written,
    )


def main_source_in(snapshot: Snapshot, deck: Deck) -> Source | None:
    """Return the deck's source that is the main one in a package of the deck with releases; None if there is none."""
    own = snapshot.namespace == deck.about.namespace
    url = snapshot.manifest.sources[0].url if own and snapshot.releases and snapshot.manifest.sources else ""
    return next((source for source in deck.sources.values() if source.url == url), None)


def _with_texts(known: KnownNote, packed: PackedNote) -> KnownNote:
    """Return an adopted note with what learners have in its fields."""
    left = known.handed_out
    if left is None or left.fields is not None:
        return known
    return known.leaving(with_fields(left, None, "", lambda _: packed.fields), keep_fields=True)


def matching_notes(snapshot: Snapshot, deck: Deck, notes: Sequence[RenderedNote]) -> dict[str, PackedNote]:
    """Return the notes of a package that notes of a deck continue, by the author's id."""
    by_id = {note.id: note for note in snapshot.notes.values()} if snapshot.namespace == deck.about.namespace else {}
    found: dict[str, PackedNote] = {}
    for note in notes:
        guids = (note.guid, *(guid(deck.about.namespace, id) for id in (note.id, note.was) if id))
        packed = next((snapshot.notes[each] for each in guids if each in snapshot.notes), None)
        packed = packed or by_id.get(note.id) or by_id.get(note.was)
        if packed:
            found[note.id] = packed
    return found


def _taken_over(packed: PackedNote, snapshot: Snapshot, own: bool) -> KnownNote:
    """Return what is known about a note in a package, from its rows and from what the manifest remembers.

    Learners have everything in the package, so it counts as a release, unless it is a draft of this deck. The manifest
    says what a draft changed since the last release. If it does not, the note counts as released, but with unknown
    content. Its position is the one that learners have, unless the card was studied before the package was exported:
    then the position is a day.
    """
    more = snapshot.remembered.get(packed.id) if own else None
    now = asked(packed.kind, packed.cards, packed.text)
    cards = {**(more.cards if more else {}), **packed.cards}
    answers = {**(more.answers if more else {}), **now.answers}
    is_draft = own and packed.time > snapshot.last_release_time
    is_strange = own and not is_own_guid(packed.guid, snapshot.namespace, (packed.id, *snapshot.former(packed.id)))
    is_recorded = more is not None and more.time == packed.time and snapshot.lists_drafts
    known = KnownNote(
        id=packed.id,
        kind=packed.kind,
        guid=packed.guid,
        note=packed.note,
        cards=dict(sorted(cards.items())),
        time=packed.time,
        content=UNKNOWN_CONTENT,
        answers=dict(sorted(answers.items())),
        outside=now.outside,
        gone=tuple(sorted(cards.keys() - packed.cards.keys())),
        was=more.was if more else (),
        released=packed.time if not is_draft else more.released if more and is_recorded else 0,
    )
    if is_draft and (snapshot.releases or is_strange):
        left = more.left if more and is_recorded else known.presumed
        known = replace(known, left=left)
    return replace(known, due=position_in(packed)) if known.handed_out and packed.is_new else known


def _continued(note: RenderedNote, packed: PackedNote, snapshot: Snapshot, namespace: str) -> KnownNote:
    """Return what is known about a note of the deck with a namespace that continues one in a package."""
    own = snapshot.namespace == namespace
    before = _taken_over(packed, snapshot, own)
    same = next((each for each in (note, note.former) if each and _shows(packed, each)), None)
    former = {*before.was, *([packed.id] if own else [])}
    if note.was and packed.guid == guid(namespace, note.was):  # a package that Anki exports has no manifest
        former.add(note.was)
    content = same.content if same else UNKNOWN_CONTENT
    return replace(before, id=note.id, content=content, was=tuple(sorted(former - {note.id})))


def _shows(packed: PackedNote, note: RenderedNote) -> bool:
    """Return whether a note of a package shows the same as one of the deck."""
    shown = {key: html for key, html in note.fields_by_key.items() if key != NOTE_ID.key}
    return sorted(note.tags) == sorted(packed.tags) and all(
        packed.fields.get(key) == html for key, html in shown.items()
    )


def _titles(
    snapshot: Snapshot, deck: Deck, notes: Sequence[RenderedNote], packed_of: Mapping[str, PackedNote]
) -> dict[str, str]:
    """Return the names of the decks in the package, by the source whose notes they contain."""
    titles = titles_of(deck)
    decks: dict[str, Counter[str]] = {name: Counter() for name in titles.values()}
    for note in notes:
        if note.id in packed_of:
            decks[note.deck][packed_of[note.id].deck] += 1
    found = {name: decks[title].most_common(1)[0][0] if decks[title] else title for name, title in titles.items()}
    own = snapshot.manifest.title or (titles[""] if titles[""] in snapshot.decks else found[""])
    return found | {"": own}


def _types(snapshot: Snapshot, types: Iterable[NoteType], own: bool) -> Iterator[tuple[Kind, KnownType]]:
    for each in types:
        packed = snapshot.types.get(each.id)
        if packed:
            names = tuple(tuple(part.name for part in parts) for parts in (each.fields, each.templates))
            look = (*(side for part in each.templates for side in (part.front, part.back)), each.css)
            same = (packed.name, packed.names, packed.shape, packed.look) == (
                each.name,
                names,
                packed_shape(each),
                look,
            )
            shape = shape_of(each) if packed.is_one_with(each) else digest(packed.shape)
            content = digest(astuple(each)) if same else UNKNOWN_CONTENT
            yield each.kind, _known_type(KnownType(each.kind, each.id, packed.time, content, shape), snapshot, own)


def _known_type(known: KnownType, snapshot: Snapshot, own: bool) -> KnownType:
    """Return a note type as learners of the package have it. A draft does not say what it was in the last release."""
    if not own or known.time <= snapshot.last_release_time:
        return replace(known, released=known.time)
    return replace(known, left=known.presumed) if snapshot.releases else known
