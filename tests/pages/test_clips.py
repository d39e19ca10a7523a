"""Clips of the recording in a real browser: on cards as Anki shows them, and on our own pages."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cuedeck.pages.cardsides import cards_of, page_type
from cuedeck.rendering.notefields import MY_NOTES, place_of
from cuedeck.usecases.clips import clips
from cuedeck.usecases.preview import preview
from cuedeck.usecases.share import share
from tests.making import TALK, build_deck, deck, question, release_deck, write
from tests.pages.conftest import Opened, Page, expect, faults_for_some
from tests.pages.test_browser import settle
from tests.recordings import needed_ffmpeg, recording

WINDOWS = {"phone": (320, 700), "desktop": (1000, 800)}
FILM = {"title": "A film with quite a long name", "author": "Somebody", "url": "https://youtu.be/abcdefghijk"}
OWN = "My <b>own</b> words, and some more of them, which take two lines on a phone."
STATE = "(each) => [each.paused, each.readyState, each.currentTime, each.autoplay]"


@pytest.fixture
def data(tmp_path: Path) -> dict[str, Any]:
    """A deck from two recordings, whose clips are cut; each clip takes two or three seconds."""
    needed_ffmpeg()
    recorded = {"recording": "talk.wav", "clips": "true"}
    notes = {
        "one": question("Which one?", "This one.", at=["0:20-0:21", "0:30"], source="talk"),
        "two": question("Which other?", "That one.", at="0:01-0:02", source="film"),
    }
    sources = {"talk": {**TALK, **recorded}, "film": {**FILM, **recorded}}
    found = deck(notes, sources=sources, author="Me", license="CC0")
    found["media"] = {"media/clips": {"license": "CC BY 4.0", "author": "A. Speaker"}}
    recording(tmp_path / "talk.wav", 40)
    clips(write(tmp_path, found))
    return found


@pytest.fixture
def in_anki(tmp_path: Path, data: dict[str, Any], opened: Opened) -> Callable[..., Page]:
    """Open the back of a note's first card as a page of its own, like the one in Anki's window."""

    def open_card(id: str, night: bool = False, window: str = "desktop") -> Page:
        built = build_deck(tmp_path, data).build
        rendered = next(each.rendered for each in built.notes if each.rendered.id == id)
        type = next(page_type(each.type) for each in built.types if each.type.kind == rendered.kind)
        fields = list(rendered.fields)
        fields[place_of(MY_NOTES, rendered.kind)] = OWN
        (card,) = cards_of(fields, rendered.cards, type)
        for file in rendered.files:
            (tmp_path / file.name).write_bytes(file.where.read_bytes())
        path = tmp_path / "card.html"
        head = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Card</title><style>{type.css}</style>'
        body = f'<body class="card{" nightMode" if night else ""}"><main><h1>Card</h1>{card.back}</main></body>'
        path.write_text(f"{head}{body}</html>", encoding="utf-8")
        width, height = WINDOWS[window]
        return opened(path, width=width, height=height)

    return open_card


def test_a_tap_plays_the_passage_and_it_stops(in_anki: Callable[..., Page]) -> None:
    """Nothing is loaded before, and nothing plays by itself."""
    player = (page := in_anki("one")).locator("audio")
    assert player.evaluate(STATE) == [True, 0, 0, False]
    player.evaluate("(each) => { each.muted = true }")
    player.click(position={"x": 20, "y": 18})
    page.wait_for_function("!document.querySelector('audio').paused")
    page.wait_for_function("document.querySelector('audio').ended")
    assert player.evaluate("(each) => [each.paused, Math.round(each.duration)]") == [True, 3]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("id", ["one", "two"])
def test_the_player_is_beside_the_link(in_anki: Callable[..., Page], id: str, night: bool, window: str) -> None:
    """As large as a thumb needs, and nothing is wider than the window; own words stand under their heading."""
    page = in_anki(id, night, window)
    player, link = (page.locator(each).first.bounding_box() for each in (".cue-clip", ".cue-moment"))
    assert player
    assert link
    assert player["height"] >= 44
    assert abs(player["y"] - link["y"]) < 8 or window == "phone"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("audio").evaluate("(each) => getComputedStyle(each).colorScheme") == (
        "dark" if night else "light"
    )
    heading, words = page.locator(".cue-own-name"), page.locator(".cue-own .cue-block")
    expect(heading).to_have_text("My notes")
    expect(words).to_have_text(re.sub("<.*?>", "", OWN))
    sizes = "(each) => parseFloat(getComputedStyle(each).fontSize)"
    assert heading.evaluate(sizes) < words.evaluate(sizes)
    assert faults_for_some(page) == ""


def test_the_preview_plays_clips(tmp_path: Path, data: dict[str, Any], opened: Opened) -> None:
    """On the back, with a label; a search for its words does not find every card."""
    page = opened(preview(write(tmp_path, data))[1], height=2000)
    page.locator("#flip-all").click()
    player = page.locator("[data-card='one/0'] .frame.desktop audio")
    assert player.get_attribute("aria-label") == "Clip of the recording"
    play = "async (each) => { each.muted = true; await each.play(); return Math.round(each.duration); }"
    assert player.evaluate(play) == 3
    assert faults_for_some(page) == ""
    for typed, found in {"clip of": [], "this one": ["one"]}.items():
        page.locator("#search").fill(typed)
        settle(page)
        assert (
            page.eval_on_selector_all("article", "all => all.map((each) => each.getAttribute('aria-label'))") == found
        )


@pytest.mark.needs("nh3", "resvg_py")
def test_the_site_plays_clips_and_says_how_large_they_are(tmp_path: Path, data: dict[str, Any], opened: Opened) -> None:
    """It has those of the samples beside it, and credits the speaker."""
    release_deck(tmp_path, data)
    share(tmp_path / "cards.yaml", tmp_path / "site")
    page = opened(tmp_path / "site" / "index.html", width=390)
    play = "async (each) => { each.muted = true; await each.play(); return Math.round(each.duration); }"
    assert page.locator(".samples .day audio").first.evaluate(play) == 3
    words = page.locator("body").inner_text()
    assert re.search(r"2 short clips are included, which cards play: \d+ kB of the package\.", words)
    assert "2 pictures and sounds by A. Speaker, under CC BY 4.0." in words
    assert faults_for_some(page) == ""
