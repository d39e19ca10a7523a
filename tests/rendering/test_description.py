"""The page of a deck in Anki: what its author wrote can be found again in what was made of it."""

import json

import pytest

from cuedeck.reading.cardsfile import cards_from_text
from cuedeck.rendering.description import credit, describe, described, own_words, without_credits
from tests.making import deck, question

CREDITS = (credit(2, "Ann", "CC BY 4.0", "https://example.org/pictures"), credit(1, "", "CC0", ""))


@pytest.mark.parametrize("words", ["", "All **of** it.\n\nAnd more.", "`<p>` is a tag."], ids=["none", "two", "tag"])
@pytest.mark.parametrize("retired", [(), ("one", "two")], ids=["all there", "retired"])
@pytest.mark.parametrize("credits", [(), CREDITS], ids=["no credits", "credits"])
def test_the_words_of_the_author_are_found_again(
    words: str, retired: tuple[str, ...], credits: tuple[str, ...]
) -> None:
    """Whatever follows them."""
    about = {"description": words, "author": "She", "license": "CC BY 4.0"}
    data = deck({"one": question()}, **{name: value for name, value in about.items() if value})
    made = cards_from_text(json.dumps(data)).deck
    page = describe(made, "Version 1.0.0.", retired, credits)
    assert own_words(page) == described(words).strip()
    assert without_credits(page) == describe(made, "Version 1.0.0.", retired)
