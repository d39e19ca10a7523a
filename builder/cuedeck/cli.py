"""The `cuedeck` command: its table of subcommands, and the one place where problems become messages and exit codes.

Exit codes: 0 success, 1 problems, 2 wrong use, 130 stopped by Ctrl-C (143 by SIGTERM), 141 the reader of the output
went away. If a command ends in any other way, that is our bug.
"""

import contextlib
import gc
import importlib
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import click

from cuedeck import __version__
from cuedeck.commands.options import show_problems, wants_colour
from cuedeck.disk.unreadable import unusable
from cuedeck.problems import Problems, visible
from cuedeck.wording import did_you_mean, nearest

# A shell adds this to the number of the signal that ended a program. Python on Windows does not define SIGPIPE.
_BY_SIGNAL = 128
_SIGPIPE = 13

# Each subcommand's one line of help, so that `--help` loads none of their modules, which have their names.
GROUPS: Mapping[str, Mapping[str, str]] = {
    "The first day": {
        "init": "Start a deck: write a cards.yaml to edit.",
        "new": "Add a lecture to a course: write a file for its notes.",
        "check": "Check cards.yaml, and fix clear mistakes.",
        "preview": "Show every card, and what the notes cover, on one page.",
        "build": "Build the package that Anki imports.",
    },
    "The recording": {
        "find": "Find where something is said in the recording.",
        "coverage": "Show which passages of the recording have notes.",
        "chapters": "Print the chapters of a recording, for YouTube or a podcast.",
        "clips": "Cut the passages of notes out of the recording.",
    },
    "Updating": {
        "diff": "Show what learners will get and how it affects them.",
        "release": "Release the deck under a version number.",
        "corrections": "Write corrections that keep learners' tags and own fields.",
        "rehearse": "Simulate a learner who updates, and show what they would lose.",
        "verify": "Check that a package matches cards.yaml and cards.lock.",
    },
    "Sharing": {
        "share": "Write a website that offers the last release.",
        "media": "List pictures and sounds, and those that no note uses.",
    },
    "Moving": {
        "import": "Make a deck from one of another tool, or from a list.",
        "adopt": "Recreate a lost cards.lock, or continue another tool's deck.",
        "fork": "Turn a copy into a separate deck.",
    },
    "Help": {
        "explain": "Explain a code, the name in brackets at the end of a message.",
        "schema": "Print the JSON Schema of cards.yaml for editors.",
        "completion": "Print what a shell needs to complete commands and options.",
    },
}
COMMANDS = tuple(name for names in GROUPS.values() for name in names)
"""The names of all subcommands."""


class _Table(click.Group):
    """A group that loads a subcommand when it is called, and shows problems instead of tracebacks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"cuedeck.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # Newer versions of click suggest a name themselves, but version 8.2 does not.
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            likely = () if args[0] == "help" else nearest(args[0], COMMANDS, likeness=0.5)
            hint = did_you_mean(*likely) or '"cuedeck --help" lists them'
            raise click.UsageError(f'there is no command "{args[0]}": {hint}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))
        for group, commands in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl([(name.ljust(width), words) for name, words in commands.items()])

    def invoke(self, ctx: click.Context) -> Any:
        ctx.color = wants_colour()
        try:
            return self._with_problems_shown(ctx)
        except click.UsageError as error:  # it may quote file names
            raise click.UsageError(visible(error.format_message()), error.ctx) from None
        except KeyboardInterrupt as stopped:
            click.echo("\ncuedeck: stopped; every file is complete, in its old or its new version", err=True)
            ctx.exit(_code(stopped))
        except BrokenPipeError:
            _hush(sys.stdout)
            _hush(sys.stderr)
            ctx.exit(_BY_SIGNAL + _SIGPIPE)

    def _with_problems_shown(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Problems as found:
            show_problems(found.problems)
            ctx.exit(1)
        except OSError as error:
            if error.filename is None:
                raise
            show_problems([unusable(error)])
            ctx.exit(1)


@click.group(cls=_Table, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="cuedeck", message="%(prog)s %(version)s")
def cuedeck() -> None:
    """Turn one curated cards.yaml about a recorded talk into an Anki deck.

    Run it in the folder of cards.yaml, or name that folder. Every card links back to its moment in the recording. You
    can build and import the deck again after every edit without anyone losing progress.
    """


def main() -> None:
    """Run the command line. Text that the terminal cannot show is written as escapes; it causes no failure."""
    _open_standard_files()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    # A deck is a large tree without cycles. The garbage collector would walk it again and again, and once more at the
    # end, which took a quarter of the time of a build.
    gc.disable()
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # a job that must outlive its terminal ignores them
            signal.signal(number, _stop)
    try:
        cuedeck()
    except KeyboardInterrupt as stopped:
        sys.exit(_code(stopped))
    except OSError as error:
        _hush(sys.stdout)
        sys.exit(f"cuedeck: the output cannot be printed: {error.strerror}")
    finally:
        gc.freeze()


def _open_standard_files() -> None:
    """Make sure that the first three file numbers are taken: a file that got one would be mistaken for the terminal."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _code(stopped: KeyboardInterrupt) -> int:
    return _BY_SIGNAL + int(stopped.args[0] if stopped.args else signal.SIGINT)


def _stop(number: int, _: object) -> None:
    raise KeyboardInterrupt(number)


def _hush(stream: TextIO | None) -> None:
    """Discard what is still to be printed, or Python would complain about it again when it exits."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
