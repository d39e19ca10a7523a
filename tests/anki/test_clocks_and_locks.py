"""Clocks that are set back, and locks that are lost or old: learners come to as little harm as possible."""

from pathlib import Path
from typing import Any

import pytest

from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from tests.anki.author import Author
from tests.anki.follower import FORETOLD, follower
from tests.making import DAY, FIRST, deck, question, release_deck, write

pytestmark = [pytest.mark.anki_years, FORETOLD]

NOTES = {"two": question("Who spoke?", "A lecturer.")}
TEXTS = ["An open breakup.", "A breakup.", "A loud breakup."]


def at(text: str) -> dict[str, Any]:
    """Return a deck with one note that has this answer, and one that never changes."""
    return deck({"one": question("What is it?", text), **NOTES})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "deck"


@pytest.mark.parametrize("later", [-290, -1, 0, 1], ids="{:+} s".format)
def test_a_second_build_arrives_whatever_the_clock_does(tmp_path: Path, home: Path, later: int) -> None:
    """With two builds in one second, or a clock that was set back a little, each edit still arrives in turn."""
    author = Author(home, at(TEXTS[0]))
    with follower(tmp_path / "learner") as learner:
        for number, text in enumerate(TEXTS):
            author.data = at(text)
            foretold = learner.follow(author.build(FIRST + (later if number else 0)))
            assert foretold.counts == ({"updated": 1, "unchanged": 1} if number else {"new": 2})
            learner.study()


@pytest.mark.parametrize("draft", [False, True], ids=["release", "draft"])
def test_a_clock_far_behind_builds_nothing_new(tmp_path: Path, home: Path, draft: bool) -> None:
    """Beyond five minutes an edit is refused until the clock is right; an unchanged deck may be built."""
    author = Author(home, at(TEXTS[0]))
    first = author.release(FIRST + DAY)
    assert first
    assert author.build(FIRST).read_bytes() == first.read_bytes()
    author.data = at(TEXTS[1])
    with pytest.raises(Problems) as caught:
        (author.build if draft else author.release)(FIRST + DAY - 301)
    assert [problem.rule for problem in caught.value.problems] == ["clock-behind"]
    with follower(tmp_path / "learner") as learner:
        learner.follow(first)
        learner.study()
        assert learner.follow(author.build(FIRST + 2 * DAY)).counts == {"updated": 1, "unchanged": 1}


def test_a_draft_made_by_a_clock_behind_the_release_is_still_a_draft(tmp_path: Path, home: Path) -> None:
    """A draft made two minutes "before" the release it follows gets the time of the next release, like every draft."""
    author = Author(
        home,
        deck({"one": at(TEXTS[0])["concepts"]["idea"]["notes"]["one"], "two": question("Who spoke?", "A speaker.")}),
    )
    assert author.release(FIRST)
    author.data = at(TEXTS[0])
    release = author.release(FIRST + DAY)
    author.data = at(TEXTS[1])
    draft = author.build(FIRST + DAY - 120)
    with follower(tmp_path / "learner") as learner:
        assert release
        learner.follow(release)
        assert learner.follow(draft).counts == {"updated": 1, "unchanged": 1}
        learner.edit(next(guid for guid, note in learner.held.items() if note.id == "one"), FIRST + 15 * DAY)
        release = author.release(FIRST + 31 * DAY)
        assert release
        assert learner.follow(release).counts == {"touched": 1, "unchanged": 1}
        notes = read_snapshot(read_members(release), release).notes.values()
        assert {note.id: note.time - FIRST for note in notes} == {"one": 31 * DAY, "two": DAY}


@pytest.mark.parametrize("remedy", ["adopt", "accept"])
def test_a_deleted_lock_is_reported_and_recreated(tmp_path: Path, home: Path, remedy: str) -> None:
    """The build is refused. With adopt only the edit arrives; if accepted, every note does, once. Nothing is lost."""
    author = Author(home, at(TEXTS[0]))
    first = author.release(FIRST)
    assert first
    with follower(tmp_path / "learner") as learner:
        learner.follow(first)
        learner.study()
        (home / "cards.lock").unlink()
        cards = write(home, at(TEXTS[1]))
        with pytest.raises(Problems) as caught:
            build(cards, at=FIRST + DAY)
        assert [problem.rule for problem in caught.value.problems] == ["lock-lost"]
        author.data = at(TEXTS[1])
        if remedy == "adopt":
            adopt(home / "decks" / "small.apkg", cards)
        counts = learner.follow(author.build(FIRST + DAY)).counts
        assert counts == ({"updated": 1, "unchanged": 1} if remedy == "adopt" else {"updated": 1, "touched": 1})


def test_a_build_with_an_older_lock_is_refused(tmp_path: Path, home: Path) -> None:
    """A lock from before the last build would give learners the wrong times."""
    release_deck(home, at(TEXTS[0]))
    old = (home / "cards.lock").read_bytes()
    second = release_deck(home, at(TEXTS[1]), FIRST + DAY, "1.1.0")
    with follower(tmp_path / "learner") as learner:
        learner.follow(second.package)
        for text in (TEXTS[0], TEXTS[1], TEXTS[2]):
            (home / "cards.lock").write_bytes(old)
            cards = write(home, at(text))
            with pytest.raises(Problems) as caught:
                build(cards, at=FIRST + 2 * DAY)
            assert [problem.rule for problem in caught.value.problems] == ["lock-lost"], text
        author = Author(home, at(TEXTS[2]))
        assert learner.follow(author.build(FIRST + 2 * DAY)).counts == {"updated": 1, "unchanged": 1}
