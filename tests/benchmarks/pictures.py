"""Measure a deck with many large pictures, against the same deck without them and against copying them into a zip."""

import random
import sys
import time
from itertools import count as numbers
from pathlib import Path

from tests.benchmarks.contestants import BUILD, start_anew
from tests.benchmarks.measuring import Job, Taken, measure
from tests.benchmarks.report import Ratio
from tests.pictures import photo

PICTURES = 500
PICTURES_QUICK = 50
_SIZE = 1_000_000
_SEED = 20251221
_HERE = Path(__file__).parent
# For so long, in seconds, Cuedeck does not believe that a file that was just written stays as it is.
_FRESH = 4
_MOST_MEMORY = 60  # MiB


def pictures(folder: Path, count: int, runs: int) -> tuple[dict[str, Taken], list[Ratio]]:
    """Return what it took to build a deck with pictures of a megabyte, and the ratios that have a bar.

    `folder` must be new.
    """
    plain, illustrated = folder / "plain", folder / "illustrated"
    _put_deck(plain, count, "")
    _put_deck(illustrated, count, " ![noise](media/{}.png)")
    _put_pictures(illustrated / "media", count)
    zipped = illustrated / "stored.zip"
    time.sleep(_FRESH)
    taken = measure(
        {
            "without pictures": Job(BUILD, plain, lambda: start_anew(plain), runs),
            "pictures": Job(BUILD, illustrated, lambda: start_anew(illustrated), runs),
            "copying the pictures": Job(
                (sys.executable, _HERE / "stored.py", "media", zipped.name),
                illustrated,
                lambda: zipped.unlink(missing_ok=True),
                runs,
            ),
        }
    )
    zipped.unlink()
    time.sleep(_FRESH)
    start = {"start": Job((sys.executable, "-m", "cuedeck", "--version"), plain, runs=runs)}
    again = measure({**start, "pictures, nothing changed": Job(BUILD, illustrated, runs=runs)})
    edits = numbers()
    taken |= measure(
        {"pictures, a text changed": Job(BUILD, illustrated, lambda: _edit(illustrated, next(edits)), runs)}
    )
    without, own, copied = (taken[name] for name in ("without pictures", "pictures", "copying the pictures"))
    unchanged = again["pictures, nothing changed"]
    edited = taken["pictures, a text changed"]
    return {**taken, "pictures, nothing changed": unchanged}, [
        Ratio("time for pictures against copying them", (own.seconds - without.seconds) / copied.seconds, 1.5),
        Ratio("memory for pictures against 60 MiB", (own.peak - without.peak) / _MOST_MEMORY, 1),
        Ratio("seconds over start if nothing changed", unchanged.seconds - again["start"].seconds, 1),
        Ratio("a changed text against a first build", edited.seconds / own.seconds, 1.1),
    ]


def _put_deck(folder: Path, count: int, picture: str) -> None:
    """Write a cards.yaml with a note for each picture; `picture` is its markup."""
    folder.mkdir(parents=True)
    lines = [
        "deck: {id: benchmark, namespace: bench4notes, title: Benchmark}",
        "concepts:",
        "  noise:",
        "    title: Noise",
    ]
    lines.append("    notes:")
    for number in range(count):
        question = f'"What is the number of this picture?{picture.format(number)}"'
        lines.append(f"      picture-{number}: {{q: {question}, a: Number {number}}}")
    (folder / "cards.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _put_pictures(folder: Path, count: int) -> None:
    """Write pictures of a single pixel, followed by noise, since a reader ignores what comes after a picture."""
    folder.mkdir()
    noise = random.Random(_SEED)
    for number in range(count):
        (folder / f"{number}.png").write_bytes(photo(1, 1) + noise.randbytes(_SIZE))


def _edit(folder: Path, number: int) -> None:
    cards = folder / "cards.yaml"
    text = cards.read_text(encoding="utf-8")
    before = text.rpartition("a: Number ")[0]
    cards.write_text(f"{before}a: Number one{number}}}\n", encoding="utf-8")
