"""Whatever an author does to a deck, in whatever order, and whenever learners import it: nobody loses anything.

This is a search for cases that `test_year` did not think of. By default it is short. By hand it searches for as long as
you like:

    YEARS=500 STEPS=60 python -m pytest tests/anki/test_many_years.py

where YEARS is how many lives of a deck are played, and STEPS is how much happens in each.

Most learners import only releases, and lose nothing that was not accepted. One imports drafts, too, and gets every
later change of every note, except those that were reported: notes that it keeps from withdrawn drafts, or cannot get.
One imports the corrections of a release before its package, if there are any from the release that they have. On the
notes in them they lose no tag, and no word in fields of their own or in Extra, unless that was corrected, too.
"""

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import ExitStack
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from cuedeck.history.lockfile import from_text
from cuedeck.history.snapshot import PackedNote, Snapshot
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.rendering import notetypes
from cuedeck.rendering.notefields import authors_fields
from cuedeck.updating.changes import NoteChange
from cuedeck.updating.corrections import guids_in
from cuedeck.updating.matching import changes_between
from cuedeck.updating.package_hazards import update_hazards
from tests.anki.author import Author
from tests.anki.follower import FORETOLD, Follower, follower
from tests.making import DAY, FIRST, TALK, cloze, question

pytestmark = [pytest.mark.anki_years, FORETOLD]

FILM = {"title": "A film", "url": "https://youtu.be/abcdefghijk", "deck": "Films"}
TEMPLATE = notetypes._file
YEARS = int(os.environ.get("YEARS", "40"))
STEPS = int(os.environ.get("STEPS", "30"))
MOST_LEARNERS = 3
# The learner who imports corrections first. The first one imports drafts.
GENTLE = 1
# The hazards that the author may have to accept. Any other would be a false alarm, since no rule here causes it.
EXPECTED = {
    "card-added",
    "cards-stay",
    "cloze-gone",
    "cloze-moved",
    "cloze-replaced",
    "kind-changed",
    "link-changed",
    "looks-renamed",
    "mass-update",
    "reverse-gone",
    "unretired",
    "vanished",
}
# Problems that cannot be accepted: the edit is undone.
TAKEN_BACK = {"taken-id", "bad-was"}

PICK = st.integers(0, 11)
MOMENTS = st.sampled_from(["0:46", "1:32", "12:50", ["0:46", "1:10"], "1:10-1:40"])
SKIPS = st.sampled_from([0, 1, 3_600, DAY, 20 * DAY])
WHERE = st.sampled_from(["text", "answer", "extra"])
KINDS = st.sampled_from(["qa", "reverse", "cloze"])
# What the author does: the name of the method, and what to draw for its parameters.
DRAWN: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "add": {"concept": PICK, "place": PICK, "kind": KINDS},
    "reword": {"pick": PICK, "where": WHERE},
    "add_gap": {"pick": PICK},
    "take_gap_out": {"pick": PICK},
    "swap_gaps": {"pick": PICK},
    "use_gap_anew": {"pick": PICK},
    "turn_kind": {"pick": PICK},
    "turn_reverse": {"pick": PICK},
    "move": {"pick": PICK, "concept": PICK},
    "reorder": {"concept": PICK},
    "rename": {"pick": PICK},
    "retire": {"pick": PICK},
    "take_out": {"pick": PICK},
    "bring_back": {"pick": PICK},
    "tag": {"pick": PICK, "tag": st.sampled_from("abc"), "whole": st.booleans()},
    "retitle": {"concept": PICK},
    "put_elsewhere": {"pick": PICK, "at": MOMENTS},
    "move_recording": {"film": st.booleans()},
    "restyle": {},
    "spread": {"homes": st.lists(st.sets(st.sampled_from(["more", "film", "talk"]), min_size=1), max_size=3)},
    "go_back": {"pick": PICK},
}
EDITS = st.lists(
    st.one_of(*(st.tuples(st.just(name), st.fixed_dictionaries(drawn)) for name, drawn in DRAWN.items())),
    max_size=5,
)
# By how many seconds the clock was set back: less than is tolerated.
BEHIND = st.sampled_from([0, 0, 0, 0, 1, 250])


class Years(RuleBasedStateMachine):
    """An author, up to three learners, and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.folder = Path(self.stack.enter_context(TemporaryDirectory()))
        self.patch = self.stack.enter_context(pytest.MonkeyPatch.context())
        concepts = {
            "talk": {"title": "One", "source": "talk", "at": "0:46", "tags": ["a"], "notes": {}},
            "more": {"title": "Two", "source": "talk", "at": "12:50", "notes": {}},
            "film": {"title": "Three", "source": "film", "at": "0:10", "notes": {}},
        }
        head = {"id": "small", "namespace": "tests123", "title": "Small"}
        sources = {"talk": dict(TALK), "film": dict(FILM)}
        self.author = Author(self.folder / "deck", {"deck": head, "sources": sources, "concepts": concepts})
        self.serial = 0
        self.clock = FIRST
        self.built: list[dict[str, Any]] = []
        self.snapshots: list[Snapshot] = []
        self.learners: list[Follower] = []
        self.at_version: list[int] = []
        # What was said to those who import drafts: notes that are again as they were released, each as it is then
        # shown, and the guids of all notes about which anything was said.
        self.taken_back: set[tuple[str, object]] = set()
        self.reported: set[str] = set()

    def teardown(self) -> None:
        self.stack.close()

    # What the author does.

    @initialize()
    def begin(self) -> None:
        for concept, kind in ((0, "qa"), (0, "cloze"), (1, "reverse"), (2, "qa")):
            self.add(concept, 0, kind)
        self.bring_out(0, 0, handed_out=False)
        self.join(0)
        self.bring_out(1, 0, handed_out=True)

    def add(self, concept: int, place: int, kind: str) -> None:
        notes = list(self._concept(concept)["notes"].items())
        if kind == "cloze":
            note = cloze(f"So {{{{c1::{self._word()}}}}} and {{{{c2::{self._word()}}}}} are {self._word()}.")
        else:
            note = question(f"What is {self._word()}?", self._word(), **({"reverse": "true"} if kind != "qa" else {}))
        notes.insert(place, (f"n{self.serial}", note))
        self._concept(concept)["notes"] = dict(notes)

    def reword(self, pick: int, where: str) -> None:
        note = self._note(pick)
        if where == "extra":
            note["extra"] = self._word()
        elif "cloze" in note:
            note["cloze"] += f" {self._word()}."
        else:
            note["q" if where == "text" else "a"] = f"What is {self._word()}?"

    def add_gap(self, pick: int) -> None:
        note = self._note(pick)
        if "cloze" in note:
            self.serial += 1
            note["cloze"] = f"{{{{c{self.serial % 400 + 3}::{self._word()}}}}} {note['cloze']}"

    def take_gap_out(self, pick: int) -> None:
        note = self._note(pick)
        if "cloze" in note and note["cloze"].count("{{") > 1:
            start = note["cloze"].index("{{")
            end = note["cloze"].index("}}", start)
            answer = note["cloze"][start:end].partition("::")[2]
            note["cloze"] = note["cloze"][:start] + answer + note["cloze"][end + 2 :]

    def swap_gaps(self, pick: int) -> None:
        note = self._note(pick)
        if "cloze" in note and "{{c1::" in note["cloze"] and "{{c2::" in note["cloze"]:
            swapped = note["cloze"].replace("{{c1::", "{{cX::").replace("{{c2::", "{{c1::").replace("{{cX::", "{{c2::")
            note["cloze"] = swapped

    def use_gap_anew(self, pick: int) -> None:
        """Put another answer, in other words, under a number that exists or existed."""
        note = self._note(pick)
        if "cloze" in note:
            words = " ".join(self._word() for _ in range(3))
            note["cloze"] = f"{{{{c{pick % 3 + 1}::{self._word()}}}}} {words}."

    def turn_kind(self, pick: int) -> None:
        note = self._note(pick)
        kept = {key: value for key, value in note.items() if key not in ("q", "a", "cloze", "reverse")}
        is_cloze = "cloze" in note
        note.clear()
        if is_cloze:
            note.update(question(f"What is {self._word()}?", self._word(), **kept))
        else:
            note.update(cloze(f"So {{{{c1::{self._word()}}}}} is {self._word()}.", **kept))

    def turn_reverse(self, pick: int) -> None:
        note = self._note(pick)
        if "q" in note:
            reverse = note.pop("reverse", None)
            if reverse is None:
                note["reverse"] = "true"
            elif reverse == "true":  # in other words, so that the card asks for the same
                note["reverse"] = {"q": f"What is answered by {note['a']}", "a": note["q"]}

    def move(self, pick: int, concept: int) -> None:
        id, note = self._item(pick)
        del self.author.concept_of(id)["notes"][id]
        self._concept(concept)["notes"][id] = note

    def reorder(self, concept: int) -> None:
        notes = self._concept(concept)["notes"]
        self._concept(concept)["notes"] = dict(reversed(notes.items()))

    def rename(self, pick: int) -> None:
        id, note = self._item(pick)
        self.serial += 1
        if any(id in self._ids(data) for data in self.built):
            note["was"] = id
        notes = self.author.concept_of(id)["notes"]
        renamed = {f"n{self.serial}" if each == id else each: value for each, value in notes.items()}
        self.author.concept_of(id)["notes"] = renamed

    def retire(self, pick: int) -> None:
        if len(self._live()) > 1:
            self._note(pick)["retired"] = "Doubtful."

    def take_out(self, pick: int) -> None:
        id, _ = self._item(pick, live=False)
        if len(self._live()) > 1:
            del self.author.concept_of(id)["notes"][id]

    def bring_back(self, pick: int) -> None:
        self._item(pick, live=False)[1].pop("retired", None)

    def tag(self, pick: int, tag: str, whole: bool) -> None:
        tagged = self._concept(pick) if whole else self._note(pick)
        tagged["tags"] = sorted({*tagged.get("tags", ()), tag} - ({tag} & {*tagged.get("tags", ())}))

    def retitle(self, concept: int) -> None:
        self._concept(concept)["title"] = self._word()

    def put_elsewhere(self, pick: int, at: Any) -> None:
        self._note(pick)["at"] = deepcopy(at)  # YAML would make two uses of one list an alias

    def move_recording(self, film: bool) -> None:
        address = f"https://youtu.be/{self._word()[:11]}" if film else f"https://example.org/{self._word()}"
        self.author.data["sources"]["film" if film else "talk"]["url"] = address

    def restyle(self) -> None:
        extra = self._word()
        files = {"card.css": f"\n.{extra} {{ }}", "qa-back.html": f"\n<!--{extra}-->"}
        self.patch.setattr(notetypes, "_file", lambda name: TEMPLATE(name) + files.get(name, ""))

    def spread(self, homes: list[set[str]]) -> None:
        """Write concepts, and the sources with the same names, into other files, or all into one."""
        left = {"talk", "more", "film"}
        parts = []
        for home in homes:
            parts.append(tuple(sorted(home & left)))
            left -= home
        self.author.homes = tuple(filter(None, parts))

    def go_back(self, pick: int) -> None:
        """Bring cards.yaml back from an older commit, but not the lock."""
        self.author.data = deepcopy(self.built[-1 - pick % len(self.built)])

    @rule(edits=EDITS, skip=SKIPS, behind=BEHIND, handed_out=st.booleans(), importing=st.sets(st.integers(0, 2)))
    def season(
        self,
        edits: list[tuple[str, dict[str, Any]]],
        skip: int,
        behind: int,
        handed_out: bool,
        importing: set[int],
    ) -> None:
        """Edit, bring out a version, and let some learners import it."""
        for name, values in edits:
            getattr(self, name)(**values)
        self.bring_out(skip, behind, handed_out)
        for who in sorted(importing):
            if who < len(self.learners):
                self.update(who, 0)

    def bring_out(self, skip: int, behind: int, handed_out: bool) -> None:
        self.clock += skip
        write: Callable[[int], Path | None] = self.author.release if handed_out else self.author.build
        try:
            package = write(self.clock - behind)
        except Problems as problems:
            if not TAKEN_BACK & {each.rule for each in problems.problems if each.level == "error"}:
                raise
            self.author.data = deepcopy(self.built[-1])
            return
        assert {key.partition(":")[0] for key in self.author.met} <= EXPECTED, self.author.met
        self.built.append(deepcopy(self.author.data))
        if package:
            self.snapshots.append(read_snapshot(read_members(package), package))
            self._hear(self.snapshots[-1])

    def _hear(self, new: Snapshot) -> None:
        """Record what the author was told about those who have the previous draft."""
        for line in self.author.draft_lines:
            named = re.findall(r'"(?:Note ID:)?(?:re:\^\()?([a-z0-9|]+)(?:\)\$)?"', line)
            ids = {id for name in named for id in name.split("|")}
            for guid, note in new.notes.items():
                if ids & {note.id, *new.former(note.id)}:
                    self.reported.add(guid)
                    if "is again as it was released" in line:
                        self.taken_back.add((guid, _frozen(note)))

    def _may_keep(self, change: NoteChange) -> bool:
        """Return whether it was reported that those who have the old note never get the new one."""
        assert change.new
        assert change.old
        guid, met = change.new.guid, {key.partition(":")[2] for key in self.author.met if key.startswith("kind-")}
        if change.old.kind != change.new.kind:
            return guid in self.reported or bool(met & {change.new.id, *change_ids(change, self.snapshots[-1])})
        return (guid, _frozen(change.new)) in self.taken_back

    # What learners do.

    @precondition(lambda self: len(self.learners) < MOST_LEARNERS)
    @rule(pick=PICK)
    def join(self, pick: int) -> None:
        name = f"learner-{len(self.learners)}"
        self.learners.append(self.stack.enter_context(follower(self.folder / name)))
        self.at_version.append(-1)
        self.update(len(self.learners) - 1, pick)

    @rule(who=PICK, back=st.integers(0, 3))
    def update(self, who: int, back: int) -> None:
        who %= len(self.learners)
        learner, takes_drafts = self.learners[who], who == 0
        learner.takes_drafts = takes_drafts
        offered = [place for place, each in enumerate(self.snapshots) if each.version or takes_drafts]
        if not offered:
            return
        version = max(offered[max(len(offered) - 1 - back, 0)], self.at_version[who])
        before, self.at_version[who] = self.at_version[who], version
        if who == GENTLE and before >= 0:
            self._correct(learner, before, version)
        edited = dict(learner.edited)
        changes = learner.follow(self.author.packages[version], self._may_keep)
        passed_over = [each for each in offered if before < each < version]
        if not takes_drafts:
            met = {key.partition(":")[2] for key in self.author.met}
            touched = {each.id for each in changes.notes if each.fate == "touched" and each.note.guid not in edited}
            # If they skipped a release, something in it may have come and gone.
            assert touched <= met or passed_over, "a note is replaced for no reason"
            kept = {each.note.guid for each in changes.notes if each.fate == "stale" and each.note.guid not in edited}
            kinds = {
                each.note.guid for each in changes.notes if each.old and each.new and each.old.kind != each.new.kind
            }
            assert kept <= kinds, "a release does not arrive"
        if self.snapshots[version].version:
            self._look_at_release(learner, version, edited)
        self._look_at_blanks(learner)

    def _correct(self, learner: Follower, before: int, version: int) -> None:
        """Import the corrections to a release, if there are any, which have all corrected notes but refused ones."""
        base, new = self.snapshots[before], self.snapshots[version]
        others = [each for each in self.snapshots[:version] if each.version][-3:]
        if base not in others or base is new:
            return  # the page tells them to import the package alone
        files = sorted(
            (self.author.folder / "decks").glob(f"small-{new.version}-corrections-from-{base.version}-*.tsv")
        )
        rows = {guid for file in files for guid in guids_in(file.read_bytes())}
        changes = changes_between(base, new)
        wanted = {
            each.note.guid for each in changes.notes if each.old and each.new and _is_corrected(each.old, each.new)
        }
        refused = {each.subject for each in update_hazards(changes) if each.refused}
        assert rows <= wanted, "a note is corrected that did not change"
        assert {new.notes[guid].id for guid in wanted - rows} <= refused, "a correction is missing"
        learner.correct(files, base, new, others, max(self.clock, new.last_release_time))

    def _look_at_release(self, learner: Follower, version: int, edited: dict[str, int]) -> None:
        """Check that the release brought each note, unless the learner edited it after this form was first handed out.

        Notes that do not arrive, as the author was told, are left out.
        """
        for guid, note in self.snapshots[version].notes.items():
            held = learner.held[guid]
            is_reported = held.kind != note.kind or (guid, _frozen(note)) in self.taken_back
            if edited.get(guid, 0) < self._handed_out(guid, version) and not is_reported:
                assert _shown(held) == _shown(note), "a release does not arrive"

    def _handed_out(self, guid: str, version: int) -> int:
        """Return the time of the release that first brought a note as it is in a version, after it was different.

        A release without the note leaves learners what they have: a note that comes back unchanged is no news.
        """
        time = 0
        now = _shown(self.snapshots[version].notes[guid])
        for snapshot in reversed(self.snapshots[: version + 1]):
            if guid not in snapshot.notes:
                continue
            if _shown(snapshot.notes[guid]) != now:
                return time
            time = snapshot.releases[-1].time if snapshot.version else time
        return time

    def _look_at_blanks(self, learner: Follower) -> None:
        """Check that the author was told about each note that leaves a learner with a blank card."""
        lock = from_text((self.author.folder / "cards.lock").read_text(encoding="utf-8"), "cards.lock")
        names = {known.guid: {known.id, *known.was} for known in lock.notes.values()}
        met = {key.partition(":")[2] for key in self.author.met if not key.startswith("link-changed:")}
        blank = {guid for guid, _ in learner.foretold_blank()}
        assert all(names[guid] & met or guid in self.reported for guid in blank)

    @rule(who=PICK, pick=PICK, leech=st.booleans(), skip=SKIPS)
    def edit(self, who: int, pick: int, leech: bool, skip: int) -> None:
        self.clock += skip
        learner, guid = self._held(who, pick)
        learner.edit(guid, max(self.clock, learner.held[guid].time), leech)

    @rule(who=PICK, pick=PICK, cleaning=st.booleans())
    def learn(self, who: int, pick: int, cleaning: bool) -> None:
        learner, guid = self._held(who, pick)
        if cleaning:
            learner.clean_up()
        learner.study()
        learner.suspend(guid)
        learner.flag(guid)

    # Which learner, concept or note a number picks.

    def _held(self, who: int, pick: int) -> tuple[Follower, str]:
        learner = self.learners[who % len(self.learners)]
        guids = sorted(learner.held)
        return learner, guids[pick % len(guids)]

    def _concept(self, pick: int) -> dict[str, Any]:
        concepts: list[dict[str, Any]] = list(self.author.data["concepts"].values())
        return concepts[pick % len(concepts)]

    def _live(self) -> list[tuple[str, dict[str, Any]]]:
        return [(id, note) for id, note in self.author.notes.items() if "retired" not in note]

    def _item(self, pick: int, live: bool = True) -> tuple[str, dict[str, Any]]:
        items = self._live() if live else list(self.author.notes.items())
        return items[pick % len(items)]

    def _note(self, pick: int) -> dict[str, Any]:
        return self._item(pick)[1]

    def _ids(self, data: dict[str, Any]) -> set[str]:
        return {id for concept in data["concepts"].values() for id in concept["notes"]}

    def _word(self) -> str:
        """Return a word that was never used before and resembles no other."""
        self.serial += 1
        return (
            hashlib.sha256(str(self.serial).encode())
            .hexdigest()[:12]
            .translate(str.maketrans("0123456789", "ghijklmnop"))
        )


def _is_corrected(old: PackedNote, new: PackedNote) -> bool:
    """Return whether a note reads differently; its id is in a field that nobody reads."""
    names = {each.key for each in authors_fields(new.kind)} - {"Note ID"}
    return old.type == new.type and any(old.fields[name] != new.fields[name] for name in names)


def change_ids(change: NoteChange, newest: Snapshot) -> set[str]:
    """Return the ids that a note in two packages has and had."""
    return {each.id for each in (change.old, change.new) if each} | {*newest.former(change.id)}


def _frozen(note: PackedNote) -> object:
    fields, tags = _shown(note)
    return tuple(sorted(fields.items())), tags  # type: ignore[attr-defined]


def _shown(note: PackedNote) -> tuple[object, ...]:
    """Return what a learner sees of a note: everything but its id, which a rename does not change for learners."""
    return {**note.fields, "Note ID": ""}, frozenset(note.tags)


TestYears = Years.TestCase
TestYears.settings = settings(
    max_examples=YEARS,
    stateful_step_count=STEPS,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
