"""`cuedeck adopt`"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from cuedeck.bridging.extract import LeftOut
from cuedeck.bridging.fieldmap import Bridge
from cuedeck.commands.options import PATH, cards_argument, quiet_option, say, show_problems
from cuedeck.usecases.adopt import Adopted, adopt
from cuedeck.wording import counted, listed


@click.command()
@click.argument("package", type=PATH)
@cards_argument
@click.option(
    "--deck",
    "decks",
    multiple=True,
    metavar="NAME",
    help=(
        "Adopt only this deck of PACKAGE, with its subdecks; NAME is its name in Anki, such as Uni::Logic. "
        "Required if PACKAGE is a collection or also contains other decks. May be given several times."
    ),
)
@quiet_option
def command(package: Path, cards: Path, decks: tuple[str, ...], quiet: bool) -> None:
    """Recreate the lock of CARDS (cards.yaml by default) from PACKAGE, so that learners who have PACKAGE lose nothing.

    Use it if the lock was lost, or if another tool made the deck. In the second case each note of cards.yaml needs its
    "guid:", and a bridge is written, too: a package with only those notes of PACKAGE, prepared so that Anki can move
    them to the note types of this deck. Learners first import the bridge with Anki's default options. Then they import
    your next release, this one time with "Merge note types" ticked. Without the bridge, that option would spoil their
    cards.
    """
    done = adopt(package, cards, decks=decks)
    show_problems(done.warnings)
    if not quiet:
        for line in _lines(done, package):
            say(line)


def _lines(done: Adopted, package: Path) -> Iterator[str]:
    yield f"{done.path.as_posix()}: {_continued(done.unchanged)} unchanged"
    for ids, one, many in (
        (done.changed, "differs from the package, and will be updated", "differ from the package, and will be updated"),
        (done.new, "is not in the package, and will be new", "are not in the package, and will be new"),
        (
            done.left,
            "is only in the package, and stays with learners",
            "are only in the package, and stay with learners",
        ),
    ):
        if ids:
            yield f"{counted(len(ids), 'note')} {one if len(ids) == 1 else many}: {listed(ids)}"
    if done.renamed:
        differ = "differs" if len(done.renamed) == 1 else "differ"
        yield (
            f"{len(done.renamed):,} of the notes to be updated {differ} only in the names of pictures and sounds, "
            f"which now come from their contents: {listed(done.renamed)}"
        )
    if done.halved:
        yield (
            f"{counted(len(done.halved), 'note')} had a second card in the package, which will be blank without "
            f'"reverse: true": {listed(done.halved)}'
        )
    for bridge in done.bridges:
        yield _becomes(bridge, done.emptied[bridge.old.number])
    if done.tag:
        yield from _tags(done)
    if done.left_out:
        yield from _left_out(done.left_out, package)
    if done.packages:
        yield from _steps(done.packages)


def _continued(notes: int) -> str:
    return f"{counted(notes, 'note')} {'continues' if notes == 1 else 'continue'}"


def _becomes(bridge: Bridge, emptied: Sequence[str]) -> str:
    """Say which fields of an old note type become which new ones, and which of them have words that will be gone."""
    filled = ", ".join(f"{old} becomes {new}" for old, new in bridge.filled.items())
    more = f'; {listed(emptied)} will be emptied: copy what is worth keeping to "extra:"' if emptied else ""
    return f'note type "{bridge.old.name}": {filled}{more}'


def _tags(done: Adopted) -> Iterator[str]:
    if not done.lock.tags_as_written:
        tag = f"{done.lock.deck}::{done.tag}"
        yield (
            f'all tags get the id of the deck before them: learners who search for "{done.tag}" find "{tag}" instead; '
            'to keep the tags as they are, write "tags_as_written: true" below "deck:" before the first release'
        )
    elif done.untagged:
        lack = "lacks" if len(done.untagged) == 1 else "lack"
        yield (
            f"{counted(len(done.untagged), 'note')} {lack} tags that learners have: {listed(done.untagged)}; write in "
            '"tags:" what they should keep'
        )
    else:
        yield "learners keep all tags as they are"


def _left_out(left: LeftOut, package: Path) -> Iterator[str]:
    kinds = ((left.notes, "note"), (left.decks, "deck"), (left.media, "media file"))
    parts = [counted(number, kind) for number, kind in kinds if number]
    if parts:
        parts[-2:] = [" and ".join(parts[-2:])]
        what = f"{', '.join(parts)} of {package.as_posix()} that this deck does not need"
        yield f"left out of the bridge, which is named below: {what}"


def _steps(packages: tuple[Path, ...]) -> Iterator[str]:
    names = [path.as_posix() for path in packages]
    yield "To bring your learners along, give them, in this order:"
    for number, name in enumerate(names, 1):
        yield f"  {number}. {name}, to import with the default options: Anki reports that it has these notes already"
    yield f'  {len(names) + 1}. your next release, to import with "Merge note types" ticked, this once and never again'
    yield (
        'Learners must not tick "Merge note types" if they skipped the bridge, or if Anki reported that its note types '
        "have changed:"
    )
    yield "their cards would go blank, and no later update would arrive. Without the tick nothing is lost."
