"""Rendered notes to notes as learners see them: markup goes, and the marks of deletions become gaps."""

import re
from collections.abc import Iterable

from cuedeck.advice.shown import Cloze, Material, Question, Shown
from cuedeck.deck.deck import Deck, QuestionNote
from cuedeck.rendering.fields import RenderedNote
from cuedeck.rendering.notefields import ANSWER, EXTRA, QUESTION, TEXT, Field, place_of
from cuedeck.rendering.plain import plain, runs_and_gaps

_LIST_ITEM = re.compile(r"<li\b")
_ONE_CODE = re.compile(r"(?:<pre>)?<code>(?:(?!</code>).)*</code>(?:</pre>)?", re.DOTALL)


def show(deck: Deck, notes: Iterable[RenderedNote]) -> Material:
    """Return what the rules look at. `notes` are all of the deck's, rendered, in the order of the file."""
    return Material(deck, tuple(map(_shown, notes)))


def _shown(rendered: RenderedNote) -> Shown:
    placed = rendered.placed
    note = placed.note
    extra = plain(_field(rendered, EXTRA))
    if isinstance(note, QuestionNote):
        answer = _field(rendered, ANSWER)
        items = len(_LIST_ITEM.findall(answer))
        is_code = "<code>" in answer and _ONE_CODE.fullmatch(answer) is not None
        return Question(placed, plain(_field(rendered, QUESTION)), plain(answer), extra, items, is_code, note.reverse)
    runs, gaps = runs_and_gaps(_field(rendered, TEXT))
    return Cloze(placed, runs, gaps, extra)


def _field(rendered: RenderedNote, field: Field) -> str:
    return rendered.fields[place_of(field, rendered.kind)]
