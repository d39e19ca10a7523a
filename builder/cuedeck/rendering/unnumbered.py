"""Report words between two braces, such as `{{Paris}}`: a deletion without its number, whose braces cards would show.

Code and formulas are not searched. Programs have such braces, too, so `{{ name }}`, `{{firstName}}`, `{{user.name}}`
and everything with signs of a program is left alone.
"""

import re

from markdown_it.rules_inline import StateInline

from cuedeck.patterns import regex
from cuedeck.rendering.mistakes import keep_misread, shortened

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
SOURCE = "source"
"""The key of a parse under which the whole text is, since numbers are counted in all of it."""


def unnumbered(state: StateInline, is_cloze: bool) -> None:
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


def _next_number(state: StateInline, whole: str) -> int:
    """Return the first number after those of the text and of the words that were reported before."""
    given: dict[str, int] = state.env.setdefault("numbers_given", {})
    written = re.findall(r"\d+", ",".join(_NUMBERS.findall(state.env.get(SOURCE, state.src))))
    highest = max((int(digits) for digits in written if len(digits) < _MOST_DIGITS), default=0)
    return given.setdefault(whole, highest + len(given) + 1)
