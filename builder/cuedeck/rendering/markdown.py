"""Turn Markdown into the HTML of a field: CommonMark and tables, without raw HTML, so that text stays text in Anki."""

from cuedeck.entities import unescape
from cuedeck.patterns import regex
from cuedeck.remembering import remembered
from cuedeck.rendering.plain import is_visible
from cuedeck.rendering.results import ClozeText, Seen
from cuedeck.rendering.unmarked import is_one_paragraph, normal, plain_cloze, plain_html, plain_paragraphs

_TAG = regex(r"<[^>]*>")


def to_html(text: str, seen: Seen | None = None) -> str:
    """Return the HTML of a text without deletions; a single paragraph has no `<p>` around it.

    What is found in it is added to `seen`. Raises TextError if the text contains something that a field cannot: an
    image, a sound, an open formula, a cloze deletion; without `seen`, also if it would not be shown as it was meant.
    """
    text = normal(text)
    if (html := _plain_html(text)) is not None:
        if seen:
            seen.add_unparsed(text)
        return html
    from cuedeck.rendering.parsed import parsed_to_html  # here because many decks need no parser

    return parsed_to_html(text, is_one_paragraph(text), seen)


@remembered
def _plain_html(text: str) -> str | None:
    return plain_html(text) if not text or is_one_paragraph(text) else plain_paragraphs(text)


def cloze_to_html(text: str, seen: Seen | None = None) -> ClozeText:
    """Return the HTML and the numbers of a text with deletions.

    What is found in it is added to `seen`. Raises TextError if Anki would make no card, or a broken one; without
    `seen`, also if the text would not be shown as it was meant.
    """
    text = normal(text)
    if found := _plain_cloze(text):
        if seen:
            seen.add_unparsed(text)
        return found
    from cuedeck.rendering.parsed import parsed_cloze_to_html  # as above

    return parsed_cloze_to_html(text, is_one_paragraph(text), seen)


@remembered
def _plain_cloze(text: str) -> ClozeText | None:
    found = plain_cloze(text) if is_one_paragraph(text) else None
    return ClozeText(*found) if found else None


def shows_something(html: str) -> bool:
    """Return whether HTML contains anything to read besides lines, bullets and spaces."""
    if html[:1].isascii() and html[:1].isalnum():  # true of most texts
        return True
    return "<img " in html or is_visible(unescape(_TAG.sub("", html)))
