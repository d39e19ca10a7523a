"""How long it takes from saving an edit until a preview that follows edits serves the new page."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from tests.benchmarks.measuring import Failed, Taken, peak_of

_SERVE = (sys.executable, "-m", "cuedeck", "preview", "--serve", "--port", "0", "--quiet")
_PATIENCE = 60


def follow(folder: Path, edit: Callable[[Path], None], runs: int) -> Taken:
    """Return what it took from each edit of a deck until its page was there, and the most memory of the server."""
    taken = []
    with _serving(folder) as (url, process):
        before = _answer(f"{url}version")
        edit(folder)  # the first one, after which the server remembers what it has found out
        before = _newer_than(before, url)
        for _ in range(runs):
            begun = time.perf_counter()
            edit(folder)
            before = _newer_than(before, url)
            _answer(url)
            taken.append(time.perf_counter() - begun)
        peak = peak_of(process.pid)
    return Taken(median(taken), peak, runs)


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Serve the preview of a deck, and yield its address and its process."""
    process = subprocess.Popen(_SERVE, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        if not (found := re.match(r"http://\S+", line)):
            raise Failed(f"the preview is not served: {line}")
        yield found[0], process
    finally:
        process.terminate()
        process.wait()


def _newer_than(before: bytes, url: str) -> bytes:
    """Return the number of the page once it is another one."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if (now := _answer(f"{url}version?{before.decode()}")) != before:
            return now
    raise Failed("the preview does not follow the edit")


def _answer(address: str) -> bytes:
    with urlopen(address) as answer:
        return bytes(answer.read())
