"""`cuedeck import`"""  # noqa: N999  the table of commands loads a module by the name of its command

import os
from collections.abc import Iterator
from pathlib import Path

import click

from cuedeck.commands.options import OUTPUT_FOLDER, PATH, parsed, quiet_option, say
from cuedeck.deck import addresses, values
from cuedeck.importing.fieldmaps import FieldMap, written
from cuedeck.importing.fieldmaps import parsed as parsed_map
from cuedeck.importing.packages import ENDINGS
from cuedeck.importing.reading import Wanted
from cuedeck.importing.writing import notes_as_yaml
from cuedeck.usecases.importing import Imported, Options, import_deck
from cuedeck.wording import counted, for_a_shell, listed

_SHOWN = 3


def _maps(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, FieldMap]:
    try:
        return dict(map(parsed_map, given))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _separator(ctx: click.Context, param: click.Parameter, text: str) -> str:
    return text.replace("\\n", "\n").replace("\\t", "\t")


@click.command()
@click.argument("file", type=PATH)
@click.argument("folder", type=OUTPUT_FOLDER, required=False)
@click.option(
    "--deck",
    "decks",
    multiple=True,
    metavar="NAME",
    help="Import only this deck of a package, with its subdecks, such as Uni::Logic. May be given several times.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="TYPE: q=FIELD, a=FIELD",
    callback=_maps,
    help='Say which fields of a note type become which texts, such as "Basic: q=Front, a=Back, extra=Source+Notes". '
    "The keys are q, a, cloze, extra and reverse. May be given several times.",
)
@click.option(
    "--between",
    default="",
    callback=_separator,
    metavar="TEXT",
    help="What is between a question and its answer in a list.",
)
@click.option(
    "--rows",
    default="",
    callback=_separator,
    metavar="TEXT",
    help='What is between two rows of a list, such as "\\n\\n".',
)
@click.option(
    "--question-level",
    type=click.IntRange(1, 6),
    default=None,
    help="In Markdown, take each heading of this level as a question, and the text below it as the answer.",
)
@click.option(
    "--concepts",
    type=click.Choice(["subdeck", "tag"]),
    default="subdeck",
    help="Make a concept of each subdeck, or of each tag. A note with several tags goes to the one that most notes "
    "have.  [default: subdeck]",
)
@click.option(
    "--source", callback=parsed(addresses.address), help="Address of the recording that the times in a list belong to."
)
@click.option("--title", callback=parsed(values.deck_title), help="Name of the deck in Anki.  [default: as in FILE]")
@click.option(
    "--lossy", is_flag=True, help="Write the folder even if something of FILE is lost; it is reported anyway."
)
@click.option("--dry-run", is_flag=True, help="Write nothing; show the first three notes, and the report.")
@quiet_option
def command(
    file: Path,
    folder: Path | None,
    decks: tuple[str, ...],
    maps: dict[str, FieldMap],
    between: str,
    rows: str,
    question_level: int | None,
    concepts: str,
    source: str,
    title: str,
    lossy: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Write the deck in FILE as a cards.yaml in a new FOLDER, and prove that its cards show the same.

    FILE is a package or collection of Anki (.apkg, .colpkg), the folder of a CrowdAnki export, Anki's "Notes in Plain
    Text", a list (CSV, TSV, Quizlet), or questions in Markdown. Each note is rendered again from what was written, and
    compared with the original. If anything is lost, a report says what, and nothing is written without --lossy.
    """
    wanted = Wanted(decks, between, rows, question_level or 0)
    done = import_deck(file, folder, Options(wanted, maps, source, title, concepts == "tag"), dry_run, lossy)
    if not quiet:
        if dry_run:
            concepts = listed([f"{each.title} ({len(each.notes):,})" for each in done.groups])
            say(*notes_as_yaml(done.groups, _SHOWN), "", f"concepts and how many notes they have: {concepts}")
        say(*_report(done))
        if done.folder:
            say(*_next(done, done.folder, file))
    if done.is_lossy and not lossy:
        if not dry_run:
            say("nothing was written, because something would be lost; to write the rest, add --lossy", err=True)
        click.get_current_context().exit(1)


def _report(done: Imported) -> Iterator[str]:
    yield from done.remarks
    for name, maps in done.maps.items():
        yield f'note type "{name}": {"; and of its own: ".join(map(str, maps))}'
        if words := [words for each in maps for words in each.words]:
            quoted = [f'"{each}"' for each in dict.fromkeys(words)]
            yield f"  with the words of its cards: {listed(quoted)}"
            yield f"  for the fields alone, add --map {for_a_shell(f'{name}: {maps[0]}')}"
        for unused in dict.fromkeys(each.unused for each in maps if each.unused):
            yield f'  without the words "{written(unused)}", which are not in a field'
    notes = done.notes
    styled = sum(bool(note.losses) and not note.without for note in notes)
    silent = sum(bool(note.without) for note in notes)
    yield (
        f"{counted(len(notes), 'note')}: {done.lossless:,} lossless, {styled:,} with something lost, {silent:,} "
        f"without their pictures or sounds; {counted(len(done.left_out), 'note')} left out"
    )
    losses: dict[str, list[str]] = {}
    for note in notes:
        for loss in sorted(note.losses):
            losses.setdefault(f"lost: {loss}", []).append(note.id)
        for name, reason in note.without:
            losses.setdefault(f"left behind: {name}: {reason}", []).append(note.id)
    for left in done.left_out:
        losses.setdefault(f"left out, because {left.reason}", []).append(left.place)
    for note in notes:
        if note.reason:
            losses.setdefault(f"new for learners (no guid), because {note.reason}", []).append(note.id)
    for what, places in losses.items():
        yield f"{what}: {listed([*dict.fromkeys(places)])}"


def _next(done: Imported, folder: Path, file: Path) -> Iterator[str]:
    place = folder.as_posix()
    yield f"{place}/cards.yaml is yours from now on: cd {for_a_shell(place)}, then: cuedeck check"
    if any(note.guid for note in done.notes):
        is_package = file.suffix.lower() in ENDINGS
        there = Path(os.path.relpath(file, folder)).as_posix() if is_package else f"{folder.name}.apkg"
        export = "" if is_package else f"export it from Anki as {there}, and run "
        picked = [word for name in done.picked for word in ("--deck", name)] if is_package else []
        adopt = " ".join(map(for_a_shell, ("cuedeck", "adopt", there, *picked)))
        yield f"if learners have this deck already, before the first build: {export}{adopt}"
    if done.tags_as_written:
        yield 'if nobody has it yet: remove "tags_as_written: true"'
