"""Pictures and sounds in a real browser: on cards as Anki shows them, and on our own pages."""

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cuedeck.pages.cardsides import cards_of, page_type
from cuedeck.usecases.preview import preview
from tests.making import build_deck, cloze, deck, question, write
from tests.pages.conftest import Opened, Page, expect, faults_for_some
from tests.pages.test_browser import settle, words
from tests.pictures import drawing, mp3, photo, put

WINDOWS = {"phone": (390, 844), "desktop": (1000, 800)}
FILES = {
    "lake_png": photo(900, 600),
    "small_png": photo(240, 160),
    "ladder_png": photo(100, 1600),
    "line_png": drawing(300, 200),
    "icon_png": drawing(24, 24),
    "bell_mp3": mp3(),
}
LAKE, SMALL, LADDER, LINE, ICON = (
    f"![A {name}](media/{name}.png)" for name in ("lake", "small", "ladder", "line", "icon")
)
BELL = "![a bell](media/bell.mp3)"

# Where pictures may be, in a question.
PLACES = {
    "alone": LAKE,
    "after words": f"What is shown here?\n\n{LAKE}",
    "in a line": f"Which sign {ICON} is in this line, and which one {LAKE} is not, when both are in one paragraph?",
    "long": LADDER,
    "wide": f"{LAKE}{{width=100%}}",
    "half": f"Half:\n\n{LADDER}{{width=50%}}",
    "two": f"{LAKE}{{width=48%}} {LINE}{{width=48%}}",
    "table": f"| a | b |\n|---|---|\n| {LAKE} | {'words ' * 20} |\n| {LADDER} | {ICON} |\n",
    "list": f"- {LAKE}\n- {ICON} words\n  1. > {LADDER}\n",
    "quotation": f"> {LAKE}\n\nand **{SMALL}**",
}


@pytest.fixture
def in_anki(tmp_path: Path, opened: Opened) -> Callable[..., Page]:
    """Open the back of a note's first card as a page of its own, like the one in Anki's window."""

    def open_card(note: dict[str, Any], night: bool = False, window: str = "desktop", ordinal: int = 0) -> Page:
        put(tmp_path / "deck", **FILES)
        built = build_deck(tmp_path / "deck", deck({"one": note})).build
        (rendered,) = (each.rendered for each in built.notes)
        type = next(page_type(each.type) for each in built.types if each.type.kind == rendered.kind)
        card = cards_of(rendered.fields, rendered.cards, type)[ordinal]
        for file in rendered.files:
            (tmp_path / file.name).write_bytes(file.where.read_bytes())
        path = tmp_path / "card.html"
        body = f'<body class="card{" nightMode" if night else ""}">{card.back}</body>'
        # Part of Anki's own style for the same elements, which ours has to override.
        anki = "img { max-width: 100%; max-height: 95vh; } body.nightMode { background-color: #2c2c2c; color: white; }"
        path.write_text(f'<!DOCTYPE html><meta charset="utf-8"><style>{anki}{type.css}</style>{body}', encoding="utf-8")
        width, height = WINDOWS[window]
        page = opened(path, width=width, height=height)
        page.evaluate("Promise.all([...document.images].map((each) => each.decode()))")
        return page

    return open_card


def boxes(page: Page) -> list[dict[str, Any]]:
    """Return the places and sizes of all pictures, as shown and as they are."""
    return page.evaluate(
        """[...document.images].map((each) => ({...each.getBoundingClientRect().toJSON(),
            ratio: each.width / each.height, natural: each.naturalWidth / each.naturalHeight,
            whole: each.naturalWidth}))"""
    )


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_pictures_fit_the_window(in_anki: Callable[..., Page], text: str, window: str) -> None:
    """Wherever they are: nothing is wider than the window or distorted, and no picture is enlarged by itself."""
    page = in_anki(question(text, ICON), window=window)
    width, height = WINDOWS[window]
    has_width = "width=" in text
    for box in boxes(page):
        assert box["width"] > 10
        assert box["right"] <= width
        assert box["ratio"] == pytest.approx(box["natural"], rel=0.15 if box["width"] < 40 else 0.02)
        assert has_width or (box["height"] <= 0.7 * height + 1 and box["width"] <= box["whole"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "[...document.querySelectorAll('.cue-block')].every((all) => all.scrollWidth <= all.clientWidth)"
    )


# The share of the column, the text, and whether the picture is in the middle.
WIDTHS = {
    "higher than the window": (50, f"{LADDER}{{width=50%}}", True),
    "larger than it is": (100, f"{ICON}{{width=100%}}", True),
    "below words": (30, f"Words\n\n{LAKE}{{width=30%}}", True),
    "between words": (5, f"A {LAKE}{{width=5%}} lake", False),
    "in a gap": (40, f"{{{{c1::{LAKE}{{width=40%}}}}}}", True),
}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("percent", "text", "is_centred"), WIDTHS.values(), ids=WIDTHS)
def test_a_width_is_a_share_of_the_column(
    in_anki: Callable[..., Page], percent: int, text: str, is_centred: bool, window: str
) -> None:
    """It is respected whatever size the picture has; a picture without words beside it is in the middle."""
    page = in_anki(cloze(text) if "{{c" in text else question(text, "x"), window=window)
    width, _ = WINDOWS[window]
    room = min(width - 2 * (16 if window == "phone" else 20), 31 * (19 if window == "phone" else 20))
    (box,) = boxes(page)
    assert box["width"] == pytest.approx(room * percent / 100, abs=8)  # a window may have a scroll bar
    assert box["ratio"] == pytest.approx(box["natural"], rel=0.02)
    if is_centred:
        assert (box["left"] + box["right"]) / 2 == pytest.approx(width / 2, abs=8)


def test_words_above_a_picture_stay_in_the_middle(in_anki: Callable[..., Page]) -> None:
    """Short ones look centred, as on all cards, though the column is as wide as it can be."""
    page = in_anki(question(f"Words\n\n{LAKE}{{width=30%}}", "x"))
    box = page.locator(".cue-question p").first.bounding_box()
    assert box
    assert box["width"] < 100
    assert box["x"] + box["width"] / 2 == pytest.approx(500, abs=8)


def colours_at(page: Page, place: Mapping[str, float]) -> tuple[int, ...]:
    """Return the colour of the page at a place: red, green and blue, from 0 to 255."""
    picture = page.screenshot(clip={"x": int(place["x"]), "y": int(place["y"]), "width": 1, "height": 1})
    shown = page.evaluate(
        """async (data) => {
            const picture = new Image();
            picture.src = data;
            await picture.decode();
            const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d');
            canvas.drawImage(picture, 0, 0);
            return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }""",
        f"data:image/png;base64,{base64.b64encode(picture).decode()}",
    )
    return tuple(shown)


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_black_lines_can_be_read_at_night(in_anki: Callable[..., Page], night: bool) -> None:
    """A drawing without a background has a light one at night, and the paper of the card by day."""
    page = in_anki(question(LINE, "x"), night=night)
    (box,) = boxes(page)
    assert colours_at(page, {"x": box["x"] + 10, "y": box["y"] + 10}) == ((230, 225, 216) if night else (253, 252, 249))
    assert sum(colours_at(page, {"x": box["x"] + 150, "y": box["y"] + 50})) < 100


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_a_photo_has_no_frame(in_anki: Callable[..., Page], night: bool) -> None:
    """Outside of its edges is the paper, and inside is the photo."""
    page = in_anki(question(SMALL, "x"), night=night)
    (box,) = boxes(page)
    paper = (31, 30, 28) if night else (253, 252, 249)
    assert (box["width"], box["height"]) == (240, 160)
    for x, y in ((0, 80), (239, 80), (120, 0), (120, 159)):
        assert colours_at(page, {"x": box["x"] + x, "y": box["y"] + y})[2] == 200
    for x, y in ((-2, 80), (241, 80), (120, -2)):
        assert colours_at(page, {"x": box["x"] + x, "y": box["y"] + y}) == paper


def test_words_in_place_of_a_missing_picture_can_be_read(in_anki: Callable[..., Page], tmp_path: Path) -> None:
    """A learner who deleted a picture sees what it shows, also at night."""
    page = in_anki(question(LINE, "x"), night=True)
    ground, ink = page.locator("img").evaluate(
        "(each) => [getComputedStyle(each).backgroundColor, getComputedStyle(each).color]"
    )
    assert (ground, ink) == ("rgb(230, 225, 216)", "rgb(36, 34, 31)")


def test_an_answer_in_a_gap_is_framed(in_anki: Callable[..., Page]) -> None:
    """A picture that was asked for has a frame instead of a bar behind it; words beside it are underlined."""
    text = f"It is {{{{c1::{SMALL}}}}}, and {{{{c2::words with {ICON}}}}}, and {{{{c3::words}}}}."
    look = """(each) => {
        const {backgroundImage, textDecorationLine} = getComputedStyle(each);
        return [backgroundImage !== 'none', textDecorationLine];
    }"""
    shown = {}
    for ordinal in range(3):
        page = in_anki(cloze(text), ordinal=ordinal)
        frames = page.locator("img").evaluate_all(
            "(all) => all.map((each) => parseFloat(getComputedStyle(each).borderTopWidth))"
        )
        shown[ordinal] = (page.locator(".cloze").evaluate(look), frames)
    assert shown == {
        0: ([False, "underline"], [3, 0]),
        1: ([False, "underline"], [0, 3]),
        2: ([True, "none"], [0, 0]),
    }


@pytest.fixture
def pictured(tmp_path: Path, opened: Opened) -> Callable[..., Page]:
    """Open the preview of a deck with pictures and sounds."""

    def open_preview(notes: dict[str, Any], **options: Any) -> Page:
        put(tmp_path / "deck", **FILES)
        page = opened(preview(write(tmp_path / "deck", deck(notes)))[1], **options)
        settle(page)
        return page

    return open_preview


def shown_pictures(page: Page, card: str) -> list[list[float]]:
    """Return the natural width and the shown width of each picture of a card, once all are loaded."""
    return page.locator(f"[data-card='{card}'] .frame.desktop img").evaluate_all(
        """(all) => Promise.all(all.map(async (each) => {
            await each.decode();
            return [each.naturalWidth, each.width];
        }))"""
    )


def test_the_preview_shows_pictures(pictured: Callable[..., Page]) -> None:
    """On fronts and backs, at the widths that the author chose, without a request to anywhere."""
    page = pictured(
        {"one": question(f"{LAKE}{{width=50%}}", LINE), "two": cloze(f"It is {{{{c1::{SMALL}}}}}.")}, height=3000
    )
    assert shown_pictures(page, "one/0") == [[900, 310]]
    assert shown_pictures(page, "two/0") == []
    page.locator("#flip-all").click()
    assert shown_pictures(page, "one/0") == [[900, 310], [300, 300]]
    assert shown_pictures(page, "two/0") == [[240, 240]]
    assert "[...]" not in words(page)["two/0"]


def test_the_preview_plays_sounds(pictured: Callable[..., Page]) -> None:
    """On the side where Anki has its button; using the player does not flip the card."""
    page = pictured(
        {"one": question(f"What sounds so? {BELL}", "A bell"), "two": question("Which?", BELL)}, height=2000
    )
    players = page.locator(".frame.desktop audio")
    assert players.count() == 1
    player = players.first
    assert player.get_attribute("aria-label") == "a bell"
    assert player.evaluate(
        """async (each) => {
            each.muted = true;
            await each.play();
            return [Math.round(each.duration), each.error];
        }"""
    ) == [1, None]
    box = page.locator("[data-card='one/0']")
    player.click(position={"x": 60, "y": 10})
    expect(box).to_have_attribute("data-side", "front")
    box.locator(".frame.desktop .cue-question").click(position={"x": 3, "y": 3})
    expect(box).to_have_attribute("data-side", "back")
    page.locator("#flip-all").click()
    assert page.locator("[data-card='two/0'] .frame.desktop audio").count() == 1


def test_words_about_pictures_and_sounds_are_searched(pictured: Callable[..., Page]) -> None:
    """Those are the words that stand for them; names of files are none."""
    page = pictured({"one": question(LAKE, "1"), "two": question(BELL, "2"), "three": question("three", "3")})
    for typed, expected in {"a lake": ["one"], "bell": ["two"], "cuedeck": [], "png": [], "lazy": []}.items():
        page.locator("#search").fill(typed)
        settle(page)
        found = page.eval_on_selector_all("article", "all => all.map((each) => each.getAttribute('aria-label'))")
        assert (typed, found) == (typed, expected)


@pytest.mark.parametrize("width", [320, 760, 1280])
def test_no_picture_makes_the_page_wider(pictured: Callable[..., Page], width: int) -> None:
    """Neither does a player."""
    notes = {f"n-{number}": question(text, f"{BELL} {LAKE}") for number, text in enumerate(PLACES.values())}
    page = pictured(notes, width=width)
    page.locator("#flip-all").click()
    for choice in ("Phone", "Desktop", "Both"):
        page.get_by_label(choice, exact=True).check()
        page.evaluate("document.querySelectorAll('.block').forEach(fill)")
        page.evaluate(
            """Promise.all([...document.querySelectorAll('.frame')].flatMap((each) =>
                [...each.shadowRoot.querySelectorAll('img')]).map((each) => each.decode()))"""
        )
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), choice


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(pictured: Callable[..., Page], scheme: str) -> None:
    """The checker axe finds nothing, with and without words about a picture."""
    notes = {"one": question(f"{LAKE} {BELL}", "![](media/line.png)"), "two": cloze(f"It is {{{{c1::{SMALL}}}}}.")}
    page = pictured(notes, color_scheme=scheme, height=2500)
    for _ in range(2):
        assert faults_for_some(page) == ""
        page.locator("#flip-all").click()


def test_pictures_outside_of_the_page_are_shown_from_the_folder(tmp_path: Path, opened: Opened) -> None:
    """A page that was opened from the disk finds them where they are."""
    (tmp_path / "deck" / "media").mkdir(parents=True)
    (tmp_path / "deck" / "media" / "100% lake.png").write_bytes(photo(50, 40) + bytes(15_000_000))
    cards = write(tmp_path / "deck", deck({"one": question("![A lake](<media/100% lake.png>)", LINE)}))
    put(tmp_path / "deck", **FILES)
    path = preview(cards)[1]
    allowed = (tmp_path / "deck" / "media").as_uri()
    page = opened(path, besides=allowed)
    assert shown_pictures(page, "one/0") == [[50, 50]]
    assert "is not in this page" in page.locator("p.problems").inner_text()


@pytest.mark.parametrize("window", WINDOWS)
def test_a_changed_picture_is_beside_the_one_before(tmp_path: Path, opened: Opened, window: str) -> None:
    """Both are loaded, in a row, and fit into the window."""
    folder = tmp_path / "deck"
    put(folder, lake_png=photo(900, 600))
    data = deck({"one": question(LAKE)})
    build_deck(folder, data)
    put(folder, lake_png=photo(600, 900))
    width, height = WINDOWS[window]
    page = opened(preview(write(folder, data))[1], width=width, height=height)
    settle(page)
    before, now = page.locator(".pair img").evaluate_all(
        """(all) => Promise.all(all.map(async (each) => {
            await each.decode();
            const {top, left, right, width, height} = each.getBoundingClientRect();
            return {top, left, right, ratio: width / height, natural: each.naturalWidth};
        }))"""
    )
    assert (before["natural"], now["natural"]) == (900, 600)
    assert (before["ratio"], now["ratio"]) == (pytest.approx(1.5, abs=0.02), pytest.approx(2 / 3, abs=0.02))
    assert before["top"] == now["top"]
    assert before["right"] <= now["left"]
    assert now["right"] <= width
    assert page.locator(".pair figcaption").all_inner_texts() == ["in the last package", "now"]
