"""Rendered notes to cards: the two sides of each, as Anki makes them from the note type's templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from builder.pages.formulas import set_formulas
from builder.pages.templates import template
from builder.rendering.fields import RenderedNote
from builder.rendering.notetypes import CLOZE, STYLE_FILE, NoteType

_LINK = f'<link rel="stylesheet" href="{STYLE_FILE}">'
# The marks of deletions in a field. In its text, whatever could be mistaken for one is escaped.
_MARK = re.compile(r"(\{\{c[0-9,]+::|\}\}|::)")


@dataclass(frozen=True, slots=True)
class Card:
    """A card: what Anki calls it, its ordinal from 0, and the HTML of its two sides."""

    name: str
    ordinal: int
    front: str
    back: str


def cards_of(note: RenderedNote, type: NoteType) -> tuple[Card, ...]:
    """Return the cards of a note. The HTML is Anki's own, but that a front does not carry its answers along hidden."""
    fields = {named.name: value for named, value in zip(type.fields, note.fields, strict=True)}
    return tuple(_card(note.kind, ordinal, fields, type) for ordinal in note.cards)


def for_page(side: str) -> str:
    """Return one side of a card as a page can show it: with formulas set, and without the learner's own style file."""
    return set_formulas(side.replace(_LINK, "").strip())


def _card(kind: str, ordinal: int, fields: Mapping[str, str], type: NoteType) -> Card:
    if kind == CLOZE.kind:
        (sides,) = type.templates
        name = f"{sides.name} {ordinal + 1}"
        asked = {**fields, "cloze:Text": cloze(fields["Text"], ordinal + 1, hidden=True)}
        answered = {**fields, "cloze:Text": cloze(fields["Text"], ordinal + 1, hidden=False)}
    else:
        sides = type.templates[ordinal]
        name, asked, answered = sides.name, dict(fields), dict(fields)
    front = template(sides.front)(asked)
    return Card(name, ordinal, front, template(sides.back)({**answered, "FrontSide": front}))


@dataclass(slots=True)
class _Open:
    """A deletion whose end has not come yet: its numbers, its HTML so far, and its hint."""

    numbers: tuple[int, ...] = ()
    html: str = ""
    hint: str | None = None

    def add(self, html: str) -> None:
        if self.hint is None:
            self.html += html
        else:
            self.hint += html


def cloze(field: str, number: int, hidden: bool) -> str:
    """Return a field as the card of a number shows it: its deletions hidden on the front, marked on the back.

    The deletions of other numbers are filled in, in elements of a class of their own, as in Anki.
    """
    stack = [_Open()]
    for piece in _MARK.split(field):
        if piece.startswith("{{c") and piece.endswith("::"):
            stack.append(_Open(tuple(sorted(set(map(int, piece[3:-2].split(",")))))))
        elif piece == "}}" and len(stack) > 1:
            closed = stack.pop()
            stack[-1].add(_deletion(closed, number, hidden))
        elif piece == "::" and len(stack) > 1 and stack[-1].hint is None:
            stack[-1].hint = ""
        else:
            stack[-1].add(piece)
    return stack[0].html


def _deletion(deletion: _Open, number: int, hidden: bool) -> str:
    asked = number in deletion.numbers
    style = "cloze" if asked else "cloze-inactive"
    numbers = ",".join(map(str, deletion.numbers))
    shown = f"[{deletion.hint or '...'}]" if asked and hidden else deletion.html
    return f'<span class="{style}" data-ordinal="{numbers}">{shown}</span>'
