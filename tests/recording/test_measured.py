"""What the manual promises about proposals and wrong moments holds on talks whose right moments are known."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from cuedeck.recording.finding import Spoken, wanted
from cuedeck.recording.transcripts.cues import Cue
from cuedeck.usecases.check import check
from tests.making import edit
from tests.recording.measuring import PAGE, TALKS, Figures, figures_of, made_set, real_set, shift_of

FIRST, OF_THREE, FOUND = 0.8, 0.93, 0.7
NOTES_A_FALSE_ALARM = 200
EXACT = 11  # seconds by which a shift that is found may be wrong
SHIFTS = (-90, -45, 45, 90)


def assert_holds(figures: Figures) -> None:
    assert figures.first >= FIRST * figures.notes
    assert figures.of_three >= OF_THREE * figures.notes
    assert figures.alarms <= figures.notes / NOTES_A_FALSE_ALARM
    assert figures.found >= FOUND * figures.wrong


@pytest.mark.parametrize("talk", TALKS)
def test_moments_are_proposed_and_wrong_ones_found(talk: str) -> None:
    """Most first proposals are right, nearly always one of three is, and most wrong moments are found, none in vain."""
    assert_holds(figures_of(made_set(talk)))


@pytest.mark.skipif(not real_set(), reason=f"{PAGE} does not name the file with the text of the talk's page")
def test_the_deck_of_this_repository_is_no_exception() -> None:
    """The same holds for its 95 notes, whose moments are the passages of a page."""
    measured = real_set()
    assert measured is not None
    assert len(measured.transcript.cues) == 21
    assert_holds(figures_of(measured))
    assert [abs(shift_of(measured, by) - by) <= EXACT for by in SHIFTS] == [True] * len(SHIFTS)
    assert shift_of(measured, 0) == 0


@pytest.mark.skipif(PAGE not in os.environ, reason=f"{PAGE} does not name the file with the text of the talk's page")
def test_nothing_is_advised_on_the_deck_of_this_repository(talk: Path) -> None:
    """Its moments fit what is said, and its words are its own."""
    shutil.copyfile(os.environ[PAGE], talk.parent / "page.txt")
    edit(talk, "    chapters:\n", "    transcript: page.txt\n    chapters:\n")
    assert [problem for problem in check(talk).warnings if problem.is_local] == []
    edit(talk, "transcript: page.txt", "transcript: gone.txt")
    assert [problem.rule for problem in check(talk).warnings if problem.is_local] == ["transcript-missing"]


@pytest.mark.parametrize(("talk", "notes"), [("bread", "german"), ("light", "bread"), ("bread", "maps")])
def test_notes_of_something_else_are_left_alone(talk: str, notes: str) -> None:
    """Right moments of notes in another language, or on another talk, are not reported."""
    assert figures_of(made_set(talk, notes)).alarms == 0


@pytest.mark.parametrize("by", SHIFTS)
@pytest.mark.parametrize("talk", TALKS)
def test_a_shift_of_the_whole_transcript_is_found(talk: str, by: int) -> None:
    """It is found to a few seconds."""
    assert abs(shift_of(made_set(talk), by) - by) <= EXACT


@pytest.mark.parametrize("by", [-15, 0, 15])
@pytest.mark.parametrize("talk", TALKS)
def test_a_small_shift_is_not_reported(talk: str, by: int) -> None:
    """Fewer than twenty seconds do not matter, and cannot be told from chance."""
    assert shift_of(made_set(talk), by) == 0


def test_few_notes_show_no_shift() -> None:
    """Nineteen notes are not enough."""
    measured = made_set("bread")
    few = type(measured)(measured.transcript, measured.notes[:19])
    assert shift_of(few, 60) == 0


SAID = Spoken(
    (
        Cue(0, 4, "Beavers build dams,"),
        Cue(4, 8, "and the dams hold water."),
        Cue(40, 44, "Spiders weave webs."),
        Cue(80, 84, "A dam of stone holds as well as one of wood."),
    )
)


@dataclass(frozen=True)
class Expected:
    """Words, and the places that are found for them, best first."""

    words: str
    places: tuple[int, ...]


@pytest.mark.parametrize(
    "expected",
    [
        Expected("weaving a web", (40,)),
        Expected("beavers' dams", (0, 80)),
        Expected("wood", (80,)),
        Expected("the and of", ()),
        Expected("zebra", ()),
        Expected("", ()),
    ],
    ids=lambda each: each.words,
)
def test_places_are_the_beginnings_of_cues(expected: Expected) -> None:
    """A place is where a cue begins; two of them are never from one window; forms of a word count as the word."""
    assert tuple(place.second for place in SAID.places(wanted(expected.words))) == expected.places


def test_a_place_quotes_what_is_said() -> None:
    """It has as many of the words as possible, a few before them, and nothing that is said much later or before."""
    (place,) = SAID.places(wanted("webs"))
    assert place.words == "Spiders weave webs."
    assert SAID.places(wanted("stone wood"))[0].words == "A dam of stone holds as well as one of wood."


def test_a_passage_has_its_words_marked() -> None:
    """The words between two seconds, each with whether it was looked for."""
    assert SAID.between(38, 50, wanted("a web")) == [("Spiders", False), ("weave", False), ("webs.", True)]
    assert (SAID.count(0, 40), SAID.count(40, None)) == (8, 14)
