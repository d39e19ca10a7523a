"""Rules on what a card asks."""

import re
from collections.abc import Iterable, Iterator

from cuedeck.advice.english import ASKING, AUXILIARY, CAPITALS, YES_OR_NO, looks_english
from cuedeck.advice.material import ANEW, Advice, Material, Question, questions_of
from cuedeck.advice.words import has_formula, word_count
from cuedeck.patterns import regex
from cuedeck.remembering import remembered_of
from cuedeck.stems import words

_QUESTION_SIGNS = "?？؟՞"
_GREEK_QUESTION_SIGN = ";"  # as Unicode normalizes it
_OPEN_END = regex(r"(?:[=→…]|\.\.\.|_{2,})\s*$|_{2,}|…|\[\s*\]")
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
_LEADING_ARTICLE = regex(
    r"^(?:an?|the|der|die|das|el|la|los|las|le|les|l['’]|il|lo|o|os|as|un|une|una|um|uma)\s+", re.IGNORECASE
)
_MANY_TERMS = 5
_SHORTEST_DEFINITION = 5  # in words; a bare term asks for an answer of that length
_LONGEST_BARE = 3
_LATIN = regex(r"[A-Za-z]")
_ASK = "end it with a question mark, or begin with a task such as Name or Translate"
_BARE = ("this is a bare term, so learners have to guess what is wanted", "write the question that it stands for")
_STATEMENT = ("this does not ask anything, so learners have to guess what is wanted", _ASK)
_UNMARKED = ("this question has no question mark", "end it with one")
# "is", as in a sentence; and "of" or "after", with which a term says what is asked about something.
_STATES = regex(r"\w\s(?:am|are|is|was|were|has|have|had|can|will|does|did)\b", re.IGNORECASE)
_RELATION = regex(r"\b(?:of|for|to|in|on|by|with|from|after|before|against|between|vs)\b|['’]s?\s|[+:/]", re.IGNORECASE)

_CLAUSE = regex(r"[,;:.!?–—]\s+")
_POLITE_TASK = regex(rf"(?:can|could|will|would)\s+you\s+(?:please\s+)?(?:{'|'.join(_TASKS)})\b", re.IGNORECASE)
_OR = regex(r"\bor\b", re.IGNORECASE)
_GUESSED = regex(r"\b(?:true or false|yes or no|right or wrong)\b", re.IGNORECASE)


def no_question(material: Material) -> Iterator[Advice]:
    """The front does not ask anything.

    Why: if learners see a bare word or a statement, they have to guess what is wanted, and next year they guess
    something else. Wozniak's twelfth rule: optimize wording, so that the question leads to its answer at once.

    What counts as asking: a question mark, a blank or "=" to fill in, a task such as "Name" or "Translate", code or a
    formula, and a phrase that says how a thing is related to another ("Capital of Australia", "Antidotes to digoxin").
    Other statements in English are reported, and so are bare terms of one word with a short answer. In scripts without
    capitals, nothing is reported. A term with `reverse: true` is one half of a pair, and five bare terms or more make a
    vocabulary deck; neither is reported.

    Way out: write the question that learners should answer, with a question mark, or begin with a task.

    Bad:

        q: Westphalia
        a: 1648

    Good:

        q: In which year did the Peace of Westphalia end a long war?
        a: 1648
    """
    found = [(note, why) for note in questions_of(material) if (why := _asks_nothing(note))]
    of_words = _are_words(why for _, why in found)
    for note, why in found:
        if why is not _BARE or not (note.reverse or of_words or _is_defined(note)):
            yield Advice((*note.keys, "q"), *why)


def is_vocabulary(material: Material) -> bool:
    """Return whether a deck teaches words: it has five bare terms or more."""
    return _are_words(map(_asks_nothing, questions_of(material)))


def _are_words(found: Iterable[tuple[str, str] | None]) -> bool:
    return sum(why is _BARE for why in found) >= _MANY_TERMS


def _asks(text: str) -> bool:
    return any(sign in text for sign in _QUESTION_SIGNS)


@remembered_of
def _asks_nothing(note: Question) -> tuple[str, str] | None:
    """Return message and hint for a front that does not ask anything; None for one that does."""
    text = note.question
    if _asks(text) or _GREEK_QUESTION_SIGN in text or _OPEN_END.search(text) or has_formula(text) or note.exhibits:
        return None
    found = words(text)
    if not found or found[0] in _TASKS or _GUESSED.search(text) or text.upper() == text.lower():
        return None
    if looks_english(text) and (ASKING.match(text) or AUXILIARY.match(text)):
        return _UNMARKED
    if looks_english(text) and (text[-1] in ".!" or _STATES.search(text)):
        return _STATEMENT
    is_term = len(_LEADING_ARTICLE.sub("", text).split()) == 1 and text[-1] not in ".!" and not _RELATION.search(text)
    return _BARE if is_term else None


def _is_defined(note: Question) -> bool:
    """Return whether a note defines a term: its answer is long enough for that, and the term is not an acronym."""
    return word_count(note.answer) > _SHORTEST_DEFINITION and not CAPITALS.search(note.question)


def reversed_question(note: Question) -> Iterator[Advice]:
    """The reverse card of a question shows only its short answer, and asks for the question.

    Why: `reverse: true` swaps the two sides of a note as they are. That is right for pairs, such as a word and its
    translation, or a term and its definition. But a single word can be the answer to many questions. Wozniak's twelfth
    rule: optimize wording, so that the question leads to its answer at once.

    How it is found: the note has `reverse: true`, one side has a question mark, and the other has none and no more than
    three words.

    Way out: give the second card its own question and answer, turn the note into a pair of terms, or write a second
    note that asks the other way round.

    Bad:

        q: What is the longest side of a right triangle called?
        a: The hypotenuse
        reverse: true

    Good:

        q: What is the longest side of a right triangle called?
        a: The hypotenuse
        reverse:
          q: Which side of a right triangle is the hypotenuse?
          a: The longest one
    """
    if not note.reverse:
        return
    asks, answers = _asks(note.question), _asks(note.answer)
    bare, asked, least = (note.answer, note.question, 4) if asks else (note.question, note.answer, 5)
    is_bare = word_count(bare) <= _LONGEST_BARE and _LATIN.search(bare)
    if asks != answers and is_bare and word_count(asked) >= least:  # a shorter question is a phrase to translate
        yield Advice(
            (*note.keys, "reverse"),
            f'one of the two cards shows only "{bare}", and its answer is a question',
            "instead of true, write what the second card asks and answers: {q: Which term is meant?, a: the term}",
        )


def yes_no_question(note: Question) -> Iterator[Advice]:
    """The question can be answered by yes or no, or by true or false.

    Why: half of the guesses are right, so Anki shows the card less and less often although learners do not know it; and
    they remember "yes" rather than why. Wozniak's fourth rule asks for one fact, and "yes" is not a fact.

    How it is found: the answer to a question is yes, no, true or false; or a question that looks English begins with a
    verb such as "Is" or "Does", perhaps after a clause ("In this view, is ..."). A choice between things that are named
    ("Is it soft or hard?") asks for one of them, and "Can you name ..." is a task. Questions in other languages are
    judged only by their answer.

    Way out: ask for the thing itself, with what, which, who, why or how, so that the answer says more than yes.

    Bad:

        q: Is abandonment always announced?
        a: No, it can go on in silence

    Good:

        q: How can abandonment go on without being announced?
        a: In silence
    """
    if not ("?" in note.question or _GUESSED.search(note.question)) or any(map(ASKING.match, _clauses(note.question))):
        return
    if YES_OR_NO.match(note.answer):
        message, place = "the answer can be guessed, since it is one of two", "a"
    elif _is_closed(note.question) and looks_english(note.question):
        message, place = "the question can be answered by yes or no, so half of all guesses are right", "q"
    else:
        return
    yield Advice(
        (*note.keys, place), message, "ask for the thing itself: begin with what, which, who, why or how", kept=ANEW
    )


def _is_closed(question: str) -> bool:
    """Return whether a question, or a clause of it, begins with a verb, and is neither a task nor a choice."""
    if _GUESSED.search(question):
        return True
    if _POLITE_TASK.match(question) or _OR.search(question):
        return False
    return any(map(AUXILIARY.match, _clauses(question)))


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.split(text)]
