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

    What counts is the files in the package: two systems may compress the same files differently.
    """
    notes = verify(package, cards)
    if not quiet:
        say(f"{package.as_posix()}: is what {cards.as_posix()} and its lock give: {notes} notes")
