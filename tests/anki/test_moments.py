"""Where cards link to: moments in the main source, in others, in none; and what that means for decks and cards."""

from pathlib import Path
from typing import Any

import pytest

from cuedeck.usecases.release import release
from tests.anki.learner import (
    card_of,
    collection,
    faults,
    links,
    new_cards,
    note_of,
    schedules,
    shown,
    study_all,
    take,
)
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, edit, question, write

VIDEO = {"title": "A film", "author": "F. Maker", "url": "https://youtu.be/abcdefghijk?si=x"}
TWO = {"talk": TALK, "film": VIDEO}
TALK_AT = "https://example.org/talk#:~:text="
FILM_AT = "https://www.youtube.com/watch?v=abcdefghijk&t="

# Name: what a note says, and the labels and addresses that its back shows.
LINKS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "concepts-moment": ({"source": "talk"}, [("¶ 01:32", f"{TALK_AT}01:32")]),
    "moment-zero": ({"source": "talk", "at": "0"}, [("¶ 00:00", f"{TALK_AT}00:00")]),
    "past-an-hour": ({"source": "talk", "at": "1:02:03"}, [("¶ 1:02:03", f"{TALK_AT}1:02:03")]),
    "span": ({"source": "talk", "at": "00:46-01:32"}, [("¶ 00:46", f"{TALK_AT}00:46")]),
    "several": (
        {"source": "talk", "at": ["00:46", "2m5s-130", "1:00:00"]},
        [("¶ 00:46", f"{TALK_AT}00:46"), ("¶ 02:05", f"{TALK_AT}02:05"), ("¶ 1:00:00", f"{TALK_AT}1:00:00")],
    ),
    "other-source": ({"source": "film", "at": "12:45"}, [("▶ 12:45", f"{FILM_AT}765s")]),
    "other-source-zero": ({"source": "film", "at": "00:00"}, [("▶ 00:00", f"{FILM_AT}0s")]),
    "other-source-several": (
        {"source": "film", "at": ["12:45", "1"]},
        [("▶ 12:45", f"{FILM_AT}765s"), ("▶ 00:01", f"{FILM_AT}1s")],
    ),
}


@pytest.mark.parametrize("kind", ["qa", "cloze"])
def test_links_lead_to_the_moments(tmp_path: Path, kind: str) -> None:
    """Every moment of a note is one link on the back, whose label shows the time and what a click opens."""
    make = question if kind == "qa" else lambda **more: cloze("It is {{c1::x}}", **more)
    written = build_deck(tmp_path, deck({name: make(**more) for name, (more, _) in LINKS.items()}, sources=TWO))
    with collection(tmp_path) as learner:
        take(learner, written.package)
        seen = {name: links(card_of(learner, name).answer()) for name in LINKS}
        assert seen == {name: wanted for name, (_, wanted) in LINKS.items()}


@pytest.mark.parametrize(
    ("link", "ends"),
    [
        ("{url}#:~:text={m:ss}", ("#:~:text=0:46", "#:~:text=62:03")),
        ("{url}?t={h}h{m}m{s}s", ("?t=0h0m46s", "?t=1h2m3s")),
        ("{url}?t={milliseconds}", ("?t=46000", "?t=3723000")),
    ],
)
@pytest.mark.parametrize("kind", ["qa", "cloze"])
def test_links_that_no_template_can_make_are_in_the_notes(
    tmp_path: Path, kind: str, link: str, ends: tuple[str, ...]
) -> None:
    """The back shows each moment once, before and after the author chooses such a form, and names the recording."""
    make = question if kind == "qa" else lambda **more: cloze("It is {{c1::x}}", **more)
    notes = {"note": make(at=["00:46.250", "1:02:03"])}
    first = build_deck(tmp_path, deck(notes, sources={"talk": {**TALK, "opens": "page"}}))
    with collection(tmp_path) as learner:
        take(learner, first.package)
        assert [label for label, _ in links(card_of(learner, "note").answer())] == ["¶ 00:46", "¶ 1:02:03"]
        study_all(learner)
        before = schedules(learner)
        talk = {**TALK, "link": link, "opens": "page"}
        take(learner, build_deck(tmp_path, deck(notes, sources={"talk": talk}), at=FIRST + DAY).package)
        back = card_of(learner, "note").answer()
        wanted = [(label, f"{TALK['url']}{end}") for label, end in zip(("¶ 00:46", "¶ 1:02:03"), ends, strict=True)]
        assert links(back) == wanted
        assert "A talk · A. Speaker" in shown(back)
        assert schedules(learner) == before
        assert faults(learner) == ""


def test_a_back_names_the_recording_that_it_links_to(tmp_path: Path) -> None:
    """A note of the main source names that source; a note of another source names only that other one."""
    notes = {"of-talk": question(source="talk"), "of-film": question(source="film")}
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, deck(notes, sources=TWO)).package)
        of_talk, of_film = (shown(card_of(learner, name).answer()) for name in notes)
        assert "A talk · A. Speaker" in of_talk
        assert "A film" not in of_talk
        assert "A film · F. Maker" in of_film
        assert "A talk" not in of_film


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("order", [("film", "talk"), ("book", "talk", "film")], ids=" ".join)
def test_another_source_put_first_leaves_notes_alone(tmp_path: Path, order: tuple[str, ...]) -> None:
    """After a release the main source remains the same: learners keep their tags, and links lead where they did."""
    sources = {**TWO, "book": {"title": "A reading", "author": "R. Eader", "url": "https://example.org/book.mp3"}}
    notes = {
        "of-talk": question("What is a term?", "A word.", source="talk"),
        "of-film": question("Where was it filmed?", "At a zoo.", source="film"),
    }
    more = {"of-first": question("Who speaks here?", "Nobody.", source=order[0])}
    cards = write(tmp_path, deck(notes, sources=TWO, author="A. Writer", license="CC0"))
    release(cards, "1.0.0", at=FIRST)
    with collection(tmp_path / "learner") as learner:
        take(learner, tmp_path / "decks" / "small.apkg")
        for name in notes:
            note = note_of(learner, name)
            note.tags = ["mine"]
            learner.update_note(note)
        after = deck(
            {**notes, **more}, sources={name: sources[name] for name in order}, author="A. Writer", license="CC0"
        )
        assert take(learner, build_deck(tmp_path, after, FIRST + DAY).package) == {"new": 1, "duplicate": 2}
        assert {name: note_of(learner, name).tags for name in notes} == {name: ["mine"] for name in notes}
        seen = {name: links(card_of(learner, name).answer()) for name in (*notes, *more)}
        first = {"film": ("▶ 01:32", f"{FILM_AT}92s"), "book": ("▶ 01:32", "https://example.org/book.mp3#t=92")}
        assert seen == {
            "of-talk": [("¶ 01:32", f"{TALK_AT}01:32")],
            "of-film": [("▶ 01:32", f"{FILM_AT}92s")],
            "of-first": [first[order[0]]],
        }
        backs = {name: shown(card_of(learner, name).answer()) for name in notes}
        assert "A talk · A. Speaker" in backs["of-talk"]
        assert "A film · F. Maker" in backs["of-film"]
        assert "A talk" not in backs["of-film"]


def test_a_main_source_in_a_player(tmp_path: Path) -> None:
    """A link to a player has the seconds and the sign for a player."""
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, deck({"one": question(at="12:45")}, sources={"film": VIDEO})).package)
        assert links(card_of(learner, "one").answer()) == [("▶ 12:45", f"{FILM_AT}765s")]


def test_a_deck_without_sources(tmp_path: Path) -> None:
    """A deck needs no recording: its cards show everything but a link."""
    notes = {"one": question("Why?", "Because."), "two": cloze("It is {{c1::x}}")}
    with collection(tmp_path) as learner:
        assert take(learner, build_deck(tmp_path, deck(notes, sources={})).package) == {"new": 2}
        assert shown(card_of(learner, "one").answer()) == "Why? Because. Idea"
        assert shown(card_of(learner, "two").answer()) == "It is x Idea"
        assert not links(card_of(learner, "one").answer())
        assert faults(learner) == ""


def test_a_reverse_card_comes_only_if_asked_for(tmp_path: Path) -> None:
    """`reverse: true` makes a second card, which asks for the question; a note without it has one card."""
    notes = {"one": question("Term?", "Meaning."), "both": question("Term?", "Meaning.", reverse="true")}
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, deck(notes)).package)
        assert len(note_of(learner, "one").cards()) == 1
        assert shown(card_of(learner, "both", 1).question()) == "Meaning."
        assert shown(card_of(learner, "both", 1).answer()).startswith("Meaning. Term? Idea ¶ 01:32")
        assert faults(learner) == ""


def test_a_card_added_to_a_note_leaves_the_others_alone(tmp_path: Path) -> None:
    """A reverse card and another deletion, both added later, arrive as new cards; all progress stays."""
    notes = {"qa": question(), "gaps": cloze("It is {{c1::x}} and y")}
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, deck(notes)).package)
        study_all(learner)
        before = schedules(learner)
        more = {"qa": question(reverse="true"), "gaps": cloze("It is {{c1::x}} and {{c2::y}}")}
        assert take(learner, build_deck(tmp_path, deck(more), FIRST + DAY).package) == {"updated": 2}
        after = schedules(learner)
        assert {card: after[card] for card in before} == before
        assert sorted(new_cards(learner)) == ["gaps", "qa"]
        assert not learner.get_empty_cards().notes


def test_each_source_may_have_its_own_subdeck(tmp_path: Path) -> None:
    """Notes go to the subdeck of their source, and importing an update makes no other deck."""
    sources = {"talk": {**TALK, "deck": "Part 1"}, "film": {**VIDEO, "deck": "Part 2"}}
    notes = {"first": question(source="talk"), "second": question(source="film")}
    with collection(tmp_path) as learner:
        for at in (FIRST, FIRST + DAY):
            take(learner, build_deck(tmp_path, deck(notes, sources=sources, title="A::B"), at).package)
        names = {each.name for each in learner.decks.all_names_and_ids(include_filtered=False)}
        assert names - {"Default"} == {"A", "A::B", "A::B::Part 1", "A::B::Part 2"}
        assert learner.decks.name(card_of(learner, "first").did) == "A::B::Part 1"
        assert learner.decks.name(card_of(learner, "second").did) == "A::B::Part 2"


def test_cards_of_several_sources_come_source_by_source(tmp_path: Path) -> None:
    """New cards come in the order of the sources, and within each in the order of its moments."""
    notes = {
        "film-early": question(source="film", at="0:01"),
        "talk-late": question(source="talk", at="9:00:00"),
        "film-late": question(source="film", at="2:00:00"),
        "talk-early": question(source="talk", at="0:05"),
    }
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, deck(notes, sources=TWO)).package)
        assert new_cards(learner) == ["talk-early", "talk-late", "film-early", "film-late"]


def test_a_note_may_move_to_another_concept(tmp_path: Path) -> None:
    """A note keeps its history wherever it goes in the file: its identity depends only on its id."""
    data = deck({"stays": question(), "goes": question("Where?", "There.")})
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, data).package)
        study_all(learner)
        before = schedules(learner)
        note = data["concepts"]["idea"]["notes"].pop("goes")
        data["concepts"]["other"] = {"title": "Other", "at": "00:10", "notes": {"goes": note}}
        assert take(learner, build_deck(tmp_path, data, FIRST + DAY).package) == {"updated": 1, "duplicate": 1}
        assert schedules(learner) == before
        assert "Other ¶ 00:10" in shown(card_of(learner, "goes").answer())


def test_a_vanished_note_stays_with_learners(tmp_path: Path) -> None:
    """Importing the next package leaves alone a note that is no longer in the file."""
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, deck({"one": question(), "two": question("Why?")})).package)
        take(learner, build_deck(tmp_path, deck({"one": question(), "three": question("How?")}), FIRST + DAY).package)
        assert {learner.get_note(id)["Note ID"] for id in learner.find_notes("")} == {"one", "two", "three"}
        assert faults(learner) == ""


def test_two_decks_leave_each_other_alone(tmp_path: Path) -> None:
    """Two decks with the same note ids in two namespaces live side by side, each with its own note types."""
    with collection(tmp_path) as learner:
        for name in ("first123", "second12"):
            data = deck({"one": question(answer=f"That of {name}.")}, namespace=name, id=name, title=name)
            assert take(learner, build_deck(tmp_path / name, data).package) == {"new": 1}
        answers = {learner.get_note(id)["Answer"] for id in learner.find_notes('"Note ID:one"')}
        assert answers == {"That of first123.", "That of second12."}
        names = {each.name for each in learner.models.all_names_and_ids()}
        assert {f"Cuedeck {name} (question and answer)" for name in ("first123", "second12")} <= names


def test_an_edit_of_the_main_sources_title_touches_no_note(tmp_path: Path) -> None:
    """The title of the recording is in the note types, like its address."""
    cards = write(tmp_path, deck({"one": question()}))
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, deck({"one": question()})).package)
        edit(cards, "title: A talk", "title: A lecture")
        data = deck({"one": question()}, sources={"talk": {**TALK, "title": "A lecture"}})
        assert take(learner, build_deck(tmp_path, data, FIRST + DAY).package) == {"duplicate": 1}
        assert "A lecture · A. Speaker" in shown(card_of(learner, "one").answer())
