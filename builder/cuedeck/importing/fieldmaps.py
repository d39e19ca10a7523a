"""Which field of another tool's note type becomes which text of a note, as its templates show it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace

from cuedeck.importing.foreign import ForeignNote, ForeignType
from cuedeck.importing.templates import SPECIAL, Part, Side, html_of, renders, sections_in, side_of
from cuedeck.patterns import regex
from cuedeck.records import dataclass

# What Anki's own note types with two cards are called; lists of notes say nothing else about cards.
_STOCK = (("Basic (and reversed card)", ""), ("Basic (optional reversed card)", "3"))
_MARKER = regex(r"\{\{c[0-9]")
KEYS = ("q", "a", "cloze", "extra", "reverse")


@dataclass(frozen=True)
class FieldMap:
    """What the fields of a note type become.

    `q`, `a` and `extra` are names of fields in the order in which cards show them; `cloze` is the one with deletions.
    `front` is what the front shows if that is more than these fields, and `labelled` are fields of the back with the
    words that the template has for each. `unused` are lines of a template with words that no text has. `reverse` says
    whether there is a second card, which swaps question and answer; `second` is its mapping if it does more than that,
    and `only_if` the field that it depends on, "" for none. `card` is the ordinal of the card that these texts are for;
    others are notes of their own.
    """

    q: tuple[str, ...] = ()
    a: tuple[str, ...] = ()
    cloze: str = ""
    extra: tuple[str, ...] = ()
    reverse: bool = False
    only_if: str = ""
    card: int = 0
    front: Side = ()
    labelled: Mapping[str, Side] = field(default_factory=dict)
    second: "FieldMap | None" = None
    unused: Side = ()

    @property
    def used(self) -> frozenset[str]:
        """The names of the fields that become a text."""
        second = self.second.used if self.second else ()
        return frozenset((*self.q, *self.a, *self.extra, *filter(None, (self.cloze, self.only_if)), *second))

    def __str__(self) -> str:
        """The mapping as `--map` takes it."""
        parts = [("q", self.q), ("a", self.a), ("cloze", (self.cloze,) if self.cloze else ()), ("extra", self.extra)]
        words = [f"{key}={'+'.join(names)}" for key, names in parts if names]
        if self.reverse:
            words.append(f"reverse={self.only_if or 'yes'}")
        return ", ".join(words)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the templates that are in the texts, each with its fields in braces."""
        sides = (self.front, *self.labelled.values())
        return (*map(written, filter(has_words, sides)), *(self.second.words if self.second else ()))


def written(side: Side) -> str:
    """Return what a side shows in one line, with its fields in braces."""
    lines = ("".join(f"{{{{{part.field}}}}}" if part.field else part.words for part in line) for line in side)
    return " / ".join(" ".join(line.split()) for line in lines)


def guessed(type: ForeignType) -> tuple[FieldMap, ...]:
    """Return what the fields of a note type become: one mapping for each note that one of its notes becomes."""
    if not type.cards:
        return (_of_list(type),)
    if type.is_cloze:
        return (_of_cloze(type),)
    first = _of_card(type, 0)
    if len(type.cards) == 2:
        second = _of_card(type, 1)
        shared = {name for name in first.q if name in second.q}
        asked, answers = ({name for name in each.q if name not in shared} for each in (first, second))
        if asked and {*first.a} == answers and asked <= {*second.a, *second.extra}:
            is_swap = not (shared or first.front or second.front or first.labelled or second.labelled)
            return (replace(first, reverse=True, only_if=second.only_if, second=None if is_swap else second),)
    return (first, *(_of_card(type, ordinal) for ordinal in range(1, len(type.cards))))


def _of_list(type: ForeignType) -> FieldMap:
    """Return the mapping of a note type of which only the fields are known: the question comes first."""
    first, *rest = type.fields
    if type.is_cloze:
        return FieldMap(cloze=first, extra=tuple(rest))
    for name, only_if in _STOCK:
        if type.name.rstrip("+").startswith(name):
            left = tuple(each for each in rest[1:] if each != only_if)
            return FieldMap((first,), tuple(rest[:1]), extra=left, reverse=True, only_if=only_if)
    return FieldMap((first,), tuple(rest[:1]), extra=tuple(rest[1:]))


def _of_cloze(type: ForeignType) -> FieldMap:
    front, back = _sides(type, 0)
    deleted = next((part.field for part in _fields_of(front) if "cloze" in part.filters), type.fields[0])
    names = [part.field for part in _fields_of(front) if part.field != deleted and not part.is_held_back]
    extra = tuple(_names((*_fields_of(front), *_fields_of(back)), without=(deleted, *names)))
    given = _given(front)
    labelled, unused = _labelled(back, extra)
    return FieldMap(
        q=tuple(dict.fromkeys(names)),
        cloze=deleted,
        extra=extra,
        front=given if _is_more_than_fields(given) else (),
        labelled=labelled,
        unused=unused,
    )


def _of_card(type: ForeignType, ordinal: int) -> FieldMap:
    front, back = _sides(type, ordinal)
    given = _given(front)
    asked = _names(_fields_of(given)) or [*type.fields[:1]]
    typed = [part for part in _fields_of(front) if "type" in part.filters]
    # A reading of a word that the front asks for without it is part of the answer.
    readings = {part.field for part in _fields_of(back) if part.reading in ("furigana", "kana")}
    readings -= {part.field for part in _fields_of(given) if part.reading not in ("", "kanji")}
    plain = [name for name in asked if name not in readings or not _has_reading(given, name)]
    rest = _names((*typed, *_fields_of(back)), without=plain)
    hints = _names(_fields_of(front), without=(*asked, *rest))
    labelled, unused = _labelled(back, rest)
    needed = sections_in(type.cards[ordinal].front)
    only_if = next((name for name in needed if name in type.fields and name not in asked), "")
    return FieldMap(
        tuple(asked),
        tuple(rest[:1]),
        extra=(*rest[1:], *hints),
        only_if=only_if,
        card=ordinal,
        front=given if _is_more_than_fields(given) else (),
        labelled=labelled,
        unused=unused,
    )


def _has_reading(side: Side, name: str) -> bool:
    return any(part.field == name and part.reading for part in _fields_of(side))


def _sides(type: ForeignType, ordinal: int) -> tuple[Side, Side]:
    card = type.cards[ordinal]
    return side_of(card.front, type.fields, type.css), side_of(card.back, type.fields, type.css)


def _fields_of(side: Side) -> tuple[Part, ...]:
    """Return the fields that a side shows."""
    return tuple(part for line in side for part in line if part.field and part.field not in SPECIAL)


def _names(parts: Iterable[Part], without: Iterable[str] = ()) -> list[str]:
    gone = {*without}
    return [name for name in dict.fromkeys(part.field for part in parts) if name not in gone]


def _given(front: Side) -> Side:
    """Return what a front gives away: no hint, nor what is typed, each with the words on its line."""
    lines = []
    for line in front:
        kept = tuple(part for part in line if not part.is_held_back)
        if kept == line or any(part.field for part in kept):
            lines.append(kept)
    return tuple(lines)


def has_words(side: Side) -> bool:
    """Return whether a side shows anything besides fields of the note."""
    return any(part.words.strip() or part.field in SPECIAL for line in side for part in line)


def _is_more_than_fields(side: Side) -> bool:
    return has_words(side) or any(part.reading or part.is_picture for line in side for part in line)


def _labelled(back: Side, names: Iterable[str]) -> tuple[dict[str, Side], Side]:
    """Return those of some fields of a back that have words there, and the lines with words that belong to no field.

    The words of a field are those before it, and those at the end of its line. Lines with fields of the front repeat
    that.
    """
    wanted = {*names}
    labelled: dict[str, list[tuple[Part, ...]]] = {}
    lines: list[tuple[Part, ...]] = []
    for line in back:
        begun: list[Part] = []
        last = ""
        for part in line:
            begun.append(part)
            if part.field in wanted and part.field not in labelled:
                labelled[part.field] = [*lines, tuple(begun)]
                lines, begun, last = [], [], part.field
        if last and begun:
            labelled[last][-1] += tuple(begun)
        elif begun and not any(part.field for part in begun):
            lines.append(tuple(begun))
    sides = {name: _without_signs(tuple(side)) for name, side in labelled.items()}
    return {name: side for name, side in sides.items() if _is_more_than_fields(side)}, tuple(lines)


def _without_signs(side: Side) -> Side:
    """Return lines without signs before the first word or field, which separate it from another field."""
    first, *others = side
    while not first[0].field and not re.search(r"[\w\\\[]", first[0].words):
        first = first[1:]
    return (first, *others)


def html_for(note: ForeignNote, names: Iterable[str], labelled: Mapping[str, Side]) -> str:
    """Return the HTML of several fields of a note, one below the other, with the words that their template has."""
    filled = (name for name in names if note.texts.get(name, "").strip())
    return one_below_the_other(
        [html_of(labelled[name], note.shown) if name in labelled else note.texts[name] for name in filled]
    )


def one_below_the_other(htmls: Sequence[str]) -> str:
    """Return several HTML texts as one, with an empty line between them."""
    return htmls[0] if len(htmls) == 1 else "<div><br></div>".join(f"<div>{html}</div>" for html in htmls)


def asked_html(note: ForeignNote, mapping: FieldMap) -> str:
    """Return the HTML of what the front of a card shows of a note; of the text with deletions too."""
    if mapping.front:
        return html_of(mapping.front, note.shown)
    return html_for(note, (*mapping.q, *filter(None, (mapping.cloze,))), {})


def has_card(note: ForeignNote, mapping: FieldMap, ordinal: int) -> bool:
    """Return whether a note has a card, according to the file or, if it does not say, to its fields."""
    if note.cards is not None:
        return ordinal in note.cards
    if ordinal < len(note.type.cards):
        return renders(note.type.cards[ordinal].front, note.texts)

    def has(name: str) -> bool:
        return bool(note.texts.get(name, "").strip())

    # As Anki itself does: a card exists if its front shows anything.
    front = mapping.a if mapping.reverse and ordinal == 1 else mapping.q
    return (not mapping.only_if or has(mapping.only_if)) and (not front or any(map(has, front)))


def parsed(text: str) -> tuple[str, FieldMap]:
    """Return the note type and the mapping that `--map` names: `Type: q=Front, a=Back, extra=Source`.

    Raises ValueError with a sentence if it is not such a text.
    """
    name, colon, rest = text.rpartition(":")
    if not colon or not name.strip():
        raise ValueError(f'"{text}" does not name a note type: write "Type: q=Front, a=Back, extra=Source"')
    given: dict[str, tuple[str, ...]] = {}
    for part in rest.split(","):
        key, equals, fields = part.partition("=")
        names = tuple(each.strip() for each in fields.split("+") if each.strip())
        if key.strip() not in KEYS or not equals or not names:
            raise ValueError(f'"{part.strip()}" is not one of {", ".join(f"{key}=Field" for key in KEYS)}')
        given[key.strip()] = names
    if ("cloze" in given) == ("q" in given and "a" in given):
        raise ValueError("name the fields of q and a, or the field of cloze")
    reverse = given.get("reverse", ())
    return name.strip(), FieldMap(
        given.get("q", ()),
        given.get("a", ()),
        given.get("cloze", ("",))[0],
        given.get("extra", ()),
        bool(reverse),
        "" if reverse in ((), ("yes",)) else reverse[0],
    )


def with_readings_of(mapping: FieldMap, type: ForeignType) -> FieldMap:
    """Return a mapping that an author gave, with the readings that the templates show of its fields."""
    parts = [part for ordinal in range(len(type.cards)) for side in _sides(type, ordinal) for part in _fields_of(side)]
    readings = [(part.field, ((part._replace(needs=()),),)) for part in parts if part.reading]
    fronts = (each.front for each in (guessed(type) if type.cards else ()) if has_words(each.front))
    mapping = replace(mapping, unused=next(fronts, ()))
    if not mapping.used & {name for name, _ in readings}:
        return mapping
    asked = dict(reversed(readings))  # a question has the first one of each field, and an answer the last
    front = tuple(line for name in mapping.q for line in asked.get(name, ((Part(field=name),),)))
    return replace(mapping, front=front, labelled=dict(readings))


def unknown_fields(type: ForeignType, mapping: FieldMap) -> tuple[str, ...]:
    """Return the names in a mapping that are not fields of the note type."""
    return tuple(sorted(mapping.used - {*type.fields}))


def looks_like_cloze(text: str) -> bool:
    """Return whether a text contains Anki's marker of a deletion."""
    return _MARKER.search(text) is not None
