"""Moments in addresses that an author copied from a player."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.deck.copied import is_address, moment_or_span, same_recording
from cuedeck.deck.hosts import HOSTS
from cuedeck.deck.links import link_form
from cuedeck.deck.moments import Span
from tests.deck.test_hosts import FOUND

VIDEO = "aqz-KE-bpKQ"

TIMES = [
    (f"https://youtu.be/{VIDEO}?si=x&t=145", Span(145)),
    (f"  https://youtu.be/{VIDEO}?t=145 ", Span(145)),
    (f"https://www.youtube.com/watch?v={VIDEO}&t=1h2m3s", Span(3723)),
    (f"https://www.youtube.com/embed/{VIDEO}?start=46&end=50", Span(46)),
    ("https://vimeo.com/76979871#t=1m2s", Span(62)),
    ("https://e.org/talk.mp3#t=10,20.5", Span(10, 20)),
    ("https://e.org/talk.mp3#t=npt:10", Span(10)),
    ("https://e.org/talk?t=2.25", Span(2)),
    ("https://e.org/talk?t=1%3A02%3A03", Span(3723)),
    ("https://e.org/talk#:~:text=00:46", Span(46)),
    ("https://e.org/talk#12:34", Span(754)),
    ("https://e.org/#/talk?t=12", Span(12)),
    ("https://e.org/talk?t=intro&start=12", Span(12)),
    ("https://archive.org/details/MyTalk/start/35.1/end/101", Span(35)),
    ("https://echo360.org/media/x?startTimeMillis=46250", Span(46)),
    ("46", Span(46)),
    ("[0:46]-[1:32]", Span(46, 92)),
]

NO_TIMES = [
    (f"https://youtu.be/{VIDEO}", "no time in it"),
    ("https://e.org/talk?t=later", "no time in it"),
    ("https://e.org/talk?t=", "no time in it"),
    ("https://e.org/talk?t=999999999999", "no time in it"),
    ("https://e.org/talk#t=20,10", "no time in it"),
    ("https://[/?t=1", "not a valid web address"),
    ("https://e.org/talk t=1", "not a valid moment"),
    ("youtu.be/x?t=12", "not a valid moment"),
]

SAME = [
    (f"https://youtu.be/{VIDEO}?t=4&si=x", f"https://www.youtube.com/watch?v={VIDEO}&list=PL123", True),
    (f"https://youtu.be/{VIDEO}?t=4", "https://youtu.be/jNQXAC9IVRw", False),
    (f"https://youtu.be/{VIDEO}?t=4", "https://e.org/talk", False),
    ("http://www.e.org/talk/?t=9&id=7", "https://e.org/talk?id=7", True),
    ("https://e.org/talk?id=7&utm_source=x&t=9", "https://e.org/talk?id=7", True),
    ("https://e.org/talk?id=8&t=9", "https://e.org/talk?id=7", False),
    ("https://e.org/talk?v=8&t=9", "https://e.org/talk", False),
    ("https://e.org/talk/12:34", "https://e.org/talk", True),
    ("https://e.org/talk#:~:text=00:46", "https://e.org/talk", True),
    ("https://e.org/#/talk?t=12", "https://e.org/#/another", False),
    ("https://e.org/talk.mp3#t=10", "https://e.org/talk.mp3", True),
    ("https://e.org/Talk?t=1", "https://e.org/talk", False),
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_a_time_is_read_in_an_address(text: str, expected: Span) -> None:
    assert moment_or_span(text) == expected


@pytest.mark.parametrize(("text", "words"), NO_TIMES)
def test_an_address_without_a_time_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        moment_or_span(text)


@pytest.mark.parametrize(("one", "other", "expected"), SAME)
def test_two_addresses_of_one_recording_are_told_from_others(one: str, other: str, expected: bool) -> None:
    assert same_recording(one, other) is expected
    assert same_recording(other, one) is expected


@pytest.mark.parametrize("host", [host.name for host in HOSTS])
def test_what_a_known_host_shares_can_be_pasted(host: str) -> None:
    """The links that Cuedeck makes are links as their hosts make them: they read back, and lead to the same source."""
    for url, _ in FOUND[host]:
        link = link_form(url).at(3723)
        assert moment_or_span(link) == Span(3723)
        assert same_recording(link, url)


@given(st.text(alphabet="https:/?#&=.,-~te[]% 0123456789", max_size=40))
def test_any_address_has_a_time_or_a_sentence(text: str) -> None:
    """Nothing that looks a little like an address breaks the reader."""
    text = f"https://e.org/{text}"
    try:
        read = moment_or_span(text)
    except ValueError:
        return
    assert read.start >= 0
    assert is_address(text)
