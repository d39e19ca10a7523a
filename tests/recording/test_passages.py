"""Which passage of a recording belongs to a moment or a span."""

import pytest

from cuedeck.deck.deck import Source
from cuedeck.deck.moments import Span, moment, span
from cuedeck.recording.passages import Passage, passage_of

CHAPTERS = {0: "One", 40: "Two", 50: "Three"}


def source(chapters: dict[int, str], length: int | None = None) -> Source:
    return Source(id="talk", title="A talk", url="https://example.org/talk.mp3", chapters=chapters, length=length)


@pytest.mark.parametrize(
    ("written", "passage"),
    [
        ("0:20-0:31", Passage(18, 13)),  # two seconds earlier, so that no word is cut off
        ("0:01-0:05", Passage(0, 5)),
        ("0:20-3:00", Passage(18, 60)),
        ("0:20", Passage(18, 22)),  # to the next chapter
        ("0:40", Passage(38, 12)),  # a chapter that begins at the moment is not the next one
        ("0:45", Passage(43, 7)),
        ("0:55", Passage(53, 60)),
        ("00:00:20.250", Passage(18.25, 21.75)),
        ("00:00:20,250 --> 00:00:31,100", Passage(18.25, 12.85)),
        ("0:01.5-0:05", Passage(0, 5)),
    ],
)
def test_a_passage_is_the_span_or_goes_on_to_the_next_chapter(written: str, passage: Passage) -> None:
    """It is never longer than a minute."""
    assert passage_of(span(written), source(CHAPTERS)) == passage


def test_the_recording_ends_the_last_passage() -> None:
    """If its length is known; the order of chapters in the file does not matter."""
    chapters = dict(reversed(CHAPTERS.items()))
    assert passage_of(Span(moment("0:55")), source(chapters, length=70)) == Passage(53, 17)
    assert passage_of(Span(moment("0:20")), source(chapters, length=70)) == Passage(18, 22)
