"""`cuedeck coverage`"""

from pathlib import Path

import click

from cuedeck.commands.options import OUTPUT_FILE, cards_argument, quiet_option, say
from cuedeck.pages.table import table
from cuedeck.usecases.coverage import coverage
from cuedeck.wording import counted


@click.command()
@cards_argument
@click.option("-o", "--output", type=OUTPUT_FILE, help="Draw the timeline into this SVG file.")
@quiet_option
def command(cards: Path, output: Path | None, quiet: bool) -> None:
    """Show which passages of the recording the notes of CARDS (cards.yaml by default) come from, and which they miss.

    The passages are the chapters of a source. A recording without chapters is cut into passages of equal length.
    """
    if output and output.suffix.lower() != ".svg":
        raise click.UsageError(f"the timeline is drawn as SVG: name the file {output.with_suffix('.svg').as_posix()}")
    timelines = coverage(cards, output)
    if quiet:
        return
    for number, timeline in enumerate(timelines):
        say(*[""] * (number > 0), *table(timeline))
    if output:
        say("", f"{output.as_posix()}: {counted(len(timelines), 'timeline')}")
