"""`cuedeck init`"""

import re
import unicodedata
from pathlib import Path

import click

from cuedeck.commands.options import parsed, say
from cuedeck.deck import values
from cuedeck.usecases.init import init


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--id", callback=parsed(values.identifier), help="The deck's id.  [default: from the folder's name]")
@click.option("--title", callback=parsed(values.deck_title), help="Its name in Anki.  [default: the folder's name]")
def command(folder: Path, id: str, title: str) -> None:
    """Start a deck in FOLDER (this one by default): write an example cards.yaml to edit, and the schema for editors."""
    name = folder.resolve().name
    for path in init(folder, id or _id_from(name), title or _title_from(name)):
        say(path.as_posix())
    click.echo("write your cards there, then: cuedeck build")


def _id_from(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "deck"


def _title_from(name: str) -> str:
    try:
        return values.deck_title(name)
    except ValueError:
        return "My deck"
