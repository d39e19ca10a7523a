"""`cuedeck preview` and `cuedeck coverage` as an author uses them."""

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.making import TALK, build_deck, cloze, deck, edit, question, release_deck, write
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


LECTURES = {
    "trunk": {**TALK, "title": "1: The trunk", "length": "05:00", "chapters": {"00:00": "One", "02:00": "Two"}},
    "ears": {**TALK, "title": "2: The ears", "url": "https://example.org/ears"},
    "tail": {**TALK, "title": "3: The tail", "url": "https://example.org/tail", "length": "05:00"},
}
COURSE = deck(
    {"one": question(source="trunk"), "two": question("Two?", source="trunk"), "three": question("3?", source="ears")},
    sources=LECTURES,
)
OVERVIEW = [
    "3 recordings: 3 notes from 2 of 29 passages",
    "  trunk   2 notes  █████   1 of 2 chapters  1: The trunk",
    "  ears     1 note  ██      1 of 7 passages  2: The ears (up to 01:32, since its length is not given)",
    "  tail   no notes         0 of 20 passages  3: The tail",
]


def test_coverage_of_a_course(folder: Path) -> None:
    """Each recording has a line, and its passages if it is named: by its id, before the file or the folder if any."""
    cards = write(folder / "ears", COURSE)
    assert run("coverage", cards).stdout.splitlines() == OVERVIEW
    for words in (["ears", "ears"], ["ears", "ears/cards.yaml"]):
        assert run("coverage", *words).stdout.startswith(
            "2: The ears: 1 note from 1 of 7 passages\n  00:00  0  no notes  to"
        )
    assert run("coverage", "ears").stdout.splitlines() == OVERVIEW, "a folder with a deck is not a source"
    wrong = run("coverage", "nose", "ears")
    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert 'there is no source "nose" [unknown-source]' in wrong.stderr
    assert "trunk, ears, tail" in wrong.stderr
    swapped = run("coverage", "ears/cards.yaml", "trunk")
    assert (swapped.exit_code, swapped.stdout) == (2, "")
    assert "the source comes first: cuedeck coverage trunk ears/cards.yaml" in swapped.stderr
    os.chdir("ears")
    assert run("coverage", "ears").stdout.startswith("2: The ears: 1 note")


def test_coverage_of_a_course_by_words(folder: Path) -> None:
    """A recording with a transcript has its part of the words, too."""
    notes = {"one": {**BEAVERS, "source": "talk"}, "two": {**SPIDERS, "source": "talk"}}
    cards = talk_deck(folder, notes, chapters={"0:00": "Dams", "1:40": "Webs"})
    edit(
        cards,
        "concepts:",
        "  other: {title: Another, url: 'https://example.org/other.mp3', length: '00:30'}\nconcepts:",
    )
    result = run("coverage")
    assert result.stderr == ""
    assert result.stdout.splitlines()[1:] == [
        "  talk    2 notes  ██████████  2 of 2 chapters  100% of all words  "
        "A talk (up to 02:00, since its length is not given)",
        "  other  no notes              0 of 2 passages                     Another",
    ]


def test_the_picture_of_a_course_has_a_strip_for_each_recording(folder: Path) -> None:
    """It has their titles and figures, and in words what it shows; one recording alone is drawn with its passages."""
    write(folder, COURSE)
    assert run("coverage", "-o", "all.svg").stdout.endswith("\nall.svg: 3 timelines\n")
    root = ElementTree.parse(folder / "all.svg").getroot()
    words = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[:4] == ["3 recordings: 3 notes from 2 of 29 passages", "1: The trunk", "2 notes", "1 of 2 chapters"]
    assert "2: The ears: 1 note from 1 of 7 passages" in (folder / "all.svg").read_text(encoding="utf-8")
    assert int(root.attrib["height"]) < 200
    assert run("coverage", "trunk", "-o", "one.svg").stdout.endswith("\none.svg: 1 timeline\n")
    assert ">Two</text>" in (folder / "one.svg").read_text(encoding="utf-8")


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
