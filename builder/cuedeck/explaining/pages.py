"""Pages of codes, the names that messages print in brackets, each from the one place where its code is declared.

The code of a piece of advice is declared by the rule's function, that of a hazard in `updating/harms.py`, and that of
any other problem by a heading in a file of `problems/`.

A page is plain text of one form: a sentence that says what was found; paragraphs, among them one that begins with
`Why:` and one that begins with `Way out:`; and below `Bad:` and `Good:` an indented example each. An example is a piece
of a cards.yaml, or several with commands after a `$` between them, and the last command (`cuedeck check` where there is
none) prints just this code on the bad one, and no code on the good one.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cuedeck.advice.rules import RULES
from cuedeck.updating.harms import HARMS, Harm

_FOLDER = Path(__file__).parent / "problems"
_HEADING = re.compile(r"^## (\S+)\n", re.MULTILINE)
_HAZARDS = "Hazards: what an edit would do to learners"
_ADVICE = "Advice: what would make a card better"


@dataclass(frozen=True)
class Page:
    """What is to be known of a code: its name, the heading that it stands under in a list of all, and the text."""

    code: str
    group: str
    text: str

    @property
    def summary(self) -> str:
        """The sentence that the page begins with."""
        return " ".join(self.text.partition("\n\n")[0].split())


@cache
def all_pages() -> Mapping[str, Page]:
    """Return all pages by their codes: problems, hazards, then advice."""
    return {page.code: page for page in declared()}


def declared() -> Iterator[Page]:
    """Yield the page of each declaration."""
    for path in sorted(_FOLDER.glob("*.md")):
        title, *parts = _HEADING.split(path.read_text(encoding="utf-8"))
        for code, text in zip(parts[::2], parts[1::2], strict=True):
            yield Page(code, title.strip("# \n"), text.strip())
    yield from (Page(code, _HAZARDS, _of_hazard(code, harm)) for code, harm in HARMS.items())
    yield from (Page(code, _ADVICE, rule.page) for code, rule in RULES.items())


def _of_hazard(code: str, harm: Harm) -> str:
    """Return the page of a hazard: what all messages of it say, what it stops, and what its declaration adds."""
    what = f"{harm.edit[0].upper()}{harm.edit[1:]}."
    stops = "A build or a release stops at it" if harm.refused else "A build only warns of it, but a release stops"
    accept = f"the last line of the messages accepts just what was met, and --accept {code} all hazards of this name."
    cost = " It costs learners progress, so the release needs a new major version." if harm.costs_progress else ""
    meaning = f"{what}\n\nWhy: {harm.because}.\n\n{stops} until you accept it: {accept}{cost}"
    return f"{meaning}\n\n{inspect.cleandoc(harm.page)}"
