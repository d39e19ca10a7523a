"""Going on from a package: a lost lock made anew, and a deck that another tool made."""

import contextlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import genanki
import pytest

from cuedeck.history.lockfile import from_text, read_lock
from cuedeck.package.container import archive
from cuedeck.package.contents import DATABASE
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from cuedeck.usecases.release import release
from tests.anki.learner import collection, note_of, schedules, study_all, take
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, question, release_deck, write
from tests.running import run
from tests.sentences import HANDING_OUT_A_BRIDGE
from tests.tinymedia import put

FILM = {"title": "A film", "url": "https://youtu.be/abcdefghijk", "deck": "Films"}
TWO = {"talk": TALK, "film": FILM}
NOTES: dict[str, Any] = {
    "asked": question("What is hard abandonment?", "An open breakup.", reverse="true", source="talk", tags=["t"]),
    "gaps": cloze("{{c1::Hard}} ends, {{c3::soft}} `x::y` goes \\({{a}}\\) on.", source="film", at="0:10", tags=["t"]),
    "several": question("Where was it said?", "In a talk.", source="talk", at=["0:10", "0:20"]),
}


pytestmark = pytest.mark.usefixtures("folder")


def history() -> dict[str, Any]:
    """Build, release, rename and retire, and return the deck as it is then."""
    old = {
        **NOTES,
        "old": question("Who spoke?", "A lecturer.", source="talk"),
        "gone": question("Why?", source="talk"),
    }
    build_deck(Path(), deck(old, sources=TWO))
    retired = {**old, "gone": {**old["gone"], "retired": "Doubtful"}}
    build_deck(Path(), deck(retired, sources=TWO), FIRST + DAY)
    notes = {**retired, "new": {**old["old"], "was": "old"}}
    del notes["old"]
    build_deck(Path(), deck(notes, sources=TWO), FIRST + 2 * DAY)
    return deck(notes, sources=TWO)


@pytest.mark.parametrize("released", [False, True], ids=["draft", "release"])
def test_a_lost_lock_comes_back_from_the_package(folder: Path, released: bool) -> None:
    """The next build is byte for byte the package, and the lock knows all that it knew, as far as learners go."""
    data = history()
    if released:
        data["check"] = {"ignore": {"note-outside-concept": "The moments matter here, and no concept's span does."}}
        release(write(Path(), data), "1.0.0", at=FIRST + 3 * DAY)
    package = Path("decks/small.apkg")
    before = package.read_bytes()
    lock = from_text(Path("cards.lock").read_text(encoding="utf-8"), "cards.lock")
    Path("cards.lock").unlink()
    done = adopt(package, Path("cards.yaml"))
    assert (done.unchanged, done.changed, done.new, done.left, done.packages) == (4, (), (), (), ())
    assert build(Path("cards.yaml"), at=FIRST + 9 * DAY).build.counts == {"unchanged": 4}
    assert package.read_bytes() == before
    again = from_text(Path("cards.lock").read_text(encoding="utf-8"), "cards.lock")
    assert again.notes["gone"].retired == "Doubtful"
    assert again.notes["gone"].guid == lock.notes["gone"].guid
    assert again.notes["new"].was == ("old",)
    live = [id for id in lock.notes if id != "gone"]
    assert [again.notes[id] for id in live] == [replace(lock.notes[id], content=again.notes[id].content) for id in live]
    # What was in the packages of releases, a package cannot prove of itself.
    releases = tuple(replace(each, files_digest="") for each in lock.releases)
    assert (again.titles, again.types, again.releases) == (lock.titles, lock.types, releases)


def test_what_was_edited_since_is_delivered(folder: Path) -> None:
    """An edit after the package, a new note and a note that is gone are told apart."""
    release_deck(Path(), deck({**NOTES, "gone": question("Why?", source="talk")}, sources=TWO))
    Path("cards.lock").unlink()
    edited = {
        **NOTES,
        "several": question("Where was it said?", "At home.", source="talk"),
        "more": question(source="talk"),
    }
    write(Path(), deck(edited, sources=TWO))
    done = adopt(Path("decks/small.apkg"), Path("cards.yaml"))
    assert (done.unchanged, done.changed, done.new, done.left) == (2, ("several",), ("more",), ("gone",))
    written = build(Path("cards.yaml"), at=FIRST + DAY)
    assert written.build.counts == {"unchanged": 2, "changed": 1, "new": 1}
    assert [problem.rule for problem in written.build.checked.warnings] == ["vanished"]


def test_the_guard_of_cloze_numbers_is_back(folder: Path) -> None:
    """After an adoption, too, an answer that moves to another number is refused."""
    release_deck(Path(), deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}))
    Path("cards.lock").unlink()
    cards = write(Path(), deck({"one": cloze("{{c2::Hard}} is over; {{c1::soft}} goes on.")}))
    adopt(Path("decks/small.apkg"), cards)
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST + DAY)
    assert [problem.rule for problem in caught.value.problems] == ["cloze-moved"]


def made_elsewhere(path: Path) -> None:
    """Write a package as a script with genanki does: with its own two note types and explicit guids."""
    basic = genanki.Model(
        1_111_111_111,
        "Plain",
        fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr>{{Back}}"}],
    )
    made = genanki.Deck(2_222_222_222, "Small")
    for guid, front, due in (("first-guid", "What is it?", 7), ("second-guid", "Why is it?", 2_000_000)):
        made.add_note(genanki.Note(model=basic, fields=[front, "That."], guid=guid, due=due))
    genanki.Package(made).write_to_file(path, timestamp=FIRST)


def test_a_deck_that_another_tool_made_goes_on(folder: Path) -> None:
    """With its guids in cards.yaml the notes are the same to Anki; the author hears how to take learners over."""
    made_elsewhere(Path("old.apkg"))
    notes = {"one": question("What is it?", guid="first-guid"), "two": question("Why is it so?", guid="second-guid")}
    cards = write(Path(), deck(notes))
    result = run("adopt", "old.apkg")
    assert result.exit_code == 0
    assert result.stdout == (
        "cards.lock: 0 notes continue unchanged\n"
        "2 notes differ from the package, and will be updated: one, two\n"
        'note type "Plain": Front becomes Question, Back becomes Answer\n'
        f"{HANDING_OUT_A_BRIDGE}"
    )
    built = build(cards, at=FIRST + DAY).build
    assert {each.known.guid for each in built.notes} == {"first-guid", "second-guid"}
    # Their places among new cards are those that learners have, as Anki imported them.
    assert {each.known.guid: each.due for each in built.notes} == {"first-guid": 7, "second-guid": 999_999}
    assert [each.known.due for each in built.notes] == [7, 999_999]


def test_a_card_that_was_studied_has_no_place_among_new_ones(folder: Path) -> None:
    """An export with the owner's progress has a day there, so the note gets its place from the talk."""
    made_elsewhere(Path("old.apkg"))
    files = dict(read_members(Path("old.apkg")))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files[DATABASE])
        connection.execute("update cards set type = 2, queue = 2 where due = 7")
        connection.commit()
        Path("old.apkg").write_bytes(archive({**files, DATABASE: connection.serialize()}))
    notes = {"one": question("What is it?", guid="first-guid"), "two": question("Why is it?", guid="second-guid")}
    cards = write(Path(), deck(notes))
    assert run("adopt", "old.apkg").exit_code == 0
    lock = read_lock(Path("cards.lock"))
    assert lock
    assert [lock.notes[id].due for id in ("one", "two")] == [None, 999_999]
    assert [each.due for each in build(cards, at=FIRST + DAY).build.notes] == [499_999, 999_999]


def test_one_note_is_told_as_one(folder: Path) -> None:
    """One note that continues, one that is new and one that is left are reported in the singular."""
    build_deck(Path(), deck({"one": question(), "two": question("Why?", "So.")}))
    Path("cards.lock").unlink()
    write(Path(), deck({"one": question(), "new": question("When?", "Then.")}))
    result = run("adopt", "decks/small.apkg")
    assert result.stdout == (
        "cards.lock: 1 note continues unchanged\n"
        "1 note is not in the package, and will be new: new\n"
        "1 note is only in the package, and stays with learners: two\n"
    )


def test_a_bridge_takes_no_deck_s_place(folder: Path) -> None:
    """Where another deck is called as the bridge would be, nothing is written."""
    made_elsewhere(Path("old.apkg"))
    build_deck(Path("other"), deck({"one": question()}, id="small-bridge", namespace="stranger"))
    Path("decks").mkdir()
    before = Path("other/decks/small-bridge.apkg").rename("decks/small-bridge.apkg").read_bytes()
    write(Path(), deck({"one": question(guid="first-guid")}))
    with pytest.raises(Problems) as caught:
        adopt(Path("old.apkg"), Path("cards.yaml"))
    assert [problem.rule for problem in caught.value.problems] == ["package-of-another-deck"]
    assert Path("decks/small-bridge.apkg").read_bytes() == before
    assert not Path("cards.lock").exists()


# Name: what is done to the database of a package, and its list of media files.
HALF: dict[str, tuple[str, bytes]] = {
    "a column is gone": ("drop index ix_notes_csum; alter table notes drop column csum", b"{}"),
    "a number that nobody can store": (
        "update col set models = replace(models, '\"req\": [[0', '\"req\": [[1e999')",
        b"{}",
    ),
    "no list of media": ("", b"\n\x07dot.png"),
}


@pytest.mark.parametrize(("statements", "media"), HALF.values(), ids=HALF)
def test_a_package_that_is_not_whole_makes_no_bridge(folder: Path, statements: str, media: bytes) -> None:
    """A sentence says what can be read but not copied, and nothing is written."""
    made_elsewhere(Path("old.apkg"))
    members = {**read_members(Path("old.apkg")), "media": media}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(members[DATABASE])
        connection.executescript(statements)
        connection.commit()
        members[DATABASE] = connection.serialize()
    Path("old.apkg").write_bytes(archive(members))
    write(Path(), deck({"one": question(guid="first-guid")}))
    with pytest.raises(Problems) as caught:
        adopt(Path("old.apkg"), Path("cards.yaml"))
    assert [problem.rule for problem in caught.value.problems] == ["no-package"]
    assert not Path("cards.lock").exists()


TEXTS = {
    "shown": "What is it? ![it](media/a.png)",
    "played": "![its sound](media/b.mp3)",
    "both": "![it](media/a.png){width=50%} ![its sound](media/b.mp3)",
}


def with_files(**more: Any) -> dict[str, Any]:
    return deck({id: question(text) for id, text in TEXTS.items()} | more)


@pytest.mark.parametrize("released", [False, True], ids=["draft", "release"])
def test_a_lost_lock_of_a_deck_with_pictures_comes_back(folder: Path, released: bool) -> None:
    """The same lock, even if a file was moved meanwhile."""
    put(folder, a_png="a", b_mp3="b")
    (release_deck if released else build_deck)(folder, with_files())
    lock = Path("cards.lock")
    before = from_text(lock.read_text(encoding="utf-8"), "cards.lock")
    lock.unlink()
    Path("media/a.png").rename("media/moved.png")
    cards = Path("cards.yaml")
    cards.write_text(cards.read_text(encoding="utf-8").replace("media/a.png", "media/moved.png"), encoding="utf-8")
    result = run("adopt", "decks/small.apkg")
    assert (result.stdout, result.stderr) == ("cards.lock: 3 notes continue unchanged\n", "")
    again = from_text(lock.read_text(encoding="utf-8"), "cards.lock")
    assert (again.notes, again.types) == (before.notes, before.types)
    assert build(cards, at=FIRST + 9 * DAY).build.counts == {"unchanged": 3}


def test_other_bytes_since_the_package_are_delivered(folder: Path) -> None:
    """Every note that shows the picture counts as edited."""
    put(folder, a_png="a", b_mp3="b")
    build_deck(folder, with_files())
    Path("cards.lock").unlink()
    put(folder, a_png="other")
    done = adopt(Path("decks/small.apkg"), Path("cards.yaml"))
    assert (done.unchanged, done.changed, done.renamed) == (1, ("shown", "both"), ())


def test_names_that_anki_gave_are_told_once(folder: Path) -> None:
    """A learner who had other files of these names has ours under longer ones, which the next update replaces."""
    put(folder, a_png="a", b_mp3="b")
    files = dict(build_deck(folder, with_files()).build.members)
    names = json.loads(files["media"])
    longer = {name: f"-{'0123456789' * 4}.".join(name.split(".")) for name in names.values() if name[0] != "_"}
    files["media"] = json.dumps({member: longer.get(name, name) for member, name in names.items()}).encode()
    files |= {number: Path("media", name).read_bytes() for number, name in paths_of(files).items()}
    exported = with_names_in(files, longer)
    del exported["cuedeck.json"]
    Path("exported.apkg").write_bytes(archive(exported))
    Path("cards.lock").unlink()
    result = run("adopt", "exported.apkg")
    assert result.stderr == ""
    assert result.stdout == (
        "cards.lock: 0 notes continue unchanged\n"
        "3 notes differ from the package, and will be updated: shown, played, both\n"
        "3 of the notes to be updated differ only in the names of pictures and sounds, which now come from their "
        "contents: shown, played, both\n"
    )
    assert build(Path("cards.yaml"), at=FIRST + DAY).build.counts == {"changed": 3}
    assert build(Path("cards.yaml"), at=FIRST + 2 * DAY).build.counts == {"unchanged": 3}


def test_a_renamed_note_is_known_again_without_a_manifest(folder: Path) -> None:
    """As in a package that a learner exports from Anki: by the guid, which still comes from the former id."""
    build_deck(Path(), history())
    package = Path("decks/small.apkg")
    exported = {name: data for name, data in read_members(package).items() if name != "cuedeck.json"}
    Path("exported.apkg").write_bytes(archive(exported))
    Path("cards.lock").unlink()
    package.unlink()
    adopt(Path("exported.apkg"), Path("cards.yaml"))
    lock = read_lock(Path("cards.lock"))
    assert lock
    assert lock.notes["new"].was == ("old",)
    assert build(Path("cards.yaml"), at=FIRST + 9 * DAY).build.counts["unchanged"] == 4


def paths_of(files: dict[str, Any]) -> dict[str, str]:
    """Return the file of each numbered member."""
    return {
        member: files[member].path.removeprefix("media/")
        for member in json.loads(files["media"])
        if not isinstance(files[member], bytes)
    }


def with_names_in(files: dict[str, Any], names: dict[str, str]) -> dict[str, bytes]:
    """Return the files of a package with other names in the fields of its notes."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files[DATABASE])
        for old, new in names.items():
            connection.execute("update notes set flds = replace(flds, ?, ?)", (old, new))
        connection.commit()
        return {**files, DATABASE: connection.serialize()}


def test_what_a_package_lacks_is_a_warning(folder: Path) -> None:
    """Nothing stops, since a learner who exported it may have deleted the file; the author hears of it."""
    put(folder, a_png="a", b_mp3="b")
    files = dict(read_members(build_deck(folder, with_files()).package))
    (sound,) = (member for member, name in json.loads(files["media"]).items() if name.endswith("mp3"))
    name = json.loads(files["media"])[sound]
    files["media"] = json.dumps({m: n for m, n in json.loads(files["media"]).items() if m != sound}).encode()
    Path("exported.apkg").write_bytes(archive(files))
    Path("cards.lock").unlink()
    result = run("adopt", "exported.apkg")
    assert (result.exit_code, result.stdout) == (0, "cards.lock: 3 notes continue unchanged\n")
    assert result.stderr == (
        f"exported.apkg: warning: 1 file that notes of the package show or play is not in it: {name} "
        "[file-not-packed]\n"
        "    if learners lack them, too, change the words in the brackets of these pictures: the next release then "
        "brings the files\n"
    )


def test_a_learner_of_the_lost_lock_goes_on_too(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing is delivered twice after the adoption: only the edit arrives, and all progress is kept."""
    build_deck(Path(), deck(NOTES, sources=TWO))
    with collection(tmp_path_factory.mktemp("learner")) as learner:
        take(learner, Path("decks/small.apkg"))
        study_all(learner)
        before = schedules(learner)
        Path("cards.lock").unlink()
        cards = write(Path(), deck(NOTES, sources=TWO))
        adopt(Path("decks/small.apkg"), cards)
        edited = {**NOTES, "several": question("Where was it said?", "At home.", source="talk", at=["0:10", "0:20"])}
        package = build(write(Path(), deck(edited, sources=TWO)), at=FIRST + DAY).package
        assert take(learner, package) == {"updated": 1, "duplicate": 2}
        assert note_of(learner, "several")["Answer"] == "At home."
        assert schedules(learner) == before


WRONG: dict[str, tuple[str, str]] = {
    "lock is there": (
        "small.apkg",
        "it records drafts that were built before the package was taken over [lock-exists]",
    ),
    "no file": ("missing.apkg", "there is no such file [no-file]"),
    "another deck": ("strange.apkg", "none of its notes are in cards.yaml [another-deck]"),
}


@pytest.mark.parametrize(("package", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_adopted_is_told(folder: Path, package: str, said: str) -> None:
    """Nothing is written if there is already a lock, or if the package has nothing to do with the cards."""
    build_deck(Path("strange"), deck({"one": question()}, namespace="stranger")).package.rename("strange.apkg")
    build_deck(Path(), deck({"one": question()})).package.rename("small.apkg")
    lock = Path("cards.lock")
    before = lock.read_bytes()
    if package != "small.apkg":
        lock.unlink()
    with pytest.raises(Problems) as caught:
        adopt(Path(package), Path("cards.yaml"))
    assert said in str(caught.value)
    assert not lock.exists() or lock.read_bytes() == before


@pytest.mark.hostile
@pytest.mark.parametrize("spoil", [{"retired": 7}, {"renamed": []}, {"last_release": {"version": "1"}}, {"deck": None}])
def test_a_manifest_that_lies_brings_nobody_down(folder: Path, spoil: dict[str, Any]) -> None:
    """A strange value in the manifest is ignored or reported in a sentence; there is no traceback."""
    members = dict(build_deck(Path(), deck({"one": question()})).build.members)
    members["cuedeck.json"] = json.dumps({**json.loads(members["cuedeck.json"]), **spoil}).encode()
    Path("spoilt.apkg").write_bytes(archive(members))
    Path("cards.lock").unlink()
    with contextlib.suppress(Problems):
        adopt(Path("spoilt.apkg"), Path("cards.yaml"))


def test_cards_that_are_gone_are_known_again(folder: Path) -> None:
    """Learners keep the card of a removed deletion; the package has no row for it, but it is protected nevertheless."""
    release_deck(Path(), deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}))
    gone = deck({"one": cloze("{{c1::Hard}} is over; soft goes on.")})
    lock = release_deck(Path(), gone, FIRST + DAY, "1.1.0").build.lock
    Path("cards.lock").unlink()
    cards = write(Path(), gone)
    assert adopt(Path("decks/small.apkg"), cards).lock.notes == lock.notes
    write(Path(), deck({"one": cloze("{{c1::Hard}} is over; soft {{c2::lasts}}.")}))
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST + 2 * DAY)
    assert [problem.rule for problem in caught.value.problems] == ["cloze-replaced"]
