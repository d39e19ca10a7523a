"""A lock made anew from a package: what learners have already is known again, and goes on without a seam."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from itertools import count

from builder.deck.deck import Deck
from builder.deck.placing import titles_of
from builder.history.asking import asked
from builder.history.lock import NO_CONTENT, KnownNote, KnownType, Lock, Release
from builder.history.snapshot import PackedNote, Snapshot
from builder.history.stamping import answers_behind, guid, shape_of
from builder.rendering.fields import RenderedNote, digest
from builder.rendering.notetypes import note_types


def adopted(snapshot: Snapshot, deck: Deck, notes: Sequence[RenderedNote]) -> Lock:
    """Return the lock with which the notes of a deck continue those of a package.

    A note is found by its guid, or in a package of this deck by the author's id. Where it shows what the package shows,
    it counts as unchanged; where not, the next build delivers it. Notes of the package that the deck does not have are
    remembered too, if they have an author's id.
    """
    own = snapshot.namespace == deck.deck.namespace
    by_id = {note.id: note for note in snapshot.notes.values()} if own else {}
    known: dict[str, KnownNote] = {}
    packed_of: dict[str, PackedNote] = {}
    for note in notes:
        guids = (note.guid, *(guid(deck.deck.namespace, id) for id in (note.id, note.was) if id))
        packed = next((snapshot.notes[each] for each in guids if each in snapshot.notes), None)
        packed = packed or by_id.get(note.id) or by_id.get(note.was)
        if packed:
            packed_of[note.id] = packed
            known[note.id] = _known(note, packed, snapshot)
    if own:
        taken = {each.guid for each in known.values()}
        known |= {each.id: _left(each, snapshot) for each in snapshot.notes.values() if each.guid not in taken}
        known |= _retired(snapshot, known)
    return Lock(
        namespace=deck.deck.namespace,
        deck=str(snapshot.manifest.get("deck") or deck.deck.id) if own else deck.deck.id,
        titles=_titles(snapshot, deck, notes, packed_of),
        notes=dict(sorted(known.items())),
        types=dict(_types(snapshot, deck)),
        releases=tuple(_releases(snapshot)) if own else (),
    )


def _known(note: RenderedNote, packed: PackedNote, snapshot: Snapshot) -> KnownNote:
    shown = {name: html for name, html in note.named_fields.items() if name != "Note ID"}
    same = note.tags == packed.tags and all(packed.fields.get(name) == html for name, html in shown.items())
    before = asked(packed.kind, packed.cards, packed.fields)
    same_outside = before.outside == asked(note.kind, note.cards, note.named_fields).outside
    return KnownNote(
        id=note.id,
        kind=packed.kind,
        guid=packed.guid,
        note=packed.note,
        cards=packed.cards,
        time=packed.time,
        content=note.content if same else NO_CONTENT,
        answers=answers_behind(note.deletions) if same else before.answers,
        outside=note.outside if same_outside else "",
        was=tuple(sorted({*snapshot.former(packed.id), packed.id} - {note.id, packed.guid})),
        since=snapshot.version,
    )


def _left(packed: PackedNote, snapshot: Snapshot) -> KnownNote:
    """Return what is known of a note that only the package has."""
    before = asked(packed.kind, packed.cards, packed.fields)
    return KnownNote(
        id=packed.id,
        kind=packed.kind,
        guid=packed.guid,
        note=packed.note,
        cards=packed.cards,
        time=packed.time,
        content=NO_CONTENT,
        answers=before.answers,
        was=snapshot.former(packed.id),
        since=snapshot.version,
    )


def _retired(snapshot: Snapshot, known: Mapping[str, KnownNote]) -> dict[str, KnownNote]:
    """Return the notes that were retired before the package was made: their ids are not free, whatever Anki's were."""
    highest = max((max(note.note, *note.cards.values()) for note in snapshot.notes.values() if note.cards), default=0)
    fresh = count(highest + 1)
    return {
        id: KnownNote(
            id=id,
            kind="qa",
            guid=guid(snapshot.namespace, min((*snapshot.former(id), id))),
            note=next(fresh),
            cards={0: next(fresh)},
            time=snapshot.newest_time,
            content=NO_CONTENT,
            was=snapshot.former(id),
            retired=why,
        )
        for id, why in snapshot.retired.items()
        if id not in known
    }


def _titles(
    snapshot: Snapshot, deck: Deck, notes: Sequence[RenderedNote], packed_of: Mapping[str, PackedNote]
) -> dict[str, str]:
    """Return the names of the decks in the package, by the source whose notes are in them."""
    titles = titles_of(deck)
    decks: dict[str, Counter[str]] = {name: Counter() for name in titles.values()}
    for note in notes:
        if note.id in packed_of:
            decks[note.deck][packed_of[note.id].deck] += 1
    found = {name: decks[title].most_common(1)[0][0] if decks[title] else title for name, title in titles.items()}
    own = snapshot.manifest.get("title")
    return found | {"": str(own) if own else titles[""] if titles[""] in snapshot.decks else found[""]}


def _types(snapshot: Snapshot, deck: Deck) -> Iterator[tuple[str, KnownType]]:
    for each in note_types(deck):
        packed = snapshot.types.get(each.id)
        if packed:
            ids = tuple(tuple(str(part.id) for part in parts) for parts in (each.fields, each.templates))
            look = (*(side for part in each.templates for side in (part.front, part.back)), each.css)
            same = (packed.name, packed.shape, packed.look) == (each.name, ids, look)
            shape = shape_of(each) if packed.shape == ids else digest(packed.shape)
            content = digest(astuple(each)) if same else NO_CONTENT
            yield each.kind, KnownType(each.kind, each.id, packed.time, content, shape)


def _releases(snapshot: Snapshot) -> Iterator[Release]:
    match snapshot.manifest.get("last_release"):
        case {"version": str(version), "time": int(time), "content": str(content)}:
            yield Release(version, time, content)
