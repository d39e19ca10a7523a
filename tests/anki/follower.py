"""A learner who follows a deck from version to version, and checks after each import whether anything was lost."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from anki.collection import Collection

from cuedeck.history.snapshot import PackedNote, Snapshot
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.rendering.notefields import EXTRA, FIELDS, authors_fields
from cuedeck.updating.changes import Changes, Fate, NoteChange
from cuedeck.updating.corrections import guids_in
from cuedeck.updating.matching import changes_between
from tests.anki.learner import ANKI, collection, schedules, study_all, take, take_text

if TYPE_CHECKING:  # it cannot be imported before anki.collection
    from anki.notes import Note

OWN = next(field for field in FIELDS if not field.by_author)
"""A field that the author never fills."""

# Anki's importer has these names for the fates.
_OUTCOMES: dict[Fate, str] = {
    "new": "new",
    "back": "new",
    "updated": "updated",
    "touched": "updated",
    "stale": "duplicate",
    "unchanged": "duplicate",
}
# The fates of notes that Anki takes as they are in the package.
_TAKEN: tuple[Fate, ...] = ("new", "back", "updated", "touched")
# The fate of a note is foretold from the times in two packages.
FORETOLD = pytest.mark.skipif(ANKI < (25, 2), reason="up to 24.11 an update is stamped with the time of its import")

# What Check Database says if all is well, and about cards answered at the wrong moment, whatever is imported.
_NOISE = re.compile(r"Database rebuilt and optimized\.|Added last review time to \W*\d+\W* cards?\.")


@dataclass
class Follower:
    """A learner's collection, and what the author's packages have put into it.

    Someone who `takes_drafts` keeps the look of a draft that the author undid, since the release before it is older.
    `held` is each note, by guid, as it was last imported, but with the time of the learner's own last edit if there was
    one. `edited` are the times of those edits.
    """

    collection: Collection
    takes_drafts: bool = False
    held: dict[str, PackedNote] = field(default_factory=dict)
    edited: dict[str, int] = field(default_factory=dict)
    last: Snapshot = field(default_factory=lambda: Snapshot({}, {}, {}))

    def follow(self, package: Path, may_keep: Callable[[NoteChange], bool] = lambda _: False) -> Changes:
        """Import a package, check that what was foretold is what happened, and return what was foretold.

        `may_keep` says for which notes the author knows that those who have the note never get the new one.
        """
        new = read_snapshot(read_members(package), package)
        foretold = changes_between(replace(self.last, notes=self.held), new)
        self._compare_with_a_plain_learner(foretold, new, may_keep)
        notes, cards, history = self._notes(), self._cards(), schedules(self.collection)
        outcomes = take(self.collection, package)
        fates = Counter(_outcome(each) for each in foretold.notes if each.new)
        strange = {each.note.guid for each in foretold.notes if each.new and _outcome(each) == "conflicting"}
        assert outcomes == dict(fates), foretold.counts
        self._hold(foretold, new)
        self._look(foretold, notes)
        self._look_at_cards(cards, history, new, strange)
        again = self._notes()
        assert take(self.collection, package).keys() <= {"duplicate", "conflicting"}, "the second import did something"
        assert self._notes() == again
        assert self._cards() == cards | self._made(new, strange)
        self._look_for_faults()
        return foretold

    def _compare_with_a_plain_learner(
        self, foretold: Changes, new: Snapshot, may_keep: Callable[[NoteChange], bool]
    ) -> None:
        """Check that fates differ from foretold ones only through own edits and notes from older packages."""
        plain = {change.note.guid: change.fate for change in changes_between(self.last, new).notes}
        for change in foretold.notes:
            guid = change.note.guid
            if guid not in self.edited and self.held.get(guid) == self.last.notes.get(guid):
                assert plain[guid] == change.fate
            if guid not in self.edited and change.fate == "stale":
                assert may_keep(change), f"{change.id} never arrives"

    def _hold(self, foretold: Changes, new: Snapshot) -> None:
        for change in foretold.notes:
            if change.new and change.fate in _TAKEN:
                self.held[change.new.guid] = change.new
                self.edited.pop(change.new.guid, None)
        self.last = new

    def _look(self, foretold: Changes, before: dict[str, tuple[object, ...]]) -> None:
        """Check that exactly the foretold notes were replaced, completely, and that there is one of each."""
        after = self._notes()
        taken = {each.note.guid: each.new for each in foretold.notes if each.fate in _TAKEN}
        for guid, now in after.items():
            if packed := taken.get(guid):
                assert now == (packed.time, tuple(packed.fields.values()), frozenset(packed.tags))
            else:
                assert now == before[guid], "an untouched note has changed"
        assert after.keys() == before.keys() | taken.keys()
        ids = self.collection.db.scalar("select count(distinct guid) from notes")
        assert ids == self.collection.note_count()
        names = Counter(fields[-1] for _, fields, _ in self._named())
        assert [name for name, times in names.items() if times > 1] == [], "two notes with one id"

    def _look_at_cards(
        self,
        before: set[tuple[str, int]],
        history: dict[int, tuple[object, ...]],
        new: Snapshot,
        strange: Set[str],
    ) -> None:
        after = schedules(self.collection)
        assert {card: after.get(card) for card in history} == history, "a schedule changed"
        assert self._cards() == before | self._made(new, strange)
        self.collection.models._clear_cache()  # as Anki's windows do after an import
        used = {note.type for guid, note in new.notes.items() if guid not in strange}  # Anki imports no others
        for each in self.collection.models.all():
            if each["id"] in used:
                packed = new.types[each["id"]]
                look = (*(template[side] for template in each["tmpls"] for side in ("qfmt", "afmt")), each["css"])
                assert look == packed.look or (self.takes_drafts and each["mod"] > packed.time)

    def _look_for_faults(self) -> None:
        report, _ = self.collection.fix_integrity()  # its second value is False if the report has any line
        found = [line for line in report.splitlines() if not _NOISE.fullmatch(line)]
        assert found == [], report
        assert self.blank() == self.foretold_blank()

    def blank(self) -> set[tuple[str, int]]:
        """Return the cards that Empty Cards finds, each by guid and ordinal."""
        found = {card for each in self.collection.get_empty_cards().notes for card in each.card_ids}
        return {self._card(card) for card in found}

    def foretold_blank(self) -> set[tuple[str, int]]:
        """Return the cards for which the learner's text of the note has nothing to ask."""
        return {(guid, ordinal) for guid, ordinal in self._cards() if ordinal not in self.held[guid].cards}

    def correct(
        self, files: Iterable[Path], base: Snapshot, new: Snapshot, others: Iterable[Snapshot], at: int
    ) -> None:
        """Import the corrections from one release to another at the time `at`, and check what they did.

        `others` are the other releases from which there are corrections. On a note that a row carries, only the fields
        of the author are replaced, and Extra only if it changed or if another release lacks the note.
        """
        known = set(base.notes).intersection(*(each.notes for each in others))
        fields = {guid: {each.key: each.name for each in authors_fields(note.kind)} for guid, note in new.notes.items()}
        for file in files:
            before, cards, history = self._named_notes(), self._cards(), schedules(self.collection)
            take_text(self.collection, file)
            rows = set(guids_in(file.read_bytes()))
            # Anki never takes a note of another type.
            strange = {guid for guid in rows if guid in before and self.held[guid].type != new.notes[guid].type}
            after = self._named_notes()
            assert after.keys() == before.keys() | rows
            rows -= strange
            for guid, now in after.items():
                if guid not in rows:
                    assert now == before[guid], "a note without a correction has changed"
                    continue
                note, was = new.notes[guid], before.get(guid, ({}, frozenset()))
                text, kept = dict(now[0]), dict(was[0])
                has_other_extra = base.notes[guid].fields["Extra"] != note.fields["Extra"]
                replaced = {*fields[guid]} - ({"Extra"} if not has_other_extra and guid in known else set())
                for key in replaced:
                    assert text.pop(fields[guid][key]) == note.fields[key], "somebody reads another text"
                    kept.pop(fields[guid][key], None)
                assert (text, now[1]) == (kept or dict.fromkeys(text, ""), was[1]), "something of the learner's is lost"
                held = self.held.get(guid, note)
                self.held[guid] = replace(note, tags=held.tags if guid in before else (), time=at)
                self.edited[guid] = at
                self.collection.db.execute("update notes set mod = ? where guid = ?", at, guid)
            again = schedules(self.collection)
            assert {card: again.get(card) for card in history} == history, "a schedule changed"
            assert self._cards() == cards | {(guid, each) for guid in rows for each in new.notes[guid].cards}

    def clean_up(self) -> None:
        """Do what Tools > Empty Cards does."""
        found = [card for each in self.collection.get_empty_cards().notes for card in each.card_ids]
        self.collection.remove_cards_and_orphaned_notes(found)

    def edit(self, guid: str, at: int, leech: bool = False) -> None:
        """Add a tag and own words at the time `at`; for a leech, only the tag that Anki gives it."""
        note = self.note(guid)
        note.add_tag("leech" if leech else "mine")
        if not leech:
            note[EXTRA.name] = "my own mnemonic"
            note[OWN.name] = "my own words"
        self.collection.update_note(note)
        self.collection.db.execute("update notes set mod = ? where id = ?", at, note.id)
        self.held[guid] = replace(self.held[guid], time=at)
        self.edited[guid] = at

    def study(self) -> int:
        """Answer every card that is due; return how many there were."""
        return study_all(self.collection)

    def suspend(self, guid: str) -> None:
        """Suspend all cards of a note."""
        self.collection.sched.suspend_cards(self.note(guid).card_ids())

    def flag(self, guid: str) -> None:
        """Put a red flag on all cards of a note."""
        self.collection.set_user_flag_for_cards(1, self.note(guid).card_ids())

    def note(self, guid: str) -> "Note":
        """Return the note with a guid."""
        return self.collection.get_note(self.collection.db.scalar("select id from notes where guid = ?", guid))

    def _notes(self) -> dict[str, tuple[object, ...]]:
        return {guid: (mod, fields, tags) for guid, mod, fields, tags in self._rows()}

    def _named_notes(self) -> dict[str, tuple[dict[str, str], frozenset[str]]]:
        """Return the fields by their names, and the tags, of each note."""
        return {guid: (dict(self.note(guid).items()), tags) for guid, _, _, tags in self._rows()}

    def _named(self) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        for guid, _, _, tags in self._rows():
            yield guid, (self.note(guid)["Note ID"],), tags

    def _rows(self) -> Iterator[tuple[str, int, tuple[str, ...], tuple[str, ...]]]:
        for guid, mod, fields, tags in self.collection.db.all("select guid, mod, flds, tags from notes"):
            yield guid, mod, tuple(fields.split("\x1f")), frozenset(tags.split())

    def _cards(self) -> set[tuple[str, int]]:
        rows = self.collection.db.all("select n.guid, c.ord from cards c join notes n on n.id = c.nid")
        return {(guid, ordinal) for guid, ordinal in rows}

    def _card(self, card: int) -> tuple[str, int]:
        query = "select n.guid, c.ord from cards c join notes n on n.id = c.nid where c.id = ?"
        guid, ordinal = self.collection.db.first(query, card)
        return guid, ordinal

    @staticmethod
    def _made(packed: Snapshot, strange: Set[str]) -> set[tuple[str, int]]:
        notes = {guid: note for guid, note in packed.notes.items() if guid not in strange}
        return {(guid, ordinal) for guid, note in notes.items() for ordinal in note.cards}


def _outcome(change: NoteChange) -> str:
    """Return the importer's name for the fate of a note. Anki never takes a note of another type."""
    another_type = change.old and change.new and change.old.type != change.new.type
    return "conflicting" if another_type else _OUTCOMES[change.fate]


@contextmanager
def follower(folder: Path) -> Iterator[Follower]:
    """Open a learner's collection in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with collection(folder) as opened:
        opened.db.execute("pragma synchronous = off")  # it is not needed later, and tests take half the time
        yield Follower(opened)
