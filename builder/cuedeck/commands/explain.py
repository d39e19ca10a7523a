"""`cuedeck explain`"""

import shutil
import textwrap
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

import click

from cuedeck.explaining.pages import all_pages
from cuedeck.wording import did_you_mean, nearest


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain a CODE, the name in brackets at the end of a message: what it means, why it matters, and what to do.
    Without CODE, list all codes.

    To ignore a piece of advice, write its code and your reason in cards.yaml, for the whole deck or for one note,
    concept or source:

    \b
    check:
      ignore:
        long-answer in some-note: The law is to be known word for word.
    """  # noqa: D301  click does not rewrap the paragraph after this sign
    pages = all_pages()
    if code is None:
        longest = max(map(len, pages))
        for group, of in groupby(pages.values(), key=attrgetter("group")):
            click.echo("\n".join([group, *(f"  {page.code:{longest}}  {page.summary}" for page in of), ""]))
        return
    wanted = code.strip("[]").partition(":")[0]  # as in a message, or as given to --accept
    if wanted not in pages:
        hint = did_you_mean(*nearest(wanted, pages)) or '"cuedeck explain" lists all codes.'
        raise click.BadParameter(f'there is no code "{code}": {hint}', param_hint="CODE")
    click.echo(f"{wanted}\n\n" + "\n\n".join(_as_wide_as_the_terminal(pages[wanted].text)))


def _as_wide_as_the_terminal(text: str) -> Iterator[str]:
    """Yield the paragraphs of a page, wrapped to the terminal, except that examples keep their lines."""
    width = min(shutil.get_terminal_size().columns, 100)
    for paragraph in text.split("\n\n"):
        is_example = paragraph.startswith(" ")
        yield paragraph if is_example else textwrap.fill(paragraph, width, break_on_hyphens=False)
