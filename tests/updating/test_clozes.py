"""What an edit of a cloze note does to the history of each number: pairs of texts and the verdict on them."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.history.prompts import asked
from cuedeck.rendering.markdown import cloze_to_html
from cuedeck.updating.clozes import Answers, NumberEdit, near, number_edits, right_numbering

_EDITS = yaml.safe_load(Path(__file__).with_name("cloze-edits.yaml").read_text(encoding="utf-8"))
_GRAVEST = ("moved", "renumbered", "replaced", "gone", "correction", "edit")
_REFUSED = ("moved", "renumbered", "replaced")


def _compared(old: str, new: str) -> tuple[Answers, Answers, list[NumberEdit]]:
    before, after = (asked("cloze", (), cloze_to_html(text).html) for text in (old, new))
    edits = number_edits(before.answers, after.answers, same_outside=before.outside == after.outside)
    return before.answers, after.answers, edits


@pytest.mark.parametrize("edit", _EDITS, ids=lambda edit: edit["case"])
def test_verdict(edit: dict[str, str]) -> None:
    """Each hand-made pair of texts is judged as a careful author would, except for known limits, which say so."""
    _, _, edits = _compared(edit["old"], edit["new"])
    verdicts = {each.verdict for each in edits}
    gravest = next(verdict for verdict in _GRAVEST if verdict in verdicts)
    wanted = edit.get("says", edit["want"])
    assert gravest in ({"edit", "moved"} if wanted == "either" else {wanted}), edits


def test_limits_have_a_reason_and_do_not_stay_when_fixed() -> None:
    """A verdict that is not the wanted one says why, and is another."""
    limits = [edit for edit in _EDITS if edit.keys() & {"says", "because"}]
    assert all(edit["because"] and edit["says"] != edit["want"] for edit in limits)


@pytest.mark.parametrize(
    "edit", [edit for edit in _EDITS if edit["want"] in ("moved", "renumbered")], ids=lambda edit: edit["case"]
)
def test_the_numbering_that_is_proposed_is_accepted(edit: dict[str, str]) -> None:
    """An author who numbers the deletions as the message says is not refused again."""
    old, new, _ = _compared(edit["old"], edit["new"])
    right = right_numbering(old, new)
    assert sorted(right) == sorted(new)
    renumbered = {right[number]: texts for number, texts in new.items()}
    assert len(renumbered) == len(new)
    again = number_edits(old, renumbered, same_outside=False)
    assert [each for each in again if each.verdict in ("moved", "renumbered")] == []


@pytest.mark.parametrize("edit", _EDITS, ids=lambda edit: edit["case"])
def test_a_text_compared_with_itself_is_no_edit_of_anything(edit: dict[str, str]) -> None:
    """With nothing edited, no number has become anything else."""
    _, _, edits = _compared(edit["new"], edit["new"])
    assert {each.verdict for each in edits} == {"edit"}


NEAR = {
    "same": ("hard", "hard", True),
    "case": ("Hard", "hARD", True),
    "article": ("the dyad", "A dyad", True),
    "only an article": ("the", "a", False),
    "punctuation": ("all-pervasive", "all pervasive!", True),
    "transposition": ("indiffernece", "indifference", True),
    "one letter of four": ("dyad", "dyed", True),
    "one letter of three": ("cat", "cut", False),
    "two letters of six": ("abcdef", "abxyef", False),
    "two letters of eight": ("abcdefgh", "abxyefgh", True),
    "subset": ("indifference", "total indifference", True),
    "digits differ": ("in the year 1914", "in the year 1915", False),
    "digits in the same place": ("in the year 1914", "in the yaer 1914", True),
    "opposite": ("older", "younger", False),
    "empty and word": ("", "word", False),
    "two signs": ("+", "-", False),
    "composed and not": ("caf\u00e9", "cafe\u0301", True),
    "signs differ": ("x < y", "x > y", False),
    "signs stand closer": ("x<y", "x < y", True),
    "plus and minus": ("A+", "A-", False),
    "minus before a number": ("-5", "5", False),
    "two kinds of minus": ("-5", "−5", True),
    "hyphen": ("self-soothing", "self soothing", True),
    "denied": ("over", "not over", False),
    "denied in a long answer": ("the one who stays does recover", "the one who stays doesn't recover", False),
    "denied by a prefix": ("predictable", "unpredictable", False),
    "thousands": ("12,000", "12000", True),
    "decimals": ("1.5", "15", False),
    "powers": ("x²", "x³", False),
    "Hebrew points": ("שלום", "שָׁלוֹם", True),
    "full width": ("ＡＢＣ", "abc", True),
    "very long": ("x" * 5000, "x" * 4990 + "y" * 10, True),
    "sharp s": ("Straße", "STRASSE", True),
}


@pytest.mark.parametrize(("one", "other", "wanted"), NEAR.values(), ids=NEAR)
def test_near(one: str, other: str, wanted: bool) -> None:
    """Two answers are near if they are one answer, misspelt or in other words, whichever is older."""
    assert near(one, other) is near(other, one) is wanted


TEXTS = st.text("abcdeé 12.-", min_size=1, max_size=9).filter(str.strip)
NUMBERED = st.dictionaries(st.integers(1, 5), st.lists(TEXTS, min_size=1, max_size=2).map(tuple), min_size=1)


@given(one=TEXTS, other=TEXTS)
def test_near_is_the_same_both_ways(one: str, other: str) -> None:
    """Whichever of two answers is the older, the judgement is one."""
    assert near(one, other) is near(other, one)
    assert near(one, one)


@given(old=NUMBERED, new=NUMBERED)
def test_every_number_is_judged_once(old: Answers, new: Answers) -> None:
    """Each old number gets one verdict, and no number of the new text is forgotten."""
    edits = number_edits(old, new, same_outside=False)
    judged = [each.number for each in edits]
    assert sorted(judged) == sorted(set(judged))
    assert set(judged) >= set(old)
    assert set(judged) | {each.other for each in edits} >= set(new)


@given(old=NUMBERED, new=NUMBERED)
def test_the_proposed_numbering_is_a_numbering(old: Answers, new: Answers) -> None:
    """No two numbers of the new text get the same number."""
    right = right_numbering(old, new)
    assert sorted(right) == sorted(new)
    assert len(set(right.values())) == len(right)
