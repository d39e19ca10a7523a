"""A deck that lost its id, its namespace or its title gets back what the lock knows."""

import re
from pathlib import Path

import pytest

from tests.making import deck, question, release_deck, write
from tests.running import output_of

pytestmark = pytest.mark.usefixtures("folder")

RELEASED = deck({"one": question("What is a dyad?")}, title="Small 'ones': all")

# What happened to the beginning of the file, and what to paste in its place, from the message.
LOST = {
    "no namespace": ("  namespace: tests123\n", "", "add this below deck:, as cards.lock has it: {}"),
    "no id": ("  id: small\n", "", "add this below deck:, as cards.lock has it: {}"),
    "another letter": ("namespace: tests123", "namespace: Tests123", "write this, as cards.lock has it: {}"),
    "spaces": ("id: small", "id: Small ones", "write this, as cards.lock has it: {}"),
    "nothing there": ("namespace: tests123", "namespace: ''", "write this, as cards.lock has it: {}"),
    "another namespace": ("namespace: tests123", "namespace: another99", "restore it below deck: {};"),
}


@pytest.mark.parametrize(("old", "new", "hint"), LOST.values(), ids=LOST)
def test_the_hint_restores_it(old: str, new: str, hint: str, folder: Path) -> None:
    """The hint has the line as it was, which can be pasted."""
    release_deck(folder, RELEASED)
    cards = folder / "cards.yaml"
    text = cards.read_text(encoding="utf-8")
    assert text.count(old) == 1
    cards.write_text(text.replace(old, new), encoding="utf-8")
    code, _, problems = output_of("check")
    assert code == 1
    assert hint.format(old.strip()) in problems


def test_a_lost_title_and_a_lost_head(folder: Path) -> None:
    """A title is in quotes, since it may contain a colon; without `deck:`, all of it can be pasted."""
    release_deck(folder, RELEASED)
    cards = folder / "cards.yaml"
    text = cards.read_text(encoding="utf-8")
    cards.write_text(re.sub(r"  title: .*\n", "", text, count=1), encoding="utf-8")
    assert """as cards.lock has it: title: "Small 'ones': all"\n""" in output_of("check")[2]
    rest = text[text.index("sources:") :]
    cards.write_text(rest, encoding="utf-8")
    lines = output_of("check")[2].splitlines()
    first = lines.index("    write this, as cards.lock has it:") + 1
    cards.write_text("\n".join([*(line[8:] for line in lines[first : first + 4]), rest]), encoding="utf-8")
    assert output_of("check")[::2] == (0, "")


def test_a_draft_without_a_lock_gets_a_drawn_one(folder: Path) -> None:
    """Nothing is lost yet, so any random word will do; each run draws another."""
    cards = write(folder, deck({"one": question("What is a dyad?")}))
    text = cards.read_text(encoding="utf-8")
    cards.write_text(text.replace("  namespace: tests123\n", ""), encoding="utf-8")
    found = [
        re.search(r"was just drawn for this deck: (namespace: [a-z0-9]{8})\n", output_of("check")[2]) for _ in "ab"
    ]
    assert found[0]
    assert found[1]
    assert found[0][1] != found[1][1]
    cards.write_text(text.replace("namespace: tests123", found[0][1]), encoding="utf-8")
    assert output_of("check")[::2] == (0, "")


def test_a_lock_that_cannot_be_read_restores_nothing(folder: Path) -> None:
    """No namespace is drawn beside a lock, since it may be that of a deck that learners have."""
    cards = write(folder, deck({"one": question("What is a dyad?")}))
    cards.write_text(cards.read_text(encoding="utf-8").replace("  namespace: tests123\n", ""), encoding="utf-8")
    (folder / "cards.lock").write_text("nothing\n", encoding="utf-8")
    assert "it contains: permanent random word" in output_of("check")[2]
