"""Results that are remembered while a command runs, so that a preview that follows edits finds out only what is new."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Argument = TypeVar("Argument")
Result = TypeVar("Result")

# Two texts for each note of a very large course. It is limited, since every edit adds some.
_MOST = 30_000
# The notes of nearly any deck. An edit of something that all notes have in common makes all of them anew.
_MOST_OBJECTS = 10_000


def remembered(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Return a function like this one that remembers its results.

    They must depend on nothing but the arguments, and both must be values that nobody changes. The arguments must be
    short, such as the text of a field.
    """
    return cast(Callable[Arguments, Result], lru_cache(maxsize=_MOST)(function))


def remembered_of(function: Callable[[Argument], Result]) -> Callable[[Argument], Result]:
    """Return a function like this one that remembers its result for each object, such as a note.

    The result must depend on nothing but the object, and nobody may change either of them. Another object that is equal
    counts as another one, so the argument may be as large as it likes. Several threads may ask at once; at worst, a
    result is found out twice.
    """
    # With the object, since its number is its own only as long as it exists. What has not been asked for while so many
    # others were is forgotten.
    known: dict[int, tuple[Argument, Result]] = {}
    older: dict[int, tuple[Argument, Result]] = {}

    def found(argument: Argument) -> Result:
        nonlocal known, older
        number = id(argument)
        if (entry := known.get(number)) is None:
            entry = older.get(number) or (argument, function(argument))
            if len(known) >= _MOST_OBJECTS:
                known, older = {}, known
            known[number] = entry
        return entry[1]

    return found
