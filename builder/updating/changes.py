"""What a learner who has one package gets from another: the fate of every note."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Literal, get_args

from builder.history.snapshot import PackedNote, Snapshot
from builder.rendering.plain import plain

Fate = Literal["updated", "new", "touched", "stale", "retired", "vanished", "unchanged"]
FATES: tuple[Fate, ...] = get_args(Fate)

_LINK = re.compile(r'<a class="cue-moment" href="([^"]*)">([^<]*)</a>')
# The fields that say the same thing three times for the templates, and those that no card shows.
_HIDDEN = frozenset({"Seconds", "Timecode", "Note ID", "Spare 1", "Spare 2", "Spare 3"})
_NAMES = {"Clock": "Moment", "Reverse": "Reverse card"}


@dataclass(frozen=True)
class FieldChange:
    """What one field showed and shows now, as plain text; the same text twice where only its markup changed."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class NoteChange:
    """What becomes of one note.

    new        the learner gets it
    updated    its text, tags or moment are replaced
    touched    it is replaced by the same, and with it what the learner added
    stale      it differs, but the learner never gets it: its time is not newer, or its note type another
    unchanged  nothing happens to it
    retired    it is no longer handed out, for the reason in `why`; the learner keeps it
    vanished   the same without a word

    `concept` and `moment` are those of the newer note; `moved_from` is the title of its concept before, `renamed_from`
    the id it had, each "" where that is the same. `old` and `new` are the note in either package.
    """

    id: str
    fate: Fate
    old: PackedNote | None
    new: PackedNote | None
    fields: tuple[FieldChange, ...] = ()
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    moved_from: str = ""
    renamed_from: str = ""
    why: str = ""

    @property
    def note(self) -> PackedNote:
        """The newer of both."""
        found = self.new or self.old
        assert found is not None  # a change without a note is none
        return found

    @property
    def concept(self) -> str:
        """The title of the note's concept."""
        return plain(self.note.fields.get("Concept", ""))

    @property
    def moment(self) -> str:
        """The note's first moment, such as 01:32; "" for a note without."""
        if clock := self.note.fields.get("Clock", ""):
            return clock
        found = _LINK.search(self.note.fields.get("Links", ""))
        return unescape(found[2]).partition(" ")[2] if found else ""


@dataclass(frozen=True)
class Changes:
    """The fate of every note of two packages, in the order of the talk."""

    old: Snapshot
    new: Snapshot
    notes: tuple[NoteChange, ...]

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many notes meet which fate."""
        return Counter(note.fate for note in self.notes)

    @property
    def looks(self) -> tuple[str, ...]:
        """The names of the note types whose templates or style change."""
        pairs = ((type, self.old.types.get(number)) for number, type in self.new.types.items())
        return tuple(type.name for type, old in pairs if old and old.look != type.look and old.time < type.time)

    @property
    def telling(self) -> tuple[NoteChange, ...]:
        """The notes of which there is something to say."""
        return tuple(note for note in self.notes if note.fate != "unchanged" or note.renamed_from)


def compare(old: Snapshot, new: Snapshot) -> Changes:
    """Return what becomes of every note when a learner who has `old` imports `new` with Anki's default options.

    Anki finds a note by its guid and takes it if its time is newer, whatever is in it.
    """
    comparison = _Comparison(old, new)
    changes = [comparison.change(old.notes.get(guid), new.notes.get(guid)) for guid in {**old.notes, **new.notes}]
    return Changes(old, new, tuple(sorted(changes, key=lambda each: (each.note.due, each.note.note, each.id))))


class _Comparison:
    """What has to be known of two packages to tell the fate of one note."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self._old, self._new = old, new
        self._concepts = {note.fields.get("Concept", "") for note in new.notes.values()}

    def change(self, old: PackedNote | None, new: PackedNote | None) -> NoteChange:
        if old is None:
            assert new is not None  # one of them is there
            return NoteChange(new.id, "new", None, new)
        if new is None:
            why = self._new.why_retired(old.id)
            return NoteChange(old.id, "vanished" if why is None else "retired", old, None, why=why or "")
        fields = tuple(_field_changes(old, new))
        added = tuple(tag for tag in new.tags if tag not in old.tags)
        removed = tuple(tag for tag in old.tags if tag not in new.tags)
        concept = old.fields.get("Concept", "")
        moved = concept != new.fields.get("Concept", "") and concept in self._concepts
        return NoteChange(
            id=new.id,
            fate=self._fate(old, new, differs=bool(fields or added or removed)),
            old=old,
            new=new,
            fields=fields,
            tags_added=added,
            tags_removed=removed,
            moved_from=plain(concept) if moved else "",
            renamed_from=old.id if old.id != new.id else "",
        )

    def _fate(self, old: PackedNote, new: PackedNote, differs: bool) -> Fate:
        same_shape = self._old.types[old.type].shape == self._new.types[new.type].shape
        if new.time <= old.time or old.type != new.type or not same_shape:
            return "stale" if differs else "unchanged"
        return "updated" if differs else "touched"


def _field_changes(old: PackedNote, new: PackedNote) -> list[FieldChange]:
    changes = []
    for name in dict.fromkeys((*old.fields, *new.fields)):
        before, after = old.fields.get(name, ""), new.fields.get(name, "")
        if before != after and name not in _HIDDEN:
            changes.append(FieldChange(_NAMES.get(name, name), _shown(name, before), _shown(name, after)))
    return changes


def _shown(name: str, html: str) -> str:
    if name == "Reverse":
        return "yes" if html else "no"
    return plain(_LINK.sub(r"\2 (\1) ", html)) if name == "Links" else plain(html)
