"""Report words between two braces, such as `{{Paris}}`: a deletion without its number, whose braces cards would show.

Code and formulas are not searched. Programs have such braces, too, so `{{ name }}`, `{{firstName}}`, `{{user.name}}`
and everything with signs of a program is left alone.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING

from cuedeck.patterns import regex
from cuedeck.rendering.mistakes import keep_misread, shortened

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline  # imported only for types, since the parser loads slowly

# A word of any script, with hyphens and apostrophes; and what is not meant as words: one letter or digit, the number of
# a deletion, and a name as programmers write it.
_WORD = r"[^\x00-\x20!-&(-,./:-@\[-`{-~]+"
_NOT = r"[ \n]*(?:(?:[A-Za-z0-9][ \n]*)?\}|[cC]\d|[a-z]{2,}[A-Z]\w*[ \n]*\})"
_WORDS = regex(
    rf"\{{\{{(?!{_NOT})(?P<words>{_WORD}(?:[ \n]+{_WORD})*|[ \n]*{_WORD}(?:[ \n]+{_WORD})+[ \n]*)\}}\}}(?!\}})"
)
_LETTER_OR_DIGIT = regex(r"[^\W_]")
_NUMBERS = regex(r"\{\{c([0-9,]+)::")
_MOST_DIGITS = 4
_PROPOSED = regex(r"write \{\{c(?P<number>[0-9]+)::(?P<words>.*?)\}\};")
SOURCE = "source"
"""The key of a parse under which the whole text is, since numbers are counted in all of it."""


def unnumbered(state: "StateInline", is_cloze: bool) -> None:
    """Keep the mistake that words are between two braces at the parser's position, if they are."""
    found = _WORDS.match(state.src, state.pos, state.posMax)
    is_inside = state.src[max(state.pos - 1, 0) : state.pos] == "{"
    if not found or is_inside or not _LETTER_OR_DIGIT.search(found["words"]):
        return
    whole, words = found[0], found["words"].strip()
    shown = r"to show the braces, write \{{, or put the text into backticks"
    if is_cloze:
        number = _next_number(state, whole)
        keep_misread(
            state,
            "cloze-marker",
            f'"{shortened(whole)}" has no number, so the card would show its braces',
            f"write {{{{c{number}::{shortened(words)}}}}}; {shown}",
            whole,
        )
    else:
        keep_misread(
            state,
            "cloze-outside",
            f'"{shortened(whole)}" looks like a cloze deletion, but only the text after "cloze:" can have deletions',
            f"make the note a cloze note, with {{{{c1::{shortened(words)}}}}}; {shown}",
            whole,
        )


def _next_number(state: "StateInline", whole: str) -> int:
    """Return the lowest number that neither the text has nor the words that were reported before."""
    given: dict[str, int] = state.env.setdefault("numbers_given", {})
    written = re.findall(r"\d+", ",".join(_NUMBERS.findall(state.env.get(SOURCE, state.src))))
    taken = {*given.values(), *(int(digits) for digits in written if len(digits) < _MOST_DIGITS)}
    return given.setdefault(whole, next(number for number in count(1) if number not in taken))


def with_numbers(hints: Sequence[str], text: str, answers: Mapping[int, Collection[str]]) -> list[str]:
    """Return the hints for words without a number in a text, with the numbers under which learners know the answers.

    `answers` are those of the lock by their numbers. Other words get the number that is missing in the text, if only
    one is, whose answer was then most likely changed, or else the lowest that is new. Any other hint stays as it is.
    """
    found = [_PROPOSED.match(hint) for hint in hints]
    taken = {int(digits) for each in _NUMBERS.findall(text) for digits in re.findall(r"\d+", each)}
    given: dict[str, int] = {}
    for words in (each["words"] for each in found if each):
        same = [number for number in answers if number not in taken and words in answers[number]]
        if words not in given and same:
            given[words] = same[0]
            taken.add(same[0])
    for words in (each["words"] for each in found if each):
        if words not in given:
            free = [number for number in answers if number not in taken]
            fresh = next(number for number in count(1) if number not in taken and number not in answers)
            given[words] = free[0] if len(free) == 1 else fresh
            taken.add(given[words])
    return [
        f"{hint[: each.start('number')]}{given[each['words']]}{hint[each.end('number') :]}" if each else hint
        for hint, each in zip(hints, found, strict=True)
    ]
