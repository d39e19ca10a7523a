"""Anki's template language, as far as our own note types use it.

`{{Field}}` puts a field in, `{{#Field}}` and `{{^Field}}` show what follows up to `{{/Field}}` where the field holds
something or nothing, `{{cloze:Text}}` puts a field in with the deletions of one card hidden or marked, and
`{{FrontSide}}` on a back is the whole front. See https://docs.ankiweb.net/templates/intro.html.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from operator import itemgetter

_MARK = re.compile(r"\{\{([#^/]?)([^{}]+)\}\}")
# What Anki takes for an empty field: nothing, white space, and lines without words.
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)

Fields = Mapping[str, str]
Template = Callable[[Fields], str]
"""A template as a function from the values by name, as they stand between the braces, to HTML."""


@cache
def template(text: str) -> Template:
    """Return a template, read. Raises ValueError where a condition is not closed; a field not given is a KeyError."""
    return _filled(iter(_MARK.split(text)), "")


def _filled(pieces: Iterator[str], closer: str) -> Template:
    """Return the template up to the end of the condition on the field `closer`. Text, sign and name come in turn."""
    pattern = _literal(next(pieces))
    values: list[Template] = []
    for sign in pieces:
        name = next(pieces)
        if sign == "/":
            if name != closer:
                raise ValueError(f"{{{{/{name}}}}} ends no condition that is open")
            break
        values.append(_condition(name, sign == "#", _filled(pieces, name)) if sign else itemgetter(name))
        pattern += "%s" + _literal(next(pieces))
    else:
        if closer:
            raise ValueError(f"{{{{#{closer}}}}} is not ended")
    return lambda fields: pattern % tuple([value(fields) for value in values])


def _literal(text: str) -> str:
    return text.replace("%", "%%")


def _condition(name: str, wanted: bool, inside: Template) -> Template:
    return lambda fields: inside(fields) if (_EMPTY.fullmatch(fields[name]) is None) is wanted else ""
