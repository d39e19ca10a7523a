"""What the edits of a deck do to learners, who have its releases, and to those who imported a draft of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import astuple

from cuedeck.building.loading import Loaded
from cuedeck.building.lostlocks import how_to_adopt_theirs, lock_hazards
from cuedeck.history.lock import KnownNote, Lock
from cuedeck.history.lockfile import read_lock
from cuedeck.history.stamping import guid_of, is_unadopted
from cuedeck.problems import Problems
from cuedeck.records import dataclass
from cuedeck.rendering.fields import RenderedNote, digest, have_pictures
from cuedeck.rendering.notetypes import note_types, search
from cuedeck.updating.deck_hazards import tag_hazards
from cuedeck.updating.finding import hazards_between, hazards_of_notes
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.holdings import (
    Holding,
    Last,
    decks_by_source,
    left_by_drafts,
    left_by_releases,
    left_elsewhere,
    to_be_built,
)


@dataclass(frozen=True)
class Effects:
    """What the edits of a deck do: `hazards` to learners, who have its releases, and `drafts` to those with a draft.

    Each of `drafts` is a sentence for the author, who may have imported a draft.
    """

    hazards: tuple[Hazard, ...]
    drafts: tuple[str, ...] = ()


def hazards_of(loaded: Loaded) -> Effects:
    """Return what the edits since the last release do to learners, and those since the last build to its importers."""
    lock, last = loaded.lock, loaded.last
    found = [*lock_hazards(loaded, last), *_another_main_source(loaded), *_unadopted(loaded)]
    if lock.is_handed_out:
        found += _since_releases(loaded, last)
    return Effects(tuple(found), tuple(_since_drafts(loaded, last, {hazard.key for hazard in found})))


def _since_releases(loaded: Loaded, last: Last) -> list[Hazard]:
    lock, notes, known = loaded.lock, loaded.notes, loaded.known
    alike = [note for note in notes if _is_released_as(note, known.get(note.id))]
    decks = decks_by_source(lock.titles_left, loaded.deck, notes, last)
    had = left_by_releases(lock, last, decks, {known[note.id].id: note for note in alike})
    found, gets = _between(had, loaded, alike)
    # If branches released different versions of a note, learners may have any of them.
    for place in range(max((len(note.elsewhere) for note in lock.notes.values()), default=0)):
        reported = {hazard.key for hazard in found}
        others = hazards_of_notes(left_elsewhere(lock, last, place), gets)
        found += [hazard for hazard in others if hazard.key not in reported]
    return found


def _between(had: Holding, loaded: Loaded, alike: Iterable[RenderedNote]) -> tuple[list[Hazard], Holding]:
    """Return the hazards of the next build to those who have `had`, and what that build contains, without `alike`."""
    notes = loaded.notes
    gets = to_be_built(loaded.deck, notes, loaded.known, _unread(loaded), {note.id for note in alike})
    tags = {note.id: note.tags for note in notes if note.tags}
    return [*tag_hazards(had, gets, tags), *hazards_between(had, gets)], gets


def _is_released_as(note: RenderedNote, known: KnownNote | None) -> bool:
    """Return whether learners have a note exactly as it will be built."""
    if known is None or known.left or known.elsewhere or known.retired:
        return False
    return known.released_content == note.content and note.guid in ("", known.guid)


def _since_drafts(loaded: Loaded, last: Last, reported: Collection[str]) -> Iterator[str]:
    """Yield what becomes of notes of the last build, unless it is already reported as a hazard."""
    lock, deck, notes, known = loaded.lock, loaded.deck, loaded.notes, loaded.known
    if not lock.notes:
        return
    # A note that returns to its released state never reaches those who have its draft; that is reported below.
    alike = [note for note in notes if note.id in known and _is_as_built_or_released(note, known[note.id])]
    decks = decks_by_source(lock.titles, deck, notes, last)
    had = left_by_drafts(lock, last, decks, {known[note.id].id: note for note in alike})
    told: set[str] = set()
    for hazard in _between(had, loaded, alike)[0]:
        if hazard.harm.for_draft_users and hazard.key not in reported:
            old = known.get(hazard.subject) or lock.notes.get(str(hazard.facts.get("old")))
            ids = {hazard.subject, *((old.id, *old.was) if old else ())}
            told |= ids
            yield hazard.for_draft_users(search(sorted(ids), lock.deck))
    yield from _gone(loaded, told)
    yield from _taken_back(notes, known, lock)
    for each in note_types(deck, have_pictures(notes)):
        type, content = lock.types.get(each.kind), digest(astuple(each))
        if type and type.content != content == type.released_content:
            yield (
                f'the note type "{each.name}" is again as it was released: you keep the look of its draft until '
                "it next changes"
            )


def _is_as_built_or_released(note: RenderedNote, known: KnownNote) -> bool:
    """Return whether a note is as it was last built, or again as it was released."""
    return note.content in (known.content, known.released_content) and note.guid in ("", known.guid)


def _gone(loaded: Loaded, told: Collection[str]) -> Iterator[str]:
    """Yield what those keep who imported the last build, of notes that no release had and that are gone from the file.

    `told` are the ids of notes about which something else is said.
    """
    lock = loaded.lock
    gone = [
        note
        for id, note in lock.notes.items()
        if id not in loaded.kept and id not in told and not (note.handed_out or note.retired)
    ]
    if not gone:
        return
    # What an earlier build left out was said then. Another note may get the guid of one that is gone.
    coming = {guid_of(note, loaded.known.get(note.id), lock.namespace) for note in loaded.notes}
    there = loaded.last.may_have(note.guid for note in gone if note.guid not in coming)
    gone = [note for note in gone if note.guid in there and loaded.last.note(note.guid)]
    if not gone:
        return
    found_by = search({id for note in gone for id in (note.id, *note.was)}, lock.deck)
    which, them = (f'"{gone[0].id}" is', "it") if len(gone) == 1 else (f"{len(gone):,} notes are", "them")
    yield (f"{which} no longer in the deck: you keep {them} until you delete what {found_by} finds in Anki's browser")


def _taken_back(notes: Iterable[RenderedNote], known: Mapping[str, KnownNote], lock: Lock) -> Iterator[str]:
    """Yield what people who imported a draft keep of each note that is now again as it was released."""
    for note in notes:
        old = known.get(note.id)
        if old and old.content != note.content and old.released_content == note.content:
            found_by = search([note.id, *old.was], lock.deck)
            yield (
                f'"{note.id}" is again as it was released: you keep its draft until the note next changes; to get the '
                f"released note now, delete the notes that {found_by} finds in Anki's browser, and import the deck "
                "again"
            )


def _unread(loaded: Loaded) -> set[str]:
    """Return the guids of the notes in the file that are retired or could not be read."""
    return {loaded.lock.notes[id].guid for id in loaded.kept} - {
        loaded.known[note.id].guid for note in loaded.notes if note.id in loaded.known
    }


def _another_main_source(loaded: Loaded) -> Iterator[Hazard]:
    """Yield a hazard if the main source of the last release is gone, and another source with notes replaces it."""
    old, new = loaded.lock.main, loaded.deck.main_source
    # A source that cannot be read is not in the deck, but it is not gone from the file.
    if old is None or new is None or old.id == new.id or not loaded.report.sound:
        return
    theirs = (note.id for note in loaded.notes if note.placed.source is new)
    notes = tuple(id for id in theirs if id in loaded.known and loaded.known[id].handed_out)
    if notes:
        facts = {"old": old.id, "new": new.id, "count": len(notes), "first": notes[0]}
        yield Hazard("main-source-gone", old.id, facts, ("sources",), "key", notes, outcome=(new.id,))


def _unadopted(loaded: Loaded) -> Iterator[Hazard]:
    """Yield a hazard for each note whose `guid:` is not known from an adopted package."""
    lock = loaded.lock
    if loaded.deck.about.tags_as_written and not lock.has_adopted:
        return  # one message about the deck says what to do, instead of one about each note
    live: Mapping[str, str] | None = None
    for note in loaded.notes:
        if is_unadopted(note, loaded.known.get(note.id), lock.namespace):
            live = _live_decks(loaded) if live is None else live
            owner = live.get(note.guid, "")
            facts = {
                "whose": f"the deck of {owner} also uses" if owner else "is in no adopted package",
                "adopt": _how_to_adopt(loaded, bool(owner)),
            }
            yield Hazard("not-adopted", note.id, facts, (*note.keys, "guid"), outcome=(note.guid,))


def _how_to_adopt(loaded: Loaded, is_live: bool) -> str:
    if is_live:
        return 'leave the note in its deck; or remove "guid:", so that this deck has a note of its own'
    return (
        f"before you hand out a build, {how_to_adopt_theirs(loaded.workspace)}; "
        'if the note comes from a deck that continues separately, remove "guid:"'
    )


def _live_decks(loaded: Loaded) -> dict[str, str]:
    """Return the names of the locks of other decks in the folder, by the guids of their notes."""
    found: dict[str, str] = {}
    for path in loaded.workspace.locks():
        try:
            lock = read_lock(path) if path != loaded.workspace.lock else None
        except Problems:
            continue
        found |= {note.guid: path.name for note in lock.notes.values()} if lock else {}
    return found
