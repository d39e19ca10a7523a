"""Web addresses that an author writes, and where learners report a mistake."""

import pytest

from cuedeck.deck.addresses import address, feedback

ADDRESSES = [
    ("https://e.org", "https://e.org"),
    ("  https://e.org/a  ", "https://e.org/a"),
    ("http://e.org:8080/a?b=c&d=%20#e", "http://e.org:8080/a?b=c&d=%20#e"),
    ("https://e.org/{Seconds}", "https://e.org/%7BSeconds%7D"),
    ('https://e.org/"a"', "https://e.org/%22a%22"),
    ("https://e.org/<a>", "https://e.org/%3Ca%3E"),
    ("https://e.org/é", "https://e.org/%C3%A9"),
    ("HTTPS://e.org", "HTTPS://e.org"),
]

NO_ADDRESSES = [
    "",
    "e.org",
    "youtu.be/aqz-KE-bpKQ",
    "//e.org/a",
    "/a",
    "a.mp3",
    "ftp://e.org/a",
    "javascript:alert(1)",
    "data:text/html,a",
    "file:///a.mp3",
    "https:",
    "https://",
    "https:///a",
    "https://?a",
    "https://e.org/a b",
    "https://e.org/a\nb",
    "https://e.org:port/",
    "https://[::1/",
    "https//e.org",
]


@pytest.mark.parametrize(("text", "expected"), ADDRESSES)
def test_an_address_is_encoded(text: str, expected: str) -> None:
    """Characters that an address may not contain are percent-encoded; what is already encoded stays as it is."""
    assert address(text) == address(expected) == expected


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_an_invalid_web_address_is_refused(text: str) -> None:
    """Only a complete address with http or https is valid."""
    with pytest.raises(ValueError, match="is not a valid web address"):
        address(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" https://e.org/report?note={note} ", "https://e.org/report?note={note}"),
        ("https://e.org/{note}#{note}", "https://e.org/{note}#{note}"),
        ("mailto:me@e.org?subject=A mistake in {note}", "mailto:me@e.org?subject=A%20mistake%20in%20{note}"),
        ('https://e.org/?q="{note}"&x=<b>', "https://e.org/?q=%22{note}%22&x=%3Cb%3E"),
        ("https://e.org/?{{note}}", "https://e.org/?%7B{note}%7D"),
    ],
)
def test_where_mistakes_are_reported(text: str, expected: str) -> None:
    """It is a web or mail address with the note's id in it; characters that an address may not contain are encoded."""
    assert feedback(text) == feedback(expected) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://e.org/report", "which note is meant"),
        ("https://e.org/{id}", '"{id}" is not a placeholder'),
        ("https://{note}.e.org/", "name of the host"),
        ("javascript:alert('{note}')", "is not a valid web address"),
        ("me@e.org?{note}", "is not a valid web address"),
        ("mailto:{note}@e.org?subject=x", "is not a mail address with a subject"),
        ("mailto:me@e.org{note}", "is not a mail address with a subject"),
    ],
)
def test_an_invalid_feedback_address_is_refused(text: str, words: str) -> None:
    """Another scheme, another placeholder, or {note} where it would lead to somebody else is refused."""
    with pytest.raises(ValueError, match=words):
        feedback(text)
