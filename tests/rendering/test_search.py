"""Anki itself finds the right notes with the search for its browser."""

from pathlib import Path

import pytest

from cuedeck.rendering.notetypes import search
from tests.anki.learner import collection, take
from tests.making import DAY, FIRST, build_deck, deck, question

NOTES = {"one": question("One?"), "one-two": question("Two?"), "three": question("Three?")}


@pytest.mark.parametrize("id", ["small", "zoo-2"])
def test_a_search_finds_the_notes_of_one_deck(tmp_path: Path, id: str) -> None:
    """A fork keeps the ids of its notes, and other decks may use the same ones: the search finds none of theirs."""
    with collection(tmp_path / "learner") as learner:
        others = ({"id": "other", "namespace": "another1"}, {"id": f"{id}-too", "namespace": "another2"})
        for number, about in enumerate(({"id": id}, *others)):
            built = build_deck(
                tmp_path / str(number), deck(NOTES, title=f"Deck {number}", **about), FIRST + number * DAY
            )
            assert take(learner, built.package) == {"new": 3}
        for ids in (["one"], ["one", "three"], list(NOTES)):
            found = [learner.get_note(each) for each in learner.find_notes(search(ids, id))]
            assert sorted(note["Note ID"] for note in found) == sorted(ids)
            assert {note.cards()[0].did for note in found} == {learner.decks.id_for_name("Deck 0")}
