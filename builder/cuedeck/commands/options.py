"""Options and arguments that several commands share, and what they all do in the same way."""

import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from cuedeck.disk.text import CARDS_NAME
from cuedeck.patterns import regex
from cuedeck.problems import Problem, Problems, is_text, visible

# If a file may not be read, the code that reads it reports that, as a problem like any other.
PATH = click.Path(readable=False, path_type=Path)


class _CardsFile(click.Path):
    """A cards file, or a folder that contains one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return cards_file(Path(os.fsdecode(super().convert(value, param, ctx))))


def cards_file(path: Path) -> Path:
    """Return the cards file that a path means: for a folder, the cards.yaml in it.

    A link is followed, so that a deck has one lock, however it is reached.
    """
    real = real_path(path)
    return real_path(real / CARDS_NAME) if os.path.isdir(real) else real  # noqa: PTH112  any name can be asked about


def real_path(path: Path) -> Path:
    """Return where a link leads to, relative to the current folder if it is in it; any other path as it is."""
    if not path.is_symlink():
        return path
    real, here = Path(os.path.realpath(path)), Path.cwd()
    return real.relative_to(here) if real.is_relative_to(here) else real


class _OutputFile(click.Path):
    """A file to write. A name that ends like a folder's is refused, since a `Path` would treat it as a file's."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        name = os.fspath(value)
        if name == "-":
            self.fail('nothing is written to standard output; for a file of this name, write "./-"', param, ctx)
        if os.path.basename(name) in ("", os.curdir, os.pardir):  # noqa: PTH119  a Path has lost the end
            self.fail(f'"{name}" is not a file name', param, ctx)
        return super().convert(value, param, ctx)


class _OutputFolder(click.Path):
    """A folder to write. An empty name, as from a variable that is not set, would mean the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not os.fspath(value):
            self.fail("the folder name is empty", param, ctx)
        if os.fspath(value) == "-":
            self.fail('nothing is written to standard output; for a folder of this name, write "./-"', param, ctx)
        return super().convert(value, param, ctx)


CARDS = _CardsFile(readable=False, path_type=Path)
OUTPUT_FOLDER = _OutputFolder(path_type=Path)
OUTPUT_FILE = _OutputFile(readable=False, path_type=Path)

# Control characters, except tabs and line ends.
_STEERING = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|\r(?!\n)")
# Those that change the direction of text, which texts in some scripts need.
_TURNING = regex("[\u202a-\u202e\u2066-\u2069]")
# All of these that JSON may contain as they are.
_UNESCAPED = regex("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_QUIET = f"{__name__}.quiet"
_HAS_EXPLAINED = f"{__name__}.has_explained"
_COLOURS = {"error": "red", "warning": "yellow", "advice": "cyan"}


def _noted(ctx: click.Context, _: click.Parameter, quiet: bool) -> bool:
    """Note whether a command is to be quiet, for problems that are shown when it has ended."""
    ctx.meta[_QUIET] = quiet
    return quiet


cards_argument = click.argument("cards", type=CARDS, default=Path(CARDS_NAME))
quiet_option = click.option("-q", "--quiet", is_flag=True, callback=_noted, help="Print problems only.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Print a line for every note that changed.")
from_option = click.option(
    "--from",
    "sources",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="Begin with what a file says about the recording, such as its title and chapters. May be given several times.",
)
accept_option = click.option(
    "--accept",
    multiple=True,
    metavar="HAZARD[:NOTE]",
    help="Proceed despite a reported hazard, which is harm to learners. cloze-moved:some-note accepts it for one note, "
    "cloze-moved for all notes; * matches anything. May be given several times.",
)


@contextmanager
def problems_as_data(form: str) -> Iterator[None]:
    """Print `Problems` as JSON on standard output and end with exit code 1, if `form` is "json"; else let them pass."""
    try:
        yield
    except Problems as found:
        if form != "json":
            raise
        print_data({"problems": [problem.as_json() for problem in found.problems]})
        click.get_current_context().exit(1)


def say(*lines: str, err: bool = False) -> None:
    """Print lines. No file name or deck title in them can steer the terminal or begin a new line."""
    click.echo("\n".join(map(visible, lines)), err=err)


def print_text(text: str) -> None:
    """Print a text for people or programs as it is, but without characters that steer a terminal.

    Those that change the direction of text are left out only in a terminal, since others may need them.
    """
    text = _STEERING.sub(lambda found: visible(found[0]), text)
    if sys.stdout and sys.stdout.isatty():
        text = _TURNING.sub(lambda found: visible(found[0]), text)
    click.echo(text, nl=False)


def show_problems(problems: Collection[Problem]) -> None:
    """Print problems on standard error, followed by how to accept the hazards among them and what explains codes."""
    if not problems:
        return
    from cuedeck.updating.hazards import how_to_accept  # here because most runs find none

    click.echo("\n".join(map(_coloured, problems)), err=True)  # at once, since each echo flushes
    if line := how_to_accept(problems):
        say(line, err=True)
    explain_codes(sys.stderr)


def explain_codes(stream: TextIO | None) -> None:
    """Say in a terminal, once in each run, what explains the codes in brackets that were printed there.

    Not in pipes and files: a person who needs the line sees it, and programs and logs get problems and nothing else.
    """
    told = click.get_current_context().meta
    if stream and stream.isatty() and not told.get(_QUIET) and not told.get(_HAS_EXPLAINED):
        told[_HAS_EXPLAINED] = True
        click.echo('"cuedeck explain CODE" explains the code in brackets at the end of a message', file=stream)


def wants_colour() -> bool | None:
    """Return whether output is coloured whatever it goes to; None if it is if it goes to a terminal.

    The variables are those of https://no-color.org and https://force-color.org.
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def _coloured(problem: Problem) -> str:
    """Return a problem as a terminal shows it, with its level in a colour and its code in a quiet one."""
    line, *hint = str(problem).split("\n")
    place, level, rest = line.partition(f": {problem.level}: ")
    message = rest.removesuffix(f" [{problem.rule}]")
    level = f": {click.style(problem.level, fg=_COLOURS[problem.level], bold=True)}: "
    return "\n".join([place + level + message + click.style(f" [{problem.rule}]", dim=True), *hint])


def print_draft_effects(drafts: Sequence[str]) -> None:
    """Print what happens to people who imported a draft, if there is anything to say."""
    if drafts:
        head = "If you have imported a draft yourself (a build that was not released):"
        say(head, *(f"  * {line}" for line in drafts))


def print_data(data: Any) -> None:
    """Print data as JSON, in which characters that steer a terminal are written as escapes."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    click.echo(_UNESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def parsed(parse: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    """Return a callback that checks an option with `parse`, the function that reads the same value in cards.yaml."""

    def checked(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
        try:
            if value is not None and not is_text(value):
                raise ValueError(f'"{value}" is not UTF-8 text')
            return parse(value) if value is not None else ""
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return checked
