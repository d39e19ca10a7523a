"""`cuedeck check`"""

import json
from pathlib import Path

import click

from builder.building import check
from builder.commands.options import cards_argument, quiet_option
from builder.problems import Problem, Problems


@click.command()
@cards_argument
@quiet_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print problems.")
def command(cards: Path, quiet: bool, form: str) -> None:
    """Check CARDS (cards.yaml by default) and what an update would do, without writing anything."""
    if form == "json":
        _print_json(cards)
        return
    checked = check(cards)
    for problem in checked.warnings:
        click.echo(str(problem), err=True)
    if not quiet:
        cards_made = sum(len(note.cards) for note in checked.notes)
        click.echo(f"{cards.as_posix()}: sound: {len(checked.notes)} notes, {cards_made} cards")


def _print_json(cards: Path) -> None:
    problems: tuple[Problem, ...]
    try:
        problems, sound = check(cards).warnings, True
    except Problems as found:
        problems, sound = found.problems, False
    found_json = {"file": cards.as_posix(), "sound": sound, "problems": [problem.as_json() for problem in problems]}
    click.echo(json.dumps(found_json, ensure_ascii=False, indent=2))
    if not sound:
        click.get_current_context().exit(1)
