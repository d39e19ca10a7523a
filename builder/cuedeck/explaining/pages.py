"""Pages of codes, the names that messages print in brackets, each from the one place where its code is declared.

The code of a piece of advice is declared by the rule's function, and that of any other problem by a heading in a file
of `problems/`. Hazards have their headings in `hazards.md`, one for each name in `updating/harms.py`, which also says
why each is a hazard, and what it stops.

All pages are plain text of one form: a sentence that says what was found; paragraphs, among them one that begins with
`Why:` and one that begins with `Way out:`; and an indented example each below `Bad:` and `Good:`. An example is a piece
of a cards.yaml, or several pieces with commands after a `$` between them. The last command (`cuedeck check` if there is
none) prints only this code for the bad example, and no code for the good one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from cuedeck.advice.rules import RULES
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.updating.harms import HARMS, Harm

_HERE = Path(__file__).parent
_HEADING = regex(r"^## (\S+)\n", re.MULTILINE)
_ADVICE = "Advice: what would make a card better"


@dataclass(frozen=True)
class Page:
    """The page of a code: its name, its heading in the list of all codes, and the text."""

    code: str
    group: str
    text: str

    @property
    def summary(self) -> str:
        """The first sentence of the page."""
        return " ".join(self.text.partition("\n\n")[0].split())


@cache
def all_pages() -> Mapping[str, Page]:
    """Return all pages by their codes: problems, hazards, then advice."""
    return {page.code: page for page in declared()}


def declared() -> Iterator[Page]:
    """Yield the page of each declaration."""
    for path in sorted((_HERE / "problems").glob("*.md")):
        yield from _pages_of(path)
    yield from (replace(page, text=_of_hazard(page, HARMS[page.code])) for page in _pages_of(_HERE / "hazards.md"))
    yield from (Page(code, _ADVICE, rule.page) for code, rule in RULES.items())


def _pages_of(path: Path) -> Iterator[Page]:
    title, *parts = _HEADING.split(path.read_text(encoding="utf-8"))
    for code, text in zip(parts[::2], parts[1::2], strict=True):
        yield Page(code, title.strip("# \n"), text.strip())


# Keys: whether a build refuses a hazard, and how much of it a build cannot see.
_STOPS = {
    (True, "nothing"): "A build and a release stop at it until you accept it.",
    (False, "nothing"): "A build only warns of it, but a release stops until you accept it.",
    (False, "some"): "A build warns of some cases, and a release stops at all of them until you accept it.",
}
_ONLY_COMPARED = (
    "A build cannot see it, because that requires a comparison with the package that learners have. `cuedeck diff` "
    "reports it, and a release stops at it until you accept it."
)


def _of_hazard(page: Page, harm: Harm) -> str:
    """Return the text of a hazard's page: what `harms.py` declares is inserted after the first sentence."""
    summary, _, rest = page.text.partition("\n\n")
    stops = _STOPS.get((harm.refused, harm.builds_miss), _ONLY_COMPARED)
    accept = (
        "To accept it, add the option in the last line of the messages; "
        f"`--accept {page.code}` accepts all hazards of this name."
    )
    cost = " It costs learners progress, so the release needs a new major version." if harm.costs_progress else ""
    return f"{summary}\n\nWhy: {harm.because}.\n\n{stops} {accept}{cost}\n\n{rest}"
