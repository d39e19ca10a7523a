"""Which decks are said to ask for facts only, and which are not; and the two editions of this deck."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from cuedeck.advice.rules import RULES
from tests.advice.advising import Example, advice_on
from tests.advice.test_rules import on_page
from tests.making import cloze, deck, question

FIRST_EDITION = Path(__file__).parent.parent / "fixtures/1.0.0/cards.yaml"
FACTS: Mapping[str, Example] = on_page("bare-facts", "Bad")
COUNTRIES = [
    *(
        "Spain",
        "France",
        "Italy",
        "Poland",
        "Norway",
        "Sweden",
        "Greece",
        "Kenya",
        "Chad",
        "Chile",
        "Peru",
        "New Zealand",
    ),
    *("Egypt", "Sudan", "Japan", "Nepal", "Cuba", "Haiti", "Togo", "Ghana", "Malta", "Saudi Arabia"),
]


def is_reported(notes: Mapping[str, Example]) -> bool:
    """Return whether a deck of these notes is said to ask for facts only."""
    return "bare-facts" in {problem.rule for problem in advice_on(deck(dict(notes), sources={}))}


def numbered(notes: Sequence[Example]) -> dict[str, Example]:
    """Return notes with ids."""
    return {f"n{number}": note for number, note in enumerate(notes)}


DEEPER = {
    "a reason": question("Why does ignoring hurt?", "It is a form of abandonment"),
    "a way": question("How does staying keep a partner from moving on?", "The partner is still there"),
    "a cause": question("What makes soft abandonment hard to notice?", "Nobody walks out"),
    "a purpose": question("What is the purpose of a provocation?", "To get a reaction"),
    "a reason in a cloze": cloze("One is not set free, because the partner is {{c1::still there}}."),
    "a difference": question("What is the difference between the two absences?", "One is at home"),
    "a contrast": cloze("Unlike a breakup, soft abandonment is {{c1::ambient}}."),
    "a choice": question("Which of the two attitudes comes first?", "Indifference"),
    "a supposition": question("What would a firewall stand for?", "Somebody who is sealed off"),
    "a scene": question("Jo jokes about every feeling. Which closeness does that undermine?", "Intimacy"),
    "a remark": cloze("“You never do anything right” is {{c1::criticism}}."),
}


def test_facts_only_are_reported() -> None:
    """Twenty facts are reported, also beside a single reason; nineteen are not."""
    assert is_reported(FACTS)
    assert not is_reported(dict(list(FACTS.items())[1:]))
    assert is_reported({**FACTS, "why": DEEPER["a reason"]})


@pytest.mark.parametrize("kind", DEEPER)
def test_one_note_more_is_enough(kind: str) -> None:
    """With two of these, fewer than one in ten of the facts ask for more; a third makes the difference."""
    two = {"first": question("Why is that so?", "It hurts"), "second": question("How does it do that?", "In silence")}
    assert is_reported({**FACTS, **two})
    assert not is_reported({**FACTS, **two, "third": DEEPER[kind]})


NOT_REPORTED: dict[str, list[Example]] = {
    "capitals": [question(f"What is the capital of {name}?", "A city") for name in COUNTRIES],
    "languages": [question(f"Which language is spoken in {name}?", "A language") for name in COUNTRIES],
    "definitions": [question(f"What is {name} famous for having?", "A thing") for name in COUNTRIES],
    "words": [question(f"the {name}", f"der {name}") for name in COUNTRIES],
    "words asked for": [question(f"What does {name} mean in English?", f"the {name}") for name in COUNTRIES],
    "terms": [question(name, "A land that is far away from here", reverse="true") for name in COUNTRIES],
    "dates": [question(f"When did the people of {name} last rise, by the {name} book?", "1848") for name in COUNTRIES],
    "years in clozes": [
        cloze(f"The war that {name} lost was in {{{{c1::17{10 + n}}}}}.") for n, name in enumerate(COUNTRIES)
    ],
    "names in clozes": [cloze(f"The bay of number {n} is in {{{{c1::{name}}}}}.") for n, name in enumerate(COUNTRIES)],
    "people": [question(f"Who ruled {name} and its {n} provinces?", "A king") for n, name in enumerate(COUNTRIES)],
    "formulas": [
        question(f"Which area does rule {n} of {name} give?", rf"\(x^{n}\)") for n, name in enumerate(COUNTRIES)
    ],
    "commands": [
        question(f"What shows the {n} files of {name} in git?", f"`git {n}`") for n, name in enumerate(COUNTRIES)
    ],
    "German": [
        question(f"Was ist in {name} größer als auf Insel {n}?", "Der Hafen") for n, name in enumerate(COUNTRIES)
    ],
}


@pytest.mark.parametrize("kind", NOT_REPORTED)
def test_words_names_and_formulas_are_not_reported(kind: str) -> None:
    """Decks that have to ask for facts only are left alone, and so are decks that nobody can judge here."""
    assert not is_reported(numbered(NOT_REPORTED[kind]))


def test_facts_among_many_words_are_not_reported() -> None:
    """Facts have to be more than half of a deck."""
    capitals = numbered(NOT_REPORTED["capitals"])
    assert is_reported({**FACTS, **dict(list(capitals.items())[:10])})
    assert not is_reported({**FACTS, **capitals})


def test_the_first_edition_of_this_deck_has_both_flaws() -> None:
    """Half of its deletions had hints that explain them, and it hardly ever asked why."""
    said = advice_on(yaml.safe_load(FIRST_EDITION.read_text(encoding="utf-8")))
    on_deck = [problem.message for problem in said if problem.keys == ("concepts",)]
    assert len(on_deck) == 2
    assert re.match(r"\d+ of \d+ deletions have a hint", on_deck[0])
    assert re.match(r"\d+ of \d+ notes ask", on_deck[1])
    assert {problem.rule for problem in said} <= set(RULES)
