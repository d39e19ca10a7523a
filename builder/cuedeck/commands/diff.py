"""`cuedeck diff`"""

import sys
from pathlib import Path

import click

from cuedeck.building.released import Comparison, is_package
from cuedeck.commands.options import (
    CARDS,
    PATH,
    cards_file,
    explain_codes,
    print_data,
    print_draft_effects,
    print_text,
    problems_as_data,
    say,
)
from cuedeck.problems import visible
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.releasenotes import release_notes
from cuedeck.updating.report import as_json, change_lines, correction_lines, summary
from cuedeck.updating.wordedits import Piece
from cuedeck.usecases.diff import diff

_MARKS = {"gone": "[-{}-]", "come": "{{+{}+}}"}
_COLOURS = {"gone": "red", "come": "green"}


@click.command()
@click.argument("old", type=PATH, required=False)
@click.argument("new", type=CARDS, required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="Text for you, JSON for a program, or Markdown release notes for learners.",
)
def command(old: Path | None, new: Path | None, form: str) -> None:
    """Show what learners who have OLD get from NEW.

    OLD is a package; the default is the package of the last release, or else the one that was last committed. NEW is a
    package or a cards.yaml; the default is the cards.yaml of this folder. The exit code is 1 if a build would be
    refused because of what it does to learners. A release also asks you to accept changes that learners merely
    notice.
    """
    with problems_as_data(form):
        if old is not None and not is_package(old):
            if new is not None:
                raise click.UsageError(_wrong_order(old, new))
            new, old = cards_file(old), None
        compared = diff(old, new or cards_file(Path()))
    if compared.remark:
        say(compared.remark, err=True)
    if form == "json":
        print_data(
            {
                **as_json(compared.old, compared.new, compared.changes, compared.hazards, compared.corrections),
                "drafts": list(compared.drafts),
            }
        )
    elif form == "markdown":
        notes = release_notes(compared.changes, compared.hazards, compared.corrections, compared.is_bridged)
        print_text(notes)
    else:
        _print(compared)
    if compared.is_refused:
        click.get_current_context().exit(1)


def _wrong_order(old: Path, new: Path) -> str:
    if is_package(new):
        return f"the package that learners have comes first: cuedeck diff {new.as_posix()} {old.as_posix()}"
    return f"OLD must be a package, but {old.as_posix()} is not one: cuedeck diff OLD.apkg {new.as_posix()}"


def _print(compared: Comparison) -> None:
    say(f"{compared.old} -> {compared.new}")
    for words, pieces in change_lines(compared.changes):
        click.echo(visible(words) + "".join(map(_marked, pieces)))
    for hazard in compared.hazards:
        say(f"{_level(hazard)}: {hazard.message} [{hazard.key}]", *(f"    {line}" for line in hazard.hint.split("\n")))
    say(summary(compared.changes), *correction_lines(compared.corrections))
    print_draft_effects(compared.drafts)
    if compared.hazards:
        explain_codes(sys.stdout)


def _level(hazard: Hazard) -> str:
    if hazard.costs_progress:
        return "learners lose progress"
    return "refused until accepted" if hazard.refused else "learners notice"


def _marked(piece: Piece) -> str:
    if piece.kind == "same":
        return visible(piece.text)
    text = visible(piece.text)
    words = text.strip()
    marked = click.style(_MARKS[piece.kind].format(words), fg=_COLOURS[piece.kind])
    return text.replace(words, marked) if words else text
