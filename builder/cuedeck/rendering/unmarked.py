"""Texts that need no Markdown parser, or only half of it. Most have little markup, and parsing costs most of a build.

Whatever is told here must come out just as the parser would have it: when in doubt, the parser decides.
"""

import re

from markdown_it.common.utils import escapeHtml

from cuedeck.rendering.colons import are_in_answer
from cuedeck.rendering.misread import OWN_ITEM
from cuedeck.rendering.plain import BLANK
from cuedeck.rendering.scripts import SPACELESS

# How a line begins that can be nothing but text to Markdown: with a letter, with a number that is none of a list, with
# a quotation mark or bracket, with a deletion, or with emphasis or code right before a letter. Digests depend on it, so
# it never changes.
_BEGIN = r"""(?:[^\W\d_]|\d+(?![\d.)])|["'“‘„«»(¿¡]|\{\{c|(?:\*{1,2}|`)[^\W_])"""
_PARAGRAPH = re.compile(rf"{_BEGIN}.*(?:\n{_BEGIN}.*)*\Z")
# What may be more than text within a line, to Markdown, to Anki or to a check of ours; the colon is that of an address.
_SIGNS = r"\\`*_\[\]<&{}｛"
_SIGN = re.compile(f"[{_SIGNS}$~^]|:(?=//)")
_SPACE_BEFORE_LINE_END = re.compile(r"[ \t]\n")
_SPACELESS = re.compile(f"[{SPACELESS}]")
_HARD_BREAK = re.compile(r"(?: {2}|\\)\n")
_LINE_END = re.compile(r"[ \t]*\n[ \t]*")
# Markup that can be nothing else: around plain words, behind a space or colon, before a space or closing mark. The
# pattern begins with a sign and looks behind it, since a search for a few signs is many times as fast.
_WORDS = r"[^\W_]+(?:[ -][^\W_]+)*"
_MARKUP = re.compile(
    rf"[*`\\\[](?<![^\s:].)(?:(?<=\*)\*({_WORDS})\*\*|(?<=\*)({_WORDS})\*|(?<=`)({_WORDS})`"
    rf"|(?<=\\)(\((?![^)]*[a-zA-Z]{{2}} +[a-zA-Z]{{2}})[^{_SIGNS}%\">\n\0]+\\\))|(?<=\[)({_WORDS})\]\((https?://[a-z0-9.-]+(?:/[a-zA-Z0-9./-]*)?)\))"
    r"(?=[\s.,;:?!)]|\Z)"
)
_HTML = ("", "<strong>{1}</strong>", "<em>{2}</em>", "<code>{3}</code>", "\\{4}", "", '<a href="{6}">{5}</a>')
# The kinds of tokens that the parser makes of the same markup, in the same order.
_TOKENS = (
    (),
    ("strong_open", "text", "strong_close"),
    ("em_open", "text", "em_close"),
    ("code_inline",),
    ("math",),
    (),
    ("link_open", "text", "link_close"),
)
PLAIN_MARKS = frozenset({"text", "softbreak", "cloze_open", "cloze_close", "cloze_hint"}.union(*_TOKENS))
"""The kinds of tokens that the parser makes of texts of which HTML is made here."""

_PART = rf"[^{_SIGNS}:]*[^{_SIGNS}:{BLANK}]"
_DELETION = re.compile(rf"\{{\{{c([1-9][0-9]?)::{_PART}(?:::{_PART})?\}}\}}")


def is_one_paragraph(text: str) -> bool:
    """Whether a text is surely one paragraph, so that Markdown need not look for blocks. It must not end in a space."""
    return _PARAGRAPH.match(text) is not None and not (text[-1].isspace() or "\r" in text or "\0" in text)


def refolded(text: str) -> str:
    """Return a text that is surely one paragraph in one line, as every card shows it; any other as it is."""
    one_line = "\n" in text and is_one_paragraph(text) and not _HARD_BREAK.search(text)
    return _LINE_END.sub(" ", text) if one_line else text


def plain_html(paragraph: str) -> str | None:
    """Return the HTML of one paragraph with no markup but the simplest, or None where there may be more."""
    return _html(paragraph) if _is_plain(paragraph) and not has_own_items(paragraph) else None


def has_own_items(text: str) -> bool:
    """Whether lines of a text may begin as items of a list do that Markdown does not know."""
    return "\n" in text and any(map(OWN_ITEM.match, text.split("\n")))


def plain_cloze(paragraph: str) -> tuple[str, frozenset[int]] | None:
    """Return the HTML of one paragraph and the numbers of its deletions.

    None where it may have more markup than the simplest, or a deletion that is anything but `{{c1::answer}}` or
    `{{c1::answer::hint}}`.
    """
    pieces = _DELETION.split(paragraph)
    numbers = pieces[1::2]
    # What stands on both sides of a deletion must not be taken for one: the sign between can be part of no markup.
    if not numbers or not _is_plain("\0".join(pieces[::2])) or has_own_items(paragraph) or _has_no_hint(paragraph):
        return None
    if (html := _html(paragraph)) is None:
        return None
    return html, frozenset(map(int, numbers))


def _has_no_hint(paragraph: str) -> bool:
    """Whether a deletion has two colons before what may be no hint."""
    parts = (found[0][2:-2].split("::") for found in _DELETION.finditer(paragraph))
    return any(len(each) > 2 and are_in_answer(*each[1:]) for each in parts)


def plain_marks(paragraph: str) -> set[str]:
    """Return the kinds of tokens that the parser makes of a paragraph of which HTML was made here."""
    marks = {"softbreak"} if "\n" in paragraph else set()
    if not _SIGN.search(paragraph):
        return marks | {"text"}
    escaped = escapeHtml(paragraph)
    marks.update(*(_TOKENS[found.lastindex or 0] for found in _MARKUP.finditer(escaped)))
    if "{{" in paragraph:
        marks |= {"cloze_open", "text", "cloze_close"}
        if any(found[0].count("::") > 1 for found in _DELETION.finditer(paragraph)):
            marks.add("cloze_hint")
    if "text" not in marks and _MARKUP.sub("", escaped).replace("\n", ""):
        marks.add("text")
    return marks


def _is_plain(text: str) -> bool:
    return not _SIGN.search(text) or not _SIGN.search(_MARKUP.sub(" ", text))


def _html(paragraph: str) -> str | None:
    """Return the HTML of a paragraph, or None where it is not sure that a line end is shown as a space."""
    html: str = _MARKUP.sub(_marked, escapeHtml(paragraph))
    if "\n" in html:
        is_sure = not _SPACE_BEFORE_LINE_END.search(html) and (html.isascii() or not _SPACELESS.search(html))
        return html.replace("\n", " ") if is_sure else None
    return html


def _marked(found: "re.Match[str]") -> str:
    assert found.lastindex
    return _HTML[found.lastindex].format(found[0], *found.groups())
