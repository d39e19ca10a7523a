"""`make bench` and `make bench-quick`: build the same notes in several ways, and compare Cuedeck with its bars."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.benchmarks import contestants, inputs, work
from tests.benchmarks.chart import chart
from tests.benchmarks.contestants import (
    PACKAGE,
    PEERS,
    Peer,
    copy_of_the_talk,
    count_notes,
    install,
    peer_job,
    yardsticks,
)
from tests.benchmarks.following import follow
from tests.benchmarks.inputs import cuedeck_in_parts, edit
from tests.benchmarks.measuring import Failed, Job, Taken, measure
from tests.benchmarks.pictures import PICTURES, PICTURES_QUICK, pictures
from tests.benchmarks.report import GENEROUS, Ratio, as_json, medians, table

NOTES = 10_000
NOTES_QUICK = 2_000
NOTES_MANY = 100_000
NOTES_FEW = 100
PARTS = 100
_CHECK_PARTS = f"check of {PARTS} parts"
_PREVIEW_PARTS = f"preview of {PARTS} parts after an edit"
# The bar and the aim, in seconds, of a preview that follows edits, by the number of notes.
FOLLOWED: Mapping[int, tuple[float, float | None]] = {1_000: (0.35, 0.2), 5_000: (1, None)}
_FOLLOWED_IN_PARTS = 5_000
_PYTHON = sys.executable


def main() -> int:
    """Measure, print the table, and write the results. In a short run, missing a bar by far is an error."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less work, no other tools, generous bars")
    parser.add_argument("--results", type=Path, help="where to write the JSON")
    parser.add_argument("--chart", type=Path, help="where to write the SVG chart")
    options = parser.parse_args()
    count = NOTES_QUICK if options.quick else NOTES
    with tempfile.TemporaryDirectory(prefix="cuedeck-bench-") as folder:
        try:
            taken, ratios = run(Path(folder), count, options.quick)
        except Failed as failure:
            print(failure, file=sys.stderr)
            return 1
    slack = GENEROUS if options.quick else 1
    print(f"{medians(taken)}\n\n{table(ratios, slack)}")
    if options.results:
        options.results.write_text(as_json(count, taken, ratios), encoding="utf-8")
    if options.chart:
        options.chart.write_text(_chart(count, taken), encoding="utf-8")
    return int(options.quick and any(each.holds(slack) is False for each in ratios))


def run(folder: Path, count: int, quick: bool) -> tuple[dict[str, Taken], list[Ratio]]:
    """Return all medians, and the ratios between them that have a bar."""
    base = folder / "base"
    base.mkdir()
    runs = 3 if quick else 5
    jobs = yardsticks(base, work.notes(count), runs)
    peers, missing = ({}, {}) if quick else _peers(folder, count)
    taken = measure({**jobs, **{peer.name: job for peer, job in peers.items()}})
    sizes = [(base / name).stat().st_size for name in (PACKAGE, "plain.apkg")]
    taken |= measure(_unchanged(base, _in_parts(base, folder / "parts", count), runs))
    edits, edited = _edits(folder, jobs["plain genanki"], count, runs, list(FOLLOWED)[: 1 if quick else None])
    taken |= edits
    ratios = [*edited, *_against_yardsticks(taken), Ratio("package against genanki's", sizes[0] / sizes[1], 0.25)]
    ratios += [*_against_itself(taken), *_startup(taken)]
    more, illustrated = pictures(folder / "pictures", PICTURES_QUICK if quick else PICTURES, runs)
    taken |= more
    ratios += illustrated
    if not quick:
        ratios += _against_peers(taken, missing)
        ratios += _few(folder, taken, missing)
        ratios += _growth(folder, jobs["cuedeck"], taken)
    # Only now, because the peak of a child process includes the memory that its parent has when the child starts.
    _count(base / PACKAGE, count)
    for peer, job in peers.items():
        _count(job.folder / peer.makes, count)
    return taken, ratios


def _peers(folder: Path, count: int) -> tuple[dict[Peer, Job], dict[str, str]]:
    """Install the other tools. Return their jobs, and for tools without one the reason."""
    jobs, missing = {}, {}
    for peer in PEERS:
        print(f"{peer.requirement} ...", file=sys.stderr)
        if why := install(peer):
            missing[peer.name] = why
        else:
            jobs[peer] = peer_job(peer, folder, count)
    return jobs, missing


def _count(made: Path, count: int) -> None:
    if count_notes(made) != count:
        raise Failed(f"{made} has {count_notes(made)} notes instead of {count}")


def _in_parts(base: Path, folder: Path, count: int) -> Path:
    """Return the folder of the same deck, also built already, in many files."""
    shutil.copytree(base, folder)
    cuedeck_in_parts(work.notes(count), folder, PARTS)
    return folder


def _unchanged(base: Path, parts: Path, runs: int) -> dict[str, Job]:
    """Return the jobs on a deck that is already built, and the jobs that need no deck."""
    return {
        "nothing changed": Job(contestants.BUILD, base, runs=runs),
        "check": Job((_PYTHON, "-m", "cuedeck", "check"), base, runs=runs),
        _CHECK_PARTS: Job((_PYTHON, "-m", "cuedeck", "check"), parts, runs=runs),
        "preview": Job((_PYTHON, "-m", "cuedeck", "preview"), base, runs=runs),
        "--version": Job((_PYTHON, "-m", "cuedeck", "--version"), base, runs=4 * runs),
        "--help": Job((_PYTHON, "-m", "cuedeck", "--help"), base, runs=4 * runs),
        "import click": Job((_PYTHON, "-c", "import click"), base, runs=4 * runs),
    }


def _against_yardsticks(taken: Mapping[str, Taken]) -> list[Ratio]:
    own, plain, floor = taken["cuedeck"], taken["plain genanki"], taken["floor"]
    return [
        Ratio("time against a plain genanki script", own.seconds / plain.seconds, 1.6, 1.3),
        Ratio("time against the floor", own.seconds / floor.seconds, 7, 4),
        Ratio(
            "memory against a plain genanki script, notes apart",
            taken["cuedeck, notes apart"].peak / taken["plain genanki, notes apart"].peak,
            1.2,
            1,
        ),
    ]


def _edits(
    folder: Path, plain: Job, count: int, runs: int, followed: Iterable[int]
) -> tuple[dict[str, Taken], list[Ratio]]:
    """Measure what authors do all day: edit one note of a large deck, and of the talk's.

    The large deck is built, and in the folder of the `plain` genanki script. Also measure a first build of the same
    notes if each has its own moment and tags, and previews of so many notes that follow edits.
    """
    base, apart, talk = plain.folder, folder / "apart", folder / "talk"
    apart.mkdir()
    jobs = yardsticks(apart, work.notes_apart(count), runs)
    taken = measure(
        {
            "one note edited": Job(contestants.BUILD, base, lambda: edit(base), runs),
            "plain genanki, after the edit": plain,
            "cuedeck, notes apart": jobs["cuedeck"],
            "plain genanki, notes apart": jobs["plain genanki"],
        }
    )
    copy_of_the_talk(talk)
    taken |= measure(
        {
            "import click, in turns with the talk": Job((_PYTHON, "-c", "import click"), talk, runs=4 * runs),
            "talk, one note edited": Job(contestants.BUILD, talk, lambda: edit(talk), 4 * runs),
            "talk, check": Job((_PYTHON, "-m", "cuedeck", "check"), talk, runs=4 * runs),
        }
    )
    for number in followed:
        deck = folder / f"followed-{number}"
        deck.mkdir()
        inputs.cuedeck(work.notes(number), deck)
        contestants.build(deck)
        taken[f"preview of {number:,} notes after an edit"] = follow(deck, edit, 2 * runs)
    if _FOLLOWED_IN_PARTS in followed:
        deck = folder / "followed-in-parts"
        deck.mkdir()
        inputs.cuedeck_in_parts(work.notes(_FOLLOWED_IN_PARTS), deck, PARTS)
        contestants.build(deck)
        taken[_PREVIEW_PARTS] = follow(deck, partial(edit, name=inputs.A_PART), 2 * runs)
    seconds = {name: each.seconds for name, each in taken.items()}
    click = seconds["import click, in turns with the talk"]
    ratios = [
        Ratio(
            "one note edited, against a plain genanki script",
            seconds["one note edited"] / seconds["plain genanki, after the edit"],
            1.7,
            1.2,
        ),
        Ratio(
            "each note with its own moment and tags, against a plain genanki script",
            seconds["cuedeck, notes apart"] / seconds["plain genanki, notes apart"],
            1,
            0.8,
        ),
        Ratio("talk with one note edited, against import click", seconds["talk, one note edited"] / click, 3.3, 2.5),
        Ratio("check of the talk, against import click", seconds["talk, check"] / click, 3, 2.3),
        *(
            Ratio(
                f"seconds from an edit to the preview of {number:,} notes",
                seconds[f"preview of {number:,} notes after an edit"],
                *FOLLOWED[number],
            )
            for number in followed
        ),
    ]
    if _PREVIEW_PARTS in seconds:
        ratios.append(Ratio(f"seconds from an edit to the preview of {PARTS} parts", seconds[_PREVIEW_PARTS], 1))
    return taken, ratios


def _against_itself(taken: Mapping[str, Taken]) -> list[Ratio]:
    own = taken["cuedeck"].seconds
    return [
        Ratio("check with all advice against a build", taken["check"].seconds / own, 2),
        Ratio(f"{_CHECK_PARTS}, against one file", taken[_CHECK_PARTS].seconds / taken["check"].seconds, 1.15),
        Ratio("preview against a build", taken["preview"].seconds / own, 2),
        Ratio("nothing changed against a first build", taken["nothing changed"].seconds / own, 1),
    ]


def _startup(taken: Mapping[str, Taken]) -> list[Ratio]:
    click = taken["import click"].seconds
    bars = (("--version", 1.5, 1.2), ("--help", 1.5, 1.2))
    return [Ratio(f"{name} against import click", taken[name].seconds / click, bar, aim) for name, bar, aim in bars]


def _against_peers(taken: Mapping[str, Taken], missing: Mapping[str, str]) -> list[Ratio]:
    bars = {
        "anki-yaml-tool": (7, 12),
        "anki-librarian": (4, None),
        "brain-brew": (1.5, None),
        "ankcompiler": (80, None),
    }
    own = taken["cuedeck"].seconds
    return [
        Ratio(
            f"times as fast as {peer.requirement}",
            None if peer.name in missing else taken[peer.name].seconds / own,
            *bars[peer.name],
            at_least=True,
            note=missing.get(peer.name, peer.leaves_out),
        )
        for peer in PEERS
    ]


def _few(folder: Path, taken: dict[str, Taken], missing: Mapping[str, str]) -> list[Ratio]:
    """Measure the build of a small deck, in which starting up takes most of the time."""
    small = folder / "few"
    small.mkdir()
    peer = PEERS[0]
    jobs = {name: job for name, job in yardsticks(small, work.notes(NOTES_FEW), 9).items() if name != "floor"}
    if peer.name not in missing:
        jobs[peer.name] = peer_job(peer, small, NOTES_FEW, 9)
    few = measure(jobs)
    taken |= {f"{name}, {NOTES_FEW} notes": each for name, each in few.items()}
    own, plain = few["cuedeck"].seconds, few["plain genanki"].seconds
    value = own / few[peer.name].seconds if peer.name in few else None
    return [
        Ratio(f"{NOTES_FEW} notes against {peer.requirement}", value, 0.7, note=missing.get(peer.name, "")),
        Ratio(f"{NOTES_FEW} notes against a plain genanki script", own / plain, 1, note="an aim, not a bar"),
    ]


def _growth(folder: Path, fewer: Job, taken: dict[str, Taken]) -> list[Ratio]:
    """Measure ten times as many notes, in turns with the usual number."""
    many = folder / "many"
    many.mkdir()
    job = yardsticks(many, work.notes(NOTES_MANY), 3)["cuedeck"]
    both = measure({"before": replace(fewer, runs=3), "grown": job})
    taken[f"cuedeck, {NOTES_MANY} notes"] = grown = both["grown"]
    return [
        Ratio("time for ten times the notes", grown.seconds / both["before"].seconds, 13, 10.5),
        Ratio("memory for ten times the notes", grown.peak / both["before"].peak, 10),
    ]


def _chart(count: int, taken: Mapping[str, Taken]) -> str:
    names = ["cuedeck", "plain genanki", "floor", *(peer.name for peer in PEERS)]
    words = {
        "cuedeck": "all checks, Markdown, cloze cards, ids and times that last, a deflated package",
        "floor": "finished rows into a database, and that into a zip",
        "plain genanki": "a script that loads the same YAML: no checks, no Markdown",
        **{peer.name: peer.leaves_out for peer in PEERS},
    }
    seconds = {name: taken[name].seconds for name in names if name in taken}
    return chart(
        f"Seconds from {count:,} notes on disk to a finished deck; each line is ten times the previous one",
        seconds,
        "cuedeck",
        words,
    )


if __name__ == "__main__":
    sys.exit(main())
