"""Two texts word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.updating.wordedits import word_edits

EDITS = [
    ("", "", ""),
    ("same", "same", "same"),
    ("An open breakup", "An open and final breakup", "An open {and final }breakup"),
    ("an open breakup", "an obvious breakup", "an [open]{obvious} breakup"),
    ("He said one thing.", "He meant another matter.", "He [said one thing.]{meant another matter.}"),
    ("in 2024", "in 2025", "in [2024]{2025}"),
    ("gone", "", "[gone]"),
    ("", "come", "{come}"),
    ("a b", "a", "a[ b]"),
    ("trunks", "trunks.", "[trunks]{trunks.}"),
    (r"so \(a + b\), that", r"so \(a + c\), that", r"so [\(a + b\),]{\(a + c\),} that"),
    (r"\[a + b\] \(c + d\)", r"\[a + b\] \(c\)", r"\[a + b\] [\(c + d\)]{\(c\)}"),
    (r"\[a \\[2pt] b\]", r"\[a \\[3pt] b\]", r"[\[a \\[2pt] b\]]{\[a \\[3pt] b\]}"),
    (r"an open \( a b", r"an open \( a c", r"an open \( a [b]{c}"),
]


@pytest.mark.parametrize(("before", "after", "told"), EDITS, ids=[told or "empty" for _, _, told in EDITS])
def test_what_changed_is_told_in_whole_words(before: str, after: str, told: str) -> None:
    """Removed words come before new ones, and the words of a phrase stay together."""
    marks = {"same": "%s", "gone": "[%s]", "come": "{%s}"}
    assert "".join(marks[piece.kind] % piece.text for piece in word_edits(before, after)) == told


@given(before=st.text(r"ab ,\()[]"), after=st.text(r"ab ,\()[]"))
def test_both_texts_are_in_the_edits(before: str, after: str) -> None:
    """Without what comes it is the old text, without what goes the new one; and no piece is empty."""
    pieces = word_edits(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "come") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
    assert all(piece.text for piece in pieces)


def test_a_very_long_text_is_replaced_as_a_whole() -> None:
    """Comparing hundreds of thousands of words would take minutes."""
    before, after = "a " * 100_000, "b " * 100_000
    assert [piece.text for piece in word_edits(before, after)] == [before, after]


def test_many_formulas_that_do_not_end_are_no_formulas() -> None:
    """Each of them is read up to the next one: looking for the end of each would take minutes."""
    before, after = r"\(a " * 100_000 + r"\\(a " * 100_000, r"\[b " * 100_000 + r"\\[b" * 100_000
    assert [piece.text for piece in word_edits(before, after)] == [before, after]
