"""`cuedeck build`"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cuedeck.commands.options import OUTPUT_FILE, accept_option, cards_argument, quiet_option, say, verbose_option
from cuedeck.unchanged import Outcome, remember, unchanged
from cuedeck.wording import counted

if TYPE_CHECKING:
    from cuedeck.building.assembling import Build
    from cuedeck.usecases.build import Written


@click.command()
@cards_argument
@click.option("-o", "--output", type=OUTPUT_FILE, help="The package to write.  [default: decks/<deck id>.apkg]")
@accept_option
@quiet_option
@verbose_option
def command(cards: Path, output: Path | None, accept: tuple[str, ...], quiet: bool, verbose: bool) -> None:
    """Build the package from CARDS (cards.yaml by default), and bring cards.lock up to date."""
    # What is accepted may be no hazard that is met, which only a build can tell.
    if not accept and (outcome := unchanged(cards, output)):
        _tell(outcome, {"unchanged": outcome.notes}, (), quiet)
        return
    from cuedeck.usecases.build import build  # here because nothing of it is needed where nothing changed

    written = build(cards, output, accept=accept)
    outcome = _outcome(written)
    if not accept and written.digests and not (written.wrote and outcome.warnings):
        checked = written.build.checked
        releases = map(checked.release_path, written.build.lock.releases)
        remember(cards, output, written.digests, releases, outcome)
    _tell(outcome, written.build.counts, _changes(written.build) if verbose else (), quiet)


def _outcome(written: "Written") -> Outcome:
    built = written.build
    warnings = tuple(map(str, written.warnings))
    return Outcome(written.package.as_posix(), written.size, len(built.notes), built.card_count, warnings)


def _tell(outcome: Outcome, counts: Mapping[Any, int], changes: tuple[str, ...], quiet: bool) -> None:
    for warning in outcome.warnings:
        click.echo(warning, err=True)
    for line in changes:
        say(line)
    if not quiet:
        parts = [f"{counts.get(status, 0)} {status}" for status in ("new", "changed", "unchanged")]
        summary = f"{counted(outcome.notes, 'note')}, {counted(outcome.cards, 'card')} ({', '.join(parts)})"
        say(f"{outcome.package}: {summary}, {-(-outcome.size // 1000)} kB")


def _changes(built: "Build") -> tuple[str, ...]:
    types = [f"{each.status} note type {each.type.name}" for each in built.types if each.status != "unchanged"]
    notes = [f"{each.status} note {each.known.id}" for each in built.notes if each.status != "unchanged"]
    return (*types, *notes)
