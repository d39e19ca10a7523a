"""What earlier versions left: they kept no position, and made each from the place of the source and the moment."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from cuedeck.building import assembling, packing
from cuedeck.history.lock import KnownNote, Lock
from cuedeck.history.order import Order
from cuedeck.history.snapshot import Snapshot
from cuedeck.rendering.fields import RenderedNote


@contextmanager
def first_version(lock: Path) -> Iterator[None]:
    """Let what is built and released within be as version 1.0.0 left it, with the lock in its format."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembling, "order_of", _made)
        patch.setattr(packing, "_drafts", lambda *_: [])
        yield
    text = re.sub(r', "(members": "[0-9a-f]+"|due": [0-9]+|main": {[^}]+})', "", lock.read_text(encoding="utf-8"))
    lock.write_text(text.replace('{"cuedeck": 2', '{"cuedeck": 1'), encoding="utf-8")


def _made(
    notes: Sequence[RenderedNote],
    sources: Iterable[str],
    known: Mapping[str, KnownNote],
    lock: Lock,
    last: Callable[[], Snapshot | None],
) -> Order:
    places = list(sources)
    return Order({note.id: _position(note, places) for note in notes}, {})


def _position(note: RenderedNote, places: list[str]) -> int:
    source, moments = note.placed.source, note.placed.moments
    if not source or not moments:
        return 0
    return min(places.index(source.id) * 20_000 + min(moments[0].start, 19_999), 999_999)
