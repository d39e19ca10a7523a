"""Which field of another tool's note type becomes which text of a note, as its templates show it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cuedeck.importing.foreign import ForeignNote, ForeignType
from cuedeck.patterns import regex
from cuedeck.records import dataclass

# A field in a template, with the filters before it; also the beginning and the end of a part that depends on a field.
_TAG = regex(r"\{\{(?P<kind>[#^/]?)(?P<filters>(?:[^{}:]*:)*)(?P<name>[^{}:]+)\}\}")
_NOT_ON_THE_FRONT = ("type", "hint")  # what is typed is the answer, and a hint is only shown on a click
_SPOKEN = "tts"
# What Anki's own note types with two cards are called; lists of notes say nothing else about cards.
_STOCK = (("Basic (and reversed card)", ""), ("Basic (optional reversed card)", "3"))
_MARKER = regex(r"\{\{c[0-9]")
KEYS = ("q", "a", "cloze", "extra", "reverse")


@dataclass(frozen=True)
class FieldMap:
    """What the fields of a note type become.

    `q`, `a` and `extra` are names of fields in the order in which cards show them; `cloze` is the one with deletions.
    `reverse` says whether there is a second card, which swaps question and answer; `only_if` is the field that it
    depends on, "" for none, and `shared` are the fields that are on the fronts of both. `card` is the ordinal of the
    card that these texts are for; others are notes of their own.
    """

    q: tuple[str, ...] = ()
    a: tuple[str, ...] = ()
    cloze: str = ""
    extra: tuple[str, ...] = ()
    reverse: bool = False
    only_if: str = ""
    shared: tuple[str, ...] = ()
    card: int = 0

    @property
    def used(self) -> frozenset[str]:
        """The names of the fields that become a text."""
        return frozenset((*self.q, *self.a, *self.extra, *filter(None, (self.cloze, self.only_if))))

    def __str__(self) -> str:
        """The mapping as `--map` takes it."""
        parts = [("q", self.q), ("a", self.a), ("cloze", (self.cloze,) if self.cloze else ()), ("extra", self.extra)]
        words = [f"{key}={'+'.join(names)}" for key, names in parts if names]
        if self.reverse:
            words.append(f"reverse={self.only_if or 'yes'}")
        return ", ".join(words)


def guessed(type: ForeignType) -> tuple[FieldMap, ...]:
    """Return what the fields of a note type become: one mapping for each note that one of its notes becomes."""
    if not type.cards:
        return (_of_list(type),)
    if type.is_cloze:
        return (_of_cloze(type),)
    first = _of_card(type, 0)
    if len(type.cards) == 2:
        second = _of_card(type, 1)
        shared = tuple(name for name in first.q if name in second.q)
        asked, answers = ([name for name in each.q if name not in shared] for each in (first, second))
        if asked and [*first.a] == answers and {*asked} <= {*second.a, *second.extra}:
            return (replace(first, reverse=True, only_if=second.only_if, shared=shared),)
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
    front = [*_fields_in(type.cards[0].front, type.fields)]
    deleted = [name for name, filters in front if "cloze" in filters] or [type.fields[0]]
    others = dict.fromkeys(name for name, _ in (*front, *_fields_in(type.cards[0].back, type.fields)))
    names = [name for name, filters in front if name != deleted[0] and not _is_held_back(filters)]
    extra = tuple(name for name in others if name != deleted[0] and name not in names)
    return FieldMap(q=tuple(dict.fromkeys(names)), cloze=deleted[0], extra=extra)


def _of_card(type: ForeignType, ordinal: int) -> FieldMap:
    card = type.cards[ordinal]
    front = dict.fromkeys(
        name for name, filters in _fields_in(card.front, type.fields) if not _is_held_back(filters)
    ) or dict.fromkeys(type.fields[:1])
    typed = [name for name, filters in _fields_in(card.front, type.fields) if "type" in filters]
    back = dict.fromkeys(name for name, _ in _fields_in(card.back, type.fields) if name not in front)
    rest = [*dict.fromkeys((*(name for name in typed if name not in front), *back))]
    hints = [name for name, _ in _fields_in(card.front, type.fields) if name not in front and name not in rest]
    needed = [found["name"].strip() for found in _TAG.finditer(card.front) if found["kind"] == "#"]
    only_if = next((name for name in needed if name in type.fields and name not in front), "")
    return FieldMap(tuple(front), tuple(rest[:1]), extra=(*rest[1:], *hints), only_if=only_if, card=ordinal)


def _is_held_back(filters: Iterable[str]) -> bool:
    return any(each in _NOT_ON_THE_FRONT for each in filters)


def _fields_in(template: str, fields: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the fields that a template shows, in order, each with its filters."""
    known = frozenset(fields)
    for found in _TAG.finditer(template):
        name = found["name"].strip()
        filters = tuple(each.strip() for each in found["filters"].split(":") if each.strip())
        if not found["kind"] and name in known and not any(each.startswith(_SPOKEN) for each in filters):
            yield name, filters


def has_card(note: ForeignNote, mapping: FieldMap, ordinal: int) -> bool:
    """Return whether a note has a card, according to the file or, if it does not say, to its fields."""
    if note.cards is not None:
        return ordinal in note.cards

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


def unknown_fields(type: ForeignType, mapping: FieldMap) -> tuple[str, ...]:
    """Return the names in a mapping that are not fields of the note type."""
    return tuple(sorted(mapping.used - {*type.fields}))


def looks_like_cloze(text: str) -> bool:
    """Return whether a text contains Anki's marker of a deletion."""
    return _MARKER.search(text) is not None
