"""Two branches both hand out packages, and are merged: every learner gets everything."""

from pathlib import Path

import pytest

from tests.anki.learner import card_of, collection, faults, note_of, schedules, shown, study_all, take, touch
from tests.making import DAY, FIRST, build_deck, cloze, deck, question

pytestmark = pytest.mark.anki_years


@pytest.mark.parametrize("order", [("left", "right"), ("right", "left")], ids="-then-".join)
@pytest.mark.parametrize("later", [0, DAY], ids=["same second", "a day apart"])
def test_learners_of_both_branches_get_the_merged_deck(tmp_path: Path, order: tuple[str, str], later: int) -> None:
    """Each learner has one branch's text and new note; the merged deck brings the agreed text and the other's note."""
    times = {"left": FIRST + DAY, "right": FIRST + DAY + later}
    packages, locks = {}, {}
    for name, at in times.items():
        build_deck(tmp_path / name, deck({"shared": question("Shared?", "First.")}))
        notes = {"shared": question("Shared?", f"Of {name}."), f"new-{name}": question(f"{name}?", f"New, {name}.")}
        packages[name] = build_deck(tmp_path / name, deck(notes), at).package
        locks[name] = (tmp_path / name / "cards.lock").read_text(encoding="utf-8").splitlines(keepends=True)
    union = dict.fromkeys(line for name in order for line in locks[name])
    (tmp_path / "cards.lock").write_text("".join(union), encoding="utf-8")
    notes = {
        "shared": question("Shared?", "Of right."),
        "new-left": question("left?", "New, left."),
        "new-right": question("right?", "New, right."),
    }
    merged = build_deck(tmp_path, deck(notes), FIRST + 3 * DAY).package

    for name, other in (("left", "right"), ("right", "left")):
        with collection(tmp_path / name) as learner:
            take(learner, packages[name])
            study_all(learner)
            touch(learner, "shared", times[name] + 1)
            before = schedules(learner)
            counts = take(learner, merged)
            assert counts["new"] == 1
            assert counts["updated"] >= 1
            assert note_of(learner, "shared")["Answer"] == "Of right."
            assert note_of(learner, f"new-{name}")["Answer"] == f"New, {name}."
            assert note_of(learner, f"new-{other}")["Answer"] == f"New, {other}."
            after = schedules(learner)
            assert {card: after[card] for card in before} == before
            assert card_of(learner, f"new-{other}").type == 0
            assert take(learner, merged) == {"duplicate": 3}


def test_the_history_of_an_answer_stays_with_it(tmp_path: Path) -> None:
    """A sentence is turned around with its numbers kept, and gets another deletion in front: all progress stays."""
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, deck({"one": cloze("{{c1::Hard}} ends; {{c2::soft}} stays.")})).package)
        study_all(learner)
        before = schedules(learner)
        hard = card_of(learner, "one", 0).id
        turned = deck({"one": cloze("{{c3::Then}} {{c2::soft}} stays; {{c1::hard}} ends.")})
        assert take(learner, build_deck(tmp_path, turned, FIRST + DAY).package) == {"updated": 1}
        after = schedules(learner)
        assert {card: after[card] for card in before} == before
        assert shown(card_of(learner, "one", 0).question()) == "Then soft stays; [...] ends."
        assert card_of(learner, "one", 0).id == hard
        assert len(after) == 3


def test_a_learners_own_style_is_linked_but_not_required(tmp_path: Path) -> None:
    """The cards link to the learner's own style file, and Anki does not complain if there is none."""
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, deck({"one": question()})).package)
        assert (
            "_cuedeck.css" in card_of(learner, "one").answer() or "_cuedeck.css" in card_of(learner, "one").question()
        )
        assert not learner.media.check().missing
        assert faults(learner) == ""
