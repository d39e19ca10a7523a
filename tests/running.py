"""How tests run a command: as an author does, but in this process, or in a separate one that Ctrl-C reaches."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from cuedeck.cli import cuedeck

PATIENCE = 120
"""Seconds within which an answer comes, however busy the machine is: whatever takes longer hangs."""

# A shell script lets its background programs ignore Ctrl-C, and whatever they start inherits that.
_HEARS_CTRL_C = None if sys.platform == "win32" else partial(signal.signal, signal.SIGINT, signal.SIG_DFL)


def run(*words: str | Path, at: int | None = None) -> Result:
    """Run a command in this process, at a time in seconds since 1970 if one is given."""
    environment = None if at is None else {"SOURCE_DATE_EPOCH": str(at)}
    return CliRunner().invoke(cuedeck, list(map(str, words)), env=environment, catch_exceptions=False)


def output_of(*words: str | Path) -> tuple[int, str, str]:
    """Run a command in this process; return its exit code, what it printed, and the problems that it reported."""
    result = run(*words)
    return result.exit_code, result.stdout, result.stderr


def git(*words: str) -> None:
    """Run git in the folder of the test, with a name set for its commits."""
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


def on_terminal(words: Sequence[str], folder: Path, environment: dict[str, str]) -> str:
    """Return all that a program writes to a terminal; into a pipe, some of it would not be printed at all."""
    import pty  # Windows does not have it

    ours, its = pty.openpty()
    with subprocess.Popen(
        words, cwd=folder, env=environment, stdin=its, stdout=its, stderr=its, preexec_fn=_HEARS_CTRL_C
    ) as program:
        os.close(its)
        said = b""
        with contextlib.suppress(OSError):  # how a terminal ends
            while part := os.read(ours, 65_536):
                said += part
        program.wait()
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def as_left_on_screen(said: str) -> str:
    """Return what a terminal shows at the end, where a carriage return led back to the start of a line."""
    lines = []
    for line in said.split("\n"):
        shown = ""
        for part in line.split("\r"):
            shown = part + shown[len(part) :]
        lines.append(shown.rstrip(" "))
    return "\n".join(lines)


@contextmanager
def interruptible(
    words: Sequence[str], folder: Path, environment: dict[str, str], **streams: Any
) -> Iterator["subprocess.Popen[str]"]:
    """Run a program that Ctrl-C ends, even if the tests themselves run in the background. Kill it at the end."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    with subprocess.Popen(
        words, cwd=folder, env=environment, text=True, preexec_fn=_HEARS_CTRL_C, **streams
    ) as running:
        try:
            yield running
        finally:
            running.kill()
