"""Rendered notes to notes as learners see them: markup goes, and the marks of deletions become gaps."""

import re
from collections.abc import Sequence

from builder.advice.shown import Cloze, Material, Question, Shown
from builder.deck.deck import Deck, QuestionNote
from builder.deck.placing import PlacedNote, placed_notes
from builder.rendering.fields import RenderedNote
from builder.rendering.notetypes import SHAPES
from builder.rendering.plain import plain, runs_and_gaps

_LIST_ITEM = re.compile(r"<li\b")


def show(deck: Deck, notes: Sequence[RenderedNote]) -> Material:
    """Return what the rules look at. `notes` are those of the deck, rendered."""
    rendered = {note.id: note for note in notes}
    return Material(deck, tuple(_shown(placed, rendered[placed.note.id]) for placed in placed_notes(deck)))


def _shown(placed: PlacedNote, rendered: RenderedNote) -> Shown:
    note = placed.note
    extra = plain(_field(rendered, "Extra"))
    if isinstance(note, QuestionNote):
        answer = _field(rendered, "Answer")
        items = len(_LIST_ITEM.findall(answer))
        return Question(placed, plain(_field(rendered, "Question")), plain(answer), extra, items, note.reverse)
    runs, gaps = runs_and_gaps(_field(rendered, "Text"))
    return Cloze(placed, runs, gaps, extra)


def _field(rendered: RenderedNote, name: str) -> str:
    return rendered.fields[SHAPES[rendered.kind].fields.index(name)]
