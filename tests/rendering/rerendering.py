"""A later version of the program, in which one mark is rendered otherwise."""

from collections.abc import Mapping
from typing import Any

import pytest

from cuedeck.rendering import content, markdown, unmarked


def italics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let emphasis be rendered as `<i>`, with a parser and without."""
    monkeypatch.setattr(unmarked, "_HTML", tuple(each.replace("em>", "i>") for each in unmarked._HTML))
    for cloze in (False, True):
        rules: Any = markdown._parser(cloze=cloze).renderer.rules
        monkeypatch.setitem(rules, "em_open", lambda *_: "<i>")
        monkeypatch.setitem(rules, "em_close", lambda *_: "</i>")


def revise(monkeypatch: pytest.MonkeyPatch, revisions: Mapping[str, int]) -> None:
    """Let these be the marks whose rendering has changed, with the numbers of their renderings."""
    monkeypatch.setattr(content, "REVISIONS", revisions)
