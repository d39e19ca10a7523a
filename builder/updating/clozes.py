"""What an edit of a cloze note does to the history behind each number.

Anki keeps a card's history under the number of its deletion. An answer that moves to another number takes nobody's
history along: the learner's reviews of one answer become those of another. So each number's old answer is compared
with its new one; the words for what is found are those of `Verdict`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Literal

from builder.history.asking import Answers

Verdict = Literal["edit", "correction", "moved", "renumbered", "replaced", "gone", "added"]

_ARTICLE = re.compile(r"^(?:the|a|an)\s+(?=\S)")
_LONGEST_COMPARED = 200


@dataclass(frozen=True)
class NumberEdit:
    """What became of one number.

    edit        the same answer, perhaps worded otherwise
    correction  another answer in the same sentence: a fact was put right
    moved       the number's answer stands behind `other` now, a number that asked for something else before, or
                another answer has taken its place
    renumbered  the number is gone, and its answer stands behind `other`, a number that was not there before
    replaced    another answer in another sentence
    gone        neither the number nor its answer is there: its card stays with learners, and is blank
    added       a number that was not there before
    """

    number: int
    verdict: Verdict
    old: str = ""
    new: str = ""
    other: int = 0


def compare(old: Answers, new: Answers, same_outside: bool) -> list[NumberEdit]:
    """Return what became of each number. `same_outside` tells whether the words around the deletions are unchanged."""
    before = {number: " / ".join(answers) for number, answers in old.items()}
    after = {number: " / ".join(answers) for number, answers in new.items()}
    edits = [_became(number, before, after, same_outside) for number in sorted(before)]
    taken = {edit.other for edit in edits if edit.verdict == "renumbered"}
    added = [NumberEdit(number, "added", new=after[number]) for number in sorted(after.keys() - before.keys() - taken)]
    return edits + added


def _became(number: int, before: Mapping[int, str], after: Mapping[int, str], same_outside: bool) -> NumberEdit:
    answer, now = before[number], after.get(number)
    same = now is not None and _same(answer, now)
    # One answer may lie within another: the very words elsewhere tell more than similar ones here.
    home = 0 if same else _new_home(number, before, after, _same)
    if now is not None and not home and (same or near(answer, now)):
        return NumberEdit(number, "edit", answer, now)
    home = home or _new_home(number, before, after, near)
    if home:
        verdict: Verdict = "renumbered" if now is None and home not in before else "moved"
        return NumberEdit(number, verdict, answer, now or "", home)
    if now is None:
        return NumberEdit(number, "gone", answer)
    return NumberEdit(number, "correction" if same_outside else "replaced", answer, now)


def _new_home(
    number: int, before: Mapping[int, str], after: Mapping[int, str], alike: Callable[[str, str], bool]
) -> int:
    """Return the number that an answer went to, 0 if none: one whose own old answer it was not."""
    for other, answer in after.items():
        if other != number and alike(before[number], answer) and not alike(before.get(other, ""), answer):
            return other
    return 0


def right_numbering(old: Answers, new: Answers) -> dict[int, int]:
    """Return, for each number of the new text, the number its answer had before, or the next one never used.

    Numbers that need no change are in it too.
    """
    before = {number: " / ".join(answers) for number, answers in old.items()}
    after = {number: " / ".join(answers) for number, answers in sorted(new.items())}
    right: dict[int, int] = {}
    for alike in (_same, near):
        for number in sorted(after.keys() - right.keys()):
            order = sorted(before.keys() - set(right.values()), key=lambda other: (other != number, other))
            if had := next((other for other in order if alike(before[other], after[number])), 0):
                right[number] = had
    left = sorted(after.keys() - right.keys())
    right |= {number: number for number in left if number not in {*old, *right.values()}}
    fresh = (number for number in count(max(old, default=0) + 1) if number not in right.values())
    right |= {number: next(fresh) for number in left if number not in right}
    return right


def _same(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def near(one: str, other: str) -> bool:
    """Return whether two answers are the same one, perhaps misspelt or worded otherwise.

    Case, punctuation and a leading article do not count. Digits must be the same. Beyond that the edit distance (with
    transpositions) may be 0 below 4 letters, 1 below 8, else a quarter of the length; or the words of one are within
    the other's.
    """
    one, other = _folded(one), _folded(other)
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    if one == other:
        return True
    words, others = set(one.split()), set(other.split())
    if words and others and (words <= others or others <= words):
        return True
    shorter = min(len(one), len(other))
    allowed = 0 if shorter < 4 else 1 if shorter < 8 else shorter // 4
    return _within(one[:_LONGEST_COMPARED], other[:_LONGEST_COMPARED], allowed)


def _folded(text: str) -> str:
    plain = re.sub(r"[^\w\s]+", " ", text.casefold())
    folded = " ".join(plain.split()) or text.strip()
    return _ARTICLE.sub("", folded)


def _within(one: str, other: str, allowed: int) -> bool:
    """Return whether so many edits (insert, delete, change, swap of neighbours) make one text of the other."""
    if not allowed or abs(len(one) - len(other)) > allowed:
        return False
    two_ago: list[int] = []
    ago = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, with_ in enumerate(other, 1):
            cost = min(ago[j] + 1, row[j - 1] + 1, ago[j - 1] + (letter != with_))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == with_:
                cost = min(cost, two_ago[j - 2] + 1)
            row.append(cost)
        two_ago, ago = ago, row
    return ago[-1] <= allowed
