"""A new author's first weeks: drafts are built, written over and thrown away, and nobody is in the way.

Each week begins with `cuedeck init`, and ends with the first release, which speaks to people who never had the deck.
"""

import re
from pathlib import Path

import pytest

from cuedeck.disk.text import read_text
from tests.running import git, output_of

pytestmark = pytest.mark.usefixtures("folder")

CARDS = Path("cards.yaml")

OWN = """\
deck:
  id: llm-talk
  namespace: {namespace}
  title: "Talks::Intro to LLMs"

sources:
  talk:
    title: "[1hr Talk] Intro to LLMs"
    author: Andrej Karpathy
    url: https://www.youtube.com/watch?v=zjkBMFhNj_g

concepts:
  models:
    title: What a large language model is
    at: 0:20-4:17
    notes:
      two-files:
        q: Of how many files does a large language model consist?
        a: Two
      parameters:
        at: 1:00
        cloze: |
          The parameters of the 70B model take {{{{c1::140}}}} gigabytes on the {{{{c2::disk}}}}.
      clients:
        at: 2:00
        q: Which number of lines suffices to run the model?
        a: About 500
"""

# What is done to the file of one's own, one edit a day, with a build after each.
WEEK = {
    "reworded": [("Of how many files does", "Of how many files, at the least, does"), ("a: Two", "a: Two files")],
    "another question under an id": [
        (
            "q: Of how many files does a large language model consist?\n        a: Two",
            "q: Which company trained the model?\n        a: Meta",
        )
    ],
    "a question becomes a cloze": [
        (
            "q: Which number of lines suffices to run the model?\n        a: About 500",
            'cloze: "Some {{c1::500}} lines of C suffice to run the model."',
        )
    ],
    "cloze numbers renumbered": [("c1::140", "cX::140"), ("c2::disk", "c1::disk"), ("cX::140", "c2::140")],
    "a deletion for another answer": [("{{c2::disk}}", "disk, in {{c2::float16}}")],
    "a number is taken out": [("{{c2::disk}}", "disk")],
    "another title": [("Talks::Intro to LLMs", "Talks::LLMs")],
    "another deck id": [("id: llm-talk", "id: llms")],
    "an id without a word": [("two-files:", "file-count:")],
    "an id used for another note": [("two-files:", "files:"), ("clients:", "two-files:")],
    "another source first": [
        ("sources:\n", "sources:\n  film: {title: A film, author: F. Maker, url: 'https://youtu.be/abcdefghijk'}\n"),
        ("    at: 0:20-4:17\n", "    at: 0:20-4:17\n    source: talk\n"),
        ("        at: 2:00\n", "        at: 2:00\n        source: film\n"),
    ],
    "a note taken out": [
        (
            "      clients:\n        at: 2:00\n        q: Which number of lines suffices to run the model?\n"
            "        a: About 500\n",
            "",
        )
    ],
}


@pytest.fixture
def begun() -> str:
    """A deck as `init` makes it, its sample built, and then written over; returns its namespace."""
    assert output_of("init", ".", "--id", "llm-talk")[0] == 0
    assert output_of("build")[0] == 0
    namespace = re.search("namespace: ([a-z0-9]+)", read_text(CARDS))
    assert namespace
    return namespace[1]


def heard(*words: str) -> str:
    """Run a command that goes through without an error or a warning, and return what it printed."""
    code, text, errors = output_of(*words)
    assert code == 0, errors
    assert not re.search("error:|warning:|--accept", text + errors), errors
    return text


def test_the_sample_is_written_over_without_a_warning(begun: str) -> None:
    """Whoever imported it reads once how to find its notes; later, nothing is left to say of it."""
    CARDS.write_text(OWN.format(namespace=begun), encoding="utf-8")
    for is_told in (True, False):
        for command in ("check", "preview", "build"):
            assert ("2 notes are no longer in the deck: " in heard(command)) == is_told


@pytest.mark.parametrize("edits", WEEK.values(), ids=WEEK)
def test_a_week_of_drafts_refuses_nothing(begun: str, edits: list[tuple[str, str]]) -> None:
    """Nor does the first release speak of them, whatever became of their notes."""
    text = OWN.format(namespace=begun)
    CARDS.write_text(text, encoding="utf-8")
    heard("build")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    CARDS.write_text(text, encoding="utf-8")
    heard("check")
    assert heard("diff").startswith("decks/")
    heard("build")
    assert "If you have imported" not in heard("check"), "it is told once"
    rules = re.findall(r"advice: .*\[([a-z-]+)\]", output_of("check")[2])
    ignored = "".join(f"    {rule}: It is a week of drafts.\n" for rule in sorted(set(rules)))
    CARDS.write_text(text + f"check:\n  ignore:\n{ignored}" * bool(rules), encoding="utf-8")
    notes = heard("release", "1.0.0")
    assert re.search(
        r"^\* First release, with \d notes and \d cards\.\nkeep for the next release: ", notes, re.MULTILINE
    ), notes
    assert "If you had the deck before" not in read_text(Path("CHANGELOG.md"))


def test_a_week_in_git(begun: str) -> None:
    """Drafts that were committed are still drafts."""
    git("init")
    for text in (OWN, OWN.replace("q: Of how", "q: Of how very").replace("Talks::Intro", "Talks::An intro"), OWN):
        CARDS.write_text(text.format(namespace=begun), encoding="utf-8")
        heard("build")
        git("add", ".")
        git("commit", "-m", "Draft")
    heard("diff")
    assert "First release" in heard("release", "1.0.0")
