"""Chapters in the forms in which people list them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.deck.chapters import chapter, chapters_in
from cuedeck.deck.moments import clock
from cuedeck.problems import TextError

LINES = [
    ("0:00 Intro", 0, "Intro"),
    ("00:46 - Hard abandonment", 46, "Hard abandonment"),
    ("00:00:46 – Hard abandonment", 46, "Hard abandonment"),
    ("[01:20] Soft", 80, "Soft"),
    ("(1:02:03) End", 3723, "End"),
    ("<00:46> Hard", 46, "Hard"),
    ("- 0:46: Hard: the loud kind", 46, "Hard: the loud kind"),
    ("0:46 | Hard", 46, "Hard"),
    ("0:46 → Hard", 46, "Hard"),
    ("0:46-Hard", 46, "Hard"),
    ("• 0:46 – Hard", 46, "Hard"),
    ("▶ 0:46 Hard", 46, "Hard"),
    ("⌨️ (0:00:46) Hard", 46, "Hard"),
    ("3. 0:46 Hard", 46, "Hard"),
    ("3) 0:46 Hard", 46, "Hard"),
    ("0:46 3. Hard", 46, "3. Hard"),
    ("0:46 5 steps", 46, "5 steps"),
    ("0:46 -5 °C", 46, "-5 °C"),
    ("0:46 - -5 °C", 46, "-5 °C"),
    ("0:46-5 steps", 46, "5 steps"),
    ("0:46 - 1:32 Hard", 46, "Hard"),
    ("[0:46–1:32] Hard", 46, "Hard"),
    ("00:00:46.250 --> 00:01:32.000 Hard", 46, "Hard"),
    ("Hard 0:46", 46, "Hard"),
    ("Hard (0:46)", 46, "Hard"),
    ("• Hard – 0:46", 46, "Hard"),
    ("Hard (0:46 - 1:32)", 46, "Hard"),
    ("  0:46   Hard   ", 46, "Hard"),
    ("0:46\tHard", 46, "Hard"),
    ("0:46\u3000はじめに", 46, "はじめに"),
    ("0:46はじめに", 46, "はじめに"),
    ("* **[00:46](#t=00:46)** [Hard](https://example.org/a)", 46, "Hard"),
    ("0:46 **Hard**", 46, "Hard"),
    ("0:46 From 9:00 to 17:00", 46, "From 9:00 to 17:00"),
    ("0:46 [Music]", 46, "[Music]"),
    ("0:46 (really)", 46, "(really)"),
    ('0:46 "Hard"', 46, '"Hard"'),
]

NO_LINES = [
    ("Chapters:", "has no time"),
    ("", "has no time"),
    ("See 2:25 for more", "has no time"),
    ("12:00am is late", "has no time"),
    ("3:1 odds", "has no time"),
    ("46 Hard", "has no time"),
    ("0:46", "has no title"),
    ("0:46 - ", "has no title"),
    ("0:75 Hard", "did you mean 01:15"),
    ("62:03 Hard", "did you mean 1:02:03"),
]

DESCRIPTION = """A talk about trunks, and about 3:1 odds.

Chapters:
0:00 Intro
0:46 - Hard abandonment
1:75 not a time
(1:32) Soft abandonment

More at https://example.org/12:30/talk and https://youtu.be/jNQXAC9IVRw?t=46
"""


@pytest.mark.parametrize(("text", "start", "title"), LINES)
def test_a_line_is_read(text: str, start: int, title: str) -> None:
    """Bullets, numbers, brackets, dashes and ends are left out; what belongs to the title stays."""
    assert chapter(text) == (start, title)


@pytest.mark.parametrize(("text", "words"), NO_LINES)
def test_another_line_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        chapter(text)


def test_the_hint_shows_a_line_that_is_read() -> None:
    """An author who follows it to the letter has a chapter."""
    with pytest.raises(TextError) as found:
        chapter("Chapters:")
    assert chapter(found.value.hint.partition("such as ")[2].partition(",")[0]) == (46, "Hard abandonment")


def test_chapters_are_found_in_a_description() -> None:
    """Sentences and addresses with numbers in them are no chapters."""
    assert [*chapters_in(DESCRIPTION)] == [(0, "Intro"), (46, "Hard abandonment"), (92, "Soft abandonment")]


@given(st.integers(0, 99 * 3600), st.from_regex(r"[A-Za-z][A-Za-z ]{0,20}[A-Za-z]", fullmatch=True))
def test_what_is_written_reads_back(start: int, title: str) -> None:
    """A line as `cuedeck chapters` writes it gives the same chapter."""
    title = " ".join(title.split())
    assert chapter(f"{clock(start)} {title}") == chapter(f"{title} ({clock(start)})") == (start, title)


@given(st.text(alphabet="0123456789:-–[]()<>.*| aえ\t", max_size=60))
def test_any_line_is_a_chapter_or_a_sentence(text: str) -> None:
    """Nothing that looks a little like a chapter breaks the reader."""
    try:
        start, title = chapter(text)
    except ValueError:
        return
    assert start >= 0
    assert title
