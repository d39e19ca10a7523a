"""What earlier versions left: they kept no positions, but made each from the place of the source and the moment."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from cuedeck.building import assembling, packing
from cuedeck.history.entries import entries
from cuedeck.history.lock import KnownNote, Lock
from cuedeck.history.lockfile import LINES
from cuedeck.history.order import Order
from cuedeck.history.snapshot import Snapshot
from cuedeck.rendering.fields import RenderedNote

# The keys that lines of the lock may have since version 1.0.0.
_LATER = {each.key for kind in LINES.values() for each in entries(kind) if each.since > 1}


@contextmanager
def first_version(lock: Path) -> Iterator[None]:
    """Within this context, build and release as version 1.0.0 did. Afterwards the lock is in its format."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembling, "order_of", _made)
        patch.setattr(packing, "_drafts", lambda *_: [])
        yield
    in_first_form(lock)


def in_first_form(lock: Path) -> None:
    """Rewrite a lock as version 1.0.0 would have written it: in its format, without what it did not know."""
    lines = [json.loads(line) for line in lock.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if next(iter(line)) not in _LATER]  # it did not know this kind of line
    for line in lines:
        for key in _LATER & line.keys():
            del line[key]
    lines[0]["cuedeck"] = 1
    lock.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")


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
