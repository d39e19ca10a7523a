"""The order in which Anki's scheduler shows new cards to a learner who imports one release after another."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.anki.author import Author
from tests.anki.learner import by_guid, new_cards, take
from tests.anki.packages import Row, pack
from tests.earlier import first_version
from tests.making import DAY, FIRST, TALK, deck, question

if TYPE_CHECKING:
    from typing import Any

    from anki.collection import Collection


def _talks(notes: str, sources: str) -> "dict[str, Any]":
    """Return a deck with some sources and notes, such as "a one 0:10": id, source and moment."""
    rows = [each.split() for each in notes.split(", ")]
    titles = {id: {**TALK, "title": f"Talk {id}", "url": f"https://example.org/{id}"} for id in sources.split()}
    return deck({id: question(f"{id}?", f"{id}!", source=of, at=at) for id, of, at in rows}, sources=titles)


def _queued(learner: "Collection", title: str) -> list[int]:
    """Return the ids of the notes whose cards Anki will show next, in its order."""
    number = learner.decks.id(title)
    config = learner.decks.config_dict_for_deck_id(number)
    config["new"]["perDay"] = 9999
    learner.decks.save(config)
    learner.decks.select(number)
    return [each.card.note_id for each in learner.sched.get_queued_cards(fetch_limit=99).cards]


@pytest.mark.parametrize("earlier", [False, True], ids=["all by this version", "the first by version 1.0.0"])
def test_later_notes_come_in_their_places(
    learner: "Collection", folder: Path, tmp_path_factory: pytest.TempPathFactory, earlier: bool
) -> None:
    """With a source put first, a moment between two others, and a source that moved, all come as in the sources."""
    author = Author(folder, _talks("a one 0:10, b one 1:40:00, c two 0:05", "one two"))
    if earlier:
        with first_version(folder / "cards.lock"):
            first = author.release(FIRST)
    else:
        first = author.release(FIRST)
    assert first
    take(learner, first)
    assert new_cards(learner) == ["a", "b", "c"]
    author.data = _talks(
        "z zero 0:05, a one 0:10, m one 0:50, n one 0:51, b one 1:40:00, k one 5:50:00, "
        "x mid 0:01, c two 0:05, d two 9:00",
        "zero one mid two",
    )
    second = author.release(FIRST + DAY)
    assert second
    take(learner, second)
    wanted = ["z", "a", "m", "n", "b", "k", "x", "c", "d"]
    assert new_cards(learner) == wanted
    assert [learner.get_note(each)["Note ID"] for each in _queued(learner, "Small")] == wanted


def test_cards_of_one_position_come_by_their_ids(learner: "Collection", tmp_path: Path) -> None:
    """So a note for which no position is free follows those that learners have."""
    rows = [Row(guid, (guid, "1"), due=5) for guid in "ab"]
    take(learner, pack(tmp_path / "1.apkg", rows, at=FIRST + DAY))
    take(learner, pack(tmp_path / "2.apkg", [Row("c", ("c", "1"), due=5)], at=FIRST + 2 * DAY))
    take(learner, pack(tmp_path / "3.apkg", [Row("older", ("older", "1"), due=5)], at=FIRST))
    assert _queued(learner, "Facts") == [by_guid(learner, guid).id for guid in ("older", "a", "b", "c")]
