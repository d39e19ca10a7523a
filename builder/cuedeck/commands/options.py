"""Options and arguments that several commands take, and what they do alike."""

import json
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from cuedeck.problems import Problem, Problems, visible

# Whether a file may be read is told where it is read, as a problem like any other.
PATH = click.Path(readable=False, path_type=Path)


class _OutputFile(click.Path):
    """A file to write. A name that ends as that of a folder does is refused: a `Path` would take it for a file's."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        name = os.fspath(value)
        if os.path.basename(name) in ("", os.curdir, os.pardir):  # noqa: PTH119  which a Path has lost
            self.fail(f'"{name}" is no name of a file', param, ctx)
        return super().convert(value, param, ctx)


class _OutputFolder(click.Path):
    """A folder to write. An empty name, such as that of a variable which is not set, would be the folder one is in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not os.fspath(value):
            self.fail("the name of the folder is empty", param, ctx)
        return super().convert(value, param, ctx)


OUTPUT_FOLDER = _OutputFolder(path_type=Path)
OUTPUT_FILE = _OutputFile(readable=False, path_type=Path)

cards_argument = click.argument("cards", type=PATH, default=Path("cards.yaml"))
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Print a line for every note that changed.")
accept_option = click.option(
    "--accept",
    multiple=True,
    metavar="HAZARD[:NOTE]",
    help="Go on in spite of a hazard that was reported: of one note, such as cloze-moved:some-note, or of all notes, "
    "such as cloze-moved; * stands for anything. May be given several times.",
)


@contextmanager
def problems_as_data(form: str) -> Iterator[None]:
    """Let a command that was asked for data print `Problems` as such, on standard output, and end with 1."""
    try:
        yield
    except Problems as found:
        if form != "json":
            raise
        print_data({"problems": [problem.as_json() for problem in found.problems]})
        click.get_current_context().exit(1)


def say(*lines: str, err: bool = False) -> None:
    """Print lines, in which no name of a file or a deck can steer the terminal or begin a line of its own."""
    click.echo("\n".join(map(visible, lines)), err=err)


def show_problems(problems: Collection[Problem]) -> None:
    """Print problems on standard error, and after them how to go on in spite of the hazards among them."""
    if not problems:
        return
    from cuedeck.updating.hazards import how_to_accept  # here because most runs find none

    click.echo("\n".join(map(str, problems)), err=True)  # at once, since each echo flushes
    if line := how_to_accept(problems):
        say(line, err=True)


def say_to_drafters(drafts: Sequence[str]) -> None:
    """Print what those come to who imported a draft, if it is anything."""
    if drafts:
        say("If you have imported a draft yourself:", *(f"  * {line}" for line in drafts))


def print_data(data: Any) -> None:
    """Print data as JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def parsed(parse: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    """Return a check of an option by the function that reads the same value in cards.yaml."""

    def checked(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
        try:
            return parse(value) if value is not None else ""
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return checked
