"""The main source is that of the last release, wherever it is in the file, and whatever its name is by then."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuedeck.history.lockfile import from_text, read_lock
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.pages.edition import Download, Edition
from cuedeck.problems import Problems
from cuedeck.rendering import fields
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import Written, build
from cuedeck.usecases.diff import diff
from cuedeck.usecases.fork import fork
from cuedeck.usecases.release import Released, release
from tests.earlier import first_version, in_first_form
from tests.making import DAY, FIRST, TALK, checked, deck, edit, question, write
from tests.running import git, run
from tests.sentences import to_learners

pytestmark = pytest.mark.usefixtures("folder")

FILM = {"title": "A film", "author": "F. Maker", "url": "https://youtu.be/abcdefghijk"}
BOOK = {"title": "A reading", "author": "R. Eader", "url": "https://example.org/book.mp3"}
ALL = {"talk": TALK, "film": FILM, "book": BOOK}
CARDS = Path("cards.yaml")
LOCK = Path("cards.lock")
PACKAGE = Path("decks/small.apkg")

# By the source that each comes from: two of the talk, one of them with a second moment, and two of the film.
NOTES: dict[str, Any] = {
    "talk-one": question("What is a term?", "A word.", source="talk"),
    "talk-two": question("Who spoke first?", "The host.", source="talk", at=["00:46", "01:32"]),
    "film-one": question("Where was it filmed?", "At a zoo.", source="film"),
    "film-two": question("Which season does the camera show?", "Spring.", source="film", at="00:20"),
}


def sources(*names: str, **more: Any) -> dict[str, Any]:
    """Return sources in this order, each as it is in `more`, else as it is in `ALL`."""
    return {name: more.get(name, ALL.get(name)) for name in names}


def data(
    in_order: dict[str, Any], notes: dict[str, Any] = NOTES, ignore: Iterable[str] = (), **about: Any
) -> dict[str, Any]:
    """Return a deck of sources, with those notes that come from one of them; `ignore` is advice that it makes.

    Notes of the talk come from whatever source has its title.
    """
    called = {id if each["title"] != TALK["title"] else "talk": id for id, each in in_order.items()}
    named = {id: {**note, "source": called[note["source"]]} for id, note in notes.items() if note["source"] in called}
    made = deck(named, sources=in_order, author="A. Writer", license="CC0", **about)
    made["concepts"]["idea"]["at"] = "00:10-02:00"
    unused = {*in_order} - {note["source"] for note in named.values()}
    ignored = (*ignore, *(f"chapter-without-notes in {id}" for id in sorted(unused)))
    return {**made, "check": {"ignore": dict.fromkeys(ignored, "It is meant so.")}} if ignored else made


def hand_out(source: dict[str, Any], version: str = "1.0.0", day: int = 0, *accept: str) -> Released:
    return release(write(Path(), source), version, accept, FIRST + day * DAY)


def drafted(source: dict[str, Any], day: int = 1, accept: Iterable[str] = ()) -> Written:
    return build(write(Path(), source), at=FIRST + day * DAY, accept=[*accept])


def changed(written: Written) -> set[str]:
    return {each.known.id for each in written.build.notes if each.status != "unchanged"}


def kept() -> tuple[str, str] | None:
    """Return the id and the address of the main source in the lock; None if it names none."""
    lock = read_lock(LOCK)
    assert lock
    return (lock.main.id, lock.main.address) if lock.main else None


def output_of(written: Written) -> list[str]:
    return [problem.rule for problem in written.warnings]


def listed() -> list[str]:
    return [each.title for each in read_snapshot(read_members(PACKAGE), PACKAGE).manifest.sources]


def test_before_the_first_release_the_first_source_is_the_main_one() -> None:
    """Drafts are free: nothing is kept, and the lock is in the first format."""
    assert drafted(data(sources("talk", "film")), 0).build.checked.deck.main_source.id == "talk"  # type: ignore[union-attr]
    written = drafted(data(sources("film", "talk")))
    assert written.build.checked.deck.main_source.id == "film"  # type: ignore[union-attr]
    assert changed(written) == {*NOTES}
    assert kept() is None
    assert LOCK.read_text(encoding="utf-8").startswith('{"cuedeck": 1,')


def test_a_release_keeps_it_in_the_lock() -> None:
    """By id and address, in the second format."""
    hand_out(data(sources("talk", "film")))
    head = json.loads(LOCK.read_text(encoding="utf-8").splitlines()[0])
    assert head["cuedeck"] == 2
    assert head["main"] == {"id": "talk", "address": TALK["url"]}


@pytest.mark.parametrize("order", [("film", "talk"), ("book", "talk", "film"), ("film", "book", "talk")])
def test_another_source_put_first_changes_no_note(order: tuple[str, ...]) -> None:
    """Nor the note types; the manifest names the main source first, and the next release has it still."""
    hand_out(data(sources("talk", "film")))
    more = {"new": question("What is new?", "This.", source=order[0])}
    written = drafted(data(sources(*order), {**NOTES, **more}))
    assert changed(written) == {"new"}
    assert {each.status for each in written.build.types} == {"unchanged"}
    assert (output_of(written), kept()) == ([], ("talk", TALK["url"]))
    assert listed() == [ALL[each]["title"] for each in ("talk", *(each for each in order if each != "talk"))]
    done = hand_out(data(sources(*order), {**NOTES, **more}), "1.1.0", 2)
    assert {each.id for each in diff(Path("decks/small-1.0.0.apkg"), PACKAGE).changes.reportable} == {"new"}
    assert {each.status for each in done.build.notes} == {"unchanged"}
    assert kept() == ("talk", TALK["url"])


@settings(max_examples=30)
@given(order=st.permutations(sorted(ALL)), after=st.permutations(sorted(ALL)))
def test_the_order_of_sources_changes_no_note(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], after: list[str]
) -> None:
    """Whichever was first at the release, and with a lock of version 1.0.0 as well."""
    folder = tmp_path_factory.mktemp("deck")
    notes = {**NOTES, "book-one": question("Who reads it?", "The writer.", source="book")}
    cards = write(folder, data(sources(*order), notes))
    release(cards, "1.0.0", at=FIRST)
    lock = folder / "cards.lock"
    first = re.sub(r', "(members": "[0-9a-f]+"|main": {[^}]+})', "", lock.read_text(encoding="utf-8"))
    for text in (lock.read_text(encoding="utf-8"), first.replace('{"cuedeck": 2', '{"cuedeck": 1')):
        lock.write_text(text, encoding="utf-8")
        found = checked(write(folder, data(sources(*after), notes)))
        assert found.deck.main_source == found.deck.sources[order[0]]
        assert {note.id: note.content for note in found.notes} == {id: each.content for id, each in found.known.items()}


def test_the_site_of_a_release_whose_main_source_is_not_first() -> None:
    """It names the main source first, and each timeline has the notes of its source."""
    hand_out(data(sources("talk", "film")))
    more = {"new": question("What is new?", "This.", source="book")}
    hand_out(data(sources("book", "film", "talk"), {**NOTES, **more}), "1.1.0", 1)
    snapshot = read_snapshot(read_members(PACKAGE), PACKAGE)
    edition = Edition(snapshot, Download(0, ""), (), "")
    assert edition.summary.endswith("from 3 recordings.")
    found = {each.source.title: each.notes for each in edition.timelines}
    assert found == {"A talk": 2, "A reading": 1, "A film": 2}


def test_a_renamed_source_is_found_by_its_address() -> None:
    """And the lock learns the new id, so that the address may move next."""
    hand_out(data(sources("talk", "film")))
    renamed = {"film": FILM, "lecture": TALK}
    written = drafted(data(renamed))
    assert (changed(written), output_of(written), kept()) == (set(), [], ("lecture", TALK["url"]))
    moved = {"film": FILM, "lecture": {**TALK, "url": "https://example.org/moved"}}
    written = drafted(data(moved), 2)
    assert changed(written) == {"talk-two"}  # its second link is in the note
    assert (output_of(written), kept()) == (["link-changed"], ("lecture", "https://example.org/moved"))


def test_a_moved_source_is_found_by_its_id() -> None:
    """And the lock learns the new address, so that the source may be renamed next."""
    hand_out(data(sources("talk", "film")))
    moved = {**TALK, "url": "https://example.org/moved"}
    written = drafted(data({"film": FILM, "talk": moved}))
    assert (changed(written), kept()) == ({"talk-two"}, ("talk", moved["url"]))
    written = drafted(data({"film": FILM, "lecture": moved}), 2)
    # The second moment of a note has its address in the note, and that is another one since the release.
    assert (changed(written), output_of(written), kept()) == (set(), ["link-changed"], ("lecture", moved["url"]))


def test_both_at_once_is_told_by_its_notes() -> None:
    """Where most notes stay as learners have them, it is the same one."""
    more = {**NOTES, "talk-three": question("Why do birds sing?", "To be heard.", source="talk")}
    hand_out(data(sources("talk", "film"), more))
    both = {"film": FILM, "lecture": {**TALK, "url": "https://example.org/moved"}}
    written = drafted(data(both, more))
    assert (changed(written), output_of(written)) == ({"talk-two"}, ["link-changed"])
    assert kept() == ("lecture", "https://example.org/moved")


GONE = "main-source-gone"
ACCEPTED = f"{GONE}:talk"


def test_both_at_once_and_every_note_edited_is_a_hazard() -> None:
    """Then nothing shows that it is the same one."""
    hand_out(data(sources("talk", "film")))
    both = {"film": FILM, "lecture": {**TALK, "url": "https://example.org/moved"}}
    edited = {id: {**note, "extra": "More."} if id.startswith("talk") else note for id, note in NOTES.items()}
    written = drafted(data(both, edited))
    assert output_of(written).count(GONE) == 1
    assert changed(written) == {*NOTES}


def test_a_main_source_taken_out_is_a_hazard_until_the_release() -> None:
    """Each draft reports it, even if the author continues; a release has to accept it, and keeps the new one."""
    hand_out(data(sources("talk", "film")))
    without = data(sources("film"))
    result = run("check", write(Path(), without))
    assert result.exit_code == 0
    assert re.search(r'warning: .*"talk".*"film".*\(2, .*"film-one"\).* \[main-source-gone\]\n', result.output)
    assert "add: --accept main-source-gone:talk --accept vanished:talk-one" in result.output
    for day in (1, 2):
        written = drafted(without, day)
        assert GONE in output_of(written)
        assert kept() == ("talk", TALK["url"])
    gone = [f"vanished:{id}" for id in NOTES if id.startswith("talk")]
    with pytest.raises(Problems) as caught:
        hand_out(without, "1.1.0", 3, *gone)
    assert [problem.rule for problem in caught.value.problems] == [GONE]
    done = hand_out(without, "1.1.0", 3, *gone, ACCEPTED)
    assert kept() == ("film", FILM["url"])
    assert to_learners(GONE) in done.notes
    assert output_of(drafted(without, 4)) == []
    written = drafted(data(sources("talk", "film")), 5, [f"unretired:{id}" for id in NOTES if id.startswith("talk")])
    assert changed(written) == {id for id in NOTES if id.startswith("talk")}
    assert kept() == ("film", FILM["url"])


def test_what_was_accepted_for_a_draft_counts() -> None:
    """Neither builds nor the release report it again, but the release notes still tell learners."""
    hand_out(data(sources("talk", "film")))
    notes = {id: {**note, "source": "film"} for id, note in NOTES.items()}
    without = data(sources("film"), notes)
    assert output_of(drafted(without, 1, [ACCEPTED])) == ["link-changed"]
    lock = LOCK.read_bytes()
    assert output_of(drafted(without, 2)) == ["link-changed"]
    assert LOCK.read_bytes() == lock
    done = hand_out(without, "1.1.0", 3, "link-changed:talk-two")
    assert to_learners(GONE) in done.notes
    assert kept() == ("film", FILM["url"])


def test_what_is_replaced_for_that_is_told_once() -> None:
    """The packages show notes that are replaced because of links in them, but the reason has been reported already."""
    many = {f"film-{each}": question(f"What is {each}?", f"It is {each}.", source="film") for each in "abcdefgh"}
    hand_out(data(sources("talk", "film"), {**NOTES, **many}))
    write(Path(), data(sources("film"), {**NOTES, **many}))
    names = {hazard.name for hazard in diff(None, CARDS).hazards}
    assert names == {GONE, "vanished"}
    both = diff(Path("decks/small-1.0.0.apkg"), drafted(data(sources("film"), {**NOTES, **many})).package)
    assert {hazard.name for hazard in both.hazards} == {"mass-update", "vanished"}


def test_a_main_source_put_back_is_nothing() -> None:
    """With or without its notes, after a draft or before one."""
    hand_out(data(sources("talk", "film")))
    drafted(data(sources("film")))
    film = {id: note for id, note in NOTES.items() if id.startswith("film")}
    written = drafted(data(sources("film", "talk"), film), 2)
    assert (set(output_of(written)), kept()) == ({"vanished"}, ("talk", TALK["url"]))
    drafted(data(sources("talk", "film")), 3)
    assert PACKAGE.read_bytes() == Path("decks/small-1.0.0.apkg").read_bytes()


def test_a_main_source_may_stand_without_notes() -> None:
    """All that comes from others stays as it is, and a release takes it."""
    hand_out(data(sources("talk", "film")))
    film = {id: note for id, note in NOTES.items() if id.startswith("film")}
    gone = [f"vanished:{id}" for id in NOTES if id.startswith("talk")]
    done = hand_out(data(sources("film", "talk"), film), "1.1.0", 1, *gone)
    assert {each.status for each in done.build.notes} == {"unchanged"}
    assert kept() == ("talk", TALK["url"])


def test_a_main_source_that_cannot_be_read_is_not_gone() -> None:
    """A mistake in its address is reported as nothing else."""
    hand_out(data(sources("talk", "film")))
    edit(CARDS, TALK["url"], "example.org/talk")
    assert GONE not in run("check").output


def test_a_main_source_that_gave_its_place_to_a_new_one() -> None:
    """Nobody has a note of the new one, so that nobody loses anything."""
    hand_out(data(sources("talk", "film")))
    written = drafted(data(sources("book", "film")))
    assert set(output_of(written)) == {"vanished"}
    assert changed(written) == set()


def test_a_deck_without_sources_keeps_none() -> None:
    """And whatever becomes the first source later is the main one."""
    plain = deck({"one": question("What is it?", "That.")}, sources={}, author="A. Writer", license="CC0")
    hand_out(plain)
    assert kept() is None
    assert drafted(deck({"one": question("What is it?", "That.")})).build.checked.deck.main_source
    shutil.copy("decks/small-1.0.0.apkg", "decks/small.apkg")
    hand_out(data(sources("talk", "film")), "1.1.0", 2, "vanished:one")
    assert kept() == ("talk", TALK["url"])


def test_all_sources_taken_out() -> None:
    """Nothing replaces the main source: the lock keeps it until a release, and nothing is reported."""
    hand_out(data(sources("talk", "film")))
    plain = deck({"film-one": question("Where was it filmed?", "At a zoo.")}, sources={})
    written = drafted(plain)
    assert set(output_of(written)) == {"vanished"}
    assert kept() == ("talk", TALK["url"])


@pytest.mark.parametrize("order", [("film", "talk"), ("book", "talk", "film"), ("book", "film", "talk")])
def test_a_lock_of_the_first_version_is_told_by_its_notes(order: tuple[str, ...]) -> None:
    """The source whose notes keep their content is the main one, and the next lock that is written names it."""
    hand_out(data(sources("talk", "film")))
    in_first_form(LOCK)
    more = {"new": question("What is new?", "This.", source="film", at="00:50")}
    edited = {**NOTES, "talk-one": question("What is a term?", "A word for it.", source="talk"), **more}
    written = drafted(data(sources(*order), edited))
    assert changed(written) == {"talk-one", "new"}
    assert kept() == ("talk", TALK["url"])


def test_a_lock_of_the_first_version_stays_as_it_is() -> None:
    """A build that changes nothing does not rewrite it, whether the main source is first or not."""
    for order in (("talk", "film"), ("film", "talk")):
        shutil.rmtree("decks", ignore_errors=True)
        LOCK.unlink(missing_ok=True)
        Path("CHANGELOG.md").unlink(missing_ok=True)
        hand_out(data(sources("talk", "film")))
        in_first_form(LOCK)
        lock = LOCK.read_bytes()
        assert changed(drafted(data(sources(*order)))) == set()
        assert LOCK.read_bytes() == lock
    drafted(data(sources("film", "talk"), {**NOTES, "talk-one": question("What?", "Edited.", source="talk")}), 2)
    assert kept() == ("talk", TALK["url"])


def test_what_a_lock_of_the_first_version_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first source is the main one, nothing is rendered twice; else not much more than once again."""
    hand_out(data(sources("talk", "film")))
    in_first_form(LOCK)
    seen: list[str] = []
    render = fields.Origins.of

    def counting(origins: Any, placed: Any) -> Any:
        seen.append(placed.note.id)
        return render(origins, placed)

    monkeypatch.setattr(fields.Origins, "of", counting)
    checked(write(Path(), data(sources("talk", "film", "book"))))
    assert sorted(seen) == sorted(NOTES)
    seen.clear()
    checked(write(Path(), data(sources("film", "talk", "book"))))
    assert len(seen) <= 3 * len(NOTES)


def test_a_lock_of_the_first_version_without_any_sign() -> None:
    """Where every note was edited, the first source in the file is the main one."""
    hand_out(data(sources("talk", "film")))
    in_first_form(LOCK)
    edited = {id: {**note, "extra": "More."} for id, note in NOTES.items()}
    assert drafted(data(sources("film", "talk"), edited)).build.checked.deck.main_source.id == "film"  # type: ignore[union-attr]


def test_two_heads() -> None:
    """Of two branches' locks, the last head that names a main source counts."""
    hand_out(data(sources("talk", "film")))
    head, *rest = LOCK.read_text(encoding="utf-8").splitlines(keepends=True)
    without = re.sub(r', "main": {[^}]+}', "", head)
    other = head.replace('"id": "talk"', '"id": "lecture"')
    for heads, wanted in (((head, other), "lecture"), ((other, head), "talk"), ((head, without), "talk")):
        lock = from_text("".join([*heads, *rest]), "cards.lock")
        assert lock.main
        assert lock.main.id == wanted


def test_an_adopted_lock_has_the_main_source_of_the_package() -> None:
    """It is found by its address; the notes stay unchanged although another source is first now."""
    hand_out(data(sources("talk", "film")))
    LOCK.unlink()
    write(Path(), data({"film": FILM, "lecture": TALK}))
    done = adopt(PACKAGE, CARDS)
    assert (len(done.changed), done.unchanged, kept()) == (0, 4, ("lecture", TALK["url"]))
    assert changed(drafted(data({"film": FILM, "lecture": TALK}))) == set()
    LOCK.unlink()
    write(Path(), data(sources("film", "talk", talk={**TALK, "url": "https://example.org/moved"})))
    adopt(Path("decks/small-1.0.0.apkg"), CARDS)
    assert kept() is None


def test_an_adopted_draft_keeps_none() -> None:
    """Before the first release nothing is kept."""
    drafted(data(sources("talk", "film")), 0)
    LOCK.unlink()
    adopt(PACKAGE, CARDS)
    assert kept() is None


def test_a_fork_begins_with_its_first_source() -> None:
    """Nobody has it yet."""
    hand_out(data(sources("talk", "film")))
    fork(write(Path(), data(sources("film", "talk"))), id="other", title="Other")
    assert checked(CARDS).deck.main_source == checked(CARDS).deck.sources["film"]


def test_it_is_what_git_had() -> None:
    """A release that was made before locks recorded its files is confirmed, though its main source is first no more."""
    git("init")
    write(Path(), data(sources("talk", "film")))
    git("add", "-A")
    git("commit", "-m", "Cards")
    with first_version(LOCK):
        hand_out(data(sources("talk", "film")))
    git("add", "-A")
    git("commit", "-m", "Release")
    drafted(data(sources("film", "talk"), {**NOTES, "talk-one": question("What?", "Edited.", source="talk")}))
    lock = read_lock(LOCK)
    assert lock
    assert lock.last_release
    assert lock.last_release.files_digest
    assert lock.main
