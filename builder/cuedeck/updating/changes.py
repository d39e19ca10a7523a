"""What learners who have one package get from another: the fate of every note, and what else is new."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Literal, get_args

from cuedeck.history.snapshot import PackedNote, PackedType, Snapshot
from cuedeck.records import dataclass
from cuedeck.rendering.notefields import CONCEPT
from cuedeck.rendering.notetypes import search
from cuedeck.rendering.plain import plain
from cuedeck.updating.fieldchanges import FieldChange, label_of, moment_of
from cuedeck.updating.mediachanges import MediaChanges, media_changes
from cuedeck.updating.sayings import has_id
from cuedeck.updating.typechanges import look_of

Fate = Literal[
    "updated", "rerendered", "new", "back", "doubled", "touched", "stale", "retired", "vanished", "unchanged"
]
FATES: tuple[Fate, ...] = get_args(Fate)


@dataclass(frozen=True)
class NoteChange:
    """What becomes of one note.

    new        the learner gets it
    back       the same, but it was retired before: learners of an older package still have it, and it continues there
    updated    its text, tags or moment are replaced
    rerendered nobody edited it, but it is replaced because this version of the program renders it differently
    touched    it is replaced by the same note, which overwrites what the learner added
    stale      it has changed, but the learner never gets the change: its time is not newer, or its kind or note type is
               another one
    doubled    it now has another guid: the learner gets it as a new note, and keeps the old one. If no id shows that it
               is the same note, its texts do
    unchanged  nothing happens to it
    retired    it is no longer handed out, for the reason in `why` if there is one; the learner keeps it
    vanished   the same, but the author did not say so

    `concept` and `moment` are those of the newer note. `moved_from` is the title of its previous concept, and
    `renamed_from` is its previous id; each is "" if it is the same. `old` and `new` are the note in the two packages.
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
        """The newer of the two."""
        found = self.new or self.old
        assert found is not None  # there is no change without a note
        return found

    @property
    def label(self) -> str:
        """What to call the note: the author's id, or its first words if another tool made it."""
        return label_of(self.note)

    @property
    def concept(self) -> str:
        """The title of the note's concept."""
        return plain(self.note.fields.get(CONCEPT.key, ""))

    @property
    def moment(self) -> str:
        """The note's first moment, such as 01:32; "" if it has none."""
        return moment_of(self.note)


@dataclass(frozen=True)
class Changes:
    """The fate of every note of two packages, in the order of the talk."""

    old: Snapshot
    new: Snapshot
    notes: tuple[NoteChange, ...]

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many notes have which fate."""
        return Counter(note.fate for note in self.notes)

    @property
    def looks(self) -> tuple[str, ...]:
        """The names of the note types whose templates or style change."""
        return tuple(new.name for old, new in self._newer_types() if look_of(old).differs(look_of(new)))

    @property
    def shows_own_notes(self) -> bool:
        """Whether cards begin to show what learners wrote into the field that is theirs."""
        return any(look_of(new).shows_own_notes > look_of(old).shows_own_notes for old, new in self._newer_types())

    @cached_property
    def media(self) -> MediaChanges:
        """The pictures and sounds that only one of the two packages has."""
        return media_changes(self.old, self.new)

    @property
    def another_main(self) -> bool:
        """Whether another source that the deck has or had is the main one now; no card shows that."""
        old, new = _addresses(self.old), _addresses(self.new)
        return old[:1] != new[:1] and bool({*old[:1]} & {*new[1:]} or {*new[:1]} & {*old[1:]})

    @property
    def address(self) -> tuple[str, str]:
        """The old and the new address of links to the main source, with Anki's fields; twice "" if they are equal."""
        return self._of_main_source("address")

    @property
    def source(self) -> tuple[str, str]:
        """The old and the new name of the main source on cards; twice "" if they are equal."""
        return self._of_main_source("title")

    def _of_main_source(self, what: Literal["address", "title"]) -> tuple[str, str]:
        pairs = (
            (getattr(look_of(old).main, what), getattr(look_of(new).main, what)) for old, new in self._newer_types()
        )
        changed = (pair for pair in pairs if pair[0] != pair[1] and all(pair))
        return ("", "") if self.another_main else next(changed, ("", ""))

    def _newer_types(self) -> Iterator[tuple[PackedType, PackedType]]:
        for number, type in self.new.types.items():
            old = self.old.types.get(number)
            if old and old.look != type.look and old.time < type.time:
                yield old, type

    @property
    def reportable(self) -> tuple[NoteChange, ...]:
        """The notes about which there is something to say."""
        return tuple(note for note in self.notes if note.fate != "unchanged" or note.renamed_from)

    @cached_property
    def by_name(self) -> Mapping[str, NoteChange]:
        """The notes by all the ids that they have or had."""
        found: dict[str, NoteChange] = {}
        for change in self.notes:
            for name in (change.id, *self.new.former(change.id), change.renamed_from):
                found.setdefault(name, change)
        return found


def _addresses(snapshot: Snapshot) -> list[str]:
    """Return the addresses of the sources of a deck, the main one first; none for a package of another tool."""
    return [each.url for each in snapshot.manifest.sources]


def search_of(notes: Iterable[NoteChange], changes: Changes) -> str:
    """Return the search that finds these notes in Anki's browser, by their previous and their new ids.

    Notes of another tool have no author's ids, so they are found by Anki's own.
    """
    packed = [note for change in notes for note in (change.old, change.new) if note]
    deck = changes.new.manifest.deck or changes.old.manifest.deck or "*"
    strange = sorted({note.note for note in packed if not has_id(note)})
    searches = [search(names, deck)] if (names := _names(packed, changes)) else []
    searches += [f"nid:{','.join(map(str, strange))}"] if strange else []
    return " or ".join(searches)


def _names(packed: Iterable[PackedNote], changes: Changes) -> set[str]:
    ids = {note.id for note in packed if has_id(note)}
    # Learners of a package older than both may have a note under an id that neither package has.
    return ids | {name for id in ids for name in changes.new.former(id)}
