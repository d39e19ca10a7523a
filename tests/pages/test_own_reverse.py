"""Second cards with their own texts, as a browser shows what Anki makes of them, and on our pages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.anki.learner import card_of, collection, take
from tests.making import build_deck, deck, question
from tests.pages.conftest import Browser, Page
from tests.pages.test_browser import Previewed, words

OWN = {"q": "Which *term* is meant?", "a": r"hard \(a < b\) abandonment"}
ASKED = question("What is hard abandonment?", "An open breakup", extra="So *much*.")
SWAPPED = question("Term?", "- here\n- there", extra="More.", reverse="true")


def sides_in_anki(folder: Path, notes: dict[str, Any], id: str) -> tuple[str, str]:
    """Return both sides of a second card, as Anki gives them to its window."""
    with collection(folder) as learner:
        take(learner, build_deck(folder / "deck", deck(notes)).package)
        card = card_of(learner, id, 1)
        return card.question(), card.answer()


Shown = Callable[[str], Page]


@pytest.fixture(params=["", "nightMode night_mode"], ids=["day", "night"])
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Shown]:
    """Show a side as Anki does: put as HTML into an element of its window."""
    context = browser.new_context(viewport={"width": 500, "height": 600})

    def show(side: str) -> Page:
        page = context.new_page()
        page.set_content(
            f'<!doctype html><body class="card card2 {request.param}"><div id="qa"></div>', wait_until="commit"
        )
        page.evaluate("side => { document.querySelector('#qa').innerHTML = side }", side.replace("<link ", "<x-link "))
        return page

    yield show
    context.close()


def lines(page: Page) -> list[str]:
    return [line for line in page.inner_text("#qa").splitlines() if line.strip()]


def test_each_side_shows_its_own_text_alone(tmp_path: Path, window: Shown) -> None:
    """Neither the other text nor those of the first card are visible, or there for a screen reader."""
    front, back = map(window, sides_in_anki(tmp_path, {"one": {**ASKED, "reverse": OWN}, "two": SWAPPED}, "one"))
    assert lines(front) == ["Which term is meant?"]
    assert lines(back)[:3] == ["Which term is meant?", r"hard \(a < b\) abandonment", "So much."]
    for page in (front, back):
        read = page.locator("#qa").aria_snapshot()
        assert "breakup" not in read
        assert "What is" not in read
    assert "hard" not in front.locator("#qa").aria_snapshot()
    sizes = [
        side.locator("#qa .cue-question").first.evaluate("e => getComputedStyle(e).fontSize") for side in (front, back)
    ]
    assert sizes == ["23px", "23px"]


def test_other_second_cards_look_as_before(tmp_path: Path, window: Shown) -> None:
    """Down to the last pixel: the mark of such a card is not visible, takes no room, and is not read."""
    without = sides_in_anki(tmp_path / "without", {"two": SWAPPED}, "two")
    beside = sides_in_anki(tmp_path / "with", {"two": SWAPPED, "one": {**ASKED, "reverse": OWN}}, "two")
    for before, after in zip(without, beside, strict=True):
        assert before != after
        old, new = window(before), window(after)
        assert old.screenshot(animations="disabled") == new.screenshot(animations="disabled")
        assert old.locator("#qa").aria_snapshot() == new.locator("#qa").aria_snapshot()


def test_the_preview_shows_and_finds_only_what_cards_show(previewed: Previewed) -> None:
    """Words that a card has only in its hidden elements are not found, either."""
    page = previewed(deck({"one": {**ASKED, "reverse": OWN}, "two": SWAPPED}), height=3000)
    assert words(page)["one/1"] == "Which term is meant?"
    assert words(page)["two/1"] == "here there"
    page.fill("#search", "term is meant")
    page.wait_for_function("document.querySelectorAll('article').length === 1")
    page.locator('[data-card="one/1"] .flip').click()
    assert words(page)["one/1"].startswith("Which term is meant? hard")
