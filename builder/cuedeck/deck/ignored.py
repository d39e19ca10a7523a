"""The entries of `check: ignore:`: each names a rule, for the whole deck or for one part of it."""

import re

from cuedeck.deck import values
from cuedeck.records import dataclass

PATTERN = rf"{values.ID}(?: in {values.ID})?"


@dataclass(frozen=True, order=True, slots=True)
class Ignored:
    """A rule, and the id of the note, concept or source that it is ignored in; "" is the whole deck."""

    rule: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.rule} in {self.where}" if self.where else self.rule


def ignored(text: str) -> Ignored:
    """Return what a text such as `long-answer` or `long-answer in hard-definition` names.

    Raises ValueError for a text of another form.
    """
    if not re.fullmatch(PATTERN, text):
        raise ValueError(
            f'"{text}" does not name advice: write its code, such as long-answer, or long-answer in the-note'
        )
    rule, _, where = text.partition(" in ")
    return Ignored(rule, where)
