"""The HTML of fields that no editor writes: whatever it is, it is read as browsers read it, and in time."""

import pytest

from cuedeck.importing.blocks import Read, pieces_of
from cuedeck.importing.richtext import read_html

pytestmark = pytest.mark.hostile

# HTML, and the words that a card shows of it.
ODD = {
    "<![CDATA[a]]> b": "b",
    "<![ a > b": "b",
    "<![<![<![": "<![<![<![",
    "<!> a": "a",
    "<!a b> c": "c",
    "<?a b> c": "c",
    "a <b": "a <b",
    "a <b>c</b <i": "a c</b <i",
    "a > b < c": "a > b < c",
    "a &lt; b": "a < b",
    "<b>a</b> &#62; b &": "a > b &",
    "<script>a > b": "",
    "<script>a</script> b": "b",
    '<p style="font-weight: ²">a': "a",
    f'<p style="font-weight: {"9" * 5000}">a': "a",
    f'<ol start="{"9" * 5000}"><li>a</ol>': "a",
    "<li value=²>a": "a",
}


@pytest.mark.parametrize("html", ODD)
def test_odd_html_shows_what_browsers_show(html: str) -> None:
    """No element has to be whole, and no value has to be one."""
    assert words_of(read_html(html)) == " ".join(ODD[html].split())


def words_of(read: Read) -> str:
    return " ".join("".join(piece.text for piece in pieces_of(read.blocks)).split())


PIECES = [
    "<a ",
    "<",
    "</",
    "<!--",
    "<![",
    "<a b='",
    '<a b="',
    "<b>",
    "&",
    "&#",
    "<p>",
    "<li>",
    "<td>",
    "{{c1::",
    "\\(",
    "<ruby>",
]


@pytest.mark.parametrize("piece", PIECES)
def test_endless_repetition_ends(piece: str) -> None:
    """A field may have tens of thousands of characters of anything."""
    read_html(piece * (60_000 // len(piece)))
    read_html(f"{piece * (60_000 // len(piece))}>")
