"""Moments and spans, as authors write them and as cards show them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.deck.moments import Span, clock, doubled, moment, span, timecode, touched, written
from cuedeck.problems import TextError

MOMENTS = [
    ("0", 0),
    ("46", 46),
    ("0:46", 46),
    ("00:46", 46),
    ("0:00:46", 46),
    ("12:45", 765),
    ("90", 90),
    ("1:02:03", 3723),
    ("01:02:03", 3723),
    ("100:00:00", 360_000),
    ("46s", 46),
    ("1m2s", 62),
    ("1m", 60),
    ("90m", 5400),
    ("1h", 3600),
    ("1h2m3s", 3723),
    ("1h3s", 3603),
    ("75s", 75),
    (" 00:46 ", 46),
    ("00:02:25.420", 145),
    ("00:02:25,420", 145),
    ("2:25.9", 145),
    ("02:25.999999999", 145),
    ("[02:25]", 145),
    ("(2:25)", 145),
    ("<00:02:25.420>", 145),
    ("[ 00:02:25,420 ]", 145),
    ("2m25", 145),
    ("1h2m3", 3723),
    ("1h30", 5400),
    ("1m2", 62),
    ("145.4", 145),
    ("145.42", 145),
    ("145.4s", 145),
    ("2m25.5s", 145),
    ("1.5", 1),
]

NO_MOMENTS = [
    ("", "is not a valid moment"),
    ("later", "is not a valid moment"),
    ("00:75", "did you mean 01:15"),
    ("00:60", "did you mean 01:00"),
    ("1:00:60", "did you mean 1:01:00"),
    ("1:60:00", "did you mean 2:00:00"),
    ("00:461", "is not a valid moment"),
    ("1:2:3:4", "is not a valid moment"),
    ("-1", "is not a valid moment"),
    ("00.46", "may be 00:46 or a number of seconds"),
    ("2.25", "may be 02:25 or a number of seconds"),
    ("2,25", "may be 02:25 or a number of seconds"),
    ("145,4", "is not a valid moment"),
    ("00:46,92", "is not a valid moment"),
    ("00:46.", "is not a valid moment"),
    ("00:46.1234567890", "is not a valid moment"),
    ("[00:46", "is not a valid moment"),
    ("[00:46)", "is not a valid moment"),
    ("[[00:46]]", "is not a valid moment"),
    ("[]", "is not a valid moment"),
    ("00:75.5", "did you mean 01:15"),
    ("2m125", "is not a valid moment"),
    ("1h1h", "is not a valid moment"),
    ("2s1m", "is not a valid moment"),
    ("h", "is not a valid moment"),
    ("1 m 2 s", "is not a valid moment"),
    ("1M2S", "is not a valid moment"),
    ("00 : 46", "is not a valid moment"),
    ("٤٦", "is not a valid moment"),
    ("99999999", "is not a valid moment"),
]

SPANS = [
    ("00:46", Span(46)),
    ("00:46-01:32", Span(46, 92)),
    ("00:46 - 01:32", Span(46, 92)),
    ("00:46–01:32", Span(46, 92)),
    ("46-1m32s", Span(46, 92)),
    ("0-1", Span(0, 1)),
    ("00:00:46,250 --> 00:01:32,000", Span(46, 92)),
    ("00:46.250 --> 01:32.000 align:start position:0%", Span(46, 92)),
    ("00:46-->01:32", Span(46, 92)),
    ("0:00:46.250,0:01:32.500", Span(46, 92)),
    ("[00:46 - 01:32]", Span(46, 92)),
    ("[00:46]-[01:32]", Span(46, 92)),
    ("(0:46) – (1:32)", Span(46, 92)),
    ("00:46.1-00:46.9", Span(46)),
]

EXACT = [
    ("46", (46_000, None)),
    ("00:00:46.250", (46_250, None)),
    ("00:00:46,250 --> 00:01:32,005", (46_250, 92_005)),
    ("46.5-92.75s", (46_500, 92_750)),
    ("46.0009", (46_000, None)),
    ("00:46.1-00:46.9", (46_100, None)),
]

NO_SPANS = [
    ("01:32-00:46", "runs backwards"),
    ("00:46-00:46", "runs backwards"),
    ("00:46.9-00:46.1", "runs backwards"),
    ("00:46,120,00:47,120", "is not a valid moment"),
    ("00:46 --> 01:32 loudly", "is not a valid moment"),
    ("00:46-", "is not a valid moment"),
    ("-00:46", "is not a valid moment"),
    ("00:46-01:32-02:00", "is not a valid moment"),
    ("00:46-00:75", "did you mean 01:15"),
    ("00:46—01:32", "is not a valid moment"),
    ("00:46 to 01:32", "is not a valid moment"),
]


@pytest.mark.parametrize(("text", "seconds"), MOMENTS)
def test_a_moment_is_read(text: str, seconds: int) -> None:
    """Clock forms, seconds and units all give whole seconds from the start."""
    assert moment(text) == seconds


@pytest.mark.parametrize(("text", "words"), NO_MOMENTS)
def test_an_invalid_moment_is_refused(text: str, words: str) -> None:
    """The error shows how to write a moment, or which one was probably meant."""
    with pytest.raises(ValueError, match=words):
        moment(text)


@pytest.mark.parametrize(("text", "expected"), SPANS)
def test_a_span_is_read(text: str, expected: Span) -> None:
    """A span has a hyphen or an en dash between two moments, with or without spaces."""
    assert span(text) == expected


@pytest.mark.parametrize(("text", "milliseconds"), EXACT)
def test_milliseconds_are_kept_beside_the_seconds(text: str, milliseconds: tuple[int, int | None]) -> None:
    """They can be asked for, but two spans on the same second are the same to cards and links."""
    assert span(text).exact == milliseconds
    assert span(text) == Span(span(text).start, span(text).end)


def test_an_ambiguous_number_has_a_hint_that_works() -> None:
    """Both readings of 2.25 can be written, and the hint says how."""
    with pytest.raises(TextError) as found:
        moment("2.25")
    assert found.value.hint == "write 02:25, or 2.25s for seconds"
    assert moment("02:25") == 145
    assert moment("2.25s") == 2


@pytest.mark.parametrize(("text", "words"), NO_SPANS)
def test_an_invalid_span_is_refused(text: str, words: str) -> None:
    """A span runs forwards, and both its ends are moments."""
    with pytest.raises(ValueError, match=words):
        span(text)


@pytest.mark.parametrize(
    ("seconds", "shown", "code"),
    [
        (0, "00:00", "00:00:00"),
        (59, "00:59", "00:00:59"),
        (60, "01:00", "00:01:00"),
        (3599, "59:59", "00:59:59"),
        (3600, "1:00:00", "01:00:00"),
        (3723, "1:02:03", "01:02:03"),
        (360_000, "100:00:00", "100:00:00"),
    ],
)
def test_a_moment_is_shown(seconds: int, shown: str, code: str) -> None:
    """Cards show hours only if there are any; a time code always shows them."""
    assert clock(seconds) == shown
    assert timecode(seconds) == code


moments = st.integers(0, 998 * 3600)


@given(moments)
def test_a_shown_moment_reads_back(seconds: int) -> None:
    """What a card shows is what an author may write."""
    assert moment(clock(seconds)) == moment(timecode(seconds)) == seconds


@given(moments, st.none() | st.integers(1, 3600))
def test_a_written_span_reads_back(start: int, length: int | None) -> None:
    """A span written out reads back as itself."""
    given_span = Span(start, None if length is None else start + length)
    assert span(written(given_span)) == given_span


@given(st.text(alphabet="0123456789:hms.,-–>[]() \n", max_size=18))
def test_any_text_is_a_span_or_a_sentence(text: str) -> None:
    """Nothing that looks a little like a moment breaks the reader, and what it accepts runs forwards."""
    try:
        read = span(text)
    except ValueError:
        return
    assert read.start >= 0
    assert read.end is None or read.end > read.start


def test_doubled_moments_are_found() -> None:
    """Each moment that appears more than once is returned once, in order of time."""
    assert doubled([92, 46, 92, 2, 46, 92]) == [46, 92]
    assert doubled([]) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("5", []),
        ("5-10", []),
        ("5-11", [0]),
        ("10", [0]),
        ("19", [0]),
        ("20", [1]),
        ("15-20", [0]),
        ("15-21", [0, 1]),
        ("5-99", [0, 1, 2]),
        ("99", [2]),
    ],
)
def test_a_span_touches_the_stretches_that_have_a_second_of_it(text: str, numbers: list[int]) -> None:
    assert list(touched(span(text), [10, 20, 30])) == numbers
