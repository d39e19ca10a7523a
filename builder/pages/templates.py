"""Anki's template language, as far as our own note types use it.

`{{Field}}` puts a field in, `{{#Field}}` and `{{^Field}}` show what follows up to `{{/Field}}` where the field holds
something or nothing, `{{cloze:Text}}` puts a field in with the deletions of one card hidden or marked, and
`{{FrontSide}}` on a back is the whole front. See https://docs.ankiweb.net/templates/intro.html.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

_MARK = re.compile(r"\{\{([#^/]?)([^{}]+)\}\}")
# What Anki takes for an empty field: nothing, white space, and lines without words.
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)

Fields = Mapping[str, str]
Template = Callable[[Fields], str]
"""A template as a function from the values by name, as they stand between the braces, to HTML."""


@cache
def template(text: str) -> Template:
    """Return a template, read. Raises ValueError where a condition is not closed; a field not given is a KeyError."""
    marks = _MARK.split(text)
    pieces = iter(marks)
    parts = _parts(pieces, "")
    return lambda fields: "".join([part(fields) for part in parts])


def _parts(pieces: Iterator[str], closer: str) -> tuple[Template, ...]:
    """Return the parts up to the end of the condition on the field `closer`. Text, sign and name come in turn."""
    parts = [_text(next(pieces))]
    for sign in pieces:
        name = next(pieces)
        match sign:
            case "/":
                if name != closer:
                    raise ValueError(f"{{{{/{name}}}}} ends no condition that is open")
                return tuple(parts)
            case "#" | "^":
                parts.append(_condition(name, sign == "#", _parts(pieces, name)))
            case _:
                parts.append(_field(name))
        parts.append(_text(next(pieces)))
    if closer:
        raise ValueError(f"{{{{#{closer}}}}} is not ended")
    return tuple(parts)


def _text(text: str) -> Template:
    return lambda fields: text


def _field(name: str) -> Template:
    return lambda fields: fields[name]


def _condition(name: str, wanted: bool, parts: tuple[Template, ...]) -> Template:
    def shown(fields: Fields) -> str:
        holds = _EMPTY.fullmatch(fields[name]) is None
        return "".join([part(fields) for part in parts]) if holds is wanted else ""

    return shown
