"""Anki shows what an author plainly means, or else a message says what to write."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from cuedeck.problems import TextError
from cuedeck.rendering.markdown import cloze_to_html, to_html
from cuedeck.rendering.notefields import ANSWER, TEXT
from tests.anki.learner import card_of, collection, faults, note_of, shown, take
from tests.making import build_deck, cloze, deck, question

GROUPS: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "meant.yaml").read_text(encoding="utf-8")
)
ROWS = [row for rows in GROUPS.values() for row in rows]


def _is_cloze(text: str) -> bool:
    return "{{c" in text


def _error(text: str) -> TextError | None:
    try:
        (cloze_to_html if _is_cloze(text) else to_html)(text)
    except TextError as error:
        return error
    return None


@pytest.mark.parametrize("row", [row for row in ROWS if "says" in row], ids=lambda row: row["text"])
def test_a_text_that_would_not_be_shown_as_meant_is_reported(row: dict[str, str]) -> None:
    """The error has the expected code and a hint. After its replacement, if it has one, it is not reported again."""
    error = _error(row["text"])
    assert error
    assert error.rule == row["says"]
    assert error.hint
    assert error.fragment in row["text"]
    if error.instead:
        again = _error(row["text"].replace(error.fragment, error.instead, 1))
        assert not again or (again.rule, again.fragment) != (error.rule, error.fragment)


def test_all_other_texts_are_shown_as_meant(tmp_path: Path) -> None:
    """Anki itself shows them, whatever signs they contain."""
    rows = {f"n{number}": row for number, row in enumerate(ROWS) if "shows" in row}
    notes: dict[str, Any] = {
        id: cloze(row["text"]) if _is_cloze(row["text"]) else question(f"Number {id}?", row["text"])
        for id, row in rows.items()
    }
    written = build_deck(tmp_path, deck(notes))
    with collection(tmp_path) as learner:
        assert take(learner, written.package) == {"new": len(notes)}
        backs = {id: shown(card_of(learner, id).answer()).partition(" Idea ¶")[0] for id in rows}
        wrong = {row["text"]: backs[id] for id, row in rows.items() if not backs[id].endswith(row["shows"])}
        assert wrong == {}
        fields = {
            id: note_of(learner, id)[(TEXT if _is_cloze(row["text"]) else ANSWER).name] for id, row in rows.items()
        }
        assert {row["text"]: fields[id] for id, row in rows.items() if row.get("html", "") not in fields[id]} == {}
        assert faults(learner) == ""
