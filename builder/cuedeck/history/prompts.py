"""What a note asks, read from its fields, in the same way for a note that is built and one in a package."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cuedeck.deck.kinds import Kind
from cuedeck.rendering.fields import digest
from cuedeck.rendering.plain import Run, runs_and_gaps, tidy

Answers = Mapping[int, tuple[str, ...]]
"""The answers to each number of a cloze note."""


@dataclass(frozen=True)
class Asked:
    """What a note asks: its kind, the ordinals of its cards, and for a cloze the answers and a hash of the other words.

    What learners were asked so far includes numbers that are `gone`, since they still have those cards.
    """

    kind: Kind
    cards: Collection[int]
    answers: Answers
    outside: str
    gone: Collection[int] = ()


def asked(kind: Kind, cards: Collection[int], text: str) -> Asked:
    """Return what a note asks, from its kind, the ordinals of its cards and, for a cloze, the HTML of its text."""
    if kind != Kind.CLOZE:
        return Asked(kind, cards, {}, "")
    runs, gaps = runs_and_gaps(text)
    answers: dict[int, list[str]] = defaultdict(list)
    for gap in gaps:
        for number in gap.numbers:
            answers[number].append(gap.answer)
    in_order = {number: tuple(answers[number]) for number in sorted(answers)}
    return Asked(kind, cards, in_order, digest(_outside(runs)))


def _outside(runs: Iterable[Run]) -> str:
    """Return the text with one blank in place of each outermost deletion."""
    pieces: list[str] = []
    last: int | None = None
    for run in runs:
        outermost = run.gaps[0] if run.gaps else None
        if outermost is None:
            pieces.append(run.text)
        elif outermost != last:
            pieces.append("[...]")
        last = outermost
    return tidy("".join(pieces))
