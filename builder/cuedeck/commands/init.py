"""`cuedeck init`"""

from pathlib import Path

import click

from cuedeck.building.newids import id_from
from cuedeck.commands.options import from_option, parsed, say
from cuedeck.deck import values
from cuedeck.usecases.init import init
from cuedeck.wording import for_a_shell


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--id", callback=parsed(values.identifier), help="The deck's id.  [default: from the folder's name]")
@click.option(
    "--title",
    callback=parsed(values.deck_title),
    help="Its name in Anki.  [default: the recording's title, or the folder's name]",
)
@from_option
@click.option("--course", "is_course", is_flag=True, help="Begin a course: an example with a file for each lecture.")
def command(folder: Path, id: str, title: str, sources: tuple[Path, ...], is_course: bool) -> None:
    """Start a deck in FOLDER (this one by default): write a cards.yaml to edit, and what editors and git need.

    The cards.yaml is an example. With --from, it has the title, speaker, date, length, address and chapters of a
    recording, as far as the files say them: the info.json of yt-dlp, the text of a description, chapters of a podcast,
    what ffmpeg -f ffmetadata writes, a saved page, or a transcript, which is copied into FOLDER. Each chapter gets a
    concept without notes. Nothing is taken from the network, and nothing is made up.
    """
    if is_course and sources:
        raise click.UsageError(
            "--course begins with an example: leave out --from, and then add each lecture with: "
            "cuedeck new lecture-03 --from FILE"
        )
    for path in init(folder, id or id_from(folder.resolve().name) or "deck", title, sources, is_course):
        say(path.as_posix())
    here = folder.resolve()
    todo = "write your cards into cards.yaml"
    if sources:
        todo = "write notes below the concepts in cards.yaml"
    if is_course:
        todo = "write your cards into the files in lectures, and add lectures with cuedeck new"
    if here == Path.cwd().resolve():
        say(f"next: {todo} in {here}, then: cuedeck check")
    else:
        say(f"next: cd {for_a_shell(folder.as_posix())}, {todo}, then: cuedeck check")
