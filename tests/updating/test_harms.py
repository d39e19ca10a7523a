"""Every sentence of every hazard, as people read it, once: in `tests/examples/hazards.yaml`. Other tests name hazards.

The edit that does it is the bad example on the page of the hazard.
"""

import re
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from cuedeck.explaining.pages import all_pages
from cuedeck.updating.changelog import notes_of
from cuedeck.updating.harms import HARMS
from tests.explaining.sessions import as_of_a_reader, examples, play
from tests.making import ROOT
from tests.rendering.rerendering import before_revisions

SENTENCES = yaml.safe_load((ROOT / "tests" / "examples" / "hazards.yaml").read_text(encoding="utf-8"))

# Its page has no example, since only an older version of the program can have made the release.
RERENDERED = 'ice:\n  q: What is ice made of?\n  a: "H<sub>2</sub>O"\n$ cuedeck build'
# The two packages of these examples are no draft and what follows it.
NO_DRAFTS = {"stale", "type-changed"}
DRAFTS = "If you have imported a draft yourself (a build that was not released):"


def sentences(name: str, folder: Path) -> dict[str, str]:
    """Return what people read of the bad example of a hazard.

    Authors read it in messages, learners in the notes of the release that accepts it, and those who imported a draft
    below the differences from that. What a build says of its package is left out, how to accept the hazard, and what
    release notes say of corrections.
    """
    (example,) = [RERENDERED] if name == "rerendered" else examples(all_pages()[name].text, "Bad")
    before, _, last = _own(example).rstrip().rpartition("\n$ ")
    told = _printed(name, before, last, folder / "authors")
    found = {"authors": re.sub(r"^(?:decks/|to .*release ).*\n", "", told, flags=re.M)}
    time, _, words = last.rpartition("cuedeck ")
    accepting = " ".join([*re.findall(r"--\w+ \S+", words), "--accept", name])
    _printed(name, before, f"{time}cuedeck release 9.0.0 {accepting}", folder / "learners")
    notes = notes_of((folder / "learners" / "CHANGELOG.md").read_text(encoding="utf-8"), "9.0.0") + "\n"
    found["learners"] = re.sub(r"^\* (?:If you import the corrections|Other tags on) .*\n", "", notes, flags=re.M)
    if HARMS[name].for_draft_users and name not in NO_DRAFTS:
        draft = before.replace("$ cuedeck release 1.0.0", "$ cuedeck build")
        _, told = _printed(name, draft, "cuedeck diff", folder / "drafters").split(f"{DRAFTS}\n")
        found["drafters"] = dedent(told)
    return found


def _own(example: str) -> str:
    """Return an example with namespaces of a reader's own, except where a file beside it has those of the example."""
    return example if "old.apkg" in example else as_of_a_reader(example)


def _printed(name: str, before: str, last: str, folder: Path) -> str:
    """Return what the last command prints, after what comes before it was played in a new folder."""
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        if name == "rerendered":
            with before_revisions():
                play(f"{before}\n$ cuedeck release 1.0.0", folder)
        return play(f"{before}\n$ {last}", folder)[2]


@pytest.mark.parametrize("name", HARMS)
def test_these_are_the_sentences_of_a_hazard(name: str, folder: Path) -> None:
    """Whoever reads them."""
    assert sentences(name, folder) == SENTENCES[name]


def test_no_other_hazards_have_sentences() -> None:
    """They are in the order of their declaration."""
    assert list(SENTENCES) == list(HARMS)
