"""No digest changes needlessly, and no field changes without its digest: both would harm learners."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from cuedeck.history.lockfile import read_lock
from cuedeck.package.contents import DATABASE
from cuedeck.package.opening import read_members
from cuedeck.problems import Report
from cuedeck.reading.cardsfile import cards_from_text
from cuedeck.rendering import content
from cuedeck.rendering.fields import RenderedNote, render_notes
from tests.making import ROOT
from tests.rendering.rerendering import italics, revise

TABLE = Path(__file__).parent / "digests.yaml"
RELEASED = ROOT / "tests" / "fixtures" / "1.0.0"

WHAT_A_DIGEST_COSTS = """
{count} of these notes have another digest than the one that learners have: {names}.

At the next build of any deck, all notes like them get a new time stamp, though nothing in them has changed. Every
learner who edited or tagged one of these {count} notes loses that at the next import, for nothing. A note that uses no
new key and no mark with a new rendering must never get another digest, and these use none.

* If you added a key: declare it with a default in the dataclass of its note, and leave FIRST_KEYS as it is. It counts
  in the digests of the notes that use it without further work.
* If you changed a rendering: leave the digests alone, and add the mark to REVISIONS in
  builder/cuedeck/rendering/content.py.
* If you meant neither: undo the change.

The rows say what learners have. They stay as they are.
"""

WHAT_NEVER_ARRIVES = """
{count} of these notes have other fields than before with the same digest: {names}.

Notes like them keep their time stamp, so this change never reaches learners who have them. Only new learners see it,
and an author would release a correction that reaches nobody.

* If the rendering was meant to change: add each mark that is rendered differently to REVISIONS in
  builder/cuedeck/rendering/content.py, which says how. All notes that use it get a new time stamp, and all others stay.
* If it was not, as when a newer Markdown parser changed it: restore the old rendering.

The rows say what learners have. They stay as they are.
"""

WHAT_IS_MISSING = """
{count} of these notes are new, or have a new rendering with a new digest, and have no row for that yet. If that was
meant, add these rows to tests/rendering/digests.yaml, after those that a note already has:

{names}
"""


@dataclass(frozen=True)
class Row:
    """The digest of a note, and a hash of its fields."""

    digest: str
    fields: str


def row(digest: str, fields: Sequence[str]) -> Row:
    text = json.dumps(list(fields), ensure_ascii=False, separators=(",", ":"))
    return Row(digest, hashlib.sha256(text.encode()).hexdigest()[:20])


def rows_of(cards: str) -> dict[str, Row]:
    """Return the current rows of all notes of a deck, by id; by the id with "(former)", those with the former sign."""

    def found() -> Iterator[tuple[str, RenderedNote]]:
        for note in notes_of(cards):
            yield note.id, note
            if note.former:
                yield f"{note.id} (former)", note.former

    return {name: row(note.content, note.fields) for name, note in found()}


def notes_of(cards: str) -> list[RenderedNote]:
    read = cards_from_text(cards)
    report = Report(read.places.find)
    notes = render_notes(read.deck, report)
    assert all(problem.can_be_made for problem in report.problems)
    return notes


def unrevised(cards: str) -> dict[str, Row]:
    """Return the same as if no mark had ever been revised. Only the digests differ."""
    with pytest.MonkeyPatch.context() as patch:
        revise(patch, {})
        return rows_of(cards)


def decks() -> dict[str, str]:
    """Return the decks of the table by name, as text."""
    return {name: deck["cards"] for name, deck in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items()}


def table() -> dict[str, list[Row]]:
    """Return the rows of all notes of the table."""
    data = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    notes = {id: rows for deck in data.values() for id, rows in deck["notes"].items()}
    return {id: [Row(*each.split()) for each in rows] for id, rows in notes.items()}


def released() -> dict[str, list[Row]]:
    """Return the notes of the talk as version 1.0.0 released them: digests from its lock, fields from its package."""
    lock = read_lock(RELEASED / "cards.lock")
    assert lock
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(read_members(RELEASED / "soft-abandonment-1.0.0.apkg")[DATABASE])
        fields = {guid: text.split("\x1f") for guid, text in connection.execute("select guid, flds from notes")}
    return {id: [row(note.content, fields[note.guid])] for id, note in lock.notes.items()}


def faults(rows: Mapping[str, Sequence[Row]], cards: Sequence[str]) -> dict[str, str]:
    """Return how the notes of some decks differ from these rows; an empty dict if all is well.

    The keys are "digest", "fields" and "missing", the values messages for whoever changed the program.
    """
    wrong: dict[str, list[str]] = {"digest": [], "fields": [], "missing": []}
    plain = {name: row for text in cards for name, row in unrevised(text).items()}
    now = {name: row for text in cards for name, row in rows_of(text).items()}
    for name, found in now.items():
        known = rows.get(name, ())
        if known and plain[name].digest != known[0].digest:
            wrong["digest"].append(name)
        elif found in known:
            continue
        elif found.digest in {each.digest for each in known}:
            wrong["fields"].append(name)
        else:
            fresh = [each for each in dict.fromkeys((plain[name], found)) if known == () or each == found]
            wrong["missing"].append(f"    {name}: {[f'{each.digest} {each.fields}' for each in fresh]}")
    words = {"digest": WHAT_A_DIGEST_COSTS, "fields": WHAT_NEVER_ARRIVES, "missing": WHAT_IS_MISSING}
    return {
        kind: words[kind].format(count=len(names), names=("\n" if kind == "missing" else ", ").join(names))
        for kind, names in wrong.items()
        if names
    }


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    """What is wrong with the notes of the table."""
    return faults(table(), list(decks().values()))


@pytest.fixture(scope="module")
def found_in_talk() -> dict[str, str]:
    """What is wrong with the notes of the first release."""
    return faults(released(), [(RELEASED / "cards.yaml").read_text(encoding="utf-8")])


def test_no_digest_changes_needlessly(found: dict[str, str], found_in_talk: dict[str, str]) -> None:
    """Notes that use no later key have the digests of version 1.0.0, on which learners' own edits depend."""
    assert "digest" not in found, found["digest"]
    assert "digest" not in found_in_talk, found_in_talk["digest"]


def test_no_field_changes_without_its_digest(found: dict[str, str], found_in_talk: dict[str, str]) -> None:
    """The fields of a note change only together with its digest, so that the change reaches learners."""
    assert "fields" not in found, found["fields"]
    assert "fields" not in found_in_talk, found_in_talk["fields"]


def test_every_rendering_has_a_row(found: dict[str, str]) -> None:
    """A note that is new in the table, or has a new rendering, gets a row of its own."""
    assert "missing" not in found, found["missing"]


def test_no_row_is_gone() -> None:
    """All notes that ever had a row are still in their deck."""
    assert set(table()) == {name for cards in decks().values() for name in rows_of(cards)}
    assert len(table()) >= 52
    assert len(released()) == 127


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Row]]:
    """The notes of the table before a change, in a program without revisions."""
    revise(monkeypatch, {})
    return {name: [row] for cards in decks().values() for name, row in rows_of(cards).items()}


WITH_EMPHASIS = {"extra", "emphasis", "own-reverse-extra", "cloze-extra", "cloze-markup"}


def test_any_other_first_value_is_found(rows: dict[str, list[Row]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes the digests of all notes reads what that costs the learners of each."""
    monkeypatch.setattr(content, "RENDERING", 2)
    found = faults(rows, list(decks().values()))
    assert set(found) == {"digest"}
    message = " ".join(found["digest"].split())
    assert message.startswith(f"{len(rows)} of these notes have another digest")
    assert f"edited or tagged one of these {len(rows)} notes loses that at the next import, for nothing." in message
    assert "A note that uses no new key and no mark with a new rendering must never get another digest" in message


def test_a_rendering_without_its_revision_is_found(rows: dict[str, list[Row]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever renders a mark differently reads that nobody would get that, and where to list the mark."""
    italics(monkeypatch)
    found = faults(rows, list(decks().values()))
    assert set(found) == {"fields"}
    names = found["fields"].partition("with the same digest: ")[2].partition(".")[0]
    assert set(names.split(", ")) == WITH_EMPHASIS
    assert "this change never reaches learners who have them" in found["fields"]


def test_a_rendering_with_its_revision_needs_only_new_rows(
    rows: dict[str, list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old rows stay as they are, and each note that uses the mark gets one more."""
    with pytest.MonkeyPatch.context() as patch:
        italics(patch)
        revise(monkeypatch, {"em_open": 2})
        found = faults(rows, list(decks().values()))
        assert set(found) == {"missing"}
        more = yaml.safe_load(found["missing"].partition("\n\n")[2])
        assert set(more) == WITH_EMPHASIS
        whole = {name: [*first, *(Row(*each.split()) for each in more.get(name, ()))] for name, first in rows.items()}
        assert faults(whole, list(decks().values())) == {}
    # Another rendering with the number of the second one is found again.
    assert set(faults(whole, list(decks().values()))) == {"fields"}


def test_a_new_note_of_the_table_gets_all_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is added after a revision gets two: first the row that it would have without revisions."""
    revise(monkeypatch, {"em_open": 2})
    cards = "deck: {id: a, namespace: k3v9x2mq, title: A}\nconcepts: {b: {title: B, notes: {c: {q: '*d*', a: e}}}}"
    more = yaml.safe_load(faults({}, [cards])["missing"].partition("\n\n")[2])
    assert len(more["c"]) == 2
    assert faults({"c": [Row(*each.split()) for each in more["c"]]}, [cards]) == {}


@pytest.mark.parametrize("message", [WHAT_A_DIGEST_COSTS, WHAT_NEVER_ARRIVES])
def test_no_message_asks_for_other_rows(message: str) -> None:
    """A new table would only hide the harm to learners."""
    assert not {"regenerate", "update", "replace", "rewrite"} & set(message.lower().split())
    assert "They stay as they are." in message


# Each mark, and the notes of the table whose cards show it.
USERS = {
    "em_open": "extra emphasis cloze-extra cloze-markup",
    "strong_open": "emphasis cloze-markup",
    "code_inline": "marks-of-anki code table cloze-code",
    "code_block": "code cloze-quotation",
    "fence": "code",
    "math": "math cloze-math",
    "math_block": "math",
    "link_open": "links cloze-markup",
    "hardbreak": "hard-break",
    "softbreak": "folded paragraphs cloze-folded",
    "bullet_list_open": "list one-item quotation cloze-list",
    "ordered_list_open": "list",
    "list_item_open": "list one-item quotation cloze-list",
    "table_open": "table cloze-table",
    "tbody_open": "table cloze-table",
    "th_open": "table cloze-table",
    "td_close": "table cloze-table",
    "blockquote_open": "quotation cloze-quotation",
    "heading_open": "heading",
    "hr": "heading",
    "paragraph_open": "math list quotation heading paragraphs table cloze-quotation",
    "cloze_hint": "cloze-hint",
    "html_inline": "",
    "s_open": "",
}


@pytest.mark.parametrize("mark", USERS)
def test_a_revision_changes_only_the_notes_with_its_mark(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A higher number changes them again. The number 1, which every mark has at first, changes none."""
    cards = decks()["everything"]
    states = []
    for number in (1, 2, 3):
        revise(monkeypatch, {mark: number, "no_such_mark": 7})
        states.append(rows_of(cards))
    assert states[0] == unrevised(cards)
    for before, after in ((0, 1), (1, 2), (0, 2)):
        changed = {name for name, found in states[after].items() if states[before][name] != found}
        assert changed == set(USERS[mark].split())


@pytest.mark.parametrize(
    ("mark", "kinds"), [("title", "qa cloze"), ("text", "qa cloze"), ("cloze_open", "cloze"), ("cloze_close", "cloze")]
)
def test_marks_of_nearly_all_notes(mark: str, kinds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every note shows a title and words, and every cloze text shows deletions."""
    for cards in decks().values():
        revise(monkeypatch, {mark: 2})
        now, before = rows_of(cards), unrevised(cards)
        for note in notes_of(cards):
            assert (now[note.id] != before[note.id]) == (note.kind in kinds.split()), note.id


def test_the_moment_of_the_main_source_is_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in three fields. The links to all other moments are in the digest as they are."""
    for cards in decks().values():
        revise(monkeypatch, {"moment": 2})
        now, before = rows_of(cards), unrevised(cards)
        for note in notes_of(cards):
            assert (now[note.id] != before[note.id]) == bool(note.fields_by_key["Seconds"]), note.id


def test_a_note_of_the_table_uses_each_revised_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """So misspelt marks are found, and each changed rendering is tested."""
    for mark, number in dict(content.REVISIONS).items():
        assert number >= 2, f"{mark}: the first rendering has the number 1"
        revise(monkeypatch, {mark: number})
        assert any(rows_of(cards) != unrevised(cards) for cards in decks().values()), (
            f"no note in {TABLE.name} uses {mark}: add one that does, or spell the mark as the parser does"
        )
