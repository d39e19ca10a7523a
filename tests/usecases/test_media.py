"""`cuedeck media`, and pictures that must not be handed out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cuedeck.media.inspecting import how_to_remove
from tests.making import FIRST, deck, edit, question, release_deck, write
from tests.media.pictures import picture
from tests.mediafiles import FILES, put_files
from tests.running import output_of, run

NOTES = {
    "sum": question("What is the sum? ![two arrows](media/arrows.png)", "![it](./media/arrows.png)"),
    "same": question("What is the sum? ![two arrows](media/arrows-copy.png)", "The dotted one"),
    "word": question("Which word is it? ![said aloud](sounds/word.m4a)", "Ord"),
}
DECK = deck(NOTES, sources={}, author="A. Writer", license="CC BY 4.0")


@pytest.fixture
def files(folder: Path) -> Path:
    """A folder with the files of the deck, and others beside them."""
    put_files("arrows.png arrows-copy.png broken.png field.jpg", folder)
    for path in ("sounds/word.m4a", "sounds/word.mp3", "sounds/deep/word.mp3", "media/deep/dot.gif", "field.jpg"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes((FILES / path.rpartition("/")[2]).read_bytes())
    for path in ("media/.hidden.png", "media/notes.txt", "media/arrows.svg"):
        (folder / path).write_bytes(b"<svg/>")
    return folder


@pytest.mark.usefixtures("files")
def test_every_file_is_listed_with_its_state() -> None:
    """Those in media/ and below it, and those beside the files of notes. What is no picture or sound is left out."""
    write(Path(), DECK)
    code, said, problems = output_of("media")
    assert (code, problems) == (0, "")
    assert said.splitlines() == [
        "media/arrows-copy.png  5 kB  240 x 150  1 note; same bytes as media/arrows.png",
        "media/arrows.png       5 kB  240 x 150  1 note; same bytes as media/arrows-copy.png",
        'media/arrows.svg       1 kB             cannot be on a card: "media/arrows.svg": an SVG picture may contain a '
        "program, so Cuedeck does not hand it out",
        'media/broken.png       1 kB             cannot be on a card: "media/broken.png" is not a PNG file, as its '
        "ending says",
        "media/deep/dot.gif     1 kB      1 x 1  not used",
        "media/field.jpg        1 kB   120 x 80  not used",
        "sounds/word.m4a        1 kB             1 note [m4a-sound]",
        "sounds/word.mp3        1 kB             not used",
        "8 files, 3 in the package (5 kB), 3 not used, 2 that cannot be on a card",
    ]


@pytest.mark.usefixtures("files")
def test_the_list_as_data() -> None:
    """Each file has the same keys, so that other programs can read them."""
    write(Path(), DECK)
    data = json.loads(run("media", "--format", "json").stdout)
    assert (data["file"], data["sound"]) == ("cards.yaml", True)
    files = {each["path"]: each for each in data["files"]}
    assert files["media/arrows.png"] == {
        "path": "media/arrows.png",
        "size": 5364,
        "state": "used",
        "notes": ["sum"],
        "width": 240,
        "height": 150,
        "reason": "",
        "same": ["media/arrows-copy.png"],
        "advice": {},
    }
    assert list(files["media/arrows-copy.png"]["advice"]) == ["same-file"]
    assert {each["state"] for each in data["files"]} == {"used", "unused", "refused"}


def test_a_deck_without_files(folder: Path) -> None:
    """There is nothing to list, and nothing to prune."""
    write(folder, deck({"one": question()}, sources={}))
    assert output_of("media") == (0, "0 files, 0 in the package\n", "")
    assert output_of("media", "--prune") == (0, "", "0 files that no note uses; nothing was deleted\n")


@pytest.mark.usefixtures("files")
def test_a_deck_with_errors_is_listed_but_not_pruned() -> None:
    """A note that cannot be read may use any of the files."""
    write(Path(), deck({**NOTES, "bad": question("Which one? ![x](media/gone.png)")}, sources={}))
    code, said, problems = output_of("media")
    assert code == 1
    assert 'media/gone.png                          cannot be on a card: there is no file "media/gone.png"' in said
    assert problems == "cards.yaml has errors, so notes may use more files than this: run cuedeck check\n"
    code, said, problems = output_of("media", "--prune")
    assert (code, said) == (1, "")
    assert "[no-media-file]" in problems


@pytest.mark.usefixtures("files")
def test_what_no_note_uses_is_named_and_left_alone() -> None:
    """One path is on each line. What another deck of the folder names stays out, and so does what others come from."""
    write(Path(), DECK)
    before = sorted(Path().rglob("*"))
    code, said, problems = output_of("media", "--prune")
    assert (code, said.splitlines()) == (
        0,
        ["media/broken.png", "media/deep/dot.gif", "media/field.jpg", "sounds/word.mp3"],
    )
    assert problems == "4 files that no note uses; nothing was deleted\n"
    assert sorted(Path().rglob("*")) == before
    Path("other.yaml").write_text("q: ![x](media/field.jpg)", encoding="utf-8")
    assert "media/field.jpg" not in run("media", "--prune").stdout
    assert json.loads(run("media", "--prune", "--format", "json").stdout) == {
        "unused": ["media/broken.png", "media/deep/dot.gif", "sounds/word.mp3"]
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_no_name_breaks_out_of_its_line(files: Path) -> None:
    """A path with a line end would be two, so it is only printed before a zero byte."""
    odd = files / "media" / "dot.gif\nmedia\n.gif"
    odd.write_bytes((FILES / "dot.gif").read_bytes())
    write(Path(), DECK)
    assert "media/dot.gif\\nmedia\\n.gif" in run("media").stdout
    _, said, problems = output_of("media", "--prune")
    assert "dot.gif\n" not in said.replace("deep/dot.gif\n", "")
    assert problems.startswith("1 path left out, with characters that no line can show: add -0\n")
    paths = run("media", "--prune", "-0").stdout_bytes.split(b"\0")
    assert paths.pop() == b""
    assert all(Path(os.fsdecode(each)).is_file() for each in paths)
    assert os.fsencode(odd.relative_to(files)) in paths


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_folder_is_no_option(folder: Path) -> None:
    """A path that begins with a dash would be an option for the program that reads it."""
    home = folder / "-rf"
    put_files("arrows.png dot.gif", home)
    write(home, deck({"one": question("What? ![x](media/arrows.png)")}, sources={}))
    assert output_of("media", "--prune", "--", "-rf/cards.yaml")[1] == "./-rf/media/dot.gif\n"


@pytest.mark.skipif(os.name == "nt", reason="links need a permission there")
def test_files_of_others_are_not_named(folder: Path) -> None:
    """A link that leads out of the folder is not followed, though all that is behind it could be deleted."""
    put_files("arrows.png dot.gif", folder / "pictures")
    home = folder / "deck"
    put_files("arrows.png", home / "own")
    (home / "media").symlink_to(folder / "pictures" / "media")
    (home / "own" / "media" / "deep").symlink_to(folder / "pictures" / "media")
    cards = write(home, deck({"one": question("What? ![x](own/media/arrows.png)")}, sources={}))
    assert output_of("media", "--prune", cards)[1] == ""
    assert "dot.gif" not in run("media", cards).stdout


def test_a_zero_byte_is_only_for_paths(folder: Path) -> None:
    """Without --prune it would mean nothing."""
    assert run("media", "-0").exit_code == 2


AT_HOME = deck(
    {"one": question("Which plant is it? ![grass](media/at-home.jpg)", "Grass")}, license="CC0", author="A. W."
)


@pytest.mark.needs("nh3", "resvg_py")
@pytest.mark.usefixtures("sketched")
def test_a_picture_that_says_where_it_was_taken_is_not_handed_out(folder: Path) -> None:
    """That is advice as long as nobody has it. A release stops at it, even if it is ignored, and so does a site."""
    put_files("at-home.jpg", folder)
    ignoring = {**AT_HOME, "check": {"ignore": {"picture-location": "it is a park"}}}
    for data, level in ((AT_HOME, "advice"), (ignoring, None)):
        write(folder, data)
        result = run("check")
        assert result.exit_code == 0
        assert (f"{level}: " in result.stderr) == (level is not None)
        assert run("build").exit_code == 0
        result = run("release", "1.0.0")
        assert result.exit_code == 1
        assert result.stderr.count("[picture-location]") == 1
        hint = result.stderr.splitlines()[1]
        assert hint == f"    remove that with ExifTool: {how_to_remove('media/at-home.jpg')}"
    release_deck(folder, AT_HOME)  # as an earlier version of the program would
    result = run("share", "-o", "site")
    assert (result.exit_code, Path("site").exists()) == (1, False)
    assert result.stderr.startswith('decks/small-1.0.0.apkg: error: "media/at-home.jpg" says where it was taken')
    (folder / "media" / "at-home.jpg").write_bytes((FILES / "field.jpg").read_bytes())
    assert run("release", "1.0.1", at=FIRST + 1000).exit_code == 0
    assert run("share", "-o", "site").exit_code == 0


DAMAGED = picture("png")[:20]


@pytest.mark.hostile
@pytest.mark.parametrize("words", [["check"], ["check", "--fix"], ["release", "1.0.0"], ["check", "--format", "json"]])
def test_a_damaged_picture_is_refused(folder: Path, words: list[str]) -> None:
    """Its first bytes are right, but it cannot be opened. Other problems are reported together with it."""
    put_files("arrows.png", folder)
    write(folder, AT_HOME)
    edit(Path("cards.yaml"), "at-home.jpg", "half.png")
    (folder / "media" / "half.png").write_bytes(DAMAGED)
    result = run(*words)
    assert result.exit_code == 1
    if "json" not in words:
        assert 'error: "media/half.png" is damaged: it begins like a PNG file, but cannot be opened' in result.stderr
        assert "[media-format]" in result.stderr
    else:
        assert json.loads(result.stdout)["problems"][0]["rule"] == "media-format"


def test_pictures_are_read_only_if_there_are_any(folder: Path, plain_environment: dict[str, str]) -> None:
    """The library for them takes a while to load, which decks without pictures do not need."""
    put_files("word.mp3", folder)
    write(folder, deck({"one": question("Which word is it? ![said aloud](media/word.mp3)")}, license="CC0"))
    program = "\n".join(
        [
            "import sys",
            "from cuedeck.cli import cuedeck",
            "cuedeck(sys.argv[1:], standalone_mode=False)",
            "print('PIL' in sys.modules)",
        ]
    )
    for words in (["check"], ["build"], ["media"], ["release", "1.0.0"]):
        done = subprocess.run(
            [sys.executable, "-c", program, *words], capture_output=True, text=True, env=plain_environment, check=True
        )
        assert done.stdout.splitlines()[-1] == "False", words
