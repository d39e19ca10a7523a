"""Pictures and sounds on pages: their elements, and where a page gets them from."""

import base64
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.media.digests import Digests
from cuedeck.media.files import MediaFile, MediaFolder
from cuedeck.media.kinds import FORMATS
from cuedeck.pages.media import beside, embedded, names_in, set_media, type_of, without_media
from tests.pictures import drawing, mp3, photo, put

PNG, MP3 = "cuedeck-0123456789abcdef.png", "cuedeck-fedcba9876543210.mp3"
IMG, IMG_HALF = f'<img src="{PNG}" alt="A &quot;lake&quot;">', f'<img src="{PNG}" alt="" style="width: 50%">'
CLIP = f'<audio controls preload="none" src="{MP3}"></audio>'

FIELDS = {
    IMG: f'<img src="{PNG}" alt="A &quot;lake&quot;">',
    IMG_HALF: f'<img src="{PNG}" alt="" width="50%">',
    f"a [sound:{MP3}] b": f'a <audio src="{MP3}" aria-label="a bell" title="a bell" controls preload="none"></audio> b',
    CLIP: f'<audio controls preload="none" aria-label="Clip of the recording" src="{MP3}"></audio>',
    # What only looks like one of our forms stays what it is.
    f'<audio autoplay src="{MP3}"></audio>': f'<audio autoplay src="{MP3}"></audio>',
    CLIP.replace(MP3, "other.mp3"): CLIP.replace(MP3, "other.mp3"),
    '<img src="other.png" alt="x">': '<img src="other.png" alt="x">',
    f'<img alt="x" src="{PNG}">': f'<img alt="x" src="{PNG}">',
    f'<img src="{PNG}" alt="x" onerror="y">': f'<img src="{PNG}" alt="x" onerror="y">',
    f'<img src="{PNG.replace("png", "svg")}" alt="x">': f'<img src="{PNG.replace("png", "svg")}" alt="x">',
    f"[sound:{PNG}] [sound:../{MP3}] [sound:x.mp3]": f"[sound:{PNG}] [sound:../{MP3}] [sound:x.mp3]",
    f'<a title="a > [sound:{MP3}]">x</a>': f'<a title="a > [sound:{MP3}]">x</a>',
}


@pytest.mark.parametrize(("field", "shown"), FIELDS.items())
def test_the_forms_of_fields_become_elements(field: str, shown: str) -> None:
    """And nothing else does."""
    assert set_media(field, "src", words={MP3: "a bell"}) == shown


def test_more_is_said_about_pictures_and_sounds() -> None:
    """A sound without words is called one; a name goes into the attribute that the page wants."""
    assert set_media(IMG_HALF, "data-file", ' loading="lazy"') == (
        f'<img data-file="{PNG}" alt="" width="50%" loading="lazy">'
    )
    assert 'data-file="' in set_media(f"[sound:{MP3}]", "data-file")
    assert 'aria-label="Sound"' in set_media(f"[sound:{MP3}]", "src", words={MP3: ""})


def test_a_file_that_is_not_known_is_left_out() -> None:
    """A page never names a file that it does not have."""
    assert set_media(f"a {IMG}[sound:{MP3}]{CLIP} b", "src", known=()) == "a  b"
    assert names_in(f"a {IMG}[sound:{MP3}] b") == {PNG, MP3}
    assert names_in(CLIP) == {MP3}
    assert without_media(f"a {IMG}{IMG_HALF}[sound:{MP3}]{CLIP} b") == "a  b"


class _Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


@given(st.text())
def test_no_words_get_out_of_their_place(words: str) -> None:
    """Whatever an author says about a sound, it stays the label of that one element."""
    ((tag, attributes),) = _Elements(set_media(f"[sound:{MP3}]", "src", words={MP3: words})).found
    assert (tag, attributes["src"]) == ("audio", MP3)
    assert set(attributes) == {"src", "aria-label", "title", "controls", "preload"}


@pytest.fixture
def files(tmp_path: Path) -> list[MediaFile]:
    """A small sound, and a larger picture in a path that needs to be escaped."""
    put(tmp_path / "deck", bell_mp3=mp3(1))
    (tmp_path / "deck" / "100% lake.png").write_bytes(photo(60, 60))
    media = MediaFolder(tmp_path / "deck", Digests())
    found = [media.find("100% lake.png"), media.find("media/bell.mp3")]
    assert found[0].size > found[1].size
    return found


def test_a_page_contains_its_pictures_and_sounds(files: list[MediaFile], tmp_path: Path) -> None:
    """As data URIs of their types, each once."""
    made = embedded([*files, *files], tmp_path / "page.html")
    picture, sound = (made.addresses[file.name] for file in files)
    assert picture == f"data:image/png;base64,{base64.b64encode(photo(60, 60)).decode()}"
    assert sound == f"data:audio/mpeg;base64,{base64.b64encode(mp3(1)).decode()}"
    assert (made.outside, made.pictures, made.sounds) == ((), "data:", "data:")


def test_what_is_too_large_is_taken_from_its_place(files: list[MediaFile], tmp_path: Path) -> None:
    """As many as fit are in the page, the smallest first; the address of another one leads there from the page."""
    made = embedded(files, tmp_path / "pages" / "page.html", most=files[1].size)
    assert made.addresses[files[0].name] == "../deck/100%25%20lake.png"
    assert made.addresses[files[1].name].startswith("data:")
    assert (made.outside, made.pictures, made.sounds) == ((files[0],), "data: 'self' file:", "data:")
    none = embedded(files, tmp_path / "page.html", most=0)
    assert none.addresses[files[1].name] == "deck/media/bell.mp3"
    assert none.sounds == "'self' file:"


def test_a_policy_allows_no_more_than_there_is(tmp_path: Path) -> None:
    """A page without sounds may play none; one without pictures still has its icon."""
    put(tmp_path, lake_png=drawing(3, 3))
    picture = MediaFolder(tmp_path, Digests()).find("media/lake.png")
    assert (embedded([picture], tmp_path / "page.html").sounds, beside([picture]).sounds) == ("", "")
    assert embedded([], tmp_path / "page.html").pictures == "data:"
    assert beside([picture]).pictures == "data: 'self'"


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_has_a_type(ending: str) -> None:
    """Browsers are told what a file is, and do not guess."""
    assert type_of(f"cuedeck-0123456789abcdef.{ending}").startswith(
        "image/" if FORMATS[ending].kind == "picture" else "audio/"
    )
