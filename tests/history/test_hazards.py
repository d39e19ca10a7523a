"""Edits that would harm those who have the deck already: what an author reads, and that nothing is written."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from builder.cli import cuedeck
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, question, write

FILM = {"title": "A film", "url": "https://youtu.be/abcdefghijk"}
TWO = {"talk": {**TALK, "deck": "Part 1"}, "film": FILM}

# Name: the deck that was built, the deck that is to be built now, and what is said.
REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "question becomes cloze": (
        deck({"one": question()}),
        deck({"one": cloze("It is {{c1::x}}.")}),
        'cards.yaml:15:7: error: "one" was a question-and-answer note and is a cloze note now: Anki never brings such '
        "a change to learners [kind-changed]\n"
        "    keep the kind, or write the new note under a new id\n",
    ),
    "cloze becomes question": (
        deck({"one": cloze("It is {{c1::x}}.")}),
        deck({"one": question()}),
        'cards.yaml:15:7: error: "one" was a cloze note and is a question-and-answer note now: Anki never brings such '
        "a change to learners [kind-changed]\n"
        "    keep the kind, or write the new note under a new id\n",
    ),
    "title of the deck": (
        deck({"one": question()}),
        deck({"one": question()}, title="Large"),
        'cards.yaml:4:10: error: the deck was called "Small" and is called "Large" now: Anki finds decks by name, so '
        "learners would get a second deck while their cards stay in the old one [title-changed]\n"
        "    keep the name Small\n",
    ),
    "title of the deck with subdecks": (
        deck({"one": question(source="talk")}, sources=TWO),
        deck({"one": question(source="talk")}, sources=TWO, title="Large"),
        'cards.yaml:4:10: error: the deck was called "Small" and is called "Large" now: Anki finds decks by name, so '
        "learners would get a second deck while their cards stay in the old one [title-changed]\n"
        "    keep the name Small\n",
    ),
    "subdeck of a source": (
        deck({"one": question(source="talk")}, sources=TWO),
        deck({"one": question(source="talk")}, sources={**TWO, "talk": {**TALK, "deck": "Part One"}}),
        'cards.yaml:11:11: error: the deck was called "Small::Part 1" and is called "Small::Part One" now: Anki finds '
        "decks by name, so learners would get a second deck while their cards stay in the old one [title-changed]\n"
        "    keep the name Small::Part 1\n",
    ),
    "cloze numbers swapped": (
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        deck({"one": cloze("{{c1::Soft}} goes on; {{c2::hard}} is over.")}),
        'cards.yaml:16:16: error: "Hard" was number 1 and is number 2 now, "soft" was number 2 and is number 1 now: '
        "learners' reviews would count for the wrong answer [cloze-moved]\n"
        '    number the deletions so: c2 for "Soft", c1 for "hard"\n',
    ),
    "cloze put in front and renumbered": (
        deck({"one": cloze("It needs {{c1::grief}} and {{c2::recovery}}.")}),
        deck({"one": cloze("It {{c1::needs}} {{c2::grief}} and {{c3::recovery}}.")}),
        'cards.yaml:16:16: error: "grief" was number 1 and is number 2 now, "recovery" was number 2 and is number 3 '
        "now: learners' reviews would count for the wrong answer [cloze-moved]\n"
        '    number the deletions so: c3 for "needs", c1 for "grief", c2 for "recovery"\n',
    ),
    "cloze under a new number": (
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        deck({"one": cloze("{{c1::Hard}} is over; {{c3::soft}} goes on.")}),
        'cards.yaml:16:16: error: "soft" was number 2 and is number 3 now: '
        "learners' reviews would count for the wrong answer [cloze-moved]\n"
        '    number the deletions so: c1 for "Hard", c2 for "soft"\n',
    ),
    "cloze reused": (
        deck({"one": cloze("{{c1::Hard}} abandonment is over in one event.")}),
        deck({"one": cloze("An age gap makes the {{c1::older}} partner anxious.")}),
        'cards.yaml:16:16: error: number 1 asked for "Hard" and asks for "older" now, in another sentence: '
        "learners' reviews would count for the wrong answer [cloze-replaced]\n"
        "    give the new deletion a fresh number, such as c2\n",
    ),
}


def _run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cuedeck, words, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(("old", "new", "said"), REFUSED.values(), ids=REFUSED)
def test_a_harmful_edit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: dict[str, Any], new: dict[str, Any], said: str
) -> None:
    """The edit is named at its place with a way out; check says the same; lock and package stay as they were."""
    monkeypatch.chdir(tmp_path)
    build_deck(Path(), old)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    write(Path(), new)
    before[tmp_path / "cards.yaml"] = Path("cards.yaml").read_bytes()
    assert _run("build") == (1, "", said)
    assert _run("check") == (1, "", said)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


# Name: the deck that was built, the deck that is to be built now, and what is said of it while it is built.
WARNED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "vanished": (
        deck({"one": question(), "gone": question("Why?")}),
        deck({"one": question()}),
        'cards.yaml:11:1: warning: the note "gone" is no longer in the file: learners who have it keep it for ever '
        "[vanished]\n"
        '    put it back; they would find it in Anki\'s browser by "Note ID:gone"\n',
    ),
    "cloze gone": (
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        deck({"one": cloze("{{c1::Hard}} is over; soft goes on.")}),
        'cards.yaml:16:16: warning: number 2 ("soft") is gone: its card stays with learners, and says that it has no '
        "cloze [cloze-gone]\n"
        "    tell learners to use Tools > Empty Cards, or put the deletion back\n",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), WARNED.values(), ids=WARNED)
def test_what_stays_with_learners_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: dict[str, Any], new: dict[str, Any], said: str
) -> None:
    """The author is told what learners keep, and the package is built all the same."""
    monkeypatch.chdir(tmp_path)
    build_deck(Path(), old)
    write(Path(), new)
    code, _, errors = _run("check")
    assert (code, errors) == (0, said)
    code, line, errors = _run("build")
    assert (code, errors) == (0, said)
    assert line.startswith("decks/small.apkg: 1 note, 1 card")


ALLOWED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "fact corrected": (
        deck({"one": cloze("Published in {{c1::2024}}.")}),
        deck({"one": cloze("Published in {{c1::2025}}.")}),
    ),
    "numbers kept while the sentence turns round": (
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        deck({"one": cloze("{{c2::Soft}} goes on; {{c1::hard}} is over.")}),
    ),
    "new concept, new place": (
        deck({"one": question(), "two": question("Why?")}),
        deck({"two": question("Why?"), "one": question(tags=["t"])}),
    ),
    "a source with a subdeck is added": (
        deck({"one": question(source="talk")}),
        deck({"one": question(source="talk")}, sources={"talk": TALK, "film": {**FILM, "deck": "Films"}}),
    ),
    "a source is taken out": (
        deck({"one": question(source="talk")}, sources={"talk": TALK, "film": {**FILM, "deck": "Films"}}),
        deck({"one": question(source="talk")}),
    ),
}


@pytest.mark.parametrize(("old", "new"), ALLOWED.values(), ids=ALLOWED)
def test_a_harmless_edit_is_built_without_a_word(tmp_path: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    """What costs no learner anything is neither refused nor talked about."""
    build_deck(tmp_path, old)
    assert build_deck(tmp_path, new, FIRST + DAY).build.checked.warnings == ()


def test_a_number_that_is_gone_is_not_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Learners still have the card of a number that was taken out: another answer behind it is refused later too."""
    monkeypatch.chdir(tmp_path)
    build_deck(Path(), deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}))
    build_deck(Path(), deck({"one": cloze("{{c1::Hard}} is over; soft goes on.")}), FIRST + DAY)
    write(Path(), deck({"one": cloze("{{c1::Hard}} ends; {{c2::grief}} begins.")}))
    code, _, errors = _run("check")
    assert code == 1
    assert 'number 2 asked for "soft" and asks for "grief" now' in errors
    assert "a fresh number, such as c3" in errors
    build_deck(Path(), deck({"one": cloze("{{c1::Hard}} ends; {{c2::soft}} stays.")}), FIRST + 2 * DAY)


def test_every_hazard_of_a_file_is_told_in_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An author sees all that is wrong at once, in the order of the file."""
    monkeypatch.chdir(tmp_path)
    build_deck(Path(), deck({"one": question(), "two": cloze("It is {{c1::x}}."), "three": question("How?")}))
    write(Path(), deck({"one": cloze("It is {{c1::x}}."), "two": cloze("Now {{c1::other}}!")}, title="Large"))
    code, _, errors = _run("check")
    rules = [line.rpartition("[")[2].rstrip("]") for line in errors.splitlines() if line.startswith("cards.yaml")]
    assert code == 1
    assert rules == ["title-changed", "vanished", "kind-changed", "cloze-replaced"]
