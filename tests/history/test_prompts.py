"""What a note asks: the answers to each number, and the words around them."""

import pytest

from cuedeck.deck.kinds import Kind
from cuedeck.history.prompts import asked
from cuedeck.rendering.markdown import cloze_to_html
from cuedeck.rendering.plain import runs_and_gaps

# Name: a text, its answers by number, another text, and whether the words around the deletions are the same in both.
CASES = [
    ("answer", "a {{c1::b}} c", {1: ("b",)}, "a {{c1::x y}} c", True),
    ("words", "a {{c1::b}} c", {1: ("b",)}, "a {{c1::b}} d", False),
    ("twice", "{{c1::a}} and {{c1::b}}", {1: ("a", "b")}, "{{c1::b}} and {{c1::a}}", True),
    ("nested", "a {{c1::b {{c2::c}}}} d", {1: ("b c",), 2: ("c",)}, "a {{c1::x}} d", True),
    ("two-cards", "{{c2,1::a}}", {1: ("a",), 2: ("a",)}, "{{c1::a}}", True),
    ("hint", "{{c1::a::b}} c", {1: ("a",)}, "{{c1::a}} c", True),
    ("markup", "**a** {{c1::`b`}}", {1: ("b",)}, "a {{c1::b}}", True),
    ("list", "{{c1::a}}\n\n- b {{c2::c}}", {1: ("a",), 2: ("c",)}, "{{c1::a}}\n\nb {{c2::c}}", True),
    ("code-block", "{{c1::a}}\n\n```\nb\n```", {1: ("a",)}, "{{c1::a}}\n\n```\nc\n```", False),
    ("one-gap-more", "{{c1::a}} b", {1: ("a",)}, "{{c1::a}} {{c2::b}}", False),
]


@pytest.mark.parametrize(
    ("text", "answers", "other", "same"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_a_cloze_asks(text: str, answers: dict[int, tuple[str, ...]], other: str, same: bool) -> None:
    """Answers are listed by number, as a card shows them. Words around the deletions count without markup: they show
    whether an answer was corrected or the question is new.
    """
    found, beside = (asked("cloze", (0,), cloze_to_html(each).html) for each in (text, other))
    assert found.answers == answers
    assert (found.outside == beside.outside) == same


def test_a_question_has_no_answers_by_number() -> None:
    """Braces in a question are text."""
    found = asked("qa", (0, 1), "")
    assert (found.answers, found.outside) == ({}, "")


# Texts of a stranger, and the answers that are read in them.
ENDLESS = {
    "deep": ("<b{{c1::x" * 20_000, {1: 10}),
    "many": ("{{c1::x}} " * 20_000, {1: 20_000}),
    "numbers past all bounds": (f"{{{{c{'9' * 5000}::x}}}} {{{{c1,{'9' * 5000},2::y}}}}", {1: 1, 2: 1}),
    "no numbers": ("{{c,::x}} {{c,,::y}}", {}),
    "closed too often": ("{{c1::x" + "}}" * 50_000, {1: 1}),
    "hints": ("{{c1::x" + "::y" * 50_000 + "}}", {1: 1}),
}


@pytest.mark.hostile
@pytest.mark.parametrize("name", ENDLESS)
def test_endless_deletions_end(name: str) -> None:
    """No text takes unlimited time or memory, and no number is too long."""
    text, answers = ENDLESS[name]
    found = asked(Kind.CLOZE, {0}, text).answers
    assert {number: len(each) for number, each in found.items()} == answers
    _, gaps = runs_and_gaps(text)
    assert sum(len(gap.answer) for gap in gaps) < 11 * len(text)
