"""The rule on pronouns that refer to nothing on their card."""

import re
from collections.abc import Iterator

from cuedeck.advice.english import ASKING, CAPITAL, looks_english
from cuedeck.advice.material import Advice, Question, Shown
from cuedeck.patterns import regex
from cuedeck.remembering import remembered
from cuedeck.stems import content_words, words

_POINTING = regex(r"(?:this|that|these|those|it|they|he|she|its|their|his)\b(?!['’])", re.IGNORECASE)
_ASKED_OF = regex(
    r"(?:what|when|where|which|who|why|how)(?:\s+\w+)?\s+"
    r"(?:(?:do|does|did|can|could|will|would|should)\s+(?:this|these|those|it|they|he|she)"
    r"|(?:is|was)\s+(?:this|that|he|she)|(?:are|were)\s+(?:these|those|they))\b(?!\s+(?:take|mean)s?\s+(?:to|when|if)\b)",
    re.IGNORECASE,
)
# "It was Einstein who ...", "It takes light 8 minutes to ...", "It is likely that ...": here "it" points forward.
_POINTING_FORWARD = regex(r"it\s+\w+\b.*?\s(?:that|to|who|whom|which|when|where|for|if|whether|since)\b", re.I)
# The same after "Why does it ...".
_FORWARD = regex(r"\s(?:to|that|if|when|whether)\s", re.IGNORECASE)
# "They Might Be Giants", "It Follows": verbs have no capital. Nouns may have one, so "This Vaknin says" is not a name.
_NAME = regex(rf"(?:It|They|He|She)\s{CAPITAL}")
# "he (Freud)"; but not "it (in 1920)" or "he (or she)".
_NAMED_BEHIND = regex(
    r"\s\((?!(?:also|and|as|at|by|for|from|if|in|like|of|on|or|see|to|when|with)\b)[^\W\d_]", re.IGNORECASE
)
# Sentences on the weather, the time or a distance.
_WEATHER = regex(
    r"it(?:['’]s|\s+(?:is|was|has\s+been|will\s+be|gets?|got|looks?|feels?))?\s+"
    r"(?:(?:not|always|now|still|already|very|so|too|really|nearly|almost|about|half|getting)\s+)*"
    r"(?:(?:rain|snow|hail|pour|thunder)(?:s|ed|ing)?|drizzl(?:es?|ed|ing)|freez(?:es?|ing)|sunny|cloudy|foggy|windy|cold|warm|"
    r"hot|cool|dark|light|late|early|time|midnight|noon|morning|evening|night|past|\d+|one|two|three|four|five|six|seven|"
    r"eight|nine|ten|eleven|twelve|(?:mon|tues|wednes|thurs|fri|satur|sun)day|spring|summer|autumn|winter|christmas|far|"
    r"no use|a (?:pity|shame|long))\b",
    re.IGNORECASE,
)
# A sentence in quotes with more text after it.
_QUOTED = regex(r"""[“"‘'«](?:[^”"’'»]|['’]\w)+[”"’'»]\W*\w""")
# Words for a sentence that is quoted before or after a colon.
_OF_WORDS = regex(r"\b(?:idiom|phrase|saying|sentence|expression|proverb|word)\b", re.IGNORECASE)
_OF_MEANING = regex(r"\b(?:means?|meant|said|wrote)\b", re.IGNORECASE)
_PERSON = regex(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
_MAY_BE_MEANT = regex(
    r"\b(?:an?|the|every|each|any|some|this|that|no|another|one|(?:some|every|any|no)(?:one|body)|who|whom|whose|person|you)\b"
    r"|['’]s\b",
    re.IGNORECASE,
)
_PROPER = regex(rf"\w[,;]?\s[\"“‘(]?{CAPITAL}")
_OF_THEM = regex(r"\b(?:all|both|each|half|many|most|none|one|some|two|three)\s+of\s+them\b", re.IGNORECASE)
_SAYING = frozenset(
    words(
        "all argue argued believe believed both claim claimed did each half hope hoped how many mean most "
        "none one predict predicted promise promised said say says some think thinks thought three tell "
        "told two warn warned why write wrote"
    )
)
_THAT_CLAUSE = regex(r"that\s+(?!is\b|was\b|means\b|makes\b|[.,])", re.IGNORECASE)


def missing_referent(note: Shown) -> Iterator[Advice]:
    """The card begins with "this", "it" or "they", and nothing says what is meant.

    Why: learners see each card among others, months after the lecture. Without what was said before, nobody can answer
    a card that says "this". Wozniak's sixteenth rule: give the context on the card, in a word or two.

    How it is found: the first word, or the one after "what does", is a pronoun; or "his", "she" or "all of them" comes
    later, and does not refer to anything before it. Only text that looks English is judged. A pronoun can refer to what
    the card itself shows: code, a table, a sentence in quotes or before a colon. "It" is not reported if it means
    nothing, as in "It is raining", or if it points forward, as in "It takes light eight minutes to ...". Nor is a
    pronoun reported if brackets after it say who, as in "he (Freud)", or if it is part of a name, as in "They Might Be
    Giants".

    Way out: write the name instead of the pronoun.

    Bad:

        q: Why does it come before the loss?
        a: Because the loss is expected

    Good:

        q: Why does separation insecurity come before the loss?
        a: Because the loss is expected
    """
    text = note.question if isinstance(note, Question) else note.whole
    if note.exhibits or not looks_english(text) or _is_example(text, note):
        return
    if word := _unnamed(text):
        yield Advice(
            (*note.keys, "q" if isinstance(note, Question) else "cloze"),
            f'nothing on the card says what "{word}" refers to',
            "name it, since learners see this card among others, long after the talk",
        )


@remembered
def _unnamed(text: str) -> str:
    """Return the pronoun in a text that nothing explains, or a question that is a single word; "" if there is none."""
    return _unnamed_first(text) or _unnamed_later(text) or _alone(text)


def _alone(text: str) -> str:
    """Return the question if it is a single word, such as "Where?"; else ""."""
    return text if len(words(text)) == 1 and ASKING.match(text) else ""


def _is_example(text: str, note: Shown) -> bool:
    """Return whether a text is a sentence to discuss or translate, whose pronouns need not refer to anything."""
    if _QUOTED.match(text) or _speaks_of_words(text):
        return True
    return isinstance(note, Question) and "?" not in text and not looks_english(note.answer)


@remembered
def _speaks_of_words(text: str) -> bool:
    """Return whether a text asks about words that it quotes before or after a colon."""
    first, last = text.find(":"), text.rfind(":")
    if first < 0:
        return False
    asks_after = _OF_WORDS.search(text, first) or _OF_MEANING.search(text, first)
    return bool(asks_after or _OF_WORDS.search(text[:last]))


def _unnamed_first(text: str) -> str:
    """Return the pronoun that a text begins with, or asks about in its first words; "" if there is none."""
    start = text.lstrip("\"'“‘([¿")
    pointing = _POINTING.match(start)
    if pointing and (_POINTING_FORWARD.match(start) or _THAT_CLAUSE.match(start) or _WEATHER.match(start)):
        return ""
    found = pointing or _ASKED_OF.match(start)
    if found and not pointing and found[0].casefold().endswith("it") and _FORWARD.search(start, found.end()):
        return ""
    if not found or _NAMED_BEHIND.match(start, found.end()) or _NAME.match(start):
        return ""
    return found[0].split()[-1]


def _unnamed_later(text: str) -> str:
    """Return the pronoun in a question that no word before it, and no name, can explain; "" if there is none."""
    found = _PERSON.search(text)
    if found and ASKING.match(text) and not _MAY_BE_MEANT.search(text[: found.start()]) and not _PROPER.search(text):
        return "" if _NAMED_BEHIND.match(text, found.end()) else found[0]
    found = _OF_THEM.search(text)
    before = {*content_words(text[: found.start()])} - _SAYING if found else {""}
    return "" if before else "them"
