"""`cuedeck fork`"""

from pathlib import Path

import click

from cuedeck.commands.options import cards_argument, parsed, say
from cuedeck.deck import values
from cuedeck.usecases.fork import fork


@click.command()
@cards_argument
@click.option("--id", callback=parsed(values.identifier), help="An id for the new deck, which names its package.")
@click.option("--title", callback=parsed(values.deck_title), help="A name in Anki for the new deck.")
def command(cards: Path, id: str, title: str) -> None:
    """Make CARDS (cards.yaml by default) a deck of its own, with a new namespace.

    For a copy that goes its own way. To Anki its notes are new ones: nobody's progress on the first deck moves over,
    and neither deck will ever touch a note of the other.
    """
    done = fork(cards, id, title)
    say(f"{cards.as_posix()}: the namespace is {done.new} now, and was {done.old}")
    click.echo("to Anki this is another deck: those who have the first get nothing of it, and keep what they have")
    if not (id and title):
        click.echo("both decks should differ in id and title, or their cards go into one deck: --id, --title")
    if done.lock:
        say(f"{done.lock.as_posix()}: the lock of the first deck, which this one does not need")
