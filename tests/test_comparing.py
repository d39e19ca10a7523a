"""`cuedeck diff`: what is compared when nothing is named, its three forms, and its exit code."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from builder.cli import cuedeck
from tests.making import DAY, FIRST, build_deck, cloze, deck, question, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, in no git repository."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    return tmp_path


OLD = deck(
    {"one": question("What is it?", "An open breakup.", at="12:50"), "two": question("Why?"), "x": question("X?")}
)
NEW = deck(
    {
        "one": question("What is it?", "An open and final breakup.", at="12:50", tags=["t"]),
        "two": question("Why?", retired="Doubtful"),
        "three": question("Who *is* it?", at="13:00"),
        "y": question("X?", was="x"),
    }
)


def diff(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cuedeck, ["diff", *words], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def git(*words: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


def two_packages() -> None:
    build_deck(Path(), OLD).package.rename("old.apkg")
    build_deck(Path(), NEW, FIRST + DAY).package.rename("new.apkg")


def test_text(folder: Path) -> None:
    """An author reads each note's fate by concept, the edit word by word, and the counts at the end."""
    two_packages()
    assert diff("old.apkg", "new.apkg") == (
        0,
        "old.apkg -> new.apkg\n"
        "Idea\n"
        "  01:32 two: retired (Doubtful)\n"
        "  01:32 y: unchanged, renamed from x\n"
        "  12:50 one: updated\n"
        "    Answer: An open {+and final +}breakup.\n"
        "    Tags: +small::t\n"
        "  13:00 three: new\n"
        "1 updated, 1 new, 1 retired, 1 unchanged, 1 renamed\n",
        "",
    )


def test_markdown(folder: Path) -> None:
    """Learners read what changed, by concept and moment, and how to find what they keep."""
    two_packages()
    assert diff("old.apkg", "new.apkg", "--format", "markdown")[1] == (
        "* **Idea**\n"
        "  * 12:50 corrected (`one`)\n"
        "    * Answer: An open **and final** breakup.\n"
        "  * 13:00 new (`three`): Who is it?\n"
        "* No longer part of the deck; you keep them:\n"
        "  * `two`: Doubtful\n"
        '  * To find them in Anki\'s browser, and suspend or delete them: `"Note ID:two"`\n'
    )


def test_json(folder: Path) -> None:
    """A program reads the same, each note with its fields before and after."""
    two_packages()
    data = json.loads(diff("old.apkg", "new.apkg", "--format", "json")[1])
    assert data["counts"]["updated"] == 1
    (one,) = (note for note in data["notes"] if note["id"] == "one")
    assert one["fields"] == [{"name": "Answer", "before": "An open breakup.", "after": "An open and final breakup."}]
    assert (one["moment"], one["concept"], one["tags_added"]) == ("12:50", "Idea", ["small::t"])
    assert data["hazards"] == []
    assert data["old"] == {"name": "old.apkg", "version": None}


HAZARD = deck({"one": cloze("It is {{c1::x}}."), "two": question("Why?"), "x": question("X?")})


def test_a_loss_of_progress_shows_in_the_exit_code(folder: Path) -> None:
    """A script sees by the exit code whether learners would lose progress; nothing is built."""
    build_deck(Path(), OLD)
    write(Path(), HAZARD)
    before = Path("cards.lock").read_bytes()
    code, text, errors = diff()
    assert (code, errors) == (1, "")
    assert 'learners lose progress: "one" was a question-and-answer note and is a cloze note now' in text
    assert "[kind-changed:one]" in text
    assert Path("cards.lock").read_bytes() == before


def test_without_git_the_package_in_the_folder_is_compared(folder: Path) -> None:
    """What was built last is the old one, and the current source the new one."""
    build_deck(Path(), OLD)
    write(Path(), NEW)
    assert diff()[1].startswith("decks/small.apkg -> cards.yaml\n")
    assert diff("cards.yaml") == diff()


def test_the_committed_package_goes_before_the_one_in_the_folder(folder: Path) -> None:
    """An author who has built already still sees what others will get."""
    build_deck(Path(), OLD)
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    build_deck(Path(), NEW, FIRST + DAY)
    code, text, _ = diff()
    assert text.startswith("decks/small.apkg as committed -> cards.yaml\n")
    assert text.endswith("1 updated, 1 new, 1 retired, 1 unchanged, 1 renamed\n")
    assert code == 0


WRONG: dict[str, tuple[list[str], str]] = {
    "no package": (["missing.apkg"], "missing.apkg: error: there is no such file [no-file]"),
    "only the new one": (["x.apkg", "y.apkg"], "x.apkg: error: there is no such file [no-file]"),
    "no source": (["old.apkg", "other.yaml"], "other.yaml: error: there is no such file [no-file]"),
    "another deck": (
        ["old.apkg", "strange.apkg"],
        "strange.apkg: error: this has no note in common with old.apkg: to Anki they are two decks [another-deck]",
    ),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_compared_is_told(folder: Path, words: list[str], said: str) -> None:
    """A sentence says what is missing, or that the two have nothing to do with one another."""
    build_deck(Path(), OLD).package.rename("old.apkg")
    build_deck(Path("strange"), deck({"one": question()}, namespace="stranger")).package.rename("strange.apkg")
    code, text, errors = diff(*words)
    assert (code, text) == (1, "")
    assert errors.startswith(said)


def test_long_texts_are_shown_around_what_changed(folder: Path) -> None:
    """What stays is cut down to a few words, so that the change can be seen."""
    words = " ".join(["word"] * 100)
    packages: list[Any] = []
    for number, text in enumerate((f"{words} old {words}", f"{words} new {words}")):
        packages.append(f"{number}.apkg")
        build_deck(Path(), deck({"one": question(answer=text)}), FIRST + number).package.rename(packages[-1])
    (line,) = (line for line in diff(*packages)[1].splitlines() if "Answer" in line)
    assert "[-old-]{+new+}" in line
    assert len(line) < 130
