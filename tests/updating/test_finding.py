"""Edits that would harm those who have the deck already: what an author reads, and that nothing is written."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cuedeck.problems import Level, Place, Problems
from cuedeck.updating.hazards import how_to_accept
from tests.making import DAY, FIRST, TALK, EveryKey, build_deck, checked, cloze, deck, question, release_deck, write
from tests.running import output_of

FILM = {"title": "A film", "url": "https://youtu.be/abcdefghijk"}
TWO = {"talk": {**TALK, "deck": "Part 1"}, "film": FILM}

# The deck that was built, the deck that is to be built now, and the hazard: its place, its key, and its facts.
Edit = tuple[dict[str, Any], dict[str, Any], str, str, dict[str, Any]]
REFUSED: dict[str, Edit] = {
    "question becomes cloze": (
        deck({"one": question()}),
        deck({"one": cloze("It is {{c1::x}}.")}),
        "15:7",
        "kind-changed:one",
        {"old": "question-and-answer", "new": "cloze"},
    ),
    "cloze becomes question": (
        deck({"one": cloze("It is {{c1::x}}.")}),
        deck({"one": question()}),
        "15:7",
        "kind-changed:one",
        {"old": "cloze", "new": "question-and-answer"},
    ),
    "title of the deck": (
        deck({"one": question()}),
        deck({"one": question()}, title="Large"),
        "4:10",
        "title-changed:deck",
        {"old": "Small", "new": "Large"},
    ),
    "title of the deck with subdecks": (
        deck({"one": question(source="talk")}, sources=TWO),
        deck({"one": question(source="talk")}, sources=TWO, title="Large"),
        "4:10",
        "title-changed:deck",
        {"old": "Small", "new": "Large"},
    ),
    "subdeck of a source that has another id": (
        deck({"one": question(source="talk")}, sources=TWO),
        deck({"one": question(source="lecture")}, sources={"lecture": {**TALK, "deck": "Lecture 1"}, "film": FILM}),
        "11:11",
        "title-changed:lecture",
        {"old": "Small::Part 1", "new": "Small::Lecture 1", "keep": 'keep the name with "deck: Part 1"'},
    ),
    "subdeck of a source": (
        deck({"one": question(source="talk")}, sources=TWO),
        deck({"one": question(source="talk")}, sources={**TWO, "talk": {**TALK, "deck": "Part One"}}),
        "11:11",
        "title-changed:talk",
        {"old": "Small::Part 1", "new": "Small::Part One"},
    ),
    "cloze numbers swapped": (
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        deck({"one": cloze("{{c1::Soft}} goes on; {{c2::hard}} is over.")}),
        "16:16",
        "cloze-moved:one",
        {"numbering": 'c2 for "Soft", c1 for "hard"'},
    ),
    "cloze put in front and renumbered": (
        deck({"one": cloze("It needs {{c1::grief}} and {{c2::recovery}}.")}),
        deck({"one": cloze("It {{c1::needs}} {{c2::grief}} and {{c3::recovery}}.")}),
        "16:16",
        "cloze-moved:one",
        {"numbering": 'c3 for "needs", c1 for "grief", c2 for "recovery"'},
    ),
    "cloze under a new number": (
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        deck({"one": cloze("{{c1::Hard}} is over; {{c3::soft}} goes on.")}),
        "16:16",
        "cloze-moved:one",
        {"numbering": 'c1 for "Hard", c2 for "soft"'},
    ),
    "question of another": (
        deck({"one": question("What is hard abandonment?"), "two": question("Who spoke?", "A lecturer.")}),
        deck({"one": question("Who spoke?", "A lecturer."), "two": question("Who spoke?", "A lecturer.", extra="So.")}),
        "15:7",
        "question-moved:one",
        {"other": "two"},
    ),
    "question reused": (
        deck({"one": question("What is hard abandonment?", "An open breakup.")}),
        deck({"one": question("Which colour does a lion have?", "Sand.")}),
        "15:7",
        "question-replaced:one",
        {"old": "What is hard abandonment?", "new": "Which colour does a lion have?"},
    ),
    "question and answer changed places": (
        deck({"one": question("Hard abandonment", "An open breakup", reverse="true")}),
        deck({"one": question("An open breakup", "Hard abandonment", reverse="true")}),
        "15:7",
        "question-replaced:one",
        {"old": "Hard abandonment", "new": "An open breakup"},
    ),
    "reverse card reused": (
        deck({"one": question(reverse={"q": "Which term means an open breakup?", "a": "hard abandonment"})}),
        deck({"one": question(reverse={"q": "Who wrote about it first?", "a": "A lecturer"})}),
        "18:9",
        "question-replaced:one",
        {"old": "Which term means an open breakup?", "new": "Who wrote about it first?"},
    ),
    "swapped card reused": (
        deck({"one": question("What is hard abandonment?", "An open breakup", reverse="true")}),
        deck(
            {
                "one": question(
                    "What is hard abandonment?", "An open breakup", reverse={"q": "Who wrote about it?", "a": "Freud"}
                )
            }
        ),
        "18:9",
        "question-replaced:one",
        {"old": "An open breakup", "new": "Who wrote about it?"},
    ),
    "cloze reused": (
        deck({"one": cloze("{{c1::Hard}} abandonment is over in one event.")}),
        deck({"one": cloze("An age gap makes the {{c1::older}} partner anxious.")}),
        "16:16",
        "cloze-replaced:one",
        {"number": 1, "old": "Hard", "new": "older", "fresh": 2},
    ),
}


@pytest.mark.parametrize(("old", "new", "place", "key", "facts"), REFUSED.values(), ids=REFUSED)
def test_a_harmful_edit_is_refused(
    folder: Path, old: dict[str, Any], new: dict[str, Any], place: str, key: str, facts: dict[str, Any]
) -> None:
    """The edit is named at its place with a way out; check says the same; lock and package stay as they were."""
    release_deck(Path(), old)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    write(Path(), new)
    before[folder / "cards.yaml"] = Path("cards.yaml").read_bytes()
    said = said_of_the_only_hazard(place, "error", key, facts)
    assert output_of("build") == (1, "", said)
    assert output_of("check") == (1, "", said)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def said_of_the_only_hazard(place: str, level: Level, key: str, facts: dict[str, Any]) -> str:
    """Return what is printed at its place of the only hazard in this folder, which has this key and these facts."""
    (hazard,) = checked(Path("cards.yaml"), EveryKey()).hazards
    assert hazard.key == key
    assert facts.items() <= hazard.facts.items()
    problem = hazard.as_problem(lambda *_: Place(f"cards.yaml:{place}"), level)
    return f"{problem}\n{how_to_accept([problem])}\n"


WARNED: dict[str, Edit] = {
    "vanished": (
        deck({"one": question(), "gone": question("Why?")}),
        deck({"one": question()}),
        "11:1",
        "vanished:gone",
        {"where": "file", "search": '"note:Cuedeck small (*)" "Note ID:gone"'},
    ),
    "subdeck taken out": (
        deck({"one": question(source="talk")}, sources={"talk": {**TALK, "deck": "Part 1"}}),
        deck({"one": question(source="talk")}, sources={"talk": TALK}),
        "6:3",
        "cards-stay:Small",
        {"count": "1 note", "old": "Small::Part 1", "new": "Small", "first": "one"},
    ),
    "cloze gone": (
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        deck({"one": cloze("{{c1::Hard}} is over; soft goes on.")}),
        "16:16",
        "cloze-gone:one",
        {"number": 2, "old": "soft"},
    ),
    "reverse card gone": (
        deck({"one": question(reverse="true")}),
        deck({"one": question()}),
        "15:7",
        "reverse-gone:one",
        {},
    ),
    "reverse card added": (
        deck({"one": question()}),
        deck({"one": question(reverse="true")}),
        "15:7",
        "card-added:one",
        {"card": "a reverse card"},
    ),
    "reverse card with its own texts gone": (
        deck({"one": question(reverse={"q": "Which?", "a": "This"})}),
        deck({"one": question()}),
        "15:7",
        "reverse-gone:one",
        {},
    ),
    "links of further moments": (
        deck({"one": question(at=["0:10", "0:20", "0:30"]), "two": question("Why?")}),
        deck(
            {"one": question(at=["0:10", "0:20", "0:30"]), "two": question("Why?")},
            sources={"talk": {**TALK, "url": "https://example.org/new?a=1&b=2"}},
        ),
        "15:7",
        "link-changed:one",
        {
            "old": "https://example.org/talk#:~:text=00:20",
            "new": "https://example.org/new?a=1&b=2#:~:text=00:20",
        },
    ),
    "cloze added": (
        deck({"one": cloze("{{c1::Hard}} is over; soft goes on.")}),
        deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}),
        "15:7",
        "card-added:one",
        {"card": "a card for c2"},
    ),
}


@pytest.mark.parametrize(("old", "new", "place", "key", "facts"), WARNED.values(), ids=WARNED)
def test_what_stays_with_learners_is_reported(
    folder: Path, old: dict[str, Any], new: dict[str, Any], place: str, key: str, facts: dict[str, Any]
) -> None:
    """The author reads what learners keep, and the package is built nevertheless."""
    release_deck(Path(), old)
    write(Path(), new)
    said = said_of_the_only_hazard(place, "warning", key, facts)
    code, _, errors = output_of("check")
    problem, line, accepted = said.partition("to release")
    assert code == 0
    assert problem in errors  # beside advice
    assert errors.endswith(line + accepted)
    code, line, errors = output_of("build")
    assert (code, errors) == (0, said)
    assert re.match(r"decks/small\.apkg: [12] notes?, ", line)


ALLOWED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "question worded otherwise": (
        deck({"one": question("What is hard abandonment?", "An open and final breakup.")}),
        deck({"one": question("How is hard abandonment defined?", "A breakup that is open and final.")}),
    ),
    "another answer to the same question": (
        deck({"one": question("When was it published?", "In spring.")}),
        deck({"one": question("When was it published?", "Two years ago.")}),
    ),
    "a reverse card worded otherwise": (
        deck({"one": question(reverse={"q": "Which term means an open breakup?", "a": "hard abandonment"})}),
        deck({"one": question(reverse={"q": "What is an open breakup called?", "a": "Hard abandonment."})}),
    ),
    "a question instead of the swapped sides": (
        deck({"one": question("What is hard abandonment?", "An open breakup", reverse="true")}),
        deck(
            {
                "one": question(
                    "What is hard abandonment?",
                    "An open breakup",
                    reverse={"q": "Which term is meant?", "a": "hard abandonment"},
                )
            }
        ),
    ),
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
    release_deck(tmp_path, old)
    assert build_deck(tmp_path, new, FIRST + DAY).warnings == ()


def test_drafts_do_not_change_what_a_reverse_card_is_compared_with(tmp_path: Path) -> None:
    """The lock keeps its texts as learners have them, even if the next package no longer has them."""

    def asking(text: str, answer: str) -> dict[str, Any]:
        return deck({"one": question("What is hard abandonment?", reverse={"q": text, "a": answer})})

    release_deck(tmp_path, asking("Which term means an open breakup?", "hard abandonment"))
    build_deck(tmp_path, asking("Which term means an open and final breakup?", "hard abandonment"), FIRST + DAY)
    (hazard,) = checked(write(tmp_path, asking("Who wrote about it?", "Freud")), EveryKey()).hazards
    assert (hazard.key, hazard.facts["old"]) == ("question-replaced:one", "Which term means an open breakup?")


def test_a_note_that_is_gone_is_found_under_the_name_it_had(folder: Path) -> None:
    """A new name alone brings no update, so learners know the note by the old one."""
    release_deck(Path(), deck({"one": question(), "two": question("Why?")}))
    build_deck(Path(), deck({"one": question(), "too": question("Why?", was="two")}), FIRST + DAY)
    write(Path(), deck({"one": question()}))
    assert '"Note ID:re:^(too|two)$"' in output_of("check")[2]


def test_a_note_that_is_gone_from_a_deck_without_sources(folder: Path) -> None:
    """It is gone from the file, as in any other deck."""
    release_deck(Path(), deck({"one": question(), "two": question("Why?")}, sources={}))
    write(Path(), deck({"one": question()}, sources={}))
    (hazard,) = checked(Path("cards.yaml")).hazards
    assert (hazard.key, hazard.facts["where"]) == ("vanished:two", "file")


def test_a_note_that_cannot_be_read_is_not_compared(folder: Path) -> None:
    """Only its errors are reported, and not that it asks something else."""
    release_deck(Path(), deck({"one": question("Which line breaks?", "The first.")}))
    text = Path("cards.yaml").read_text(encoding="utf-8")
    text = text.replace("q: Which line breaks?", 'q: "Which: line" breaks?').replace("a: The first.", 'a: "x" y')
    Path("cards.yaml").write_text(text, encoding="utf-8")
    code, _, errors = output_of("check")
    assert code == 1
    assert errors.count(": error: ") == 2
    assert "question-replaced" not in errors


def test_a_number_that_is_gone_is_not_free(folder: Path) -> None:
    """Learners still have the card of a number that was removed, so another answer under it is refused later, too."""
    release_deck(Path(), deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}))
    release_deck(Path(), deck({"one": cloze("{{c1::Hard}} is over; soft goes on.")}), FIRST + DAY, "1.1.0")
    write(Path(), deck({"one": cloze("{{c1::Hard}} ends; {{c2::grief}} begins.")}))
    (hazard,) = checked(Path("cards.yaml"), EveryKey()).hazards
    assert (hazard.key, hazard.refused) == ("cloze-replaced:one", True)
    assert hazard.facts == {"number": 2, "old": "soft", "new": "grief", "fresh": 3}
    build_deck(Path(), deck({"one": cloze("{{c1::Hard}} ends; {{c2::soft}} stays.")}), FIRST + 2 * DAY)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [(old, new, key) for old, new, _, key, _ in (*REFUSED.values(), *WARNED.values())],
    ids=[*REFUSED, *WARNED],
)
def test_what_is_accepted_is_built_once_and_remembered(
    folder: Path, old: dict[str, Any], new: dict[str, Any], key: str
) -> None:
    """Accepted by name, the edit is built without a word, the lock says so, and nothing is left to accept."""
    release_deck(Path(), old)
    write(Path(), new)
    code, _, errors = output_of("build", "--accept", key)
    assert (code, errors) == (0, "")
    lock = Path("cards.lock").read_text(encoding="utf-8")
    assert [json.loads(line)["accepted"] for line in lock.splitlines() if '"accepted"' in line] == [key]
    assert output_of("build")[::2] == (0, "")
    write(Path(), old)
    code, _, errors = output_of("build", "--accept", key)
    assert code == 1
    assert f'there is no hazard "{key}" to accept' in errors
    assert output_of("build")[::2] == (0, "")
    assert '"accepted"' not in Path("cards.lock").read_text(encoding="utf-8")


def test_a_slip_in_what_is_accepted_is_told(folder: Path) -> None:
    """A hazard is accepted by its exact name and note, and the right ones are listed."""
    release_deck(Path(), deck({"one": question(), "two": question("Why?")}))
    write(Path(), deck({"one": question()}))
    code, _, errors = output_of("build", "--accept", "vanished:tow")
    assert code == 1
    assert 'there is no hazard "vanished:tow" to accept [no-hazard]\n    did you mean "vanished:two"?' in errors


def test_a_mass_rename_is_noticed(tmp_path: Path) -> None:
    """However many notes got new ids, and an edit as well, each is reported, and no unlike note is."""
    texts = [
        f"What does the {word} number {number} stand for in part {number % 7}?"
        for number in range(150)
        for word in ("odd",)
    ]
    release_deck(tmp_path, deck({f"n{number}": question(text, f"For {number}") for number, text in enumerate(texts)}))
    renamed = {f"zoo-n{number}": question(text, f"For {number}.") for number, text in enumerate(texts)}
    write(tmp_path, deck({**renamed, "other": question("Who was it that spoke?", "A lecturer.")}))
    with pytest.raises(Problems) as caught:
        checked(tmp_path / "cards.yaml")
    found = {each.accept for each in caught.value.problems if each.rule == "looks-renamed"}
    assert found == {f"looks-renamed:{id}" for id in renamed}


def test_an_older_lock_is_noticed(folder: Path) -> None:
    """A lock brought back from before the last build would stamp notes anew that learners have already."""
    release_deck(Path(), deck({"one": question(), "two": question("Why?")}))
    older = Path("cards.lock").read_bytes()
    release_deck(Path(), deck({"one": question(answer="This."), "two": question("Why?")}), FIRST + DAY, "1.1.0")
    Path("cards.lock").write_bytes(older)
    code, _, errors = output_of("build")
    assert code == 1
    assert 'of 1 note, such as "one"' in errors
    assert "[lock-lost]" in errors


def test_note_types_of_another_shape_are_refused(folder: Path) -> None:
    """A version with other fields in its note types would stop all updates, so a build reports this first."""
    release_deck(Path(), deck({"one": question()}))
    lines = [json.loads(line) for line in Path("cards.lock").read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line.get("type") == "qa":
            line["shape"] = "other"
    Path("cards.lock").write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    code, _, errors = output_of("build")
    assert code == 1
    assert 'the note type "Cuedeck small (question and answer)" ' in errors
    assert "[type-changed]" in errors
    assert output_of("build", "--accept", "type-changed:qa")[0] == 0


def test_every_hazard_of_a_file_is_told_in_one_run(folder: Path) -> None:
    """An author sees all that is wrong at once, in the order of the file."""
    release_deck(Path(), deck({"one": question(), "two": cloze("It is {{c1::x}}."), "three": question("How?")}))
    write(Path(), deck({"one": cloze("It is {{c1::x}}."), "two": cloze("Now {{c1::other}}!")}, title="Large"))
    code, _, errors = output_of("check")
    rules = [line.rpartition("[")[2].rstrip("]") for line in errors.splitlines() if line.startswith("cards.yaml")]
    assert code == 1
    assert rules == ["title-changed", "vanished", "kind-changed", "cloze-replaced"]
