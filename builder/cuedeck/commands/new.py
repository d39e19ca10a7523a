"""`cuedeck new`"""

import posixpath
from pathlib import Path

import click

from cuedeck.commands.options import cards_argument, from_option, parsed, say
from cuedeck.deck import addresses, values
from cuedeck.disk.workspace import Workspace
from cuedeck.usecases.new import ENDING, new
from cuedeck.wording import for_a_shell


def _part_name(text: str) -> str:
    """Return the path of a part without its ending. Raises ValueError if the last word of it cannot be an id."""
    path = values.part_path(text.removesuffix(ENDING))
    if "*" in path or "?" in path:
        raise ValueError(f'"{text}" is not the name of one file')
    values.identifier(posixpath.basename(path))
    return path


@click.command()
@click.argument("name", callback=parsed(_part_name))
@cards_argument
@click.option("--url", callback=parsed(addresses.address), metavar="ADDRESS", help="The address of the recording.")
@click.option("--title", callback=parsed(values.line), help="The title of the recording.")
@from_option
def command(name: str, cards: Path, url: str, title: str, sources: tuple[Path, ...]) -> None:
    """Add a lecture to the deck of CARDS (cards.yaml by default): write a part with one source, for you to fill.

    NAME is the id of the source, such as lecture-03. The file gets the same name, and goes into the folder in which the
    deck has its parts, such as lectures/lecture-03.yaml. If it has to be added to "parts:" in cards.yaml, the command
    says so. No file that exists is changed. "cuedeck init --help" says which files --from reads.
    """
    if not url and not sources:
        raise click.UsageError("name the address of the recording with --url, or a file about it with --from")
    added = new(cards, name, url, title, sources)
    check = " ".join(["cuedeck check", *map(for_a_shell, Workspace(cards).argument)])
    todo = *added.todo, f"write notes below the concepts in {added.files[-1].as_posix()}, then: {check}"
    say(*(path.as_posix() for path in added.files), *(f"next: {line}" for line in todo))
