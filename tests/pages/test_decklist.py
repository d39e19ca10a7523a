"""The page that lists the decks of a site, in a real browser."""

from pathlib import Path

import pytest

from cuedeck.pages.decklist import Entry, list_page
from tests.pages.conftest import Opened, faults_for_some

TITLES = ["<script>window.hit = 1</script>", "</title><img src=x onerror='window.hit=1'>", "x" * 300, "A::B::C"]


@pytest.mark.hostile
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_in_a_browser(tmp_path: Path, opened: Opened, scheme: str, width: int) -> None:
    """Titles stay text, the checker axe finds nothing, and nothing scrolls sideways."""
    numbers = {"notes": 1234, "cards": 1}
    entries = [
        Entry(
            deck=f"d-{number}",
            namespace="tests123",
            title=title,
            version="1.0.0",
            date="2023-11-14",
            license=title,
            **numbers,
        )
        for number, title in enumerate(TITLES)
    ]
    path = tmp_path / "index.html"
    path.write_bytes(list_page([(f"{entry.deck}/", entry) for entry in entries]))
    page = opened(path, width=width, color_scheme=scheme)
    assert page.evaluate("window.hit") is None
    assert page.locator("script, img").count() == 0
    assert page.locator("h2").all_inner_texts() == [TITLES[1], TITLES[0], "C", TITLES[2]]
    assert page.locator("li").first.inner_text().split("\n")[2] == "1,234 notes and 1 card"
    assert faults_for_some(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
