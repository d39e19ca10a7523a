"""The preview as a file: one page that loads and sends nothing, whatever is written on the cards."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cuedeck.pages.page import Page, document
from cuedeck.pages.preview import preview_page, problems_page
from cuedeck.pages.styles import card_style
from cuedeck.problems import Place, Problem, Problems
from cuedeck.rendering.notetypes import CLOZE, QA
from cuedeck.usecases.build import build
from cuedeck.usecases.preview import preview, preview_of
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, question, release_deck, write
from tests.pictures import mp3, name_of, photo, put

HOSTILE = '</script></style></template><!-- <script>alert(1)</script> "onload="alert(1)'


class _Elements(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


def _page_data(page: str) -> Any:
    found = re.search('<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_policy_allows_nothing_but_the_page_itself(tmp_path: Path) -> None:
    """Styles and scripts are allowed by hash; no request, no form, no base, and HTML from text in only one place."""
    page = preview_page(preview_of(write(tmp_path, deck({"one": question()})))).decode()
    rules = rules_of(page)
    assert rules["default-src"] == rules["connect-src"] == rules["form-action"] == rules["base-uri"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "media-src" not in rules
    assert not re.search("unsafe|http", str(rules))
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == len(rules["script-src"].split()) == 4


def test_pictures_and_sounds_are_in_the_page(tmp_path: Path) -> None:
    """Each once, however many sides show it; the policy allows them, and the words about them are beside them."""
    put(tmp_path, lake_png=photo(8, 6), bell_mp3=mp3(1))
    lake, bell = "![A <lake>](media/lake.png){width=50%}", '![a "bell"](media/bell.mp3)'
    _, path = preview(write(tmp_path, deck({"one": question(f"{lake} {bell}", lake, reverse=True)})))
    page = path.read_text(encoding="utf-8")
    names = [name_of(tmp_path / "media" / name) for name in ("lake.png", "bell.mp3")]
    assert page.count("data:image/png;base64,") == page.count("data:audio/mpeg;base64,") == 1
    data = _page_data(page)
    assert set(data["media"]) == set(names)
    _, _, front, _ = data["notes"]["one"]["cards"][0]
    assert f'<img data-file="{names[0]}" alt="A &lt;lake&gt;" width="50%">' in front
    assert f'<audio data-file="{names[1]}" aria-label="a &quot;bell&quot;"' in front
    assert rules_of(page)["img-src"] == rules_of(page)["media-src"] == "data:"
    assert "style=" not in front


def test_a_page_that_nobody_could_send_says_what_is_missing(tmp_path: Path) -> None:
    """What is too large is taken from the folder of the deck, and the page says so."""
    put(tmp_path, lake_png=photo(8, 6), huge_png=photo(8, 6) + bytes(15_000_000), bell_mp3=mp3(1))
    cards = write(tmp_path, deck({"one": question("![](media/lake.png)", "![](media/huge.png) ![](media/bell.mp3)")}))
    made, path = preview(cards, tmp_path / "pages" / "page.html")
    page = path.read_text(encoding="utf-8")
    assert [each.path for each in made.media.outside] == ["media/huge.png"]
    assert len(page) < 1_000_000
    assert _page_data(page)["media"][name_of(tmp_path / "media/huge.png")] == "../media/huge.png"
    assert "1 picture or sound (15.0 MB) is not in this page" in page
    assert rules_of(page)["img-src"] == "data: 'self' file:"
    assert rules_of(page)["media-src"] == "data:"


def rules_of(page: str) -> dict[str, str]:
    """Return the policy of a page."""
    policy = next(each["content"] for name, each in _Elements(page).found if name == "meta" and "http-equiv" in each)
    assert policy
    return dict(rule.split(" ", 1) for rule in policy.split("; "))


def test_no_text_gets_out_of_its_place(tmp_path: Path) -> None:
    """Hostile words everywhere do not change the page's elements, and none has an event handler."""
    calm = deck({"one": question()})
    source = {**TALK, "title": HOSTILE, "author": HOSTILE, "chapters": {"00:05": HOSTILE}}
    hostile = deck(
        {"one": question(*[HOSTILE.replace("<", r"\<")] * 2), "two": cloze("{{c1::x}}")}, sources={"talk": source}
    )
    hostile["concepts"]["idea"]["title"] = HOSTILE
    hostile["deck"]["title"] = HOSTILE.replace('"', "")
    previews = [preview_of(write(tmp_path / name, data)) for name, data in (("a", calm), ("b", hostile))]
    pages = [preview_page(each).decode() for each in previews]
    names = [[name for name, _ in _Elements(page).found if name in ("script", "style", "template")] for page in pages]
    assert names[0] == names[1]
    assert not [each for _, each in _Elements(pages[1]).found if any(name.startswith("on") for name in each)]
    assert HOSTILE in "".join(_page_data(pages[1])["concepts"].values())


def test_nothing_outside_is_named(tmp_path: Path) -> None:
    """No element loads anything: only links lead elsewhere."""
    page = preview_page(preview_of(write(tmp_path, deck({"one": question()})))).decode()
    loading = [each for _, each in _Elements(page).found if {"src", "srcset", "data", "action", "background"} & {*each}]
    assert loading == []
    (link,) = (each["href"] for name, each in _Elements(page).found if name == "link")
    assert str(link).startswith("data:image/svg+xml,")
    assert '<link rel=\\"stylesheet' not in page
    assert "@import" not in page


def test_advice_goes_to_its_note(tmp_path: Path) -> None:
    """What the check says about a note is shown beside it, and what it says about the deck is at the top."""
    source = {**TALK, "chapters": {"00:10": "Begin", "01:00": "Empty", "01:32": "Full"}}
    data = deck(
        {"one": question("Is it so?", "Yes", at=["00:10", "01:32"]), "two": question("What is two?")},
        sources={"talk": source},
    )
    page = preview_page(preview_of(write(tmp_path, data))).decode()
    notes = _page_data(page)["notes"]
    assert "yes-no-question" in [rule for _, rule, *_ in notes["one"]["remarks"]]
    assert notes["two"]["remarks"] == []
    head = page.partition('<div id="cards"')[0]
    assert "chapter-without-notes" in head
    assert "yes-no-question" not in head


def test_an_unsound_deck_writes_nothing(tmp_path: Path) -> None:
    """Problems are reported, and the old page stays."""
    _, path = preview(write(tmp_path, deck({"one": question()})))
    before = path.read_bytes()
    with pytest.raises(Problems, match="unknown-key"):
        preview(write(tmp_path, deck({"one": {"q": "x", "b": "y"}})))
    assert path.read_bytes() == before


def test_what_the_deck_is_made_from_is_spared(tmp_path: Path) -> None:
    """A page never overwrites cards.yaml, its lock, or a folder."""
    cards = write(tmp_path, deck({"one": question()}))
    for name in ("cards.yaml", "cards.lock", "."):
        with pytest.raises(Problems, match="unwritable"):
            preview(cards, tmp_path / name)


def test_nothing_is_stamped(tmp_path: Path) -> None:
    """A preview changes neither the lock nor the package."""
    build_deck(tmp_path, deck({"one": question()}))
    before = (tmp_path / "cards.lock").read_bytes()
    made, _ = preview(write(tmp_path, deck({"one": question("Other?")})))
    assert [note.status for note in made.notes] == ["changed"]
    assert (tmp_path / "cards.lock").read_bytes() == before


def test_problems_on_a_page(tmp_path: Path) -> None:
    """Errors are shown above the last valid version, or alone if there was none; their words stay text."""
    errors = [Problem(Place("cards.yaml", 3, 5), f'unknown key "{HOSTILE}"', "unknown-key", "a hint")]
    made = preview_of(write(tmp_path, deck({"one": question()})))
    for page in (preview_page(made, errors).decode(), problems_page(errors).decode()):
        assert "cards.yaml:3:5" in page
        assert "unknown-key" in page
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page


def test_style_of_cards_speaks_of_their_frame() -> None:
    """Rules for Anki's window apply to the frame; both note types share one style, of which nothing is lost."""
    css = card_style("@media (max-width: 480px) { .card { padding: 10vh 20px; } } @media print { a { color: red } }")
    assert "@container (max-width: 480px) { .card { padding: calc(10 * var(--window-height) / 100) 20px; } }" in css
    assert "@media print" in css
    assert (QA.kind, CLOZE.kind) == ("qa", "cloze")


def test_a_page_may_do_without_scripts() -> None:
    """A page with only text allows no script at all."""
    page = document(Page("A & B", "<p>words</p>", ["p { color: red }"])).decode()
    assert "script-src &#x27;none&#x27;" in page
    assert "<title>A &amp; B</title>" in page
    assert "<script" not in page


def release_with_pictures(folder: Path) -> Path:
    """Release a deck with two pictures, and return its cards.yaml after one of them was changed and one was moved."""
    put(folder, lake_png=photo(8, 6), road_png=photo(6, 6), bell_mp3=mp3(1))
    notes = {
        "one": question("![](media/lake.png) ![](media/bell.mp3)", "![](media/road.png)"),
        "two": question("![](media/road.png)"),
    }
    release_deck(folder, deck(notes, license="CC0"))
    put(folder, lake_png=photo(8, 6, blue=90), bell_mp3=mp3(2))
    (folder / "media" / "road.png").rename(folder / "media" / "street.png")
    cards = folder / "cards.yaml"
    cards.write_text(cards.read_text(encoding="utf-8").replace("road.png", "street.png"), encoding="utf-8")
    return cards


def test_a_changed_picture_is_shown_as_it_was_and_as_it_is(tmp_path: Path) -> None:
    """Beside each other, as long as the release before it is what learners have; not if it was only moved."""
    cards = release_with_pictures(tmp_path)
    old = f"cuedeck-{sha256(photo(8, 6)).hexdigest()[:16]}.png"
    new = name_of(tmp_path / "media" / "lake.png")
    for at in (FIRST + DAY, FIRST + 2 * DAY):
        page = preview(cards)[1].read_text(encoding="utf-8")
        data = _page_data(page)
        assert data["before"] == "1.0.0"
        assert data["notes"]["one"]["pictures"] == [[old, new]]
        assert data["notes"]["two"]["pictures"] == []
        assert data["media"][old] == f"data:image/png;base64,{b64encode(photo(8, 6)).decode()}"
        build(cards, at=at)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"PK")], ids=["gone", "damaged"])
def test_a_preview_does_without_the_package_before(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    """Then no earlier picture is shown."""
    cards = release_with_pictures(tmp_path)
    damage(tmp_path / "decks" / "small-1.0.0.apkg")
    data = _page_data(preview(cards)[1].read_text(encoding="utf-8"))
    assert (data["before"], data["notes"]["one"]["pictures"]) == ("", [])


def test_a_forged_picture_is_not_shown(tmp_path: Path) -> None:
    """A package may come from anyone: bytes that did not give a picture its name are not taken for it."""
    put(tmp_path, lake_png=photo(8, 6))
    data = deck({"one": question("![](media/lake.png)")})
    package = build_deck(tmp_path, data).package
    package.write_bytes(package.read_bytes().replace(photo(8, 6)[-20:-12], b"forged!!"))
    put(tmp_path, lake_png=photo(8, 6, blue=90))
    assert _page_data(preview(tmp_path / "cards.yaml")[1].read_text(encoding="utf-8"))["before"] == ""
