"""Small facts about words on which the rules depend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.advice.english import looks_english
from cuedeck.advice.words import folded, root, same_word, width

ENGLISH = [
    "What is a dyad?",
    "Does hard abandonment always hurt?",
    "Who wrote the book?",
    "The bond dissolves when a partner withdraws.",
    "Is separation insecurity experienced by narcissists and borderlines only?",
]
OTHERS = [
    "Was ist eine Dyade?",
    "Will man in einer Beziehung gehen oder bleiben?",
    "Die Bindung löst sich, wenn einer der Partner sich zurückzieht.",
    "Wat is de hoofdstad van Nederland?",
    "De man had het boek in de tas.",
    "Quelle est la capitale de la France ?",
    "Il y a des gens qui ont peur de tout.",
    "¿Cuál es la capital de España?",
    "No me han visto en la casa.",
    "Qual è la capitale d'Italia?",
    "Vad är huvudstaden i Sverige?",
    "Hvad er hovedstaden i Danmark, og hvor ligger den?",
    "二人関係とは何ですか？",
    "Что такое диада?",
    "",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_recognized(text: str) -> None:
    """Rules for English judge English."""
    assert looks_english(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages_are_left_alone(text: str) -> None:
    """Rules for English do not judge other languages."""
    assert not looks_english(text)


SAME = [("reject", "rejection"), ("abandon", "abandonment"), ("indifference", "indifferent"), ("wish", "wishes")]
NOT_SAME = [("different", "difficult"), ("compare", "companion"), ("live", "love"), ("1917", "1918"), ("in", "inner")]


@pytest.mark.parametrize("pair", SAME)
def test_forms_of_a_word_are_the_same(pair: tuple[str, str]) -> None:
    """Forms of one word are known, whichever comes first."""
    assert same_word(*pair)
    assert same_word(*pair[::-1])


@pytest.mark.parametrize("pair", NOT_SAME)
def test_two_words_are_not_the_same(pair: tuple[str, str]) -> None:
    """Words that only begin alike are two."""
    assert not same_word(*pair)


_LETTERS = st.text("aeos", min_size=1, max_size=10)


@given(_LETTERS, _LETTERS, st.text("aeos", max_size=3), st.text("aeos", max_size=3))
def test_what_is_no_root_of_a_word_is_no_form_of_it(one: str, other: str, end: str, other_end: str) -> None:
    """Words that are the same begin with each other's root, so that most others are quickly ruled out."""
    for pair in ((one, other), (one + end, one + other_end), (one, one + "s"), (one + "es", one)):
        if same_word(*pair):
            assert pair[1].startswith(root(pair[0])), pair
            assert pair[0].startswith(root(pair[1])), pair


WIDTHS = {
    "dyad": 4,
    "二人関係": 8,
    "naïve": 5,
    "nai\u0308ve": 5,
    r"\(\frac{1}{2}\sqrt{x}\) m": 7,
    r"\(a^2 + b^2 + 2ab + c^2\)": 10,
}


@pytest.mark.parametrize("text", WIDTHS)
def test_width(text: str) -> None:
    """Wide signs count twice, marks on a letter not at all, and a formula as ten."""
    assert width(text) == WIDTHS[text]


@pytest.mark.parametrize("text", ["What is a dyad?", "what  is a dyad", " What is a dyad ?", "“What is a dyad?”"])
def test_folded(text: str) -> None:
    """Capitals, spaces and closing marks make no other question."""
    assert folded(text) == "what is a dyad"
