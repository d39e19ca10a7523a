"""What a note asks, told from what stands in its fields: the same for one that is built and one in a package."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from builder.rendering.plain import runs_and_gaps, tidy

Answers = Mapping[int, tuple[str, ...]]
"""The answers behind each number of a cloze note."""


@dataclass(frozen=True)
class Asked:
    """What a note asks: its kind, the ordinals of its cards, and for a cloze the answers and the words around them.

    In what is asked before, numbers that are `gone` already are still there: learners have their cards.
    """

    kind: str
    cards: Collection[int]
    answers: Answers
    outside: str
    gone: Collection[int] = ()


def asked(kind: str, cards: Collection[int], fields: Mapping[str, str]) -> Asked:
    """Return what a note asks, from its kind, the ordinals of its cards and the HTML of its fields by name."""
    if kind != "cloze":
        return Asked(kind, cards, {}, "")
    runs, gaps = runs_and_gaps(fields.get("Text", ""))
    answers: dict[int, tuple[str, ...]] = {}
    for gap in gaps:
        for number in gap.numbers:
            answers[number] = (*answers.get(number, ()), gap.answer)
    outside = tidy("".join("[...]" if run.gaps else run.text for run in runs))
    return Asked(kind, cards, dict(sorted(answers.items())), outside)
