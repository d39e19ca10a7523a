"""`cuedeck find`"""

from pathlib import Path

import click

from cuedeck.commands.options import cards_argument, say, show_problems
from cuedeck.deck.moments import clock
from cuedeck.usecases.find import find
from cuedeck.wording import for_a_shell


@click.command()
@click.argument("words")
@cards_argument
@click.option("--source", default="", metavar="ID", help="Search only the transcript of this source.")
def command(words: str, cards: Path, source: str) -> None:
    """Find where something like WORDS is said in the recordings of CARDS (cards.yaml by default).

    The three best places are printed, best first, each with its moment and some of what is said from there on. Listen
    there before you write the moment below a note. The transcripts are those that the sources name under "transcript:".
    """
    if not cards.suffix and not cards.exists():
        raise click.UsageError(f"put the words in quotes: cuedeck find {for_a_shell(f'{words} {cards}')}")
    found = find(cards, words, source)
    show_problems(found.warnings)
    times = [clock(place.second) for _, place in found.places]
    wide = max(map(len, times))
    names = max(len(each.id) for each, _ in found.places)
    for time, (each, place) in zip(times, found.places, strict=True):
        name = f"  {each.id:{names}}" if found.sources > 1 else ""
        say(f"{time:>{wide}}{name}  … {place.words} …")
