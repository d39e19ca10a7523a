"""Pictures and sounds that a text has, and the text with their names in Anki in place of their paths."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from cuedeck.media.files import MediaFile
from cuedeck.patterns import regex


class Embedded(NamedTuple):
    """A picture or sound in a text: its markup, the same with its name in Anki as the path, and the file.

    `written` is the path as it is written in the markup. `words` say what it shows, or how it sounds.
    """

    markup: str
    named: str
    written: str
    file: MediaFile
    words: str = ""


def renamed(text: str, found: Iterable[Embedded]) -> str:
    """Return a text with the path of each picture and sound replaced by the name that its bytes give it.

    So other bytes make another text, and a file that is moved or renamed does not. If a path is not found, its name is
    added at the end.
    """
    text = unicodedata.normalize("NFC", text)  # like the markup
    place, parts, left = 0, [], []
    for each in found:
        start, end = text.find(each.markup, place), 0
        if start >= 0:
            end, name = start + len(each.markup), each.named
        # Of a picture with a line end in it, the indent or a sign of quotation is missing in the markup.
        elif again := regex(rf"\]\([\s>]*(?={re.escape(each.written)})").search(text, place):
            start, end, name = again.end(), again.end() + len(each.written), each.file.name
        else:
            left.append(each.file.name)
            continue
        parts += [text[place:start], name]
        place = end
    return "".join([*parts, text[place:], *(f"\0{name}" for name in left)])
