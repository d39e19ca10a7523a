"""A few facts about English, for the rules that can judge only English text."""

import re
from collections.abc import Sequence

from cuedeck.patterns import regex
from cuedeck.remembering import remembered
from cuedeck.stems import STOP_WORDS, words

# Common in English, and not words of German, Dutch, French, Spanish, Italian or the Nordic languages.
_TELLING = frozenset(
    words(
        """
        about after and are aren't be because been before but can could did didn't does doesn't from has how if into
        isn't it it's its may might more most must or other shall she should than that the their them then there these
        they this those were what when where which while who whom whose why with without would you your
        """
    )
)
# Common in English, but also words of one of those languages.
_SHARED = frozenset(words("a an as at by do for had have he in is no not of on only to was we will"))
_is_english = (_TELLING | _SHARED).__contains__

# Common in one of those languages, and not words of English.
_FOREIGN = frozenset(
    words(
        """
        al auf av con das de del dem der des det di du een ein eine einen el en es et ett för gli haar het ich il ist
        kein la las le les los mit na nicht och op os para pas por pour que se si sich sin som um un una unas une uno
        unos van von voor zu zum zur één être
        """
    )
)

# In nearly all English sentences, at least a third of the words are among these.
_ENOUGH = 1 / 7

CAPITAL = r"(?!I\b)[A-Z]"
"""A pattern for a capital that grammar does not require inside a sentence, as it does for "I"."""

CAPITALS = regex(r"\b[A-Z]{2,}\b")
"""A word in capitals."""

_VERB = r"(?:am|are|is|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n['’]t)?\s"
AUXILIARY = regex(_VERB, re.IGNORECASE)
"""A verb at the beginning of a question that can be answered by yes or no."""

ASKING = regex(
    r"(?:(?:and|so|but|then|or)\s+)?(?:(?:in|to|for|by|with|from|on|of|at)\s+)?(?:what|when|where|which|who|whom|whose|why|how)\b",
    re.IGNORECASE,
)
"""The words at the beginning of any other question."""

YES_OR_NO = regex(r"(?:yes|no|true|false)\s*(?:$|[.,;:!–—])", re.IGNORECASE)
"""An answer that begins with yes, no, true or false."""


@remembered
def looks_english(text: str) -> bool:
    """Return whether rules for English may judge a text: one word is surely English, and one in seven may be."""
    return are_english(words(text))


def are_english(found: Sequence[str]) -> bool:
    """Return the same for the words of a text, or of many."""
    return not _TELLING.isdisjoint(found) and sum(map(_is_english, found)) >= len(found) * _ENOUGH


def looks_foreign(text: str) -> bool:
    """Return whether a short text is surely not English: it has a letter, or a common word, of another language."""
    found = words(text)
    return _TELLING.isdisjoint(found) and not (all(map(str.isascii, found)) and _FOREIGN.isdisjoint(found))


_ACRONYM = regex(r"\b[A-Z][A-Za-z]*[A-Z]s?\b")
_STANDS_FOR = regex(r"\b(?:stands? for|is short for|spell(?:ed)? out)\b", re.IGNORECASE)


def spells_out(text: str, words_of_it: str) -> bool:
    """Return whether a text contains an acronym that other words spell out, such as RLHF and its four words.

    This is also true if the text asks what an acronym stands for.
    """
    acronyms = [found[0].rstrip("s").casefold() for found in _ACRONYM.finditer(text)]
    if not acronyms:
        return False
    all_words = words(words_of_it.replace("-", " "))
    bare = [word for word in all_words if word not in STOP_WORDS]
    spelled = (_spells(acronym, each) for acronym in acronyms for each in (all_words, bare))
    return _STANDS_FOR.search(text) is not None or any(spelled)


def _spells(acronym: str, of: Sequence[str]) -> bool:
    """Return whether each word begins with the next letter of an acronym; further letters may be inside the words."""
    if not acronym or not of:
        return not acronym and not of
    if len(of) > len(acronym) or of[0][0] != acronym[0]:
        return False
    place = 1
    for inside in range(1, len(acronym) - len(of) + 2):
        if _spells(acronym[inside:], of[1:]):
            return True
        place = of[0].find(acronym[inside : inside + 1], place) + 1 if acronym[inside : inside + 1] else 0
        if not place:
            return False
    return False
