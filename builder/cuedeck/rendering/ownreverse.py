"""The second card of a note that asks in its own words: both its texts are in one field, each in an element.

Anki's templates can only test whether a field is empty. So both sides of the second card contain the whole field, and
the style hides what a side does not show: one of the two elements, and the text that the card shows if the field is
only "y". The elements have the classes of a question and an answer, so that they look like any others, also in the
style of a learner. They are in learners' notes, so they never change.
"""

import re

from cuedeck.patterns import regex

SWAPPED = "y"
"""The field of a second card that swaps the question and the answer."""

_QUESTION = '<div class="cue-block cue-question" dir="auto">'
_ANSWER = '<div class="cue-block cue-answer" dir="auto">'
_END = "</div>"
_BOTH = regex(f"{re.escape(_QUESTION)}(?P<question>.*){_END}{re.escape(_ANSWER)}(?P<answer>.*){_END}", re.DOTALL)


def own_reverse(question: str, answer: str) -> str:
    """Return the field with the HTML of both texts."""
    return f"{shown_question(question)}{shown_answer(answer)}"


def shown_question(html: str) -> str:
    """Return the part of the field that the front shows."""
    return f"{_QUESTION}{html}{_END}"


def shown_answer(html: str) -> str:
    """Return the part of the field that the back shows, below the front."""
    return f"{_ANSWER}{html}{_END}"


def texts_of_reverse(field: str) -> tuple[str, str] | None:
    """Return the HTML of both texts in a field; None if it has none, since the card swaps the sides or does not exist.

    No text contains such an element, since Markdown has none.
    """
    found = _BOTH.fullmatch(field.strip()) if _ANSWER in field else None
    return (found["question"], found["answer"]) if found else None
