"""A few facts about English, for the rules that can judge only English text."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from cuedeck.advice.words import WORD, stem, words

# Words that carry grammar rather than meaning. Words such as "not", "all", "before" or "more" are left out on purpose:
# each can be the very point of a sentence.
STOP_WORDS = frozenset(
    words(
        """
    a about also am an and any are aren't as at be been being but by can can't could couldn't did didn't do does doesn't
    doing don't else for from had has hasn't have haven't having he her hers here him his how i i'm if in into is isn't
    it it's its itself just let may me might mine must my of on onto or our ours shall she should shouldn't so some such
    than that that's the their theirs them then there these they this those to too upon us very was wasn't we were
    weren't what when where which while who whom whose why will with won't would wouldn't you your yours
        """
    )
)

# Common in English, and no words of German, Dutch, French, Spanish, Italian or the Nordic languages.
_TELLING = frozenset(
    words(
        """
        about after and are aren't be because been before but can could did didn't does doesn't from has how if into
        isn't it it's its may might more most must or other shall she should than that the their them then there these
        they this those were what when where which while who whom whose why with without would you your
        """
    )
)
# Common in English, but words of one of those languages too.
_SHARED = frozenset(words("a an as at by do for had have he in is no not of on only to was we will"))
_is_english = (_TELLING | _SHARED).__contains__

# Of the words of nearly all English sentences, a third and more are among these.
_ENOUGH = 1 / 7

CAPITAL = r"(?!I\b)[A-Z]"
"""A capital that no grammar asks for inside a sentence, as a pattern: "I" has one everywhere."""

_POSSESSIVE = re.compile(r"['’]s?$")


def looks_english(text: str) -> bool:
    """Return whether rules for English may judge a text: a word in it is surely English, and one in seven may be."""
    found = words(text)
    return not _TELLING.isdisjoint(found) and sum(map(_is_english, found)) >= len(found) * _ENOUGH


def content_words(text: str) -> Iterator[str]:
    """Yield the words that carry meaning, in small letters and without a possessive ending.

    A capital that stands alone, as in "vitamin A", is no article.
    """
    return chain.from_iterable(map(_content_within, _pieces(text)))


def content_stems(text: str) -> set[str]:
    """Return the stems of the words that carry meaning."""
    return set(chain.from_iterable(map(_stems_within, _pieces(text))))


def _pieces(text: str) -> list[str]:
    """Return what stands between spaces, the first without a capital that may be an article."""
    first = WORD.match(text)
    if first and len(first[0]) == 1:
        text = first[0].casefold() + text[1:]
    return text.split()


@lru_cache(maxsize=100_000)
def _content_within(piece: str) -> tuple[str, ...]:
    return tuple(filter(None, map(_bare, WORD.findall(piece))))


@lru_cache(maxsize=100_000)
def _stems_within(piece: str) -> tuple[str, ...]:
    return tuple(map(stem, _content_within(piece)))


def _bare(word: str) -> str:
    """Return a word as it is compared, or "" for one that carries no meaning."""
    small = word.casefold().replace("’", "'")
    is_sign = len(word) == 1 and word.isupper()
    return _POSSESSIVE.sub("", small) if is_sign or small not in STOP_WORDS else ""


_ACRONYM = re.compile(r"\b[A-Z][A-Za-z]*[A-Z]s?\b|\b[A-Z]{2,}s?\b")


def spells_out(text: str, words_of_it: str) -> bool:
    """Return whether a text has an acronym that other words spell out, such as RLHF and its four words."""
    small = words_of_it.casefold()
    return any(_spells(found[0].rstrip("s").casefold(), small) for found in _ACRONYM.finditer(text))


def _spells(acronym: str, small: str) -> bool:
    """Return whether the letters of an acronym come one after another, the first at the beginning of a word."""
    begun = re.search(rf"\b{acronym[0]}", small)
    place = begun.start() if begun else -1
    for letter in acronym:
        if place < 0:
            return False
        place = small.find(letter, place) + 1 or -1
    return place >= 0
