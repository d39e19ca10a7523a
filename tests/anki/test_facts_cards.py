"""What Cuedeck relies on in Anki's importer: cards, decks, their order, and media."""

from pathlib import Path

import pytest
from anki.collection import Collection

from tests.anki.learner import ANKI, by_guid, card_of, faults, note_of, schedules, shown, study_all, take, touch
from tests.anki.packages import CLOZE, Row, pack
from tests.making import DAY, FIRST, build_deck, cloze, deck, question

pytestmark = pytest.mark.slow

LATER = FIRST + DAY


def _deck_of(learner: Collection, guid: str) -> str:
    return learner.decks.name(by_guid(learner, guid).cards()[0].did)


def _fronts(learner: Collection, guid: str) -> dict[int, str]:
    return {card.ord + 1: shown(card.question()) for card in by_guid(learner, guid).cards()}


def test_an_update_leaves_cards_alone(learner: Collection, tmp_path: Path) -> None:
    """The cards of an updated note keep schedule, suspension, flag and the deck to which the learner moved them."""
    take(learner, pack(tmp_path / "1.apkg", [Row(guid, ("One", guid)) for guid in "abcd"]))
    study_all(learner)
    learner.sched.suspend_notes([by_guid(learner, "b").id])
    learner.set_user_flag_for_cards(3, by_guid(learner, "c").card_ids())
    learner.set_deck(by_guid(learner, "d").card_ids(), learner.decks.id("Mine"))
    before = schedules(learner)
    assert take(learner, pack(tmp_path / "2.apkg", [Row(guid, ("Two", guid), LATER) for guid in "abcd"])) == {
        "updated": 4
    }
    assert schedules(learner) == before
    assert _deck_of(learner, "d") == "Mine"


def test_ids_arrive(learner: Collection, tmp_path: Path) -> None:
    """A note that the collection does not know gets the note id and card ids of the package."""
    written = build_deck(tmp_path, deck({"one": question(reverse=True)}))
    take(learner, written.package)
    (stamped,) = written.build.notes
    note = note_of(learner, "one")
    assert (note.guid, note.id) == (stamped.known.guid, stamped.known.note)
    assert [card.id for card in note.cards()] == [stamped.known.cards[0], stamped.known.cards[1]]


def test_new_cards_keep_their_place(learner: Collection, tmp_path: Path) -> None:
    """New cards are shown in the order of their `due`, not of their ids, and the number arrives unchanged."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"), due=300), Row("b", ("Two", "2"), due=7)]))
    rows = learner.db.all("select n.guid, c.due from cards c join notes n on n.id = c.nid order by c.due")
    assert rows == [["b", 7], ["a", 300]]


@pytest.mark.parametrize(
    ("title", "ids", "decks"),
    [
        ("Facts", {"Facts": 1_650_000_000_077}, ["Facts"]),
        ("FACTS", {}, ["Facts"]),
        ("Renamed", {"Renamed": 1_650_000_000_000}, ["Facts", "Renamed"]),
    ],
    ids=["another number", "another case", "another name"],
)
def test_decks_are_found_by_name(
    learner: Collection, tmp_path: Path, title: str, ids: dict[str, int], decks: list[str]
) -> None:
    """A deck is recognized by its name in any case, never by its id. If we rename it, old cards stay in the old one."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    rows = [Row("a", ("Two", "2"), LATER, deck=title), Row("b", ("New", "3"), LATER, deck=title)]
    assert take(learner, pack(tmp_path / "2.apkg", rows, at=LATER, deck_ids=ids)) == {"updated": 1, "new": 1}
    assert _deck_of(learner, "a") == "Facts"
    assert _deck_of(learner, "b") == decks[-1]
    assert [name for name in learner.decks.all_names() if name != "Default"] == decks


def test_the_id_of_the_default_deck(learner: Collection, tmp_path: Path) -> None:
    """Notes of a deck with the id 1 land in Anki's default deck: so our decks have other ids."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))], deck_ids={"Facts": 1}))
    assert _deck_of(learner, "a") == "Default"


def test_a_deck_that_the_learner_renamed(learner: Collection, tmp_path: Path) -> None:
    """Their cards stay in it, and new notes go to a new deck with the old name."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))]))
    learner.decks.rename(learner.decks.id("Facts"), "Mine")  # type: ignore[arg-type]
    take(learner, pack(tmp_path / "2.apkg", [Row("a", ("One", "1")), Row("b", ("New", "2"))], at=LATER))
    assert (_deck_of(learner, "a"), _deck_of(learner, "b")) == ("Mine", "Facts")


@pytest.mark.parametrize(("theirs", "kept"), [("ours, edited", False), ("", True)], ids=["given", "empty"])
def test_a_description_replaces_the_learners(learner: Collection, tmp_path: Path, theirs: str, kept: bool) -> None:
    """The description in a package replaces the deck's, unless it is empty."""
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("One", "1"))], description="ours"))
    found = learner.decks.by_name("Facts")
    assert found
    assert found["desc"] == "ours"
    found["desc"] = "mine"
    learner.decks.save(found)
    take(learner, pack(tmp_path / "2.apkg", [Row("a", ("One", "1"))], description=theirs))
    assert learner.decks.by_name("Facts")["desc"] == ("mine" if kept else theirs)  # type: ignore[index]


# For a note with two deletions: its new text, the fronts by number, and which cards Empty Cards would remove.
CLOZES = {
    "edited": ("{{c1::X}} and {{c2::y}}", {1: "[...] and y", 2: "X and [...]"}, []),
    "added": (
        "{{c1::x}} and {{c2::y}} or {{c3::z}}",
        {1: "[...] and y or z", 2: "x and [...] or z", 3: "x and y or [...]"},
        [],
    ),
    "removed": ("{{c1::x}} and y", {1: "[...] and y", 2: "No cloze"}, [2]),
    "renumbered": ("{{c2::x}} and {{c1::y}}", {1: "x and [...]", 2: "[...] and y"}, []),
}


@pytest.mark.parametrize("name", CLOZES)
def test_a_cloze_number_is_a_card(learner: Collection, tmp_path: Path, name: str) -> None:
    """History follows the number: a new one is a new card, a removed one a dead card, a moved one a wrong history."""
    text, fronts, dead = CLOZES[name]
    take(learner, pack(tmp_path / "1.apkg", [Row("a", ("{{c1::x}} and {{c2::y}}", ""))], CLOZE))
    study_all(learner)
    before = schedules(learner)
    assert take(learner, pack(tmp_path / "2.apkg", [Row("a", (text, ""), LATER)], CLOZE)) == {"updated": 1}
    assert {card: schedules(learner)[card] for card in before} == before
    seen = _fronts(learner, "a")
    assert seen.keys() == fronts.keys()
    assert all(seen[number].startswith(front) for number, front in fronts.items())
    ordinals = {card.id: card.ord + 1 for card in by_guid(learner, "a").cards()}
    empty = [ordinals[id] for note in learner.get_empty_cards().notes for id in note.card_ids]  # type: ignore[index]
    assert empty == dead


def test_a_card_comes_even_if_its_note_is_skipped(learner: Collection, tmp_path: Path) -> None:
    """A number added while the learner's own edit is newer gives a card with nothing to ask, after every import."""
    take(learner, build_deck(tmp_path, deck({"one": cloze("{{c1::x}} and y")})).package)
    touch(learner, "one", LATER + DAY)
    update = build_deck(tmp_path, deck({"one": cloze("{{c1::x}} and {{c2::y}}")}), LATER).package
    for _ in range(2):
        assert take(learner, update) == {"duplicate": 1}
        (empty,) = learner.get_empty_cards().notes
        assert list(empty.card_ids) == [card_of(learner, "one", 1).id]
        learner.remove_cards_and_orphaned_notes(empty.card_ids)


@pytest.mark.skipif(ANKI < (25, 2), reason="up to 24.11 an update is stamped with the time of its import")
def test_the_reverse_card_comes_and_goes(learner: Collection, tmp_path: Path) -> None:
    """`reverse` set later adds a card. Removed, it leaves a dead one; set again, the old history is back."""
    notes = [deck({"one": question(reverse=reverse)}) for reverse in (False, True, False, True)]
    take(learner, build_deck(tmp_path, notes[0]).package)
    study_all(learner)
    first = schedules(learner)
    assert faults(learner) == ""
    take(learner, build_deck(tmp_path, notes[1], LATER).package)
    assert schedules(learner).items() > first.items()
    study_all(learner)
    both = schedules(learner)
    assert len(both) == 2
    take(learner, build_deck(tmp_path, notes[2], LATER + DAY).package)
    assert [list(note.card_ids) for note in learner.get_empty_cards().notes] == [[card_of(learner, "one", 1).id]]
    take(learner, build_deck(tmp_path, notes[3], LATER + 2 * DAY).package)
    assert not learner.get_empty_cards().notes
    assert schedules(learner) == both


@pytest.mark.parametrize("name", ["_own.css", "own.png"])
def test_a_media_file_is_never_overwritten(learner: Collection, tmp_path: Path, name: str) -> None:
    """An existing file keeps its bytes: the new one gets another name, or is dropped if its name starts with "_"."""
    for number, data in enumerate((b"old", b"new")):
        (tmp_path / name).write_bytes(data)
        rows = [Row("a", ("One", f'<img src="{name}">'), FIRST + number)]
        take(learner, pack(tmp_path / f"{number}.apkg", rows, media=[tmp_path / name]))
    folder = Path(learner.media.dir())
    assert (folder / name).read_bytes() == b"old"
    others = [path.read_bytes() for path in folder.iterdir() if path.name != name]
    assert others == ([] if name.startswith("_") else [b"new"])
