"""How long work reports how far it is, whoever shows that, if anybody does."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")

Progress = Callable[[str, int, int], None]
"""Takes what is being done, such as "answering cards", the number of steps done, and of all; 0 if nobody knows it."""


def unreported(doing: str, done: int, of: int) -> None:
    """Report nothing."""


def reported(items: Sequence[_Item], doing: str, progress: Progress) -> Iterator[_Item]:
    """Yield the items, and report before each how many are done."""
    for done, item in enumerate(items):
        progress(doing, done, len(items))
        yield item
