"""What is advised on notes that learners have: nothing that a build would refuse."""

from pathlib import Path

import pytest

from cuedeck.advice.material import ANEW
from cuedeck.advice.rules import RULES
from tests.advice.advising import whole_deck
from tests.advice.test_rules import on_page
from tests.making import EveryKey, checked, deck, question, release_deck, write
from tests.mediafiles import put_files


@pytest.mark.parametrize("rule", RULES)
def test_what_a_page_recommends_is_not_advised_where_a_build_refuses_it(rule: str, folder: Path) -> None:
    """Of a released note, the good example under the id of the bad one may be another question or another kind."""
    put_files(str([on_page(rule, "Bad"), on_page(rule, "Good")]), Path())
    cards = write(Path(), whole_deck(on_page(rule, "Bad")))
    drafted = {each.hint for each in checked(cards).with_advice().warnings}
    release_deck(Path(), whole_deck(on_page(rule, "Bad")))
    advised = [each for each in checked(Path("cards.yaml")).with_advice().warnings if each.rule == rule]
    met = checked(write(Path(), whole_deck(on_page(rule, "Good"))), EveryKey()).hazards
    refused = {hazard.subject for hazard in met if hazard.refused}
    assert advised
    for each in advised:
        if each.keys[3:4] and each.keys[3] in refused:
            assert each.hint not in drafted


def test_a_list_of_a_released_note_is_not_to_become_a_cloze(folder: Path) -> None:
    """Anki never brings another kind to learners; a draft may take it."""
    states = deck({"states": question("Which are the states of matter?", "solid, liquid, gas and plasma")})
    hints = {}
    for state in ("draft", "released"):
        cards = (
            write(Path(), states) if state == "draft" else release_deck(Path(), states).build.checked.workspace.cards
        )
        (hints[state],) = {each.hint for each in checked(cards).with_advice().warnings if each.rule == "list-answer"}
    assert hints == {
        "draft": "ask for one item at a time, in separate notes or in a cloze note",
        "released": ANEW,
    }


# Rules whose advice makes another question, or another kind, of a note.
REMAKING = {
    *("list-answer", "yes-no-question", "mostly-deleted", "deleted-stop-word", "many-deletions"),
    *("long-deletion", "same-question", "similar-questions"),
}


@pytest.mark.parametrize("rule", RULES)
def test_what_would_remake_a_note_is_advised_for_drafts_only(rule: str, folder: Path) -> None:
    """All other advice is the same for both."""
    data = whole_deck(on_page(rule, "Bad"))
    put_files(str(data), Path())
    cards = write(Path(), data)
    drafted = {each.hint for each in checked(cards).with_advice().warnings if each.rule == rule}
    release_deck(Path(), data)
    released = {each.hint for each in checked(cards).with_advice().warnings if each.rule == rule}
    assert drafted
    assert (drafted == released) == (rule not in REMAKING)
