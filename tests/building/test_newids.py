"""New ids: what they are made from words, of decks and chapters as of imported notes, and that each is new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.building.newids import NewIds, id_from
from cuedeck.deck.values import identifier
from cuedeck.importing.naming import words_of

FROM = {
    "The first idea": "the-first-idea",
    "  What's new -- in 2026?!": "whats-new-in-2026",
    "What’s new": "whats-new",
    "my_talk (v2)": "my-talk-v2",
    "Über Größe": "uber-grosse",
    "Œuvres, SMØRREBRØD, Łódź, Þing, Æther": "oeuvres-smorrebrod-lodz-thing-aether",
    "ＡＢ ½ ℃": "ab-12-c",
    "第一章": "",
    "": "",
    "whole words, as far as forty-eight characters have enough room": "whole-words-as-far-as-forty-eight-characters",
    "w" * 60: "w" * 48,
    "a " + "w" * 60: "a",
}


@pytest.mark.parametrize(("words", "id"), FROM.items())
def test_an_id_from_words(words: str, id: str) -> None:
    """It has the first words, in letters that every id may have."""
    assert id_from(words) == id


MARKDOWN = {
    "What is **bold**, and `code`?": "what-is-bold-and-code",
    "It is {{c1::so}} and {{c2::so::hint}}": "it-is-so-and-so",
    r"Why is \(a^2\) *here*?": "why-is-here",
    "See [this page](https://example.org) &amp; ![a dog](media/dog.png)": "see-this-page-a-dog",
}


@pytest.mark.parametrize(("text", "id"), MARKDOWN.items())
def test_an_id_from_markdown(text: str, id: str) -> None:
    """Only what the text says is in it, and neither markup nor formulas."""
    assert id_from(words_of(text)) == id


@given(st.text())
def test_every_id_is_valid(words: str) -> None:
    """Whatever the words are, it is an id, or empty."""
    assert not id_from(words) or identifier(id_from(words))


def test_each_id_is_given_out_once() -> None:
    """One that is taken gets a number, and one without words always has one."""
    ids = NewIds("note", taken=["one", "two-2"])
    assert [ids.made_from(words) for words in ("One", "one", "Two", "two", "two!", "three", "第", "")] == (
        ["one-2", "one-3", "two", "two-3", "two-4", "three", "note-1", "note-2"]
    )
