"""A place for the learner's own words, which releases had as a spare field: on cards at once, and never ours."""

import shutil
from pathlib import Path

import pytest
from anki.collection import Collection

from cuedeck.deck.kinds import Kind
from cuedeck.rendering.notefields import MY_NOTES, place_of
from cuedeck.usecases.build import build
from tests.anki.learner import card_of, faults, note_of, schedules, shown, study_all, take, touch
from tests.making import DAY, ROOT, edit

pytestmark = pytest.mark.anki_years

# The last release whose note types have the field as a spare one, as learners have it.
RELEASED = ROOT / "decks" / "soft-abandonment-1.1.0.apkg"
NOTES = 95
# Two notes that were not edited since.
QUESTION, CLOZE = "older-partner-foresees", "narcissists-and-borderlines"
OWN = "Henrik is like my <b>uncle</b>."


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """The deck in a folder of its own."""
    (tmp_path / "home" / "decks").mkdir(parents=True)
    for name in ("cards.yaml", "cards.lock"):
        shutil.copy(ROOT / name, tmp_path / "home" / name)
    for path in (ROOT / "decks").glob("*.apkg"):
        shutil.copy(path, tmp_path / "home" / "decks" / path.name)
    return tmp_path / "home" / "cards.yaml"


def own_of(learner: Collection, id: str, kind: Kind) -> str:
    """Return what the learner's field of a note contains."""
    return note_of(learner, id).fields[place_of(MY_NOTES, kind)]


def write_own(learner: Collection, id: str, kind: Kind, at: int) -> None:
    """Write into the learner's field of a note, at a time in seconds since 1970."""
    note = note_of(learner, id)
    note.fields[place_of(MY_NOTES, kind)] = OWN
    learner.update_note(note)
    touch(learner, id, at)


def test_own_words_appear_with_the_update_and_stay(learner: Collection, cards: Path) -> None:
    """The field gets its new name, no note is touched, and a correction empties only the field of its own note."""
    take(learner, RELEASED)
    study_all(learner)
    learner.fix_integrity()
    before = schedules(learner)
    for id, kind in ((QUESTION, Kind.QA), (CLOZE, Kind.CLOZE)):
        write_own(learner, id, kind, int(note_of(learner, id).mod) + 1)
        assert "My notes" not in shown(card_of(learner, id).answer())
    built = build(cards)
    take(learner, built.package)  # with whatever was edited since the release
    assert take(learner, built.package) == {"duplicate": NOTES}
    for id, kind in ((QUESTION, Kind.QA), (CLOZE, Kind.CLOZE)):
        assert own_of(learner, id, kind) == OWN
        assert "My notes Henrik is like my uncle." in shown(card_of(learner, id).answer())
        assert "My notes" not in shown(card_of(learner, id).question())
    assert "My notes" not in shown(card_of(learner, "dyad-term").answer())
    edit(cards, "It is the age gap itself that makes Henrik expect it.", "It is the gap itself that does it.")
    corrected = build(cards, at=built.build.lock.newest_time + DAY)
    assert take(learner, corrected.package) == {"updated": 1, "duplicate": NOTES - 1}
    assert (own_of(learner, QUESTION, Kind.QA), own_of(learner, CLOZE, Kind.CLOZE)) == ("", OWN)
    assert before.items() <= schedules(learner).items()
    assert faults(learner) == ""
