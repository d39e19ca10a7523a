"""What `docs/learners/updates.md` promises learners, row by row of its table, with Anki's own importer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from cuedeck.rendering.notefields import EXTRA, MY_NOTES
from tests.anki.follower import FORETOLD, Follower, follower
from tests.anki.learner import take
from tests.making import DAY, FIRST, ROOT, build_deck, deck, question

pytestmark = pytest.mark.anki_years

PAGE = ROOT / "docs" / "learners" / "updates.md"
TABLE = "| yours | after an update |\n| --- | --- |\n"
Test = TypeVar("Test", bound=Callable[..., None])
ROWS: list[str] = []
ALWAYS = 1
"""What Anki's library calls the choice "Always" of "Update notes"."""

FIRST_NOTES = {"one": question("What is it?", "An open breakup."), "two": question("Who spoke?", "A lecturer.")}
CORRECTED = {**FIRST_NOTES, "one": question("What is it?", "A breakup.")}
WITH_A_NEW_NOTE = {**FIRST_NOTES, "three": question("Where was it said?", "In a talk.")}


def row(yours: str, after: str) -> Callable[[Test], Test]:
    """Mark a test as the one that shows this row of the table."""
    ROWS.append(f"| {yours} | {after} |")
    return lambda test: test


def test_each_row_of_the_table_has_a_test() -> None:
    """The table on the page has the rows that are shown here, and no others."""
    table = PAGE.read_text(encoding="utf-8").partition(TABLE)[2].partition("\n\n")[0]
    assert sorted(table.splitlines()) == sorted(ROWS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The author's folder, with the first version built."""
    build_deck(tmp_path / "deck", deck(FIRST_NOTES))
    return tmp_path / "deck"


@pytest.fixture
def learner(tmp_path: Path, home: Path) -> Iterator[Follower]:
    """A learner who has imported and studied the first version."""
    with follower(tmp_path / "learner") as opened:
        opened.follow(home / "decks" / "small.apkg")
        opened.study()
        yield opened


def guid_of(learner: Follower, id: str) -> str:
    return next(guid for guid, note in learner.held.items() if note.id == id)


def correction(home: Path, day: int = 2) -> Path:
    return build_deck(home, deck(CORRECTED), FIRST + day * DAY).package


@row("review history, due dates, flags, suspended cards", "always kept")
@FORETOLD
def test_history_flags_and_suspension_are_kept(learner: Follower, home: Path) -> None:
    """Also on a corrected note, whatever was learnt, flagged and suspended stays."""
    guid = guid_of(learner, "one")
    learner.suspend(guid)
    learner.flag(guid)
    learner.follow(correction(home))
    (card,) = learner.note(guid).cards()
    assert (card.queue, card.user_flag(), card.reps) == (-1, 1, 1)


@FORETOLD
@row("the deck's options, such as the number of new cards a day", "kept")
def test_options_are_kept(learner: Follower, home: Path) -> None:
    """The deck keeps the options that the learner chose."""
    decks = learner.collection.decks
    number = decks.id_for_name("Small")
    assert number
    own = decks.add_config_returning_id("My own")
    decks.set_config_id_for_deck_dict(decks.get(number), own)  # type: ignore[arg-type]
    learner.follow(correction(home))
    assert decks.config_dict_for_deck_id(number)["id"] == own


@row("cards that you moved to another deck", "stay there")
@FORETOLD
def test_cards_moved_to_another_deck_stay_there(learner: Follower, home: Path) -> None:
    """The note is corrected where it is."""
    guid = guid_of(learner, "one")
    own = learner.collection.decks.id("My own")
    assert own
    learner.collection.set_deck(learner.note(guid).card_ids(), own)
    learner.follow(correction(home))
    assert [card.did for card in learner.note(guid).cards()] == [own]


@row("your edits and tags on a note that did not change", "kept")
@row(
    "your edits and tags on a note that was corrected",
    "replaced, including the tags; the tags stay if you [import the corrections first](#keep-your-tags-and-own-words)",
)
@FORETOLD
@pytest.mark.parametrize("id", ["one", "two"])
def test_edits_and_tags_stay_unless_the_note_was_corrected(learner: Follower, home: Path, id: str) -> None:
    """On a note that did not change they stay; on one corrected later they are replaced, tags included.

    What corrections leave is shown in `test_corrections.py`.
    """
    guid = guid_of(learner, id)
    learner.edit(guid, FIRST + DAY)
    learner.follow(correction(home))
    kept = id == "two"
    assert (learner.note(guid)[EXTRA.name] == "my own mnemonic", "mine" in learner.note(guid).tags) == (kept, kept)


@row(
    "a note that changed in your collection after the author released its correction and before you imported that: you "
    "edited it, or Anki tagged it as a leech because you often forgot it",
    "stays as you have it; the correction is skipped, unless you [import the corrections first]"
    "(#keep-your-tags-and-own-words)",
)
@pytest.mark.parametrize("leech", [False, True], ids=["edited", "leech"])
def test_a_note_touched_after_the_correction_stays_as_it_is(learner: Follower, home: Path, leech: bool) -> None:
    """The correction is skipped."""
    guid = guid_of(learner, "one")
    learner.edit(guid, FIRST + 3 * DAY, leech=leech)
    assert learner.follow(correction(home)).counts == {"stale": 1, "unchanged": 1}
    assert learner.note(guid)["Answer"] == "An open breakup."


@row(
    "what you wrote into the field *My notes*",
    "kept on a note that did not change, emptied on one that was corrected, unless you [import the corrections first]"
    "(#keep-your-tags-and-own-words)",
)
@pytest.mark.parametrize(("id", "left"), [("one", ""), ("two", "my own")])
def test_own_notes_stay_unless_the_note_was_corrected(learner: Follower, home: Path, id: str, left: str) -> None:
    """They are shown on the back of the card until the note is corrected, like any other edit of the learner's."""
    note = learner.note(guid_of(learner, id))
    note[MY_NOTES.name] = "my own"
    learner.collection.update_note(note)
    learner.collection.db.execute("update notes set mod = ? where id = ?", FIRST + DAY, note.id)
    assert "my own" in note.cards()[0].answer()
    take(learner.collection, correction(home))
    assert learner.note(guid_of(learner, id))[MY_NOTES.name] == left


@row("a note that you deleted", "comes back, so suspend it instead")
def test_a_deleted_note_comes_back(learner: Follower, home: Path) -> None:
    """It comes back as new with every import: so suspend it instead."""
    learner.collection.remove_notes([learner.note(guid_of(learner, "two")).id])
    assert take(learner.collection, correction(home)) == {"updated": 1, "new": 1}


@row(
    "a note that is no longer part of the deck",
    "stays with you until you [delete it](#delete-notes-that-left-the-deck)",
)
def test_a_dropped_note_stays_until_it_is_deleted(learner: Follower, home: Path) -> None:
    """The search on the deck's page finds it, and once deleted it does not come back."""
    notes = {**FIRST_NOTES, "two": {**FIRST_NOTES["two"], "retired": "Doubtful."}}
    package = build_deck(home, deck(notes), FIRST + DAY).package
    learner.follow(package)
    page = learner.collection.decks.by_name("Small")
    assert page
    assert '<code>"note:Cuedeck small (*)" "Note ID:two"</code>' in page["desc"]
    (found,) = learner.collection.find_notes('"Note ID:two"')
    learner.collection.remove_notes([found])
    assert take(learner.collection, package) == {"duplicate": 1}


@row("the deck, if you renamed it", "your cards stay in it, but new notes go into a deck with the old name")
def test_a_renamed_deck_keeps_its_cards_and_new_notes_go_elsewhere(learner: Follower, home: Path) -> None:
    """New notes come in a deck with the old name."""
    decks = learner.collection.decks
    number = decks.id_for_name("Small")
    assert number
    decks.rename(number, "Mine")
    learner.follow(build_deck(home, deck(WITH_A_NEW_NOTE), FIRST + DAY).package)
    names = {id: decks.name(learner.note(guid_of(learner, id)).cards()[0].did) for id in WITH_A_NEW_NOTE}
    assert names == {"one": "Mine", "two": "Mine", "three": "Small"}


@row(
    "what you changed in the styling of the cards",
    "replaced when the deck's styling changes; [a file of your own](look.md) is kept",
)
def test_own_styling_is_replaced_only_when_ours_changes(learner: Follower, home: Path) -> None:
    """A correction of a note leaves the learner's note type as it is; a new look of the cards replaces it."""
    models = learner.collection.models
    model = models.get(learner.note(guid_of(learner, "one")).mid)
    assert model
    model["css"] = ".card { color: teal; }"
    models.update_dict(model)
    learner.collection.db.execute("update notetypes set mtime_secs = ? where id = ?", FIRST + DAY, model["id"])
    assert take(learner.collection, correction(home, 2)) == {"updated": 1, "duplicate": 1}
    models._clear_cache()
    assert learner.note(guid_of(learner, "one")).note_type()["css"] == model["css"]  # type: ignore[index]
    moved = {"talk": {"title": "A talk", "url": "https://example.com", "link": "{url}?t={seconds}"}}
    package = build_deck(home, deck(CORRECTED, sources=moved), FIRST + 3 * DAY).package
    assert take(learner.collection, package) == {"duplicate": 2}
    models._clear_cache()
    assert learner.note(guid_of(learner, "one")).note_type()["css"] != model["css"]  # type: ignore[index]


@row(
    "a field or card type that you added to the deck's note types",
    "[stops every later update](#if-notes-could-not-be-imported), so please add none",
)
@pytest.mark.parametrize("added", ["field", "card"])
def test_a_field_or_card_added_to_the_note_type_stops_updates(learner: Follower, home: Path, added: str) -> None:
    """Neither this correction nor a later one arrives, but nothing is lost."""
    add(added, learner)
    for day in (2, 4):
        assert take(learner.collection, correction(home, day)) == {"conflicting": 2}
    assert learner.note(guid_of(learner, "one"))["Answer"] == "An open breakup."


def test_corrections_arrive_again_after_the_added_card_type_is_removed(learner: Follower, home: Path) -> None:
    """The skipped correction arrives, too."""
    model = add("card", learner)
    learner.collection.models.remove_template(model, model["tmpls"][-1])
    learner.collection.models.update_dict(model)
    assert take(learner.collection, correction(home)) == {"updated": 1, "duplicate": 1}


@FORETOLD
def test_later_corrections_arrive_after_the_added_field_is_removed(learner: Follower, home: Path) -> None:
    """Anki counts all notes as edited then, so the correction that was skipped needs "Update notes: Always"."""
    collection, skipped = learner.collection, correction(home)
    model = add("field", learner)
    collection.models.remove_field(model, model["flds"][-1])
    collection.models.update_dict(model)
    collection.db.execute("update notes set mod = ?", FIRST + 3 * DAY)
    assert take(collection, skipped) == {"duplicate": 2}
    assert learner.note(guid_of(learner, "one"))["Answer"] == "An open breakup."
    assert take(collection, skipped, update_notes=ALWAYS) == {"updated": 2}
    assert learner.note(guid_of(learner, "one"))["Answer"] == "A breakup."
    later = {**CORRECTED, "two": question("Who spoke?", "A professor.")}
    assert take(collection, build_deck(home, deck(later), FIRST + 4 * DAY).package) == {"updated": 1, "duplicate": 1}


def add(what: str, learner: Follower) -> dict[str, Any]:
    """Add a field or a card to the note type of the notes, as in Anki's editor; return the note type."""
    models = learner.collection.models
    model = models.get(learner.note(guid_of(learner, "one")).mid)
    assert model
    if what == "field":
        models.add_field(model, models.new_field("Mine"))
    else:
        template = models.new_template("Mine")
        template["qfmt"] = "{{Answer}} mine"
        models.add_template(model, template)
    models.update_dict(model)
    return models.get(model["id"])  # type: ignore[return-value]
