"""Notes under another id: those that say so, and those that only look so."""

import difflib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from builder.history.lock import Lock
from builder.history.snapshot import PackedNote, Snapshot
from builder.history.stamping import known_before
from builder.problems import Report
from builder.rendering.fields import RenderedNote
from builder.rendering.plain import plain

# Two notes are nearly the same where so much of each of their texts is, as difflib counts it.
_ALIKE = 0.75
_MOST_PAIRS = 10_000

_TEXTS = ("Question", "Answer", "Text")


def check_ids(notes: Sequence[RenderedNote], lock: Lock, present: Collection[str], report: Report) -> None:
    """Report each `was` that names no note of before, each id that is another note's, and each guid given twice.

    `present` are the ids of all notes in the file, those included that could not be read.
    """
    named = Counter(note.was for note in notes if note.was)
    guids: dict[str, str] = {}
    for note in notes:
        if note.was:
            _check_was(note, lock, present, named[note.was] > 1, report)
        owner = lock.found(note.id)
        if owner and owner.id != note.id and owner.id != note.was:
            report.error(
                "taken-id",
                f'"{note.id}" was the id of the note that is "{owner.id}" now, and is not free for another',
                at=note.keys,
                on="key",
                hint="choose a new id",
            )
        known = known_before(note, lock)
        guid = note.guid or (known.guid if known else "")
        other = guids.setdefault(guid, note.id) if guid else note.id
        if other != note.id:
            report.error(
                "doubled-guid",
                f'the notes "{other}" and "{note.id}" have one guid, and Anki would take them for one note',
                at=(*note.keys, "guid"),
                hint="each note has a guid of its own",
            )


def _check_was(note: RenderedNote, lock: Lock, present: Collection[str], doubled: bool, report: Report) -> None:
    owner = lock.found(note.was)
    hint = "name the id that the note had before, or take the line out"
    if note.was in present:
        said = f'"{note.was}" is still the id of a note in this file' if note.was != note.id else "this is its own id"
    elif doubled:
        said = f'another note says that it was "{note.was}", too'
    elif owner is None and lock.notes:
        said = f'there never was a note "{note.was}"'
        gone = [id for id in lock.notes if id not in present]
        near = difflib.get_close_matches(note.was, gone, n=1)
        hint = f'did you mean "{near[0]}"?' if near else hint
    elif owner and note.id in lock.notes and owner.id != note.id:
        said = f'"{note.id}" and "{note.was}" have both been built: learners have them as two notes'
        hint = f'take the line out, and retire "{note.was}"'
    elif owner and owner.id in present and owner.id != note.id:
        said = f'"{note.was}" is "{owner.id}" now'
    else:
        return
    report.error("bad-was", said, at=(*note.keys, "was"), hint=hint)


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
