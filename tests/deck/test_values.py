"""The small texts of cards.yaml."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.deck import values

READ: list[tuple[Callable[[str], Any], str, Any]] = [
    (values.identifier, "hard-abandonment", "hard-abandonment"),
    (values.identifier, "2", "2"),
    (values.identifier, "a" * 100, "a" * 100),
    (values.namespace, "k3v9x2mq", "k3v9x2mq"),
    (values.namespace, "0" * 32, "0" * 32),
    (values.line, "  two\n words ", "two words"),
    (values.tag, "forms", "forms"),
    (values.tag, " forms ", "forms"),
    (values.tag, "a::b-c_d", "a::b-c_d"),
    (values.tag, "überblick", "überblick"),
    (values.tag, "50%", "50%"),
    (values.deck_title, "Psychology::Soft  Abandonment", "Psychology::Soft Abandonment"),
    (values.deck_title, "Psychology :: Soft Abandonment", "Psychology::Soft Abandonment"),
    (values.deck_title, "Talks: one", "Talks: one"),
    (values.deck_title, "Default::A talk", "Default::A talk"),
    (values.date, "2025-12-21", datetime.date(2025, 12, 21)),
    (values.date, "2024-02-29", datetime.date(2024, 2, 29)),
    (values.reverse, "true", True),
    (values.reverse, "false", False),
    (values.opens, "player", "player"),
    (values.opens, "page", "page"),
]

REFUSED: list[tuple[Callable[[str], Any], str, str]] = [
    (values.identifier, "", "is not a valid id"),
    (values.identifier, "Hard", "is not a valid id"),
    (values.identifier, "hard_abandonment", "is not a valid id"),
    (values.identifier, "hard abandonment", "is not a valid id"),
    (values.identifier, "-hard", "is not a valid id"),
    (values.identifier, "hard-", "is not a valid id"),
    (values.identifier, "hard--soft", "is not a valid id"),
    (values.identifier, "härte", "is not a valid id"),
    (values.identifier, "hard\n", "is not a valid id"),
    (values.identifier, "a" * 101, "at most 100"),
    (values.namespace, "short", "is not a valid namespace"),
    (values.namespace, "K3V9X2MQ", "is not a valid namespace"),
    (values.namespace, "k3v9-x2mq", "is not a valid namespace"),
    (values.namespace, "0" * 33, "is not a valid namespace"),
    (values.tag, "two words", "is not a valid tag"),
    (values.tag, "a\u3000b", "is not a valid tag"),
    (values.tag, "a,b", "is not a valid tag"),
    (values.tag, '"a"', "is not a valid tag"),
    (values.tag, "a:b", "is not a valid tag"),
    (values.tag, "a::", "is not a valid tag"),
    (values.tag, "::a", "is not a valid tag"),
    (values.tag, "a::::b", "is not a valid tag"),
    (values.tag, "a*", "is not a valid tag"),
    (values.tag, "a(b)", "is not a valid tag"),
    (values.tag, "a\x1bb", "cannot be seen, which Anki drops"),
    (values.deck_title, "Talks::", "empty part"),
    (values.deck_title, "::Talks", "empty part"),
    (values.deck_title, "a:: ::b", "empty part"),
    (values.deck_title, 'The "best"', "double quote"),
    (values.deck_title, "default", "already has"),
    (values.date, "21.12.2025", "is not a valid date"),
    (values.date, "2025-12-32", "is not a valid date"),
    (values.date, "2025-02-29", "is not a valid date"),
    (values.date, "2025-1-2", "is not a valid date"),
    (values.date, "20251221", "is not a valid date"),
    (values.date, "2025-12-21T10:00", "is not a valid date"),
    (values.date, "0000-01-01", "is not a valid date"),
    (values.reverse, "yes", "neither true nor false"),
    (values.reverse, "True", "neither true nor false"),
    (values.opens, "video", "neither player nor page"),
]


@pytest.mark.parametrize(("read", "text", "value"), READ)
def test_a_value_is_read(read: Callable[[str], Any], text: str, value: Any) -> None:
    """The text gives the value, with white space folded where it means nothing."""
    assert read(text) == value


@pytest.mark.parametrize(("read", "text", "words"), REFUSED)
def test_an_invalid_value_is_refused(read: Callable[[str], Any], text: str, words: str) -> None:
    """A sentence for the author says what is wrong."""
    with pytest.raises(ValueError, match=words):
        read(text)


@given(st.text(max_size=20))
def test_a_tag_contains_no_white_space(text: str) -> None:
    """Anki separates tags by white space, so a tag must not contain any."""
    try:
        tag = values.tag(text)
    except ValueError:
        return
    assert tag.split() == [tag]
    assert not tag.startswith(":")
    assert not tag.endswith(":")
