"""Run a command in a separate process, and measure what that took."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_KIB_TO_MIB = 1024
_BYTES_TO_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Job:
    """A command, the folder in which it runs, and what has to be done before each run and is not measured."""

    command: Sequence[str | Path]
    folder: Path
    prepare: Callable[[], None] = lambda: None
    runs: int = 3
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The medians of all runs: wall-clock seconds of the whole process, and the most memory it used, in MiB."""

    seconds: float
    peak: float
    runs: int


def peak_of(process: int) -> float:
    """Return the most memory that a running process has used so far, in MiB; 0 where the system does not say it."""
    status = Path(f"/proc/{process}/status")
    found = re.search(r"VmHWM:\s+([0-9]+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / _KIB_TO_MIB if found else 0


class Failed(Exception):
    """A command ended with an error."""


def measure(jobs: Mapping[str, Job]) -> dict[str, Taken]:
    """Return what each job took. They take turns, so that a busy minute on the machine slows all of them."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in jobs}
    for turn in range(max((job.runs for job in jobs.values()), default=0)):
        for name, job in jobs.items():
            if turn < job.runs:
                job.prepare()
                taken[name].append(_run(name, job))
    return {
        name: Taken(median(seconds for seconds, _ in runs), median(peak for _, peak in runs), len(runs))
        for name, runs in taken.items()
    }


def _run(name: str, job: Job) -> tuple[float, float]:
    environment = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    begun = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, job.command)),
        cwd=job.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    # Unlike getrusage for all children, wait4 reports the peak of this one.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not job.may_fail:
        raise Failed(f"{name} ended with {process.returncode}: {' '.join(map(str, job.command))} in {job.folder}")
    return seconds, usage.ru_maxrss / (_BYTES_TO_MIB if sys.platform == "darwin" else _KIB_TO_MIB)
