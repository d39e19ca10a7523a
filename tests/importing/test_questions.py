"""Questions in Markdown: what is hidden or formula in them, and texts of any length."""

from pathlib import Path

import pytest

from cuedeck.importing.questions import read_questions

# An answer as it is written, and its HTML.
ANSWERS = {
    "a <!-- b --> c": "a  c",
    "a <!-- b <!-- c --> d": "a  d",
    "a <!-- b": "a &lt;!-- b",
    "a --> b <!-- c --> d": "a --&gt; b  d",
    "\\(a\\) and \\[b\\]": "\\(a\\) and \\[b\\]",
    "\\(a": "(a",
    "`\\(a\\)`": "<code>\\(a\\)</code>",
    "``a ` \\(b\\)``": "<code>a ` \\(b\\)</code>",
    "``a` \\(b\\)": "``a` \\(b\\)",
    "`a`` \\(b\\)": "`a`` \\(b\\)",
    "$a$ `$b$` $c$": "\\(a\\) <code>$b$</code> \\(c\\)",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_is_hidden_or_a_formula(answer: str) -> None:
    """Comments are left out, and formulas are those outside of code."""
    (note,) = read_questions([(Path("a.md"), f"What?\n?\n{answer}\n")], Path(), "a", 0).notes
    assert note.texts["answer"].strip().removeprefix("<p>").removesuffix("</p>") == ANSWERS[answer]


@pytest.mark.hostile
@pytest.mark.parametrize("piece", ["`", "` `` ", "\\(", "\\[", "$$", "$a", "<!--", "==a", "[[", "![[", "{{c1::"])
def test_endless_repetition_ends(piece: str) -> None:
    """No text takes unlimited time."""
    text = piece * (40_000 // len(piece))
    assert read_questions([(Path("a.md"), f"What?\n?\n{text}\n")], Path(), "a", 0).notes
