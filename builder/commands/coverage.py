"""`cuedeck coverage`"""

from pathlib import Path

import click

from builder.commands.options import cards_argument, quiet_option
from builder.pages.table import table
from builder.previewing import coverage


@click.command()
@cards_argument
@click.option("-o", "--output", type=click.Path(path_type=Path), help="An SVG file to draw the timeline into.")
@quiet_option
def command(cards: Path, output: Path | None, quiet: bool) -> None:
    """Show which passages of the recording the notes of CARDS (cards.yaml by default) come from, and which they miss.

    Passages are the chapters of a source; a recording without chapters is cut into even ones.
    """
    for number, timeline in enumerate(coverage(cards, output)):
        if not quiet:
            click.echo("\n" * (number > 0) + "\n".join(table(timeline)))
