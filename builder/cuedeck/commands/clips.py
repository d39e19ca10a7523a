"""`cuedeck clips`"""

from pathlib import Path

import click

from cuedeck.commands.options import cards_argument, quiet_option, say
from cuedeck.commands.progress import shown_progress
from cuedeck.media.clips import CLIPS
from cuedeck.usecases.clips import Clips, clips
from cuedeck.wording import counted, listed, megabytes

_MOST_NAMED = 5


@click.command()
@cards_argument
@click.option(
    "--again", multiple=True, metavar="NOTE", help="Cut the clip of this note again. May be given several times."
)
@quiet_option
def command(cards: Path, again: tuple[str, ...], quiet: bool) -> None:
    """Cut the passages of the notes of CARDS (cards.yaml by default) out of the recordings, as MP3 in media/clips.

    A source names its recording with "recording:". The clip of a note with a span is this span, and that of a note with
    a moment goes on to the next chapter; both begin two seconds earlier, and end after a minute at most. A clip that is
    there already is left alone, until the moment or span of its note changes. Cards play the clips if their source has
    "clips: true".
    """
    with shown_progress(not quiet) as progress:
        made = clips(cards, again, progress)
    if not quiet:
        say(*_lines(made))


def _lines(made: Clips) -> list[str]:
    kept = len(made.all) - len(made.cut)
    lines = [
        f"{CLIPS}: {counted(len(made.all), 'clip')} ({len(made.cut):,} cut, {kept:,} there before), "
        f"{megabytes(made.size)}"
    ]
    if made.shortened:
        lines.append(f"these spans are longer than a clip, which ends after a minute: {_listed(made.shortened)}")
    if made.silent:
        lines.append(f'cards do not play them yet; add "clips: true" to: {_listed(made.silent)}')
    return lines


def _listed(names: tuple[str, ...]) -> str:
    return listed(names, _MOST_NAMED)
