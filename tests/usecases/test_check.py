"""`cuedeck check` and `cuedeck explain`, as they are called."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cuedeck.problems import Problems
from cuedeck.usecases.check import check
from cuedeck.usecases.release import release
from tests.making import ROOT, deck, question, write
from tests.running import run

POOR = deck({"one": question("Dyad", "Two people as a unit"), "two": question("Couple", "Two in love")}, sources={})
GOOD = deck({"one": question("What is a dyad?", "Two people as a unit")}, sources={})
NEEDLESS = {**GOOD, "check": {"ignore": {"long-answer": "no reason"}}}
WRONG = {**GOOD, "concept": {}}


def test_our_own_deck_is_good() -> None:
    """The talk's deck has nothing that any rule would advise against."""
    result = run("check", "--strict", ROOT / "cards.yaml")
    assert result.exit_code == 0, result.output
    assert "advice" not in result.output


@pytest.mark.parametrize("command", [check, lambda cards: release(cards, "1.0.0")], ids=["check", "release"])
def test_an_id_with_half_of_a_character(tmp_path: Path, command: Callable[[Path], object]) -> None:
    """It is reported as any other that is not valid."""
    cards = tmp_path / "cards.yaml"
    data = {**GOOD, "concepts": {"idea": {"title": "Idea", "notes": {"smile\ud83d": question()}}}}
    cards.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(Problems) as caught:
        command(cards)
    assert {each.rule for each in caught.value.problems} == {"bad-id", "half-character"}


@pytest.mark.parametrize(
    ("data", "lenient", "strict"),
    [(GOOD, 0, 0), (POOR, 0, 1), (NEEDLESS, 0, 1), (WRONG, 1, 1)],
    ids=["good", "advice", "warning", "error"],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_strict_lets_advice_and_warnings_fail(
    tmp_path: Path, data: dict[str, object], lenient: int, strict: int, form: str
) -> None:
    """Errors always fail the check; warnings and advice do if it is strict."""
    cards = write(tmp_path, data)
    assert run("check", cards, "--format", form).exit_code == lenient
    assert run("check", cards, "--format", form, "--strict").exit_code == strict


def test_advice_is_told_apart(tmp_path: Path) -> None:
    """Each piece of advice says what it is, and the last line counts them."""
    result = run("check", write(tmp_path, POOR))
    assert result.stderr.count(": advice: ") == 2
    assert "is valid: 2 notes, 2 cards, 2 pieces of advice\n" in result.stdout


def test_json_holds_advice(tmp_path: Path) -> None:
    """A machine finds the level and the rule of each piece of advice."""
    found = json.loads(run("check", write(tmp_path, POOR), "--format", "json").stdout)
    assert found["sound"]
    assert [(each["level"], each["rule"]) for each in found["problems"]] == [("advice", "no-question")] * 2


def test_build_gives_no_advice(tmp_path: Path) -> None:
    """Building a deck says nothing about the quality of its cards."""
    result = run("build", write(tmp_path, POOR))
    assert result.exit_code == 0
    assert result.stderr == ""


def test_rules_are_loaded_only_where_they_are_needed(plain_environment: dict[str, str]) -> None:
    """Building and the table of commands load none of the rules."""
    code = "import sys, cuedeck.cli, cuedeck.commands.build; sys.exit(any('advice' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], env=plain_environment, check=False).returncode == 0
