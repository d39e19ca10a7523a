"""Choosing the deck to continue from a package that may have others: what is refused, and what a named deck gives."""

import json
import shlex
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cuedeck.bridging.extract import LeftOut
from cuedeck.package.container import archive
from cuedeck.package.contents import DATABASE
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.usecases.adopt import Adopted, adopt
from cuedeck.usecases.build import build
from tests.anki.packages import Kind, Row, pack
from tests.making import DAY, FIRST, build_deck, deck, question, write
from tests.running import run
from tests.sentences import HANDING_OUT_A_BRIDGE

TWO_CARDS = Kind(templates={"1": ("{{Front}}", "{{Back}}"), "2": ("{{Back}}", "{{Front}}")})
CARDS = Path("cards.yaml")


pytestmark = pytest.mark.usefixtures("folder")


def package(decks: dict[str, str], name: str = "old.apkg", kind: Kind | None = None) -> Path:
    """Write a package with decks, each with notes with these guids, of one letter each."""
    rows = [Row(guid, (f"What is {guid}?", "That."), deck=deck) for deck, guids in decks.items() for guid in guids]
    return pack(Path(name), rows, kind or Kind())


def continuing(guids: str, title: str = "Ours", path: Path = CARDS) -> None:
    """Write a cards.yaml whose notes continue those with these guids."""
    notes = {f"note-{guid}": question(f"What is {guid}?", "This.", guid=guid) for guid in guids}
    write(path.parent, deck(notes, title=title, sources={})).rename(path)


def decks_in(path: Path) -> set[str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(read_members(path)[DATABASE])
        (text,) = connection.execute("select decks from col").fetchone()
    return {deck["name"] for deck in json.loads(text).values()}


def rewritten(path: Path, *statements: str) -> None:
    """Run SQL on the database of a package."""
    files = dict(read_members(path))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files[DATABASE])
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        files[DATABASE] = connection.serialize()
    path.write_bytes(archive(files))


def decks_changed(path: Path, change: Any) -> None:
    """Let a function change the decks of a package, which it gets by number."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(read_members(path)[DATABASE])
        decks = json.loads(connection.execute("select decks from col").fetchone()[0])
    change(decks)
    text = json.dumps(decks).replace("'", "''")
    rewritten(path, f"update col set decks = '{text}'")


def test_several_decks_are_refused_with_a_command_that_helps() -> None:
    """The author reads which decks there are, and how many of the notes each contains; nothing is written."""
    package({"Diary": "xyz", "Ours": "ab", "Ours::More": "c", "German": "g"})
    continuing("abc")
    result = run("adopt", "old.apkg")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "old.apkg: error: the package contains 3 decks, but only the deck that learners have may be handed out; "
        "the number after each deck says how many of its notes are in cards.yaml: Ours (3), Diary (0), German (0) "
        "[several-decks]\n"
        "    name the deck that learners have, and everything else is left out:\n"
        "    cuedeck adopt old.apkg --deck Ours\n"
    )
    assert not Path("cards.lock").exists()
    assert not Path("decks").exists()
    assert run("adopt", "old.apkg", "--deck", "Ours").stdout == (
        "cards.lock: 0 notes continue unchanged\n"
        "3 notes differ from the package, and will be updated: note-a, note-b, note-c\n"
        'note type "Plain": Front becomes Question, Back becomes Answer\n'
        "left out of the bridge, which is named below: 4 notes and 2 decks of old.apkg that this deck does not need\n"
        f"{HANDING_OUT_A_BRIDGE}"
    )


def test_a_collection_is_refused_even_with_one_deck() -> None:
    """The contents of a collection are never what was handed out."""
    package({"Ours": "ab"}, "me.ColPkg")
    continuing("ab")
    result = run("adopt", "me.ColPkg")
    assert result.exit_code == 1
    assert result.stderr == (
        "me.ColPkg: error: this is a whole collection, but only the deck that learners have may be handed out; "
        "the number after each deck says how many of its notes are in cards.yaml: Ours (2) [several-decks]\n"
        "    name the deck that learners have, and everything else is left out:\n"
        "    cuedeck adopt me.ColPkg --deck Ours\n"
    )
    assert run("adopt", "me.ColPkg", "--deck", "Ours").exit_code == 0


def test_no_more_than_ten_decks_are_listed() -> None:
    """Those with notes of cards.yaml come first."""
    package({**{f"Deck {number:02}": chr(65 + number) for number in range(12)}, "Ours": "a"})
    continuing("a")
    with pytest.raises(Problems, match=r"the package contains 13 decks.*: Ours \(1\), Deck 00 \(0\), .* and 3 more \["):
        adopt(Path("old.apkg"), CARDS)


# Name: decks of a package with the guids of their notes, and the title of ours, which continues "a" and "b".
NOT_REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "one deck": ({"Ours": "ab"}, "Ours"),
    "with notes that do not go on": ({"Ours": "abc"}, "Ours"),
    "subdecks": ({"Ours": "a", "Ours::More": "bc"}, "Ours"),
    "subdecks only": ({"Uni::Ours": "a", "Uni::Other": "bc"}, "Uni"),
    "a parent in another case": ({"Uni": "a", "UNI::Ours": "b"}, "Uni"),
    "a parent in other accents": ({"\u00c4": "a", "A\u0308::Ours": "b"}, "\u00c4"),
}


@pytest.mark.parametrize(("decks", "title"), NOT_REFUSED.values(), ids=NOT_REFUSED)
def test_decks_in_one_deck_are_not_refused(decks: dict[str, str], title: str) -> None:
    """Anki exports the parents of a deck with it, and nothing else."""
    package(decks)
    continuing("ab", title)
    assert len(adopt(Path("old.apkg"), CARDS, FIRST + DAY).changed) == 2


def test_another_empty_deck_is_refused() -> None:
    """Its name is private, too. Anki's own Default, which is in every package, does not count."""
    package({"Ours": "ab"})
    continuing("ab")
    decks_changed(Path("old.apkg"), lambda decks: decks.update({"7": {"name": "Diary"}}))
    with pytest.raises(Problems, match=r"Ours \(2\), Diary \(0\)"):
        adopt(Path("old.apkg"), CARDS)


@pytest.mark.parametrize("name", ["Default", "Standard"])
def test_the_default_deck_counts_if_it_has_cards(name: str) -> None:
    """Whatever its name in the owner's language."""
    package({"Ours": "ab", "Diary": "x"})
    continuing("ab")

    def moved(decks: dict[str, Any]) -> None:
        (ours,) = (number for number, deck in decks.items() if deck["name"] == "Ours")
        del decks[ours]
        decks["1"]["name"] = name

    rewritten(Path("old.apkg"), "update cards set did = 1 where nid in (select id from notes where guid in ('a', 'b'))")
    decks_changed(Path("old.apkg"), moved)
    with pytest.raises(Problems, match=rf"{name} \(2\), Diary \(0\)"):
        adopt(Path("old.apkg"), CARDS)
    done = adopt(Path("old.apkg"), CARDS, FIRST + DAY, [name])
    assert decks_in(done.packages[0]) == {name}
    assert done.left_out == LeftOut(notes=1, decks=1)


SPELLED = {
    "quotes": 'The "Ours" deck',
    "a dollar": "Ours for $HOME",
    "an apostrophe": "Ann's",
    "both": 'Ann\'s "$x" `y` \\z!',
    "an emoji": "🦉 Ours",
    "a word that looks like an option": "--quiet",
    "a subdeck": "Uni::Ours of all",
    "a semicolon": "Ours; echo x",
    "a space at the end": "Ours ",
}


@pytest.mark.parametrize("name", SPELLED.values(), ids=SPELLED)
def test_the_command_in_the_hint_works_as_it_is(name: str) -> None:
    """A shell reads exactly the words that are meant, whatever the name of the deck."""
    Path("my decks").mkdir()
    package({"Diary": "x", name: "ab"}, "my decks/$old.apkg")
    continuing("ab", path=Path("mine.yaml"))
    hint = run("adopt", "my decks/$old.apkg", "mine.yaml").stderr.splitlines()[-1]
    words = shlex.split(hint)
    assert words[:4] == ["cuedeck", "adopt", "my decks/$old.apkg", "mine.yaml"]
    result = run("adopt", *words[2:])
    assert result.exit_code == 0
    assert "2 notes differ from the package, and will be updated: note-a, note-b\n" in result.stdout
    assert decks_in(Path("decks/small-bridge.apkg")) == {"Default", name}


# Name: decks of a package with the guids of their notes, our title, and the decks that the hint names.
HINTED: dict[str, tuple[dict[str, str], str, list[str]]] = {
    "the title": ({"Ours": "", "Ours::One": "ab", "Diary": "x"}, "Ours", ["Ours"]),
    "the innermost one": ({"Uni::Ours::One": "a", "Uni::Ours::Two": "b", "Uni": "x", "Diary": "y"}, "-", ["Uni::Ours"]),
    "the title between": ({"Uni::Ours::One": "ab", "Uni": "x", "Diary": "y"}, "uni::ours", ["Uni::Ours"]),
    "two decks": ({"One": "a", "Two": "bc", "Diary": "x"}, "-", ["Two"]),
    "two decks, one of them ours": ({"One": "a", "Two": "bc", "Diary": "x"}, "One", ["Two", "One"]),
}


@pytest.mark.parametrize(("decks", "title", "names"), HINTED.values(), ids=HINTED)
def test_the_hint_names_the_decks_of_the_notes(decks: dict[str, str], title: str, names: list[str]) -> None:
    """The innermost with all or most of them, but the one with our own title if the notes are in it."""
    package(decks)
    continuing("abc", title)
    hint = run("adopt", "old.apkg").stderr.splitlines()[-1]
    assert shlex.split(hint)[3:] == [word for name in names for word in ("--deck", name)]
    assert run("adopt", *shlex.split(hint)[2:]).exit_code == 0


def test_the_hint_does_not_use_the_name_of_a_deck_with_a_stray_note() -> None:
    """The owner may have moved a note there, and must decide whether the name of that deck is handed out."""
    package({"Ours": "ab", "What I never learn": "c", "Diary": "x"})
    continuing("abc")
    assert run("adopt", "old.apkg").stderr.splitlines()[1:] == [
        "    name the deck that learners have, and everything else is left out; "
        'to adopt the notes in "What I never learn", too, add a --deck for each:',
        "    cuedeck adopt old.apkg --deck Ours",
    ]


def adopted(decks: dict[str, str], names: Sequence[str], guids: str = "ab", kind: Kind | None = None) -> Adopted:
    package(decks, kind=kind)
    continuing(guids)
    return adopt(Path("old.apkg"), CARDS, FIRST + DAY, names)


NAMED: dict[str, tuple[dict[str, str], list[str]]] = {
    "as it is": ({"Ours": "ab", "Diary": "x"}, ["Ours"]),
    "in another case": ({"Ours": "ab", "Diary": "x"}, ["OURS"]),
    "ß and ss": ({"Große": "ab", "Diary": "x"}, ["GROSSE"]),
    "in other accents": ({"\u00c4rzte": "ab", "Diary": "x"}, ["a\u0308rzte"]),
    "a subdeck": ({"Uni::Ours": "ab", "Uni": "x"}, ["uni::ours"]),
    "a parent that is not listed": ({"Uni::One": "a", "Uni::Two": "b", "Unity": "x"}, ["uni"]),
    "two": ({"One": "a", "Two": "b", "Diary": "x"}, ["two", "One"]),
    "one twice": ({"Ours": "ab", "Diary": "x"}, ["Ours", "ours"]),
}


@pytest.mark.parametrize(("decks", "names"), NAMED.values(), ids=NAMED)
def test_only_what_is_in_the_named_deck_counts(decks: dict[str, str], names: list[str]) -> None:
    """A private note is in no list, no lock and no bridge, not even with its guid or the name of its deck."""
    done = adopted(decks, names)
    assert (done.changed, done.new, done.left) == (("note-a", "note-b"), (), ())
    (bridge,) = done.packages
    assert set(read_snapshot(read_members(bridge), bridge).notes) == {"a", "b"}
    assert done.left_out
    assert done.left_out.notes == 1
    private = next(name for name, guids in decks.items() if guids == "x")
    assert decks_in(bridge) == {"Default", *decks} - {private}
    assert json.dumps(private) not in Path("cards.lock").read_text(encoding="utf-8")


def test_a_note_outside_the_named_deck_does_not_count() -> None:
    """It is reported as new, and is not in the bridge."""
    done = adopted({"Ours": "a", "Diary": "bx"}, ["Ours"])
    assert (done.changed, done.new, done.left) == (("note-a",), ("note-b",), ())
    assert done.left_out == LeftOut(notes=2, decks=1)


def test_a_card_in_another_deck_goes_to_the_named_one() -> None:
    """A note is copied whole, without the name of the deck to which its owner moved one card."""
    package({"Ours::Sub": "ab", "Ours": "c", "Diary": "x"}, kind=TWO_CARDS)
    continuing("ab")
    diary = "(select did from cards join notes on notes.id = nid where guid = 'x')"
    rewritten(
        Path("old.apkg"),
        f"update cards set did = {diary} where ord = 1 and nid = (select id from notes where guid = 'a')",
        f"update cards set did = {diary} where ord = 0 and nid = (select id from notes where guid = 'b')",
    )
    (bridge,) = adopt(Path("old.apkg"), CARDS, FIRST + DAY, ["ours"]).packages
    notes = read_snapshot(read_members(bridge), bridge).notes
    assert {guid: note.decks for guid, note in notes.items()} == {
        "a": ("Ours::Sub", "Ours"),
        "b": ("Ours", "Ours::Sub"),
    }
    assert "Diary" not in decks_in(bridge)
    assert "Diary" not in Path("cards.lock").read_text(encoding="utf-8")


def test_a_card_in_a_filtered_deck_is_in_its_own() -> None:
    """The name of the filtered deck is not copied, and the notes of cards.yaml are not in it."""
    package({"Ours": "ab", "Filtered": "x"})
    continuing("ab")
    rewritten(
        Path("old.apkg"),
        "update cards set odid = did, odue = due, due = -100000, "
        "did = (select did from cards order by id desc limit 1) where nid in (select id from notes where guid = 'a')",
    )
    with pytest.raises(Problems, match=r"Ours \(2\), Filtered \(0\)"):
        adopt(Path("old.apkg"), CARDS)
    (bridge,) = adopt(Path("old.apkg"), CARDS, FIRST + DAY, ["Ours"]).packages
    assert decks_in(bridge) == {"Default", "Ours"}


# Name: the decks that are named, the rule, and the end of what the author reads.
WRONG: dict[str, tuple[list[str], str, str]] = {
    "nearly": (["Urs"], "no-deck", 'there is no deck "Urs" in the package [no-deck]\n    did you mean "Ours"?'),
    "not at all": (["Zoology"], "no-deck", "[no-deck]\n    its decks are: Ours, Ours::More, Diary"),
    "a subdeck": (["More"], "no-deck", '"More" in the package [no-deck]\n    did you mean "Ours::More"?'),
    "half a name": (["Our"], "no-deck", '"Our" in the package [no-deck]\n    did you mean "Ours"?'),
    "nothing": ([""], "no-deck", "[no-deck]\n    its decks are: Ours, Ours::More, Diary"),
    "one of two": (["Ours", "Dairy"], "no-deck", '"Dairy" in the package [no-deck]\n    did you mean "Diary"?'),
    "another one": (
        ["Diary"],
        "another-deck",
        'no note of cards.yaml is in the deck "Diary" [another-deck]\n'
        "    name the deck that the notes are in:\n    cuedeck adopt old.apkg --deck Ours",
    ),
}


@pytest.mark.parametrize(("names", "rule", "told"), WRONG.values(), ids=WRONG)
def test_a_deck_that_does_not_exist_is_reported(names: list[str], rule: str, told: str) -> None:
    """With the most similar names, or the existing decks; nothing is written."""
    with pytest.raises(Problems) as caught:
        adopted({"Ours": "a", "Ours::More": "b", "Diary": "x"}, names)
    assert [problem.rule for problem in caught.value.problems] == [rule]
    assert str(caught.value).endswith(told)
    assert not Path("cards.lock").exists()


@pytest.mark.hostile
def test_a_package_of_a_stranger_lists_no_decks() -> None:
    """If none of its notes is in cards.yaml, it is the wrong file, whatever it contains."""
    with pytest.raises(Problems) as caught:
        adopted({"Ours": "x", "Diary": "y"}, [])
    assert [problem.rule for problem in caught.value.problems] == ["another-deck"]
    assert "Diary" not in str(caught.value)


def test_our_own_package_continues_as_a_whole() -> None:
    """With one deck named, the lock would forget the notes of the others, so the author reads to leave the name out."""
    film = {"title": "A film", "url": "https://youtu.be/abcdefghijk", "deck": "Films"}
    talk = {"title": "A talk", "url": "https://youtu.be/bbcdefghijk"}
    notes = {"one": question(source="talk"), "two": question("Why?", "So.", source="film")}
    build_deck(Path(), deck(notes, sources={"talk": talk, "film": film}))
    Path("cards.lock").unlink()
    result = run("adopt", "decks/small.apkg", "--deck", "Films")
    assert result.exit_code == 1
    assert result.stderr == (
        "decks/small.apkg: error: this package was built from this deck, so --deck cannot pick a part of it "
        "[whole-deck]\n"
        "    leave out --deck: cuedeck adopt decks/small.apkg\n"
    )
    assert not Path("cards.lock").exists()
    assert adopt(Path("decks/small.apkg"), CARDS).unchanged == 2
    assert build(CARDS, at=FIRST + DAY).build.counts == {"unchanged": 2}


def test_the_next_build_continues_in_the_named_deck() -> None:
    """The lock knows it by its name in the package."""
    adopted({"Ours": "ab", "Diary": "x"}, ["ours"])
    assert build(CARDS, at=FIRST + DAY).build.counts == {"changed": 2}
    assert '"Ours"' in Path("cards.lock").read_text(encoding="utf-8")
