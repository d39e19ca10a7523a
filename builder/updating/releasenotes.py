"""Release notes for learners, in Markdown: what changed, by concept and moment, and what they may want to do."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from builder.rendering.plain import plain, runs_and_gaps
from builder.rendering.searching import search
from builder.updating.changes import Changes, FieldChange, NoteChange
from builder.updating.hazards import Hazard
from builder.updating.wordedits import word_edits

_SIGNS = re.compile(r"([\\`*_\[\]<>~#|])")
_MARKER = re.compile(r"\{\{c[0-9,]+::(.*?)(?:::.*?)?\}\}")
_WORDS = {"updated": "corrected", "touched": "replaced by the same", "stale": "differs, but does not arrive"}

# What a learner may do about a hazard; {search} finds the notes in Anki's browser, {count} is their number.
_TO_DO = {
    "kind-changed": "Some questions have another form now, which Anki does not bring to notes that are there. "
    "To get them, delete {search} and import the deck again; their progress begins anew.",
    "cloze-moved": "In some texts the gaps changed places, so that reviews of one gap count for another. "
    "To start these cards anew, choose *Reset* for {search}.",
    "cloze-replaced": "Some gaps ask for another answer now, so that old reviews count for it. "
    "To start these cards anew, choose *Reset* for {search}.",
    "looks-renamed": "Some notes come as new ones, and what you learned stays with the old.",
    "title-changed": "The deck has another name now. Your cards stay in the old one: move them, and delete it.",
    "type-changed": "For this update only, tick *Merge note types* in the import options.",
    "cloze-gone": "Some cards are blank now. *Tools > Empty Cards* removes them.",
    "reverse-gone": "Some cards are blank now. *Tools > Empty Cards* removes them.",
    "mass-update": "{count} notes are replaced as a whole, and with them your own edits and tags on those.",
}


def first_notes(notes: int, cards: int) -> str:
    """Return the release notes of a first release with so many notes and cards."""
    return f"* First release, with {notes} notes and {cards} cards.\n"


def release_notes(changes: Changes, hazards: Sequence[Hazard]) -> str:
    """Return what changed as a Markdown list, and what learners may want to do about the hazards."""
    gone = [note for note in changes.notes if note.fate in ("retired", "vanished")]
    arrived = [note for note in changes.notes if note.fate not in ("retired", "vanished", "unchanged")]
    lines = [*_by_concept(arrived), *_left_behind(gone)]
    if changes.looks:
        lines.append("* The cards have a new look.")
    lines += [f"* {text}" for text in dict.fromkeys(_to_do(hazards))]
    return "".join(f"{line}\n" for line in lines) or "* Nothing that a card shows.\n"


def _by_concept(notes: Sequence[NoteChange]) -> Iterator[str]:
    for concept, group in groupby(notes, key=lambda note: note.concept):
        yield f"* **{_escaped(concept)}**" if concept else "* Without a concept"
        for note in group:
            yield f"  * {_told(note)}"
            yield from (f"    * {_told_field(change)}" for change in note.fields)


def _told(note: NoteChange) -> str:
    words = _WORDS.get(note.fate, note.fate)
    if note.moved_from:
        words += f", moved here from {_escaped(note.moved_from)}"
    asked = f": {_escaped(_question(note))}" if note.fate == "new" else ""
    tags = "" if note.fields or not (note.tags_added or note.tags_removed) else " (tags)"
    return f"{note.moment}{' ' * bool(note.moment)}{words}{tags} (`{note.id}`){asked}"


def _question(note: NoteChange) -> str:
    fields = note.note.fields
    if note.note.kind != "cloze":
        return plain(fields.get("Question", ""))
    runs, _ = runs_and_gaps(fields.get("Text", ""))
    return " ".join("".join(run.text for run in runs).split())


def _told_field(change: FieldChange) -> str:
    if change.before == change.after:
        return f"{change.name}: markup or an address only"
    before, after = (_MARKER.sub(r"[\1]", text) for text in (change.before, change.after))
    if before == after:
        before, after = change.before, change.after
    marks = {"same": "{}", "gone": "~~{}~~", "come": "**{}**"}
    pieces = []
    for piece in word_edits(before, after):
        # Markdown takes no mark that has a space on its inner side.
        core = piece.text.strip()
        lead, _, trail = piece.text.partition(core) if core else (piece.text, "", "")
        pieces.append(lead + (marks[piece.kind].format(_escaped(core)) if core else "") + trail)
    return f"{change.name}: {''.join(pieces)}"


def _left_behind(gone: Sequence[NoteChange]) -> Iterator[str]:
    if not gone:
        return
    yield "* No longer part of the deck; you keep them:"
    for note in gone:
        yield f"  * `{note.id}`" + (f": {_escaped(note.why)}" if note.why else "")
    yield f"  * To find them in Anki's browser, and suspend or delete them: `{search([note.id for note in gone])}`"


def _to_do(hazards: Sequence[Hazard]) -> Iterator[str]:
    for hazard in hazards:
        parts = sorted({other.part for other in hazards if other.name == hazard.name})
        count = re.match(r"\d+", hazard.message)
        if hazard.name in _TO_DO:
            yield _TO_DO[hazard.name].format(search=f"`{search(parts)}`", count=count[0] if count else "Some")


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)
