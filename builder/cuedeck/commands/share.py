"""`cuedeck share`"""

from pathlib import Path

import click

from cuedeck.commands.options import OUTPUT_FOLDER, cards_argument, parsed, quiet_option, say, show_problems
from cuedeck.deck.addresses import address
from cuedeck.usecases.share import share


def _folder_address(text: str) -> str:
    """Return the address of a folder, to which file names can be added. Raises ValueError if it is not one."""
    if "?" in text or "#" in text:
        raise ValueError(f'"{text}" is not the address of a folder: remove the "?" or "#" and what follows')
    return address(text)


@click.command()
@cards_argument
@click.option("-o", "--output", type=OUTPUT_FOLDER, help="The folder to write.  [default: .cuedeck/site]")
@click.option(
    "--site",
    "among",
    type=OUTPUT_FOLDER,
    help="The folder of a site of several decks. This one gets a folder of its own in it, and a page lists all.",
)
@click.option(
    "--url",
    metavar="ADDRESS",
    callback=parsed(_folder_address),
    help="The address that the site will have. Without it, links are relative, and other sites show no picture of it.",
)
@quiet_option
def command(cards: Path, output: Path | None, among: Path | None, url: str, quiet: bool) -> None:
    """Write a website that offers the last release of CARDS (cards.yaml by default), as a folder for any web host.

    It contains a page, the package under two names, corrections for learners of earlier releases, their checksums, a
    feed of the releases, a picture for other sites, the pictures and sounds of the cards that the page shows, and the
    text for a listing on AnkiWeb. Other files in the folder are left alone.
    """
    if output and among:
        raise click.UsageError(
            "--output names the folder of this deck, and --site that of all decks: remove one of them"
        )
    shared = share(cards, output, url, among)
    show_problems(shared.remarks)
    if not quiet:
        edition = shared.edition
        say(f"{shared.folder.as_posix()}: {edition.title} {edition.version}, {edition.counts}")
        if shared.list:
            say(f"{shared.list.as_posix()} lists the decks of this site")
        if shared.rerendered:
            say(
                "this version of Cuedeck renders some notes differently from the version that built this release; the "
                f"release is shared unchanged: {', '.join(shared.rerendered)}"
            )
