"""Recognize forms of the same word, and measure texts."""

import re
import unicodedata

from cuedeck.patterns import regex
from cuedeck.remembering import remembered
from cuedeck.rendering.plain import FORMULA, tidy
from cuedeck.stems import SHORTEST_STEM, words

_LONG = 8


def same_word(one: str, other: str) -> bool:
    """Return whether two lowercase words are the same, or forms of one word: "reject" and "rejection".

    That is so if one is a plural in -s. It is also so if all letters of the shorter one except the last agree, or
    except the last two if it has eight letters or more; at least five letters have to agree.
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if long in (short + "s", short + "es"):
        return True
    common = max(SHORTEST_STEM, len(short) - (1 if len(short) < _LONG else 2))
    return len(short) >= SHORTEST_STEM and short[:common] == long[:common]


def root(word: str) -> str:
    """Return a beginning that a lowercase word shares with all words that are the same by `same_word`."""
    return word[: min(max(len(word) - len("es"), 1), SHORTEST_STEM)]


def word_count(text: str) -> int:
    """Return how many words a text has; a formula counts as one."""
    return len(words(FORMULA.sub(" x ", text) if has_formula(text) else text))


def width(text: str) -> int:
    """Return how many columns a text takes: a Chinese, Japanese or Korean character takes two, a formula at most ten.

    The source of a formula is longer than what it shows; how much longer can only be guessed here.
    """
    if has_formula(text):
        text = FORMULA.sub(_as_wide, text)
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text if not _is_mark(sign))


_COMMAND = regex(r"\\[A-Za-z]+|\\.")
_UNSEEN = regex(r"[{}_^\s]")


def _as_wide(formula: "re.Match[str]") -> str:
    """Return as many characters as a formula is likely to show: one for each command and each other character."""
    return "x" * min(len(_UNSEEN.sub("", _COMMAND.sub("x", formula[0][2:-2]))), 10)


def _is_mark(sign: str) -> bool:
    return unicodedata.combining(sign) > 0


@remembered
def folded(text: str) -> str:
    """Return the form of a text in which it is compared: without capitals, extra spaces and closing marks."""
    return tidy(text.casefold()).strip(" .?!:;…\"'“”‘’")


def has_formula(text: str) -> bool:
    """Return whether a text contains a formula, whose letters are not words."""
    return "\\" in text and FORMULA.search(text) is not None
