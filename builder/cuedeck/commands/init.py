"""`cuedeck init`"""

import re
import unicodedata
from pathlib import Path

import click

from cuedeck.commands.options import parsed, say
from cuedeck.deck import values
from cuedeck.usecases.init import init
from cuedeck.wording import for_a_shell


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--id", callback=parsed(values.identifier), help="The deck's id.  [default: from the folder's name]")
@click.option("--title", callback=parsed(values.deck_title), help="Its name in Anki.  [default: the folder's name]")
def command(folder: Path, id: str, title: str) -> None:
    """Start a deck in FOLDER (this one by default): write an example cards.yaml to edit, and the schema for editors."""
    name = folder.resolve().name
    for path in init(folder, id or _id_from(name), title or _title_from(name)):
        say(path.as_posix())
    here = folder.resolve()
    if here == Path.cwd().resolve():
        say(f"next: write your cards into cards.yaml in {here}, then: cuedeck check")
    else:
        say(f"next: cd {for_a_shell(folder.as_posix())}, write your cards into cards.yaml, then: cuedeck check")


def _id_from(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "deck"


def _title_from(name: str) -> str:
    try:
        return values.deck_title(name)
    except ValueError:
        return "My deck"
