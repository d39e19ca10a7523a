"""Imitate other versions of the program: a later one, which renders a mark differently, and earlier ones."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import Any

import pytest

from cuedeck.rendering import content, description, earlier, fields, markdown, parsed, unmarked
from cuedeck.rendering.results import ClozeText, Seen
from tests.making import cloze, question

# A text for each revised mark, and for some others. Version 1.0.0 showed the texts with revised marks as written. Those
# with a deletion are texts of cloze notes; all others may be in any text.
SAMPLES = {
    "s_open": "~~no~~",
    "sub_open": "H<sub>2</sub>O",
    "sup_open": "10<sup>4</sup>",
    "u_open": "<u>this</u>",
    "ruby_open": "漢字[かんじ]",
    "bare_link": "see https://example.org/a_b",
    "wider_emphasis": "これは**「重要」**です",
    "hardbreak_tag": "one<br>two",
    "joined_break": "これは長い文章なので\n途中で改行しています。",
    "display_gap": "so {{c1::\\[x^2\\]}}",
    "em_open": "not *that*",
    "strong_open": "not **that**",
    "code_inline": "say `that`",
    "link_open": "see [there](https://example.org/a)",
}
SOME = {"em_open": 2, "strong_open": 2, "code_inline": 2}
"""Invented revisions, of marks whose rendering has not changed so far."""
REVISED = dict(content.REVISIONS) or SOME
"""The real revisions of this version of the program, or the invented ones if there are none."""


def italics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render emphasis as `<i>`, with the parser and without; meanwhile, nothing is remembered."""
    for module, *names in (
        (markdown, "_plain_html", "_plain_cloze"),
        (parsed, "_parsed_html_once", "_parsed_cloze_once"),
    ):
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
    monkeypatch.setattr(unmarked, "_HTML", tuple(each.replace("em>", "i>") for each in unmarked._HTML))
    for is_cloze in (False, True):
        rules: Any = parsed._parser(cloze=is_cloze).renderer.rules
        monkeypatch.setitem(rules, "em_open", lambda *_: "<i>")
        monkeypatch.setitem(rules, "em_close", lambda *_: "</i>")


def revise(monkeypatch: pytest.MonkeyPatch, revisions: Mapping[str, int]) -> None:
    """Set the marks whose rendering has changed, with the numbers of their renderings."""
    monkeypatch.setattr(content, "REVISIONS", revisions)


def one_of_each(revisions: Iterable[str]) -> dict[str, Any]:
    """Return two notes for each revised mark, with the mark in an answer and in a cloze text; the ids name the mark."""
    notes = {}
    for mark in revisions:
        name, text = mark.replace("_", "-"), SAMPLES[mark]
        if not is_gap(text):
            notes[f"{name}-q"] = question(f"Which is {name}?", text)
        notes[f"{name}-gap"] = cloze(text if is_gap(text) else f"{{{{c1::Sea}}}} {name} {text}")
    return notes


def is_gap(text: str) -> bool:
    """Return whether a text has a deletion, and so is the text of a cloze note."""
    return "{{c" in text


@contextmanager
def before_revisions(**kept: int) -> Iterator[None]:
    """Build decks inside this context like the version that had only the `kept` revisions.

    A text that uses one of the other revised marks is rendered as typed, and no text is reported as misread.
    """
    later = {mark: number for mark, number in content.REVISIONS.items() if mark not in kept}
    to_html, cloze_to_html = fields.to_html, fields.cloze_to_html

    def is_later(text: str, cloze: bool = False) -> bool:
        with pytest.MonkeyPatch.context() as patch:
            revise(patch, later)
            return earlier.is_revised(text, cloze)

    def typed(text: str) -> str:
        return escape(" ".join(text.split("\n")))

    def text_then(text: str, *seen: Seen) -> str:
        html = to_html(text, *seen)
        for each in seen:
            each.misread.clear()
        return typed(text) if is_later(text) else html

    def cloze_then(text: str, seen: Seen) -> ClozeText:
        found = cloze_to_html(text, seen)
        seen.misread.clear()
        return ClozeText(typed(text), found.numbers) if is_later(text, cloze=True) else found

    with pytest.MonkeyPatch.context() as patch:
        for module in (fields, description):
            patch.setattr(module, "to_html", text_then)
        patch.setattr(fields, "cloze_to_html", cloze_then)
        revise(patch, kept)
        yield
