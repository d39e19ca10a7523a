"""How the AnkiConnect add-on imports: through `anki.importing`, not through what the dialog calls.

Up to 25.09 that is a separate importer, written in Python; later it calls the importer of the dialog, with every option
ticked.
"""

from pathlib import Path

import anki.lang
import pytest
from anki.collection import Collection

from cuedeck.rendering.notefields import EXTRA
from tests.anki.learner import ANKI, by_guid, card_of, faults, note_of, schedules, study_all, take, touch
from tests.anki.packages import Kind, Row, pack
from tests.making import DAY, FIRST, build_deck, cloze, deck, question

LATER = FIRST + DAY
NOTES = {"one": question(), "two": question("Two?"), "gone": question("Gone?"), "cloze": cloze("{{c1::x}} {{c2::y}}")}
EDITED = {"one": question(answer="New."), "two": NOTES["two"], "cloze": NOTES["cloze"], "new": question("New?")}
CALLS_THE_OTHER = ANKI >= (26,)


def take_by_add_on(learner: Collection, package: Path) -> None:
    """Import a package as the add-on does."""
    anki.lang.set_lang("en_US")  # the window would have done so
    from anki.importing import AnkiPackageImporter

    AnkiPackageImporter(learner, str(package)).run()


def test_our_updates_arrive_as_with_the_dialog(learner: Collection, tmp_path: Path) -> None:
    """Import, study, update, update again: changes arrive, and schedules and the learner's own tags and words stay."""
    take_by_add_on(learner, build_deck(tmp_path, deck(NOTES)).package)
    study_all(learner)
    own = note_of(learner, "two")
    own.add_tag("mine")
    own[EXTRA.name] = "my own"
    learner.update_note(own)
    touch(learner, "two", FIRST)
    before, schema = schedules(learner), learner.db.scalar("select scm from col")
    update = build_deck(tmp_path, deck(EDITED), LATER).package
    for _ in range(2):
        take_by_add_on(learner, update)
        assert note_of(learner, "one")["Answer"] == "New."
        assert (note_of(learner, "two").tags, note_of(learner, "two")[EXTRA.name]) == (["mine"], "my own")
        after = schedules(learner)
        assert {card: after[card] for card in before} == before
        assert len(after) == len(before) + 1
        assert learner.db.scalar("select scm from col") == schema
    assert faults(learner) == ""
    assert take(learner, update) == {"duplicate": 4}


@pytest.mark.parametrize(("seconds", "arrives"), [(-1, False), (0, False), (1, True)])
def test_only_a_newer_note_arrives(learner: Collection, tmp_path: Path, seconds: int, arrives: bool) -> None:
    """The rule about times is the same."""
    take_by_add_on(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    take_by_add_on(learner, pack(tmp_path / "2.apkg", [Row("a", ("Two", "2"), FIRST + seconds)]))
    assert by_guid(learner, "a").fields[0] == ("Two" if arrives else "One")


@pytest.mark.skipif(not CALLS_THE_OTHER, reason="the older importer has no such options")
def test_merge_stays_ticked(learner: Collection, tmp_path: Path) -> None:
    """After one import by the add-on, the dialog has merging of note types, schedules and presets ticked."""
    take_by_add_on(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    offered = learner._backend.get_import_anki_package_presets()
    assert (offered.merge_notetypes, offered.with_scheduling, offered.with_deck_configs) == (True, True, True)


def test_a_learners_own_field(learner: Collection, tmp_path: Path) -> None:
    """The update, which the dialog would skip, arrives, and what the learner wrote in that field is gone.

    The older importer skips the update, as the dialog does.
    """
    take(learner, build_deck(tmp_path, deck(NOTES)).package)
    kind = card_of(learner, "one").note_type()
    learner.models.add_field(kind, learner.models.new_field("Mine"))
    learner.models.update_dict(kind)
    own = note_of(learner, "one")
    own["Mine"] = "mine"
    learner.update_note(own)
    touch(learner, "one", FIRST)
    take_by_add_on(learner, build_deck(tmp_path, deck(EDITED), LATER).package)
    note = note_of(learner, "one")
    assert (note["Answer"], note["Mine"]) == (("New.", "") if CALLS_THE_OTHER else ("That.", "mine"))


def test_another_shape_never_arrives(learner: Collection, tmp_path: Path) -> None:
    """The newer importer merges a reshaped note type and asks for a full sync, yet skips the edit of the note."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    study_all(learner)
    before, schema = schedules(learner), learner.db.scalar("select scm from col")
    update = pack(
        tmp_path / "2.apkg", [Row("a", ("Two", "2", "3"), LATER)], Kind(("Front", "Back", "More"), time=LATER)
    )
    take_by_add_on(learner, update)
    assert by_guid(learner, "a").fields == ["One", "1", *([""] if CALLS_THE_OTHER else [])]
    assert schedules(learner) == before
    assert (learner.db.scalar("select scm from col") != schema) is CALLS_THE_OTHER
