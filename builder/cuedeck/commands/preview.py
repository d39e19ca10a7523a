"""`cuedeck preview`"""

from pathlib import Path

import click

from cuedeck.commands.opening import open_or_say
from cuedeck.commands.options import (
    OUTPUT_FILE,
    accept_option,
    cards_argument,
    print_draft_effects,
    quiet_option,
    say,
    show_problems,
)
from cuedeck.pages.preview import Preview, not_in_the_page
from cuedeck.problems import Place, Problems
from cuedeck.usecases.preview import follow, preview
from cuedeck.wording import counted

_PORT = 8124


@click.command()
@cards_argument
@click.option("-o", "--output", type=OUTPUT_FILE, help="The page to write.  [default: .cuedeck/preview.html]")
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--serve", is_flag=True, help="Serve the page on this machine, and update it after every edit until Ctrl-C."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"The port for --serve; 0 takes any free one.  [default: {_PORT}]",
)
@accept_option
@quiet_option
def command(
    cards: Path,
    output: Path | None,
    open_page: bool,
    serve: bool,
    port: int | None,
    accept: tuple[str, ...],
    quiet: bool,
) -> None:
    """Show every card of CARDS (cards.yaml by default) as Anki will, with everything that is known about each note.

    The page is a single file, which loads nothing from the network. It contains the pictures and sounds of the cards,
    as long as it can still be sent by e-mail; it takes larger ones from the folder of the deck.
    """
    if serve:
        if output:
            raise click.UsageError("--serve writes no file: remove --output")
        _serve(cards, _PORT if port is None else port, accept, open_page, quiet)
        return
    if port is not None:
        raise click.UsageError("--port needs --serve")
    made, path = preview(cards, output, accept)
    if not quiet:
        say(f"{path.as_posix()}: {_summary(made)}")
        if said := not_in_the_page(made.media):
            say(said)
        print_draft_effects(made.drafts)
    if open_page:
        page = path.resolve()
        open_or_say(
            page.as_uri(), Place(path.as_posix()), "the page is written", f"open this file in a browser: {page}"
        )


def _summary(made: Preview) -> str:
    cards = sum(len(note.rendered.cards) for note in made.notes)
    return f"{counted(len(made.notes), 'note')}, {counted(cards, 'card')}"


def _serve(cards: Path, port: int, accept: tuple[str, ...], open_page: bool, quiet: bool) -> None:
    from cuedeck.pages.serving import serving  # here because only this needs it

    try:
        with serving(port) as server:
            for number, shown in enumerate(follow(cards, server, accept)):
                if isinstance(shown, Problems):
                    show_problems(shown.problems)
                elif not quiet:
                    say(f"{cards.as_posix()}: {_summary(shown)}")
                    print_draft_effects(shown.drafts)
                if number == 0:
                    click.echo(f"{server.url} shows every edit; press Ctrl-C to stop")
                    if open_page:
                        by_hand = f"open this address in a browser: {server.url}"
                        open_or_say(server.url, Place(cards.as_posix()), "the page is served", by_hand)
    except KeyboardInterrupt:
        if not quiet:
            click.echo("stopped")
