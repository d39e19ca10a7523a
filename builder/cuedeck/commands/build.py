"""`cuedeck build`"""

from pathlib import Path

import click

from cuedeck.building.assembling import Build
from cuedeck.commands.opening import open_or_say
from cuedeck.commands.options import (
    OUTPUT_FILE,
    accept_option,
    cards_argument,
    print_draft_effects,
    quiet_option,
    say,
    show_problems,
    verbose_option,
)
from cuedeck.history.stamping import STATUSES
from cuedeck.problems import Place
from cuedeck.usecases.build import Written, build
from cuedeck.wording import counted, megabytes


@click.command()
@cards_argument
@click.option("-o", "--output", type=OUTPUT_FILE, help="The package to write.  [default: decks/<deck id>.apkg]")
@click.option("--open", "opening", is_flag=True, help="Open the package, which Anki then imports.")
@accept_option
@quiet_option
@verbose_option
def command(
    cards: Path, output: Path | None, opening: bool, accept: tuple[str, ...], quiet: bool, verbose: bool
) -> None:
    """Build the package from CARDS (cards.yaml by default), and update cards.lock."""
    written = build(cards, output, accept=accept)
    show_problems(written.warnings)
    if verbose:
        for line in _changes(written.build):
            say(line)
    if not quiet:
        say(_summary(written))
        print_draft_effects(written.build.checked.drafts)
    if opening:
        path = str(written.package.resolve())
        by_hand = f"start Anki, choose File > Import, and select {path}"
        open_or_say(path, Place(written.package.as_posix()), "the package is built", by_hand)


def _summary(written: Written) -> str:
    built = written.build
    named = [status for status in STATUSES if status != "rerendered" or status in built.counts]
    parts = ", ".join(f"{built.counts[status]} {status}" for status in named)
    contents = f"{counted(len(built.notes), 'note')}, {counted(built.card_count, 'card')} ({parts})"
    return f"{written.package.as_posix()}: {contents}, {megabytes(written.size)}"


def _changes(built: Build) -> tuple[str, ...]:
    types = [f"{each.status} note type {each.type.name}" for each in built.types if each.status != "unchanged"]
    notes = [f"{each.status} note {each.known.id}" for each in built.notes if each.status != "unchanged"]
    return (*types, *notes)
