"""The deck of this repository's talk, built from cards.yaml, as Anki's own importer takes it."""

import re
from pathlib import Path

import pytest
from anki.collection import Collection

from cuedeck.deck.deck import QuestionNote
from cuedeck.deck.moments import clock
from cuedeck.rendering.markdown import to_html
from cuedeck.rendering.notefields import EXTRA
from cuedeck.rendering.plain import runs_and_gaps
from cuedeck.usecases.build import Written, build
from tests.anki.learner import faults, links, new_cards, note_of, schedules, shown, study_all, take, touch
from tests.making import DAY, FIRST, edit, placed_notes

pytestmark = pytest.mark.anki_years

TITLE = "Psychology::Soft Abandonment"


@pytest.fixture
def first(talk: Path) -> Written:
    return build(talk, at=FIRST)


def test_everything_arrives(first: Written, learner: Collection) -> None:
    """Every note is new, none conflicts, and each makes the cards that the build counted."""
    assert take(learner, first.package) == {"new": len(first.build.notes)}
    assert learner.card_count() == first.build.card_count
    assert learner.note_count() == len(first.build.notes)


def test_check_database_finds_nothing(first: Written, learner: Collection) -> None:
    """Neither Check Database nor Empty Cards reports anything about the deck."""
    take(learner, first.package)
    assert faults(learner) == ""


def test_every_card_shows_what_belongs_to_it(first: Written, learner: Collection) -> None:
    """Each back shows the note's answer, extra and concept, and one link that shows the time and leads to it."""
    take(learner, first.package)
    deck = first.build.checked.deck
    assert deck.main_source
    for placed in placed_notes(deck):
        note = note_of(learner, placed.note.id)
        seconds = placed.moments[0].start
        for card in note.cards():
            front, back = shown(card.question()), shown(card.answer())
            assert shown(note[EXTRA.name]) in back
            assert placed.concept.title in back
            assert links(card.answer())[0] == (
                f"¶ {clock(seconds)}",
                f"{deck.main_source.url}#:~:text={clock(seconds)}",
            )
            assert not links(card.question())
            assert front
            own = placed.note.own_reverse if isinstance(placed.note, QuestionNote) and card.ord else None
            if own:  # the style hides the other texts of such a card
                assert shown(to_html(own.q)) in front
                assert shown(to_html(own.a)) in back
            elif note.note_type()["type"] == 0:  # type: ignore[index]
                question, answer = (note["Question"], note["Answer"])[:: -1 if card.ord else 1]
                assert front == shown(question)
                assert shown(question) in back
                assert shown(answer) in back


def test_cloze_cards_hide_their_answer_and_show_it_on_the_back(first: Written, learner: Collection) -> None:
    """The front of a cloze card has a gap or a hint in brackets where the back shows the answer."""
    take(learner, first.package)
    for stamped in first.build.notes:
        cards = {card.ord: card for card in note_of(learner, stamped.known.id).cards()}
        for gap in runs_and_gaps(stamped.rendered.text)[1]:
            for number in gap.numbers:
                card = cards[number - 1]
                assert f"[{gap.hint or '...'}]" in shown(card.question())
                assert re.search(r'<span class="cloze" data-ordinal="\d+">', card.answer())
                assert gap.answer in shown(card.answer())


def test_new_cards_come_in_the_order_of_the_talk(first: Written, learner: Collection) -> None:
    """Anki shows the new cards from the start of the talk to its end."""
    take(learner, first.package)
    starts = {placed.note.id: placed.moments[0].start for placed in placed_notes(first.build.checked.deck)}
    order = [starts[id] for id in new_cards(learner)]
    assert order == sorted(order)


def test_tags_are_under_the_deck_id(first: Written, learner: Collection) -> None:
    """No tag of the deck can be confused with a learner's own."""
    take(learner, first.package)
    assert learner.tags.all()
    assert {tag.partition("::")[0] for tag in learner.tags.all()} == {"soft-abandonment"}


def test_description_arrives(first: Written, learner: Collection) -> None:
    """The deck's page in Anki shows the author's words, the licence, and that this is a draft."""
    take(learner, first.package)
    deck = learner.decks.by_name(TITLE)
    assert deck
    words = shown(deck["desc"])
    assert "Cards on one lecture, in the order of the talk" in words
    assert words.endswith("Cards by Cuedeck. CC BY 4.0. Draft: not released.")


def test_the_same_file_twice_changes_nothing(first: Written, learner: Collection) -> None:
    """A second import knows every note, and touches no schedule."""
    take(learner, first.package)
    study_all(learner)
    before = schedules(learner)
    assert take(learner, first.package) == {"duplicate": len(first.build.notes)}
    assert schedules(learner) == before


def test_building_again_gives_the_same_bytes(first: Written) -> None:
    """If nothing was edited, a later build writes exactly the same package and lock."""
    package, lock = first.package.read_bytes(), first.build.checked.workspace.lock.read_bytes()
    again = build(first.build.checked.workspace.cards, at=FIRST + DAY)
    assert again.package.read_bytes() == package
    assert again.build.checked.workspace.lock.read_bytes() == lock


def test_one_edit_reaches_exactly_one_note(first: Written, learner: Collection, talk: Path) -> None:
    """The edited note is updated; every schedule, and a learner's own tag and words on other notes, stay."""
    take(learner, first.package)
    assert study_all(learner) == first.build.card_count
    before = schedules(learner)
    own = note_of(learner, "dyad-term")
    own.add_tag("mine")
    own[EXTRA.name] = "my own mnemonic"
    learner.update_note(own)

    edit(talk, "a: The older partner", "a: The partner who is older")
    second = build(talk, at=FIRST + DAY)

    counts = take(learner, second.package)
    assert counts == {"updated": 1, "duplicate": len(first.build.notes) - 1}
    assert note_of(learner, "older-partner-foresees")["Answer"] == "The partner who is older"
    assert schedules(learner) == before
    assert note_of(learner, "dyad-term").tags[0] == "mine"
    assert note_of(learner, "dyad-term")[EXTRA.name] == "my own mnemonic"
    assert second.build.counts == {"changed": 1, "unchanged": len(first.build.notes) - 1}


def test_a_correction_reaches_a_note_that_a_learner_touched_before(
    first: Written, learner: Collection, talk: Path
) -> None:
    """If a learner edited a note after the first import, a correction that was built after that still arrives."""
    take(learner, first.package)
    touch(learner, "older-partner-foresees", FIRST + DAY)
    edit(talk, "a: The older partner", "a: The older one")
    take(learner, build(talk, at=FIRST + 2 * DAY).package)
    assert note_of(learner, "older-partner-foresees")["Answer"] == "The older one"


def test_an_undone_edit_reaches_learners_too(first: Written, learner: Collection, talk: Path) -> None:
    """Learners who imported the edit get the old text back with the next build, even one in the same second."""
    edit(talk, "a: The older partner", "a: The younger partner")
    take(learner, build(talk, at=FIRST).package)
    edit(talk, "a: The younger partner", "a: The older partner")
    counts = take(learner, build(talk, at=FIRST).package)
    assert counts["updated"] == 1
    assert note_of(learner, "older-partner-foresees")["Answer"] == "The older partner"


def test_a_recording_that_moves_touches_no_note(first: Written, learner: Collection, talk: Path) -> None:
    """A new address changes every link but no note, so learners keep what they wrote."""
    take(learner, first.package)
    study_all(learner)
    before = schedules(learner)
    own = note_of(learner, "dyad-term")
    own[EXTRA.name] = "my own mnemonic"
    learner.update_note(own)

    edit(
        talk,
        "    url: https://vaknintranscripts.com/2025/12/21/soft-abandonment-and-its-anxiety",
        "    url: https://example.org/moved",
    )
    second = build(talk, at=FIRST + DAY)

    assert take(learner, second.package) == {"duplicate": len(first.build.notes)}
    card = note_of(learner, "dyad-term").cards()[0]
    assert links(card.answer()) == [("¶ 02:20", "https://example.org/moved#:~:text=02:20")]
    assert "my own mnemonic" in shown(card.answer())
    assert schedules(learner) == before


def test_a_new_concept_title_updates_just_its_notes(first: Written, learner: Collection, talk: Path) -> None:
    """The title of a concept is shown only on its notes, so only they are updated."""
    take(learner, first.package)
    edit(talk, "    title: The age gap\n", "    title: A wide age gap\n")
    second = build(talk, at=FIRST + DAY)
    there = sum(not note.retired for note in second.build.checked.deck.concepts["age-gap"].notes.values())
    assert take(learner, second.package) == {"updated": there, "duplicate": len(second.build.notes) - there}
    assert "A wide age gap" in shown(note_of(learner, "dyad-term").cards()[0].answer())


def test_notes_put_in_later_keep_the_order_of_the_talk(first: Written, learner: Collection, talk: Path) -> None:
    """A note that a later build inserts in the middle is learnt where it belongs in the talk."""
    take(learner, first.package)
    edit(talk, "      dyad-term:\n", "      put-in-later:\n        q: New?\n        a: Yes.\n      dyad-term:\n")
    second = build(talk, at=FIRST + DAY)
    assert take(learner, second.package)["new"] == 1
    starts = {placed.note.id: placed.moments[0].start for placed in placed_notes(second.build.checked.deck)}
    order = [starts[id] for id in new_cards(learner)]
    assert order == sorted(order)
    assert "put-in-later" in new_cards(learner)
    assert faults(learner) == ""
