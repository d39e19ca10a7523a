"""Each rule reports what it should, and nothing else, on the examples of its own page and on more."""

import contextlib
import re
import textwrap
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from cuedeck.advice.rules import RULES
from cuedeck.problems import Problems
from tests.advice.advising import Example, advice_on, rules_that_speak, whole_deck
from tests.making import cloze, deck, question

MORE: dict[str, dict[str, list[Example]]] = yaml.load(
    (Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)


def on_page(rule: str, heading: str) -> Example:
    """Return the example below a heading of a rule's page."""
    found = re.search(rf"^{heading}:\n\n((?:    .*\n?|\n)+)", RULES[rule].page, re.MULTILINE)
    assert found, f"{rule} has no example {heading}:"
    example: Any = yaml.load(textwrap.dedent(found[1]), Loader=yaml.BaseLoader)
    return dict(example)


def cases(kind: str) -> list[Any]:
    """Return each rule with each example of a kind, those of its page first."""
    examples = [(rule, on_page(rule, kind.title())) for rule in RULES]
    examples += [(rule, example) for rule, both in MORE.items() for example in both[kind]]
    return [pytest.param(*case, id=f"{case[0]}-{number}") for number, case in enumerate(examples)]


@pytest.mark.parametrize(("rule", "example"), cases("bad"))
def test_a_rule_speaks_on_a_bad_example(rule: str, example: Example) -> None:
    """A rule reports its bad examples."""
    assert rule in rules_that_speak(example)


@pytest.mark.parametrize(("rule", "example"), cases("good"))
def test_a_rule_keeps_silent_on_a_good_example(rule: str, example: Example) -> None:
    """A rule does not report its good examples."""
    assert rule not in rules_that_speak(example)


@pytest.mark.parametrize("rule", RULES)
def test_the_good_example_of_a_page_is_good_in_every_way(rule: str) -> None:
    """No rule reports what a page recommends."""
    assert rules_that_speak(on_page(rule, "Good")) <= {"tag-used-once"}


def test_each_rule_has_its_cases() -> None:
    """The table of further cases names every rule, and no other."""
    assert list(MORE) == list(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_page_tells_all_it_should(rule: Any) -> None:
    """A page begins with a sentence, and gives a reason with its source."""
    assert rule.summary.endswith(".")
    assert "\nWhy: " in rule.page
    assert re.search(r"Wozniak|Anki|Text fragments|Nothing is learned", rule.page)


def test_advice_is_found_at_the_text_it_is_about() -> None:
    """Advice has the level, the place and the fragment's column, and says what to do."""
    (problem,) = advice_on(whole_deck(cloze("The bond dissolves {{c1::when}} a partner withdraws.")))
    assert problem.level == "advice"
    assert str(problem).splitlines() == [
        'cards.yaml:10:39: advice: the deletion hides only "when", which grammar gives away [deleted-stop-word]',
        "    hide a word that carries the meaning",
    ]


def test_series_are_no_interference() -> None:
    """Dozens of questions of one pattern can be told apart by the word in which they differ."""
    nations = ["Spain", "France", "Italy", "Poland", "Norway", "Sweden", "Greece", "Kenya", "Chad", "Chile", "Peru"]
    notes = {
        f"n{nation.lower()}": question(f"What is the capital of {nation}?", f"City {number}")
        for number, nation in enumerate(nations)
    }
    assert not advice_on(deck(notes, sources={}))


THINGS = ["apple", "bridge", "castle", "dragon", "engine", "forest", "garden", "hammer", "island", "jungle"]


@given(st.lists(st.lists(st.sampled_from(THINGS), min_size=1, max_size=7, unique=True), min_size=2, max_size=8))
def test_no_near_pair_is_overlooked(fronts: list[list[str]]) -> None:
    """Exactly those pairs are found that have the same words, or three in common and one more."""
    notes = {f"n{number}": question(f"Which {' '.join(front)}?", str(number)) for number, front in enumerate(fronts)}
    found = [problem for problem in advice_on(deck(notes, sources={})) if problem.rule == "similar-questions"]
    near = [
        (f'"n{first}"', f"n{second}")
        for (first, one), (second, other) in combinations(enumerate(fronts), 2)
        if one != other and ({*one} == {*other} or (len({*one} ^ {*other}) == 1 and len({*one} & {*other}) >= 3))
    ]
    assert sorted((problem.message.split()[6].rstrip(","), problem.keys[3]) for problem in found) == sorted(near)


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs")), min_size=1, max_size=60)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
@example("0", "0", "0", r"\[")
def test_no_text_is_too_odd(one: str, two: str, three: str, four: str) -> None:
    """Whatever an author writes, either the deck has errors or the rules work; they never fail."""
    notes = {
        "a": question(f"x {one}", f"y {two}", extra=f"z {three}", reverse="true"),
        "b": question(f"x {one}", f"z {four}"),
        "c": cloze(
            f"x {quoted(three)} {{{{c1::{quoted(four)} y::z {quoted(one)}}}}} {{{{c2::a {{{{c3::{quoted(two)} w}}}}}}}}"
        ),
    }
    with contextlib.suppress(Problems):
        assert isinstance(advice_on(deck(notes, sources={})), list)


def quoted(text: str) -> str:
    """Return a text without the signs that Markdown, deletions or formulas give a meaning."""
    return re.sub(r"[\\`*_\[\]{}<>!:|~$#&｛]", "", text)
