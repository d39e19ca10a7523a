"""The values from which the digest of a note is made: the keys that this note uses, and nothing else.

A note whose digest changes gets a new time stamp. At the next import it then replaces the learner's note, with whatever
the learner wrote on it and tagged it with. If a digest changes needlessly, learners lose that for nothing. If it stays
the same although the card changes, the change never reaches them. So the digest of a note must not depend on anything
that the note does not use:

* The first keys, those of version 1.0.0, have fixed places. Released locks contain the digests of just these values.
* Every later key of a note counts by its name, if its value is not its default. Nothing needs to be done here for that:
  all keys that are declared in the dataclass of a note count, unless `NOT_SHOWN` says that no card shows them. The name
  and the default of a key never change: another default would change cards without changing their digests.
* A key of a concept, a source or the deck that cards show counts in the same way, if `SHARED_KEYS` names it.
* The clip of a note counts by the name that its bytes give it.
* A rendering that changed counts with its number, if a text uses it: see `REVISIONS`.
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

# The first value of every digest: 1 forever. Any other number would give every note of every deck a new time stamp.
RENDERING = 1

FIRST_KEYS: Mapping[str, tuple[str, ...]] = {
    Kind.QA: ("q", "a", "reverse", "extra"),
    Kind.CLOZE: ("cloze", "extra"),
}
"""The keys of version 1.0.0 by the kind of note, in the order that they have in the digest. Never change them."""

NOT_SHOWN = frozenset({"id", "at", "source", "tags", "was", "retired", "guid"})
"""The keys of a note that do not count by themselves: either no card shows them, or what cards show of them (moments,
links, tags) counts after it is combined with that of the concept and the deck. Add a key that no card shows here in the
same commit that declares it: removing it from digests later would give a new time stamp to all notes that use it."""

SHARED_KEYS: tuple[str, ...] = ()
"""The keys of a concept, a source or the deck that the fields of notes show, such as "concept.subtitle": "concept",
"source" or "deck", a dot, and the key. They count in each note of a concept, source or deck that has them. Not listed
are the title of a concept, which is one of the first keys; the keys of a source that make links, which count as the
fields contain them; and the keys that only the note types show, which have a digest of their own."""

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

A mark is a kind of token that the Markdown parser makes, such as "math", "table_open" or "list_item_open"; "title", for
the title of a concept; or "moment", for the first moment, which three fields contain.

To change how a mark is rendered, change the code, in `unmarked.py` too if that renders the mark, and add the mark here
with 2 in the same commit. The next time, the number is 3, even if the first rendering comes back. Add a new kind of
token too, because texts with it looked different before. If a pair of tokens changes, one of them is enough. At the
next build of any deck, all notes whose texts use the mark get a new time stamp, and all others stay as they are. If
only a few tokens of a kind are rendered differently, let `_marks_in` in `parsed.py` give these a name of their own,
so that no other note changes.

The marks are in the order in which they were revised, and one that is revised again moves to the end. The order shows
which digest each earlier version gave a note, and so whether anybody has edited the note since (`renderings`).
"""

Later = tuple[Mapping[str, object], ...]
"""The end of the digested values: one mapping of later keys and revised marks, or nothing."""

CLIP = "source.clip"
"""Under which the clip of a note counts; no key has a dot in its name."""

TITLE = "title"
MOMENT = "moment"

_RENDERING = "rendering."
_REQUIRED = object()


def new_marks() -> set[str] | None:
    """Return a set in which to collect the marks of a note; None if no mark has been revised, which saves time."""
    return set() if REVISIONS else None


def is_revised_in(marks: Collection[str]) -> bool:
    """Return whether the rendering of any of these marks has changed since version 1.0.0."""
    return not REVISIONS.keys().isdisjoint(marks)


def content_of(
    placed: PlacedNote, about: About, marks: Collection[str] | None, clip: str = ""
) -> tuple[tuple[object, ...], Later]:
    """Return the first values of a note's digest, in fixed places, and the last: one mapping, or nothing.

    The origin of the note goes between them. `about` has the keys of the deck itself, `marks` are those that the texts
    of the note use, and `clip` is the name of its clip, "" for none. Raises TypeError if a key has a value of a type
    that `normalised` does not know.
    """
    note = placed.note
    kind: type = type(note)  # a plain type, which mypy considers hashable
    first_of, later_keys = _keys_of(kind)
    texts = [_first(value) for value in first_of(note)]
    first = (RENDERING, note.kind, *texts, placed.concept.title, sorted(placed.tags))
    # This is true of most notes, of which there are many.
    if not (later_keys or SHARED_KEYS or clip or (marks and is_revised_in(marks))):
        return first, ()
    keys = {**dict(_used(note, later_keys)), **dict(_shared(placed, about)), **({CLIP: clip} if clip else {})}
    return first, _later(keys, next(renderings(marks or ())))


def earlier_ends(later: Later, marks: Collection[str] | None) -> Iterator[Later]:
    """Yield the ends of a note's digest in earlier versions of the program; `later` is its end in this version.

    `marks` are the same as for `content_of`.
    """
    keys = {key: value for each in later for key, value in each.items() if not key.startswith(_RENDERING)}
    yield from (_later(keys, numbers) for numbers in islice(renderings(marks or ()), 1, None))


def _later(keys: Mapping[str, object], numbers: Mapping[str, int]) -> Later:
    # No key of a note has a dot in its name, so no two names can be the same here.
    later = {**keys, **{f"{_RENDERING}{mark}": number for mark, number in numbers.items()}}
    # In the order of their names, since no digest may depend on the order of declaration.
    return (dict(sorted(later.items())),) if later else ()


def renderings(marks: Collection[str]) -> Iterator[Mapping[str, int]]:
    """Yield the numbers of the renderings of some marks: first the current ones, then those of each earlier version.

    A mark in its first rendering has no number. The last revision is undone first, so there are as many earlier
    versions as revisions. Marks that were revised twice add some: it is not known when they got their previous number.
    """
    used = [(mark, number) for mark, number in REVISIONS.items() if number != 1 and mark in marks]
    yield dict(used)
    for kept in reversed(range(len(used))):
        lower = [[(mark, each) for each in range(number - 1, 0, -1)] for mark, number in used[kept:]]
        for taken_back in product(*lower):
            yield dict([*used[:kept], *(each for each in taken_back if each[1] != 1)])


def normalised(value: object) -> object:
    """Return a value as plain data for JSON; values that cards show alike give the same data.

    Texts are normalised: the spelling of letters in Unicode, the space around the text, and the places where the lines
    of a paragraph end make no difference. (A key whose line ends are shown is parsed to a tuple of lines.) Sets lose
    their order, and mappings keep theirs. A dataclass becomes its keys by name, without those that have their defaults,
    so that it may get more keys later. Raises TypeError for all other types.
    """
    match value:
        case Enum():
            return normalised(value.value)
        case str():
            return _text(value)
        case None | bool() | int():
            return value
        case float():
            # The same as a whole number, so that a key for whole numbers may accept fractions later.
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


def _first(value: object) -> object:
    """Return the value of one of the first keys, as version 1.0.0 did. All are texts, except for the second card.

    Later versions have second cards with texts of their own, which count by their keys.
    """
    if not value:
        return ""
    return _text(value) if isinstance(value, str) else "y" if value is True else normalised(value)


def _text(text: str) -> str:
    # What no card shows is not a change: where the lines of a paragraph end, or how Unicode spells a letter.
    text = (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()
    return refolded(text) if "\n" in text else text


def _shared(placed: PlacedNote, about: About) -> Iterator[tuple[str, object]]:
    owners = {"concept": placed.concept, "source": placed.source, "deck": about}
    for name in SHARED_KEYS:
        owner, _, key = name.partition(".")
        if owners[owner] is not None:  # there may be no source
            yield from ((name, value) for _, value in _used(owners[owner], (key,)))


def _used(owner: object, keys: Iterable[str]) -> Iterator[tuple[str, object]]:
    """Yield the keys of a dataclass whose values are not their defaults, each with its normalised value."""
    kind: type = type(owner)
    for key in keys:
        value = normalised(getattr(owner, _keys(kind)[key].name))
        if value != _default(kind, key):
            yield key, value


@cache
def _keys_of(kind: type) -> tuple[Callable[[Note], Iterable[Any]], tuple[str, ...]]:
    """Return a function that gets the values of the first keys from a note of a class, and the names of later keys."""
    keys = _keys(kind)
    first = FIRST_KEYS.get(kind.kind, ())  # type: ignore[attr-defined]
    later = tuple(key for key in keys if key not in NOT_SHOWN and key not in first)
    return attrgetter(*(keys[key].name for key in first)) if first else lambda _: (), later


@cache
def _keys(kind: type) -> Mapping[str, "Field[Any]"]:
    """Return the fields of a dataclass by the names of their keys in cards.yaml, which never change."""
    return {key_name(field): field for field in fields(kind)}


@cache
def _default(kind: type, key: str) -> object:
    """Return the normalised default of a key; for a required key, an object that differs from every value."""
    field = _keys(kind)[key]
    if is_required(field):
        return _REQUIRED
    return normalised(field.default if field.default_factory is MISSING else field.default_factory())
