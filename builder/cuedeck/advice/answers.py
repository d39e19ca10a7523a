"""Rules on the answers of questions."""

import re
from collections.abc import Iterator

from cuedeck.advice.english import YES_OR_NO, spells_out
from cuedeck.advice.material import ANEW, Advice, Question
from cuedeck.advice.words import width
from cuedeck.patterns import regex
from cuedeck.rendering.plain import plain
from cuedeck.stems import words

# Readers of hundreds of real cards agreed that answers above about this length are too long; below, they disagreed.
_LONGEST_ANSWER = 140
_LONGEST_REASON = 160
_SHORTEST_LIST = 4
_LONG_TRIPLE = 12
_TRIPLE = 3
_LONGEST_ITEM = 4

_WHY = regex(r"\b(?:why|how(?! (?:many|much|old|long|often|far)\b))\b", re.IGNORECASE)
# Without words that mean something else in another of these languages, such as the Dutch "of" and "en".
_AND = r"(?:and|or|&|und|oder|et|ou|y|e|och|og|и|или)"
_BLOCK = regex(r"<pre>.*?</pre>", re.DOTALL)
_NUMBERED = regex(r"(?:^|\s)\(?([1-9])[.)]\s")
_LAST_ITEM = regex(rf",?\s+{_AND}\s+", re.IGNORECASE)
# "No, ..." and "Neither, ..." begin a sentence, and "plus or minus two" is a number.
_NO_LIST = regex(
    r"(?:yes|no|neither|either|both|none)\b|.*\b(?:plus or minus|more or less)\b", re.IGNORECASE | re.DOTALL
)


def long_answer(note: Question) -> Iterator[Advice]:
    """The answer is too long to be recalled at once and judged at a glance.

    Why: learners have to decide whether they knew the answer. If it is long, they know only a part of it, and the same
    card comes back again and again for the part that they forget. Wozniak's fourth rule of formulating knowledge, the
    minimum information principle, asks for answers that are as short as possible. Anki's manual says "Keep it simple"
    ("Effective Learning"), and advises learners to give up after about ten seconds ("Questions").

    Limit: 140 characters, or 160 if the question asks why or how. Two lines on a phone of 360 pixels, about 70
    characters, are better. What explains the answer, but is not asked for, belongs in `extra`. Other rules deal with
    lists, and with answers that begin with yes or no.

    Way out: keep what is asked for, and move the rest to `extra:` or to a separate note. If learners have to know the
    exact wording, switch the rule off for this note.

    Bad:

        q: What is a dyad?
        a: |
          A dyad is two people, such as a couple, who are looked at as one unit, for what goes on between them is more
          than what each of the two does alone, at home or elsewhere.

    Good:

        q: What is a dyad?
        a: Two people regarded as one unit
        extra: Such as a couple.
    """
    taken, most = width(note.answer), _LONGEST_REASON if _WHY.search(note.question) else _LONGEST_ANSWER
    if taken > most and not _listed(note) and not YES_OR_NO.match(note.answer):
        yield Advice(
            (*note.keys, "a"),
            f"the answer has {taken} characters, and more than {most} are hard to recall and to judge",
            "keep what is asked for, and move the rest to extra: or to a separate note",
        )


def list_answer(note: Question) -> Iterator[Advice]:
    """The answer is a list.

    Why: learners who recall four of five items have to fail the card, and then repeat those four as well. Wozniak's
    ninth and tenth rules: avoid sets, avoid enumerations. One note for each item, or a cloze with a number for each,
    asks for one thing at a time.

    Limit: an answer is reported if it has four items or more, or three with more than twelve words in all; a pair or a
    short triple is often one idea. Items are those of a Markdown list, numbered ones ("1. ... 2. ..."), or short
    phrases between semicolons or commas, of at most four words. A piece of code counts as one thing, whatever it
    contains, and so do the words that an acronym in the question stands for.

    Way out: ask for one item at a time, each in its own note, or write a new note with a cloze number for each.

    Bad:

        q: Which mammals lay eggs or have relatives that do?
        a: The platypus, the short-beaked echidna, the long-beaked echidna and the opossum

    Good:

        q: Which egg-laying mammal has a bill?
        a: The platypus
    """
    if items := _listed(note):
        yield Advice(
            (*note.keys, "a"),
            f"the answer is a list of {items} items, which are hard to recall together",
            "ask for one item at a time, in separate notes or in a cloze note",
            kept=ANEW,
        )


def _listed(note: Question) -> int:
    """Return how many items the answer lists, or 0 if it is not a list, or one so short that it is one idea."""
    beside_code = plain(_BLOCK.sub(" ", note.html["a"])) if "<pre>" in note.html["a"] else note.answer
    items = max(note.items, 0 if note.is_code else _items(beside_code))
    is_long = items >= _SHORTEST_LIST or (items == _TRIPLE and len(note.answer.split()) > _LONG_TRIPLE)
    return items if is_long and not spells_out(note.question, note.answer) else 0


def _items(text: str) -> int:
    """Return how many items a text lists, or 0: short phrases between semicolons, or between commas all the way."""
    if _NO_LIST.match(text):
        return 0
    numbers = [int(number) for number in _NUMBERED.findall(text)]
    if len(numbers) >= _TRIPLE and numbers == list(range(1, len(numbers) + 1)):
        return len(numbers)
    by_semicolon = [part for part in text.split(";") if part.strip()]
    if len(by_semicolon) >= _TRIPLE:
        return len(by_semicolon)
    if "," not in text:
        return 0
    first, *rest = _LAST_ITEM.split(text.rstrip(" ."))
    if "," not in first or len(rest) > 1:
        return 0
    # An Oxford comma leaves an empty part; without "and", only very short items are surely a list.
    items = [part for part in [*re.split(r",\s+|,$", first), *rest] if part.strip()]
    longest = _LONGEST_ITEM if rest else 2
    return len(items) if all(0 < len(words(item)) <= longest for item in items) else 0
