"""Results that are remembered while a command runs, so that a preview that follows edits finds out only what is new."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# Two texts for each note of a very large course. It is limited, since every edit adds some.
_MOST = 50_000


def remembered(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Return a function like this one that remembers its results.

    They must depend on nothing but the arguments, and both must be values that nobody changes. The arguments must be
    short, such as the text of a field.
    """
    return cast(Callable[Arguments, Result], lru_cache(maxsize=_MOST)(function))
