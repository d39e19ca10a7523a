"""Other versions of the program: a later one, which renders a mark otherwise, and the one before all revisions."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import Any

import pytest

from cuedeck.rendering import content, description, earlier, fields, markdown, unmarked
from cuedeck.rendering.markdown import ClozeText, Seen
from tests.making import cloze, question

# Of each mark that was revised, and of some that were not, a text that the first version showed as it stands there. One
# with a deletion is the text of a cloze note; all others are found in all texts.
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
"""Revisions made up, of marks that have had no other rendering so far."""
REVISED = dict(content.REVISIONS) or SOME
"""What this version of the program has revised, whatever a test says; as long as that is nothing, some made up."""


def italics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let emphasis be rendered as `<i>`, with a parser and without."""
    monkeypatch.setattr(unmarked, "_HTML", tuple(each.replace("em>", "i>") for each in unmarked._HTML))
    for is_cloze in (False, True):
        rules: Any = markdown._parser(cloze=is_cloze).renderer.rules
        monkeypatch.setitem(rules, "em_open", lambda *_: "<i>")
        monkeypatch.setitem(rules, "em_close", lambda *_: "</i>")


def revise(monkeypatch: pytest.MonkeyPatch, revisions: Mapping[str, int]) -> None:
    """Let these be the marks whose rendering has changed, with the numbers of their renderings."""
    monkeypatch.setattr(content, "REVISIONS", revisions)


def one_of_each(revisions: Iterable[str]) -> dict[str, Any]:
    """Return notes that use one revised mark each, in an answer and in a text with a gap, by ids that name it."""
    notes = {}
    for mark in revisions:
        name, text = mark.replace("_", "-"), SAMPLES[mark]
        if not is_gap(text):
            notes[f"{name}-q"] = question(f"Which is {name}?", text)
        notes[f"{name}-gap"] = cloze(text if is_gap(text) else f"{{{{c1::Sea}}}} {name} {text}")
    return notes


def is_gap(text: str) -> bool:
    """Whether a text has a deletion, so that it is the text of a cloze note."""
    return "{{c" in text


@contextmanager
def before_revisions(**kept: int) -> Iterator[None]:
    """Let what is built within be as the version built it that had only the `kept` revisions.

    A text that uses one of the others comes out as it was typed, and what is reported now as misread was taken.
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
