"""`cuedeck check`"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from cuedeck.building.loading import Checked
from cuedeck.commands.options import (
    cards_argument,
    print_data,
    print_draft_effects,
    print_text,
    quiet_option,
    say,
    show_problems,
)
from cuedeck.problems import Problem, Problems, are_decisive, how_to_fix
from cuedeck.usecases.check import check
from cuedeck.usecases.fix import FixedCards, fix, write
from cuedeck.wording import counted

_LONGEST = 60  # characters of a change that are printed


@click.command()
@cards_argument
@quiet_option
@click.option("--strict", is_flag=True, help="Fail on warnings and advice, too, except for advice from a transcript.")
@click.option("--fix", "fixing", is_flag=True, help="Fix clear mistakes in CARDS, and print each change.")
@click.option(
    "--diff",
    "showing",
    is_flag=True,
    help="Show what --fix would change, without writing; fail if it would change anything.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print problems.")
def command(cards: Path, quiet: bool, strict: bool, fixing: bool, showing: bool, form: str) -> None:
    r"""Check CARDS (cards.yaml by default), its cards, and what an update would do to learners.

    Nothing is written without --fix. With it, mistakes that have only one right correction are fixed: $x^2$ becomes
    \(x^2\), and a new id such as "My idea" becomes valid. Comments and everything else stay as they are. Problems that
    need your decision are still reported.
    """
    fixed: FixedCards | None = None
    outcome: Checked | Problems
    try:
        if fixing or showing:
            fixed = fix(cards)
            outcome = fixed.outcome
        else:
            outcome = check(cards)
        if fixed and not showing:
            write(fixed)
    except Problems as found:
        fixed, outcome = None, found
    if form == "json":
        _print_json(cards, outcome, fixed, showing)
    else:
        _print(cards, outcome, fixed, showing, quiet)
    if (
        isinstance(outcome, Problems)
        or (strict and are_decisive(outcome.warnings))
        or (fixed and showing and fixed.changes)
    ):
        click.get_current_context().exit(1)


def _problems(outcome: Checked | Problems) -> Sequence[Problem]:
    return outcome.problems if isinstance(outcome, Problems) else outcome.warnings


def _print(cards: Path, outcome: Checked | Problems, fixed: FixedCards | None, showing: bool, quiet: bool) -> None:
    """Print what was fixed, or would be, and then the problems and a summary of the deck."""
    if fixed and showing:
        _show_diff(fixed, quiet)
    elif fixed and not quiet:
        _say_changes(fixed)
    show_problems(_problems(outcome))
    if quiet:
        return
    if not fixed and (words := how_to_fix(_problems(outcome))):
        say(words, err=True)
    if isinstance(outcome, Checked) and not showing:
        say(f"{cards.as_posix()} is valid: {_summary(outcome)}")
        print_draft_effects(outcome.drafts)


def _summary(checked: Checked) -> str:
    cards_made = sum(len(note.cards) for note in checked.notes)
    levels = Counter(problem.level for problem in checked.warnings)
    parts = [counted(len(checked.notes), "note"), counted(cards_made, "card")]
    if levels["warning"]:
        parts.append(counted(levels["warning"], "warning"))
    if levels["advice"]:
        parts.append(counted(levels["advice"], "piece") + " of advice")
    return ", ".join(parts)


def _say_changes(fixed: FixedCards) -> None:
    """Print each change, and how many there are."""
    say(
        *(
            f'{change.place}: replaced "{_shortened(change.old)}" with "{_shortened(change.new)}" [{change.rule}]'
            for change in fixed.changes
        ),
        f"{fixed.cards.as_posix()}: {_count(fixed)}",
    )


def _count(fixed: FixedCards, verb: str = "made") -> str:
    if not fixed.changes:
        return "nothing to fix automatically"
    more = "" if fixed.is_all else "; there is more to fix: run it again"
    return f"{counted(len(fixed.changes), 'change')} {verb}{more}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _show_diff(fixed: FixedCards, quiet: bool) -> None:
    """Print a diff, with nothing else on standard output, so that other programs can read it."""
    print_text(fixed.diff())
    if not quiet:
        say(f"{fixed.cards.as_posix()}: {_count(fixed, 'to make')}", err=True)


def _print_json(cards: Path, outcome: Checked | Problems, fixed: FixedCards | None, showing: bool) -> None:
    sound = not isinstance(outcome, Problems)
    data: dict[str, Any] = {
        "file": cards.as_posix(),
        "sound": sound,
        "problems": [problem.as_json() for problem in _problems(outcome)],
        "drafts": [] if isinstance(outcome, Problems) else list(outcome.drafts),
    }
    if fixed:
        data["changes"] = [
            {
                "file": change.place.file,
                "line": change.place.line,
                "column": change.place.column,
                "rule": change.rule,
                "old": change.old,
                "new": change.new,
            }
            for change in fixed.changes
        ]
    if fixed and showing:
        data["diff"] = fixed.diff()
    print_data(data)
