"""HTML becomes Markdown that shows the same, or says what it lost."""

import re
from html import unescape
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.importing.proving import Prover
from cuedeck.media.files import MediaFile
from cuedeck.problems import TextError
from cuedeck.rendering.markdown import cloze_to_html, to_html

CASES = yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8"))
PICTURE = MediaFile("media/a.png", Path("media/a.png"), "cuedeck-0.png", "0", 1, "picture")
SOUND = MediaFile("media/b.mp3", Path("media/b.mp3"), "cuedeck-1.mp3", "1", 1, "sound")
PROVER = Prover({"a.png": PICTURE, "b.mp3": SOUND}, lambda name: f"{name} is missing", str)

PIECES = (
    *(
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<u>",
        "</u>",
        "<code>",
        "</code>",
        "<br>",
        "<div>",
        "</div>",
        "<p>",
        "<ul>",
        "</ul>",
    ),
    *(
        "<li>",
        "</li>",
        "<ol>",
        "</ol>",
        "<sub>",
        "</sub>",
        "<table>",
        "<tr>",
        "<td>",
        "<th>",
        "</table>",
        "<h1>",
        "</h1>",
    ),
    *(
        "<pre>",
        "</pre>",
        "<blockquote>",
        "</blockquote>",
        "<span style='color:red'>",
        "</span>",
        "<hr>",
        "<ruby>",
        "<rt>",
    ),
    *(
        "&nbsp;",
        "&lt;b&gt;",
        "&amp;",
        "\\(x\\)",
        "\\[y\\]",
        "\\(",
        "\\)",
        "[$]z[/$]",
        "[",
        "](",
        "![",
        "*",
        "_",
        "`",
        "~~",
    ),
    *(
        "#",
        "- ",
        "1. ",
        "> ",
        "|",
        "\\",
        "$",
        "a",
        "b c",
        " ",
        ".",
        ",",
        '"',
        "漢字",
        "é",
        "[sound:b.mp3]",
        "<img src=a.png>",
    ),
    *(
        "<a href='https://a.org/b(c)'>",
        "</a>",
        "https://a.org/x_y",
        "{{c1::",
        "}}",
        "::",
        "<!-- x -->",
        "\u200b",
        "\t",
        "\n",
    ),
)
htmls = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def letters(html: str) -> list[str]:
    """Return the letters and digits that HTML shows, found without the parser that the proof relies on."""
    bare = re.sub(r"<!--.*?-->|\[/?\$\]|\[sound:[^\]]*\]|<(?!/?[a-z]).|</?[a-z][^>]*>", " ", html)
    return re.findall(r"[^\W_]", unescape(bare))


@pytest.mark.parametrize(("html", "markdown"), CASES["lossless"])
def test_a_field_becomes_markdown(html: str, markdown: str) -> None:
    proved = PROVER.markdown_of(html)
    assert (proved.text, proved.losses, proved.reason) == (markdown, frozenset(), "")


@pytest.mark.parametrize(("html", "markdown"), CASES["cloze"])
def test_a_text_with_deletions_keeps_them(html: str, markdown: str) -> None:
    proved = PROVER.markdown_of(html, is_cloze=True)
    assert (proved.text, proved.losses, proved.reason) == (markdown, frozenset(), "")


@pytest.mark.parametrize(("html", "markdown", "losses"), CASES["lossy"])
def test_what_is_lost_is_named(html: str, markdown: str, losses: list[str]) -> None:
    proved = PROVER.markdown_of(html)
    assert (proved.text, sorted(proved.losses), proved.reason) == (markdown, losses, "")
    assert not proved.is_lossless


@pytest.mark.parametrize(("html", "reason"), CASES["refused"])
def test_a_text_that_makes_no_card_says_why(html: str, reason: str) -> None:
    assert PROVER.markdown_of(html, is_cloze=True).reason == reason


def test_files_come_along() -> None:
    """Those that cards can have; the others are named, each with the reason. A sound in a cloze has to move."""
    proved = PROVER.markdown_of('see <img src="a.png" width="50%"> [sound:b.mp3] <img src="c.svg">')
    assert proved.text == "see ![](media/a.png){width=50%} ![](media/b.mp3)"
    assert proved.without == (("c.svg", "c.svg is missing"),)
    for size, loss in (('style="width: 30%"', False), ('style="height:9px"', True), ("width=20", True), ("", False)):
        assert bool(PROVER.markdown_of(f'<img src="a.png" {size}>').losses) is loss
    assert PROVER.markdown_of("{{c1::x}} [sound:b.mp3]", is_cloze=True).sounds == ("b.mp3",)


@given(htmls)
def test_no_letter_is_lost_or_added(html: str) -> None:
    """Whatever the HTML: the Markdown of a lossless text shows every letter and digit, in the same order."""
    proved = PROVER.markdown_of(html)
    if proved.is_lossless and proved.text:
        assert letters(to_html(proved.text, _seen())) == letters(html)


@given(htmls.map("{{{{c1::a}}}} {}".format))
def test_no_letter_of_a_cloze_is_lost_or_added(html: str) -> None:
    """The same for texts with deletions."""
    proved = PROVER.markdown_of(html, is_cloze=True)
    if proved.is_lossless and proved.text:
        assert letters(cloze_to_html(proved.text, _seen()).html) == letters(html)


@given(st.text(max_size=40))
def test_any_characters_are_read(text: str) -> None:
    """No text makes the reader fail."""
    try:
        PROVER.markdown_of(text)
    except TextError:
        raise AssertionError(text) from None


def _seen() -> "object":
    from cuedeck.rendering.results import Seen

    return Seen(find=lambda path: {"media/a.png": PICTURE, "media/b.mp3": SOUND}[path])
