"""`cuedeck release`"""

from pathlib import Path

import click

from cuedeck.commands.options import accept_option, cards_argument, quiet_option, say
from cuedeck.usecases.release import release
from cuedeck.wording import counted


@click.command()
@click.argument("version")
@cards_argument
@accept_option
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    help="The package that learners have, where its copy is missing, or another tool or folder made it.",
)
@quiet_option
def command(version: str, cards: Path, accept: tuple[str, ...], since: Path | None, quiet: bool) -> None:
    """Hand out CARDS (cards.yaml by default) as VERSION, such as 1.0.0.

    All checks are strict. What changed since the last release gets the time of this one, the lock, the package and
    CHANGELOG.md are written, and a copy of the package is kept under its version. The next build is this release, until
    something changes.
    """
    released = release(cards, version, accept, since=since)
    if quiet:
        return
    made = f"{counted(len(released.build.notes), 'note')}, {counted(released.build.card_count, 'card')}"
    say(f"{released.package.as_posix()}: version {version}, {made}")
    click.echo(released.notes, nl=False)
    say(f"commit {', '.join(path.as_posix() for path in released.files)}")
