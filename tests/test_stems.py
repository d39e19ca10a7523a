"""The words of a text that carry meaning, and their stems."""

import pytest

from cuedeck.stems import content_stems, content_words, stem

CONTENT = {
    "What does the partner's withdrawal signal?": ["partner", "withdrawal", "signal"],
    "A lack of vitamin A": ["lack", "vitamin", "a"],
    "Is C++ older than C?": ["c++", "older", "c"],
    "self-neglect": ["self", "neglect"],
    "not before all is lost": ["not", "before", "all", "lost"],
}


@pytest.mark.parametrize("text", CONTENT)
def test_content_words(text: str) -> None:
    """Words that carry grammar only are left out; a single capital is a name."""
    assert list(content_words(text)) == CONTENT[text]
    assert content_stems(text) == set(map(stem, CONTENT[text]))
