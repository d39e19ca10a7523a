"""`cuedeck rehearse` as an author and a script use it; it leaves nothing behind."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import genanki
import pytest

from cuedeck.package.container import archive
from cuedeck.package.opening import read_members
from tests.anki.packages import Kind, Row, pack
from tests.making import DAY, FIRST, build_deck, cloze, deck, question, release_deck, write
from tests.running import interruptible, run
from tests.tinymedia import put

pytestmark = [pytest.mark.needs("anki"), pytest.mark.slow]

NOTES = {"one": question(), "two": cloze("It is {{c1::x}} and {{c2::y}}.")}
EDITED = {**NOTES, "one": question(answer="New.")}


@pytest.fixture
def author(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An author's folder with a deck that was built the day before, in which the commands run."""
    author = folder / "author"
    build_deck(author, deck(NOTES))
    monkeypatch.chdir(author)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST + DAY))
    return author


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_source_is_rehearsed_and_nothing_is_written(author: Path) -> None:
    """Without a second package the next build is played; the author's folder stays as it was."""
    write(author, deck(EDITED))
    before = files(author)
    result = run("rehearse", "decks/small.apkg")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("decks/small.apkg to cards.yaml, in Anki 2")
    assert lines[0].endswith(": 3 cards answered, then imported")
    assert lines[1:] == [
        "",
        "       1 updated",
        "       0 new",
        "       1 unchanged",
        "       0 refused",
        "       0 left behind",
        "",
        "change: the update replaces learners' own tags and words on these notes [own-replaced]",
        "    one",
        "nothing is lost",
    ]
    assert files(author) == before


def test_both_ways_are_shown_side_by_side(author: Path) -> None:
    """From a release on, a second learner imports the corrections first, and keeps more."""
    release_deck(author, deck(NOTES), FIRST)
    write(author, deck(EDITED))
    lines = run("rehearse", "decks/small-1.0.0.apkg").stdout.splitlines()
    assert lines[-5:] == [
        "on changed notes, the learner keeps   package alone  corrections first",
        "  own tags                                   0 of 1             1 of 1",
        "  own words                                  0 of 2             1 of 2",
        "",
        "nothing is lost",
    ]
    found = json.loads(run("rehearse", "decks/small-1.0.0.apkg", "--format", "json").stdout)["own"]
    assert found == {
        "had": {"tags": 1, "words": 2},
        "package_alone": {"tags": 0, "words": 0},
        "corrections_first": {"tags": 1, "words": 1},
    }


def test_pictures_are_rehearsed(author: Path) -> None:
    """From the folder of the deck, whatever was remembered of them; the state folder stays as it is."""
    put(author, a_png="first", b_mp3="second")
    notes = {**NOTES, "one": question("What? ![](media/a.png)", "![](media/b.mp3)")}
    write(author, deck(notes))
    before = files(author)
    result = run("rehearse", "decks/small.apkg")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "nothing is lost")
    assert files(author) == before
    found = (author / "media" / "a.png").stat()
    state = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
    (author / ".cuedeck" / "media.json").write_text(json.dumps({"media/a.png": [*state, "0" * 64]}), encoding="utf-8")
    assert "[changed-meanwhile]" in run("rehearse", "decks/small.apkg").stderr
    assert run("rehearse", "decks/small.apkg").exit_code == 0


def test_a_loss_is_exit_code_1(author: Path) -> None:
    """What a learner would lose is named, with the notes, and fails the command."""
    rows = [Row(f"guid-{number:02}", (f"Q{number}", "A")) for number in range(12)]
    pack(author / "old.apkg", rows)
    pack(author / "new.apkg", [Row(row.guid, (*row.fields, "B"), FIRST + DAY) for row in rows], Kind(("Q", "A", "B")))
    result = run("rehearse", "old.apkg", "new.apkg")
    assert result.exit_code == 1
    assert "      12 refused\n" in result.stdout
    assert "loss: Anki does not accept these notes, now or later [refused]\n    Q0, Q1, " in result.stdout
    assert ", Q9 and 2 more\n" in result.stdout
    assert result.stdout.endswith("\nlearners would lose something\n")


def test_json(author: Path) -> None:
    """--format json prints one object: both names, the version of Anki, the notes by their fate, and the findings."""
    write(author, deck(EDITED))
    result = run("rehearse", "decks/small.apkg", "--format", "json")
    found = json.loads(result.stdout)
    assert found.pop("anki")[0] == "2"
    assert found == {
        "old": "decks/small.apkg",
        "new": "cards.yaml",
        "lossless": True,
        "studied": 3,
        "labels": {},
        "own": None,
        "notes": {"updated": ["one"], "new": [], "unchanged": ["two"], "refused": [], "left behind": []},
        "findings": [
            {
                "rule": "own-replaced",
                "loss": False,
                "meaning": "the update replaces learners' own tags and words on these notes",
                "names": ["one"],
            }
        ],
    }


TRUNKS = "What is cool about elephants?"


def test_a_note_under_another_guid_is_a_loss(author: Path) -> None:
    """As genanki gives it to every note of which a text was edited, unless it is told otherwise.

    The notes are named by what they say, and two that begin alike are still two.
    """
    model = {"model_id": 1_600_000_000_000, "name": "Plain", "fields": [{"name": "Front"}, {"name": "Back"}]}
    model["templates"] = [{"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Back}}"}]
    notes = {
        "old": [(TRUNKS, "Their very long trunks"), ("Why?", "So."), ("Why?", "Because of them.")],
        "new": [(TRUNKS, "Their long trunks"), ("Why?", "So!"), ("Why?", "Because of them!")],
    }
    guids = []
    for name, rows in notes.items():
        deck = genanki.Deck(1_700_000_000_000, "Facts")
        for row in rows:
            deck.add_note(genanki.Note(genanki.Model(**model), list(row)))
        guids.append([note.guid for note in deck.notes])
        genanki.Package([deck]).write_to_file(author / f"{name}.apkg", timestamp=FIRST)
    result = run("rehearse", "old.apkg", "new.apkg")
    assert result.exit_code == 1
    assert (
        "loss: learners have these notes twice [doubled-notes]\n"
        f"    {TRUNKS}, Why? ({guids[1][1]}), Why? ({guids[1][2]})\n" in result.stdout
    )
    assert result.stdout.endswith("learners would lose something\n")
    found = json.loads(run("rehearse", "old.apkg", "new.apkg", "--format", "json").stdout)
    assert found["notes"]["new"] == guids[1]
    assert {found["labels"][each[0]] for each in guids} == {TRUNKS}


def test_a_note_that_was_renamed_without_a_word_is_a_loss(author: Path) -> None:
    """The learner gets it a second time, unless the author retired the first."""
    write(author, deck({"other": NOTES["one"], "two": NOTES["two"]}))
    result = run("rehearse", "decks/small.apkg")
    assert result.exit_code == 1
    assert "loss: learners have these notes twice [doubled-notes]\n    other\n" in result.stdout
    write(author, deck({"other": NOTES["one"], "one": question(retired="Dull"), "two": NOTES["two"]}))
    assert run("rehearse", "decks/small.apkg").stdout.endswith("nothing is lost\n")


def test_problems_are_json_as_well(author: Path) -> None:
    """A program that asked for data gets data even if the cards have errors."""
    write(author, deck({"one": question("")}))
    result = run("rehearse", "decks/small.apkg", "--format", "json")
    assert (result.exit_code, result.stderr) == (1, "")
    assert json.loads(result.stdout)["problems"][0]["rule"] == "empty"


def test_a_new_name_is_no_loss(author: Path) -> None:
    """A renamed note keeps its time, and nobody misses anything, since no card shows its id."""
    write(author, deck({"once": {**NOTES["one"], "was": "one"}, "two": NOTES["two"]}))
    result = run("rehearse", "decks/small.apkg")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "nothing is lost")
    assert "       2 unchanged\n" in result.stdout


def test_what_a_build_refuses_is_played(author: Path) -> None:
    """A hazard that stops a build is shown by what it does."""
    notes = {**NOTES, "one": cloze("That is {{c1::what}}.")}
    write(author, deck(notes, title="Renamed"))
    result = run("rehearse", "decks/small.apkg")
    assert result.exit_code == 1
    assert "Anki does not accept these notes, now or later [refused]\n    one\n" in result.stdout
    assert "[deck-split]\n" in result.stdout


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a learner's collection, made in another process, so that nothing has it open here."""
    folder = tmp_path_factory.mktemp("learner") / "profile"
    folder.mkdir()
    code = "from anki.collection import Collection; Collection('collection.anki2').close()"
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("name", ["missing.apkg", "cards.lock", "profile", "profile/collection.anki2", "missing.yaml"])
@pytest.mark.parametrize("place", [0, 1])
def test_only_packages_and_sources_are_taken(author: Path, profile: Path, name: str, place: int) -> None:
    """Anything else, a learner's collection too, gets a sentence, and is not touched."""
    shutil.copytree(profile, author / "profile")
    before = files(author)
    words = ["decks/small.apkg", "decks/small.apkg"]
    words[place] = name
    result = run("rehearse", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(name)
    assert ": error: " in result.stderr
    assert files(author) == before


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    ("name", "hint"),
    [("decks/smal.apkg", 'did you mean "decks/small.apkg"?'), ("old.apkg", "name a package that exists")],
)
def test_a_package_that_is_not_there(author: Path, name: str, hint: str, place: int) -> None:
    """No build would make it, so the message names what there is."""
    words = ["decks/small.apkg", "decks/small.apkg"]
    words[place] = name
    assert run("rehearse", *words).stderr == f"{name}: error: there is no such file [no-file]\n    {hint}\n"


def test_a_package_that_anki_refuses_gets_a_sentence(author: Path) -> None:
    """Anki's message is passed on, with the name of the package."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(read_members(author / "decks" / "small.apkg")["collection.anki2"])
        (models,) = connection.execute("select models from col").fetchone()
        connection.execute("update col set models = ?", (models.replace('"sticky"', '"other"'),))
        connection.commit()
        (author / "broken.apkg").write_bytes(archive({"collection.anki2": connection.serialize(), "media": b"{}"}))
    result = run("rehearse", "decks/small.apkg", "broken.apkg")
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.fullmatch(r"broken\.apkg: error: Anki cannot work with this package: .+ \[anki-fails\]\n", result.stderr)


def test_without_the_library(author: Path, plain_environment: dict[str, str]) -> None:
    """One sentence says how to install it, and the exit code is that of wrong use."""
    code = "import sys; sys.modules['anki.buildinfo'] = None\nfrom cuedeck.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code, "rehearse", "decks/small.apkg"],
        cwd=author,
        env=plain_environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: a rehearsal needs Anki's own library, which cannot be loaded here (")
    assert "-m pip install anki" in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("at", [FIRST, 0], ids=["sound", "panic"])
def test_nothing_is_left_behind(tmp_path: Path, author: Path, plain_environment: dict[str, str], at: int) -> None:
    """Anki's library writes into the scratch folder only, and what it prints stays out of the output."""
    pack(author / "old.apkg", [Row("a", ("A", "x"), at)], at=at)
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    places = {"HOME": home, "USERPROFILE": home, "APPDATA": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
    places |= {"XDG_CACHE_HOME": home, "TMPDIR": temporary, "TEMP": temporary, "TMP": temporary}
    environment = {**plain_environment, **{name: str(place) for name, place in places.items()}, "RUST_BACKTRACE": "1"}
    before = files(author)
    done = subprocess.run(
        [sys.executable, "-m", "cuedeck", "rehearse", "old.apkg", "old.apkg"],
        cwd=author,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == (0 if at else 1)
    assert [line for line in done.stderr.splitlines() if not line.startswith("old.apkg: error: Anki cannot")] == []
    assert len(done.stdout.splitlines()) == (9 if at else 0)
    assert list(home.rglob("*")) == []
    assert list(temporary.rglob("*")) == []
    assert files(author) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to itself")
def test_an_interruption_leaves_nothing_behind(tmp_path: Path, author: Path, plain_environment: dict[str, str]) -> None:
    """Ctrl-C while a package is handed to the learner ends the play, and the scratch folder goes."""
    code = (
        "import os, signal, sys\n"
        "def interrupt(event, words):\n"
        "    if event == 'open' and str(words[0]).endswith(os.path.join('learner', 'package.apkg')):\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "sys.addaudithook(interrupt)\n"
        "from cuedeck.cli import main\nmain()\n"
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    words = [sys.executable, "-c", code, "rehearse", "decks/small.apkg"]
    with interruptible(words, author, {**plain_environment, "TMPDIR": str(temporary)}) as stopped:
        _, errors = stopped.communicate()
    assert stopped.returncode == 130
    assert errors.strip() == "cuedeck: stopped; every file is complete, in its old or its new version"
    assert list(temporary.iterdir()) == []
