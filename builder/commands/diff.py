"""`cuedeck diff`"""

import json
from pathlib import Path

import click

from builder.commands.options import PATH
from builder.comparing import PACKAGE, Comparison, compare_decks
from builder.updating.releasenotes import release_notes
from builder.updating.telling import as_json, summary, told
from builder.updating.wordedits import Piece

_MARKS = {"same": "{}", "gone": "[-{}-]", "come": "{{+{}+}}"}
_COLOURS = {"gone": "red", "come": "green"}


@click.command()
@click.argument("old", type=PATH, required=False)
@click.argument("new", type=PATH, required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="Words for you, data for a program, or release notes for learners.",
)
def command(old: Path | None, new: Path | None, form: str) -> None:
    """Tell what learners who have OLD get from NEW.

    OLD is a package: if left out, that of the last release, or else the one that was last committed. NEW is a package
    or a cards.yaml: if left out, the cards.yaml of this folder. The exit code is 1 where learners would lose progress.
    """
    if old is not None and new is None and old.suffix != PACKAGE:
        old, new = None, old
    compared = compare_decks(old, new or Path("cards.yaml"))
    if form == "json":
        data = as_json(compared.old, compared.new, compared.changes, compared.hazards)
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    elif form == "markdown":
        click.echo(release_notes(compared.changes, compared.hazards), nl=False)
    else:
        _print(compared)
    if any(hazard.refused for hazard in compared.hazards):
        click.get_current_context().exit(1)


def _print(compared: Comparison) -> None:
    click.echo(f"{compared.old} -> {compared.new}")
    for words, pieces in told(compared.changes):
        click.echo(words + "".join(map(_marked, pieces)))
    for hazard in compared.hazards:
        level = "learners lose progress" if hazard.refused else "learners notice"
        click.echo(f"{level}: {hazard.message} [{hazard.key}]\n    {hazard.hint}")
    click.echo(summary(compared.changes))


def _marked(piece: Piece) -> str:
    return click.style(_MARKS[piece.kind].format(piece.text), fg=_COLOURS.get(piece.kind))
