"""Mistakes in a text that a Markdown rule comes upon. A rule cannot raise, so they are kept with the parse."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from cuedeck.problems import NO_IMAGE, TextError

_LONGEST_QUOTE = 40
_MOST_MISREAD = 10  # in one text


def note_slip(env: MutableMapping[str, Any], error: TextError) -> None:
    """Keep a mistake with which no card can be made; the first one of a text is the one that counts."""
    env.setdefault("slip", error)


def note_misread(
    state: StateInline | StateBlock, rule: str, message: str, hint: str, fragment: str, instead: str = "", end: int = 0
) -> None:
    """Keep that a card would show something else than was meant; the first few of a text are enough.

    What a text has up to `end` is reported with it. Of a fragment over several lines the first is named, since a file
    may indent the others.
    """
    misread: dict[tuple[str, str], TextError] = state.env.setdefault("misread", {})
    first, _, more = fragment.partition("\n")
    if len(misread) < _MOST_MISREAD:
        misread.setdefault((rule, first), TextError(message, hint, first, rule, "" if more else instead))
    if end:
        state.env["reported"] = (state.src, end)


def is_reported(state: StateInline) -> bool:
    """Whether what stands at the parser's place was reported with something before it."""
    source, end = state.env.get("reported", ("", 0))
    return source is state.src and state.pos < end


def misread_in(env: Mapping[str, Any]) -> list[TextError]:
    """Return what was kept of that in a parse."""
    return list(env.get("misread", {}).values())


def raise_slip(env: MutableMapping[str, Any]) -> None:
    """Raise the mistake that was kept in a parse, if there was one."""
    if "slip" in env:
        raise env["slip"]


def shortened(text: str) -> str:
    """Return as much of a text as a message quotes."""
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}..."


def note_image(state: StateInline, fragment: str) -> None:
    """Keep that a text has an image at the parser's place, in whatever way it is written."""
    note_misread(state, *NO_IMAGE, fragment, end=state.pos + len(fragment))
