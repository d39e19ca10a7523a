"""The fate of every note, in words for an author's terminal and as plain data for other tools."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from cuedeck.rendering.notefields import MY_NOTES
from cuedeck.updating.changes import FATES, Changes, NoteChange
from cuedeck.updating.corrections import Corrections, Reason
from cuedeck.updating.fieldchanges import FieldChange
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.mediachanges import in_words
from cuedeck.updating.wordedits import Piece, word_edits
from cuedeck.wording import listed

_FATE_WORDS = {
    "rerendered": "not edited, but rendered differently by this version of Cuedeck",
    "back": "back in the deck",
    "doubled": "comes a second time",
    "touched": "replaced, although nothing in it has changed",
    "stale": "changed, but never arrives",
    "vanished": "vanished without a reason",
}
_COUNTED = {"doubled": "coming a second time", "touched": "replaced without a change", "stale": "never arriving"}
_CONTEXT = 40
_REASONS: Mapping[Reason, str] = {
    "tags": "its tags",
    "files": "a picture, sound or clip that learners do not have",
    "clip": "its clip",
    "hazard": "a hazard that was not accepted",
    "touched": "it reads as before, but is replaced",
}


def summary(changes: Changes) -> str:
    """Return how many notes have which fate, such as "2 updated, 1 new, 124 unchanged"."""
    counts = changes.counts
    parts = [f"{counts[fate]} {_COUNTED.get(fate, fate)}" for fate in FATES if fate in counts]
    moved = sum(bool(note.moved_from) for note in changes.notes)
    renamed = sum(bool(note.renamed_from) for note in changes.notes)
    parts += [f"{moved} moved to another concept"] * bool(moved) + [f"{renamed} renamed"] * bool(renamed)
    return ", ".join(parts) or "no notes"


def change_lines(changes: Changes) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """Yield the lines on each note, by concept: plain words, and after them the edit of a text, if any."""
    for concept, notes in groupby(changes.reportable, key=lambda note: note.concept):
        yield concept or "(no concept)", ()
        for note in notes:
            yield f"  {' '.join(filter(None, (note.moment, note.label)))}: {fate_words(note)}", ()
            for change in note.fields:
                yield from _field_lines(change)
            for sign, tags in (("+", note.tags_added), ("-", note.tags_removed)):
                if tags:
                    yield f"    Tags: {', '.join(f'{sign}{tag}' for tag in tags)}", ()
    if changes.another_main:
        yield "the main source is now another one", ()
    if any(changes.address):
        yield f"links to the main source now lead elsewhere: {changes.address[0]} -> {changes.address[1]}", ()
    if any(changes.source):
        yield "the main source is now called: ", word_edits(*changes.source)
    if added := changes.media.added:
        yield f"new for learners: {in_words(added)}", ()
    if left := changes.media.left:
        kept = "learners keep it until they choose Tools > Check Media > Delete Unused in Anki"
        yield f"no longer used: {in_words(left)}; {kept}", ()
    for name in changes.looks:
        yield f'the look of the cards changes: note type "{name}"', ()
    if changes.shows_own_notes:
        was = f'and was called "{MY_NOTES.key}"'
        yield f'cards now show the field "{MY_NOTES.name}", which is for the learner\'s own words {was}', ()


def correction_lines(corrections: Corrections) -> Iterator[str]:
    """Yield which notes the corrections bring, and what only the package brings; nothing if there are none."""
    if corrections.carried:
        names = listed([note.label for note in corrections.carried])
        yield f"in the corrections, which keep learners' tags and own fields: {names}"
    yield from left_lines(corrections)


def left_lines(corrections: Corrections) -> Iterator[str]:
    """Yield which notes have something that only the package brings, each with what it is."""
    if left := corrections.left:
        yield "only in the package: " + ", ".join(f"{note.label} ({_REASONS[reason]})" for note, reason in left)


def fate_words(note: NoteChange) -> str:
    """Return what becomes of a note, such as "updated, moved from Hard abandonment"."""
    if note.fate == "retired":
        words = [f"retired ({note.why})" if note.why else "taken out"]
    else:
        words = [_FATE_WORDS.get(note.fate, note.fate)]
    words += [f"moved from {note.moved_from}"] * bool(note.moved_from)
    words += [f"renamed from {note.renamed_from}"] * bool(note.renamed_from)
    return ", ".join(words)


def _field_lines(change: FieldChange) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    if not change.same_words:
        yield f"    {change.name}: ", tuple(_shortened(word_edits(change.before, change.after)))
    for sentence in change.said:
        yield f"    {change.name}: {sentence}", ()


def _shortened(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces; of text that stays, only a little before and after each change."""
    for place, piece in enumerate(pieces):
        text = piece.text
        if piece.kind == "same" and len(text) > 2 * _CONTEXT:
            before = "" if place == 0 else text[:_CONTEXT]
            after = "" if place == len(pieces) - 1 else text[-_CONTEXT:]
            text = f"{before}…{after}"
        yield Piece(piece.kind, text)


def as_json(
    old: str, new: str, changes: Changes, hazards: Sequence[Hazard], corrections: Corrections
) -> dict[str, Any]:
    """Return the comparison of two states, named `old` and `new`, as plain data; unchanged notes are only counted."""
    return {
        "old": {"name": old, "version": changes.old.version or None},
        "new": {"name": new, "version": changes.new.version or None},
        "counts": {fate: changes.counts.get(fate, 0) for fate in FATES},
        "looks": list(changes.looks),
        "media": {
            what: [{"name": name, "path": file.path, "size": file.size} for name, file in files.items()]
            for what, files in (("added", changes.media.added), ("left", changes.media.left))
        },
        "address": list(changes.address) if any(changes.address) else None,
        "source": list(changes.source) if any(changes.source) else None,
        "notes": [_note_json(note) for note in changes.reportable],
        "corrections": {
            "notes": [note.id for note in corrections.carried],
            "only_in_package": [{"id": note.id, "reason": reason} for note, reason in corrections.left],
        },
        "hazards": [
            {
                "name": hazard.name,
                "subject": hazard.subject,
                "message": hazard.message,
                "hint": hazard.hint,
                "notes": list(hazard.notes),
                "refused": hazard.refused,
                "costs_progress": hazard.costs_progress,
            }
            for hazard in hazards
        ],
    }


def _note_json(note: NoteChange) -> dict[str, Any]:
    return {
        "id": note.id,
        "guid": note.note.guid,
        "label": note.label,
        "kind": note.note.kind,
        "fate": note.fate,
        "concept": note.concept,
        "moment": note.moment,
        "moved_from": note.moved_from or None,
        "renamed_from": note.renamed_from or None,
        "why": note.why or None,
        "fields": [
            {"name": each.name, "before": each.before, "after": each.after, "said": list(each.said)}
            for each in note.fields
        ],
        "tags_added": list(note.tags_added),
        "tags_removed": list(note.tags_removed),
    }
