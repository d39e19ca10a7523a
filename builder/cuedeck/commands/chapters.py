"""`cuedeck chapters`"""

from pathlib import Path

import click

from cuedeck.commands.options import cards_argument
from cuedeck.usecases.chapters import Form, chapters


@click.command()
@click.argument("source", default="")
@cards_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["description", "podcast", "webvtt"]),
    default="description",
    help="What to print: lines for the description of a video, JSON for podcast players, or WebVTT.",
)
def command(source: str, cards: Path, form: Form) -> None:
    """Print the chapters of SOURCE, for others to use.

    SOURCE is the id of a source in CARDS (cards.yaml by default). It may be left out if only one source has chapters.

    Paste the lines of a description into that of your video on YouTube. Cuedeck prints them only if YouTube would make
    chapters of them; otherwise it says what is missing. The other formats are files:

    \b
    cuedeck chapters --format podcast > chapters.json
    cuedeck chapters --format webvtt > chapters.vtt
    """  # noqa: D301  click does not rewrap the paragraph after \b
    text = chapters(cards, source, form)
    # WebVTT is always in UTF-8, whatever the system's encoding.
    click.echo(text.encode() if form == "webvtt" else text, nl=False)
