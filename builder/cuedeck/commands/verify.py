"""`cuedeck verify`"""

from pathlib import Path

import click

from cuedeck.commands.options import PATH, cards_argument, quiet_option, say
from cuedeck.usecases.verify import verify
from cuedeck.wording import counted


@click.command()
@click.argument("package", type=PATH)
@cards_argument
@quiet_option
def command(package: Path, cards: Path, quiet: bool) -> None:
    """Check that PACKAGE matches CARDS (cards.yaml by default) and its cards.lock.

    The files inside the package are compared, since two systems may compress the same files differently. If an earlier
    version of Cuedeck rendered a note differently, its words are compared with the source, and the note is listed.
    """
    verified = verify(package, cards)
    if quiet:
        return
    say(f"{package.as_posix()} matches {cards.as_posix()} and its lock: {counted(verified.notes, 'note')}")
    if names := [*verified.rerendered, *["the deck's description"] * verified.is_described_otherwise]:
        say(
            f"the version of Cuedeck that built it rendered these differently: {', '.join(names)}",
            "their words match the source; their formatting could not be compared",
        )
