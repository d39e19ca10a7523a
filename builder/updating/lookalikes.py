"""Notes under a new id that say what one says that is gone: learners would lose their progress on it."""

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from builder.history.lock import Lock
from builder.history.snapshot import PackedNote, Snapshot
from builder.history.stamping import known_before
from builder.rendering.fields import RenderedNote
from builder.rendering.plain import plain

# Two notes are nearly the same where so much of each of their texts is, as difflib counts it.
_ALIKE = 0.75
_MOST_PAIRS = 10_000

_TEXTS = ("Question", "Answer", "Text")


def renamed_looks(
    notes: Sequence[RenderedNote], lock: Lock, last: Callable[[], Snapshot | None], named: Collection[str]
) -> Iterator[tuple[RenderedNote, str]]:
    """Yield each new note that says the same, or nearly the same, as one that is gone, and that one's id.

    `last` returns the package of the last build, which is asked for its texts only where notes came and went. `named`
    are all ids that the file names, those that notes had before included.
    """
    gone = {id: known for id, known in lock.notes.items() if id not in named}
    new = [note for note in notes if known_before(note, lock) is None]
    if not gone or not new:
        return
    by_content = {(known.kind, known.content): id for id, known in gone.items()}
    snapshot = last()
    packed = [note for note in snapshot.notes.values() if note.id in gone] if snapshot else []
    alike = look_alikes({note.id: (note.kind, note.named_fields) for note in new}, packed)
    for note in new:
        if id := by_content.get((note.kind, note.content)) or alike.get(note.id):
            yield note, id


def look_alikes(new: Mapping[str, tuple[str, Mapping[str, str]]], gone: Sequence[PackedNote]) -> dict[str, str]:
    """Return which new notes say the same, or nearly the same, as one that is gone: the ids of both.

    `new` are the kinds and fields of the new notes by id. Where there are very many of both, only the same counts.
    """
    same = {(note.kind, _texts(note.fields)): note.id for note in gone}
    found = {}
    for id, (kind, fields) in new.items():
        texts = _texts(fields)
        near = same.get((kind, texts))
        if near is None and len(new) * len(gone) <= _MOST_PAIRS:
            near = next((note.id for note in gone if note.kind == kind and _alike(texts, _texts(note.fields))), None)
        if near and any(texts):
            found[id] = near
    return found


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    matchers = [difflib.SequenceMatcher(None, *pair, autojunk=False) for pair in zip(one, other, strict=True)]
    return all(
        matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
        for matcher in matchers
    )


def _texts(fields: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(plain(fields.get(name, "")) for name in _TEXTS)
