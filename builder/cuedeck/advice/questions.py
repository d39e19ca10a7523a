"""Rules on what a card asks."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from cuedeck.advice.english import CAPITAL, content_words, looks_english
from cuedeck.advice.material import ANEW, Advice, Card, Cloze, Material, Question, Shown, questions_of
from cuedeck.advice.words import folded, has_formula, root, same_word, word_count, words

_QUESTION_SIGNS = "?？؟՞"
_GREEK_QUESTION_SIGN = ";"  # as Unicode normalizes it
_OPEN_END = re.compile(r"(?:[=→…]|\.\.\.|_{2,})\s*$|_{2,}|…|\[\s*\]")
_TASKS = frozenset(
    words(
        """
    calculate choose compare complete compute continue convert count decline define derive describe draw estimate
    evaluate explain expand factor fill find finish form give identify label list match name order pick prove put
    quote read recall recite rewrite say show simplify sketch solve spell state summarize tell transcribe translate
    write
        """
    )
)
_LONGEST_TERM = 2
_MANY_TERMS = 5
_MOST_OF_ONE = 3  # notes that say "she" of nobody, before they are reported together
_SHORTEST_DEFINITION = 5  # in words; before one, a term asks for it
_LONGEST_BARE = 3
_LATIN = re.compile(r"[A-Za-z]")
_ASK = "end it with a question mark, or begin with a task such as Name or Translate"
_BARE = ("this is a bare term: a learner has to guess what is wanted", "write the question that it stands for")
_STATEMENT = ("this asks no question: a learner has to guess what is wanted", _ASK)
_UNMARKED = ("this question has no question mark", "end it with one")
# "is", as in a sentence; and "of" or "after", by which a term says what is asked of something.
_STATES = re.compile(r"\w\s(?:am|are|is|was|were|has|have|had|can|will|does|did)\b", re.IGNORECASE)
_RELATION = re.compile(
    r"\b(?:of|for|to|in|on|by|with|from|after|before|against|between|vs)\b|['’]s?\s|[+:/]", re.IGNORECASE
)

_VERB = r"(?:am|are|is|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n['’]t)?\s"
_AUXILIARY = re.compile(_VERB, re.IGNORECASE)
_ASKING = re.compile(
    r"(?:(?:in|to|for|by|with|from|on|of|at)\s+)?(?:what|when|where|which|who|whom|whose|why|how)\b", re.IGNORECASE
)
_YES_OR_NO = re.compile(r"(?:yes|no|true|false)\s*(?:$|[.,;:!–—])", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:)\S+", re.IGNORECASE)
# What stands between the things to choose from, and where the front begins or ends to name them.
_BETWEEN_TWO = re.compile(r"\s(?:or|versus|vs\.?)\s|(?<=\w)/(?=\w)", re.IGNORECASE)
_AND = re.compile(r"\sand\s", re.IGNORECASE)
_AMONG = re.compile(r"\b(?:between|among|(?:which|who|what|one)\s+of)\b([^?]*)", re.IGNORECASE)
_SET_OFF = re.compile(r"[,:;]\s|\s[–—-]\s|—")
_IN_HINT = re.compile(r"\[([^\]]*)\]")
_FORMS = re.compile(
    r"\b(?:plural|singular|feminine|masculine|neuter|past|participle|gerund|infinitive|tense|conjugat\w*|declin\w*|"
    r"comparative|superlative|nominative|genitive|dative|accusative|diminutive|adjective|adverb|noun|verb|spell\w*|"
    r"abbreviat\w*|prefix|suffix)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:no|not|none|never|nothing|nobody|neither|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE)
# Words of grammar that are also what something is called: "a good will".
_NOUNS_TOO = frozenset({"being", "can", "may", "might", "mine", "must", "will"})
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
_NUMBERS = re.compile(r"\d+(?:[.,:]\d+)*")
_CLAUSE = re.compile(r"[,;:.!?–—]\s+")
_POLITE_TASK = re.compile(rf"(?:can|could|will|would)\s+you\s+(?:please\s+)?(?:{'|'.join(_TASKS)})\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_GUESSED = re.compile(r"\b(?:true or false|yes or no|right or wrong)\b", re.IGNORECASE)
_POINTING = re.compile(r"(?:this|that|these|those|it|they|he|she|its|their|his)\b(?!['’])", re.IGNORECASE)
_ASKED_OF = re.compile(
    r"(?:what|when|where|which|who|why|how)(?:\s+\w+)?\s+"
    r"(?:(?:do|does|did|can|could|will|would|should)\s+(?:this|these|those|it|they|he|she)"
    r"|(?:is|was)\s+(?:this|that|he|she)|(?:are|were)\s+(?:these|those|they))\b(?!\s+(?:take|mean)s?\s+(?:to|when|if)\b)",
    re.IGNORECASE,
)
# "It was Einstein who ...", "It takes light 8 minutes to ...", "It is likely that ...": here "it" points forward.
_POINTING_FORWARD = re.compile(r"it\s+\w+\b.*?\s(?:that|to|who|whom|which|when|where|for|if|whether|since)\b", re.I)
# "They Might Be Giants", "It Follows": a verb has no capital. A noun may have one, so "This Vaknin says" is no name.
_FORWARD = re.compile(r"\s(?:to|that|if|when|whether)\s", re.IGNORECASE)
_NAME = re.compile(rf"(?:It|They|He|She)\s{CAPITAL}")
# "he (Freud)"; but not "it (in 1920)" or "he (or she)".
_NAMED_BEHIND = re.compile(
    r"\s\((?!(?:also|and|as|at|by|for|from|if|in|like|of|on|or|see|to|when|with)\b)[^\W\d_]", re.IGNORECASE
)
# What the weather, the time or a distance is.
_WEATHER = re.compile(
    r"it(?:['’]s|\s+(?:is|was|has\s+been|will\s+be|gets?|got|looks?|feels?))?\s+(?:(?:not|always|now|still|already|very|so|too|"
    r"really|nearly|almost|about|half|getting)\s+)*(?:rain|snow|hail|drizzl|pour|thunder|freez|sunny|cloudy|foggy|windy|cold|"
    r"warm|hot|cool|dark|light\b|late|early|time\b|midnight|noon|morning|evening|night|past|\d|one\b|two\b|three\b|four\b|"
    r"five\b|six\b|seven\b|eight\b|nine\b|ten\b|eleven\b|twelve\b|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"spring|summer|autumn|winter|christmas|far\b|no use|a (?:pity|shame|long))",
    re.IGNORECASE,
)
# A sentence in quotes with more after it; and one of which is asked what it means.
_QUOTED = re.compile(r"""[“"‘'«](?:[^”"’'»]|['’]\w)+[”"’'»]\W*\w""")
_ABOUT_WORDS = re.compile(
    r":.*\b(?:idiom|phrase|saying|sentence|expression|proverb|word|means?|meant|said|wrote)\b|"
    r"\b(?:idiom|phrase|saying|sentence|expression|proverb|word)\b.*:",
    re.IGNORECASE | re.DOTALL,
)
_PERSON = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
_MAY_BE_MEANT = re.compile(
    r"\b(?:an?|the|every|each|any|some|this|that|no|another|one|(?:some|every|any|no)(?:one|body)|who|whom|whose|person|you)\b"
    r"|['’]s\b",
    re.IGNORECASE,
)
_PROPER = re.compile(rf"\w[,;]?\s[\"“‘(]?{CAPITAL}")
_OF_THEM = re.compile(r"\b(?:all|both|each|half|many|most|none|one|some|two|three)\s+of\s+them\b", re.IGNORECASE)
_SAYING = frozenset(
    words(
        "all argue argued believe believed both claim claimed did each half hope hoped how many mean most "
        "none one predict predicted promise promised said say says some think thinks thought three tell "
        "told two warn warned why write wrote"
    )
)
_THAT_CLAUSE = re.compile(r"that\s+(?!is\b|was\b|means\b|makes\b|[.,])", re.IGNORECASE)


def no_question(material: Material) -> Iterator[Advice]:
    """The front asks nothing.

    Why: below a bare word or a statement a learner has to guess what is wanted, and guesses otherwise next year.
    Wozniak's twelfth rule: optimize wording, so that the question leads to its answer at once.

    What counts as asking: a question mark, a blank or "=" to be filled in, a task such as "Name" or "Translate", code
    or a formula, and what names a thing by its relation to another ("Capital of Australia", "Antidotes to digoxin").
    Otherwise statements in English, and bare terms of one or two words before a short answer, are reported, but in
    scripts without capitals nothing is. A term with `reverse: true` is one half of a pair, and five bare terms or
    more are a deck of words, as for a language: both are meant so.

    Way out: write the question that the learner is to answer, with a question mark, or begin with a task.

    Bad:

        q: Westphalia
        a: 1648

    Good:

        q: In which year did the Peace of Westphalia end a long war?
        a: 1648
    """
    found = [(note, why) for note in questions_of(material) if (why := _asks_nothing(note))]
    is_vocabulary = sum(why is _BARE for _, why in found) >= _MANY_TERMS
    for note, why in found:
        if why is not _BARE or not (note.reverse or is_vocabulary or _is_defined(note)):
            yield Advice((*note.keys, "q"), *why)


def _asks_nothing(note: Question) -> tuple[str, str] | None:
    """Return what there is to say of a question that asks nothing, and what to do; None for one that asks."""
    text = note.question
    if (
        any(sign in text for sign in _QUESTION_SIGNS + _GREEK_QUESTION_SIGN)
        or _OPEN_END.search(text)
        or has_formula(text)
        or note.exhibits
    ):
        return None
    found = words(text)
    if not found or found[0] in _TASKS or text.upper() == text.lower():
        return None
    if looks_english(text) and (_ASKING.match(text) or _AUXILIARY.match(text)):
        return _UNMARKED
    if looks_english(text) and (text[-1] in ".!" or _STATES.search(text)):
        return _STATEMENT
    is_term = len(found) <= _LONGEST_TERM and text[-1] not in ".!" and not _RELATION.search(text)
    return _BARE if is_term else None


def _is_defined(note: Question) -> bool:
    """Whether an answer is long enough for a definition, for which a term alone asks, unless it is an acronym."""
    return word_count(note.answer) > _SHORTEST_DEFINITION and not _CAPITALS.search(note.question)


def reversed_question(note: Question) -> Iterator[Advice]:
    """Of a question and its short answer, the reverse card shows a bare word and wants the question.

    Why: `reverse: true` turns a note around as it is. That is right for pairs, such as a word and its translation, or a
    term and its definition. A single word in front of a whole question can be answered in many ways. Wozniak's twelfth
    rule: optimize wording, so that the question leads to its answer at once.

    How it is told: of a note with `reverse: true`, one side has a question mark, and the other has none and no more
    than three words.

    Way out: write a second note that asks the other way round, in words of its own, or make a pair of two terms.

    Bad:

        q: What is the longest side of a right triangle called?
        a: The hypotenuse
        reverse: true

    Good:

        hypotenuse-term:
          q: What is the longest side of a right triangle called?
          a: The hypotenuse
        hypotenuse-place:
          q: Where in a right triangle is the hypotenuse?
          a: Opposite the right angle
    """
    if not note.reverse:
        return
    asks, answers = (any(sign in text for sign in _QUESTION_SIGNS) for text in (note.question, note.answer))
    bare, asked, least = (note.answer, note.question, 4) if asks else (note.question, note.answer, 5)
    is_bare = word_count(bare) <= _LONGEST_BARE and _LATIN.search(bare)
    if asks != answers and is_bare and word_count(asked) >= least:  # what is shorter is a phrase to be translated
        yield Advice(
            (*note.keys, "reverse"),
            f'one of the two cards shows no more than "{bare}", and its answer is a question',
            "ask for it the other way round in a note of its own, instead of reverse: true",
            kept=ANEW,
        )


def yes_no_question(note: Question) -> Iterator[Advice]:
    """The question can be answered by yes or no, or by true or false.

    Why: half of the guesses are right, so Anki shows the card ever more rarely although it is not known; and what is
    remembered is "yes" rather than why. Wozniak's fourth rule wants one fact, and "yes" is none. Ask for the thing
    itself.

    How it is told: the answer to a question is yes, no, true or false, or a question that looks English begins with a
    verb such as "Is" or "Does", be it after a clause ("In this view, is ..."). A choice between things that are named
    ("Is it soft or hard?") asks for one of them, and "Can you name ..." is a task. Questions in other languages are
    judged by their answer only.

    Way out: ask for the thing itself, with what, which, who, why or how, so that the answer says more than yes.

    Bad:

        q: Is abandonment always announced?
        a: No, it can go on in silence

    Good:

        q: How can abandonment go on without being announced?
        a: In silence
    """
    if "?" not in note.question or any(map(_ASKING.match, _clauses(note.question))):
        return
    if _YES_OR_NO.match(note.answer):
        message, place = "the answer can be guessed: it is one of two", "a"
    elif _is_closed(note.question) and looks_english(note.question):
        message, place = "the question can be answered by yes or no, which half of all guesses get right", "q"
    else:
        return
    yield Advice(
        (*note.keys, place), message, "ask for the thing itself: begin with what, which, who, why or how", kept=ANEW
    )


def _is_closed(question: str) -> bool:
    """Whether a question, or a clause of it, begins with a verb, and it is neither a task nor a choice of things."""
    if _GUESSED.search(question):
        return True
    if _POLITE_TASK.match(question) or _OR.search(question):
        return False
    return any(map(_AUXILIARY.match, _clauses(question)))


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.split(text)]


def answer_in_question(note: Shown) -> Iterator[Advice]:
    """What a card asks for can be read off its front.

    Why: a card that gives its answer away is always answered right, and teaches only to read it. In a cloze note the
    deleted words often stand a second time in the sentence, or in the hint. Wozniak's fourth rule: an item is as
    simple as possible, but it still has to be recalled.

    How it is told: each word of the answer that carries meaning stands on the front too, perhaps in another form
    ("reject" and "rejection"). Words such as "the", single letters and formulas are left out of account. An address
    is looked for as a whole. One of several answers to choose from ("Which came first, iron or bronze?", "Which of
    TCP and UDP ...?") is not given away, nor is an answer that says "not" where the front does not.

    Way out: use other words on the front and keep the answer, or take the second mention out of the sentence.

    Bad:

        q: Which kind of abandonment is called soft abandonment?
        a: The soft kind

    Good:

        q: Which kind of abandonment goes on without a breakup?
        a: The soft kind
    """
    for card in note.cards:
        if _gives_away(card):
            where = "the text around the gap, or its hint," if isinstance(note, Cloze) else "the question"
            yield Advice(
                card.keys,
                f'{where} gives the answer "{card.answer}" away',
                "use other words on the front, and keep the answer",
            )


def _gives_away(card: Card) -> bool:
    if has_formula(card.answer) or not _stands_in(card.answer, card.front):
        return False
    if _FORMS.search(card.front) and folded(card.answer) not in folded(
        card.front
    ):  # the plural of a word is another one
        return False
    return not (_is_offered(card) or _is_denied(card))


def _stands_in(answer: str, front: str) -> bool:
    small = front.casefold().replace("’", "'")
    if any(len(word) > 1 and root(word) not in small for word in content_words(answer)):
        return False  # as of nearly all cards, and soon told
    if _ADDRESS.fullmatch(answer):
        return answer.casefold() in {each.rstrip(".,;:!?)") for each in _ADDRESS.findall(small)}
    # ORDER BY is not an order, and version 1.2 is no 2.
    if any(not set(each.findall(answer)) <= set(each.findall(front)) for each in (_CAPITALS, _NUMBERS)):
        return False
    wanted = [word for word in content_words(answer) if len(word) > 1]
    shown = {*content_words(front), *_NOUNS_TOO.intersection(words(front))}
    wanted += _NOUNS_TOO.intersection(words(answer))
    return bool(wanted) and all(any(same_word(word, each) for each in shown) for word in wanted)


def _is_offered(card: Card) -> bool:
    """Whether the answer is one of several that the front names to choose from: it stands at one side of an "or"."""
    wanted = [word for word in content_words(card.answer) if len(word) > 1]
    for sides in _choices(card.front):
        if all(side.strip() for side in sides) and sum(_holds(side, wanted) for side in sides) == 1:
            return True
    return False


def _choices(front: str) -> Iterator[tuple[str, str]]:
    """Yield the two sides of each choice that a front, or the hint of a gap in it, names."""
    asked, mark, _ = front.partition("?")
    parts = _IN_HINT.findall(front)
    if mark and _AUXILIARY.match(asked):
        parts.append(asked)
    elif mark:  # "Iron or bronze: which ...?", "Which ..., iron or bronze?"
        first, *rest = _SET_OFF.split(asked, maxsplit=1)
        parts += [*rest, *([first] if rest and not _ASKING.match(first) else [])]
    named = [(part, _BETWEEN_TWO) for part in parts]
    if among := _AMONG.search(asked) if mark else None:
        named += [(among[1], _BETWEEN_TWO), (among[1], _AND)]
    for part, between in named:
        yield from ((part[: found.start()], part[found.end() :]) for found in between.finditer(part))


def _holds(text: str, wanted: Collection[str]) -> bool:
    shown = list(content_words(text))
    return all(any(same_word(word, each) for each in shown) for word in wanted)


def _is_denied(card: Card) -> bool:
    """Whether the answer says "not", and the front does not."""
    return bool(_NOT.search(card.answer)) and not _NOT.search(card.front)


def missing_referent(material: Material) -> Iterator[Advice]:
    """The card begins with "this", "it" or "they", and nothing says what is meant.

    Why: cards are shuffled among others, months after the lecture. Without what was said before, a card that says
    "this" cannot be answered. Wozniak's sixteenth rule: give the context on the card, in a word or two.

    How it is told: the first word, or the one after "what does", is a pronoun; or "his", "she" or "all of them" comes
    later, and nothing before it can be meant. Only text that looks English is judged. What the card itself shows can
    be meant: code, a table, a sentence in quotes or before a colon. "It" that means nothing, as in "It is raining",
    or points forward, as in "It takes light eight minutes to ...", is left alone, and so is a pronoun with brackets
    after it that say who, as in "he (Freud)", or with a capital, as in "They Might Be Giants". Four cards or more
    that leave the same "she" or "he" unnamed are one message.

    Way out: put the name in the place of the pronoun.

    Bad:

        q: Why does it come before the loss?
        a: Because the loss is expected

    Good:

        q: Why does separation insecurity come before the loss?
        a: Because the loss is expected
    """
    found = [(note, word) for note in material.notes if (word := _without_referent(note))]
    persons = Counter(word.casefold() for _, word in found)
    told = set[str]()
    for note, word in found:
        count = persons[word.casefold()] if _PERSON.fullmatch(word) else 1
        if count > _MOST_OF_ONE and word.casefold() in told:
            continue
        told.add(word.casefold())
        where = f"{count} cards, of which this is the first," if count > _MOST_OF_ONE else "the card"
        yield Advice(
            (*note.keys, "q" if isinstance(note, Question) else "cloze"),
            f'nothing on {where} says what "{word}" stands for',
            "name it: a learner sees this card among others, long after the talk",
        )


def _without_referent(note: Shown) -> str:
    """Return the pronoun, or the bare question, for which nothing on a card stands; "" where there is none."""
    text = note.question if isinstance(note, Question) else note.whole
    if note.exhibits or not looks_english(text) or _is_example(note):
        return ""
    return _unnamed_first(text) or _unnamed_later(text) or _alone(text)


def _alone(text: str) -> str:
    """Return the question where it is no more than its first word, such as "Where?"; else ""."""
    return text if len(words(text)) == 1 and _ASKING.match(text) else ""


def _is_example(note: Shown) -> bool:
    """Whether a text is a sentence to be talked about or translated, and so may mean whatever it likes."""
    text = note.question if isinstance(note, Question) else note.whole
    if _QUOTED.match(text) or _ABOUT_WORDS.search(text):
        return True
    return isinstance(note, Question) and "?" not in text and not looks_english(note.answer)


def _unnamed_first(text: str) -> str:
    """Return the pronoun that a text begins with, or asks of in its first words; "" where there is none."""
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
    """Return the pronoun in a question for which nothing before it can stand, and no name anywhere; "" for none."""
    found = _PERSON.search(text)
    if found and _ASKING.match(text) and not _MAY_BE_MEANT.search(text[: found.start()]) and not _PROPER.search(text):
        return "" if _NAMED_BEHIND.match(text, found.end()) else found[0]
    found = _OF_THEM.search(text)
    before = {*content_words(text[: found.start()])} - _SAYING if found else {""}
    return "" if before else "them"
