"""`cuedeck verify`"""

from pathlib import Path

import click

from cuedeck.commands.options import PATH, cards_argument, quiet_option, say
from cuedeck.usecases.verify import verify


@click.command()
@click.argument("package", type=PATH)
@cards_argument
@quiet_option
def command(package: Path, cards: Path, quiet: bool) -> None:
    """Tell whether PACKAGE is what CARDS (cards.yaml by default) and its cards.lock give.

    What counts is the files in the package: two systems may compress the same files differently. Of notes that an
    earlier version of Cuedeck rendered otherwise, it compares what they say with the source, and names them.
    """
    verified = verify(package, cards)
    if quiet:
        return
    say(f"{package.as_posix()}: is what {cards.as_posix()} and its lock give: {verified.notes} notes")
    if names := [*verified.rerendered, *["the deck's description"] * verified.is_described_otherwise]:
        say(
            f"the version of Cuedeck that built it rendered some of this otherwise: {', '.join(names)}",
            "the words there are those of the source; how they were marked up could not be compared",
        )
