"""Release notes as HTML: what a reader sees of the Markdown in a changelog, and that it produces nothing else."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.pages.prose import notes_html

KNOWN = {
    *("a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre"),
    *("strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
READ = {
    "": "<p>No release notes.</p>",
    "Said ~~so~~ **otherwise**.": "<p>Said <del>so</del> <strong>otherwise</strong>.</p>",
    r"A \[word\], \*not\* \~\~struck\~\~, \<b\> \\ \&amp;": "<p>A [word], *not* ~~struck~~, &lt;b&gt; \\ &amp;amp;</p>",
    r"a \(b\) c": "<p>a (b) c</p>",
    r"open \\( and [x](https://e.org '\\(y\\)') `\(z\)`": (
        r'<p>open \( and <a href="https://e.org" title="\(y\)">x</a> <code>\(z\)</code></p>'
    ),
    "a `~~b~~` {{c1::c}} [sound:d.mp3]": "<p>a <code>~~b~~</code> {{c1::c}} [sound:d.mp3]</p>",
    "<b>a</b> <!-- c --> &lt;i&gt;": "<p>&lt;b&gt;a&lt;/b&gt; &lt;!-- c --&gt; &lt;i&gt;</p>",
    "<script>alert(1)</script>": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "[a](javascript:b) [c](data:text/html,d) <file:///e>": (
        "<p>[a](javascript:b) [c](data:text/html,d) &lt;file:///e&gt;</p>"
    ),
    "[a](https://e.org/?b&c) <mailto:d@e.org>": (
        '<p><a href="https://e.org/?b&amp;c">a</a> <a href="mailto:d@e.org">mailto:d@e.org</a></p>'
    ),
    'See ![a <b> "c"](https://e.org/pixel.png)': "<p>See a &lt;b&gt; &quot;c&quot;</p>",
    "[![*a*](https://e.org/pixel.png)](https://e.org)": '<p><a href="https://e.org">a</a></p>',
}


@pytest.mark.parametrize(("notes", "html"), READ.items())
def test_what_is_read(notes: str, html: str) -> None:
    """The same as on a code host; a picture becomes its description, and active content stays text."""
    assert notes_html(notes) == html


@pytest.mark.parametrize(
    ("notes", "formulas", "rest"),
    [
        (r"\\(x\_1\\) is", ["x_1"], "<p>? is</p>"),
        (r"~~\\(a \< b\\)~~ \[\\(c\*d\\)\]", ["a < b", "c*d"], "<p><del>?</del> [?]</p>"),
        (r"\\\[\\frac{a}{b}\\\] and \\(c\\)", [r"\frac{a}{b}", "c"], "<p>? and ?</p>"),
        (r"~~\\(a~~ **\\(b** + \\(c\\)", ["c"], r"<p><del>\(a</del> <strong>\(b</strong> + ?</p>"),
    ],
)
def test_formulas_are_set(notes: str, formulas: list[str], rest: str) -> None:
    """What was escaped for Markdown is a formula again; half of one, as in older release notes, stays as written."""
    html = notes_html(notes)
    assert [unescape(found) for found in re.findall(r'<math [^>]*alttext="([^"]*)"', html)] == formulas
    assert re.sub("<math .*?</math>", "?", html) == rest
    assert "<math" not in notes_html(notes, on_page=False)


def test_a_formula_that_cannot_be_set_stays() -> None:
    """It stays as written, and is marked."""
    html = notes_html(r"\\(\\unknown{\<b\>}\\)")
    assert re.fullmatch(r'<p><span class="unset-formula" title="[^"]*">\\\(\\unknown\{&lt;b&gt;\}\\\)</span></p>', html)


class _Elements(HTMLParser):
    """Collects the names of elements, and their attributes with the beginnings of these."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {(name, (value or "").partition(":")[0]) for name, value in attrs if tag == "a"}


PIECES = st.sampled_from(
    [*"ab \n`~*_[]()<>!\\|-#&:\"'", "~~", "javascript:", "https://e.org", "<b>", "</p>", "\\\\(", "\\\\)"]
)


@given(notes=st.lists(PIECES, max_size=40).map("".join))
def test_nothing_else_comes_of_it(notes: str) -> None:
    """Whatever is written, the elements are those of Markdown, and links lead to web addresses."""
    found = _Elements()
    # The elements inside a formula come from the converter, and have their own tests.
    found.feed(re.sub("<math .*?</math>", "", notes_html(notes)))
    found.feed(notes_html(notes, on_page=False))
    assert found.names <= KNOWN | {"span"}
    assert {beginning for name, beginning in found.attributes if name != "title"} <= {"https"}
    assert {name for name, _ in found.attributes} <= {"href", "title"}
