"""Rendered notes to notes as learners see them: markup goes, and the marks of deletions become gaps."""

import re
from collections.abc import Sequence
from html import unescape

from builder.advice.shown import Cloze, Gap, Material, Question, Run, Shown, tidy
from builder.deck.deck import Deck, QuestionNote
from builder.deck.placing import PlacedNote, placed_notes
from builder.rendering.fields import RenderedNote
from builder.rendering.notetypes import CLOZE, QA

_TAG = re.compile(r"</?([a-zA-Z0-9]+)[^>]*>")
_INLINE = frozenset({"a", "b", "code", "em", "i", "s", "span", "strong"})
_LIST_ITEM = re.compile(r"<li\b")
_MARK = re.compile(r"(\{\{c[0-9,]+::|\}\}|::)")


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
    runs, gaps = _parts(_field(rendered, "Text"))
    return Cloze(placed, runs, gaps, extra)


def _field(rendered: RenderedNote, name: str) -> str:
    shape = QA if rendered.kind == QA.kind else CLOZE
    return rendered.fields[shape.fields.index(name)]


def plain(html: str) -> str:
    """Return the text that a field shows, in one line."""
    return tidy(_bare(html))


def _bare(html: str) -> str:
    return unescape(_TAG.sub(lambda tag: "" if tag[1] in _INLINE else " ", html))


def _parts(html: str) -> tuple[tuple[Run, ...], tuple[Gap, ...]]:
    """Return the runs and gaps of a field with Anki's markers. In it, what could be mistaken for a mark is escaped."""
    numbers: list[tuple[int, ...]] = []
    hints: dict[int, str] = {}
    runs: list[Run] = []
    opened: list[int] = []
    in_hint = False
    for piece in _MARK.split(html):
        if piece.startswith("{{c") and _MARK.fullmatch(piece):
            opened.append(len(numbers))
            numbers.append(tuple(int(each) for each in piece[3:-2].split(",") if each))
        elif opened and piece == "}}":
            opened.pop()
            in_hint = False
        elif opened and piece == "::":
            in_hint = True
        elif in_hint:
            hints[opened[-1]] = tidy(_bare(piece))
        elif piece:
            runs.append(Run(_bare(piece), tuple(opened)))
    return tuple(runs), tuple(
        Gap(each, tidy("".join(run.text for run in runs if place in run.gaps)), hints.get(place, ""))
        for place, each in enumerate(numbers)
    )
