"""`cuedeck preview` and `cuedeck coverage` as an author uses them."""

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.making import TALK, build_deck, cloze, deck, question, release_deck, write
from tests.pictures import photo, put
from tests.recording.talks import BEAVERS, SPIDERS, talk_deck
from tests.running import run

SMALL = deck({"one": question(reverse=True), "two": cloze("It is {{c1::x}} and {{c2::y}}.")})


def test_preview_goes_into_the_build_folder(folder: Path) -> None:
    """Without options, it writes a page where git does not see it, and prints its name and how much it shows."""
    write(folder, SMALL)
    result = run("preview")
    assert (result.exit_code, result.stdout) == (0, ".cuedeck/preview.html: 2 notes, 4 cards\n")
    assert (folder / ".cuedeck" / "preview.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (folder / ".cuedeck" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert sorted(path.name for path in folder.iterdir()) == [".cuedeck", "cards.yaml"]


def test_preview_goes_where_it_is_told(folder: Path) -> None:
    """-o names the file, in whatever folder; --quiet says nothing."""
    write(folder, SMALL)
    result = run("preview", "-q", "-o", "site/page.html")
    assert (result.exit_code, result.output) == (0, "")
    assert (folder / "site" / "page.html").is_file()
    assert not (folder / ".cuedeck").exists()


def test_preview_says_what_is_not_in_the_page(folder: Path) -> None:
    """An author who sends the page has to know that it is not complete."""
    put(folder, lake_png=photo(8, 6), huge_png=photo(8, 6) + bytes(15_000_000))
    write(folder, deck({"one": question("![A lake](media/lake.png)", "![Another](media/huge.png)")}))
    result = run("preview")
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first == ".cuedeck/preview.html: 1 note, 1 card"
    assert second == (
        "1 picture or sound (15.0 MB) is not in this page, which would be too large to send. The page takes it from "
        "the folder of the deck, so whoever gets only the page does not get it."
    )


def test_preview_of_a_picture_that_is_refused(folder: Path) -> None:
    """It is a problem like any other, and nothing is written."""
    put(folder, lake_png=b"words")
    write(folder, deck({"one": question("![A lake](media/lake.png)", "![Another](media/none.png)")}))
    result = run("preview")
    assert result.exit_code == 1
    assert "media-format" in result.stderr
    assert "no-media-file" in result.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["cards.yaml", "media"]


def test_preview_of_an_unsound_deck(folder: Path) -> None:
    """Its problems are reported, and nothing is written."""
    write(folder, deck({"one": {"q": "What?", "anser": "That."}}))
    result = run("preview")
    assert result.exit_code == 1
    assert 'unknown key "anser"' in result.stderr
    assert [path.name for path in folder.iterdir()] == ["cards.yaml"]


def test_preview_with_a_hazard(folder: Path) -> None:
    """A preview refuses what a build would refuse, and continues where a build would; coverage does not care."""
    release_deck(folder, deck({"one": cloze("It is {{c1::hard}} or {{c2::soft}}.")}))
    write(folder, deck({"one": cloze("It is {{c2::hard}} or {{c1::soft}}.")}))
    assert "cloze-moved" in run("preview").stderr
    assert run("preview", "--accept", "cloze-moved:one").exit_code == 0
    assert run("coverage").exit_code == 0


@pytest.mark.parametrize("words", [["--port", "1"], ["--serve", "-o", "x.html"], ["--serve", "--port", "70000"]])
def test_options_that_do_not_go_together(folder: Path, words: list[str]) -> None:
    """The exit code is that of wrong use."""
    write(folder, SMALL)
    assert run("preview", *words).exit_code == 2


@pytest.mark.needs("watchfiles")
def test_serving_a_file_that_is_not_there(folder: Path) -> None:
    """There is nothing to follow, and it says so."""
    result = run("preview", "--serve", "--port", "0")
    assert result.exit_code == 1
    assert "there is no such file" in result.stderr


def test_coverage_prints_a_table(folder: Path) -> None:
    """Each source has a table: its passages, how many notes touch them, and which have none."""
    source = {**TALK, "length": "05:00", "chapters": {"00:10": "One", "01:00": "Two", "02:00": "Three"}}
    write(folder, deck({"one": question(), "two": question(at="03:00-04:00")}, sources={"talk": source}))
    result = run("coverage")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "A talk: 2 notes from 2 of 3 chapters",
        "  00:10  0  no notes  One",
        "  01:00  1  █         Two",
        "  02:00  1  █         Three",
    ]


def test_coverage_draws_a_picture(folder: Path) -> None:
    """-o writes the timeline as SVG and says so; --quiet says nothing."""
    write(folder, SMALL)
    assert run("coverage", "-o", "pictures/coverage.SVG").stdout.endswith("\npictures/coverage.SVG: 1 timeline\n")
    result = run("coverage", "-q", "-o", "coverage.svg")
    assert (result.exit_code, result.output) == (0, "")
    assert ElementTree.parse(folder / "coverage.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_coverage_of_a_deck_without_sources(folder: Path) -> None:
    """It says that there is nothing to cover."""
    write(folder, deck({"one": question()}, sources={}))
    result = run("coverage", "-o", "coverage.svg")
    assert result.exit_code == 1
    assert "no-source" in result.stderr
    assert not (folder / "coverage.svg").exists()


@pytest.mark.parametrize(
    ("command", "name"),
    [
        *(("preview", name) for name in ("notes.txt", "CHANGELOG.md", "decks/small.apkg", "cards.yaml")),
        ("coverage", "drawn.svg"),
    ],
)
def test_nothing_but_an_earlier_page_is_overwritten(folder: Path, command: str, name: str) -> None:
    """A wrong name after -o overwrites no package or text; an earlier page or picture is replaced."""
    build_deck(folder, SMALL)
    path = folder / name
    if not path.exists():
        path.write_text("mine", encoding="utf-8")
    before = path.read_bytes()
    result = run(command, "-o", name)
    assert result.exit_code == 1
    assert "this would overwrite an existing file [unwritable]" in result.stderr
    assert path.read_bytes() == before
    for _ in range(2):
        assert run(command, "-q", "-o", "out.svg").exit_code == 0


@pytest.mark.hostile
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("command", ["preview", "coverage"])
def test_a_pipe_is_not_waited_for(folder: Path, command: str) -> None:
    """A pipe after -o might never give any data, so it is refused at once."""
    write(folder, SMALL)
    os.mkfifo(folder / "pipe.svg")
    result = run(command, "-o", "pipe.svg")
    assert result.exit_code == 1
    assert "this would overwrite an existing file [unwritable]" in result.stderr


def test_coverage_by_words(folder: Path) -> None:
    """With a transcript, each passage has its part of all words, and so have those with notes. The SVG says neither."""
    talk_deck(folder, {"one": BEAVERS, "two": SPIDERS}, chapters={"0:00": "Dams", "1:40": "Webs", "3:00": "The rest"})
    result = run("coverage", "-o", "coverage.svg")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:4] == [
        "A talk: 2 notes from 2 of 3 chapters, with 70% of all words",
        "  00:00  1  █          52%  Dams",
        "  01:40  1  █          18%  Webs",
        "  03:00  0  no notes   30%  The rest",
    ]
    assert "% of all words" not in (folder / "coverage.svg").read_text(encoding="utf-8")
    (folder / "talk.srt").unlink()
    assert run("coverage").stdout.splitlines()[0] == "A talk: 2 notes from 2 of 3 chapters"
