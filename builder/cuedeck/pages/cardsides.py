"""Turn the fields of notes into cards: the two sides of each, as Anki makes them from the note type's templates."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from cuedeck.deck.kinds import Kind
from cuedeck.pages.formulas import set_formulas
from cuedeck.pages.styles import with_aligned_cells
from cuedeck.pages.templates import template
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.rendering.notefields import ANSWER, QUESTION, REVERSE, TEXT, place_of
from cuedeck.rendering.notetypes import STYLE_FILE, NoteType, Template
from cuedeck.rendering.ownreverse import shown_answer, shown_question, texts_of_reverse
from cuedeck.rendering.plain import DEEPEST, MARK, numbers_in

_TEXT_AT = place_of(TEXT, Kind.CLOZE)
_QUESTION_AT, _ANSWER_AT, _REVERSE_AT = (place_of(field, Kind.QA) for field in (QUESTION, ANSWER, REVERSE))
_REVERSE_CARD = 1
_LINK = f'<link rel="stylesheet" href="{STYLE_FILE}">'
_FORMULA = regex(r"\\[(\[](?:(?!\\[(\[]).)*?\\[)\]]", re.DOTALL)
_TAG = regex(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Card:
    """A card: its name in Anki, its ordinal from 0, and the HTML of its two sides."""

    name: str
    ordinal: int
    front: str
    back: str


def cards_of(fields: Sequence[str], ordinals: Iterable[int], type: NoteType) -> tuple[Card, ...]:
    """Return the cards of a note with these fields, which are in the order of its type. Ordinals of cards start at 0.

    The HTML is the same as Anki's, except that no side contains what it hides: a front its deleted text, and a second
    card with its own texts those that are on the other side or on the first card.
    """
    named = {field.name: value for field, value in zip(type.fields, fields, strict=True)}
    if type.kind == Kind.CLOZE:
        return tuple(_cloze_cards(named, ordinals, type))
    cards = [(ordinal, type.templates[ordinal]) for ordinal in ordinals]
    return tuple(
        Card(sides.name, ordinal, *_sides(sides, *_shown_on(ordinal, named, type))) for ordinal, sides in cards
    )


def _shown_on(ordinal: int, fields: Mapping[str, str], type: NoteType) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the fields as the front and the back of a card show them."""
    question, answer, reverse = (type.fields[at].name for at in (_QUESTION_AT, _ANSWER_AT, _REVERSE_AT))
    own = texts_of_reverse(fields[reverse]) if ordinal == _REVERSE_CARD else None
    if own is None:
        return fields, fields
    asked = {**fields, reverse: shown_question(own[0]), answer: ""}
    return asked, {**fields, reverse: shown_answer(own[1]), question: ""}


def page_type(type: NoteType) -> NoteType:
    """Return a note type for showing its cards on a page: without the link to the learner's own style file."""
    sides = tuple(
        replace(each, front=each.front.replace(_LINK, ""), back=each.back.replace(_LINK, "")) for each in type.templates
    )
    return replace(type, templates=sides)


def for_page(side: str) -> str:
    """Return a side of a card of a `page_type` as a page can show it: formulas as MathML, and no inline styles.

    Other HTML that Anki shows, such as a deck's description, needs the same.
    """
    return with_aligned_cells(set_formulas(side.strip()))


def _sides(sides: Template, asked: Mapping[str, str], answered: Mapping[str, str]) -> tuple[str, str]:
    front = template(sides.front)(asked)
    return front, template(sides.back)({**answered, "FrontSide": front})


def _cloze_cards(fields: Mapping[str, str], ordinals: Iterable[int], type: NoteType) -> Iterator[Card]:
    (sides,) = type.templates
    text = type.fields[_TEXT_AT].name  # an older package may have another name for it
    parts = _parts(fields[text])
    for ordinal in ordinals:
        asked, answered = (
            {**fields, f"cloze:{text}": _bare_formulas(_filled(parts, ordinal + 1, hidden))} for hidden in (True, False)
        )
        yield Card(f"{sides.name} {ordinal + 1}", ordinal, *_sides(sides, asked, answered))


def _bare_formulas(text: str) -> str:
    """Return a text with its formulas as Anki leaves them to MathJax: without the elements around deletions in them."""
    return _FORMULA.sub(lambda found: _TAG.sub("", found[0]), text) if "\\" in text else text


@dataclass(slots=True)
class _Deletion:
    """A deletion: its numbers, the deleted text and its hint. Both are HTML that may contain further deletions."""

    numbers: tuple[int, ...] = ()
    parts: "list[str | _Deletion]" = field(default_factory=list)
    hint: "list[str | _Deletion] | None" = None

    def add(self, part: "str | _Deletion") -> None:
        (self.parts if self.hint is None else self.hint).append(part)


def _parts(text: str) -> list[str | _Deletion]:
    """Return a field as a list of pieces of HTML and deletions."""
    stack = [_Deletion()]
    for piece in MARK.split(text):
        if piece.startswith("{{c") and piece.endswith("::"):
            if len(stack) <= DEEPEST:
                stack.append(_Deletion(tuple(sorted({*numbers_in(piece)}))))
        elif piece == "}}" and len(stack) > 1:
            closed = stack.pop()
            stack[-1].add(closed)
        elif piece == "::" and len(stack) > 1 and stack[-1].hint is None:
            stack[-1].hint = []
        else:
            stack[-1].add(piece)
    return stack[0].parts


def _filled(parts: Iterable[str | _Deletion], number: int, hidden: bool) -> str:
    """Return a field as the card with this number shows it: its deletions hidden on the front, marked on the back.

    Deletions with other numbers are filled in, in elements with another class, as in Anki.
    """
    return "".join([part if isinstance(part, str) else _shown(part, number, hidden) for part in parts])


def _shown(deletion: _Deletion, number: int, hidden: bool) -> str:
    asked = number in deletion.numbers
    style = "cloze" if asked else "cloze-inactive"
    numbers = ",".join(map(str, deletion.numbers))
    if asked and hidden:
        shown = f"[{_filled(deletion.hint or (), number, hidden) or '...'}]"
    else:
        shown = _filled(deletion.parts, number, hidden)
    return f'<span class="{style}" data-ordinal="{numbers}">{shown}</span>'
