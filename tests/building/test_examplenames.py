"""The namespaces of examples, which anybody may copy: no deck is released with one, and giving it up is easy."""

import re
from pathlib import Path

import pytest

from cuedeck.deck.values import EXAMPLE_NAMESPACES
from tests.making import ROOT, deck, question, release_deck, write
from tests.running import output_of

pytestmark = pytest.mark.usefixtures("folder")

EXAMPLE = "k3v9x2mq"
_DRAWN = re.compile(r"a word drawn at random, such as ([a-z0-9]{8})")


def test_the_documentation_uses_no_others() -> None:
    """Whatever deck a reader copies from the README, the manual or a page of a message, Cuedeck knows its namespace."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "builder").rglob("*.md")]
    used = {
        found
        for page in pages
        for found in re.findall(r'(?<!")namespace: "?([a-z0-9]{8,32})\b', page.read_text(encoding="utf-8"))
    }
    assert used == EXAMPLE_NAMESPACES


def test_a_copied_example_is_reported_until_it_has_a_namespace_of_its_own(folder: Path) -> None:
    """A check and a build warn, a release stops; the hint followed, all goes on, over the draft and its lock."""
    named = {"namespace": EXAMPLE, "author": "A. Writer", "license": "CC BY 4.0"}
    cards = write(folder, deck({"one": question("What is a dyad?")}, **named))
    for words, expected in ((["check"], 0), (["build"], 0), (["release", "1.0.0"], 1)):
        code, _, problems = output_of(*words)
        assert code == expected
        assert f'"{EXAMPLE}" is the namespace of an example' in problems
        assert ":3:14: " in problems
        drawn = _DRAWN.search(problems)
    assert drawn
    cards.write_text(cards.read_text(encoding="utf-8").replace(EXAMPLE, drawn[1]), encoding="utf-8")
    assert output_of("build") == (0, "decks/small.apkg: 1 note, 1 card (1 new, 0 changed, 0 unchanged), 7 kB\n", "")
    assert output_of("release", "1.0.0")[::2] == (0, "")
    assert output_of("verify", "decks/small-1.0.0.apkg")[::2] == (0, "")


def test_a_released_deck_keeps_it(folder: Path) -> None:
    """Learners know it by this namespace, so nothing suggests another, and the lock does not let it go."""
    release_deck(folder, deck({"one": question("What is a dyad?")}, namespace=EXAMPLE))
    assert output_of("check")[::2] == (0, "")
    write(folder, deck({"one": question("What is a dyad?")}, namespace="anotherone"))
    assert "[lock-of-another-deck]" in output_of("check")[2]


def test_a_package_of_somebody_with_the_same_example_is_kept(folder: Path) -> None:
    """Only a draft may be overwritten: a release with the namespace of an example is some other deck."""
    release_deck(folder, deck({"one": question("What is a dyad?")}, namespace=EXAMPLE))
    (folder / "cards.lock").unlink()
    write(folder, deck({"one": question("What is a dyad?")}))
    assert "[package-of-another-deck]" in output_of("build")[2]
