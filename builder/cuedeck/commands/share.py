"""`cuedeck share`"""

from pathlib import Path

import click

from cuedeck.commands.options import OUTPUT_FOLDER, cards_argument, parsed, quiet_option, say, show_problems
from cuedeck.deck.addresses import address
from cuedeck.usecases.share import share


def _folder_address(text: str) -> str:
    """Return the address of a folder, which file names are put behind. Raises ValueError where it is none."""
    if "?" in text or "#" in text:
        raise ValueError(f'"{text}" is no address of a folder: it ends before a "?" or "#"')
    return address(text)


@click.command()
@cards_argument
@click.option("-o", "--output", type=OUTPUT_FOLDER, help="The folder to write.  [default: .cuedeck/site]")
@click.option(
    "--url",
    metavar="ADDRESS",
    callback=parsed(_folder_address),
    help="Where the site will be. Without it, its links are relative, and other sites show no picture of it.",
)
@quiet_option
def command(cards: Path, output: Path | None, url: str, quiet: bool) -> None:
    """Write a site to share the last release of CARDS (cards.yaml by default) from: a folder for any host of files.

    It holds a page, the package under two names, their checksums, a feed of the releases, a picture for other sites,
    and the text for a listing on AnkiWeb. Other files in the folder are left alone.
    """
    shared = share(cards, output, url)
    show_problems(shared.remarks)
    if not quiet:
        edition = shared.edition
        say(f"{shared.folder.as_posix()}: {edition.title} {edition.version}, {edition.counts}")
        if shared.rerendered:
            say(
                "this version of Cuedeck renders some notes otherwise than the one that built this release, which is "
                f"shared as it is: {', '.join(shared.rerendered)}"
            )
