"""What the README promises: its deck is complete, and its messages are real."""

import re
from pathlib import Path

import pytest

from cuedeck.problems import Problems
from cuedeck.usecases.build import build
from tests.making import checked
from tests.tables import with_tables

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def block(language: str, beginning: str) -> str:
    """Return the first code block of a language that starts with these words."""
    found = re.search(rf"^```{language}\n({re.escape(beginning)}.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert found, f"the README has no {language} block that starts with {beginning!r}"
    return found[1]


def test_the_first_deck_builds(tmp_path: Path) -> None:
    """The deck on the first screen is complete, in nine lines."""
    deck = block("yaml", "deck:")
    (tmp_path / "cards.yaml").write_text(deck, encoding="utf-8")
    assert len(deck.splitlines()) == 9
    assert build(tmp_path / "cards.yaml").build.card_count == 1


def test_the_messages_are_real(folder: Path) -> None:
    """The README shows, word for word, what two slips in the first deck give."""
    slips = block("yaml", "deck:").replace("at: 0:05", "at: 0:75").replace("    notes:", "    note:")
    (folder / "cards.yaml").write_text(slips, encoding="utf-8")
    with pytest.raises(Problems) as found:
        checked(Path("cards.yaml"))
    assert str(found.value) + "\n" == block("", "cards.yaml:")


def test_every_key_is_described() -> None:
    """The tables name every key that cards.yaml may have."""
    from cuedeck.deck.deck import About, Check, ClozeNote, Concept, Deck, QuestionNote, Source
    from cuedeck.deck.keys import declared_keys

    kinds = (About, Check, ClozeNote, Concept, Deck, QuestionNote, Source)
    names = {name for kind in kinds for name in declared_keys(kind)}
    assert [name for name in sorted(names) if f"`{name}`" not in README and f"{name}:" not in README] == []


def test_every_command_is_described() -> None:
    """The table of commands is complete."""
    from cuedeck.cli import COMMANDS

    assert [name for name in COMMANDS if f"| `cuedeck {name}" not in README] == []


def test_the_tables_of_hazards_are_those_declared() -> None:
    """The tables say what the builder refuses and warns of, and what costs progress."""
    assert with_tables(README) == README, "run: make tables"
