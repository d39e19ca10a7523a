"""Make an independent deck of a copy."""

from pathlib import Path

import pytest

from cuedeck.problems import Problems
from cuedeck.usecases.build import build
from cuedeck.usecases.fork import fork
from tests.making import DAY, FIRST, build_deck, checked, deck, question, write
from tests.running import run

# Name: the beginning of a file, and what it becomes with the namespace NEW, and with other values if they are given.
WRITTEN = {
    "block": (
        "# Mine\ndeck:\n  id: small # short\n  namespace: tests123\n  title: Small\n",
        '# Mine\ndeck:\n  id: larger # short\n  namespace: NEW\n  title: "Large: one::A"\n',
    ),
    "flow": (
        'deck: {id: small, namespace: tests123, title: "Small"}\n',
        'deck: {id: larger, namespace: NEW, title: "Large: one::A"}\n',
    ),
    "quotes": (
        "deck: {namespace: 'tests123', title: 'Small', id: \"small\"}\r\n",
        'deck: {namespace: NEW, title: "Large: one::A", id: larger}\r\n',
    ),
    "byte order mark": (
        "\ufeffdeck: {id: small, namespace: tests123, title: Small}\n",
        '\ufeffdeck: {id: larger, namespace: NEW, title: "Large: one::A"}\n',
    ),
}
REST = "concepts: {idea: {title: Idea, notes: {one: {q: What?, a: That.}}}}\n"


@pytest.mark.parametrize(("before", "after"), WRITTEN.values(), ids=WRITTEN)
def test_only_the_values_are_replaced(tmp_path: Path, before: str, after: str) -> None:
    """Comments, order, quotes elsewhere and line ends stay as the author wrote them."""
    cards = tmp_path / "cards.yaml"
    cards.write_bytes((before + REST).encode())
    done = fork(cards, "larger", "Large: one::A")
    assert cards.read_bytes().decode() == after.replace("NEW", done.new) + REST


def test_a_fork_never_meets_the_first_deck(tmp_path: Path) -> None:
    """It has other guids and note types; the lock of the first is kept aside, and a new one begins."""
    first = build_deck(tmp_path, deck({"one": question(), "two": question("Why?", was="older")}))
    lock = (tmp_path / "cards.lock").read_bytes()
    done = fork(first.build.checked.workspace.cards, "larger", "Large")
    second = build(first.build.checked.workspace.cards, at=FIRST + DAY)
    assert second.build.counts == {"new": 2}
    assert not {each.known.guid for each in first.build.notes} & {each.known.guid for each in second.build.notes}
    assert not {each.type.id for each in first.build.types} & {each.type.id for each in second.build.types}
    assert done.lock == tmp_path / "cards.lock.tests123"
    assert done.lock.read_bytes() == lock
    assert second.package.name == "larger.apkg"


def test_every_fork_has_a_namespace_of_its_own(tmp_path: Path) -> None:
    """Two forks of one deck are two decks."""
    cards = write(tmp_path, deck({"one": question()}))
    names = [fork(cards).new for _ in range(3)]
    assert len({*names, "tests123"}) == 4
    assert checked(cards).deck.about.namespace == names[-1]


def test_a_fork_that_was_broken_off_heals(tmp_path: Path) -> None:
    """If the first deck's lock could not be removed, its copy shows this to the build, which begins a new lock."""
    cards = build_deck(tmp_path, deck({"one": question()})).build.checked.workspace.cards
    lock = tmp_path / "cards.lock"
    former = lock.read_bytes()
    done = fork(cards, "other", "Other")
    lock.write_bytes(former)
    assert build(cards, at=FIRST + DAY).build.counts == {"new": 1}
    assert done.lock is not None
    assert done.lock.read_bytes() == former
    assert lock.read_bytes() != former


def test_the_copy_of_another_lock_does_not_excuse_it(tmp_path: Path) -> None:
    """Only a copy of exactly this lock shows a fork; any other lock with another namespace is refused."""
    cards = build_deck(tmp_path, deck({"one": question()})).build.checked.workspace.cards
    lock = tmp_path / "cards.lock"
    former = lock.read_bytes()
    done = fork(cards)
    assert done.lock is not None
    done.lock.write_bytes(former + b"\n")
    lock.write_bytes(former)
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST + DAY)
    assert [problem.rule for problem in caught.value.problems] == ["lock-of-another-deck"]


def test_a_fork_twice_keeps_both_locks(tmp_path: Path) -> None:
    """Each lock that is moved aside has the name of the deck that it is of."""
    cards = build_deck(tmp_path, deck({"one": question()})).build.checked.workspace.cards
    first = fork(cards, "second", "Second")
    build(cards, at=FIRST + DAY)
    second = fork(cards, "third", "Third")
    assert {path.name for path in tmp_path.iterdir()} >= {"cards.lock.tests123", f"cards.lock.{first.new}"}
    assert second.lock == tmp_path / f"cards.lock.{first.new}"


def test_a_guid_that_was_given_stands_in_the_way(tmp_path: Path) -> None:
    """By that guid the note would still overwrite the one of the first deck."""
    cards = write(tmp_path, deck({"one": question(guid="made-elsewhere")}))
    before = cards.read_bytes()
    with pytest.raises(Problems) as caught:
        fork(cards)
    assert [(problem.rule, problem.place.line) for problem in caught.value.problems] == [("fork-with-guid", 18)]
    assert cards.read_bytes() == before


def test_what_it_means_is_said(folder: Path) -> None:
    """The author reads the new namespace, and what to do; a bad id is wrong use."""
    write(Path(), deck({"one": question()}))
    result = run("fork")
    assert result.exit_code == 0
    assert "the namespace is " in result.stdout
    assert "--id and --title" in result.stdout
    assert run("fork", "--id", "No Id").exit_code == 2
    assert "both decks" not in run("fork", "--id", "a", "--title", "B").stdout
