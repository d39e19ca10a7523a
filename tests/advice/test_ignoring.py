"""What `check: ignore:` hides, and warnings about entries that are useless."""

import pytest

from cuedeck.deck.ignored import Ignored, ignored
from tests.advice.advising import Example, advice_on
from tests.making import TALK, deck, question

BARE = {"one": question("Dyad", "Two people as a unit"), "two": question("Couple", "Two people in love")}


def said(data: Example, **ignore: str) -> list[tuple[str, str]]:
    """Return level and rule of all problems of a deck with `check: ignore:`; `_` stands for a space."""
    entries = {key.replace("_", " "): reason for key, reason in ignore.items()}
    return [(problem.level, problem.rule) for problem in advice_on({**data, "check": {"ignore": entries}})]


IGNORED: list[tuple[dict[str, str], list[tuple[str, str]]]] = [
    ({"no-question": "words are to be learned"}, []),
    ({"no-question_in_one": "a word"}, [("advice", "no-question")]),
    ({"no-question_in_one": "a word", "no-question_in_two": "a word"}, []),
    ({"no-question_in_idea": "words are to be learned"}, []),
]


@pytest.mark.parametrize(("ignore", "left"), IGNORED)
def test_advice_is_hidden(ignore: dict[str, str], left: list[tuple[str, str]]) -> None:
    """An entry hides a rule in the whole deck, in one note, or in all notes of a concept."""
    assert said(deck(BARE, sources={}), **ignore) == left


def test_a_pair_is_hidden_by_either_note() -> None:
    """Advice on two notes is hidden by an entry for either of them."""
    twice = deck({"one": question("What is a dyad?", "A pair"), "two": question("What is a dyad?", "Two")}, sources={})
    assert said(twice, **{"same-question_in_one": "asked twice on purpose"}) == []
    assert said(twice, **{"same-question_in_two": "asked twice on purpose"}) == []


def test_a_chapter_is_hidden_by_its_source() -> None:
    """An entry may name a source."""
    source = {
        **TALK,
        "link": "{url}?t={seconds}",
        "opens": "player",
        "chapters": {"1:00": "Talk", "3:00": "Jokes", "5:00": "End"},
    }
    data = deck({"one": question("What is a dyad?", "A pair", at=["1:32", "5:10"])}, sources={"talk": source})
    data["concepts"]["idea"]["at"] = "1:00-6:00"
    assert said(data, **{"chapter-without-notes_in_talk": "the jokes hold nothing"}) == []


NEEDLESS = {
    "no-qestion": ("unknown-rule", 'there is no advice "no-qestion"', 'did you mean "no-question"?'),
    "zzz": (
        "unknown-rule",
        'there is no advice "zzz"',
        'run "cuedeck explain", which lists all codes, those of advice last',
    ),
    "no-question in on": ("unknown-id", 'there is no note, concept or source "on"', 'did you mean "one"?'),
    "long-answer": ("needless-ignore", '"long-answer" no longer hides anything', "delete the line"),
    "long-answer in one": ("needless-ignore", '"long-answer in one" no longer hides anything', "delete the line"),
}


@pytest.mark.parametrize("entry", NEEDLESS)
def test_needless_entries_are_reported(entry: str) -> None:
    """An entry that names nothing, or hides nothing, is a warning at its own line."""
    data = {"check": {"ignore": {"no-question": "words", entry: "a reason"}}, **deck(BARE, sources={})}
    (problem,) = advice_on(data)
    assert (problem.rule, problem.message, problem.hint) == NEEDLESS[entry]
    assert problem.level == "warning"
    assert (problem.place.line, problem.place.column) == (4, 5)


@pytest.mark.parametrize("entry", [Ignored("long-answer"), Ignored("long-answer", "hard-definition")])
def test_an_entry_is_read_as_it_is_written(entry: Ignored) -> None:
    """Reading an entry and writing it are inverse to one another."""
    assert ignored(str(entry)) == entry


@pytest.mark.parametrize("text", ["", "Long answer", "long-answer in", "long-answer  in x", "in x", "long-answer: x"])
def test_what_is_no_entry_is_refused(text: str) -> None:
    """A key that names no rule is refused with a sentence that shows how it is done."""
    with pytest.raises(ValueError, match="such as long-answer, or long-answer in the-note"):
        ignored(text)
