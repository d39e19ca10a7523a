"""What is remembered about a deck, as JSON: every value is declared once, with its key and the check that it must pass.

`cards.lock` and the manifest of a package may come from anyone. Each field of their dataclasses has an `Entry`, and
they are read only by these declarations, so that no value is accepted that Cuedeck could not have written.
"""

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from cuedeck.deck import values
from cuedeck.deck.keys import is_required
from cuedeck.deck.kinds import Kind
from cuedeck.patterns import regex
from cuedeck.records import dataclass

Check = Callable[[Any], Any]
Read = TypeVar("Read")

END_OF_TIME = 253_402_300_800
"""The first second of the year 10000, which no date can express, in seconds since 1970."""

HIGHEST_POSITION = 999_999
"""The highest position among new cards: Anki reduces any higher one to it."""

LARGEST = 2**53
"""The first whole number that is not stored: other programs do not read larger ones exactly."""

_ORDINAL = regex(r"0|[1-9][0-9]{0,5}")
_UNFIT = regex("[\x00\ud800-\udfff]")
_NOT_IN_A_LINE = regex("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Entry:
    """One value of a JSON object: its key, the check that returns the value, and whether it is required.

    `since` is the first format of cards.lock that has it; a program that knows only earlier ones would drop it.
    """

    name: str
    key: str
    check: Check
    required: bool
    since: int


def entry(check: Check, key: str = "", since: int = 1, **more: Any) -> Any:
    """Return a field of a dataclass that is stored under its own name, or under `key`."""
    return dataclasses.field(metadata={"entry": (key, check, since)}, **more)


@cache
def entries(kind: Callable[..., Any]) -> tuple[Entry, ...]:
    """Return the declared entries of a dataclass, in the order of its fields."""
    found = []
    for field in dataclasses.fields(cast(Any, kind)):
        key, check, since = field.metadata["entry"]
        found.append(Entry(field.name, key or field.name, check, is_required(field), since))
    return tuple(found)


def read_entries(kind: Callable[..., Read], data: object) -> Read:
    """Return a dataclass from a JSON object. Raises ValueError with a sentence that names the key that is not valid.

    Keys that are not declared are ignored.
    """
    if not isinstance(data, dict):
        raise ValueError("it is not an object")
    found = {}
    known, required = _known(kind)
    for key, value in data.items():
        if key in known:
            name, check = known[key]
            try:
                found[name] = check(value)
            except (ValueError, TypeError, AttributeError):
                raise ValueError(f'"{key}" is not valid') from None
    if not required <= found.keys():
        missing = next(each.key for each in entries(kind) if each.required and each.name not in found)
        raise ValueError(f'"{missing}" is missing')
    return kind(**found)


@cache
def _known(kind: Any) -> tuple[Mapping[str, tuple[str, Check]], frozenset[str]]:
    """Return the name and the check of each entry by its key, and the names of those that are required."""
    found = {each.key: (each.name, each.check) for each in entries(kind)}
    return found, frozenset(each.name for each in entries(kind) if each.required)


@cache
def _absent(kind: Any) -> dict[str, tuple[str, Any]]:
    """Return the key of each entry, and the default value that is not written, by the name of its field."""
    defaults = {
        field.name: field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default
        for field in dataclasses.fields(cast(Any, kind))
    }
    return {each.name: (each.key, defaults[each.name]) for each in entries(kind)}


def written(value: Any) -> dict[str, Any]:
    """Return a dataclass as a JSON object, without values that are the default."""
    # Not asdict(), which copies everything inside, and took two thirds of the time to write a lock.
    named, keys = vars(value), _absent(cast(Any, type(value)))
    data = {key: named[name] for name, (key, absent) in keys.items() if named[name] != absent}
    for key in data.keys() & _nested_keys(cast(Any, type(value))):
        data[key] = [*map(written, data[key])] if isinstance(data[key], tuple) else written(data[key])
    return data


def nested(kind: Callable[..., Read]) -> Check:
    """Return a check for an object that is itself declared as a dataclass."""

    def checked(value: object) -> Read:
        return read_entries(kind, value)

    checked.is_nested = True  # type: ignore[attr-defined]
    return checked


@cache
def _nested_keys(kind: Any) -> frozenset[str]:
    return frozenset(each.key for each in entries(kind) if getattr(each.check, "is_nested", False))


@cache
def _later_keys(kind: Any) -> Mapping[str, int]:
    return {each.key: each.since for each in entries(kind) if each.since > 1}


def format_of(value: Any, data: Mapping[str, Any]) -> int:
    """Return the first format of cards.lock that has all keys of `data`, which `written` made from a dataclass."""
    return max((since for key, since in _later_keys(cast(Any, type(value))).items() if key in data), default=1)


def text(value: object) -> str:
    """Return a text that can be shown and written. Raises TypeError or ValueError if it is not one."""
    if not isinstance(value, str):
        raise TypeError(value)
    if _UNFIT.search(value):
        raise ValueError(value)
    return value


def line(value: object) -> str:
    """Return a text of one line. Raises TypeError or ValueError if it is not one."""
    if _NOT_IN_A_LINE.search(text(value)):
        raise ValueError(value)
    return str(value)


def optional(check: Check) -> Check:
    """Return a check that reads null and an empty text as an empty text."""
    return lambda value: "" if value in (None, "") else check(value)


def parsed(parse: Callable[[str], Any]) -> Check:
    """Return a check with `parse`, the function that reads the same value in cards.yaml, and must leave it as it is."""

    def check(value: object) -> str:
        found = line(value)
        if str(parse(found)) != found:
            raise ValueError(value)
        return found

    return check


def matching(pattern: str) -> Check:
    """Return a check for a text that must match a pattern as a whole."""
    fits = regex(pattern)

    def check(value: object) -> str:
        if not isinstance(value, str) or not fits.fullmatch(value):
            raise ValueError(value)
        return value

    return check


def whole(value: object) -> int:
    """Return a whole number from 0 to 2**53, like Anki's ids. Raises ValueError if it is not one."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < LARGEST:
        raise ValueError(value)
    return value


def time(value: object) -> int:
    """Return a time in seconds since 1970, before the year 10000. Raises ValueError if it is not one."""
    if (found := whole(value)) >= END_OF_TIME:
        raise ValueError(value)
    return found


def yes(value: object) -> bool:
    """Return True. Raises ValueError for anything else, since False is never written."""
    if value is not True:
        raise ValueError(value)
    return True


def position(value: object) -> int:
    """Return a position among new cards. Raises ValueError if Anki would not keep it as it is."""
    if (found := whole(value)) > HIGHEST_POSITION:
        raise ValueError(value)
    return found


def ordinal(value: object) -> int:
    """Return the number of a card or of a deletion, which as a key is text. Raises ValueError if it is not valid."""
    if isinstance(value, bool):
        raise ValueError(value)
    return _ordinal(str(value))


@cache  # a lock has the same few numbers again and again
def _ordinal(text: str) -> int:
    if not _ORDINAL.fullmatch(text):
        raise ValueError(text)
    return int(text)


def kind(value: object) -> Kind:
    """Return the kind of a note. Raises ValueError if it is not a kind."""
    return Kind(value)  # type: ignore[arg-type]


def many(check: Check) -> Check:
    """Return a check for a list."""

    def checked(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise TypeError(value)
        return tuple(map(check, value))

    checked.is_nested = hasattr(check, "is_nested")  # type: ignore[attr-defined]
    return checked


def some(check: Check) -> Check:
    """Return a check for a list that is not empty."""
    check_all = many(check)

    def checked(value: object) -> tuple[Any, ...]:
        found: tuple[Any, ...] = check_all(value)
        if not found:
            raise ValueError(value)
        return found

    return checked


def table(check_key: Check, check: Check, required: bool = False) -> Check:
    """Return a check for an object with keys of one kind and values of one kind; if `required`, it may not be empty."""

    def checked(value: object) -> Mapping[Any, Any]:
        if not isinstance(value, dict) or (required and not value):
            raise TypeError(value)
        return {check_key(key): check(each) for key, each in value.items()}

    return checked


IDENTIFIER = matching(rf"(?=.{{1,{values.LONGEST_ID}}}\Z){values.ID}")
VERSION = matching(values.VERSION)
GUID = matching(values.GUID)
DIGEST = matching("[!-~]{0,100}")
"""A hash, or a word in place of one."""
FILES_DIGEST = matching("(?:[0-9a-f]{64})?")
"""The SHA-256 of the files in a package, or ""."""
