"""Tags of an adopted deck without its id, as learners have them: who may have them, and what a later change does."""

import json
from pathlib import Path
from typing import Any

import pytest

from cuedeck.history.lock import Adoption, Lock
from cuedeck.history.lockfile import read_lock
from cuedeck.importing.reading import Wanted
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.pages.edition import Download, Edition
from cuedeck.problems import Problems
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from cuedeck.usecases.diff import diff
from cuedeck.usecases.importing import Options, import_deck
from tests.anki.packages import DECK, Row, pack
from tests.earlier import in_first_form
from tests.making import DAY, FIRST, build_deck, deck, keys_met, question, release_deck, write
from tests.running import output_of

pytestmark = pytest.mark.usefixtures("folder")

CARDS, LOCK = Path("cards.yaml"), Path("cards.lock")
RENAMED = "tags-renamed:deck"
ROWS = [Row("g1", ("What?", "That"), tags=("A:B", "t", "marked")), Row("g2", ("Who?", "She"), tags=("T",))]


def data(as_written: bool = True, **about: Any) -> dict[str, Any]:
    """Return a deck that continues the old package. Only tags as they are written may contain a single colon."""
    notes = {
        "what": question("What?", "That", tags=["A:B", "t"] if as_written else ["t"], guid="g1"),
        "who": question("Who?", "She", guid="g2"),
    }
    key = {"tags_as_written": "true"} if as_written else {}
    return deck(notes, sources={}, title=DECK, license="CC0", **{**key, "tags": ["T"], **about})


def adopted(as_written: bool = True) -> None:
    """Adopt the old package with a deck."""
    pack(Path("old.apkg"), ROWS)
    adopt(Path("old.apkg"), write(Path(), data(as_written)), at=FIRST)


def known() -> Lock:
    """Return the lock."""
    lock = read_lock(LOCK)
    assert lock is not None
    return lock


def met() -> tuple[set[str], tuple[str, ...]]:
    """Return the keys of the hazards of cards.yaml that concern learners, and what those with a draft read."""
    done = diff(None if known().releases else Path("old.apkg"), CARDS)
    return {hazard.key for hazard in done.hazards}, done.drafts


def packed(path: str) -> dict[str, tuple[str, ...]]:
    """Return the tags of the notes in a package, by their guids."""
    snapshot = read_snapshot(read_members(Path(path)), Path(path))
    return {guid: note.tags for guid, note in sorted(snapshot.notes.items())}


def test_learners_get_the_tags_that_they_have(folder: Path) -> None:
    """A package has them as they are written, which the lock and the package say; those that Anki itself uses go."""
    adopted()
    (line,) = [json.loads(each) for each in LOCK.read_text(encoding="utf-8").splitlines() if '"adopted"' in each]
    assert line == {"adopted": "old.apkg", "day": "2023-11-14", "tags_as_written": True}
    assert LOCK.read_text(encoding="utf-8").startswith('{"cuedeck": 3,')
    build(CARDS, at=FIRST + DAY)
    assert packed("decks/small.apkg") == {"g1": ("T", "A:B", "t"), "g2": ("T",)}
    changes = diff(Path("old.apkg"), CARDS).changes.notes
    assert [(note.tags_added, note.tags_removed) for note in changes] == [(("T",), ("marked",)), ((), ())]


def test_the_bridge_leaves_tags_alone(folder: Path) -> None:
    """Except for those that say how the owner studies."""
    adopted()
    assert packed("decks/small-bridge.apkg") == {"g1": ("A:B", "t"), "g2": ("T",)}


def test_import_writes_what_anki_makes_of_tags(folder: Path) -> None:
    """Learners have these, and not what another tool wrote into the package."""
    pack(Path("old.apkg"), [Row("g1", ("What?", "That"), tags=("a::", "x\u00a0y", "\u2003e\u0301", "LEECH", "true"))])
    done = import_deck(Path("old.apkg"), Path("out"), Options(Wanted()))
    assert (done.is_lossy, done.notes[0].tags) == (False, ("a::blank", "x\u00a0y", "é", "true"))
    assert 'tags: [a::blank, "x\\u00a0y", é, "true"]' in done.text
    assert SAID[True] in output_of("adopt", "old.apkg", "out/cards.yaml")[1]
    built = build(Path("out/cards.yaml"), at=FIRST + DAY)
    assert packed(built.package.as_posix()) == {"g1": ("a::blank", "x\u00a0y", "é", "true")}


SAID = {
    True: "learners keep all tags as they are",
    False: 'learners who search for "A:B" find "small::A:B" instead; to keep the tags as they are, write '
    '"tags_as_written: true" below "deck:" before the first release',
}


@pytest.mark.parametrize("as_written", SAID)
def test_adopt_says_what_becomes_of_tags(as_written: bool, folder: Path) -> None:
    """Also how they can stay."""
    pack(Path("old.apkg"), ROWS)
    write(Path(), data(as_written))
    assert f"{SAID[as_written]}\n" in output_of("adopt", "old.apkg")[1]


def test_adopt_names_notes_that_lose_tags(folder: Path) -> None:
    """Capitals do not matter, since Anki ignores them in tags."""
    pack(Path("old.apkg"), ROWS)
    lacking = data(tags=["t"])
    lacking["concepts"]["idea"]["notes"]["what"]["tags"] = ["T"]
    write(Path(), lacking)
    said = 'which is named below\n1 note lacks tags that learners have: what; write in "tags:" what they should keep\n'
    assert said.partition("\n")[2] in output_of("adopt", "old.apkg")[1]


UNADOPTED = {"nothing built": False, "a draft": True}


@pytest.mark.parametrize("has_lock", UNADOPTED.values(), ids=UNADOPTED)
def test_the_key_is_refused_before_a_package_is_adopted(has_lock: bool, folder: Path) -> None:
    """A check only warns if adopt is the next step. One message says so, and none about each note."""
    if has_lock:
        build_deck(Path(), data(False))
    write(Path(), data())
    hint = "run cuedeck adopt with the package that learners have"
    for words in (("check",), ("build",), ("release", "1.0.0")):
        code, _, problems = output_of(*words)
        stops = has_lock or words != ("check",)
        assert code == int(stops)
        assert f"cards.yaml:6:20: {'error' if stops else 'warning'}: tags stay as they are written only" in problems
        assert (hint in problems, "cards.lock.old, and run" in problems) == (True, has_lock)
        assert "[not-adopted]" not in problems
    LOCK.rename("cards.lock.old") if has_lock else None
    pack(Path("old.apkg"), ROWS)
    assert [output_of(*words)[0] for words in (("adopt", "old.apkg"), ("build",))] == [0, 0]


def test_a_released_deck_of_its_own_cannot_have_the_key(folder: Path) -> None:
    """Its learners have the tags with the id of the deck, so the way out is to remove the line."""
    plain = deck({"one": question(tags=["t"])}, sources={})
    release_deck(Path(), plain)
    write(Path(), deck({"one": question(tags=["t"])}, sources={}, tags_as_written="true"))
    code, _, problems = output_of("build")
    assert code == 1
    assert (
        '    remove "tags_as_written: true": learners have the tags with the id of the deck before them\n' in problems
    )


def test_until_the_first_release_learners_have_the_tags_of_the_package(folder: Path) -> None:
    """So the line may be added, also to a lock from before there was the key; it may not be removed."""
    adopted(as_written=False)
    build(CARDS, at=FIRST + DAY)
    write(Path(), data(True))
    assert met()[0] == set()
    build(CARDS, at=FIRST + 2 * DAY)
    in_first_form(LOCK)
    assert known().adoptions == ()
    build(CARDS, at=FIRST + 3 * DAY)
    LOCK.unlink()
    adopted(as_written=True)
    build(CARDS, at=FIRST + 4 * DAY)
    write(Path(), data(False))
    assert met()[0] == {RENAMED}
    with pytest.raises(Problems, match="tags-renamed"):
        build(CARDS, at=FIRST + 5 * DAY)


@pytest.mark.parametrize("as_written", [True, False], ids=["as written", "with the id"])
def test_after_a_release_every_change_is_a_hazard(as_written: bool, folder: Path) -> None:
    """In both directions, until it is accepted. All notes with tags are replaced then, and the next release has it."""
    adopted(as_written)
    release_deck(Path(), data(as_written), FIRST + DAY)
    lock = known()
    assert (lock.releases[-1].tags_as_written, lock.tags_as_written) == (as_written, as_written)
    write(Path(), data(not as_written))
    hazards, drafts = met()
    assert (hazards, drafts) == ({RENAMED}, ())
    code, _, problems = output_of("build")
    back = 'remove "tags_as_written: true"' if not as_written else 'put "tags_as_written: true" back below "deck:"'
    assert (code, f"    {back}\n" in problems) == (1, True)
    built = build(CARDS, at=FIRST + 2 * DAY, accept=[RENAMED]).build
    assert built.counts == {"changed": 2}
    release_deck(Path(), data(not as_written), FIRST + 3 * DAY, "2.0.0")
    assert met() == (set(), ())
    write(Path(), data(as_written))
    assert met()[0] == {RENAMED}


def test_another_draft_is_told_to_those_who_have_a_draft(folder: Path) -> None:
    """Learners have no draft, so they are not concerned."""
    adopted(as_written=False)
    build(CARDS, at=FIRST + DAY)
    write(Path(), data(True))
    done = diff(Path("decks/small.apkg"), CARDS)
    assert (done.hazards, [each.partition(":")[0] for each in done.drafts]) == (
        (),
        ['all tags of the deck have new names, such as "T", which was "small'],
    )


def test_another_id_of_the_deck_changes_no_tag_as_written(folder: Path) -> None:
    """All other tags begin with it."""
    adopted()
    release_deck(Path(), data(), FIRST + DAY)
    write(Path(), data(id="other"))
    assert met()[0] == set()
    assert build(CARDS, at=FIRST + 2 * DAY).build.counts == {"unchanged": 2}


@pytest.mark.parametrize("released", [True, False], ids=["release", "draft"])
def test_a_lost_lock_comes_back(released: bool, folder: Path) -> None:
    """The package says how its tags are, so nothing changes for anybody; and a change is a hazard as before."""
    adopted()
    if released:
        release_deck(Path(), data(), FIRST + DAY)
    build(CARDS, at=FIRST + 2 * DAY)
    package = Path("decks/small.apkg")
    before = package.read_bytes()
    LOCK.unlink()
    adopt(package, CARDS, at=FIRST + 3 * DAY)
    lock = known()
    assert (lock.adoptions, lock.tags_as_written) == ((Adoption("small.apkg", "2023-11-17", True),), True)
    assert build(CARDS, at=FIRST + 9 * DAY).build.counts == {"unchanged": 2}
    assert package.read_bytes() == before
    write(Path(), data(False))
    with pytest.raises(Problems, match="tags-renamed"):
        build(CARDS, at=FIRST + 10 * DAY)


def test_a_package_comes_back_with_its_tags(folder: Path) -> None:
    """Imported, it has the key again; adopted and built, its notes are the same."""
    adopted()
    build(CARDS, at=FIRST + DAY)
    done = import_deck(Path("decks/small.apkg"), Path("out"), Options(Wanted()))
    assert done.tags_as_written
    assert {note.id: {*note.tags} for note in done.notes} == {"what": {"T", "A:B", "t"}, "who": {"T"}}
    adopt(Path("decks/small.apkg"), Path("out/cards.yaml"), at=FIRST + 2 * DAY)
    assert build(Path("out/cards.yaml"), at=FIRST + 3 * DAY).build.counts == {"unchanged": 2}


def test_pages_show_tags_as_they_are(folder: Path) -> None:
    """Also a tag that looks as if it began with the id of the deck."""
    adopted()
    write(Path(), data(tags=["small::T"]))
    package = build(CARDS, at=FIRST + DAY).package
    edition = Edition(read_snapshot(read_members(package), package), Download(0, ""), (), "")
    assert edition.tags == ("small::T",)
    assert output_of("preview", "-o", "preview.html")[0] == 0
    assert '"tags":["small::T","A:B","t"]' in Path("preview.html").read_text(encoding="utf-8")


def test_two_branches_may_adopt(folder: Path) -> None:
    """Git keeps the lines of both, in any order; what is removed afterwards is still a hazard."""
    adopted()
    ours = LOCK.read_text(encoding="utf-8")
    LOCK.unlink()
    adopted(as_written=False)
    theirs = LOCK.read_text(encoding="utf-8")
    found = []
    for texts in ((ours, theirs), (theirs, ours)):
        LOCK.write_text("".join(texts), encoding="utf-8")
        found.append(known())
    assert found[0] == found[1]
    assert found[0].adoptions == (Adoption("old.apkg", "2023-11-14"), Adoption("old.apkg", "2023-11-14", True))
    write(Path(), data(False))
    with pytest.raises(Problems, match="tags-renamed"):
        build(CARDS, at=FIRST + 5 * DAY)


def test_advice_says_nothing_about_tags_that_learners_have(folder: Path) -> None:
    """Another spelling would break their searches."""
    for as_written in (False, True):
        write(Path(), data(as_written))
        assert ("[tag-used-once]" in output_of("check")[2]) != as_written


def test_a_copy_becomes_a_deck_without_them(folder: Path) -> None:
    """Its learners are others, who have none of these tags."""
    write(Path(), data())
    code, _, problems = output_of("fork", "--id", "other", "--title", "Other")
    assert (code, "[fork-with-guid]" in problems, "[fork-with-tags]" in problems) == (1, True, True)


def test_the_file_of_a_package_may_be_called_anything(folder: Path) -> None:
    """Its name is in one line of the lock, whatever it contains."""
    name = 'old\n{"release": 1}\u202e.apkg'
    pack(Path(name), ROWS)
    adopt(Path(name), write(Path(), data()), at=FIRST)
    assert "\n" not in known().adoptions[0].package
    assert keys_met(build(CARDS, at=FIRST + DAY).build.checked) == set()
