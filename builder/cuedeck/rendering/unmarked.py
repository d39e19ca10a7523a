"""Texts that need no Markdown parser, or only half of it.

Most texts have little markup, and parsing takes most of the time of a build. The results here must be exactly those of
the parser: when in doubt, the parser decides.
"""

import re
import unicodedata

from cuedeck.patterns import regex
from cuedeck.rendering.colons import are_in_answer
from cuedeck.rendering.misread import OWN_ITEM
from cuedeck.rendering.plain import BLANK
from cuedeck.rendering.scripts import FIRST_SPACELESS, SPACELESS

# The beginning of a line that can only be text to Markdown: a letter, a number that is not that of a list item, a
# quotation mark or bracket, a deletion, or emphasis or code right before a letter. Digests depend on this pattern, so
# it never changes.
_BEGIN = r"""(?:[^\W\d_]|\d+(?![\d.)])|["'“‘„«»(¿¡]|\{\{c|(?:\*{1,2}|`)[^\W_])"""
_PARAGRAPH = regex(rf"{_BEGIN}.*(?:\n{_BEGIN}.*)*\Z")
# The same, with lines that begin with an address: `<https://example.org>`.
_OR_ADDRESS = rf"(?:{_BEGIN}|<https?:)"
_PARAGRAPH_OR_ADDRESS = regex(rf"{_OR_ADDRESS}.*(?:\n{_OR_ADDRESS}.*)*\Z")
# What may be more than text within a line, to Markdown, to Anki or to one of our checks. The colon is for addresses.
# A pattern that begins with a set of signs finds the first of them twice as fast as one with alternatives.
_SIGNS = r"\\`*_\[\]<&{}｛"
_SIGN = regex(f"[{_SIGNS}$~^:](?:(?<!:)|(?=//))")
_SPACE_BEFORE_LINE_END = regex(r"[ \t]\n")
_SPACELESS = regex(f"[{SPACELESS}]")
_HARD_BREAK = regex(r"(?: {2}|\\)\n")
_LINE_END = regex(r"[ \t]*\n[ \t]*")
_BETWEEN_PARAGRAPHS = regex(r"\n{2,}")
# Text that can only be markup: around plain words, after a space or colon, before a space or closing mark. The pattern
# begins with a sign and then looks at what is before it, since searching for a few signs is many times as fast.
_WORDS = r"[^\W_]+(?:[ -][^\W_]+)*"
_END = r"(?:[.:!?](?=\*\*(?:[ \n]|\Z)))?"  # the parser has its own rules for a sign before other signs
_CODE = r"[^\W_](?:[\w .:/-]*\w)?"
_ADDRESS = r"https?://[a-z0-9.-]+(?:/[a-zA-Z0-9./-]*)?"


def _markup(less: str, greater: str) -> "re.Pattern[str]":
    """Return the pattern of such markup in a text in which "<" and ">" are written like this."""
    return regex(
        rf"[*`\\\[{less[0]}](?<![^\s:].)(?:(?<=\*)\*({_WORDS}{_END})\*\*|(?<=\*)({_WORDS})\*|(?<=`)({_CODE})`"
        rf"|(?<=\\)(\((?![^)]*[a-zA-Z]{{2}} +[a-zA-Z]{{2}})[^{_SIGNS}%\">\n\0]+\\\))"
        rf"|(?<=\[)({_WORDS})\]\(({_ADDRESS})\)|(?<={less[0]}){less[1:]}({_ADDRESS}){greater})(?=[\s.,;:?!)]|\Z)"
    )


_MARKUP = _markup("<", ">")
_MARKUP_IN_HTML = _markup("&lt;", "&gt;")
_HTML = (
    "",
    "<strong>{1}</strong>",
    "<em>{2}</em>",
    "<code>{3}</code>",
    "\\{4}",
    "",
    '<a href="{6}">{5}</a>',
    '<a href="{7}">{7}</a>',
)
# The kinds of tokens that the parser makes of the same markup, in the same order.
_TOKENS = (
    (),
    ("strong_open", "text", "strong_close"),
    ("em_open", "text", "em_close"),
    ("code_inline",),
    ("math",),
    (),
    ("link_open", "text", "link_close"),
    ("link_open", "text", "link_close"),
)
_PARAGRAPH_MARKS = frozenset({"paragraph_open", "paragraph_close"})
PLAIN_MARKS = _PARAGRAPH_MARKS.union({"text", "softbreak", "cloze_open", "cloze_close", "cloze_hint"}, *_TOKENS)
"""The kinds of tokens that the parser makes from texts whose HTML is made here."""

_PART = rf"[^{_SIGNS}$~^:]*[^{_SIGNS}$~^:{BLANK}]"
_DELETION = regex(rf"\{{\{{c([1-9][0-9]?)::{_PART}(?:::{_PART})?\}}\}}")


def is_one_paragraph(text: str) -> bool:
    """Return whether a text is certainly one paragraph, so that Markdown need not look for blocks.

    A text that ends with a space is not.
    """
    return _PARAGRAPH.match(text) is not None and _has_simple_lines(text)


def _has_simple_lines(text: str) -> bool:
    return not (text[-1].isspace() or "\r" in text or "\0" in text)


def refolded(text: str) -> str:
    """Return a text that is certainly one paragraph on one line, as cards show it, and any other text as it is."""
    one_line = "\n" in text and is_one_paragraph(text) and not _HARD_BREAK.search(text)
    return _LINE_END.sub(" ", text) if one_line else text


def plain_html(paragraph: str) -> str | None:
    """Return the HTML of one paragraph with only the simplest markup, or None if it may have more."""
    if "\n" not in paragraph and not _SIGN.search(paragraph):  # true of most texts
        return _escaped(paragraph)
    return _html(paragraph) if _is_plain(paragraph) and not has_own_items(paragraph) else None


def plain_paragraphs(text: str) -> str | None:
    """Return the HTML of paragraphs with only the simplest markup, or None if a text may be something else."""
    paragraphs = _paragraphs(text)
    if not all(_PARAGRAPH_OR_ADDRESS.match(each) and _has_simple_lines(each) for each in paragraphs):
        return None
    found = list(map(plain_html, paragraphs))
    if has_own_items(text) or None in found:
        return None
    return found[0] if len(found) == 1 else "\n".join(f"<p>{html}</p>" for html in found)


def _paragraphs(text: str) -> list[str]:
    return _BETWEEN_PARAGRAPHS.split(text) if "\n\n" in text else [text]


def has_own_items(text: str) -> bool:
    """Return whether lines of a text may begin like list items that Markdown does not know."""
    return "\n" in text and ("\t" in text or any(map(OWN_ITEM.match, text.split("\n"))))


def plain_cloze(paragraph: str) -> tuple[str, frozenset[int]] | None:
    """Return the HTML of one paragraph and the numbers of its deletions.

    Returns None if it may have more than the simplest markup, or a deletion of another form than `{{c1::answer}}` or
    `{{c1::answer::hint}}`.
    """
    pieces = _DELETION.split(paragraph)
    numbers = pieces[1::2]
    # The texts on both sides of a deletion must not be read as one, so they are joined by a sign that ends any markup.
    outside = "\0".join(pieces[::2])
    has_markup = _SIGN.search(outside) is not None
    if not numbers or (has_markup and not _is_plain(outside)) or has_own_items(paragraph):
        return None
    has_hints = paragraph.count("::") > len(numbers)
    if has_hints and _has_no_hint(paragraph):
        return None
    html = _html(paragraph) if has_markup else _on_one_line(_escaped(paragraph))
    return None if html is None else (html, frozenset(map(int, numbers)))


def _has_no_hint(paragraph: str) -> bool:
    """Return whether a deletion has two colons before something that may not be a hint."""
    parts = (found[0][2:-2].split("::") for found in _DELETION.finditer(paragraph))
    return any(len(each) > 2 and are_in_answer(*each[1:]) for each in parts)


def plain_marks(text: str) -> set[str]:
    """Return the kinds of tokens that the parser makes from a text whose HTML was made here."""
    paragraphs = _paragraphs(text)
    around = _PARAGRAPH_MARKS if len(paragraphs) > 1 else ()
    return set(around).union(*map(_marks, paragraphs))


def _marks(paragraph: str) -> set[str]:
    marks = {"softbreak"} if "\n" in paragraph else set()
    if not _SIGN.search(paragraph):
        return marks | {"text"} if paragraph else marks
    escaped = _escaped(paragraph)
    marks.update(*(_TOKENS[found.lastindex or 0] for found in _MARKUP_IN_HTML.finditer(escaped)))
    if "{{" in paragraph:
        marks |= {"cloze_open", "text", "cloze_close"}
        if any(found[0].count("::") > 1 for found in _DELETION.finditer(paragraph)):
            marks.add("cloze_hint")
    if "text" not in marks and _MARKUP_IN_HTML.sub("", escaped).replace("\n", ""):
        marks.add("text")
    return marks


def _is_plain(text: str) -> bool:
    """Return whether a text has nothing but the simplest markup."""
    return not _SIGN.search(_MARKUP.sub(" ", text))


def _html(paragraph: str) -> str | None:
    """Return the HTML of a paragraph, or None if it is not certain that each line end is shown as a space."""
    return _on_one_line(_MARKUP_IN_HTML.sub(_marked, _escaped(paragraph)))


def _on_one_line(html: str) -> str | None:
    """Return HTML with spaces in place of its line ends, or None if it is not certain that they are shown as spaces."""
    if "\n" in html:
        # Few decks need the pattern of these scripts, which is slow to compile.
        are_spaces = html.isascii() or max(html) < FIRST_SPACELESS or not _SPACELESS.search(html)
        return html.replace("\n", " ") if are_spaces and not _SPACE_BEFORE_LINE_END.search(html) else None
    return html


def _marked(found: "re.Match[str]") -> str:
    assert found.lastindex
    return _HTML[found.lastindex].format(found[0], *found.groups())


def _escaped(text: str) -> str:
    """Return a text as the parser writes it in HTML, which leaves apostrophes as they are."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def normal(text: str) -> str:
    """Return a text as it is rendered: with letters as Unicode composes them, and without empty lines around it."""
    return unicodedata.normalize("NFC", text).strip("\n")
