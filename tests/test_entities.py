"""Characters that HTML writes as numbers: whatever the number, it is read as Python and browsers read it."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.entities import unescape, with_short_numbers
from cuedeck.importing.richtext import read_html
from cuedeck.recording.transcripts.reading import transcript_of
from cuedeck.rendering.plain import plain

LONG = "9" * 5000
numbers = st.one_of(
    st.integers(0, 2_000_000).map(str), st.text("0123456789", max_size=12), st.text("0", max_size=9).map("{}65".format)
)
pieces = st.one_of(st.sampled_from(["&#", "&#x", "&amp;", "&", ";", "a", "#", "0", "&lt"]), numbers)


@given(text=st.lists(pieces, max_size=12).map("".join))
def test_short_numbers_are_read_as_always(text: str) -> None:
    """What Python can read, it reads in the same way, before and after."""
    assert unescape(text) == html.unescape(text) == html.unescape(with_short_numbers(text))


@pytest.mark.hostile
@pytest.mark.parametrize(("written", "read"), [(LONG, "\ufffd"), (f"{'0' * 5000}65", "A"), (f"x{'0' * 5000}41", "A")])
def test_long_numbers_are_read_by_all(written: str, read: str) -> None:
    """A number of thousands of digits in a field, a transcript or a page raises no error."""
    sign = f"&#{written};"
    assert unescape(f"a{sign}b") == f"a{read}b"
    assert plain(f"<b>a{sign}b</b>") == f"a{read}b"
    assert read in str(read_html(f"<b title='{sign}'>a{sign}b</b>").blocks)
    for page in (f"1:00 a{sign}b and more", f"<html><body><p>1:00 a{sign}b and more</p>"):
        assert transcript_of(page.encode()).cues[0].text == f"a{read if page.startswith('<') else sign}b and more"
    assert transcript_of(f"0:01.000 --> 0:02.000\na{sign}b".encode()).cues[0].text == f"a{read}b"
