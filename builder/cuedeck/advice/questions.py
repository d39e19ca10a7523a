"""Rules on what a card asks."""

import re
from collections.abc import Iterator

from cuedeck.advice.english import CAPITAL, content_words, looks_english
from cuedeck.advice.material import Advice, Card, Cloze, Question, Shown
from cuedeck.advice.words import folded, has_formula, root, same_word, words

_QUESTION_SIGNS = "?？؟՞;;"
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
_LONGEST_TERM = 3

_VERB = r"(?:am|are|is|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n['’]t)?\s"
_AUXILIARY = re.compile(_VERB, re.IGNORECASE)
_ASKING = re.compile(
    r"(?:(?:in|to|for|by|with|from|on|of|at)\s+)?(?:what|when|where|which|who|whom|whose|why|how)\b", re.IGNORECASE
)
_YES_OR_NO = re.compile(r"(?:yes|no|true|false)\s*(?:$|[.,;:!–—])", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:)\S+", re.IGNORECASE)
_BEFORE_CHOICES = re.compile(r"[,:]\s|\s[–—-]\s|—")
_BETWEEN_CHOICES = re.compile(r",\s|\bor\b|\s[–—-]\s|—", re.IGNORECASE)
_ARTICLE = re.compile(r"^\s*(?:an?|the)\s+", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:.!?–—]\s+")
_POLITE_TASK = re.compile(rf"(?:can|could|will|would)\s+you\s+(?:please\s+)?(?:{'|'.join(_TASKS)})\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_ITEM = "[^,?]{1,100}"
# "... cells, bacteria, or neither?" and "Are they cells, bacteria or fungi?". With two commas and none before "or",
# what stands between them may be an aside: "Is it, in his view, good or bad?"
_OF_THREE = re.compile(
    rf"\bor\s+(?:neither|none|both)\b|,{_ITEM},\s+or\s+(?!{_VERB})|\b{_VERB}{_ITEM},(?!\s+or\b){_ITEM}\sor\s{_ITEM}\?",
    re.IGNORECASE,
)

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
_NAME = re.compile(rf"(?:It|They|He|She)\s{CAPITAL}")
# "he (Freud)"; but not "it (in 1920)" or "he (or she)".
_NAMED_BEHIND = re.compile(
    r"\s\((?!(?:also|and|as|at|by|for|from|if|in|like|of|on|or|see|to|when|with)\b)[^\W\d_]", re.IGNORECASE
)
_THAT_CLAUSE = re.compile(r"that\s+(?!is\b|was\b|means\b|makes\b|[.,])", re.IGNORECASE)


def no_question(note: Question) -> Iterator[Advice]:
    """The front asks nothing.

    Why: below a bare word or a statement a learner has to guess what is wanted, and guesses otherwise next year.
    Wozniak's twelfth rule: optimize wording, so that the question leads to its answer at once.

    What counts as asking: a question mark, a blank or "=" to be filled in, or a task such as "Name" or "Translate".
    In text that does not look English only a bare term of up to three words is reported, and in scripts without
    capitals nothing is. A deck of single words, for a language, has good reason to ignore this rule as a whole.

    Way out: write the question that the learner is to answer, with a question mark, or begin with a task.

    Bad:

        q: Hard abandonment
        a: An open and final breakup

    Good:

        q: What is hard abandonment?
        a: An open and final breakup
    """
    text = note.question
    if any(sign in text for sign in _QUESTION_SIGNS) or _OPEN_END.search(text) or has_formula(text):
        return
    found = words(text)
    if not found or found[0] in _TASKS or text.upper() == text.lower():
        return
    is_term = len(found) <= _LONGEST_TERM and text[-1] not in ".!"
    if is_term or looks_english(text):
        yield Advice(
            (*note.keys, "q"),
            "this asks no question: a learner has to guess what is wanted",
            "end it with a question mark, or begin with a task such as Name or Translate",
        )


def yes_no_question(note: Question) -> Iterator[Advice]:
    """The question can be answered by yes or no, or by true or false.

    Why: half of the guesses are right, so Anki shows the card ever more rarely although it is not known; and what is
    remembered is "yes" rather than why. Wozniak's fourth rule wants one fact, and "yes" is none. Ask for the thing
    itself.

    How it is told: the answer is yes, no, true or false, or a question that looks English begins with a verb such as
    "Is" or "Does", be it behind a clause ("In this view, is ..."). A choice of two ("Is it soft or hard?") is guessed
    as easily, one of three or more ("..., or neither?") is not, and "Can you name ..." is a task. Questions in other
    languages are judged by their answer only.

    Way out: ask for the thing itself, with what, which, who, why or how, so that the answer says more than yes.

    Bad:

        q: Is abandonment always announced?
        a: No, it can go on in silence

    Good:

        q: How can abandonment go on without being announced?
        a: In silence
    """
    if _YES_OR_NO.match(note.answer):
        yield Advice((*note.keys, "a"), "the answer can be guessed: it is one of two", "ask for the thing itself")
        return
    clauses = [clause.strip() for clause in _CLAUSE.split(note.question)]
    begins = bool(_AUXILIARY.match(note.question))
    within = any(map(_AUXILIARY.match, clauses)) and not any(map(_ASKING.match, clauses))
    if "?" in note.question and (begins or within) and looks_english(note.question) and not _is_open(note.question):
        two = "leaves two answers" if _OR.search(note.question) else "can be answered by yes or no"
        yield Advice(
            (*note.keys, "q"),
            f"the question {two}, which half of all guesses get right",
            "begin with what, which, who, why or how",
        )


def _is_open(question: str) -> bool:
    """Whether a question that begins with a verb is a task, or a choice of three or more."""
    return bool(_POLITE_TASK.match(question) or _OF_THREE.search(question))


def answer_in_question(note: Shown) -> Iterator[Advice]:
    """What a card asks for can be read off its front.

    Why: a card that gives its answer away is always answered right, and teaches only to read it. In a cloze note the
    deleted words often stand a second time in the sentence, or in the hint. Wozniak's fourth rule: an item is as
    simple as possible, but it still has to be recalled.

    How it is told: each word of the answer that carries meaning stands on the front too, perhaps in another form
    ("reject" and "rejection"). Words such as "the", single letters and formulas are left out of account. An address is
    looked for as a whole, and one of several answers to choose from ("Which came first, iron or bronze?") is not given
    away.

    Way out: use other words on the front, or take the second mention out of the sentence.

    Bad:

        q: Which kind of abandonment is called soft abandonment?
        a: The soft kind

    Good:

        q: What does Vaknin call abandonment without a breakup?
        a: Soft abandonment
    """
    for card in note.cards:
        if not has_formula(card.answer) and _stands_in(card.answer, card.front) and not _is_offered(card):
            where = "the text around the gap, or its hint," if isinstance(note, Cloze) else "the question"
            yield Advice(
                card.keys,
                f'{where} gives the answer "{card.answer}" away',
                "use other words on the front, or ask for something else",
            )


def _stands_in(answer: str, front: str) -> bool:
    small = front.casefold().replace("’", "'")
    if any(len(word) > 1 and root(word) not in small for word in content_words(answer)):
        return False  # as of nearly all cards, and soon told
    if _ADDRESS.fullmatch(answer):
        return answer.casefold() in {each.rstrip(".,;:!?)") for each in _ADDRESS.findall(small)}
    wanted = [word for word in content_words(answer) if len(word) > 1]
    shown = set(content_words(front))
    return bool(wanted) and all(any(same_word(word, each) for each in shown) for word in wanted)


def _is_offered(card: Card) -> bool:
    """Whether the answer is one of several that the question names to choose from.

    They stand behind a comma, colon or dash, or behind the words that a question with a verb in front begins with.
    """
    asked, mark, _ = card.front.partition("?")
    named = asked if _AUXILIARY.match(asked) else "".join(_BEFORE_CHOICES.split(asked, maxsplit=1)[1:])
    if not mark or not _OR.search(named):
        return False
    answer = _choice(card.answer)
    choices = list(filter(None, map(_choice, _BETWEEN_CHOICES.split(named))))
    return len(choices) > 1 and (answer in choices or (named == asked and choices[0].endswith(f" {answer}")))


def _choice(text: str) -> str:
    return folded(_ARTICLE.sub("", text))


def missing_referent(note: Shown) -> Iterator[Advice]:
    """The card begins with "this", "it" or "they", and nothing says what is meant.

    Why: cards are shuffled among others, months after the lecture. Without what was said before, a card that says
    "this" cannot be answered. Wozniak's sixteenth rule: give the context on the card, in a word or two.

    How it is told: the first word, or the one behind "what does", is a pronoun. Only text that looks English is
    judged. "It" that points forward, as in "It takes light eight minutes to ...", is left alone, and so is a pronoun
    with brackets behind it that say who, as in "he (Freud)", or with a capital, as in "They Might Be Giants".

    Way out: put the name in the place of the pronoun.

    Bad:

        q: Why does it come before the loss?
        a: Because the loss is expected

    Good:

        q: Why does separation insecurity come before the loss?
        a: Because the loss is expected
    """
    text = note.question if isinstance(note, Question) else note.whole
    start = text.lstrip("\"'“‘([¿")
    pointing = _POINTING.match(start)
    if pointing and (_POINTING_FORWARD.match(start) or _THAT_CLAUSE.match(start)):
        return
    found = pointing or _ASKED_OF.match(start)
    if found and looks_english(text) and not (_NAMED_BEHIND.match(start, found.end()) or _NAME.match(start)):
        word = found[0].split()[-1]
        yield Advice(
            (*note.keys, "q" if isinstance(note, Question) else "cloze"),
            f'nothing on the card says what "{word}" stands for',
            "name it: a learner sees this card among others, long after the talk",
        )
