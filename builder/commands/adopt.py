"""`cuedeck adopt`"""

from pathlib import Path

import click

from builder.adopting import Adopted, adopt
from builder.commands.options import PATH, cards_argument, quiet_option
from builder.wording import listed


@click.command()
@click.argument("package", type=PATH)
@cards_argument
@quiet_option
def command(package: Path, cards: Path, quiet: bool) -> None:
    """Write the lock of CARDS (cards.yaml by default) anew from PACKAGE, so that learners who have it lose nothing.

    For a lock that was lost, and for a deck that another tool made: then each note of cards.yaml needs its "guid:".
    """
    done = adopt(package, cards)
    if not quiet:
        for line in _lines(done):
            click.echo(line)


def _lines(done: Adopted) -> list[str]:
    lines = [f"{done.path.as_posix()}: {done.unchanged} notes go on unchanged"]
    for ids, words in (
        (done.changed, "differ from the package, and will be updated"),
        (done.new, "are not in the package, and will be new"),
        (done.left, "are only in the package, and stay with learners"),
    ):
        if ids:
            lines.append(f"{len(ids)} {words}: {listed(ids)}")
    if done.merges:
        lines.append(
            'learners have note types of another tool: tell them to tick "Merge note types" in Anki\'s import dialog '
            "for the next update, and only for that one"
        )
    return lines
