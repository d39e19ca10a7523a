"""Mistakes in a text that a Markdown rule finds. A rule cannot raise errors, so they are kept with the parse."""

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from cuedeck.problems import TextError

if TYPE_CHECKING:  # since the parser loads slowly
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

HOW_TO_EMBED = (
    "write ![what it shows](media/file.png); a path with spaces goes between < and >, as in (<media/my file.png>)"
)
"""How a picture or sound is written, for hints."""

_LONGEST_QUOTE = 40
_MOST_MISREAD = 10  # in one text


def keep_fatal(env: MutableMapping[str, Any], error: TextError) -> None:
    """Keep a mistake that prevents a card from being made; only the first one of a text counts."""
    env.setdefault("slip", error)


def keep_misread(
    state: "StateInline | StateBlock",
    rule: str,
    message: str,
    hint: str,
    fragment: str,
    instead: str = "",
    end: int = 0,
) -> None:
    """Keep the mistake that a card would show something else than was meant; the first few of a text are enough.

    Everything up to `end` counts as reported with it. Of a fragment of several lines, only the first is kept, since the
    file may indent the others.
    """
    misread: dict[tuple[str, str], TextError] = state.env.setdefault("misread", {})
    first, _, more = fragment.partition("\n")
    if len(misread) < _MOST_MISREAD:
        misread.setdefault((rule, first), TextError(message, hint, first, rule, "" if more else instead))
    if end:
        state.env["reported"] = (state.src, end)


def is_reported(state: "StateInline") -> bool:
    """Return whether the text at the parser's position was already reported with something before it."""
    source, end = state.env.get("reported", ("", 0))
    return source is state.src and state.pos < end


def misread_in(env: Mapping[str, Any]) -> list[TextError]:
    """Return the mistakes of that kind that a parse kept."""
    return list(env.get("misread", {}).values())


def raise_fatal(env: MutableMapping[str, Any]) -> None:
    """Raise the mistake that a parse kept with `keep_fatal`, if there is one."""
    if "slip" in env:
        raise env["slip"]


def shortened(text: str) -> str:
    """Return a text, or its beginning if it is too long to quote in a message."""
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}..."


def keep_image(state: "StateInline", fragment: str) -> None:
    """Keep the mistake that a text has a picture or sound at the parser's position in a notation that is not ours."""
    keep_misread(
        state,
        "no-media",
        f'"{shortened(fragment)}" is not how a picture or sound is written, and would be shown as written',
        HOW_TO_EMBED,
        fragment,
        end=state.pos + len(fragment),
    )
