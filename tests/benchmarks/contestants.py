"""What is measured: Cuedeck, two yardsticks, and four other tools, each in a separate environment."""

import json
import shutil
import sqlite3
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import inputs, work
from tests.benchmarks.measuring import Job
from tests.benchmarks.work import Note

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ROOT / ".venvs"
_HERE = Path(__file__).parent
BUILD = (sys.executable, "-m", "cuedeck", "build")
PACKAGE = Path("decks/benchmark.apkg")


@dataclass(frozen=True, slots=True)
class Peer:
    """Another tool: what to install, its command, what that makes, and which part of the work it leaves out."""

    requirement: str
    command: tuple[str, ...]
    makes: Path
    leaves_out: str
    runs: int = 3

    @property
    def name(self) -> str:
        """The name of the distribution."""
        return self.requirement.partition("==")[0]

    @property
    def programs(self) -> Path:
        """The folder of its commands."""
        return ENVIRONMENTS / self.name / ("Scripts" if sys.platform == "win32" else "bin")


PEERS = (
    Peer(
        "anki-yaml-tool==0.4.0",
        ("anki-yaml-tool", "build", "--file", "deck.yaml", "--output", "out.apkg"),
        Path("out.apkg"),
        "no cloze cards, no Markdown, one note type",
    ),
    Peer(
        "anki-librarian==0.1.2",
        ("anki-librarian", "--source-directory", "decks", "--destination-directory", "out"),
        Path("out/benchmark.apkg"),
        "no cloze cards, no Markdown, no tags, no ids",
    ),
    Peer(
        "brain-brew==0.3.11",
        ("brain-brew", "run", "recipe.yaml"),
        Path("out/deck.json"),
        "tables to CrowdAnki's JSON: no package, no Markdown",
    ),
    Peer(
        "ankcompiler==0.6.0",
        ("ankc", "build", "--all", "--output", "."),
        Path("benchmark.apkg"),
        "no fields for moment and source: they are part of the text",
        runs=1,
    ),
)


def install(peer: Peer) -> str:
    """Install a tool unless it is installed already. Return "", or the reason why it cannot be installed."""
    folder = ENVIRONMENTS / peer.name
    stamp = folder / f".{peer.requirement}"
    if stamp.exists():
        return ""
    try:
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(peer.programs / "python"), "-m", "pip", "install", "--quiet", peer.requirement]
        subprocess.run(pip, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(folder, ignore_errors=True)
        said = (error.stderr or error.stdout or "").strip().splitlines()
        return said[-1] if said else "it does not install"
    stamp.touch()
    return ""


def yardsticks(folder: Path, notes: Iterable[Note], runs: int) -> dict[str, Job]:
    """Write the work, and return the jobs of Cuedeck and of the two yardsticks."""
    inputs.cuedeck(notes, folder)
    start_anew(folder)
    build(folder)
    # In a separate process, because a child's peak includes the memory that its parent has when the child starts.
    subprocess.run((sys.executable, _HERE / "floor.py", "prepare", PACKAGE, "rows"), cwd=folder, check=True)
    return {
        "cuedeck": Job(BUILD, folder, lambda: start_anew(folder), runs),
        "plain genanki": Job(
            (sys.executable, _HERE / "plain_genanki.py", "cards.yaml", "plain.apkg"), folder, runs=runs
        ),
        "floor": Job((sys.executable, _HERE / "floor.py", "main", "rows", "floor.apkg"), folder, runs=runs),
    }


def build(folder: Path) -> None:
    """Build the deck of a folder."""
    subprocess.run(BUILD, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def start_anew(folder: Path) -> None:
    """Leave nothing of an earlier build, so that the next one does all of its work."""
    (folder / "cards.lock").unlink(missing_ok=True)
    for name in ("decks", ".cuedeck"):
        shutil.rmtree(folder / name, ignore_errors=True)


def copy_of_the_talk(folder: Path) -> None:
    """Copy the deck of the talk in this repository to a new folder, with its lock and its package."""
    folder.mkdir()
    for name in ("cards.yaml", "cards.lock"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "decks", folder / "decks")


def peer_job(peer: Peer, folder: Path, count: int, runs: int | None = None) -> Job:
    """Write the work as a tool's own input, and return its job."""
    own = folder / peer.name
    own.mkdir()
    inputs.WRITERS[peer.name](work.notes(count), own)

    made = own / peer.makes
    made.parent.mkdir(exist_ok=True)
    program, *arguments = peer.command
    return Job((peer.programs / program, *arguments), own, lambda: made.unlink(missing_ok=True), runs or peer.runs)


def count_notes(made: Path) -> int:
    """Return how many notes a tool has put into its output, so that no tool wins by leaving some out."""
    if made.suffix == ".json":
        return len(json.loads(made.read_text(encoding="utf-8"))["notes"])
    with zipfile.ZipFile(made) as package, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(package.read("collection.anki2"))
        return int(connection.execute("select count(*) from notes").fetchone()[0])
