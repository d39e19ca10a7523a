"""`cuedeck rehearse`"""

import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cuedeck.commands.options import CARDS, explain_codes, print_data, problems_as_data, say
from cuedeck.commands.progress import shown_progress
from cuedeck.disk.text import CARDS_NAME
from cuedeck.usecases.rehearse import rehearse
from cuedeck.wording import counted, how_to_install

if TYPE_CHECKING:
    from cuedeck.rehearsal.findings import Finding
    from cuedeck.rehearsal.rehearsing import Rehearsal

_NAMED = 10
_WIDTH = 100


class _LibraryMissing(click.ClickException):
    """Anki's library is missing: wrong use of the command rather than a problem with the cards."""

    exit_code = 2

    def __init__(self, error: ImportError) -> None:
        super().__init__(
            f"a rehearsal needs Anki's own library, which cannot be loaded here ({error})\n"
            f"install it: {how_to_install('anki')}"
        )


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=CARDS, default=Path(CARDS_NAME))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the findings."
)
def command(old: Path, new: Path, form: str) -> None:
    """Simulate a learner who updates from the package OLD to NEW, and show what they would lose.

    NEW is a package, or a cards.yaml (by default the one in this folder). For a cards.yaml the next build is used, even
    if it would be refused; nothing is written. Anki's own library imports both packages into a temporary collection;
    your own collection is never opened.

    If OLD is the package of another tool that was adopted, the learner first imports the bridges that "cuedeck adopt"
    wrote, and then NEW, this once, with "Merge note types" ticked.

    The learner answers every card, edits and tags notes, suspends, flags and moves cards, and imports NEW twice. The
    exit code is 1 if they would lose something. If OLD is a release, a second learner imports its corrections first,
    and you see what each of the two keeps.
    """
    try:
        with problems_as_data(form), shown_progress(form == "text") as progress:
            rehearsal = rehearse(old, new, progress)
    except ImportError as error:
        raise _LibraryMissing(error) from error
    if form == "json":
        print_data(_as_json(old, new, rehearsal))
    else:
        say(*_as_text(old, new, rehearsal))
        if rehearsal.findings:
            explain_codes(sys.stdout)
    if not rehearsal.lossless:
        click.get_current_context().exit(1)


def _as_text(old: Path, new: Path, rehearsal: "Rehearsal") -> list[str]:
    return [
        f"{old.as_posix()} to {new.as_posix()}, in Anki {rehearsal.anki}: "
        f"{counted(rehearsal.studied, 'card')} answered, then imported",
        *(
            [f'by way of {", then ".join(rehearsal.bridges)}, and this once with "Merge note types" ticked']
            if rehearsal.bridges
            else []
        ),
        "",
        *(f"{len(names):8} {fate}" for fate, names in rehearsal.fates.items()),
        "",
        *(line for finding in rehearsal.findings for line in _lines(finding, rehearsal.labels)),
        *_own_lines(rehearsal),
        "nothing is lost" if rehearsal.lossless else "learners would lose something",
    ]


def _lines(finding: "Finding", labels: Mapping[str, str]) -> list[str]:
    more = f" and {len(finding.names) - _NAMED} more" if len(finding.names) > _NAMED else ""
    called = [labels.get(name, name) for name in finding.names[:_NAMED]]
    names = textwrap.wrap(", ".join(called) + more, _WIDTH, break_on_hyphens=False)
    first = f"{'loss' if finding.loss else 'change'}: {finding.meaning} [{finding.rule}]"
    return [first, *(f"    {line}" for line in names)]


def _own_lines(rehearsal: "Rehearsal") -> Iterator[str]:
    """Yield a table of what the learner keeps on changed notes, by the two ways to import the update."""
    if rehearsal.own is None:
        return
    yield ""
    yield f"{'on changed notes, the learner keeps':36}{'package alone':>15}{'corrections first':>19}"
    had, alone, first = rehearsal.own
    for what, of, *kept in (
        ("own tags", had.tags, alone.tags, first.tags),
        ("own words", had.words, alone.words, first.words),
    ):
        yield f"  {what:34}" + "".join(
            f"{f'{count} of {of}':>{width}}" for count, width in zip(kept, (15, 19), strict=True)
        )
    yield ""


def _as_json(old: Path, new: Path, rehearsal: "Rehearsal") -> dict[str, object]:
    return {
        "old": old.as_posix(),
        "new": new.as_posix(),
        "anki": rehearsal.anki,
        "lossless": rehearsal.lossless,
        "studied": rehearsal.studied,
        "labels": dict(rehearsal.labels),
        "own": dict(zip(("had", "package_alone", "corrections_first"), map(asdict, rehearsal.own), strict=True))
        if rehearsal.own
        else None,
        "notes": {fate: list(names) for fate, names in rehearsal.fates.items()},
        "findings": [
            {"rule": each.rule, "loss": each.loss, "meaning": each.meaning, "names": list(each.names)}
            for each in rehearsal.findings
        ],
    }
