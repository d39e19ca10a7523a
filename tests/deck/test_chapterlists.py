"""Chapters as others take them: what YouTube requires, and the formats of podcast players and browsers."""

import json

import pytest

from cuedeck.deck.chapterlists import description, not_for_youtube, podcast, webvtt
from cuedeck.deck.chapters import chapters_in
from cuedeck.deck.deck import Source

THREE = {0: "Intro", 46: "Hard & <soft>", 3723: "Ende\u2028 – schön"}


def source(chapters: dict[int, str], length: int | None = None, author: str = "A. Speaker") -> Source:
    return Source(
        id="talk", title="A talk", author=author, url="https://e.org/talk.mp3", chapters=chapters, length=length
    )


def test_a_description_has_a_line_for_each_chapter_and_reads_back() -> None:
    """In order of time, whatever the order in the file, and with times as YouTube shows them."""
    chapters = {46: "Hard abandonment", 3723: "The end", 0: "Intro", 600: "- 5 reasons"}
    lines = description(chapters)
    assert lines == "0:00 Intro\n0:46 Hard abandonment\n10:00 - 5 reasons\n1:02:03 The end\n"
    assert dict(chapters_in(description({0: "Intro", 46: "At 9:00", 92: "3. Third"}))) == {
        0: "Intro",
        46: "At 9:00",
        92: "3. Third",
    }


@pytest.mark.parametrize(
    ("chapters", "length", "said"),
    [
        ({0: "A", 10: "B", 20: "C"}, None, []),
        ({0: "A", 10: "B", 20: "C"}, 30, []),
        ({0: "A", 10: "B", 20: "C"}, 20, []),
        ({2: "A", 12: "B", 22: "C"}, None, ["add a chapter at 0:00"]),
        ({0: "A", 10: "B"}, None, ["YouTube requires 3, and there are only 2"]),
        ({0: "A"}, None, ["YouTube requires 3, and there is only 1"]),
        ({0: "A", 9: "B", 20: "C"}, None, ["join the chapter at 00:00"]),
        ({0: "A", 10: "B", 20: "C"}, 29, ["join the chapter at 00:20 with another one: it is 9 seconds long"]),
        ({0: "A", 1: "B", 20: "C"}, None, ["it is 1 second long"]),
        ({0: "A", 10: "B > C", 20: "<C>"}, None, ["at 00:10 without", "at 00:20 without"]),
        ({5: "A", 6: "<"}, 8, ["0:00", "only 2", "at 00:05 with", "at 00:06 with", "at 00:06 without"]),
    ],
)
def test_what_youtube_would_not_take_is_named(chapters: dict[int, str], length: int | None, said: list[str]) -> None:
    found = [*not_for_youtube(source(chapters, length))]
    assert len(found) == len(said)
    assert all(words in line for words, line in zip(said, found, strict=True))


def test_a_podcast_player_gets_json() -> None:
    """In ASCII, so that the file is right whatever encoding it is saved in."""
    text = podcast(source(dict(reversed(THREE.items()))))
    assert text.isascii()
    assert json.loads(text) == {
        "version": "1.2.0",
        "title": "A talk",
        "author": "A. Speaker",
        "chapters": [{"startTime": start, "title": title} for start, title in THREE.items()],
    }
    assert "author" not in json.loads(podcast(source(THREE, author="")))


def test_a_browser_gets_webvtt() -> None:
    """Each chapter lasts until the next one, the last until the end; nothing in a title is markup or an arrow."""
    assert webvtt(source({46: "Hard & <soft> --> both", 0: "Intro"}, 3723)) == (
        "WEBVTT\n"
        "\n00:00:00.000 --> 00:00:46.000\nIntro\n"
        "\n00:00:46.000 --> 01:02:03.000\nHard &amp; &lt;soft&gt; --&gt; both\n"
    )
