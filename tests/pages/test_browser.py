"""The preview in a real browser: what it shows, how it is used, and that nothing leaves it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cuedeck.usecases.build import build
from cuedeck.usecases.preview import preview
from tests.anki.learner import collection, note_of, shown, take
from tests.making import FIRST, TALK, build_deck, cloze, deck, question, write
from tests.pages.conftest import Opened, Page, expect, faults_for_some
from tests.pages.test_cardsides import TRICKY, without_hidden

Previewed = Callable[..., Page]

HOSTILE = [
    "<script>window.hit = 1</script>",
    "</script><script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "</style></template></textarea></title><svg onload=window.hit=1>",
    "[x](javascript:window.hit=1) <!-- <script> -->",
    "a\N{RIGHT-TO-LEFT OVERRIDE}b \N{LINE SEPARATOR} ]]> &lt;b&gt; {{Question}}",
    r"\(\href{javascript:window.hit=1}{x}\) \(\text{<script>window.hit=1</script>}\)",
]


def as_meant(text: str) -> str:
    """Return a hostile text as an author writes it: with a backslash before what is meant literally."""
    return text if text.startswith("\\(") else re.sub(r"<|\](?=\()|\{\{", r"\\\g<0>", text)


def talk_like() -> dict[str, Any]:
    """Return a deck with chapters, one of them without notes, two concepts, tags and all kinds of cards."""
    chapters = {"00:05": "Opening", "01:30": "Middle", "04:00": "Skipped", "06:00": "End"}
    data = deck(
        {
            "one": question("What is **one**?", "The *first*.", reverse=True, tags=["numbers"]),
            "two": cloze("Zwölf is {{c1::twelve}}, and {{c2::two::small}} is {{c3::2}}.", tags=["numbers"]),
            "three": question("What is three?", r"\(\frac{6}{2}\)"),
        },
        sources={"talk": {**TALK, "length": "10:00", "chapters": chapters}},
    )
    more = {"four": question("And four?", "Quattro & more"), "five": question("And five?", "Fünf", at="00:10")}
    data["concepts"]["last"] = {"title": "The last", "at": ["07:00-08:00"], "tags": ["late"], "notes": more}
    return data


def settle(page: Page) -> None:
    """Wait until everything near the window is filled."""
    page.wait_for_function(
        """() => [...document.querySelectorAll('.block')].every((block) => block.firstChild
            || block.getBoundingClientRect().top > innerHeight || block.getBoundingClientRect().bottom < 0)"""
    )


def cards(page: Page) -> Any:
    """Return the cards in view: names, sides and words."""
    settle(page)
    return page.eval_on_selector_all(
        ".card-box",
        """boxes => boxes.map((box) => [box.dataset.card, box.dataset.side,
            box.querySelector('.frame.desktop').shadowRoot.querySelector('.card').innerText.trim()])""",
    )


def words(page: Page) -> dict[str, str]:
    """Return the words of each card in view, in one line."""
    return {key: " ".join(text.split()) for key, _, text in cards(page)}


def notes(page: Page) -> list[str]:
    """Return the notes in view."""
    settle(page)
    return page.eval_on_selector_all("article", "all => all.map((each) => each.getAttribute('aria-label'))")


def read_all(page: Page) -> dict[tuple[str, str], str]:
    """Return the words of both sides of every card, read by scrolling through the page; math as it was written."""
    return page.evaluate(
        """async () => {
            const read = {};
            const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
            for (const block of document.querySelectorAll('.block')) {
                block.scrollIntoView();
                while (!block.firstChild) await frame();
                for (const box of block.querySelectorAll('.card-box')) {
                    for (let side = 0; side < 2; side++) {
                        const card = box.querySelector('.frame').shadowRoot.querySelector('.card').cloneNode(true);
                        for (const math of card.querySelectorAll('math')) {
                            const [open, close] = math.getAttribute('display') === 'block' ? '[]' : '()';
                            math.replaceWith(`\\\\${open}${math.getAttribute('alttext')}\\\\${close}`);
                        }
                        read[`${box.dataset.card} ${box.dataset.side}`] = card.innerHTML;
                        box.querySelector('.flip').click();
                    }
                }
            }
            return read;
        }"""
    )


@pytest.mark.parametrize("of_the_talk", [True, False], ids=["talk", "tricky"])
def test_every_card_shows_the_text_that_anki_shows(
    tmp_path: Path, talk: Path, opened: Opened, of_the_talk: bool
) -> None:
    """In the browser, both sides of every card of the talk and of tricky texts have Anki's words."""
    written = build(talk, at=FIRST) if of_the_talk else build_deck(tmp_path / "deck", deck(TRICKY))
    read = read_all(opened(preview(written.build.checked.workspace.cards)[1]))
    with collection(tmp_path) as learner:
        take(learner, written.package)
        for stamped in written.build.notes:
            for card in note_of(learner, stamped.known.id).cards():
                key = f"{stamped.known.id}/{card.ord}"
                assert shown(read.pop(f"{key} front")) == shown(without_hidden(card.question())), key
                assert shown(read.pop(f"{key} back")) == shown(without_hidden(card.answer())), key
    assert read == {}


def test_notes_come_in_the_order_of_the_recording(previewed: Previewed) -> None:
    """A note with an early moment is shown first, wherever it is in the file; gaps are named."""
    page = previewed(talk_like(), height=4000)
    assert notes(page) == ["five", "one", "two", "three", "four"]
    assert page.locator("#cards h3").all_inner_texts() == [
        "00:05 Opening",
        "01:30 Middle",
        "04:00 Skipped",
        "06:00 End",
    ]
    assert page.locator(".passage.gap").inner_text().endswith("No note comes from this passage.")


def test_facts_stand_beside_the_cards(tmp_path: Path, opened: Opened) -> None:
    """Kind, tags, concept, moment with its link, id, file and line, advice, and the status of the note."""
    build_deck(tmp_path, talk_like())
    changed = talk_like()
    changed["concepts"]["idea"]["notes"]["three"]["q"] = "Is three odd?"
    changed["concepts"]["idea"]["notes"]["six"] = question("What is six?", "Half of twelve")
    cards_file = write(tmp_path, changed)
    page = opened(preview(cards_file)[1], height=4000)
    facts = page.locator("article[aria-label=three] .facts")
    assert facts.locator("h4").inner_text() == "three"
    assert facts.locator(".status").inner_text() == "changed"
    assert facts.locator(".kind dd").inner_text() == "Question and answer"
    assert facts.locator(".concept dd").inner_text() == "Idea"
    assert facts.locator(".moments a").inner_text() == "¶ 01:32"
    assert facts.locator(".moments a").get_attribute("href") == "https://example.org/talk#:~:text=01:32"
    line = cards_file.read_text(encoding="utf-8").splitlines().index("      three:") + 1
    assert facts.locator(".line dd").inner_text() == f"cards.yaml:{line}"
    assert "moment-not-on-page" in facts.locator(".remarks").inner_text()
    assert page.locator("article[aria-label=one] .tags dd").inner_text() == "numbers"
    assert page.locator("article[aria-label=one] .status").inner_text() == "unchanged"
    assert page.locator("article[aria-label=six] .status").inner_text() == "new"
    assert "1 new, 1 changed, 4 unchanged" in page.locator(".masthead").inner_text()


def test_one_card_is_flipped_by_mouse_and_keyboard(previewed: Previewed) -> None:
    """A click on a card or on its button, or Space or Enter on the button, shows the other side of only that card."""
    page = previewed(talk_like(), height=4000)
    front, back = "What is one?", "What is one? The first. Idea ¶ 01:32 A talk · A. Speaker"
    box = page.locator("[data-card='one/0']")
    button = box.locator(".flip")
    assert words(page)["one/0"] == front
    box.locator(".frame.desktop").click()
    assert words(page)["one/0"] == back
    assert [side for _, side, _ in cards(page)].count("back") == 1
    button.click()
    assert words(page)["one/0"] == front
    button.focus()
    for key in ("Space", "Enter"):
        page.keyboard.press(key)
        expect(box).to_have_attribute("data-side", "back" if key == "Space" else "front")
    assert button.get_attribute("aria-label") == "Show back: Question of one"


def test_all_cards_are_flipped(previewed: Previewed) -> None:
    """One button, or the key f, shows the other side of all cards, including those that come into view later."""
    page = previewed(talk_like(), height=600)
    page.locator("#flip-all").click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("[data-card='four/0']")).to_have_attribute("data-side", "back")
    assert {side for _, side, _ in cards(page)} == {"back"}
    page.keyboard.press("f")
    assert {side for _, side, _ in cards(page)} == {"front"}


def test_search_looks_at_all_text(previewed: Previewed) -> None:
    """The words of both sides are searched, and those of formulas, concepts and ids; accents and case do not matter."""
    page = previewed(talk_like(), height=4000)
    found = {
        "zwolf": ["two"],
        "FUNF": ["five"],
        "quattro & more": ["four"],
        r"\frac": ["three"],
        "the last": ["five", "four"],
        "what is": ["one", "three"],
        "nothing at all": [],
    }
    for typed, expected in found.items():
        page.locator("#search").fill(typed)
        assert (typed, notes(page)) == (typed, expected)
    assert page.locator("#none").is_visible()
    assert page.locator("#count").inner_text() == "0 notes, 0 cards"
    page.keyboard.press("Escape")
    assert len(notes(page)) == 5
    assert page.locator("#search").input_value() == ""


def test_filters(previewed: Previewed) -> None:
    """Concept, tag, kind and state narrow the list together; so does a click on a note's tag or concept."""
    page = previewed(talk_like(), height=4000)
    page.locator("#kind").select_option("cloze")
    assert notes(page) == ["two"]
    assert page.locator("#count").inner_text() == "1 note, 3 cards"
    page.locator("#tag").select_option("late")
    assert notes(page) == []
    page.locator("#clear").click()
    page.locator("article[aria-label=one] .tags button").click()
    assert notes(page) == ["one", "two"]
    page.locator("#tag").select_option("")
    page.locator("#concept").select_option("last")
    assert notes(page) == ["five", "four"]
    page.locator("#concept").select_option("")
    page.locator("#state").select_option("changed")
    assert notes(page) == []


def gap_below_the_tools(page: Page, id: str) -> float:
    """Return how far an element is from the tools at the top, in pixels, once the page no longer moves."""
    return page.evaluate(
        """async (id) => {
            for (let frame = 0; frame < 15; frame++) await new Promise(requestAnimationFrame);
            const tools = document.querySelector('.tools').getBoundingClientRect();
            return Math.abs(document.getElementById(id).getBoundingClientRect().top - tools.bottom);
        }""",
        id,
    )


def test_a_click_on_the_timeline_leads_to_the_notes(previewed: Previewed) -> None:
    """A click on a passage, in the timeline or in the list below it, brings its heading to the top of the window."""
    data = talk_like()
    filler = {f"filler-{number}": question(f"Filler {number}?", "So") for number in range(60)}
    data["concepts"]["filler"] = {"title": "Filler", "at": "02:00", "notes": filler}
    data["concepts"]["end"] = {
        "title": "End",
        "at": "09:00",
        "notes": {f"end-{n}": question(f"E{n}?") for n in range(9)},
    }
    page = previewed(data)
    bands = page.locator(".timeline a")
    assert bands.count() == 4
    assert bands.nth(2).get_attribute("aria-label") == "04:00 Skipped: no notes"
    assert page.locator(".timeline .band.gap").count() == 1
    page.locator("#search").fill("one")
    bands.nth(3).click()
    heading = page.locator("#at-talk-360")
    expect(heading).to_be_focused()
    assert gap_below_the_tools(page, "at-talk-360") < 2
    page.locator("summary").first.click()
    page.locator(".passages a").nth(1).click()
    assert gap_below_the_tools(page, "at-talk-90") < 2


def test_keys_move_from_card_to_card(previewed: Previewed) -> None:
    """The keys j and k move the focus, / goes to the search, ? lists the keys, t changes the theme and w the screen."""
    page = previewed(talk_like())
    for key, card in (("j", "five/0"), ("j", "one/0"), ("j", "one/1"), ("k", "one/0")):
        page.keyboard.press(key)
        expect(page.locator(f"[data-card='{card}'] .flip")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("jw?")
    expect(page.locator("#search")).to_have_value("jw?")
    page.locator("#search").fill("")
    page.locator("#flip-all").focus()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()
    page.keyboard.press("w")
    expect(page.locator("html")).to_have_attribute("data-width", "both")
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_keys_find_a_card_at_once(previewed: Previewed) -> None:
    """The first cards are there as soon as the notes are listed, before the browser checks what is in view."""
    page = previewed(talk_like())
    assert page.evaluate("() => { applyFilters(); return document.querySelectorAll('.card-box').length; }")


LIGHT, DARK = "rgb(253, 252, 249)", "rgb(31, 30, 28)"


def expect_paper(page: Page, colour: str) -> None:
    """Wait until the cards have a colour."""
    page.wait_for_function(
        """(colour) => getComputedStyle(
            document.querySelector('.frame.desktop').shadowRoot.querySelector('.card')).backgroundColor === colour""",
        arg=colour,
    )


def test_theme(previewed: Previewed) -> None:
    """Cards and page follow the system's theme, unless the reader has chosen one."""
    page = previewed(talk_like(), color_scheme="dark")
    expect_paper(page, DARK)
    page.emulate_media(color_scheme="light")
    expect_paper(page, LIGHT)
    page.get_by_label("Dark", exact=True).check()
    expect_paper(page, DARK)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 21, 20)"
    page.reload()
    expect_paper(page, DARK)


def test_phone_and_desktop_side_by_side(previewed: Previewed) -> None:
    """Each frame has the style that a window of that width has in Anki."""
    page = previewed(talk_like())
    page.get_by_label("Both", exact=True).check()
    sizes = page.eval_on_selector_all(
        "[data-card='one/0'] .frame",
        """all => all.map((each) => [each.getBoundingClientRect().width,
            getComputedStyle(each.shadowRoot.querySelector('.card')).fontSize])""",
    )
    assert sizes[0] == [390, "19px"]
    assert sizes[1][0] > 480
    assert sizes[1][1] == "20px"


@pytest.mark.parametrize("width", [320, 390, 760, 1280])
def test_nothing_scrolls_sideways(previewed: Previewed, width: int) -> None:
    """Long words, tables and formulas scroll at most within their card, on a phone and on a desktop."""
    table = "| " + " | ".join("abcdefghijkl" * 8) + " |\n|" + "---|" * 96 + "\n"
    wide = {"table": question("Table?", table), "math": question("Math?", rf"\(x{'+ y_1' * 200}\)")}
    page = previewed(deck(TRICKY | wide), width=width)
    page.locator("#flip-all").click()
    for choice in ("Phone", "Desktop", "Both"):
        page.get_by_label(choice, exact=True).check()
        page.evaluate("document.querySelectorAll('.block').forEach(fill)")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), choice


ALIGNED = "| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | 2 | 3 | 4 |\n"


def test_columns_are_aligned_as_in_anki(tmp_path: Path, opened: Opened) -> None:
    """Each cell is aligned as in the package, in head and body; the page's policy blocks nothing."""
    written = build_deck(
        tmp_path, deck({"one": question("Which?", ALIGNED), "two": cloze(f"{ALIGNED}\n{{{{c1::x}}}}")})
    )
    in_anki = [
        re.findall(r'<t[hd](?: style="text-align:([a-z]+)")?>', "".join(each.rendered.fields))
        for each in written.build.notes
    ]
    assert in_anki == [["", "left", "center", "right"] * 2] * 2
    page = opened(preview(written.build.checked.workspace.cards)[1])
    page.locator("#flip-all").click()
    settle(page)
    in_page = page.eval_on_selector_all(
        ".card-box",
        """boxes => boxes.map((box) => [...box.querySelector('.frame').shadowRoot.querySelectorAll('th, td')].map(
            (cell) => getComputedStyle(cell).textAlign))""",
    )
    assert in_page == [["start", "left", "center", "right"] * 2] * 2


@pytest.mark.hostile
def test_hostile_text_stays_text(previewed: Previewed) -> None:
    """Whatever is written in cards, titles, tags and chapters, none of it runs, and all of it can be read."""
    data = talk_like()
    idea = data["concepts"]["idea"]
    idea["title"] = HOSTILE[1]
    data["deck"]["title"] = HOSTILE[0]
    data["sources"]["talk"] |= {"title": HOSTILE[3], "author": HOSTILE[2], "chapters": {"00:05": HOSTILE[1]}}
    idea["notes"] |= {
        f"bad-{number}": question(f"Q {text}", text) for number, text in enumerate(map(as_meant, HOSTILE))
    }
    idea["notes"] |= {
        f"gap-{number}": cloze(f"So {{{{c1::{text}}}}}.") for number, text in enumerate(map(as_meant, HOSTILE[:5]))
    }
    page = previewed(data, height=9000)
    page.locator("#flip-all").click()
    assert page.evaluate("window.hit") is None
    read = words(page)
    for number, text in enumerate(HOSTILE[:5]):
        assert " ".join(text.split()) in read[f"bad-{number}/0"].replace("\n", " ")
        assert " ".join(text.split()) in read[f"gap-{number}/0"].replace("\n", " ")
    hidden = page.evaluate(
        """[...document.querySelectorAll('.frame')].flatMap((each) => [...each.shadowRoot.querySelectorAll('*')])
            .flatMap((each) => [each.localName, ...each.getAttributeNames()])
            .filter((name) => /^on|^script$|^img$|^style$|^iframe$/.test(name))"""
    )
    assert hidden == []
    assert page.locator("h1").inner_text() == HOSTILE[0]
    assert page.eval_on_selector_all("a", "all => all.filter((each) => /^javascript/i.test(each.href))") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessibility(previewed: Previewed, scheme: str, width: int) -> None:
    """The checker axe finds nothing, with fronts and backs, advice, gaps and the list of keys in view."""
    page = previewed(talk_like(), width=width, color_scheme=scheme)
    for act in ("find('more').click()", "flipAll()", "find('keys').showModal()"):
        page.evaluate(act)
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        assert faults_for_some(page) == ""


def test_a_deck_without_sources_has_no_timeline(previewed: Previewed) -> None:
    """Its notes are under their concepts, except for one that is retired."""
    gone = question(retired="It was doubled.")
    page = previewed(deck({"one": question(), "gone": gone}, sources={}))
    assert page.locator(".timeline").count() == 0
    assert page.locator("#cards h3").all_inner_texts() == ["Idea"]
    assert notes(page) == ["one"]
    assert page.locator("article .moments").is_hidden()


def course(lectures: int = 3) -> dict[str, Any]:
    """Return a course whose lectures have chapters, one note in the first of them, and none in the last lecture."""
    sources = {
        f"day-{number}": {
            "title": f"Day {number}",
            "url": f"https://example.org/{number}.mp3",
            "length": "10:00",
            "chapters": {"00:00": "Beginning", "05:00": "End"},
        }
        for number in range(1, lectures + 1)
    }
    notes = {
        f"of-{number}": question(f"What of day {number}?", source=f"day-{number}", at="01:00", tags=["early"])
        for number in range(1, lectures)
    }
    notes["second"] = question("What else?", source="day-1", at="06:00")
    return deck(notes, sources=sources)


def recordings(page: Page) -> list[str]:
    """Return the rows of the list of recordings, each as its words."""
    return [" ".join(row.split()) for row in page.locator(".recordings li").all_inner_texts()]


def test_a_course_lists_its_recordings(previewed: Previewed) -> None:
    """Each has a row with its notes and coverage, and its notes under its title. No timeline is drawn yet."""
    page = previewed(course(), height=6000)
    assert recordings(page) == [
        "Day 1 2 notes 2 of 2 chapters",
        "Day 2 1 note 1 of 2 chapters",
        "Day 3 no notes 0 of 2 chapters",
    ]
    assert "3 notes from 3 of 6 chapters" in page.locator(".course").inner_text()
    assert page.locator(".recordings .strip").count() == 3
    assert page.locator(".timeline").count() == 0
    assert page.locator("#cards h2").all_inner_texts() == ["Day 1", "Day 2", "Day 3"]
    assert notes(page) == ["of-1", "second", "of-2"]


def test_a_recording_is_chosen_by_its_row_or_by_a_filter(previewed: Previewed) -> None:
    """Then only its notes and its passages are listed, also those without notes, and its timeline is shown."""
    page = previewed(course(), height=6000)
    row = page.locator("[data-recording=day-2]")
    row.click()
    assert notes(page) == ["of-2"]
    assert page.locator("#cards h3").all_inner_texts() == ["00:00 Beginning", "05:00 End"]
    assert page.locator("#chosen-recording h2").inner_text() == "Day 2"
    assert page.locator("#chosen-recording .timeline a").count() == 2
    assert row.get_attribute("aria-pressed") == "true"
    assert page.locator("#recording").input_value() == "day-2"
    page.locator("#chosen-recording .timeline a").nth(1).click()
    expect(page.locator("#at-day-2-300")).to_be_focused()
    row.click()
    assert notes(page) == ["of-1", "second", "of-2"]
    assert page.locator(".timeline").count() == 0
    page.locator("#recording").select_option("Day 1 (2)")
    page.locator("#tag").select_option("early")
    assert notes(page) == ["of-1"]
    assert page.locator("#cards h3").all_inner_texts() == ["00:00 Beginning"]
    assert page.locator("#chosen-recording h2").inner_text() == "Day 1"
    page.locator("#clear").click()
    assert page.locator("[aria-pressed=true][data-recording]").count() == 0
    assert notes(page) == ["of-1", "second", "of-2"]
    page.locator("#recording").select_option("day-3")
    assert notes(page) == []
    assert page.locator(".passage.gap").count() == 2


def test_a_recording_far_down_the_list_comes_into_view(previewed: Previewed) -> None:
    """The list scrolls to it, and the page stays where it is; each row can be reached with the keyboard."""
    page = previewed(course(lectures=60))
    assert len(recordings(page)) == 60
    page.locator("#recording").select_option("day-55")
    expect(page.locator("[data-recording=day-55]")).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0
    page.locator("[data-recording=day-55]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#chosen-recording h2").inner_text() == "Day 56"


def test_one_recording_is_not_a_course(previewed: Previewed) -> None:
    """Its timeline is there at once, and there is nothing to choose."""
    page = previewed(talk_like())
    assert page.locator(".timeline").count() == 1
    assert page.locator(".recordings").count() == 0
    assert page.locator("#recording").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessibility_of_a_course(previewed: Previewed, scheme: str, width: int) -> None:
    """The checker axe finds nothing, with all filters in view and a recording chosen; nothing scrolls sideways."""
    data = course(lectures=30)
    data["sources"]["day-2"]["title"] = "A long and unbreakable-title-of-a-lecture-" + "x" * 120
    page = previewed(data, width=width, color_scheme=scheme)
    page.evaluate("find('more').click()")
    page.locator("[data-recording=day-2]").click()
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert faults_for_some(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.hostile
def test_hostile_names_of_recordings_stay_text(previewed: Previewed) -> None:
    """In the list, in the filter and in the timeline of the chosen one."""
    data = course(lectures=len(HOSTILE) + 1)
    for source, text in zip(data["sources"].values(), HOSTILE, strict=False):
        source |= {"title": text, "chapters": {"00:00": text, "02:00": text}}
    page = previewed(data)
    for number, text in enumerate(HOSTILE, 1):
        page.locator(f"[data-recording=day-{number}]").click()
        assert page.locator("#chosen-recording h2").text_content() == " ".join(text.split())
    assert page.evaluate("window.hit") is None
    assert page.locator("#chosen-recording script, #chosen-recording img, .recordings script").count() == 0


def test_ten_thousand_notes_are_there_but_not_all_at_once(previewed: Previewed) -> None:
    """The page contains only what is near the window, wherever you scroll, and the last note is found at once."""
    many = {f"note-{number}": question(f"Number {number}?", "Yes") for number in range(10_000)}
    page = previewed(deck(many))
    assert page.locator("#count").inner_text() == "10,000 notes, 10,000 cards"
    assert 0 < page.locator(".card-box").count() < 100
    page.locator("#search").fill("note-9999")
    expect(page.locator("article[aria-label=note-9999]")).to_be_visible()
    page.locator("#search").fill("")
    page.evaluate("goTo('note-note-5000')")
    expect(page.locator("#note-note-5000")).to_be_in_viewport()
    assert 0 < page.locator(".card-box").count() < 100
