"""`cuedeck coverage`"""

import re
from pathlib import Path

import click

from cuedeck.commands.options import CARDS, OUTPUT_FILE, cards_file, quiet_option, say
from cuedeck.deck.values import ID
from cuedeck.disk.text import CARDS_NAME
from cuedeck.pages.table import overview, table
from cuedeck.usecases.coverage import coverage
from cuedeck.wording import counted, for_a_shell


@click.command()
@click.argument("source", default="")
@click.argument("cards", type=CARDS, required=False)
@click.option("-o", "--output", type=OUTPUT_FILE, help="Draw this into an SVG file.")
@quiet_option
def command(source: str, cards: Path | None, output: Path | None, quiet: bool) -> None:
    """Show which passages of the recording the notes of CARDS (cards.yaml by default) come from, and which they miss.

    The passages are the chapters of a source. A recording without chapters is cut into passages of equal length. If
    there are several recordings, each has one line; with SOURCE, the id of one, you see its passages.
    """
    if output and output.suffix.lower() != ".svg":
        raise click.UsageError(f"the timeline is drawn as SVG: name the file {output.with_suffix('.svg').as_posix()}")
    if cards and source and not re.fullmatch(ID, source):
        swapped = " ".join(map(for_a_shell, (cards.as_posix(), source)))
        raise click.UsageError(f"the source comes first: cuedeck coverage {swapped}")
    if not cards and _is_cards(source):
        source, cards = "", cards_file(Path(source))
    timelines = coverage(cards or cards_file(Path()), source, output)
    if quiet:
        return
    say(*(overview(timelines) if len(timelines) > 1 else table(timelines[0])))
    if output:
        say("", f"{output.as_posix()}: {counted(len(timelines), 'timeline')}")


def _is_cards(word: str) -> bool:
    """Whether a word names a cards file or its folder rather than a source."""
    path = Path(word)
    return bool(word) and (not re.fullmatch(ID, word) or path.is_file() or (path / CARDS_NAME).is_file())
