"""Release notes for learners, in Markdown: what has changed, by concept and moment, and what they may want to do."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from cuedeck.rendering.notefields import CLIP, MY_NOTES
from cuedeck.rendering.notetypes import STYLE_FILE, search
from cuedeck.updating.changes import Changes, NoteChange, search_of
from cuedeck.updating.corrections import NO_CORRECTIONS, Corrections
from cuedeck.updating.fieldchanges import FieldChange
from cuedeck.updating.harms import HARMS
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.mediachanges import Files, in_words
from cuedeck.updating.sayings import has_id, with_sound_marks, without_gaps
from cuedeck.updating.wordedits import word_edits
from cuedeck.wording import counted

_SIGNS = re.compile(r"([\\`*_\[\]<>~#|&])")
_FATE_WORDS = {
    "updated": "corrected",
    "back": "back in the deck",
    "doubled": "comes as a new note beside yours",
    "stale": "corrected, but this does not reach the note that you have",
}
_COMING = ("new", "back", "doubled")
_GONE = ("retired", "vanished")
_ONCE = (
    "This version replaces the notes that you have, this once, which overwrites your own edits and tags on them. Your "
    "progress stays, and later versions leave your edits and tags on all notes that have not changed."
)
_REPLACES = "only the deck itself brings this, and replaces your own tags and words on them"
# Why notes are not in the corrections, or not with everything.
_ONLY_PACKAGE = {
    "files": f"New pictures, sounds or clips in {{notes}}: {_REPLACES}.",
    "clip": f"Other clips on {{notes}}: {_REPLACES}.",
    "tags": f"Other tags on {{notes}}: {_REPLACES}.",
    "hazard": f"A change of what a card asks in {{notes}}: {_REPLACES}.",
    "missed": "Other tags on {notes}: you do not get them if you import the corrections first.",
}
_MARKS = {"same": "{}", "gone": "~~{}~~", "come": "**{}**"}


def first_notes(notes: int, cards: int, files: Files, accepted: Collection[str], deck: str) -> str:
    """Return the release notes of a first release.

    `files` are its pictures and sounds. `accepted` are the keys of hazards for those who had the deck before, from its
    drafts or from elsewhere. `deck` is the id of the deck.
    """
    lines = [f"* First release, with {counted(notes, 'note')} and {counted(cards, 'card')}."]
    if files:
        lines.append(f"* It contains {in_words(files)}.")
    subjects: dict[str, list[str]] = defaultdict(list)
    for key in accepted:
        name, _, subject = key.partition(":")
        subjects[name].append(subject)
    # Another version of Cuedeck, with other names of hazards, may have written the lock.
    told = [_to_learners(name, search(ids, deck), len(ids)) for name, ids in subjects.items() if name in HARMS]
    if lines_of := [text for text in dict.fromkeys(told) if text]:
        lines += ["* If you had the deck before:", *(f"  * {text}" for text in lines_of)]
    return _joined(lines)


def release_notes(
    changes: Changes,
    hazards: Sequence[Hazard],
    corrections: Corrections = NO_CORRECTIONS,
    is_bridged: bool = False,
) -> str:
    """Return a Markdown list of what has changed, and of what learners may want to do about the hazards.

    `corrections` are those that learners of the older package can import first. If the way to the newer one
    `is_bridged`, the first lines say how learners of another tool's package get it, and what that does.
    """
    gone = [note for note in changes.notes if note.fate in _GONE]
    arrived = [note for note in changes.notes if note.fate not in (*_GONE, "rerendered", "unchanged", "touched")]
    corrected = [note for note in arrived if not _is_only_clip(note)]
    clips = [note for note in arrived if _is_only_clip(note)]
    lines = [f"* {HARMS['type-changed'].to_learners}", f"* {_ONCE}"] if is_bridged else []
    lines += [*_by_concept(corrected), *_left_behind(gone, changes), *_rerendered(changes), *_of_clips(clips)]
    if any(changes.address):
        lines.append("* Links to the recording lead to another address.")
    if any(changes.source):
        lines.append(f"* The source has a new name: {_edited(*changes.source)}")
    if changes.looks:
        lines.append(
            "* The cards have a new look. It replaces what you changed in Anki's templates and styling, but not your "
            f"own file `{STYLE_FILE}`."
        )
    if changes.shows_own_notes:
        lines.append(
            f"* The field *{MY_NOTES.name}* is yours: the back of each card shows what you write there. It was called "
            f"*{MY_NOTES.key}* before, so you now see what you or another tool had put into it. An update empties it "
            "only on a note that was corrected."
        )
    if added := changes.media.added:
        lines.append(f"* New: {in_words(added)}.")
    if left := changes.media.left:
        lines.append(
            f"* No longer used: {in_words(left)}. To delete such files, choose *Tools > Check Media > Delete "
            "Unused* in Anki."
        )
    lines += [f"* {text}" for text in _of_hazards(hazards, changes)]
    lines += [] if is_bridged else [f"* {text}" for text in _of_touched(changes, hazards)]
    lines += [f"* {text}" for text in _of_corrections(corrections)]
    return _joined(lines) or "* Nothing that you can see on a card.\n"


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _by_concept(notes: Sequence[NoteChange]) -> Iterator[str]:
    for concept, group in groupby(notes, key=lambda note: note.concept):
        yield f"* **{_escaped(concept)}**" if concept else "* Without a concept"
        for note in group:
            yield f"  * {_note_line(note)}"
            for change in note.fields:
                yield from (f"    * {line}" for line in _field_lines(change))


def _note_line(note: NoteChange) -> str:
    another_form = bool(note.old and note.new and note.old.kind != note.new.kind)
    words = "has a new form" if another_form else _FATE_WORDS.get(note.fate, note.fate)
    if note.moved_from:
        words += f", moved here from {_escaped(note.moved_from)}"
    shows = note.fate in _COMING or another_form or not has_id(note.note)
    asked = f": {_escaped(_question(note))}" if shows else ""
    tags = " (tags)" if not note.fields and (note.tags_added or note.tags_removed) else ""
    name = f" ({_code(note.id)})" if has_id(note.note) else ""
    return f"{note.moment}{' ' * bool(note.moment)}{words}{tags}{name}{asked}"


def _question(note: NoteChange) -> str:
    return without_gaps(with_sound_marks(next(iter(note.note.fields.values()), ""))) or note.label


def _field_lines(change: FieldChange) -> Iterator[str]:
    if not change.same_words:
        yield f"{change.name}: {_edited(change.before, change.after)}"
    for sentence in change.said:
        yield f"{change.name}: {_escaped(sentence)}"


def _edited(before: str, after: str) -> str:
    """Return an edit of a text, with removed words struck through and new words bold.

    Every mark has a space outside and none inside, so that Markdown recognizes it next to any sign. Edits are of whole
    words, which have a space between them anyway.
    """
    pieces = ((piece.kind, piece.text.strip()) for piece in word_edits(before, after))
    return " ".join(_MARKS[kind].format(_escaped(text)) for kind, text in pieces if text)


def _left_behind(gone: Sequence[NoteChange], changes: Changes) -> Iterator[str]:
    if not gone:
        return
    yield "* No longer part of the deck; you keep them:"
    for note in gone:
        name = _code(note.id) if has_id(note.note) else _escaped(note.label)
        yield f"  * {name}" + (f": {_escaped(note.why)}" if note.why else "")
    yield f"  * To find them in Anki's browser, and suspend or delete them: {_code(search_of(gone, changes))}"


def _is_only_clip(note: NoteChange) -> bool:
    """Return whether only the clip of a note has changed: of these there are many, and their files are counted."""
    is_all = [field.name for field in note.fields] == [CLIP.name] and not (note.tags_added or note.tags_removed)
    return note.fate == "updated" and is_all


def _of_clips(notes: Sequence[NoteChange]) -> Iterator[str]:
    playing = sum(bool(note.note.fields.get(CLIP.key)) for note in notes)
    if playing:
        have = counted(playing, "note has", "notes have")
        yield f"* {have} a new clip of the recording: the player on the back plays the passage that a card is about."
    if silent := len(notes) - playing:
        yield f"* {counted(silent, 'note')} no longer {'has' if silent == 1 else 'have'} a clip of the recording."


def _rerendered(changes: Changes) -> Iterator[str]:
    """Yield the names of the notes that nobody edited; their hazard says what becomes of them."""
    if names := [_code(note.id) for note in changes.notes if note.fate == "rerendered"]:
        yield f"* Shown differently by a new version of the tool that makes this deck: {', '.join(names)}"


def _of_hazards(hazards: Sequence[Hazard], changes: Changes) -> Iterator[str]:
    """Yield what learners may want to know and do, once for all hazards of the same name."""
    groups: dict[str, dict[str, None]] = defaultdict(dict)
    for hazard in hazards:
        groups[hazard.name] |= dict.fromkeys(hazard.notes or (hazard.subject,))
    told = (_to_learners(name, _search_of_ids(ids, changes), len(ids)) for name, ids in groups.items())
    yield from filter(None, dict.fromkeys(told))


def _search_of_ids(ids: Mapping[str, None], changes: Changes) -> str:
    return search_of([changes.by_name[id] for id in ids if id in changes.by_name], changes)


def _to_learners(name: str, found_by: str, count: int) -> str:
    return HARMS[name].to_learners.format(search=_code(found_by), notes=counted(count, "note"))


def _of_touched(changes: Changes, hazards: Sequence[Hazard]) -> Iterator[str]:
    touched = changes.counts.get("touched", 0)
    if touched and not any(hazard.key == "mass-update:nothing" for hazard in hazards):
        are, them = ("is", "it") if touched == 1 else ("are", "them")
        yield (
            f"{counted(touched, 'note')} {are} replaced although nothing changed in the end; this overwrites your own "
            f"edits and tags on {them}."
        )


def _of_corrections(corrections: Corrections) -> Iterator[str]:
    """Yield what learners gain if they import the corrections first, and what only the package brings them."""
    if count := len(corrections.carried):
        notes = "the corrected note" if count == 1 else f"the {count:,} corrected notes"
        yield f"If you import the corrections before the deck, you keep your own tags and fields on {notes}."
    groups: dict[str, list[str]] = defaultdict(list)
    carried = {note.note.guid for note in corrections.carried}
    for note, reason in corrections.left:
        name = _code(note.id) if has_id(note.note) else _escaped(note.label)
        groups["missed" if note.note.guid in carried else reason].append(name)
    for what, sentence in _ONLY_PACKAGE.items():
        if names := groups.get(what):
            # Clips are often added to all notes at once.
            yield sentence.format(notes=counted(len(names), "note") if what == "clip" else ", ".join(names))


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)


def _code(text: str) -> str:
    """Return a text as code, between more backticks than it contains itself."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " * (text.startswith("`") or text.endswith("`"))
    return f"{fence}{space}{text}{space}{fence}"
