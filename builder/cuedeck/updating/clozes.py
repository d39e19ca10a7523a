"""What an edit of a cloze note does to the history of each number.

Anki keeps a card's history under the number of its deletion. If an answer moves to another number, the history does not
move with it: reviews of one answer become those of another. So the old answer of each number is compared with its new
one; the result is a `Verdict`.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from itertools import count
from typing import Literal

from cuedeck.history.prompts import Answers
from cuedeck.patterns import regex
from cuedeck.records import dataclass

Verdict = Literal["edit", "correction", "moved", "renumbered", "replaced", "gone", "added"]

_ARTICLE = regex(r"^(?:the|a|an)\s+(?=\S)")
# Vowel points of Hebrew and Arabic, which most writers leave out.
_POINTS = regex("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652]")
_THOUSANDS = regex(r"(?<=\d),(?=\d{3}(?!\d))")
# A minus, not a hyphen or a dash: before a number, or after a letter as in "A-" and "Na-".
_MINUS = regex(r"(?<!\w)-(?=\d)|(?<=\w)-(?!\w)")
_SIGNS = "−+<>=≠≤≥±×÷^#"
# What makes another answer, however short it is: numbers, signs, and English words that negate.
_TELLING = regex(rf"\d+|\b(?:not|no|never|none|nothing|neither|nor|without|cannot)\b|[{_SIGNS}]")
_DENYING_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non")
_LONGEST_COMPARED = 200


@dataclass(frozen=True)
class NumberEdit:
    """What became of one number.

    edit        the same answer, perhaps in other words
    correction  another answer in the same sentence: a fact was corrected
    moved       the number now has another answer, or `other`, a number that asked for something else, has its answer
    renumbered  the number is gone, and `other`, a number that did not exist before, has its answer
    replaced    another answer in another sentence
    gone        neither the number nor its answer is there: learners keep its card, which is blank
    added       a number that did not exist before
    """

    number: int
    verdict: Verdict
    old: str = ""
    new: str = ""
    other: int = 0


def number_edits(old: Answers, new: Answers, same_outside: bool) -> list[NumberEdit]:
    """Return what became of each number. `same_outside` says whether the words around the deletions are unchanged."""
    before = {number: " / ".join(answers) for number, answers in old.items()}
    after = {number: " / ".join(answers) for number, answers in new.items()}
    edits = [_became(number, before, after, same_outside) for number in sorted(before)]
    taken = {edit.other for edit in edits if edit.verdict == "renumbered"}
    added = [NumberEdit(number, "added", new=after[number]) for number in sorted(after.keys() - before.keys() - taken)]
    return edits + added


def _became(number: int, before: Mapping[int, str], after: Mapping[int, str], same_outside: bool) -> NumberEdit:
    answer, now = before[number], after.get(number)
    same = now is not None and _same(answer, now)
    # One answer may be part of another: the same words elsewhere mean more than similar words here.
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
    """Return the number to which an answer moved, whose own old answer was another one; 0 if there is none."""
    for other, answer in after.items():
        if other != number and alike(before[number], answer) and not alike(before.get(other, ""), answer):
            return other
    return 0


def right_numbering(old: Answers, new: Answers) -> dict[int, int]:
    """Return, for each number of the new text, the number that its answer had before, or the next one never used.

    Numbers that need no change are included.
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
    """Return whether two answers are the same one, perhaps misspelt or in other words.

    Case, punctuation and a leading article do not count. Numbers, the signs of formulas and words that negate must be
    the same. Apart from that, the edit distance (with transpositions) may be 0 below 4 letters, 1 below 8 letters, and
    a quarter of the length above; or one answer contains all words of the other.
    """
    one, other = _folded(one), _folded(other)
    if _TELLING.findall(one) != _TELLING.findall(other):
        return False
    if one == other:
        return True
    words, others = set(one.split()), set(other.split())
    if _denies(words, others) or _denies(others, words):
        return False
    if words and others and (words <= others or others <= words):
        return True
    shorter = min(len(one), len(other))
    allowed = 0 if shorter < 4 else 1 if shorter < 8 else shorter // 4
    return _within(one[:_LONGEST_COMPARED], other[:_LONGEST_COMPARED], allowed)


def telling(text: str) -> tuple[str, ...]:
    """Return the numbers, signs of formulas and words that negate in a text, in their order."""
    return tuple(_TELLING.findall(_folded(text)))


def _denies(words: Collection[str], others: Collection[str]) -> bool:
    """Return whether one of the others is one of the words with a negating prefix, such as "unstable"."""
    return any(f"{prefix}{word}" in others for word in words for prefix in _DENYING_PREFIXES)


def _folded(text: str) -> str:
    plain = _POINTS.sub("", unicodedata.normalize("NFKC", text.casefold()))
    plain = _MINUS.sub("−", _THOUSANDS.sub("", re.sub(r"n['’]t\b", " not", plain)))
    words = re.findall(rf"\w+|[{_SIGNS}]", plain)
    return _ARTICLE.sub("", " ".join(words) or text.strip())


def _within(one: str, other: str, allowed: int) -> bool:
    """Return whether so many edits (insert, delete, change, swap neighbours) turn one text into the other."""
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
