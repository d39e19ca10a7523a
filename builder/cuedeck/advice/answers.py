"""Rules on the answers of questions."""

import re
from collections.abc import Iterator

from cuedeck.advice.material import Advice, Question
from cuedeck.advice.words import width, words

PHONE_LINE = 35
"""Characters in a line on a phone: 360 pixels, less the margins, hold so many of the cards' 21-pixel type."""

_LONGEST_ANSWER = 2 * PHONE_LINE
_SHORTEST_LIST = 3
_LONGEST_ITEM = 4

# Left out: what is a word of its own in another of these languages, such as the Dutch "of" and "en".
_AND = r"(?:and|or|&|und|oder|et|ou|y|e|och|og|и|или)"
_LAST_ITEM = re.compile(rf",?\s+{_AND}\s+", re.IGNORECASE)


def long_answer(note: Question) -> Iterator[Advice]:
    """The answer is too long to be recalled at once and judged at a glance.

    Why: a learner has to tell whether they knew the answer. With a long one they knew a part of it, and the same card
    comes again and again for the part that slips. Wozniak's fourth rule of formulating knowledge, the minimum
    information principle, asks for answers that are as short as possible; Anki's manual ("Effective Learning") says
    "Keep it simple", and ("Questions") tells learners to give up after about ten seconds.

    Limit: 70 characters, which is two lines on a phone of 360 pixels. What explains the answer, but is not asked,
    belongs into `extra`.

    Way out: keep what is asked, and move the rest to `extra:` or to a note of its own. Where the wording itself has
    to be known, switch the rule off for this note.

    Bad:

        q: What is a dyad?
        a: A dyad is two people, such as a couple, who are looked at as one unit, for what goes on between them is more than what each does

    Good:

        q: What is a dyad?
        a: Two people regarded as one unit
        extra: Such as a couple.
    """  # noqa: E501  a bad example has to be long
    taken = width(note.answer)
    if taken > _LONGEST_ANSWER:
        yield Advice(
            (*note.keys, "a"),
            f"the answer takes {taken} characters, and more than {_LONGEST_ANSWER} are hard to recall and to judge",
            "keep what is asked, and move the rest to extra: or to a note of its own",
        )


def list_answer(note: Question) -> Iterator[Advice]:
    """The answer is a list.

    Why: whoever recalls four of five items has to fail the card, and then repeats the four as well. Wozniak's ninth and
    tenth rules: avoid sets, avoid enumerations. One note for each item, or a cloze with a number for each, asks for one
    thing at a time.

    Limit: three items; a pair is often one idea ("dysfunctional and dangerous"). Items are those of a Markdown list, or
    short phrases between semicolons or commas, of at most four words. One piece of code is one thing, whatever its
    signs.

    Way out: ask for one of the items at a time, each in a note of its own, or write a new note with a cloze number
    for each.

    Bad:

        q: Which three mammals lay eggs or have relatives that do?
        a: The platypus, the echidna and the long-beaked echidna

    Good:

        q: Which egg-laying mammal has a bill?
        a: The platypus
    """
    items = max(note.items, 0 if note.is_code else _items(note.answer))
    if items >= _SHORTEST_LIST:
        yield Advice(
            (*note.keys, "a"),
            f"the answer is a list of {items} items, which are hard to recall together",
            "ask for one of them at a time, in notes of their own or in a cloze note",
        )


def _items(text: str) -> int:
    """Return how many items a text lists, or 0: short phrases between semicolons, or between commas all the way."""
    by_semicolon = [part for part in text.split(";") if part.strip()]
    if len(by_semicolon) >= _SHORTEST_LIST:
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
