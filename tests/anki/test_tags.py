"""Tags without the id of the deck, in the real Anki: what it keeps of a tag, and what learners of an old deck find."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cuedeck.deck.tags import as_kept, separated
from cuedeck.importing.reading import Wanted
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.importing import Options, import_deck
from cuedeck.usecases.rehearse import rehearse
from tests.anki.learner import by_guid, faults, schedules, study_all, take
from tests.anki.packages import DECK, Kind, Row, pack
from tests.deck.test_tags import KEPT, REFUSED, WRITTEN
from tests.making import DAY, FIRST, deck, edit, question, release_deck

if TYPE_CHECKING:
    from anki.collection import Collection

pytestmark = pytest.mark.slow

OLD = {
    "plants": ("A:B", "Y3::Med_A::CCT:LO1", "marked"),
    "animals": ("a,b;c", "(p)", "日本語"),
    "stones": ('say-"x"', "*", "back\\slash", "t"),
    "stars": (),
}


def tags_of(learner: "Collection", guid: str) -> set[str]:
    return {*by_guid(learner, guid).tags}


def found(learner: "Collection", tag: str) -> int:
    """Return how many notes a learner finds who clicks a tag in the browser."""
    from anki.collection import SearchNode

    return len(learner.find_notes(learner.build_search_string(SearchNode(tag=tag))))


def test_anki_keeps_tags_as_we_say(learner: "Collection", folder: Path) -> None:
    """Whatever another tool wrote into its package."""
    tags = [*KEPT, *WRITTEN, *(tag for tag in REFUSED if len(separated(tag)) == 1)]
    take(learner, pack(folder / "x.apkg", [Row(f"g{at}", (f"{at}?", "-"), tags=(tag,)) for at, tag in enumerate(tags)]))
    for at, tag in enumerate(tags):
        wanted = {} if tag.lower() in ("leech", "marked") else {as_kept(tag)}
        assert tags_of(learner, f"g{at}") == {*wanted}, tag


def begin(folder: Path) -> tuple[Path, Path]:
    """Import and adopt a deck with such tags as an author does; return the old package and cards.yaml."""
    rows = [Row(guid, (f"What are {guid}?", "That"), tags=tags) for guid, tags in OLD.items()]
    old = pack(folder / "old.apkg", rows, Kind())
    done = import_deck(old, folder / "out", Options(Wanted()))
    assert (done.is_lossy, done.tags_as_written) == (False, True)
    adopt(old, folder / "out" / "cards.yaml", at=FIRST + DAY)
    return old, folder / "out" / "cards.yaml"


def released(cards: Path, day: int, version: str) -> Path:
    import yaml

    text = yaml.load(cards.read_text(encoding="utf-8"), yaml.BaseLoader)
    done = release_deck(cards.parent, text, FIRST + day * DAY, version)
    return done.build.checked.package_path


def test_learners_find_what_they_found(learner: "Collection", folder: Path) -> None:
    """After the bridge and the first release, every search for a tag finds the same notes, and schedules are kept.

    In later releases a learner's own tags stay on notes that did not change.
    """
    old, cards = begin(folder)
    take(learner, old)
    study_all(learner)
    learner.fix_integrity()
    before = schedules(learner)
    tags = {guid: tags_of(learner, guid) for guid in OLD}
    searches = {tag: found(learner, tag) for each in tags.values() for tag in each}
    assert {*searches.values()} == {1}
    assert take(learner, cards.parent / "decks" / "facts-bridge.apkg") == {"duplicate": len(OLD)}
    assert take(learner, released(cards, 2, "1.0.0"), merge_notetypes=True) == {"updated": len(OLD)}
    assert {guid: tags_of(learner, guid) for guid in OLD} == tags
    assert {tag: found(learner, tag) for tag in searches} == searches
    for guid in ("plants", "stars"):
        note = by_guid(learner, guid)
        note.tags.append("mine")
        learner.update_note(note)
        learner.db.execute("update notes set mod = ? where id = ?", FIRST + 2 * DAY, note.id)
    edit(cards, "q: What are stars?", "q: What are the stars?")
    assert take(learner, released(cards, 3, "1.1.0")) == {"updated": 1, "duplicate": len(OLD) - 1}
    assert tags_of(learner, "plants") == tags["plants"] | {"mine"}
    assert tags_of(learner, "stars") == set()
    assert schedules(learner) == before
    assert faults(learner) == ""


def test_a_rehearsal_plays_the_road(folder: Path) -> None:
    """Every note arrives, nothing is lost, and it names the tags that this one update replaces."""
    old, cards = begin(folder)
    road = rehearse(old, cards)
    assert {fate: len(names) for fate, names in road.fates.items() if names} == {"updated": len(OLD)}
    assert road.lossless, road.findings
    first = released(cards, 2, "1.0.0")
    edit(cards, "q: What are stars?", "q: What are the stars?")
    later = rehearse(first, cards)
    assert {fate: len(names) for fate, names in later.fates.items() if names} == {"updated": 1, "unchanged": 3}
    assert later.lossless, later.findings


def test_accepting_new_names_does_what_the_hazard_says(learner: "Collection", folder: Path) -> None:
    """All notes with tags are replaced, also what learners added to them, and the old names find nothing."""
    notes: dict[str, Any] = {"one": question(tags=["a:b"]), "two": question("Which?")}
    first = folder / "first"
    pack(folder / "old.apkg", [Row("g1", ("What?", "That."), tags=("a:b",))])
    notes["one"]["guid"] = "g1"
    about = {"title": DECK, "sources": {}, "license": "CC0"}
    from tests.making import write

    adopt(folder / "old.apkg", write(first, deck(notes, tags_as_written="true", **about)), at=FIRST)
    package = release_deck(first, deck(notes, tags_as_written="true", **about), FIRST + DAY).build.checked.package_path
    take(learner, package)
    notes["one"]["tags"] = ["b"]
    note = by_guid(learner, "g1")
    note.tags.append("mine")
    learner.update_note(note)
    learner.db.execute("update notes set mod = ? where guid = 'g1'", FIRST + DAY)
    package = release_deck(first, deck(notes, **about), FIRST + 2 * DAY, "2.0.0").build.checked.package_path
    assert take(learner, package) == {"updated": 1, "duplicate": 1}
    assert tags_of(learner, "g1") == {"small::b"}
    assert found(learner, "b") == 0
