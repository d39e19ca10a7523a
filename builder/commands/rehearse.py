"""`cuedeck rehearse`"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.building import check, now, stamp
from builder.commands.words import counted

if TYPE_CHECKING:
    from builder.rehearsal.judging import Finding
    from builder.rehearsal.rehearsing import Rehearsal
    from builder.rehearsal.state import Package

_NAMED = 10
_MISSING = """\
A rehearsal needs Anki's own library, which cannot be loaded here: {}.
Install it with: pip install "cuedeck[rehearse]" (in a copy of the repository: pip install ".[rehearse]")"""


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), default=Path("cards.yaml"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Print for people or for programs.",
)
def command(old: Path, new: Path, form: str) -> None:
    """Play a learner who has the package OLD through the update to NEW, and tell what they lose.

    NEW is a package, or a cards.yaml (the one in this folder by default), of which the next build is taken; nothing is
    written. Anki's own library does the importing, in a scratch collection that is gone afterwards: no profile of yours
    is opened.

    The learner answers every card, writes and tags, suspends, flags and moves, then imports NEW twice. The exit code is
    1 where they would lose something.
    """
    from builder.rehearsal.rehearsing import rehearse

    packages = _package(old), _package(new)
    try:
        rehearsal = rehearse(*packages)
    except ImportError as error:
        raise click.UsageError(_MISSING.format(error)) from error
    if form == "json":
        click.echo(json.dumps(_as_json(old, new, rehearsal), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_as_text(old, new, rehearsal)))
    if not rehearsal.lossless:
        click.get_current_context().exit(1)


def _package(path: Path) -> "Package":
    """Return what is to be imported: a package as it is, or the next build of a cards.yaml."""
    from builder.package.container import archive
    from builder.package.opening import read_members
    from builder.rehearsal.state import Package

    if path.suffix in (".yaml", ".yml"):
        return Package(path.as_posix(), archive(stamp(check(path), now()).members))
    read_members(path)  # within its bounds before Anki reads it
    return Package(path.as_posix(), path.read_bytes())


def _as_text(old: Path, new: Path, rehearsal: "Rehearsal") -> list[str]:
    lines = [
        f"{old.as_posix()} to {new.as_posix()}, in Anki {rehearsal.anki}: a learner has answered "
        f"{counted(rehearsal.studied, 'card')}",
        "",
        *(f"{len(names):8} {fate}" for fate, names in rehearsal.fates.items()),
        "",
        *(_line(finding) for finding in rehearsal.findings),
    ]
    losses = sum(finding.loss for finding in rehearsal.findings)
    return [*lines, f"nothing is lost ({rehearsal.seconds:.1f} s)" if not losses else "learners would lose something"]


def _line(finding: "Finding") -> str:
    more = f" and {len(finding.names) - _NAMED} more" if len(finding.names) > _NAMED else ""
    names = ", ".join(finding.names[:_NAMED])
    return f"{'loss' if finding.loss else 'told'}: {finding.meaning} [{finding.rule}]\n    {names}{more}"


def _as_json(old: Path, new: Path, rehearsal: "Rehearsal") -> dict[str, object]:
    return {
        "old": old.as_posix(),
        "new": new.as_posix(),
        "anki": rehearsal.anki,
        "lossless": rehearsal.lossless,
        "studied": rehearsal.studied,
        "notes": {fate: list(names) for fate, names in rehearsal.fates.items()},
        "findings": [
            {"rule": each.rule, "loss": each.loss, "meaning": each.meaning, "names": list(each.names)}
            for each in rehearsal.findings
        ],
    }
