"""The words of a text, those that carry meaning, and their stems, by which texts are compared."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from cuedeck.patterns import regex

# An apostrophe may be inside a word, and C++ and F# are words; a hyphen separates two.
WORD = regex(r"\w+(?:['’]\w+)*[+#]*")

SHORTEST_STEM = 5
"""The fewest letters in which two long words have to agree to be forms of one word."""


def words(text: str) -> list[str]:
    """Return the words of a text in lowercase."""
    return list(chain.from_iterable(map(_words_within, text.split())))


# No word contains a space, and most pieces between two spaces occur elsewhere in the deck as well.
@lru_cache(maxsize=100_000)
def _words_within(piece: str) -> tuple[str, ...]:
    return tuple(WORD.findall(piece.casefold().replace("’", "'")))


_ENDINGS = regex(r"(?:ations?|ions?|ings?|ed|es|s|e|ly|ments?)$")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return a lowercase word without its English ending, cut so roughly that it serves as a key only."""
    cut = _ENDINGS.sub("", word) if word.isascii() else word
    return cut if len(cut) >= SHORTEST_STEM - 1 else word.removesuffix("s") if len(word) > 3 else word


# Words that carry grammar rather than meaning. Words such as "not", "all", "before" or "more" are not here on purpose:
# each of them can be the point of a sentence.
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

_POSSESSIVE = regex(r"['’]s?$")


def content_words(text: str) -> Iterator[str]:
    """Yield the words that carry meaning, in lowercase and without a possessive ending.

    A single capital, as in "vitamin A", is not an article.
    """
    return chain.from_iterable(map(_content_within, _pieces(text)))


def content_stems(text: str) -> set[str]:
    """Return the stems of the words that carry meaning."""
    return set(chain.from_iterable(map(content_stems_of_piece, _pieces(text))))


def _pieces(text: str) -> list[str]:
    """Return the pieces between spaces; if the first is a single letter, it loses its capital: it may be an article."""
    first = WORD.match(text)
    if first and len(first[0]) == 1:
        text = first[0].casefold() + text[1:]
    return text.split()


@lru_cache(maxsize=100_000)
def _content_within(piece: str) -> tuple[str, ...]:
    return tuple(filter(None, map(_bare, WORD.findall(piece))))


@lru_cache(maxsize=100_000)
def content_stems_of_piece(piece: str) -> tuple[str, ...]:
    """Return the stems of the words that carry meaning in a piece of text without spaces."""
    return tuple(map(stem, _content_within(piece)))


def _bare(word: str) -> str:
    """Return a word in the form in which it is compared, or "" if it carries no meaning."""
    small = word.casefold().replace("’", "'")
    is_sign = len(word) == 1 and word.isupper()
    return _POSSESSIVE.sub("", small) if is_sign or small not in STOP_WORDS else ""
