"""Which source is the main one: that of the last release, wherever it is in the file.

The note types link to the main source, whose notes have their first moment as numbers. Notes of all other sources have
complete links. With another main source, every note of two sources would change for every learner, for no benefit.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cuedeck.deck.deck import Deck
from cuedeck.history.identity import as_delivered
from cuedeck.history.lock import KnownNote, Lock, main_source_of
from cuedeck.media.files import Find
from cuedeck.problems import Report
from cuedeck.rendering.fields import RenderedBefore, RenderedNote, render_notes, render_notes_of


def with_main_source(
    deck: Deck,
    lock: Lock,
    known: Mapping[str, KnownNote],
    report: Report,
    find: Find,
    before: RenderedBefore | None = None,
) -> tuple[Deck, Sequence[RenderedNote], Lock]:
    """Return a deck that knows its main source, its notes, and the lock, in which that source has its current names.

    `known` is the earlier note that each note continues, by its id. If the main source of the lock is gone, the first
    one in the file replaces it, and the lock keeps the old one. A lock with a release but no main source is unchanged.
    `find` finds pictures and sounds; `before` is as for `render_notes`.
    """
    found = lock.main.found_in(deck) if lock.main else None
    deck = replace(deck, main=found.id) if found else deck
    notes: Sequence[RenderedNote] = render_notes(deck, report, find, before)
    is_certain = found is not None
    first = deck.main_source
    if first and not found and lock.releases and (lock.main or len(deck.sources) > 1):
        had = _handed_out(known) if lock.main else known
        best, is_certain = _main_source_by_notes(deck, first.id, notes, had, find)
        if best != first.id and (is_certain or not lock.main):
            deck = replace(deck, main=best)
            again = {note.id: note for note in _rendered(deck, best, find, best, first.id)}
            notes = [again.get(note.id, note) for note in notes]
    return deck, notes, replace(lock, main=main_source_of(deck)) if lock.main and is_certain else lock


def with_main_named(lock: Lock, deck: Deck) -> Lock:
    """Return a lock that is about to be written, with the main source added if it has a release but names none."""
    return replace(lock, main=main_source_of(deck)) if lock.releases and not lock.main else lock


def _handed_out(known: Mapping[str, KnownNote]) -> dict[str, KnownNote]:
    """Return the notes that learners have, as released. Drafts do not count: they may lack the main source."""
    return {id: replace(each, content=each.released_content) for id, each in known.items() if each.handed_out}


def _main_source_by_notes(
    deck: Deck, first: str, notes: Sequence[RenderedNote], known: Mapping[str, KnownNote], find: Find
) -> tuple[str, bool]:
    """Return the id of the source that, as the main one, leaves the most known notes as they were.

    Also return whether most of its own notes stay as they were. `notes` were rendered with the `first` source as the
    main one; it is returned if no notes are known.
    """
    of_all = Counter(note.placed.source.id for note in notes if note.id in known and note.placed.source)
    kept = _kept(notes, known)
    as_main, gained = {first: kept[first]}, {first: kept[first]}
    if 2 * kept[first] <= of_all[first]:
        # Which source is the main one matters only to its own notes.
        for id in deck.sources:
            if id != first and kept[id] < of_all[id]:
                as_main[id] = _kept(_rendered(deck, id, find, id), known)[id]
                gained[id] = as_main[id] - kept[id]
    best = max(gained, key=gained.__getitem__)  # of several, the first in the file
    return best, 2 * as_main[best] > of_all[best]


def _kept(notes: Sequence[RenderedNote], known: Mapping[str, KnownNote]) -> Counter[str]:
    """Return how many known notes of each source, by its id, are as they were."""
    delivered = (as_delivered(note, known[note.id]) for note in notes if note.id in known)
    return Counter(
        note.placed.source.id for note in delivered if note.placed.source and note.is_known_as(known[note.id].content)
    )


def _rendered(deck: Deck, main: str, find: Find, *of: str) -> list[RenderedNote]:
    """Return the notes of some sources, rendered with a main source."""
    return render_notes_of(replace(deck, main=main), of, find)
