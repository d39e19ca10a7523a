"""The rule on cards whose front contains their answer."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from operator import eq

from cuedeck.advice.english import ASKING, AUXILIARY, CAPITALS
from cuedeck.advice.material import Advice, Card, Cloze, Shown
from cuedeck.advice.words import folded, has_formula, root, same_word
from cuedeck.patterns import regex
from cuedeck.remembering import remembered
from cuedeck.stems import content_words, words

_ADDRESS = regex(r"(?:https?://|www\.|mailto:)\S+", re.IGNORECASE)
# What separates the things to choose from, and what introduces them on the front.
_BETWEEN_TWO = regex(r"\s(?:or|versus|vs\.?)\s|(?<=\w)/(?=\w)", re.IGNORECASE)
_AND = regex(r"\sand\s", re.IGNORECASE)
_AMONG = regex(r"\b(?:between|among|(?:which|who|what|one)\s+of)\b([^?]*)", re.IGNORECASE)
_SET_OFF = regex(r"[,:;]\s|\s[–—-]\s|—")
_IN_HINT = regex(r"\[([^\]]*)\]")
_FORMS = regex(
    r"\b(?:plural|singular|feminine|masculine|neuter|past|participle|gerund|infinitive|tense|conjugat\w*|declin\w*|"
    r"comparative|superlative|nominative|genitive|dative|accusative|diminutive|adjective|adverb|noun|verb|spell\w*|"
    r"abbreviat\w*|prefix|suffix)\b",
    re.IGNORECASE,
)
_NOT = regex(r"\b(?:no|not|none|never|nothing|nobody|neither|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE)
# Words of grammar that can also be nouns: "a good will".
_NOUNS_TOO = frozenset({"being", "can", "may", "might", "mine", "must", "will"})
_NUMBERS = regex(r"\d+(?:[.,:]\d+)*")
_MOST_CHOICES = 20
_STREWN = 2
_WAYS = regex("[↑↓→←⇒⇑⇓↔<>=≠≈≤≥+−±]")


def answer_in_question(note: Shown) -> Iterator[Advice]:
    """What a card asks for can be read off its front.

    Why: learners always get such a card right, and learn only to read it. In a cloze note, the deleted words often
    occur a second time in the sentence, or in the hint. Wozniak's fourth rule: an item should be as simple as possible,
    but learners still have to recall it.

    How it is found: all words of the answer that carry meaning are on the front together, in the same order, perhaps in
    another form ("reject" and "rejection"); in the text around a gap, only the same form counts. Words such as "the",
    single letters, formulas and code do not count, and neither do other forms of a word if the card asks for a form
    ("Plural of ..."). An address counts only if all of it is on the front. Nothing is reported if the front names the
    answers to choose from ("Which came first, iron or bronze?", "Which of TCP and UDP ...?"), or if the answer contains
    "not" and the front does not.

    Way out: use other words on the front and keep the answer, or remove the second mention from the sentence.

    Bad:

        q: Which kind of abandonment is called soft abandonment?
        a: Soft abandonment

    Good:

        q: Which kind of abandonment goes on without a breakup?
        a: Soft abandonment
    """
    for card in () if note.exhibits else note.cards:
        if gives_away(card):
            where = "the text around the gap, or its hint," if isinstance(note, Cloze) else "the question"
            yield Advice(
                card.keys,
                f'{where} gives the answer "{card.answer}" away',
                "use other words on the front, and keep the answer",
            )


def gives_away(card: Card) -> bool:
    """Return whether the front of a card contains its answer, which nothing on it offers or denies."""
    return _gives_away(card.front, card.answer, card.keys[-1] == "cloze")


@remembered
def _gives_away(front: str, answer: str, is_cloze: bool) -> bool:
    if has_formula(answer):
        return False
    if is_cloze:
        hints = " ".join(_IN_HINT.findall(front))
        is_shown = _stands_in(answer, front, eq) or _stands_in(answer, hints, same_word)
    else:
        is_shown = _stands_in(answer, front, same_word)
    # The plural of a word is another one.
    is_form = _FORMS.search(front) and folded(answer) not in folded(front)
    return is_shown and not (is_form or _is_offered(front, answer) or _is_denied(front, answer))


def _stands_in(answer: str, front: str, is_same: Callable[[str, str], bool]) -> bool:
    small = front.casefold().replace("’", "'")
    if any(len(word) > 1 and root(word) not in small for word in content_words(answer)):
        return False  # true of nearly all cards, and quickly checked
    if _ADDRESS.fullmatch(answer):
        return answer.casefold() in {each.rstrip(".,;:!?)") for each in _ADDRESS.findall(small)}
    # ORDER BY is not "order", version 1.2 is not 2, and the direction of a change is more than its quantity.
    if any(not set(each.findall(answer)) <= set(each.findall(front)) for each in (CAPITALS, _NUMBERS, _WAYS)):
        return False
    wanted, shown = _telling(answer), _telling(front)
    size = len(wanted) + _STREWN
    return bool(wanted) and any(_begins(shown[start : start + size], wanted, is_same) for start in range(len(shown)))


def _telling(text: str) -> list[str]:
    """Return the words of a text that carry meaning, in their order."""
    meaning = {*content_words(text)} | _NOUNS_TOO
    return [word for word in words(text) if len(word) > 1 and word.removesuffix("'s") in meaning]


def _begins(shown: Sequence[str], wanted: Sequence[str], is_same: Callable[[str, str], bool]) -> bool:
    """Return whether the shown words begin with the first wanted one, and contain all of them in their order."""
    near = iter(shown)
    return is_same(wanted[0], shown[0]) and all(any(is_same(word, each) for each in near) for word in wanted)


def _is_offered(front: str, answer: str) -> bool:
    """Return whether the answer is one of several that the front offers: it is on one side of an "or"."""
    wanted = [word for word in content_words(answer) if len(word) > 1]
    for sides in _choices(front):
        if all(side.strip() for side in sides) and sum(_holds(side, wanted) for side in sides) == 1:
            return True
    return False


def _choices(front: str) -> Iterator[tuple[str, str]]:
    """Yield the two sides of each choice that a front, or the hint of a gap in it, offers."""
    asked, mark, _ = front.partition("?")
    parts = _IN_HINT.findall(front)
    if mark and AUXILIARY.match(asked):
        parts.append(asked)
    elif mark:  # "Iron or bronze: which ...?", "Which ..., iron or bronze?"
        first, *rest = _SET_OFF.split(asked, maxsplit=1)
        parts += [*rest, *([first] if rest and not ASKING.match(first) else [])]
    named = [(part, _BETWEEN_TWO) for part in parts]
    if among := _AMONG.search(asked) if mark else None:
        named += [(among[1], _BETWEEN_TWO), (among[1], _AND)]
    for part, between in named:
        yield from (
            (part[: found.start()], part[found.end() :]) for found in islice(between.finditer(part), _MOST_CHOICES)
        )


def _holds(text: str, wanted: Collection[str]) -> bool:
    shown = list(content_words(text))
    return all(any(same_word(word, each) for each in shown) for word in wanted)


def _is_denied(front: str, answer: str) -> bool:
    """Return whether the answer says "not", and the front does not."""
    return bool(_NOT.search(answer)) and not _NOT.search(front)
