"""Moments for notes that have none: the places of a transcript that are most like each of them."""

from collections.abc import Mapping
from dataclasses import replace

from cuedeck.advice.material import shown, wanted_of
from cuedeck.building.loading import Loaded
from cuedeck.deck.moments import clock
from cuedeck.deck.placement import note_at
from cuedeck.problems import Problem
from cuedeck.rendering.fields import RenderedNote

_MOST_NOTES = 10  # of a concept, in one message
_LACK = "no-moment"


def with_moments_proposed(loaded: Loaded) -> Loaded:
    """Add proposals to the problems of notes without a moment, as far as there are transcripts; return the deck."""
    problems = loaded.report.problems
    if any(problem.rule == _LACK for problem in problems):
        notes = {note.id: note for note in loaded.notes}
        loaded.report.problems = [
            _proposing(problem, notes, loaded) if problem.rule == _LACK else problem for problem in problems
        ]
    return loaded


def _proposing(problem: Problem, notes: Mapping[str, RenderedNote], loaded: Loaded) -> Problem:
    """Return a problem of a note, or of all notes of a concept, with places for each."""
    if id := note_at(problem.keys):
        places = _places(notes.get(id), loaded)
        if not places:
            return problem
        hint = f"listen at the first of these; if the talk says it there, add to the note: at: {places[0]}"
        return replace(problem, message=f"{problem.message}; most like it: {', '.join(places)}", hint=hint)
    of_concept = [note for note in notes.values() if note.placed.concept.id == problem.keys[1]]
    lines = [
        f'most like "{note.id}": {", ".join(places)}'
        for note in of_concept[:_MOST_NOTES]
        if (places := _places(note, loaded))
    ]
    return replace(problem, hint="\n".join([problem.hint, *lines]))


def _places(note: RenderedNote | None, loaded: Loaded) -> list[str]:
    """Return the moments of places that are most like a note, best first; none if it cannot be compared."""
    spoken = loaded.transcripts.spoken(note.placed.source) if note else None
    if note is None or spoken is None:
        return []
    looked_for = wanted_of(shown(note))
    return [clock(place.second) for place in spoken.places(looked_for)] if spoken.known(looked_for) else []
