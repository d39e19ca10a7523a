"""Options and arguments that several commands take."""

from pathlib import Path

import click

cards_argument = click.argument("cards", type=click.Path(path_type=Path), default=Path("cards.yaml"))
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Print a line for every note that changed.")
accept_option = click.option(
    "--accept",
    multiple=True,
    metavar="HAZARD:NOTE",
    help="Go on in spite of a hazard that was reported, such as cloze-moved:some-note. May be given several times.",
)
