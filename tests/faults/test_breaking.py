"""Whatever happens while files are written, each is whole, old or new, and the next command repairs the rest."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.faults.scenarios import SCENARIOS
from tests.making import ROOT
from tests.recordings import needed_ffmpeg

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process"),
]

NAMES = [
    pytest.param(name, marks=[pytest.mark.needs("nh3")] if scenario.words.startswith("share") else [])
    for name, scenario in SCENARIOS.items()
]

CUT_OFF = [each for each in NAMES if os.environ.get("FAULTS") == "all" or not SCENARIOS[str(each.values[0])].many]


@pytest.fixture(autouse=True)
def _ffmpeg(request: pytest.FixtureRequest) -> None:
    """Ask for ffmpeg if the command is the one that needs it."""
    if "name" in request.fixturenames and SCENARIOS[request.getfixturevalue("name")].recorded:
        needed_ffmpeg()


def breaking(environment: dict[str, str], name: str, folder: Path, program: str = "breaking") -> Any:
    """Return the findings of a program that interrupts commands."""
    words = [sys.executable, "-m", f"tests.faults.{program}", name, str(folder)]
    faults = {"FAULTS": os.environ.get("FAULTS", "")}
    done = subprocess.run(words, cwd=ROOT, env={**environment, **faults}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", NAMES)
def test_a_command_may_be_interrupted_at_every_step(
    tmp_path: Path, plain_environment: dict[str, str], name: str
) -> None:
    """It is killed, stopped, or refused by the system at every opening, write, flush, rename and removal of a file.

    Every file is whole, the old one or the new one; no package is newer than its lock; there is no traceback, and the
    exit code is right. The next command leaves what it leaves if nothing was ever disturbed, and no other file.
    """
    found = breaking(plain_environment, name, tmp_path)
    assert found["wrong"] == []
    assert found["steps"] > 10
    assert found["faults"] >= 2 * found["steps"]


@pytest.mark.parametrize("name", CUT_OFF)
def test_the_power_may_be_cut_at_every_moment(tmp_path: Path, plain_environment: dict[str, str], name: str) -> None:
    """On a disk that keeps only what was flushed, the same is true of every state that a power cut may leave.

    When a command has ended, everything it did is certainly on the disk.
    """
    found = breaking(plain_environment, name, tmp_path, "powercuts")
    assert found["wrong"] == []
    assert found["states"] > 2  # more than the state before the command and the one after it


def test_fifty_builds_at_once(tmp_path: Path, plain_environment: dict[str, str]) -> None:
    """They take turns. All end well, with one result, to which a later build adds nothing."""
    found = breaking(plain_environment, "crowd", tmp_path)
    assert found == {"codes": [0] * 50, "files": ["cards.lock", "cards.yaml", "decks/small.apkg"], "same": True}


WRITE = "close the program that has it open, or give yourself permission to write there"
UNWRITABLE = f"error: the file cannot be written: Permission denied [unwritable]\n    {WRITE}"
READ = "close the program that has it open, or give yourself permission to read it and to open its folder"
UNREADABLE = "error: the file cannot be read: Permission denied [unreadable]\n"
NOT_READ = 'error: "media/{}" cannot be read: Permission denied [no-media-file]\n'

# What the author reads if something may not be written or read, in the order in which the cases are tried.
SAID = [
    f"cards.lock: {UNWRITABLE}; the old file is unchanged\n",
    f"decks/small.apkg: {UNWRITABLE}; the old file is unchanged\n",
    f"decks/small.apkg: {UNWRITABLE}; the old file is unchanged\n",
    "",  # the builder's own folder need not be written again
    f".: error: cannot write in this folder: Permission denied [unwritable]\n    {WRITE}\n",
    f"cards.lock: {UNREADABLE}    {READ}\n",
    f"cards.yaml: {UNREADABLE}    {READ}\n",
    f"cards.lock.tests123: {UNWRITABLE}\n",
    f"decks/small.apkg: {UNREADABLE}    {READ}\n",
    f"cards.yaml:17:30: {NOT_READ.format('a.png')}    {READ}\n",
    "".join(
        f"cards.yaml:{place}: {NOT_READ.format(name)}    {READ}\n"
        for place, name in (("17:30", "a.png"), ("20:17", "b.mp3"), ("24:19", "c.png"))
    ),
    "",  # the names in a folder are only needed for suggestions
    "",  # what was remembered of pictures only saves time
    f'cards.yaml:5:10: error: "lectures" cannot be read: Permission denied [unreadable]\n    {READ}\n',
    f'cards.yaml:5:10: error: "lectures/1.yaml" cannot be read: Permission denied [unreadable]\n    {READ}\n',
    f"lectures/2.yaml: {UNREADABLE}    {READ}\n",
]


def test_what_may_not_be_written_or_read(plain_environment: dict[str, str]) -> None:
    """The author reads which file or folder it is, and everything stays as it was.

    The system lets root do everything. So root tries it as the user nobody, in a folder that this user may enter.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = breaking(plain_environment, "forbidden", Path(folder))
    assert [each["said"] for each in found] == SAID
    assert all((each["code"] == 1 and each["same"]) or not each["said"] for each in found)
