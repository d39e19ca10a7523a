"""Texts that need no Markdown parser, or only half of it. Most have no markup, and parsing costs the most of a build.

Whatever is told here must come out just as the parser would have it: when in doubt, the parser decides.
"""

import re

from markdown_it.common.utils import escapeHtml

from builder.rendering.cloze import Deletion

# How a line begins that can be nothing but text to Markdown: with a letter, with a number that is none of a list, with
# a quotation mark or bracket, with a deletion, or with emphasis or code right before a letter.
_BEGIN = r"""(?:[^\W\d_]|\d+(?![\d.)])|["'“‘„«»(¿¡]|\{\{c|(?:\*{1,2}|`)[^\W_])"""
_PARAGRAPH = re.compile(rf"{_BEGIN}[^\n\r\0]*(?:\n{_BEGIN}[^\n\r\0]*)*\Z")
# What may be more than text within a line, to Markdown, to Anki or to a check of ours. Spaces before a line end count.
_SIGN = re.compile(r"[\\`*_\[\]<&{}!｛]|[ \t]\n")
_DELETION = re.compile(r"\{\{c([1-9][0-9]?)::([^{}:]*[^{}:\s])(?:::([^{}:]*[^{}:\s]))?\}\}")


def is_one_paragraph(text: str) -> bool:
    """Whether a text is surely one paragraph, so that Markdown need not look for blocks. It must not end in a space."""
    return _PARAGRAPH.match(text) is not None and not text[-1].isspace()


def plain_html(paragraph: str) -> str | None:
    """Return the HTML of one paragraph without markup, or None where there may be some."""
    if _SIGN.search(paragraph):
        return None
    return escapeHtml(paragraph).replace("\n", " ")


def plain_cloze(paragraph: str) -> tuple[str, tuple[Deletion, ...], str] | None:
    """Return the HTML, the deletions and the words around them of one paragraph whose only markup is deletions.

    None where there may be more, or where a deletion is anything but `{{c1::answer}}` or `{{c1::answer::hint}}`.
    """
    outside, numbers, answers, hints = (_DELETION.split(paragraph)[part::4] for part in range(4))
    if not numbers or any(map(_SIGN.search, (*outside, *answers, *filter(None, hints)))):
        return None
    deletions = tuple(
        Deletion(int(number), " ".join(answer.split()), (hint or "").strip())
        for number, answer, hint in zip(numbers, answers, hints, strict=True)
    )
    return escapeHtml(paragraph).replace("\n", " "), deletions, " ".join("[...]".join(outside).split())
