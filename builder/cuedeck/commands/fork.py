"""`cuedeck fork`"""

from pathlib import Path

import click

from cuedeck.commands.options import cards_argument, parsed, say
from cuedeck.deck import values
from cuedeck.usecases.fork import fork


@click.command()
@cards_argument
@click.option("--id", callback=parsed(values.identifier), help="The new deck's id, after which its package is named.")
@click.option("--title", callback=parsed(values.deck_title), help="The new deck's name in Anki.")
def command(cards: Path, id: str, title: str) -> None:
    """Turn CARDS (cards.yaml by default) into a separate deck, with a new namespace.

    Use it for a copy of a deck that you develop separately. To Anki all its notes are new: nobody's progress on the
    first deck carries over, and neither deck will ever change a note of the other.
    """
    done = fork(cards, id, title)
    say(f"{cards.as_posix()}: the namespace is now {done.new}; before, it was {done.old}")
    click.echo("to Anki this is a new deck: learners of the first one keep what they have, and get nothing from here")
    if not (id and title):
        click.echo("choose another id and title with --id and --title, or Anki puts the cards of both into one deck")
    if done.lock:
        say(f"{done.lock.as_posix()}: this is the lock of the first deck; the new deck does not need it")
