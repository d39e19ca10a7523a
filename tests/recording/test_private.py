"""Nothing of a transcript reaches anybody but its author."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cuedeck.pages.preview import preview_page
from cuedeck.usecases.preview import preview_of
from tests.recording.talks import BEAVERS, SAID, SPIDERS, talk_deck
from tests.running import output_of

MARKER = "xylophagous"
MARKED = {**SAID, 120: f"Spiders weave {MARKER} webs, and some eat them."}
NOTES = {"one": {**SPIDERS, "at": "0:00"}, "two": BEAVERS}


def contents(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of a file, and those of all files in it if it is an archive."""
    yield name, data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for each in archive.namelist():
                yield from contents(archive.read(each), f"{name}/{each}")


@pytest.mark.needs("nh3", "resvg_py")
def test_nothing_that_is_written_holds_what_was_said(folder: Path, sketched: Callable[..., Any]) -> None:
    """Package, lock, release notes, copies, site, timeline and preview: none has a word, though there is advice."""
    talk_deck(folder, NOTES, MARKED)
    assert MARKER in output_of("check")[2]
    commands = [
        ["build"],
        ["release", "1.0.0"],
        ["share", "-o", "site"],
        ["coverage", "-o", "coverage.svg"],
        ["preview", "-o", "page.html"],
        ["diff"],
        ["verify", "decks/small.apkg"],
    ]
    for words in commands:
        code, said, errors = output_of(*words)
        assert (code, MARKER in said) == (0, False), errors
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "talk.srt"]
    assert {path.name for path in files} >= {
        "small.apkg",
        "small-1.0.0.apkg",
        "cards.lock",
        "CHANGELOG.md",
        "index.html",
    }
    for path in files:
        for name, data in contents(path.read_bytes(), path.name):
            for encoding in ("utf-8", "utf-16-le"):
                assert MARKER.encode(encoding) not in data, name
            assert b"talk.srt" not in data or name == "cards.yaml", name


def test_a_page_that_is_kept_holds_none_of_it(folder: Path) -> None:
    """Neither passages, nor advice that quotes them, nor how much is said in each; a page that is served has those."""
    cards = talk_deck(folder, NOTES, MARKED)
    shown = preview_of(cards)
    assert any(MARKER in problem.message for problem in shown.problems)
    kept, served = preview_page(shown), preview_page(shown, live=True)
    assert MARKER.encode() not in kept
    assert (b"moment-elsewhere" in kept, b"moment-elsewhere" in served) == (False, True)
    assert (b"of all words" in kept, b"of all words" in served) == (False, True)
