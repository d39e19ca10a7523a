"""The way from a file to a deck, and what is wrong with the file itself."""

import os
from pathlib import Path

import pytest

from builder.problems import Problems
from builder.reading.cards import cards_from_text, read_cards, read_text

SMALL = """deck: {id: example, namespace: k3v9x2mq, title: Example}
concepts: {idea: {title: An idea, notes: {one: {q: "What?", a: That}}}}
"""


def only_problem(path: Path) -> str:
    with pytest.raises(Problems) as found:
        read_cards(path)
    (problem,) = found.value.problems
    return str(problem).replace(path.parent.as_posix(), "")


def test_a_missing_file(tmp_path: Path) -> None:
    """A file that is not there is a sentence."""
    assert only_problem(tmp_path / "cards.yaml") == (
        "/cards.yaml: error: there is no such file [no-file]\n"
        "    run cuedeck in the folder of cards.yaml, or name the file"
    )


def test_a_folder(tmp_path: Path) -> None:
    """So is a folder where a file is expected."""
    folder = tmp_path / "talk"
    folder.mkdir()
    assert only_problem(folder) == (
        "/talk: error: this is a folder, not a file [no-file]\n    name the file in it, such as /talk/cards.yaml"
    )


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    """Text in another encoding is refused, with the first line that shows it."""
    path = tmp_path / "cards.yaml"
    path.write_bytes(b"deck:\n  id: example\n  title: caf\xe9\n")
    assert only_problem(path) == (
        "/cards.yaml:3: error: the file is not UTF-8 text [not-utf-8]\n    save it as UTF-8 in your editor"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_unicode(encoding: str, tmp_path: Path) -> None:
    """UTF-16 and its kin are told apart as well."""
    path = tmp_path / "cards.yaml"
    path.write_bytes(SMALL.encode(encoding))
    assert "[not-utf-8]" in only_problem(path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is unreadable here")
def test_a_file_without_the_right_to_read_it(tmp_path: Path) -> None:
    """A file that may not be read is a sentence."""
    path = tmp_path / "cards.yaml"
    path.write_text(SMALL)
    path.chmod(0)
    assert only_problem(path) == "/cards.yaml: error: the file cannot be read: Permission denied [unreadable]"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_leads_in_a_circle(tmp_path: Path) -> None:
    """Whatever else the system says is passed on in one line."""
    path = tmp_path / "cards.yaml"
    path.symlink_to(path)
    assert "the file cannot be read: " in only_problem(path)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "--- {}\n", "--- []\n", "\ufeff"])
def test_an_empty_file(text: str, tmp_path: Path) -> None:
    """A file with nothing in it says how to begin."""
    path = tmp_path / "cards.yaml"
    path.write_text(text, encoding="utf-8")
    assert only_problem(path) == (
        "/cards.yaml: error: the file is empty [empty-file]\n"
        "    begin with deck:, sources: and concepts:, as the README shows"
    )


@pytest.mark.parametrize("before", ["", "\ufeff"], ids=["plain", "byte-order-mark"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old-mac"])
def test_text_is_the_same_however_it_is_saved(before: str, ends: str, tmp_path: Path) -> None:
    """A byte order mark goes, and line ends are all one."""
    path = tmp_path / "cards.yaml"
    path.write_bytes((before + SMALL.replace("\n", ends)).encode("utf-8"))
    assert read_text(path) == SMALL


def test_a_deck_knows_its_places() -> None:
    """A sound deck comes with the document that tells where each part of it stands."""
    cards = cards_from_text(SMALL, "talk.yaml")
    assert cards.deck.concepts["idea"].notes["one"].id == "one"
    assert str(cards.document.place(("concepts", "idea", "notes", "one", "a"))) == "talk.yaml:2:64"
    assert str(cards.document.place(("concepts", "idea", "notes", "one", "a"), "key")) == "talk.yaml:2:61"


def test_problems_of_the_whole_file_come_at_once() -> None:
    """Problems in different parts are found in one run, sorted by place."""
    text = SMALL.replace("k3v9x2mq", "X").replace("title: An idea", "titel: An idea").replace("a: That", "a: [That]")
    with pytest.raises(Problems) as found:
        cards_from_text(text)
    assert [(problem.place.line, problem.rule) for problem in found.value.problems] == [
        (1, "bad-namespace"),
        (2, "missing-key"),
        (2, "unknown-key"),
        (2, "wrong-shape"),
    ]
