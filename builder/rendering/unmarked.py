"""Texts that need no Markdown parser, or only half of it. Most have no markup, and parsing costs the most of a build.

Whatever is told here must come out just as the parser would have it: when in doubt, the parser decides.
"""

import re

from markdown_it.common.utils import escapeHtml

from builder.rendering.cloze import Deletion

# How a line begins that can be nothing but text to Markdown: with a letter, with a number that is none of a list, with
# a quotation mark or bracket, with a deletion, or with emphasis or code right before a letter.
_BEGIN = r"""(?:[^\W\d_]|\d+(?![\d.)])|["'“‘„«»(¿¡]|\{\{c|(?:\*{1,2}|`)[^\W_])"""
_PARAGRAPH = re.compile(rf"{_BEGIN}.*(?:\n{_BEGIN}.*)*\Z")
# What may be more than text within a line, to Markdown, to Anki or to a check of ours.
_SIGNS = r"\\`*_\[\]<&{}!｛"
_SIGN = re.compile(f"[{_SIGNS}]")
_WORDS = rf"([^{_SIGNS}:]*[^{_SIGNS}:\s])"
_DELETION = re.compile(rf"\{{\{{c([1-9][0-9]?)::{_WORDS}(?:::{_WORDS})?\}}\}}")
_SPACE_BEFORE_LINE_END = re.compile(r"[ \t]\n")


def is_one_paragraph(text: str) -> bool:
    """Whether a text is surely one paragraph, so that Markdown need not look for blocks. It must not end in a space."""
    return _PARAGRAPH.match(text) is not None and not (text[-1].isspace() or "\r" in text or "\0" in text)


def plain_html(paragraph: str) -> str | None:
    """Return the HTML of one paragraph without markup, or None where there may be some."""
    if _SIGN.search(paragraph):
        return None
    return _in_one_line(paragraph)


def plain_cloze(paragraph: str) -> tuple[str, tuple[Deletion, ...], str] | None:
    """Return the HTML, the deletions and the words around them of one paragraph whose only markup is deletions.

    None where there may be more, or where a deletion is anything but `{{c1::answer}}` or `{{c1::answer::hint}}`.
    """
    pieces = _DELETION.split(paragraph)
    outside, numbers, answers, hints = (pieces[part::4] for part in range(4))
    if not numbers or _SIGN.search("".join(outside)) or (html := _in_one_line(paragraph)) is None:
        return None
    deletions = tuple(
        Deletion(int(number), " ".join(answer.split()), (hint or "").strip())
        for number, answer, hint in zip(numbers, answers, hints, strict=True)
    )
    return html, deletions, " ".join("[...]".join(outside).split())


def _in_one_line(paragraph: str) -> str | None:
    """Return a paragraph in one line, or None where spaces before a line end may ask for a line break."""
    html: str = escapeHtml(paragraph)
    if "\n" in html:
        return None if _SPACE_BEFORE_LINE_END.search(html) else html.replace("\n", " ")
    return html
