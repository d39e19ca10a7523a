"""Subdecks of concepts: what giving, changing and removing one does to learners."""

from pathlib import Path
from typing import Any

import pytest

from cuedeck.building.loading import load
from cuedeck.disk.workspace import Workspace
from cuedeck.history.lockfile import read_lock
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from tests.making import FIRST, EveryKey, build_deck, checked, deck, keys_met, question, release_deck, write


def with_subdecks(one: str = "", two: str = "", **more: Any) -> dict[str, Any]:
    """Return a deck without sources and with two concepts, which have these subdecks."""
    data = deck({"first": question("One?")}, sources={})
    concepts = {
        "idea": data["concepts"]["idea"],
        "other": {"title": "Other", "notes": {"second": question("Two?"), **more}},
    }
    for concept, name in zip(concepts.values(), (one, two), strict=True):
        if name:
            concept["deck"] = name
    return {**data, "concepts": concepts}


def found(folder: Path, data: dict[str, Any]) -> set[str]:
    """Return the keys of the hazards of an edit."""
    cards = write(folder, data)
    return keys_met(checked(cards, EveryKey()))


@pytest.mark.parametrize(
    ("before", "after", "hazards"),
    [
        (("", ""), ("", ""), set()),
        (("", ""), ("", "New"), {"cards-stay:Small::New"}),
        (("", "Old"), ("", ""), {"cards-stay:Small"}),
        (("", "Old"), ("", "New"), {"title-changed:concepts/other"}),
        (("Old", "Old"), ("Old", "Old"), set()),
        (("One", "Two"), ("One", "One"), {"cards-stay:Small::One"}),
    ],
)
def test_what_an_edit_of_a_subdeck_does(
    before: tuple[str, str], after: tuple[str, str], hazards: set[str], folder: Path
) -> None:
    """Cards stay where they are; a new name would make a second deck. Before a release, nobody is harmed."""
    release_deck(folder, with_subdecks(*before))
    assert found(folder, with_subdecks(*after)) == hazards
    assert found(folder / "draft", with_subdecks(*after)) == set()


def test_only_notes_that_learners_have_stay(folder: Path) -> None:
    """A new note in a concept that was given a subdeck goes there at once."""
    release_deck(folder, with_subdecks())
    cards = write(folder, with_subdecks("", "New", third=question("Three?")))
    (hazard,) = checked(cards, EveryKey()).hazards
    assert hazard.notes == ("second",)


def test_a_removed_subdeck_is_reported_once(folder: Path) -> None:
    """After the release that removes it, the lock does not name it any more."""
    release_deck(folder, with_subdecks("", "Old"))
    data = with_subdecks()
    build_deck(folder, data, at=FIRST + 1, accept_all=True)
    lock = read_lock(folder / "cards.lock")
    assert lock is not None
    assert dict(lock.titles) == {"": "Small"}


def test_notes_go_to_their_subdecks(folder: Path) -> None:
    """In the package, each concept with a subdeck has its notes there."""
    written = build_deck(folder, with_subdecks("A::B", ""))
    notes = read_snapshot(read_members(written.package), written.package).notes.values()
    assert {note.id: note.deck for note in notes} == {"first": "Small::A::B", "second": "Small"}
    assert load(Workspace(folder / "cards.yaml")).report.sound
