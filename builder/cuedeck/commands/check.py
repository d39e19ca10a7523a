"""`cuedeck check`"""

from collections import Counter
from pathlib import Path

import click

from cuedeck.building.loading import Checked
from cuedeck.commands.options import cards_argument, print_data, quiet_option, say, say_to_drafters, show_problems
from cuedeck.problems import Problem, Problems
from cuedeck.usecases.check import check
from cuedeck.wording import counted


@click.command()
@cards_argument
@quiet_option
@click.option("--strict", is_flag=True, help="Let warnings and advice fail the check, too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print problems.")
def command(cards: Path, quiet: bool, strict: bool, form: str) -> None:
    """Check CARDS (cards.yaml by default), its cards and what an update would do, without writing anything."""
    if form == "json":
        _print_json(cards, strict)
        return
    checked = check(cards)
    show_problems(checked.warnings)
    if not quiet:
        say(f"{cards.as_posix()}: sound: {_summary(checked)}")
        say_to_drafters(checked.drafts)
        if checked.warnings:
            click.echo('"cuedeck explain CODE" says more on each code in brackets')
    if strict and checked.warnings:
        click.get_current_context().exit(1)


def _summary(checked: Checked) -> str:
    cards_made = sum(len(note.cards) for note in checked.notes)
    levels = Counter(problem.level for problem in checked.warnings)
    parts = [counted(len(checked.notes), "note"), counted(cards_made, "card")]
    if levels["warning"]:
        parts.append(counted(levels["warning"], "warning"))
    if levels["advice"]:
        parts.append(counted(levels["advice"], "piece") + " of advice")
    return ", ".join(parts)


def _print_json(cards: Path, strict: bool) -> None:
    problems: tuple[Problem, ...]
    drafts: tuple[str, ...] = ()
    try:
        checked = check(cards)
        problems, drafts, sound = checked.warnings, checked.drafts, True
    except Problems as found:
        problems, sound = found.problems, False
    data = [problem.as_json() for problem in problems]
    print_data({"file": cards.as_posix(), "sound": sound, "problems": data, "drafts": list(drafts)})
    if not sound or (strict and problems):
        click.get_current_context().exit(1)
