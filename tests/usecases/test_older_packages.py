"""Packages that an older version of the program built: verified and shared, unless somebody tampered with them."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cuedeck.disk.storing import store_all
from cuedeck.history.lockfile import read_lock
from cuedeck.package.container import archive, archived, members
from cuedeck.package.contents import DATABASE
from cuedeck.package.opening import read_members
from cuedeck.rendering.description import without_credits
from cuedeck.usecases.release import release
from tests.earlier import first_version
from tests.making import DAY, FIRST, cloze, deck, edit, question, write
from tests.mediafiles import put_files
from tests.rendering.rerendering import REVISED, SAMPLES, SOME, before_revisions, is_gap, one_of_each, revise
from tests.running import git, run

CARDS, LOCK = Path("cards.yaml"), Path("cards.lock")
ABOUT = {"author": "A. Writer", "license": "CC BY 4.0", "description": "About *this* deck."}
NOTES = {
    "soft": question("What is *soft*?", "Not hard"),
    "wet": cloze("Water is **{{c1::wet}}** and {{c2::clear}}."),
    "plain": question("What is hard?", "A stone"),
    "gap": cloze("The {{c1::Seine}} flows through Paris."),
}

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture(autouse=True)
def _revised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this version of the program render emphasis differently than the previous one."""
    revise(monkeypatch, SOME)


def hand_out(notes: dict[str, Any] = NOTES, description: str = ABOUT["description"]) -> None:
    """Release the deck by an older version of the program."""
    with before_revisions():
        release(write(Path(), deck(notes, **{**ABOUT, "description": description})), "1.0.0", at=FIRST)


CONFIRMED = "decks/small.apkg matches cards.yaml and its lock: 4 notes\n"


def test_verify_confirms_what_an_older_version_built() -> None:
    """Everything is compared; of notes that are rendered differently, only what they say. Nothing counts as edited."""
    hand_out()
    for package in ("decks/small.apkg", "decks/small-1.0.0.apkg"):
        result = run("verify", package)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == (
            CONFIRMED.replace("decks/small.apkg", package)
            + "the version of Cuedeck that built it rendered these differently: "
            "soft, wet, the deck's description\n"
            "their words match the source; their formatting could not be compared\n"
        )
    run("build", at=FIRST + DAY)
    assert run("verify", "decks/small.apkg").stdout == CONFIRMED


def test_verify_confirms_every_mark_that_was_revised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this version makes of it, in notes of both kinds and on the deck's page."""
    revise(monkeypatch, REVISED)
    notes = one_of_each(REVISED)
    hand_out(
        {**notes, "plain": NOTES["plain"]}, "\n\n".join(SAMPLES[mark] for mark in REVISED if not is_gap(SAMPLES[mark]))
    )
    result = run("verify", "decks/small.apkg")
    assert (result.exit_code, result.stderr) == (0, "")
    (named,) = (line for line in result.stdout.splitlines() if "rendered these differently" in line)
    assert set(named.partition(": ")[2].split(", ")) == {*notes, "the deck's description"}


@pytest.mark.needs("nh3", "resvg_py")
@pytest.mark.usefixtures("sketched")
def test_a_text_that_is_refused_now_is_verified_and_shared() -> None:
    """Learners have it, and nobody edited it, so it is a warning, even if a mark beside it is rendered differently."""
    hand_out({**NOTES, "both": question("What is *said*?", r"He said so \(twice at least\)")})
    for words in (("verify", "decks/small.apkg"), ("share", "-o", "site")):
        result = run(*words)
        assert result.exit_code == 0, result.stderr
        assert "soft, wet, both" in result.stdout
    result = run("check")
    assert result.exit_code == 0
    assert "warning: " in result.stderr
    assert "[words-as-formula]" in result.stderr
    assert "error: " not in result.stderr


def test_a_package_from_before_credits_were_on_the_deck_s_page_is_confirmed(folder: Path) -> None:
    """The page of the deck in it has none, and the next build adds them; no other page is accepted."""
    put_files("field.jpg", folder)
    notes = {"field": question("What is it? ![a field](media/field.jpg)", "Grass")}
    credits = {"media/field.jpg": {"author": "A. Painter", "license": "CC0"}}
    contents = release(write(folder, {**deck(notes, **ABOUT), "media": credits}), "1.0.0", at=FIRST).build.contents
    assert contents.description.endswith("<p>Credits: 1 picture or sound by A. Painter, under CC0</p>")
    package, plain = Path("decks/small-1.0.0.apkg"), without_credits(contents.description)
    store_all({package: archived(members(replace(contents, description=plain)))})
    result = run("verify", package)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "rendered these differently: the deck's description\n" in result.stdout
    store_all({package: archived(members(replace(contents, description=f"{plain} And more.")))})
    assert "[differs]" in run("verify", package).stderr


def test_verify_still_tells_of_edits() -> None:
    """Of the note that was edited, and of no other."""
    hand_out()
    edit(CARDS, "A stone", "A rock")
    result = run("verify", "decks/small.apkg")
    assert result.exit_code == 1
    assert "1 note was edited since cards.lock was written: plain [lock-behind]" in result.stderr


TAMPERED = {
    "a note without such a mark": ("replace(flds, 'A stone', 'A rock')", "plain"),
    "the markup of a field without such a mark": ("replace(flds, 'Not hard', '<b>Not</b> hard')", "soft"),
    "the words of one with it": ("replace(flds, 'What is *soft*', 'What is *hard*')", "soft"),
    "a word less": ("replace(flds, 'What is *soft*', '*soft*')", "soft"),
    "a script": ("replace(flds, 'What is *soft*', 'What is *soft*<script>alert(1)</script>')", "soft"),
    "another gap": ("replace(flds, '{{c1::', '{{c3::')", "wet, gap"),
}


def tamper(package: Path, statement: str) -> None:
    """Change the notes in a package."""
    files = dict(read_members(package))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files[DATABASE])
        connection.execute(statement)
        connection.commit()
        files[DATABASE] = connection.serialize()
    package.write_bytes(archive(files))


@pytest.mark.hostile
@pytest.mark.parametrize(("change", "ids"), TAMPERED.values(), ids=TAMPERED)
def test_what_was_tampered_with_is_found(change: str, ids: str) -> None:
    """In any note, and in the previous release, whose files were not recorded."""
    with first_version(LOCK):
        hand_out()
    package = Path("decks/small-1.0.0.apkg")
    tamper(package, f"update notes set flds = {change}")
    result = run("verify", package)
    assert result.exit_code == 1
    for id in ids.split(", "):
        assert id in result.stderr.partition("[differs]")[0]
    assert "[lock-behind]" not in result.stderr
    assert "[release-unconfirmed]" in run("share", "-o", "site").stderr


@pytest.mark.needs("nh3", "resvg_py")
@pytest.mark.usefixtures("sketched")
@pytest.mark.parametrize("is_first", [False, True], ids=["recorded", "of version 1.0.0"])
def test_share_hands_out_what_an_older_version_released(is_first: bool) -> None:
    """Byte for byte, whether it is recorded or not, before and after the next build of the new version."""
    if is_first:
        with first_version(LOCK):
            hand_out()
        git("init", "-q")
        git("add", ".")
        git("commit", "-q", "-m", "1.0.0")
    else:
        hand_out()
    package = Path("decks/small-1.0.0.apkg").read_bytes()
    for at in (1, 2):
        result = run("share", "-o", "site")
        assert result.exit_code == 0, result.stderr
        assert result.stdout == (
            "site: Small 1.0.0, 4 notes and 5 cards\n"
            "this version of Cuedeck renders some notes differently from the version that built this release; the "
            "release is shared unchanged: soft, wet\n"
        )
        assert Path("site/small.apkg").read_bytes() == package
        run("build", at=FIRST + at * DAY)
    lock = read_lock(LOCK)
    assert lock
    assert lock.last_release
    assert lock.last_release.files_digest
