"""The page of a release in a real browser: what it shows, how it is used, and that nothing leaves it."""

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from cuedeck.pages.social import social_svg
from cuedeck.usecases.build import build
from cuedeck.usecases.release import release
from cuedeck.usecases.share import share
from tests.anki.learner import collection, note_of, shown, take
from tests.making import FIRST, checked, cloze, deck, edit, question, write
from tests.pages.conftest import Opened, Page, faults_for_some
from tests.pages.test_browser import ALIGNED, HOSTILE, as_meant, talk_like
from tests.pictures import drawing, mp3, photo, put

pytestmark = [pytest.mark.usefixtures("sketched"), pytest.mark.needs("nh3", "resvg_py")]

ABOUT = {
    "author": "A. Writer",
    "license": "CC BY 4.0",
    "description": "About *this*.\n\n- a\n- b",
    "feedback": "https://example.org/report?note={note}",
}
Site = Callable[..., Page]


def with_about(data: dict[str, Any], **about: Any) -> dict[str, Any]:
    return {**data, "deck": {**data["deck"], **ABOUT, **about}}


@pytest.fixture
def shared(tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Release a deck, given as data, share it, and open its page."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))

    def open_site(data: dict[str, Any], **options: Any) -> Page:
        cards = write(tmp_path / "deck", data)
        advice = {each.rule: "The texts are those of a test." for each in checked(cards).with_advice().warnings}
        write(tmp_path / "deck", {**data, "check": {"ignore": advice}})
        release(cards, "1.0.0", at=FIRST)
        return opened(share(cards, tmp_path / "site").folder / "index.html", **options)

    return open_site


def test_the_page_tells_what_there_is_to_know(shared: Site) -> None:
    """Title, version, day, numbers, licence, source, timeline, releases; and it runs no script."""
    page = shared(with_about(talk_like(), title="Talks::Numbers"))
    assert page.title() == "Numbers"
    text = page.locator("body").inner_text()
    for words in (
        "ANKI DECK · TALKS",
        "5 notes and 8 cards on A talk.",
        "Version 1.0.0, 14 November 2023 · CC BY 4.0",
        "About this.",
        "A talk: 5 notes from 3 chapters.",
        "First release, with 5 notes and 8 cards.",
        "Cards by A. Writer, under CC BY 4.0.",
        "From A talk by A. Speaker.",
    ):
        assert words in text
    assert page.locator("script").count() == 0
    assert page.get_by_role("link", name="Report a mistake").first.get_attribute("href") == (
        "https://example.org/report?note=small"
    )
    assert page.get_by_role("link", name="CC BY 4.0").first.get_attribute("href") == (
        "https://creativecommons.org/licenses/by/4.0/"
    )


def test_without_an_address_no_mistake_is_reported(shared: Site) -> None:
    """If deck.feedback is not set, neither the page nor a card mentions it."""
    data = with_about(talk_like())
    del data["deck"]["feedback"]
    assert shared(data).get_by_text("Report").count() == 0


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """The address at which the folder of the site is served, as any web host does it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *words: object) -> None:
            pass

    (tmp_path / "site").mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "site"))) as server:
        thread = Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def test_the_download_is_what_anki_takes(host: str, shared: Site, opened: Opened, tmp_path: Path) -> None:
    """Downloaded from a web host, it has the checksum on the page, and Anki's own importer accepts every note."""
    shared(with_about(talk_like()))
    page = opened(host)
    with page.expect_download() as loading:
        page.get_by_role("link", name="Download the deck").click()
    assert loading.value.suggested_filename == "small-1.0.0.apkg"
    package = tmp_path / "small.apkg"
    loading.value.save_as(package)
    assert hashlib.sha256(package.read_bytes()).hexdigest() == page.locator(".sum code").inner_text()
    with collection(tmp_path / "learner") as learner:
        assert take(learner, package) == {"new": 5}


def test_samples_are_ankis_cards(shared: Site, tmp_path: Path) -> None:
    """Both sides of each show the words that Anki shows, and the back links to the report for that note."""
    page = shared(with_about(talk_like()))
    samples = page.evaluate(
        """[...document.querySelector('.samples').shadowRoot.querySelectorAll('.sample')].map((sample) =>
            [...sample.querySelectorAll('.day .card')].map((card) => card.innerHTML))"""
    )
    # One sample may be math, which the page converts and Anki's renderer does not.
    plain = {tuple(map(shown, sides)) for sides in samples if "<math" not in "".join(sides)}
    assert len(samples) == 3
    with collection(tmp_path / "learner") as learner:
        take(learner, tmp_path / "site" / "small.apkg")
        cards = [card for id in ("one", "two", "three", "four", "five") for card in note_of(learner, id).cards()]
        theirs = {(shown(card.question()), shown(card.answer())) for card in cards}
    assert plain <= theirs
    links = re.findall(r'href="https://example\.org/report\?note=([a-z]+)"', str(samples))
    assert len(links) == 3
    assert set(links) <= {"one", "two", "three", "four", "five"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("on_disk", [True, False], ids=["on the disk", "on a host"])
def test_pictures_are_shown_and_sounds_played(
    host: str, shared: Site, opened: Opened, tmp_path: Path, on_disk: bool, scheme: str
) -> None:
    """From beside the page, which may load nothing else; nothing scrolls sideways, and axe finds nothing."""
    put(tmp_path / "deck", lake_png=photo(900, 600), line_png=drawing(240, 160), bell_mp3=mp3())
    lake, line, bell = "![A lake](media/lake.png)", "![A line](media/line.png){width=50%}", "![a bell](media/bell.mp3)"
    page = shared(with_about(deck({"one": question(lake, bell), "two": cloze(f"It is {{{{c1::{line}}}}}.")})))
    page = opened(tmp_path / "site" / "index.html" if on_disk else host, width=390, color_scheme=scheme)
    theme = "night" if scheme == "dark" else "day"
    pictures = page.locator(f".samples .{theme} img")
    pictures.evaluate_all("(all) => all.forEach((each) => each.scrollIntoView())")
    sizes = """(all) => Promise.all(all.map(async (each) => {
        await each.decode();
        return [each.naturalWidth, each.alt];
    }))"""
    assert pictures.evaluate_all(sizes) == [[900, "A lake"], [900, "A lake"], [240, "A line"]]
    sound = page.locator(f".samples .{theme} audio")
    play = "async (each) => { each.muted = true; await each.play(); return Math.round(each.duration); }"
    assert sound.evaluate(play) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults_for_some(page) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessibility(shared: Site, scheme: str, width: int) -> None:
    """The checker axe finds nothing, in both themes and widths; nothing scrolls sideways."""
    page = shared(with_about(talk_like()), width=width, color_scheme=scheme)
    assert faults_for_some(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_cards_have_the_theme_of_the_page(shared: Site, scheme: str) -> None:
    """They are night cards if the reader's system is dark, and only the cards of one theme can be read."""
    page = shared(with_about(talk_like()), color_scheme=scheme)
    card = page.locator(".samples .card:visible").first
    assert ("nightMode" in (card.get_attribute("class") or "")) is (scheme == "dark")
    colours = {"light": "rgb(253, 252, 249)", "dark": "rgb(31, 30, 28)"}
    assert card.evaluate("(each) => getComputedStyle(each).backgroundColor") == colours[scheme]
    assert page.locator(".samples .card:visible").count() == 6


def test_everything_is_reached_by_keyboard(shared: Site) -> None:
    """The first useful tab stop is the download; passages of the timeline are tab stops, and lead to the list."""
    page = shared(with_about(talk_like()))
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { let at = document.activeElement;
                while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
                return at.getAttribute('aria-label') || at.textContent.trim() }"""
        )
        stops.append(stop)
        if stop == "06:00 End: 1 note":
            page.keyboard.press("Enter")
            break
    assert any(stop.startswith("Download the deck") for stop in stops[:2])
    assert stops[-1] == "06:00 End: 1 note"
    assert page.locator("li:target").inner_text().replace("\n", " ").endswith("End 1")
    assert page.locator("li:target a").get_attribute("href") == "https://example.org/talk#:~:text=06:00"


def test_learners_see_no_gaps(shared: Site) -> None:
    """Learners need not know about chapters without notes; coverage is for the author."""
    page = shared(with_about(talk_like()))
    text = page.locator("body").inner_text()
    assert "no notes" not in text
    assert "Skipped" not in text
    assert page.locator(".hatching, .gap, .none").count() == 0


@pytest.mark.hostile
def test_hostile_text_stays_text(shared: Site) -> None:
    """Whatever is in titles, names, notes and the changelog: nothing runs, and it creates no element."""
    notes = {f"n-{number}": question(text, text) for number, text in enumerate(map(as_meant, HOSTILE))}
    notes["c"] = cloze(f"{as_meant(HOSTILE[0])} {{{{c1::{as_meant(HOSTILE[2])}::{as_meant(HOSTILE[3])}}}}}")
    source = {
        "title": HOSTILE[3],
        "author": HOSTILE[2],
        "url": "https://example.org/?a='\"<script>",
        "link": "{url}&t={seconds}",
        "chapters": {"00:10": HOSTILE[1], "01:00": HOSTILE[3]},
    }
    data = deck(notes, sources={"talk": source})
    names = {"title": HOSTILE[3].replace('"', ""), "author": HOSTILE[0], "license": HOSTILE[2]}
    page = shared(with_about(data, **names, description="\n\n".join(map(as_meant, HOSTILE))))
    assert page.evaluate("window.hit") is None
    assert page.locator("h1").inner_text() == HOSTILE[3]
    inside = (
        "[...document.querySelectorAll('*'), ...document.querySelector('.samples').shadowRoot.querySelectorAll('*')]"
    )
    assert (
        page.evaluate(
            inside
            + """.flatMap((each) => [each.localName, ...each.getAttributeNames()])
                .filter((name) => /^on|^script$|^img$|^iframe$|^textarea$/.test(name))"""
        )
        == []
    )
    assert page.evaluate(inside + ".filter((each) => /^javascript/i.test(each.href ?? '')).length") == 0


def test_tables_and_formulas_are_set_everywhere(tmp_path: Path, opened: Opened, shared: Site) -> None:
    """In samples, in the description and in release notes; the page's policy blocks nothing."""
    text = f"{ALIGNED}\nand \\(x_1\\)"
    shared(with_about(deck({"one": question("Which?", text)}), description=text))
    edit(tmp_path / "deck" / "CHANGELOG.md", "* First release", text.replace("\\", r"\\") + "\n\n* First release")
    page = opened(share(tmp_path / "deck" / "cards.yaml", tmp_path / "site").folder / "index.html")
    for place in (".samples .side:last-child .day", ".prose:not(.release *)", ".release .prose"):
        part = page.locator(place)
        assert part.locator("math").count() == 1, place
        aligned = "(cells) => cells.map((cell) => getComputedStyle(cell).textAlign)"
        assert part.locator("th, td").evaluate_all(aligned) == ["start", "left", "center", "right"] * 2, place


def test_a_deck_of_the_talk(opened: Opened, talk: Path, tmp_path: Path) -> None:
    """The deck of this repository can be shared as it is: everything required is named."""
    build(talk, at=FIRST)
    release(talk, "1.0.0", at=FIRST)
    page = opened(share(talk, tmp_path / "site").folder / "index.html", width=390)
    assert page.locator("h1").inner_text() == "Soft Abandonment"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def lectures(count: int, **more: Any) -> dict[str, Any]:
    """Return a course with so many lectures, each with two chapters, and a short note in each first chapter."""
    sources = {
        f"day-{number}": {
            "title": f"Day {number}",
            "author": "A. Speaker",
            "url": f"https://example.org/{number}.mp3",
            "length": "10:00",
            "chapters": {"00:00": "Beginning", "05:00": "End"},
            **more,
        }
        for number in range(1, count + 1)
    }
    notes = {f"of-{id}": question(f"What of {id}?", source=id, at="01:00") for id in sources}
    return with_about(deck(notes, sources=sources))


def test_a_course_is_listed_by_its_recordings(shared: Site) -> None:
    """Each has its link, its notes, read from the links in their fields, and its chapters; nothing has a timeline."""
    sources = {
        "first": {"title": "First", "author": "A", "url": "https://example.org/1.mp3", "length": "03:00"},
        "second": {"title": "Second & <b>", "author": "B", "url": "https://example.org/2.mp3"},
    }
    sources["second"]["chapters"] = {"00:00": "Beginning", "00:40": "Middle", "09:00": "Unused"}
    notes = {"one": question("One?", source="second", at=["00:30", "00:50"]), "two": question(at=["00:20", "02:00"])}
    data = deck(notes, sources=sources)
    data["concepts"]["idea"] |= {"source": "first", "at": "00:20"}
    page = shared(with_about(data))
    rows = page.locator(".recordings > li")
    assert [" ".join(row.split()) for row in rows.all_inner_texts()] == [
        "First 1 note",
        "Second & <b> 1 note 2 chapters",
    ]
    assert rows.locator("> a").evaluate_all("all => all.map((each) => each.href)") == [
        "https://example.org/1.mp3",
        "https://example.org/2.mp3",
    ]
    rows.locator("summary").click()
    passages = rows.nth(1).locator(".passages li").all_inner_texts()
    assert [" ".join(passage.split()) for passage in passages] == ["▶ 00:00 Beginning 1", "▶ 00:40 Middle 1"]
    assert page.locator(".timeline").count() == 0
    text = page.locator("body").inner_text()
    assert "2 notes and 2 cards from 2 recordings." in text
    assert "Unused" not in text
    assert "From First by A. The recording is not included." in text


def test_a_long_course_has_a_short_page(shared: Site, tmp_path: Path) -> None:
    """The first recordings are open, the rest is one click away; all are named with their speakers, once."""
    page = shared(lectures(60))
    visible = page.locator(".recordings > li:visible")
    assert visible.count() == 20
    page.locator("summary", has_text="40 more recordings").click()
    assert visible.count() == 60
    page.locator("summary", has_text="From 60 recordings, which are not included").click()
    assert page.locator(".sources .sources li:visible").count() == 60
    assert page.locator(".sources .sources li").last.inner_text() == "Day 60 by A. Speaker"
    listing = (tmp_path / "site" / "ankiweb.md").read_text(encoding="utf-8")
    assert (
        "From 60 recordings, which are not included:\n\n* *Day 1* by A. Speaker: <https://example.org/1.mp3>\n"
        in listing
    )
    asked = page.evaluate(
        """[...document.querySelector('.samples').shadowRoot.querySelectorAll('.side:first-child .day')].map(
            (each) => each.innerText.trim())"""
    )
    assert len(asked) == len({*asked}) == 4
    assert max(int(re.findall("[0-9]+", words)[0]) for words in asked) > 40, "samples come from the whole course"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessibility_of_a_course(shared: Site, scheme: str, width: int) -> None:
    """The checker axe finds nothing, closed and open, and nothing scrolls sideways."""
    data = lectures(30)
    data["sources"]["day-2"]["title"] = "unbreakable-title-of-a-lecture-" * 5
    page = shared(data, width=width, color_scheme=scheme)
    assert faults_for_some(page) == ""
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert faults_for_some(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.hostile
def test_hostile_names_of_recordings_stay_text(shared: Site) -> None:
    """In the list of recordings and in their attributions."""
    data = lectures(len(HOSTILE))
    for source, text in zip(data["sources"].values(), HOSTILE, strict=True):
        source |= {"title": text, "author": text, "chapters": {"00:00": text, "05:00": text}}
    page = shared(data)
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert page.evaluate("window.hit") is None
    titles = page.locator(".recordings > li > a").all_text_contents()
    assert titles == [" ".join(text.split()) for text in HOSTILE]
    assert page.locator("script, img").count() == 0


@pytest.mark.parametrize(("count", "has_times"), [(1, True), (3, False)])
def test_the_picture_for_other_sites_has_no_times_of_a_course(
    shared: Site, tmp_path: Path, count: int, has_times: bool
) -> None:
    """Times that run on from recording to recording mean nothing; those of one recording do."""
    shared(lectures(count))
    drawn = social_svg(share(tmp_path / "deck" / "cards.yaml", tmp_path / "site").edition)
    assert ('class="scale"' in drawn) == has_times
