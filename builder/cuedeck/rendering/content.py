"""The values that the digest of a note is made of: the keys that this note uses, and nothing else.

A note whose digest changes is stamped anew, and so takes the place of whatever learners wrote on theirs and of the tags
that they gave it. A digest that changed for nothing costs them that for nothing; one that stays although the card
changes keeps the change from them forever. So the digest of a note may depend on nothing that the note does not use:

* The first keys, those of version 1.0.0, have fixed places. Released locks hold the digests of just these values.
* Every later key of a note enters by its name, where its value is not its default. That needs nothing here: whatever is
  declared in a dataclass of a note counts by itself, unless `NOT_SHOWN` says that no card shows it. Its name and its
  default are forever: another default would change cards without their digests.
* A key of a concept, a source or the deck that is shown on cards enters likewise, when it is named in `SHARED_KEYS`.
* A rendering that changed enters with its number, where a text uses it: `REVISIONS` says how.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from itertools import islice, product
from operator import attrgetter
from typing import Any

from cuedeck.deck.deck import About, Note
from cuedeck.deck.keys import is_required, key_name
from cuedeck.deck.kinds import Kind
from cuedeck.deck.placement import PlacedNote
from cuedeck.rendering.unmarked import refolded

# The first value of every digest: 1 forever. Any other number would stamp every note of every deck anew.
RENDERING = 1

FIRST_KEYS: Mapping[str, tuple[str, ...]] = {
    Kind.QA: ("q", "a", "reverse", "extra"),
    Kind.CLOZE: ("cloze", "extra"),
}
"""The keys of version 1.0.0 by the kind of note, in the order that they have in the digest. Never to be changed."""

NOT_SHOWN = frozenset({"id", "at", "source", "tags", "was", "retired", "guid"})
"""The keys of a note that are no content of their own: no card shows them, or what it shows of them (moments, links,
tags) comes in where they are put together with those of the concept and the deck. A key that no card shows goes here in
the change that declares it, since taking it out of digests later would stamp anew all notes that use it."""

SHARED_KEYS: tuple[str, ...] = ()
"""The keys of others than the note that its fields show, such as "concept.subtitle": "concept", "source" or "deck", a
dot, and the key. They count in each note of a concept, source or deck that has them. Left out are the title of a
concept, which is a first key, what a source gives to links, which count as they stand in the fields, and what is shown
by the note types, which have a digest of their own."""

REVISIONS: Mapping[str, int] = {
    "s_open": 2,
    "sub_open": 2,
    "sup_open": 2,
    "u_open": 2,
    "ruby_open": 2,
    "hardbreak_tag": 2,
    "joined_break": 2,
    "bare_link": 2,
    "wider_emphasis": 2,
    "display_gap": 2,
}
"""The marks whose rendering has changed since version 1.0.0, each with the number of its rendering, from 2 on.

A mark is a kind of token that the Markdown parser makes, such as "math", "table_open" or "list_item_open"; "title",
which is the title of a concept; or "moment", which is a first moment as its three fields have it.

To change how a mark is rendered, change it, in `unmarked.py` too where that renders it, and add the mark here with 2 in
the same commit; with 3 the next time, also where that is a way back. A kind of token that is new is added too, because
texts with it looked otherwise before. Where a pair changes, one half of it is enough. At the next build of any deck all
notes whose texts use the mark are stamped anew, and all others stay as they are. Where only few tokens of a kind come
out differently, let `_marks_in` of `markdown.py` give these a name of their own, so that no other note is touched.

The marks stand in the order in which they were revised, and one that is revised again goes to the end: so it is known
what digest each earlier version gave a note, and that nobody edited it since (`renderings`).
"""

Later = tuple[Mapping[str, object], ...]
"""What the digest of a note ends with: one mapping of later keys and of marks that were revised, or nothing."""

TITLE = "title"
MOMENT = "moment"

_RENDERING = "rendering."
_REQUIRED = object()


def new_marks() -> set[str] | None:
    """Return a set in which to gather the marks of a note; None as long as no mark asks for that, which saves time."""
    return set() if REVISIONS else None


def is_revised_in(marks: Collection[str]) -> bool:
    """Return whether any of some marks has changed since version 1.0.0."""
    return not REVISIONS.keys().isdisjoint(marks)


def content_of(placed: PlacedNote, about: About, marks: Collection[str] | None) -> tuple[tuple[object, ...], Later]:
    """Return what the digest of a note begins with, in fixed places, and what it ends with: one mapping, or nothing.

    Where the note comes from is to stand between them. `about` are the keys of the deck itself, `marks` those that the
    texts of the note use. Raises TypeError where a key holds what `normalised` does not know.
    """
    note = placed.note
    kind: type = type(note)  # a plain type, which mypy takes for hashable
    first_of, later_keys = _keys_of(kind)
    # All are texts, but for whether there is a second card.
    texts = ["" if not value else "y" if value is True else _text(value) for value in first_of(note)]
    first = (RENDERING, note.kind, *texts, placed.concept.title, sorted(placed.tags))
    if not (later_keys or SHARED_KEYS or (marks and is_revised_in(marks))):  # as of most notes, and there are many
        return first, ()
    keys = {**dict(_used(note, later_keys)), **dict(_shared(placed, about))}
    return first, _later(keys, next(renderings(marks or ())))


def earlier_ends(later: Later, marks: Collection[str] | None) -> Iterator[Later]:
    """Yield what the digest of a note ended with in earlier versions of the program, where it ends with `later` today.

    `marks` are as for `content_of`.
    """
    keys = {key: value for each in later for key, value in each.items() if not key.startswith(_RENDERING)}
    yield from (_later(keys, numbers) for numbers in islice(renderings(marks or ()), 1, None))


def _later(keys: Mapping[str, object], numbers: Mapping[str, int]) -> Later:
    # No key of a note has a dot in its name, so that nothing can meet here.
    later = {**keys, **{f"{_RENDERING}{mark}": number for mark, number in numbers.items()}}
    # In the order of their names: no digest may depend on the order of declaration.
    return (dict(sorted(later.items())),) if later else ()


def renderings(marks: Collection[str]) -> Iterator[Mapping[str, int]]:
    """Yield the numbers of the renderings of some marks: those of today, then those of each earlier version.

    A mark in its first rendering has none. What was revised last is taken back first, so that there are no more of
    them than revisions, but for marks that were revised twice: nobody knows since when they have had the number before.
    """
    used = [(mark, number) for mark, number in REVISIONS.items() if number != 1 and mark in marks]
    yield dict(used)
    for kept in reversed(range(len(used))):
        lower = [[(mark, each) for each in range(number - 1, 0, -1)] for mark, number in used[kept:]]
        for taken_back in product(*lower):
            yield dict([*used[:kept], *(each for each in taken_back if each[1] != 1)])


def normalised(value: object) -> object:
    """Return a value as plain data that JSON can hold, the same for all that is shown as the same.

    Texts lose the difference between two spellings of a letter, the space around them, and where the lines of a
    paragraph end; a key whose line ends are shown is parsed to a tuple of lines. Sets lose their order, mappings keep
    theirs. A dataclass is its keys by name, without those that have their defaults, so that it may get more of them.
    Raises TypeError for all else.
    """
    match value:
        case Enum():
            return normalised(value.value)
        case str():
            return _text(value)
        case None | bool() | int():
            return value
        case float():
            # The same as a whole number, so that a key may learn to take halves.
            return int(value) if value.is_integer() else value
        case date():
            return value.isoformat()
        case tuple() | list():
            return [normalised(each) for each in value]
        case Set():
            return sorted((normalised(each) for each in value), key=repr)
        case Mapping():
            return [[normalised(key), normalised(each)] for key, each in value.items()]
    if is_dataclass(value) and not isinstance(value, type):
        return dict(sorted(_used(value, _keys(type(value)))))
    raise TypeError(f"a digest cannot contain {value!r}: teach cuedeck.rendering.content.normalised such values")


def _text(text: str) -> str:
    # What no card shows is no change: where the lines of a paragraph end, two spellings of one letter.
    text = (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()
    return refolded(text) if "\n" in text else text


def _shared(placed: PlacedNote, about: About) -> Iterator[tuple[str, object]]:
    owners = {"concept": placed.concept, "source": placed.source, "deck": about}
    for name in SHARED_KEYS:
        owner, _, key = name.partition(".")
        if owners[owner] is not None:  # there may be no source
            yield from ((name, value) for _, value in _used(owners[owner], (key,)))


def _used(owner: object, keys: Iterable[str]) -> Iterator[tuple[str, object]]:
    """Yield those of the keys of a dataclass whose values are not their defaults, with the values, normalised."""
    kind: type = type(owner)
    for key in keys:
        value = normalised(getattr(owner, _keys(kind)[key].name))
        if value != _default(kind, key):
            yield key, value


@cache
def _keys_of(kind: type) -> tuple[Callable[[Note], Iterable[Any]], tuple[str, ...]]:
    """Return what takes the values of its first keys from a note of a class, and the names of its later keys."""
    keys = _keys(kind)
    first = FIRST_KEYS.get(kind.kind, ())  # type: ignore[attr-defined]
    later = tuple(key for key in keys if key not in NOT_SHOWN and key not in first)
    return attrgetter(*(keys[key].name for key in first)) if first else lambda _: (), later


@cache
def _keys(kind: type) -> Mapping[str, "Field[Any]"]:
    """Return the fields of a dataclass by the names of their keys in cards.yaml, which outlast those of the fields."""
    return {key_name(field): field for field in fields(kind)}


@cache
def _default(kind: type, key: str) -> object:
    """Return the default of a key, normalised; what every value differs from, where it must be given."""
    field = _keys(kind)[key]
    if is_required(field):
        return _REQUIRED
    return normalised(field.default if field.default_factory is MISSING else field.default_factory())
