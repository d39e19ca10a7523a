"""What Cuedeck relies on in Anki's importer: which notes an update reaches, and what it does to them."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions

from tests.anki.learner import ANKI, by_guid, faults, schedules, study_all, take
from tests.anki.packages import CLOZE, Row, pack
from tests.making import DAY, FIRST, build_deck, deck, question

pytestmark = pytest.mark.slow

LATER = FIRST + DAY
IF_NEWER = 0


def test_the_dialog_offers_what_a_plain_import_does(learner: Collection) -> None:
    """In a new collection nothing is ticked, and notes and note types are updated if they are newer."""
    offered = learner._backend.get_import_anki_package_presets()
    assert offered == ImportAnkiPackageOptions()
    assert (offered.update_notes, offered.update_notetypes) == (IF_NEWER, IF_NEWER)


def test_notes_are_matched_by_guid_alone(learner: Collection, tmp_path: Path) -> None:
    """A note with the same guid is the same note, whatever its text and id; with another guid it is another note."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    id = by_guid(learner, "a").id
    rows = [Row("a", ("Two", "2"), LATER), Row("b", ("One", "1"), LATER)]
    assert take(learner, pack(tmp_path / "2.apkg", rows, at=LATER)) == {"updated": 1, "new": 1}
    assert by_guid(learner, "a").id == id
    assert by_guid(learner, "a").fields == ["Two", "2"]


@pytest.mark.parametrize(("seconds", "arrives"), [(-1, False), (0, False), (1, True)])
def test_only_a_newer_note_arrives(learner: Collection, tmp_path: Path, seconds: int, arrives: bool) -> None:
    """A note is replaced if its time is at least one second newer, whatever its text."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    edited = pack(tmp_path / "2.apkg", [Row("a", ("Two", "2"), FIRST + seconds)])
    assert take(learner, edited) == ({"updated": 1} if arrives else {"duplicate": 1})
    assert by_guid(learner, "a").fields == (["Two", "2"] if arrives else ["One", "1"])


def test_a_newer_time_alone_replaces_a_note(learner: Collection, tmp_path: Path) -> None:
    """The content of notes is never compared: the same text with a newer time overwrites what the learner wrote."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    own = by_guid(learner, "a")
    own.fields[1] = "my own"
    learner.update_note(own)
    learner.db.execute("update notes set mod = ?", FIRST + 1)
    assert take(learner, pack(tmp_path / "2.apkg", [Row("a", ("One", "1"), LATER)])) == {"updated": 1}
    assert by_guid(learner, "a").fields == ["One", "1"]


def test_an_update_replaces_all_tags(learner: Collection, tmp_path: Path) -> None:
    """A learner's tags on a note are lost when the note is updated, and stay when it is not."""
    take(learner, pack(tmp_path / "1.apkg", [Row(guid, ("One", guid), tags=["old"]) for guid in "ab"]))
    for guid in "ab":
        note = by_guid(learner, guid)
        note.add_tag("mine")
        learner.update_note(note)
    learner.db.execute("update notes set mod = ?", FIRST + 1)
    rows = [Row("a", ("One", "a"), LATER, tags=["new"]), Row("b", ("One", "b"), tags=["old"])]
    assert take(learner, pack(tmp_path / "2.apkg", rows)) == {"updated": 1, "duplicate": 1}
    assert by_guid(learner, "a").tags == ["new"]
    assert by_guid(learner, "b").tags == ["mine", "old"]


def test_only_what_is_updated_is_synchronized(learner: Collection, tmp_path: Path) -> None:
    """A replaced note is marked for the next synchronization, a skipped one is not."""
    take(learner, pack(tmp_path / "1.apkg", [Row(guid, ("One", guid)) for guid in "ab"]))
    learner.db.execute("update notes set usn = 5")
    take(learner, pack(tmp_path / "2.apkg", [Row("a", ("Two", "a"), LATER), Row("b", ("One", "b"))]))
    assert learner.db.all("select guid, usn from notes order by guid") == [["a", -1], ["b", 5]]


def test_an_update_keeps_the_authors_time(learner: Collection, tmp_path: Path) -> None:
    """Afterwards a note has the time of its package, with which the next update is compared.

    Up to 24.11 it has the time of the import, so that anything with an earlier time is skipped later.
    """
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    take(learner, pack(tmp_path / "2.apkg", [Row("a", ("Two", "2"), LATER)]))
    keeps = ANKI >= (25, 2)
    assert (by_guid(learner, "a").mod == LATER) is keeps
    third = pack(tmp_path / "3.apkg", [Row("a", ("Three", "3"), LATER + DAY)])
    assert take(learner, third) == ({"updated": 1} if keeps else {"duplicate": 1})


def _suspend(learner: Collection) -> None:
    learner.sched.suspend_notes([by_guid(learner, "a").id])


def _flag(learner: Collection) -> None:
    learner.set_user_flag_for_cards(1, by_guid(learner, "a").card_ids())


def _move(learner: Collection) -> None:
    learner.set_deck(by_guid(learner, "a").card_ids(), learner.decks.id("Mine"))


def _tag(learner: Collection) -> None:
    learner.tags.bulk_add([by_guid(learner, "a").id], "marked")


def _edit(learner: Collection) -> None:
    note = by_guid(learner, "a")
    note.fields[1] = "mine"
    learner.update_note(note)


@pytest.mark.parametrize(
    ("deed", "counts"),
    [(study_all, False), (_suspend, False), (_flag, False), (_move, False), (_tag, True), (_edit, True)],
    ids=["answer", "suspend", "flag", "move", "tag", "edit"],
)
def test_what_makes_a_note_the_learners(
    learner: Collection, tmp_path: Path, deed: Callable[[Collection], Any], counts: bool
) -> None:
    """Tagging and editing give a note a new time, so that an older update is skipped; studying does not."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    deed(learner)
    assert (by_guid(learner, "a").mod > LATER) is counts
    fate = "duplicate" if counts else "updated"
    assert take(learner, pack(tmp_path / "2.apkg", [Row("a", ("Two", "2"), LATER)])) == {fate: 1}


def test_a_leech_tag_between_draft_and_release(learner: Collection, tmp_path: Path) -> None:
    """Anki tags a leech on day 15: an edit with the time of day 1 is skipped, with that of the release it arrives."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    (card,) = by_guid(learner, "a").cards()
    card.type = card.queue = 2
    card.ivl, card.lapses, card.due = 10, 7, learner.sched.today
    learner.update_card(card)
    card.start_timer()
    learner.sched.answerCard(card, 1)
    assert by_guid(learner, "a").tags == ["leech"]
    learner.db.execute("update notes set mod = ?", FIRST + 15 * DAY)
    draft = pack(tmp_path / "draft.apkg", [Row("a", ("Two", "2"), FIRST + DAY)])
    assert take(learner, draft) == {"duplicate": 1}
    release = pack(tmp_path / "release.apkg", [Row("a", ("Two", "2"), FIRST + 31 * DAY)])
    assert take(learner, release) == {"updated": 1}


def test_a_deleted_note_comes_back(learner: Collection, tmp_path: Path) -> None:
    """A deleted note comes back as new with every import; a suspended one stays suspended."""
    package = pack(tmp_path / "1.apkg", [Row(guid, ("One", guid)) for guid in "ab"])
    take(learner, package)
    learner.sched.suspend_notes([by_guid(learner, "b").id])
    learner.remove_notes([by_guid(learner, "a").id])
    assert take(learner, package) == {"new": 1, "duplicate": 1}
    assert by_guid(learner, "b").cards()[0].queue == -1


def test_a_note_that_is_no_longer_shipped_stays(learner: Collection, tmp_path: Path) -> None:
    """A note left out of a package stays, with its history, and the search for retired notes finds only such notes."""
    notes = {name: question(name) for name in ("a", "b", "ab", "c")}
    take(learner, build_deck(tmp_path, deck(notes)).package)
    study_all(learner)
    before = schedules(learner)
    take(learner, build_deck(tmp_path, deck({"ab": notes["ab"], "c": notes["c"]}), LATER).package)
    assert schedules(learner) == before
    found = learner.find_notes('"Note ID:re:^(a|b)$"')
    assert sorted(learner.get_note(id)["Note ID"] for id in found) == ["a", "b"]


def test_one_guid_in_two_decks_is_one_note(learner: Collection, tmp_path: Path) -> None:
    """A stranger's note with the same guid overwrites this one, whose card stays where it was."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    take(learner, pack(tmp_path / "2.apkg", [Row("a", ("Two", "2"), LATER, deck="Stranger")]))
    (card,) = by_guid(learner, "a").cards()
    assert by_guid(learner, "a").fields == ["Two", "2"]
    assert learner.decks.name(card.did) == "Facts"


def test_a_time_in_the_future_blocks_every_later_update(learner: Collection, tmp_path: Path) -> None:
    """Anki accepts a time in the future, and skips notes with a correct time until Check Database."""
    future = int(time.time()) + 10 * DAY
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"), future)]))
    update = pack(tmp_path / "2.apkg", [Row("a", ("Two", "2"), future - DAY)])
    assert take(learner, update) == {"duplicate": 1}
    assert faults(learner) == ""
    assert take(learner, update) == {"updated": 1}


def test_an_id_used_again_inherits_a_history(learner: Collection, tmp_path: Path) -> None:
    """A new card with the id of a deleted one gets its reviews: so no id is ever used again."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    study_all(learner)
    (card,) = by_guid(learner, "a").cards()
    learner.remove_notes([card.nid])
    take(learner, pack(tmp_path / "2.apkg", [Row("b", ("Two", "2"))]))
    (other,) = by_guid(learner, "b").cards()
    assert other.id == card.id
    assert learner.db.scalar("select count() from revlog where cid = ?", other.id) == 1


def test_a_separator_in_a_field_ends_the_whole_import(learner: Collection, tmp_path: Path) -> None:
    """With U+001F in one note, no note arrives: so control characters are refused before anything is built."""
    with pytest.raises(Exception, match="note has 3 fields, expected 2"):
        take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One\x1f", "1")), Row("b", ("Two", "2"))]))
    assert learner.note_count() == 0


def test_the_importer_takes_nearly_anything(learner: Collection, tmp_path: Path) -> None:
    """An empty front and a cloze text without a deletion arrive without a warning: so the build refuses them."""
    assert take(learner, pack(tmp_path / "1.apkg", [Row("a", ("", "1"))])) == {"new": 1}
    assert take(learner, pack(tmp_path / "2.apkg", [Row("b", ("No deletion", ""))], CLOZE)) == {"new": 1}
