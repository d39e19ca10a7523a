"""Two colons that belong to the answer of a deletion, and not before a hint as Anki has it: `{{c1::fe80::1}}`."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv6Interface
from typing import TYPE_CHECKING

from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.rendering.mistakes import shortened

if TYPE_CHECKING:
    from markdown_it.token import Token  # imported only for types, since the parser loads slowly

COLONS = {"text": r"\:\:", "code": r"\:\:", "formula": "{::}"}
"""How two colons that begin no hint are written in a deletion, by what it is in."""

IS_HINT = regex(r"[\w ,.'’-]+\?\s*")
"""A hint for certain: words, and a question mark at the end."""

_LETTERS_AND_DIGITS = regex(r"(?=.*[a-fA-F])(?=.*\d)[0-9a-fA-F]{4}")
_LIBRARY = regex(
    r"(?:.*\W)?std\s*\n\s*(?:\w+\s*[<(&*\[]|\w+ \w+;|(?:c(?:out|in|err)|endl|string|vector|map|set|list|array|pair|move"
    r"|sort|swap|optional|variant|tuple|thread|mutex|size_t|function|(?:unique|shared|weak)_ptr)\b).*",
    re.DOTALL,
)
_CALL = regex(r"(?:.*\W)?(?:[A-Z]\w*[a-z]\w*\n\w+\(.*\).*|\w+\n\w+\(.*[,<>=].*\).*)", re.DOTALL)
_TYPE = regex(r"[a-z_]\w*'? +\n +\S.*->.*", re.DOTALL)
_PROPORTION = regex(r"\s*\d+ ?: ?\d+ ?\n ?\d+ ?: ?\d+\s*|[a-zA-Z]+ ?: ?[a-zA-Z]+ +\n +[a-zA-Z]+ ?: ?[a-zA-Z]+")
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))


def are_in_answer(answer: str, hint: str) -> bool:
    """Return whether the two colons between an answer and its hint were plainly meant to be shown."""
    if IS_HINT.fullmatch(hint):
        return False
    both = f"{answer}\n{hint}"
    return (
        is_address(answer, hint)
        or any(answer.count(a) > answer.count(b) and hint.count(b) > hint.count(a) for a, b in _BRACKETS)
        or any(each.fullmatch(both) for each in (_LIBRARY, _CALL, _TYPE, _PROPORTION))
    )


def is_address(answer: str, hint: str) -> bool:
    """Return whether two texts and two colons between them are an address of IPv6.

    One that has digits alone, or single letters and digits in one group, is as likely to be something else.
    """
    if not (":" in answer or ":" in hint or answer in ("2001", "2002") or _LETTERS_AND_DIGITS.fullmatch(answer)):
        return False
    try:
        IPv6Interface(f"{answer}::{hint}")
    except ValueError:
        return False
    return re.search("[a-fA-F]", answer + hint) is not None or "/" in hint or answer in ("2001", "2002")


def taken_for_hints(source: str, tokens: "Sequence[Token]") -> Iterator[TextError]:
    """Yield an error for each deletion of which Anki takes the second half of the answer for a hint."""
    for at, opening in enumerate(tokens):
        if opening.type != "cloze_open" or opening.meta["inside"] == "code":
            continue
        answer, end = _words_up_to("cloze_hint", tokens, at + 1)
        hint, _ = _words_up_to("cloze_close", tokens, end + 1)
        if answer and hint and are_in_answer(answer, hint):
            written = f"{answer}::{hint}"
            instead = f"{answer}{COLONS[opening.meta['inside']]}{hint}"
            is_certain = opening.meta["inside"] == "text" and is_address(answer, hint) and written in source
            yield TextError(
                f'"{shortened(written)}" would be shown as "{shortened(answer)}", with the hint "{shortened(hint)}"',
                f"if the colons belong to the answer, write {shortened(instead)}; "
                f'if "{shortened(hint)}" is a hint, end it with a question mark',
                written if written in source else opening.markup,
                "cloze-hints",
                instead if is_certain else "",
            )


def _words_up_to(end: str, tokens: "Sequence[Token]", at: int) -> tuple[str, int]:
    """Return the text between a token and the next of a kind, and where that is; no text if there is more than text."""
    words = ""
    while at < len(tokens) and tokens[at].type in ("text", "math"):
        words += tokens[at].content
        at += 1
    return (words if at < len(tokens) and tokens[at].type == end else ""), at
