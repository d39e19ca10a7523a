"""Options and arguments that several commands take."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

# Whether a file may be read is told where it is read, as a problem like any other.
PATH = click.Path(readable=False, path_type=Path)

cards_argument = click.argument("cards", type=PATH, default=Path("cards.yaml"))
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Print a line for every note that changed.")
accept_option = click.option(
    "--accept",
    multiple=True,
    metavar="HAZARD:NOTE",
    help="Go on in spite of a hazard that was reported, such as cloze-moved:some-note. May be given several times.",
)


def parsed(parse: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    """Return a check of an option by the function that reads the same value in cards.yaml."""

    def checked(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
        try:
            return parse(value) if value is not None else ""
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return checked
