"""A year in the life of a deck: whatever the author does, no learner loses anything."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from cuedeck.history.stamping import guid
from cuedeck.rendering import notetypes
from cuedeck.rendering.notefields import EXTRA
from tests.anki.author import Author
from tests.anki.follower import FORETOLD, Follower, follower
from tests.making import DAY, FIRST, TALK, cloze, question

pytestmark = [pytest.mark.anki_years, FORETOLD]

FILM = {"title": "A film", "url": "https://youtu.be/abcdefghijk", "deck": "Films"}


def first_edition() -> dict[str, Any]:
    """Return the deck as it is on the first day: two sources, three concepts, ten notes."""
    return {
        "deck": {"id": "small", "namespace": "tests123", "title": "Small", "tags": ["course"]},
        "sources": {"talk": dict(TALK), "film": dict(FILM)},
        "concepts": {
            "hard": {
                "title": "Hard abandonment",
                "source": "talk",
                "at": "0:46",
                "tags": ["forms"],
                "notes": {
                    "hard-what": question("What is hard abandonment?", "An open breakup."),
                    "hard-when": question("When is hard abandonment over?", "At once."),
                    "hard-or-soft": cloze("{{c1::Hard}} abandonment is over; {{c2::soft}} abandonment goes on."),
                },
            },
            "soft": {
                "title": "Soft abandonment",
                "source": "talk",
                "at": "12:50",
                "tags": ["forms"],
                "notes": {
                    "soft-what": question("What is soft abandonment?", "Absence of a partner who stays."),
                    "soft-signs": question("Name its sign.", "Indifference.", at=["12:55", "13:40"]),
                    "soft-cure": question("What ends it?", "Grief.", reverse="true"),
                    "soft-term": cloze("A couple is called a {{c1::dyad}}."),
                },
            },
            "film": {
                "title": "The film",
                "source": "film",
                "at": "0:10",
                "notes": {
                    "film-who": question("Who acts?", "A player."),
                    "film-where": question("Where is it set?", "In Rome."),
                    "film-end": cloze("It ends in {{c1::1918}}."),
                },
            },
        },
    }


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path / "deck", first_edition())


@pytest.fixture
def learners(tmp_path: Path) -> Iterator[dict[str, Follower]]:
    with ExitStack() as stack:
        names = ("everything", "edits", "releases", "summer", "first and last")
        yield {name: stack.enter_context(follower(tmp_path / name)) for name in names}


Edit = Callable[[Author, pytest.MonkeyPatch], None]


def january(author: Author, _: pytest.MonkeyPatch) -> None:
    """A word is corrected, a tag added, a note inserted in the middle."""
    author.notes["hard-what"]["a"] = "An open and final breakup."
    author.notes["film-who"]["tags"] = ["cast"]
    notes = author.data["concepts"]["hard"]["notes"]
    author.data["concepts"]["hard"]["notes"] = {"hard-why": question("Why does it hurt less?", "It ends."), **notes}


def february(author: Author, _: pytest.MonkeyPatch) -> None:
    """A note moves to another concept, and the notes of one concept get another order."""
    concepts = author.data["concepts"]
    concepts["soft"]["notes"]["hard-when"] = concepts["hard"]["notes"].pop("hard-when")
    concepts["film"]["notes"] = dict(reversed(concepts["film"]["notes"].items()))


def march(author: Author, _: pytest.MonkeyPatch) -> None:
    """A note gets a better id, and nothing else changes."""
    concept = author.data["concepts"]["soft"]["notes"]
    concept["soft-definition"] = {**concept.pop("soft-what"), "was": "soft-what"}


def april(author: Author, _: pytest.MonkeyPatch) -> None:
    """A note is retired, one gets another moment, and one gets an additional moment."""
    author.notes["film-where"]["retired"] = "The talk does not say so."
    author.notes["hard-why"]["at"] = "0:50"
    author.notes["hard-what"]["at"] = ["0:46", "1:10"]


def may(author: Author, _: pytest.MonkeyPatch) -> None:
    """The recording has a new address: every link changes, but only the note with two moments is touched."""
    author.data["sources"]["talk"]["url"] = "https://example.com/moved"


def june(_: Author, patch: pytest.MonkeyPatch) -> None:
    """The cards get another style and another back, which touches no note."""
    old = notetypes._file

    def restyled(name: str) -> str:
        more = {"card.css": "\n.card { color: navy; }", "qa-back.html": "\n<hr>", "cloze-front.html": "\n<p></p>"}
        return old(name) + more.get(name, "")

    patch.setattr(notetypes, "_file", restyled)


def july(author: Author, _: pytest.MonkeyPatch) -> None:
    """A cloze gets a third gap in front, a reverse card is removed, another one added."""
    author.notes["hard-or-soft"]["cloze"] = "{{c3::Hard}}: {{c1::hard}} abandonment is over; {{c2::soft}} goes on."
    del author.notes["soft-cure"]["reverse"]
    author.notes["film-who"]["reverse"] = "true"


def august(author: Author, _: pytest.MonkeyPatch) -> None:
    """The retired note is removed from the file, a concept gets another title, and a fact in a gap is corrected."""
    del author.data["concepts"]["film"]["notes"]["film-where"]
    author.data["concepts"]["film"]["title"] = "A film of it"
    author.notes["film-end"]["cloze"] = "It ends in {{c1::1919}}."


def september(author: Author, _: pytest.MonkeyPatch) -> None:
    """The correction of January is undone."""
    author.notes["hard-what"]["a"] = "An open breakup."


def october(author: Author, _: pytest.MonkeyPatch) -> None:
    """The renamed note is renamed again and edited, a gap is removed, and the reverse card comes back."""
    concept = author.data["concepts"]["soft"]["notes"]
    concept["soft-meaning"] = {**concept.pop("soft-definition"), "was": "soft-definition", "a": "Absence in presence."}
    author.notes["hard-or-soft"]["cloze"] = "{{c1::Hard}} abandonment is over; {{c2::soft}} goes on."
    author.notes["soft-cure"]["reverse"] = "true"


# The day, the edit, whether it is released, and the fates of notes for a learner who imports all and edits nothing.
YEAR: list[tuple[int, Edit | None, bool, dict[str, int]]] = [
    (0, None, True, {"new": 10}),
    (20, january, False, {"updated": 2, "new": 1, "unchanged": 8}),
    (31, None, True, {"touched": 3, "unchanged": 8}),
    (50, february, True, {"updated": 1, "unchanged": 10}),
    (75, march, True, {"unchanged": 11}),
    (100, april, False, {"updated": 2, "unchanged": 8, "retired": 1}),
    (130, may, True, {"updated": 2, "touched": 1, "unchanged": 7, "retired": 1}),
    (160, june, True, {"unchanged": 10, "retired": 1}),
    (190, july, False, {"updated": 3, "unchanged": 7, "retired": 1}),
    (220, august, True, {"updated": 2, "touched": 2, "unchanged": 6, "retired": 1}),
    (250, september, True, {"updated": 1, "unchanged": 9, "retired": 1}),
    (300, october, False, {"updated": 3, "unchanged": 7, "retired": 1}),
    (364, None, True, {"touched": 3, "unchanged": 7, "retired": 1}),
]


def test_a_year(author: Author, learners: dict[str, Follower], monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten edits, in releases and drafts, and five learners: each gets what was foretold, and keeps everything else."""
    for number, (day, edit, handed_out, fates) in enumerate(YEAR):
        if edit:
            edit(author, monkeypatch)
        at = FIRST + day * DAY
        package = author.release(at) if handed_out else author.build(at)
        assert package
        imports = {
            "everything": True,
            "edits": True,
            "releases": handed_out,
            "summer": 130 <= day <= 220,
            "first and last": number in (0, len(YEAR) - 1),
        }
        for name, learner in learners.items():
            if imports[name]:
                foretold = learner.follow(package)
                if name == "everything":
                    assert foretold.counts == fates, day
                learner.study()
        live_with(learners["edits"], day)
    for name, learner in learners.items():
        asked = {"hard-or-soft": 3, "soft-cure": 2, "film-who": 2, "film-end": 1, "hard-what": 1}
        for id, cards in asked.items():
            # For learners who took no drafts, the gap of July came and went between two imports.
            fewer = id == "hard-or-soft" and name == "first and last"
            assert len(learner.note(guid("tests123", id)).cards()) == cards - fewer, (name, id)


# What a learner does on the day after an import: the notes that get own words and a tag, and the leeches.
DEEDS: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {
    0: (("hard-when", "soft-term"), ("film-end",)),
    31: (("hard-what", "soft-what"), ()),
    130: (("soft-signs",), ("hard-or-soft", "soft-cure")),
    190: ((), ("hard-or-soft",)),
    220: (("film-end",), ("hard-what",)),
    300: (("hard-or-soft", "soft-what"), ()),
}


def live_with(learner: Follower, day: int) -> None:
    """Edit and tag some notes, suspend one, flag another, and now and then remove blank cards."""
    own, leeches = DEEDS.get(day, ((), ()))
    for id in (*own, *leeches):
        learner.edit(guid("tests123", id), FIRST + (day + 1) * DAY, leech=id in leeches)
    if day == 31:
        learner.suspend(guid("tests123", "hard-or-soft"))
        learner.flag(guid("tests123", "soft-cure"))
    if day == 220:
        learner.clean_up()


def test_own_words_stay_until_the_note_is_corrected(author: Author, learners: dict[str, Follower]) -> None:
    """A learner's words and tag survive every update of other notes, and are lost with the first of this one."""
    learner, id = learners["everything"], guid("tests123", "hard-when")
    package = author.release(FIRST)
    assert package
    learner.follow(package)
    learner.edit(id, FIRST + DAY)
    author.notes["hard-what"]["a"] = "A breakup."
    learner.follow(author.build(FIRST + 2 * DAY))
    assert (learner.note(id)[EXTRA.name], "mine" in learner.note(id).tags) == ("my own mnemonic", True)
    author.notes["hard-when"]["a"] = "In one event."
    learner.follow(author.build(FIRST + 3 * DAY))
    assert (learner.note(id)[EXTRA.name], "mine" in learner.note(id).tags) == ("", False)
