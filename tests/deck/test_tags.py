"""Tags as Anki keeps them. `tests/anki/test_tags.py` shows that Anki does what this says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.deck import values
from cuedeck.deck.tags import as_kept, as_written, separated

KEPT = {
    "A:B": "A:B",
    "a:::b": "a:::b",
    "a::": "a::blank",
    "::a": "blank::a",
    "a::::b": "a::blank::b",
    "::": "blank::blank",
    "\u2003a::\u00a0b": "a::b",
    "a\u00a0b": "a\u00a0b",
    "e\u0301": "é",
    "a\tb\x7f": "ab",
    "\u2028a": "a",
    "a\u200bb": "a\u200bb",
    "a\u0085b": "a\u0085b",
}
WRITTEN = (
    "a",
    "A:B",
    "a:::b",
    "a,b;c",
    "it's",
    'say-"x"',
    "(p)",
    "a\\b",
    "*",
    "_",
    "-minus",
    "#1",
    "!x",
    "日本語",
    "🎉",
    "none",
)
REFUSED = {
    "a b": "it contains a space",
    "a\u3000b": "it contains a space",
    "a::": 'use "::" only between',
    "::": 'use "::" only between',
    "a:: ::b": "it contains a space",
    "a::\u00a0::b": 'use "::" only between',
    "a::\u00a0b": "it contains a character that cannot be seen",
    "a\x01b": "it contains a character that cannot be seen",
    "Leech": "Anki itself adds it",
    "marked": "Anki itself adds it",
}


@pytest.mark.parametrize("tag", KEPT)
def test_what_anki_makes_of_a_tag(tag: str) -> None:
    """It composes letters, drops control characters and spaces around parts, and fills empty parts."""
    assert as_kept(tag) == KEPT[tag]


@pytest.mark.parametrize("tag", WRITTEN)
def test_what_arrives_as_it_is_written(tag: str) -> None:
    """Also without the spaces around it."""
    assert as_written(f" {tag}\u00a0") == tag


@pytest.mark.parametrize("tag", REFUSED)
def test_what_cannot_arrive_is_refused(tag: str) -> None:
    """With the reason."""
    with pytest.raises(ValueError, match=f"is not a valid tag: {REFUSED[tag]}"):
        as_written(tag)


def test_only_two_kinds_of_spaces_separate_tags() -> None:
    """All others are in a tag."""
    assert separated("  a\u00a0b  c\u3000d\u2003e ") == ("a\u00a0b", "c", "d\u2003e")
    assert separated("  ") == ()


@given(tag=st.text(max_size=12))
def test_a_tag_that_is_accepted_stays_as_it_is(tag: str) -> None:
    """Anki makes nothing else of it, and whatever every deck may have, an adopted one may have."""
    try:
        narrow = values.tag(tag)
    except ValueError:
        narrow = ""
    try:
        found = as_written(tag)
    except ValueError:
        assert narrow.lower() in ("", "leech", "marked")
        return
    assert (as_kept(found), separated(found)) == (found, (found,))
    assert narrow in ("", found)
