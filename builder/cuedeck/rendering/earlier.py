"""How earlier versions of this program rendered texts that this one renders differently, taken from their packages.

The code that rendered a mark in those versions is gone. But their HTML can be told from HTML that anybody else put in
its place: it says what its source says, and does nothing more.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from cuedeck.deck.deck import QuestionNote
from cuedeck.entities import unescape
from cuedeck.media.files import Find
from cuedeck.patterns import regex
from cuedeck.rendering.content import TITLE, new_marks, renderings
from cuedeck.rendering.description import described
from cuedeck.rendering.fields import RenderedNote
from cuedeck.rendering.markdown import cloze_to_html, to_html
from cuedeck.rendering.notefields import CONCEPT, REVERSE, TEXT, fields_of
from cuedeck.rendering.results import Seen

_TAG = regex(r"<[^<>]*>")
_ENTITY = regex(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BARE_TAG = regex(
    r"</?(?:a|b|blockquote|br|code|div|em|h[1-6]|hr|i|li|ol|p|pre|rp|rt|ruby|s|span|strong|sub|sup|table|tbody|td|th|"
    r"thead|tr|u|ul)(?: ?/)?>"
)


def note_then(note: RenderedNote, content: str, packed: Mapping[str, str]) -> RenderedNote:
    """Return a note as an earlier version of the program built it, with the digest `content` that it had then.

    `packed` is the HTML of its fields, by key, in a package that may come from that version. It replaces the HTML of
    fields whose texts use a revised mark, if it can be an earlier rendering of the text.
    """
    fields = note.fields_by_key
    for key, source in _revised_texts(note):
        html = packed.get(key, "")
        if can_be_of(html, source, fields[key]):
            fields[key] = html
    return replace(note, content=content, fields=tuple(fields.values()))


def description_then(source: str, now: str, packed: str) -> str:
    """Return the HTML of a deck's page as an earlier version built it: that of a package, if it can come from there.

    `now` is the page as this version builds it, and `source` the author's own words in it, which use a revised mark.
    """
    own = described(source)
    rest = now.removeprefix(own)
    is_earlier = packed.endswith(rest) and can_be_of(packed.removesuffix(rest), source, own)
    return packed if is_earlier else now


def can_be_of(html: str, source: str, now: str) -> bool:
    """Return whether HTML can be an earlier rendering of a source, which this version renders as `now`.

    Such HTML shows all letters and digits that the rendering of today shows, in the same order, and no sign that is not
    in the source. Its elements are those of today's rendering, or plain elements without attributes.
    """
    tags = set(_TAG.findall(html))
    if not all(_BARE_TAG.fullmatch(tag) for tag in tags - {*_TAG.findall(now)}):
        return False
    shown = _shown(html)
    letters = "".join(filter(str.isalnum, _shown(now).replace(r"\text{", "")))  # around the hint of a formula
    return "<" not in _TAG.sub("", html) and _is_within(letters, shown) and _is_within(shown, _written(source))


def _revised_texts(note: RenderedNote) -> Iterator[tuple[str, str]]:
    """Yield the keys of the fields whose texts use a revised mark, each with what the author wrote."""
    written = note.placed.note
    for field in fields_of(note.kind):
        text = getattr(written, field.filled_by) if field.filled_by else ""
        if text and is_revised(text, cloze=field is TEXT, find=note.file_at):
            yield field.key, text
    own = written.own_reverse if isinstance(written, QuestionNote) else None
    if own and any(is_revised(text, find=note.file_at) for text in (own.q, own.a)):
        yield REVERSE.key, f"{own.q}\n{own.a}"
    if next(renderings({TITLE})):
        yield CONCEPT.key, note.placed.concept.title


def is_revised(text: str, cloze: bool = False, find: Find | None = None) -> bool:
    """Return whether a text, which can be rendered, uses a revised mark; `find` finds its pictures and sounds."""
    seen = Seen(new_marks(), find=find)
    if seen.marks is not None:
        (cloze_to_html if cloze else to_html)(text, seen)
    return bool(seen.marks and next(renderings(seen.marks)))


def _shown(html: str) -> str:
    """Return the characters that HTML shows, without white space."""
    return "".join(unescape(_TAG.sub("", html)).split())


def _written(source: str) -> str:
    """Return the characters of a source, with the character that it shows after each character reference."""
    return _ENTITY.sub(lambda found: found[0] + unescape(found[0]), unicodedata.normalize("NFC", source))


def _is_within(part: str, whole: str) -> bool:
    """Return whether another text contains all characters of a text in the same order."""
    left = iter(whole)
    return all(sign in left for sign in part)
