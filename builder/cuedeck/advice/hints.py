"""The rule on hints that define what a deletion hides."""

import re
from collections import Counter
from collections.abc import Iterator

from cuedeck.advice.english import looks_english, looks_foreign
from cuedeck.advice.giveaways import gives_away
from cuedeck.advice.material import Advice, Cloze, Material, clozes_of
from cuedeck.advice.questions import is_vocabulary
from cuedeck.advice.words import has_formula, same_word, word_count
from cuedeck.patterns import regex
from cuedeck.rendering.plain import Gap
from cuedeck.stems import content_words

_LONG = 3  # in words that carry meaning
_ENOUGH_DELETIONS = 12
_MOST_EXPLAINED = 1 / 3

_PARAPHRASE = regex(
    r"(?:not|like)\s+\w"
    r"|(?:an?\s+|the\s+)?(?:[\w'’-]+\s+)?(?:word|synonym|antonym|opposite|contrary|euphemism)\s+(?:for|of|to)\s+\w"
    r"|(?:in other words|the same as)\s",
    re.IGNORECASE,
)
# "Latin word for water" narrows: the answer is in another language.
_IN_A_LANGUAGE = regex(r"(?:an?\s+|the\s+)?[A-Z][a-z]+\s+word\b")
# What kind of thing is wanted, rather than what it means.
_KIND = regex(
    r"(?:(?:an?|the|its|one|two|three|four|first|last)\s+){0,2}(?:\w+\s+)?"
    r"(?:abbreviation|acronym|age|amount|animal|artery|author|battle|bird|bone|book|capital|category|cell|century|"
    r"chemical|city|class|colou?r|command|compound|composer|country|currency|date|day|decade|direction|disease|"
    r"dish|drug|element|emotion|enzyme|event|example|family|feeling|film|fish|formula|fraction|function|gas|"
    r"gene|god|goddess|hormone|initials?|island|king|kind|language|law|layer|letters?|material|metal|method|"
    r"mineral|month|mountain|movement|muscle|name|nerve|novel|number|organ|organism|painter|painting|part|"
    r"percentage|period|person|phase|philosopher|place|planet|plant|poem|poet|position|president|process|"
    r"property|protein|quantity|queen|ratio|reaction|region|religion|river|scientist|season|shape|size|sort|"
    r"sport|stage|state|step|style|substance|syllables?|symbol|symptom|theorem|theory|time|tool|treaty|type|"
    r"units?|value|vein|virus|vitamin|war|weapon|words?|year)\b(?!\s+(?:for|that|which|who)\b)"
    r"|(?:begins?|starts?|ends?|rhymes?)\s+(?:with|in|on)\b|(?:see|in|from)\s",
    re.IGNORECASE,
)
_GRAMMAR = regex(
    r"\b(?:plural|singular|feminine|masculine|neuter|past|participle|gerund|infinitive|tense|(?:first|second|third|1st|2nd|"
    r"3rd) person|present (?:simple|perfect|continuous)|future|imperfect|indicative|subjunctive|imperative|passive|"
    r"comparative|superlative|nominative|genitive|dative|accusative|diminutive|adjective|adverb|noun|verb|pronoun|"
    r"preposition|conjunction|article|prefix|suffix)\b",
    re.IGNORECASE,
)
_CHOICE = regex(r"\s(?:or|vs\.?|versus)\s|/|\||,.*,", re.IGNORECASE)
_LETTERS_LEFT_OUT = regex(r"…|\.\.|_|\*|\b\w[-–](?!\w{3})")
_NAME_OR_NUMBER = regex(r"(?!I\b)[A-Z]|\S*\d")
_NEGATIVE = regex(r"^(?:dis|il|im|in|ir|mis|non|un)-?(?=\w{4})")
_ENDING = regex(
    r"(?<=\w{4})(?:able|ably|al|ance|ate|ated|ating|ation|ed|ence|ent|ety|ful|ible|ibly|ing|ious|ity|ive|less|ly|ment|"
    r"ness|ous|s|y)$"
)


def defining_hint(material: Material) -> Iterator[Advice]:
    """A hint says what the hidden word means.

    Why: learners solve such a card like a crossword, so even somebody who has never heard the lecture can fill the gap.
    Matuschak ("How to write good prompts") asks for prompts that take effort: nobody should be able to infer the answer
    trivially. Wozniak's fourth rule: an item should be as simple as possible, but learners still have to recall it. A
    hint is useful if it narrows the kind of answer, such as "when?", "which feeling?" or "number".

    How it is found: without a dictionary, so only some of these hints are found. A hint is reported if it begins like a
    paraphrase ("not ...", "like ...", "the opposite of ...", "rarer word for ..."); if it has three words or more that
    carry meaning, or three words or more and as many as the rest of the text; or if it has the words of the answer in
    another form ("cannot be tolerated" for "intolerable"). If a deck has twelve deletions or more, and more than a
    third of them have hints of several words that may explain the answer, this is also reported once for the whole
    deck.

    Not reported are questions, kinds of things ("unit of length", and any hint that the deck uses twice), choices,
    grammar ("past tense"), letters ("P..."), and hints for names and numbers. Texts with code or formulas are left
    alone, and so are sentences and hints that do not look English, since a translation is a good hint. Nothing is
    reported in a deck of words (five bare terms or more).

    Way out: name the kind of answer, or leave the hint out. If many words would then fit the gap, write a new note
    with a sentence that only one of them fits.

    Bad:

        cloze: |
          A sense of humor works as rejection when it is {{c1::biting::like teeth}}.

    Good:

        cloze: |
          “I adore your cooking, it keeps my mother away” is {{c1::biting::of which kind?}} humor, and thus a rejection.
    """
    if is_vocabulary(material):
        return
    notes = list(clozes_of(material))
    glosses = [(note, gap) for note in notes for gap in note.gaps if _may_explain(gap, note)]
    uses = Counter(gap.hint.casefold() for _, gap in glosses)
    glosses = [(note, gap) for note, gap in glosses if uses[gap.hint.casefold()] == 1]
    deletions = sum(len(note.gaps) for note in notes)
    long = [gap for _, gap in glosses if word_count(gap.hint) > 1]
    if deletions >= _ENOUGH_DELETIONS and len(long) > deletions * _MOST_EXPLAINED:
        yield Advice(
            ("concepts",),
            f"{len(long)} of {deletions} deletions have a hint that seems to explain the answer, such as "
            f'"{long[0].hint}" for "{long[0].answer}"',
            "leave the hint out where only one answer fits; elsewhere, name only the kind of answer",
        )
    for note, gap in glosses:
        if why := _defines(gap, note):
            yield Advice(
                (*note.keys, "cloze"),
                f'the hint "{gap.hint}" {why} "{gap.answer}", so learners need not recall it',
                'name only the kind of answer, as in "which feeling?", or leave the hint out',
                gap.hint,
            )


def _may_explain(gap: Gap, note: Cloze) -> bool:
    """Return whether a hint may say what an answer means, since nothing shows that it only narrows the answer."""
    hint = gap.hint
    if not hint or "?" in hint or _narrows(hint) or _NAME_OR_NUMBER.match(gap.answer):
        return False
    if "<code>" in note.html["cloze"] or has_formula(note.whole) or has_formula(hint):
        return False
    return looks_english(note.whole) and not looks_foreign(hint)


def _narrows(hint: str) -> bool:
    """Return whether a hint names a kind of answer, offers a choice, or shows a form or some letters."""
    narrowing = (_GRAMMAR, _CHOICE, _LETTERS_LEFT_OUT)
    return bool(_KIND.match(hint) or _IN_A_LANGUAGE.match(hint)) or any(each.search(hint) for each in narrowing)


def _defines(gap: Gap, note: Cloze) -> str:
    """Return what a hint does with its answer, as the verb of a message; "" if it may only narrow the answer."""
    if any(gives_away(card) for card in note.cards):  # another rule reports that
        return ""
    if _has_its_words(gap):
        return "has the words of"
    if _PARAPHRASE.match(gap.hint):
        return "paraphrases"
    telling = [word for word in content_words(gap.hint) if len(word) > 1]
    rest = word_count(note.whole) - word_count(gap.answer)
    return "explains" if len(telling) >= _LONG or word_count(gap.hint) >= max(rest, _LONG) else ""


def _has_its_words(gap: Gap) -> bool:
    """Return whether a hint has all words of the answer that carry meaning, perhaps in another form or negated."""
    wanted, shown = ([word for word in content_words(text) if len(word) > 1] for text in (gap.answer, gap.hint))
    return bool(wanted) and all(any(_alike(word, each) for each in shown) for word in wanted)


def _alike(one: str, other: str) -> bool:
    """Return whether two words are forms of one word, even if one of them is negated: "intolerable", "tolerated"."""
    return same_word(one, other) or _core(one) == _core(other)


def _core(word: str) -> str:
    return _ENDING.sub("", _NEGATIVE.sub("", word))
