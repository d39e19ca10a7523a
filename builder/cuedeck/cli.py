"""The `cuedeck` command: its table of subcommands, and the one place where problems become messages and exit codes.

Exit codes: 0 sound, 1 problems, 2 wrong use, 130 stopped by Ctrl-C (143 by SIGTERM), 141 the reader of its output went
away. Anything else that ends a command is a bug of ours.
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
from cuedeck.commands.options import show_problems
from cuedeck.problems import Place, Problem, Problems

# What a shell adds to the number of the signal that ended a program; the last is missing on Windows.
_BY_SIGNAL = 128
_SIGPIPE = 13

# Each subcommand's module and one line of help, so that `--help` loads none of them.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("cuedeck.commands.init", "Begin a deck: a cards.yaml to write over."),
    "check": ("cuedeck.commands.check", "Check cards.yaml, and mend what is certain."),
    "build": ("cuedeck.commands.build", "Build the package that Anki imports."),
    "diff": ("cuedeck.commands.diff", "Tell what learners will get, and what it does to them."),
    "release": ("cuedeck.commands.release", "Hand the deck out under a version."),
    "adopt": ("cuedeck.commands.adopt", "Make a lost cards.lock anew, or go on with a deck of another tool."),
    "fork": ("cuedeck.commands.fork", "Make a copy a deck of its own."),
    "verify": ("cuedeck.commands.verify", "Tell whether a package is what cards.yaml and cards.lock give."),
    "rehearse": ("cuedeck.commands.rehearse", "Play a learner through an update, and tell what they lose."),
    "preview": ("cuedeck.commands.preview", "Show every card, and what the notes cover, in one page."),
    "coverage": ("cuedeck.commands.coverage", "Show which passages of the recording have notes."),
    "share": ("cuedeck.commands.share", "Write a site to share the last release from."),
    "explain": ("cuedeck.commands.explain", "Explain a code in brackets at the end of a message."),
    "schema": ("cuedeck.commands.schema", "Print the JSON Schema of cards.yaml for editors."),
}


class _Table(click.Group):
    """A group that loads a subcommand when it is called, and shows problems instead of tracebacks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return self._told(ctx)
        except KeyboardInterrupt as stopped:
            click.echo("\ncuedeck: stopped; every file is whole, the old one or the new one", err=True)
            ctx.exit(_code(stopped))
        except BrokenPipeError:
            _hush(sys.stdout)
            _hush(sys.stderr)
            ctx.exit(_BY_SIGNAL + _SIGPIPE)

    def _told(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Problems as found:
            show_problems(found.problems)
            ctx.exit(1)
        except OSError as error:
            if error.filename is None:
                raise
            place = Place(os.fsdecode(error.filename))
            hint = "see that you may read and write there, and that the disk is in order"
            click.echo(str(Problem(place, f"the file cannot be used: {error.strerror}", "unusable", hint)), err=True)
            ctx.exit(1)


@click.group(cls=_Table, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cuedeck", message="%(prog)s %(version)s")
def cuedeck() -> None:
    """Turn one curated cards.yaml about a recorded talk into an Anki deck.

    Run it in the folder of cards.yaml. Every card links back to its moment of the recording, and a deck can be built
    and imported again after every edit without anyone losing progress.
    """


def main() -> None:
    """Run the command line. Text that the terminal cannot show is written as escapes rather than failing."""
    _open_standard_files()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    # A deck is a large tree without cycles, which the collector would walk again and again, and once more at the end:
    # that took a quarter of a build.
    gc.disable()
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as in a job that is to outlive its terminal
            signal.signal(number, _stop)
    try:
        cuedeck()
    except KeyboardInterrupt as stopped:
        sys.exit(_code(stopped))
    except OSError as error:
        _hush(sys.stdout)
        sys.exit(f"cuedeck: what it found cannot be printed: {error.strerror}")
    finally:
        gc.freeze()


def _open_standard_files() -> None:
    """Let none of the first three file numbers be free: a file that got one would be taken for the terminal."""
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
    """Let what is still to be printed go nowhere, or Python would complain of it again at its end."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
