"""Patterns that are compiled when they are first used, since a run needs few of them, and compiling takes long.

A check knew some 480 patterns, and compiling all of them took longer than reading a deck of a hundred notes.
"""

import re
from typing import TYPE_CHECKING, Any, AnyStr

if TYPE_CHECKING:
    from re import compile as regex
else:

    class regex:  # noqa: N801  it is called like `re.compile`
        """What `re.compile` returns, compiled when one of its methods is first used."""

        def __init__(self, pattern: AnyStr, flags: int = 0) -> None:
            self._arguments = pattern, flags

        def __getattr__(self, name: str) -> Any:
            # Python calls this only for a name that it does not find, so the second time it finds the method itself.
            method = getattr(re.compile(*self._arguments), name)
            setattr(self, name, method)
            return method


__all__ = ["regex"]
