"""Corrections as text files for Anki, which leave alone all that learners have besides the corrected texts.

A package replaces a note with all of its tags and fields, or does not touch it. A text file that Anki imports by guid
replaces only the fields that it names. Whoever imports the corrections first and the package after that gets every
correction from the file: Anki stamps these notes with the time of the import, so the package skips them and adds the
rest. Each line of the format is there because learners would lose something without it, as
`tests/anki/test_corrections.py` shows.
"""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from typing import Literal

from cuedeck.deck.kinds import Kind
from cuedeck.history.snapshot import PackedNote, PackedType, Snapshot
from cuedeck.media.references import references
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.rendering.notefields import CLIP, EXTRA, NOTE_ID, authors_fields, name_of
from cuedeck.updating.changes import Changes, NoteChange
from cuedeck.updating.typechanges import same_shape

Reason = Literal["tags", "files", "clip", "hazard", "touched"]
"""Why only the package brings something of a note: other tags; a picture, sound or clip that learners may not have, or
nothing but another clip; a hazard that nobody has accepted; or nothing, since what was corrected was taken back."""

BEGINNING = b"#separator:tab\n#html:true\n#notetype column:2\n"
"""How each file begins, by which it is recognized as one of ours."""

# Anki takes no tags from a column that no row has. If none is named, newer versions take the one after the last field,
# which a learner may have renamed.
_TAGS_COLUMN = 99
# The first column is empty in all rows: a first field that a learner renamed would be filled from it.
_COLUMNS = ("(leave empty)", "note type", "guid")
_NOT_IN_A_LINE = regex("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ROW = regex(r'\t[0-9]+\t"([^"]*(?:""[^"]*)*)"(?:\t"[^"]*(?:""[^"]*)*")+\n')
# Anki removes these from texts, and both ways have to bring the same text.
_REMOVED = dict.fromkeys(map(ord, "\0\r\x1f"))


@dataclass(frozen=True)
class Sheet:
    """A file of corrections: its name, the version from which they lead, and its notes, all of one kind."""

    name: str
    base: str
    kind: Kind
    notes: tuple[NoteChange, ...]
    data: bytes


@dataclass(frozen=True)
class Corrections:
    """What a text can bring from one release to a later one, and what only the package brings.

    `sheets` are the files, none for a kind without corrections. `left` are the notes of which only the package brings
    something. If such a note is in a file as well, that brings its text.
    """

    sheets: tuple[Sheet, ...] = ()
    left: tuple[tuple[NoteChange, Reason], ...] = ()

    @property
    def carried(self) -> tuple[NoteChange, ...]:
        """All notes in the files."""
        return tuple(note for sheet in self.sheets for note in sheet.notes)


NO_CORRECTIONS = Corrections()


def corrections_between(
    changes: Changes, others: Collection[Snapshot] = (), refused: Collection[str] = ()
) -> Corrections:
    """Return the corrections between two releases.

    A row keeps what a learner wrote into Extra if that did not change. But if one of the `others`, the other releases
    that learners may have, lacks the note, its row is complete, in case they take the file of a wrong release.
    `refused` are the ids of notes whose change nobody has accepted, although a package with it would be refused.
    """
    base, new = changes.old, changes.new
    had_files = {name for note in base.notes.values() for html in note.fields.values() for name in references(html)}
    shared = set(base.notes).intersection(*(other.notes for other in others))
    rows: dict[Kind, list[tuple[NoteChange, bool]]] = {kind: [] for kind in Kind}
    left: list[tuple[NoteChange, Reason]] = []
    for change in changes.notes:
        if not (change.old and change.new and _is_matched(change.old, change.new, changes)):
            continue
        old, note = change.old, change.new
        changed = {each.key for each in authors_fields(note.kind) if _differs(old, note, each.key)}
        has_other_tags = set(old.tags) != set(note.tags)
        # A clip is a file, so only the package brings it, and only to notes that no text import stamped before.
        has_other_clip = _differs(old, note, CLIP.key)
        if has_other_clip or changed - {NOTE_ID.key}:
            is_whole = EXTRA.key in changed or note.guid not in shared
            if note.id in refused:
                left.append((change, "hazard"))
            elif has_other_clip and not changed - {NOTE_ID.key}:
                left.append((change, "clip"))
            elif has_other_clip or not had_files.issuperset(_files_of(note)):
                left.append((change, "files"))
            else:
                rows[note.kind].append((change, is_whole))
                if has_other_tags:
                    left.append((change, "tags"))
        elif has_other_tags:
            left.append((change, "tags"))
        elif change.fate == "touched":
            left.append((change, "touched"))
    return Corrections(tuple(_sheet(kind, of, base, new) for kind, of in rows.items() if of), tuple(left))


def guids_in(data: bytes) -> list[str]:
    """Return the guids in the rows of a file of corrections, read from its bytes.

    Raises ValueError if the file is not in the format.
    """
    text = data.decode()
    place = text.index("\n", text.index("\n#columns:") + 1) + 1
    guids = []
    while place < len(text):
        found = _ROW.match(text, place)
        if found is None:
            raise ValueError("a row is not in the format")
        guids.append(found[1].replace('""', '"'))
        place = found.end()
    return guids


def _is_matched(old: PackedNote, new: PackedNote, changes: Changes) -> bool:
    """Return whether Anki takes two notes to be one, with the same fields."""
    types = changes.old.types[old.type], changes.new.types[new.type]
    return old.guid == new.guid and old.type == new.type and same_shape(*types)


def _differs(old: PackedNote, new: PackedNote, key: str) -> bool:
    return _as_kept(old.fields.get(key, "")) != _as_kept(new.fields.get(key, ""))


def _files_of(note: PackedNote) -> Iterator[str]:
    for each in authors_fields(note.kind):
        yield from references(note.fields.get(each.key, ""))


def _sheet(kind: Kind, rows: Sequence[tuple[NoteChange, bool]], base: Snapshot, new: Snapshot) -> Sheet:
    notes = [(change.new, is_whole) for change, is_whole in rows if change.new]
    type = base.types[notes[0][0].type]
    keys = [*(each.key for each in authors_fields(kind) if each is not EXTRA), EXTRA.key]
    head = [f"#notetype:{type.number}", "#guid column:3", f"#tags column:{_TAGS_COLUMN}"]
    # Without these, Anki would do what the learner chose at an earlier import.
    head += ["#if matches:update current", "#match scope:notetype", f"#deck:{_deck([note for note, _ in notes], new)}"]
    head.append("#columns:" + "\t".join([*_COLUMNS, *_names(keys, type)]))
    body = (_row(note, keys if is_whole else keys[:-1]) for note, is_whole in notes)
    text = "".join(f"{line}\n" for line in (*head, *body))
    what = "questions" if kind is Kind.QA else "cloze"
    name = f"{new.manifest.deck}-{new.version}-corrections-from-{base.version}-{what}.tsv"
    return Sheet(name, base.version, kind, tuple(change for change, _ in rows), BEGINNING + text.encode())


def _names(keys: Sequence[str], type: PackedType) -> list[str]:
    """Return the names that fields have for learners before they import the package, which may rename them."""
    names = dict(zip(type.keys, type.fields, strict=True))
    return [_in_a_line(names.get(key, name_of(key))) for key in keys]


def _deck(notes: Collection[PackedNote], new: Snapshot) -> str:
    """Return the deck for notes that learners lack because they deleted them: that of all of them, or the main one."""
    names = {note.deck for note in notes}
    return _in_a_line(names.pop() if len(names) == 1 else new.manifest.title)


def _row(note: PackedNote, keys: Sequence[str]) -> str:
    cells = [note.guid, *(_as_kept(note.fields.get(key, "")) for key in keys)]
    # Quoted by hand: Python's csv leaves a text that begins with "#" as it is, and Anki takes it for a comment.
    quoted = ('"' + cell.replace('"', '""') + '"' for cell in cells)
    return "\t".join(["", str(note.type), *quoted])


def _as_kept(html: str) -> str:
    """Return a field as Anki keeps it after an import of either kind."""
    text = html.replace("\r\n", "\n").translate(_REMOVED)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _in_a_line(name: str) -> str:
    return _NOT_IN_A_LINE.sub("", name)
