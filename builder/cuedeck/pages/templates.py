"""Anki's template language, as far as our own note types use it.

`{{Field}}` inserts a field. `{{#Field}}` shows what follows, up to `{{/Field}}`, if the field is not empty, and
`{{^Field}}` if it is empty. `{{cloze:Text}}` inserts a field with the deletions of one card hidden or marked.
`{{FrontSide}}` on a back is the whole front. See https://docs.ankiweb.net/templates/intro.html.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from operator import itemgetter

_DEEPEST = 50  # conditions inside one another; none of our note types has more than two
_MARK = re.compile(r"\{\{([#^/]?)([^{}]+)\}\}")
# What Anki regards as an empty field: nothing, white space, and lines without words.
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)

Fields = Mapping[str, str]
Template = Callable[[Fields], str]
"""A template as a function that turns values, by their names between the braces, into HTML."""


@cache
def template(text: str) -> Template:
    """Return a template as a function, which raises KeyError for a missing field.

    Raises ValueError if a condition is not closed, or if too many are inside one another.
    """
    return _filled(iter(_MARK.split(text)), ())


def _filled(pieces: Iterator[str], opened: tuple[str, ...]) -> Template:
    """Return the template up to the end of the last of the conditions on the fields in `opened`.

    Pieces are text, sign, name, text...
    """
    if len(opened) > _DEEPEST:
        raise ValueError(f"more than {_DEEPEST} conditions are inside one another")
    closer = opened[-1] if opened else ""
    pattern = _literal(next(pieces))
    values: list[Template] = []
    for sign in pieces:
        name = next(pieces)
        if sign == "/":
            if name != closer:
                raise ValueError(f"{{{{/{name}}}}} ends a condition that was not opened")
            break
        values.append(_condition(name, sign == "#", _filled(pieces, (*opened, name))) if sign else itemgetter(name))
        pattern += "%s" + _literal(next(pieces))
    else:
        if closer:
            raise ValueError(f"{{{{#{closer}}}}} is not closed")
    return lambda fields: pattern % tuple([value(fields) for value in values])


def _literal(text: str) -> str:
    return text.replace("%", "%%")


def _condition(name: str, wanted: bool, inside: Template) -> Template:
    return lambda fields: inside(fields) if (_EMPTY.fullmatch(fields[name]) is None) is wanted else ""
