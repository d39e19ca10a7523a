"""Run git itself: found by its full path, in a clean environment, and for no longer than a minute."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from cuedeck.disk import programs
from cuedeck.git.repository import stop_at_broken
from cuedeck.records import dataclass

_TIMEOUT = 60
"""How long git may take to answer, in seconds."""

# What git may know about the machine: where the personal settings are, and what any program on Windows needs.
_PASSED_ON = (
    *("HOME", "XDG_CONFIG_HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA"),
    *("SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
)


@dataclass(frozen=True)
class Answer:
    """Git's answer: its exit code, and what it wrote to both streams."""

    code: int
    out: bytes
    error: str


def run(*words: str, at: Path, environment: Mapping[str, str], given: bytes = b"") -> Answer:
    """Return git's answer to these words and to the input `given`.

    Raises `Problems` if it does not answer within a minute.
    """
    program = program_path()
    assert program, "callers look for a repository only if there is git"
    own = {
        **{name: value for name in _PASSED_ON if (value := os.environ.get(name)) is not None},
        "PATH": os.pathsep.join(programs.folders_of_programs()),
        "LC_ALL": "C",
        "NoDefaultCurrentDirectoryInExePath": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "GIT_TERMINAL_PROMPT": "0",
        **environment,
    }
    try:
        done = subprocess.run(
            # Without a pager, for which git would read all settings, whatever the command.
            [program, "--no-pager", *words],
            cwd=os.path.realpath(at),
            env=own,
            input=given,
            capture_output=True,
            timeout=_TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        stop_at_broken(at, f"it did not answer within {_TIMEOUT} seconds")
    except OSError as error:
        stop_at_broken(at, f"{program} cannot be run: {error.strerror}")
    return Answer(done.returncode, done.stdout, done.stderr.decode(errors="replace").strip())


def program_path() -> str | None:
    """Return the path of git; None if there is none."""
    return programs.program_path("git")
