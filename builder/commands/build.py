"""`cuedeck build`"""

from pathlib import Path

import click

from builder.building import Build, build
from builder.commands.options import PATH, accept_option, cards_argument, quiet_option, verbose_option
from builder.wording import counted


@click.command()
@cards_argument
@click.option("-o", "--output", type=PATH, help="The package to write.  [default: decks/<deck id>.apkg]")
@accept_option
@quiet_option
@verbose_option
def command(cards: Path, output: Path | None, accept: tuple[str, ...], quiet: bool, verbose: bool) -> None:
    """Build the package from CARDS (cards.yaml by default), and bring cards.lock up to date."""
    written = build(cards, output, accept=accept)
    for problem in written.warnings:
        click.echo(str(problem), err=True)
    if verbose:
        for line in _changes(written.build):
            click.echo(line)
    if not quiet:
        click.echo(f"{written.package.as_posix()}: {_summary(written.build)}, {-(-written.size // 1000)} kB")


def _changes(built: Build) -> list[str]:
    types = [f"{each.status} note type {each.type.name}" for each in built.types if each.status != "unchanged"]
    notes = [f"{each.status} note {each.known.id}" for each in built.notes if each.status != "unchanged"]
    return types + notes


def _summary(built: Build) -> str:
    counts = built.counts
    parts = [f"{counts[status]} {status}" for status in ("new", "changed", "unchanged")]
    return f"{counted(len(built.notes), 'note')}, {counted(built.card_count, 'card')} ({', '.join(parts)})"
