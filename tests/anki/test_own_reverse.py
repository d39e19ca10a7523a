"""Second cards with their own texts, in Anki: they come, go and come back, and learners keep their progress."""

from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from cuedeck.rendering.ownreverse import texts_of_reverse
from tests.anki.learner import ANKI, card_of, faults, note_of, note_type, schedules, study_all, take
from tests.making import DAY, FIRST, build_deck, cloze, deck, question

OWN = {"q": "Which term is meant?", "a": "**hard** abandonment"}
OTHERS = {"swapped": question("Term?", "Meaning.", reverse="true"), "gaps": cloze("It is {{c1::x}}")}


ONE_TIME = pytest.mark.skipif(ANKI < (25, 2), reason="up to 24.11 an update is stamped with the time of its import")


def _deck(reverse: Any) -> dict[str, Any]:
    more = {} if reverse is None else {"reverse": reverse}
    return deck({"one": question("What is hard abandonment?", "An open breakup", **more), **OTHERS})


def _sides(learner: Collection, id: str) -> tuple[str, str]:
    card = card_of(learner, id, 1)
    return card.question(), card.answer()


def _own_texts(learner: Collection) -> tuple[str, str] | None:
    return texts_of_reverse(note_of(learner, "one")["Reverse"])


@ONE_TIME
def test_progress_stays_whatever_the_second_card_asks(learner: Collection, tmp_path: Path) -> None:
    """Swapped sides, texts of its own, other texts, and back: both cards keep their ids and their history.

    Only the note itself is updated. Nothing else changes but the note type, and what a learner wrote stays.
    """
    take(learner, build_deck(tmp_path, _deck("true")).package)
    study_all(learner)
    own = note_of(learner, "swapped")
    own.add_tag("mine")
    own["Extra"] += "my words"
    learner.update_note(own)
    before, schema = schedules(learner), learner.db.scalar("select scm from col")
    others = {id: note_of(learner, id).fields for id in OTHERS}
    for later, reverse in enumerate((OWN, {**OWN, "q": "Which term is it?"}, "true", OWN), 1):
        written = build_deck(tmp_path, _deck(reverse), FIRST + later * DAY, accept_all=True)
        assert dict(written.build.counts) == {"changed": 1, "unchanged": 2}
        assert take(learner, written.package) == {"updated": 1, "duplicate": 2}
        assert schedules(learner) == before
        assert {id: note_of(learner, id).fields for id in OTHERS} == others
        assert note_of(learner, "swapped").tags.count("mine") == 1
        for each in written.build.types:
            assert note_type(learner, each.type.id)["css"] == each.type.css
        texts = _own_texts(learner)
        assert texts == (None if reverse == "true" else (reverse["q"], "<strong>hard</strong> abandonment"))
    assert learner.db.scalar("select scm from col") == schema
    assert faults(learner) == ""


@ONE_TIME
def test_the_second_card_comes_with_its_texts_and_leaves_without_them(learner: Collection, tmp_path: Path) -> None:
    """It arrives as a new card. Once it is removed, it is blank; the other second cards are not."""
    take(learner, build_deck(tmp_path, _deck(None)).package)
    assert len(note_of(learner, "one").cards()) == 1
    take(learner, build_deck(tmp_path, _deck(OWN), FIRST + DAY).package)
    front, back = _sides(learner, "one")
    assert "Which term is meant?" in front
    assert front in back
    assert "<strong>hard</strong> abandonment" in back
    assert not learner.get_empty_cards().notes
    take(learner, build_deck(tmp_path, _deck(None), FIRST + 2 * DAY, accept_all=True).package)
    (empty,) = learner.get_empty_cards().notes
    assert list(empty.card_ids) == [card_of(learner, "one", 1).id]
