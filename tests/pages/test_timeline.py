"""Timelines: the passages of a recording, which notes come from them, and how that is drawn and printed."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from cuedeck.deck.deck import Source
from cuedeck.deck.moments import Span
from cuedeck.pages.drawing import picture, timeline_svg
from cuedeck.pages.table import table
from cuedeck.pages.timeline import Taken, Timeline, one_after_another, timelines, timelines_of, without_gaps
from cuedeck.problems import Problems
from cuedeck.reading.cardsfile import cards_from_text
from cuedeck.usecases.coverage import coverage
from cuedeck.usecases.preview import preview_of
from tests.making import TALK, deck, placed_notes, question, write

SVG = "{http://www.w3.org/2000/svg}"


def _timelines(data: dict[str, Any]) -> tuple[Timeline, ...]:
    made = cards_from_text(json.dumps(data)).deck
    return timelines_of(made, placed_notes(made))


def _lines(at: list[Any], **source: Any) -> tuple[Timeline, ...]:
    """Return the timelines of a deck with one note for each of `at`, named a, b, c and so on."""
    notes = {chr(ord("a") + number): question(f"Q{number}", at=each) for number, each in enumerate(at)}
    return _timelines(deck(notes, sources={"talk": {**TALK, **source}}))


CHAPTERS = {"00:10": "One", "01:00": "Two", "02:00": "Three"}


@pytest.mark.parametrize(
    ("at", "touched", "first"),
    [
        (["00:10"], ["a", "", ""], ["a", "", ""]),
        (["00:59", "01:00"], ["a", "b", ""], ["a", "b", ""]),
        (["00:30-01:00"], ["a", "", ""], ["a", "", ""]),
        (["00:30-01:01"], ["a", "a", ""], ["a", "", ""]),
        (["00:30-09:00"], ["a", "a", "a"], ["a", "", ""]),
        ([["00:10", "02:30"]], ["a", "", "a"], ["a", "", ""]),
        (["02:00", "00:11"], ["b", "", "a"], ["b", "", "a"]),
    ],
)
def test_notes_of_passages(at: list[Any], touched: list[str], first: list[str]) -> None:
    """A note is in every passage that its moments touch. A span does not touch a passage that starts at its end."""
    (line,) = _lines(at, chapters=CHAPTERS, length="10:00")
    assert ["".join(passage.notes) for passage in line.passages] == touched
    assert ["".join(passage.first) for passage in line.passages] == first
    assert [(passage.start, passage.end) for passage in line.passages] == [(10, 60), (60, 120), (120, 600)]


def test_what_lies_before_the_first_chapter() -> None:
    """It is a passage if it is long or has a note; a few seconds of silence are not."""
    chapters = {"00:10": "One"}
    assert len(_lines(["00:10"], chapters=chapters)[0].passages) == 1
    assert _lines(["00:05"], chapters=chapters)[0].passages[0].notes == ("a",)
    assert _lines(["00:30"], chapters={"00:20": "One"})[0].passages[0].title == "Before the first chapter"


def test_a_recording_without_chapters_is_cut_evenly() -> None:
    """Passages have one round length, and there are at most two dozen."""
    (line,) = _lines(["00:00", "14:30"], length="15:12")
    assert [passage.start for passage in line.passages][:3] == [0, 60, 120]
    assert line.passages[-1].end == 912
    assert line.covered == 2
    assert line.passages[1].name == "to 02:00"
    (line,) = _lines(["00:00"], length="10h")
    assert len(line.passages) == 20


def test_a_recording_whose_length_is_not_given() -> None:
    """It ends with the last known moment, whose passage has no end, and table and picture say so."""
    (line,) = _lines(["03:00"], chapters=CHAPTERS)
    assert (line.end, line.whole, line.passages[-1].end) == (180, False, None)
    assert "Shown up to 03:00, the last known moment." in "\n".join(table(line))
    assert "Shown up to 03:00" in picture([line])
    (line,) = _lines(["03:00"], chapters=CHAPTERS, length="04:00")
    assert "Shown up to" not in "\n".join(table(line))


def test_the_table() -> None:
    """A line for each passage, with its start, the number of its notes, a bar, and its title; gaps stand out."""
    (line,) = _lines(["00:10", "00:20", "02:00"], chapters=CHAPTERS, length="10:00")
    assert list(table(line)) == [
        "A talk: 3 notes from 2 of 3 chapters",
        "  00:10  2  ██        One",
        "  01:00  0  no notes  Two",
        "  02:00  1  █         Three",
    ]


def test_the_picture() -> None:
    """It is well-formed SVG with a title and a description, a mark for every moment, and hatched gaps."""
    at = ["00:10", "00:20", ["02:00-03:00", "04:00"]]
    (line,) = _lines(at, chapters={**CHAPTERS, "01:00": "<&> Two"})
    root = ElementTree.fromstring(picture([line]))
    title, description = root.findall(f"{SVG}title")[0].text, root.findall(f"{SVG}desc")[0].text
    assert title == "Coverage of A talk: 3 notes from 2 of 3 chapters"
    assert description == "00:10 One: 2 notes; 01:00 <&> Two: no notes; 02:00 Three: 1 note"
    marks = next(each for each in root.iter(f"{SVG}path") if each.get("class") == "notes")
    assert str(marks.get("d")).count("M") == 4
    spans = next(each for each in root.iter(f"{SVG}path") if each.get("class") == "spans")
    assert str(spans.get("d")).count("M") == 1
    assert len([each for each in root.iter(f"{SVG}rect") if each.get("class") == "hatching"]) == 1


def test_the_picture_in_a_page_leads_to_headings(tmp_path: Path) -> None:
    """Each passage is a link to its heading on the page, and says how many notes it has."""
    (line,) = _lines(["00:10"], chapters=CHAPTERS)
    root = ElementTree.fromstring(timeline_svg(line))
    links = [(each.get("href"), each.get("aria-label")) for each in root.iter("a")]
    assert links[0] == ("#at-talk-10", "00:10 One: 1 note")
    assert links[1] == ("#at-talk-60", "01:00 Two: no notes")


def test_a_source_without_notes_or_moments() -> None:
    """A recording without notes has a timeline, too."""
    sources = {"talk": TALK, "later": {**TALK, "title": "Later"}}
    lines = _timelines(deck({"one": question(source="talk")}, sources=sources))
    assert [line.notes for line in lines] == [1, 0]
    assert next(table(lines[1])) == "Later: 0 notes from 0 of 1 passage"
    ElementTree.fromstring(picture(lines))


def test_a_deck_without_sources_has_nothing_to_cover(tmp_path: Path) -> None:
    """Coverage says so; a preview has no timeline."""
    cards = write(tmp_path, deck({"one": question()}, sources={}))
    with pytest.raises(Problems, match="no-source"):
        coverage(cards)
    made = preview_of(cards)
    assert timelines_of(made.deck, [note.rendered.placed for note in made.notes]) == ()


def test_recordings_are_drawn_one_after_another() -> None:
    """The picture for other sites shows all of them: each is a passage, with its moments at their places."""
    sources = tuple(Source(id=id, title=id.upper(), url="", length=60 if id == "a" else None) for id in "abc")
    taken = [
        Taken("one", "a", (Span(10), Span(20, 30))),
        Taken("two", "c", (Span(5),)),
    ]
    whole = one_after_another(without_gaps(timelines(sources, taken)))
    assert [(each.start, each.end, each.title) for each in whole.passages] == [(0, 60, "A"), (60, 65, "C")]
    assert whole.moments == (Span(10), Span(20, 30), Span(65))
    assert (whole.end, whole.notes, whole.source.title) == (65, 2, "2 recordings")
