"""Chapters as people list them for each other: in the description of a video, or in the notes of an episode."""

import re
from collections.abc import Iterator

from cuedeck.deck.moments import moment
from cuedeck.deck.values import line
from cuedeck.patterns import regex
from cuedeck.problems import TextError

_CLOCK = r"(?<![\w:.])[0-9]{1,3}(?::[0-9]{2}){1,2}(?:[.,][0-9]{1,3})?(?!:?[0-9a-zA-Z])"
_BRACKETED_CLOCK = rf"[\[(<]{{0,3}}({_CLOCK})[\])>]{{0,3}}"
_STAMP = regex(rf"{_BRACKETED_CLOCK}(?:\s{{0,9}}(?:-->|[-\u2013\u2014]|to)\s{{0,9}}{_BRACKETED_CLOCK})?")
_LEAD = regex(r"[^\w\[(<]*(?:[0-9]{1,3}[.)]\s+)?")  # bullets, symbols, and the number of a list
_SIGNS = " \t\u00a0\u3000:;,.|>~\u2013\u2014\u2022\u00b7\u2192-"  # what may separate a time and a title
# A minus belongs to the number after it, unless it follows the time directly.
_SEPARATOR = regex(rf"[{_SIGNS}]*?(?:(?<=\s)(?=[-\u2013][0-9])|(?![{_SIGNS}]))")
_MARKDOWN_LINK = regex(r"\[([^][]{0,200})\]\([^()\s]{0,500}\)")
_BOLD = regex(r"\*\*|__")
_MOST_READ = 1000  # characters of a line; the title of a chapter is far shorter

_FORM = "write each chapter on a line of its own, its time first, such as 0:46 Hard abandonment, and delete other lines"


def chapter(text: str) -> tuple[int, str]:
    """Return the start, in seconds, and the title of a chapter from a line such as `0:46 Intro` or `- Intro (0:46)`.

    Bullets, numbers, brackets, dashes, Markdown and the end of the chapter are left out. Raises ValueError if the line
    has no time or no title.
    """
    plain = _BOLD.sub("", _MARKDOWN_LINK.sub(r"\1", text[:_MOST_READ]))
    lead = _LEAD.match(plain)
    begins = lead.end() if lead else 0
    if found := _STAMP.match(plain, begins):
        title = _SEPARATOR.sub("", plain[found.end() :], count=1)
    else:
        *_, found = [None, *_STAMP.finditer(plain)]
        if found is None or re.search(r"\w", plain[found.end() :]):
            raise TextError(f'"{line(text)}" has no time', _FORM, text.strip())
        title = plain[begins : found.start()].rstrip(_SIGNS)
    if not line(title):
        raise TextError(f'the chapter at "{found[1]}" has no title', _FORM, text.strip())
    try:
        return moment(found[1]), line(title)
    except ValueError as error:
        raise TextError(str(error), fragment=text.strip()) from None


def chapters_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield the chapters in a text, such as the description of a video; all lines that are none are passed over."""
    for each in text.splitlines():
        try:
            yield chapter(each)
        except ValueError:
            continue
