"""Reading a file into a deck, and what is wrong with the file itself."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from cuedeck.deck.values import LONGEST_TEXT
from cuedeck.disk.text import LARGEST, read_text
from cuedeck.history.lock import KnownSource, Lock, Release
from cuedeck.history.lockfile import to_text
from cuedeck.problems import Problems, in_order
from cuedeck.reading import crosschecks
from cuedeck.reading.cardsfile import cards_from_text, read_cards

SMALL = """deck: {id: example, namespace: k3v9x2mq, title: Example}
concepts: {idea: {title: An idea, notes: {one: {q: "What?", a: That}}}}
"""

NOTES = """deck:
  id: example
  namespace: k3v9x2mq
  title: Example
concepts:
  idea:
    title: An idea
    notes:
      one:
        q: What?
        a: That
      two:
        q: Where?
        a: Here
"""


def only_problem(path: Path) -> str:
    try:
        (problem,) = read_cards(path).problems
    except Problems as found:
        (problem,) = found.problems
    return str(problem).replace(path.parent.as_posix(), "")


def test_a_missing_file(tmp_path: Path) -> None:
    """A missing file is reported in a sentence."""
    assert only_problem(tmp_path / "cards.yaml") == (
        "/cards.yaml: error: there is no such file [no-file]\n"
        "    run cuedeck in the folder of cards.yaml, or name its folder; to start a deck here: cuedeck init "
        # `only_problem` takes the folder out, which is the last word
    )


def test_a_folder(tmp_path: Path) -> None:
    """A folder where a file is expected is reported, too."""
    folder = tmp_path / "talk"
    folder.mkdir()
    assert only_problem(folder) == (
        "/talk: error: this is a folder, not a file [no-file]\n    name the file in it, such as /talk/cards.yaml"
    )


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("zoo.apkg", b"PK\x03\x04\xff", "this is a package, not text"),
        ("zoo.zip", b"PK\x03\x04\xff", "this is a zip archive, not text"),
        ("zoo.png", b"\x89PNG\r\n\x1a\n\0\0", "this is not a text file"),
    ],
)
def test_a_file_that_is_not_text(tmp_path: Path, name: str, data: bytes, what: str) -> None:
    """Whoever named the package or a picture reads what to name instead."""
    path = tmp_path / name
    path.write_bytes(data)
    (line, hint) = only_problem(path).split("\n")
    assert line.endswith(f": error: {what} [not-utf-8]")
    assert hint == "    name the cards.yaml of the deck, or leave the name out"


def test_a_lock(tmp_path: Path) -> None:
    """Whoever named the lock reads what to name instead."""
    path = tmp_path / "other.lock"
    lock = Lock("tests123", "small", {"": "Small"}, main=KnownSource("talk", "https://example.org"))
    # Two lines are not valid YAML, which would be said instead.
    path.write_text(to_text(replace(lock, releases=(Release("1.0.0", 5, "c", "small"),))), encoding="utf-8")
    assert only_problem(path) == (
        "/other.lock: error: this is the lock of a deck, which only Cuedeck writes [wrong-shape]\n"
        f"    name the deck: {tmp_path.as_posix()}/other.yaml"
    ).replace(tmp_path.as_posix(), "")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    """Text in another encoding is refused, with the first line that shows it."""
    path = tmp_path / "cards.yaml"
    path.write_bytes(b"deck:\n  id: example\n  title: caf\xe9\n")
    assert only_problem(path) == (
        "/cards.yaml:3: error: the file is not UTF-8 text [not-utf-8]\n    save it as UTF-8 in your editor"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_unicode(encoding: str, tmp_path: Path) -> None:
    """UTF-16 and similar encodings are reported as well."""
    path = tmp_path / "cards.yaml"
    path.write_bytes(SMALL.encode(encoding))
    line, hint = only_problem(path).split("\n")
    assert "[not-utf-8]" in line
    assert hint == "    save it as UTF-8 in your editor"


def test_merge_markers_are_one_problem(tmp_path: Path) -> None:
    """Markers of a merge conflict are one problem that names each of their lines, whatever else they break."""
    path = tmp_path / "cards.yaml"
    sides = "<<<<<<< HEAD\n  title: Small\n=======\n  title: Large\n>>>>>>> b2\n"
    path.write_text(f"deck:\n  id: small\n{sides}  tags: [*x\n{sides}", encoding="utf-8")
    assert only_problem(path) == (
        "/cards.yaml:3: error: git left a merge conflict here, with markers on lines 3, 5, 7, 9, 11, 13 "
        "[merge-conflict]\n    keep what belongs in the file from both sides, and delete the marker lines"
    )


@pytest.mark.parametrize(
    "text",
    [
        "=======\n",
        "  <<<<<<< HEAD\n  =======\n  >>>>>>> b2\n",
        "<<<<<<<< HEAD\n=======\n>>>>>>>> b2\n",
        "||||||| x\n",
        'q: "Seven\n>>>>>>> signs"\n',
        "```\n<<<<<<< HEAD\n=======\n>>>>>>> b2\n```\n",
    ],
)
def test_what_only_looks_like_a_marker(tmp_path: Path, text: str) -> None:
    """A line that underlines a heading, is inside a text or code example, or has no counterparts is not a marker."""
    path = tmp_path / "notes.md"
    path.write_text(text, encoding="utf-8")
    assert read_text(path) == text


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "--- {}\n", "--- []\n", "\ufeff"])
def test_an_empty_file(text: str, tmp_path: Path) -> None:
    """The error for a file with nothing in it says how to begin."""
    path = tmp_path / "cards.yaml"
    path.write_text(text, encoding="utf-8")
    assert only_problem(path) == (
        "/cards.yaml: error: the file is empty [empty-file]\n"
        "    begin with deck:, sources: and concepts:; for an example in a new folder, run: cuedeck init example"
    )


@pytest.mark.parametrize("before", ["", "\ufeff"], ids=["plain", "byte-order-mark"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old-mac"])
def test_text_is_the_same_however_it_is_saved(before: str, ends: str, tmp_path: Path) -> None:
    """A byte order mark is removed, and all line ends are the same."""
    path = tmp_path / "cards.yaml"
    path.write_bytes((before + SMALL.replace("\n", ends)).encode("utf-8"))
    assert read_text(path) == SMALL


def test_a_deck_knows_its_places() -> None:
    """A deck without errors comes with the place of each of its parts."""
    cards = cards_from_text(SMALL, "talk.yaml")
    assert cards.deck.concepts["idea"].notes["one"].id == "one"
    assert str(cards.places.find(("concepts", "idea", "notes", "one", "a"))) == "talk.yaml:2:64"
    assert str(cards.places.find(("concepts", "idea", "notes", "one", "a"), "key")) == "talk.yaml:2:61"


def test_problems_of_the_whole_file_come_at_once() -> None:
    """Problems in different parts are found in one run, sorted by place."""
    text = SMALL.replace("k3v9x2mq", "X").replace("title: An idea", "titel: An idea").replace("a: That", "a: [That]")
    assert [(problem.place.line, problem.rule) for problem in in_order(cards_from_text(text).problems)] == [
        (1, "bad-namespace"),
        (2, "unknown-key"),
        (2, "wrong-shape"),
    ]


BROKEN = {
    "a text missing": (NOTES.replace("a: That", ""), {"one", "two"}, set()),
    "an unknown key": (NOTES.replace("a: That", "a: That\n        aa: That"), {"one", "two"}, set()),
    "a broken text": (NOTES.replace("a: That", "a: *That is"), {"one", "two"}, set()),
    "an alias for a note": (NOTES.replace("one:\n        q: What?\n        a: That", "one: *note"), {"two"}, {"one"}),
    "no kind of note": (NOTES.replace("q: What?\n        a: That", "x: y"), {"two"}, {"one"}),
    "a note on the wrong indent": (NOTES.replace("      two", "     two"), set(), {"one", "two"}),
    "a concept that is text": (NOTES.replace("idea:\n", "idea: &id *x\n"), set(), {"one", "two"}),
    "a former id": (
        NOTES.replace("q: What?\n        a: That", "was: before\n        x: y"),
        {"two"},
        {"one", "before"},
    ),
    "a former id that is broken": (
        NOTES.replace("      one:\n        q", "      one:\n        was: before\n       q"),
        {"two"},
        {"one", "before"},
    ),
    "a merge key": (NOTES.replace("q: What?\n        a: That", "<<: x"), {"two"}, {"one"}),
    "a bad concept": (NOTES.replace("title: An idea", "title: [An, idea]\n    tags: a b"), {"one", "two"}, set()),
}


@pytest.mark.parametrize(("text", "read", "unread"), BROKEN.values(), ids=BROKEN)
def test_the_rest_of_a_deck_with_errors_is_read(text: str, read: set[str], unread: set[str]) -> None:
    """What is wrong is left out; notes in the file that could not be read are known by their ids."""
    cards = cards_from_text(text)
    assert cards.problems
    assert {note for concept in cards.deck.concepts.values() for note in concept.notes} == read
    assert cards.unread >= unread
    assert not cards.unread & read


def test_a_text_that_is_too_long() -> None:
    """A text that no card could show is refused before it is looked at."""
    (problem,) = cards_from_text(SMALL.replace("That", "x" * (LONGEST_TEXT + 1))).problems
    assert problem.rule == "too-long"
    assert problem.message == '"a" has 100,001 characters, but a text can have at most 100,000'
    assert not cards_from_text(SMALL.replace("That", "x" * LONGEST_TEXT)).problems


def test_too_many_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deck with more notes than could be of use is refused, too."""
    monkeypatch.setattr(crosschecks, "_MOST_NOTES", 1)
    (problem,) = cards_from_text(NOTES).problems
    assert problem.rule == "too-many-notes"
    assert problem.message == "the deck has 2 notes, but Cuedeck accepts at most 1"


@pytest.mark.hostile
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe(tmp_path: Path) -> None:
    """A pipe, which might never end, is refused without waiting for it."""
    path = tmp_path / "cards.yaml"
    os.mkfifo(path)
    assert "this is a pipe or a device, not a file [no-file]" in only_problem(path)


@pytest.mark.hostile
@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices here")
def test_a_device() -> None:
    """A device is refused, too."""
    assert "this is a pipe or a device, not a file [no-file]" in only_problem(Path("/dev/zero"))


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """A file too large to be a deck is refused before it is read."""
    path = tmp_path / "cards.yaml"
    with path.open("wb") as file:
        file.truncate(4 * LARGEST + 1)  # takes no room where files may have holes
    assert "[too-large]" in only_problem(path)


MANY = {
    "unknown keys": "".join(f"key{number}: x\n" for number in range(20_000)) + NOTES,
    "unknown sources": NOTES
    + "".join(f"      n{number}: {{q: a, a: b, source: s{number}}}\n" for number in range(10_000)),
    "tags": NOTES + "        tags: [" + "a, " * 20_000 + "a]\n",
    "texts that cannot be read": NOTES + "".join(f"      n{number}: {{q: *a, a: b}}\n" for number in range(10_000)),
}


@pytest.mark.slow
@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_thousands_of_problems_are_reported(text: str) -> None:
    """However much is wrong, all of it is reported, and finding a place takes no longer than for a few problems."""
    assert len(cards_from_text(text).problems) >= 10_000
