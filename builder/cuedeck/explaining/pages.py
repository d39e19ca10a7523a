"""Pages of codes, the names that messages print in brackets, each from the one place where its code is declared.

The code of a piece of advice is declared by the rule's function, that of a hazard in `updating/harms.py`, and that of
any other problem by a heading in a file of `problems/`.

A page is plain text of one form: a sentence that says what was found; paragraphs, among them one that begins with
`Why:` and one that begins with `Way out:`; and below `Bad:` and `Good:` an indented example each. An example is a piece
of a cards.yaml, or several with commands after a `$` between them, and the last command (`cuedeck check` where there is
none) prints just this code on the bad one, and no code on the good one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from cuedeck.advice.rules import RULES
from cuedeck.updating.harms import HARMS, Harm

Kind = Literal["problem", "hazard", "advice"]

_FOLDER = Path(__file__).parent / "problems"
_HEADING = re.compile(r"^## (\S+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """What is to be known of a code: its name, what kind of message prints it, and the text."""

    code: str
    kind: Kind
    text: str

    @property
    def summary(self) -> str:
        """The sentence that the page begins with."""
        return " ".join(self.text.partition("\n\n")[0].split())


@cache
def all_pages() -> Mapping[str, Page]:
    """Return all pages by their codes: problems, hazards, then advice."""
    found = [Page(code, "problem", text) for code, text in _problems()]
    found += [Page(code, "hazard", _of_hazard(code, harm)) for code, harm in HARMS.items()]
    found += [Page(code, "advice", rule.page) for code, rule in RULES.items()]
    return {page.code: page for page in found}


def _problems() -> Iterator[tuple[str, str]]:
    for path in sorted(_FOLDER.glob("*.md")):
        _, *parts = _HEADING.split(path.read_text(encoding="utf-8"))
        yield from ((code, text.strip()) for code, text in zip(parts[::2], parts[1::2], strict=True))


def _of_hazard(code: str, harm: Harm) -> str:
    """Return the page of a hazard: what all messages of it say, what it stops, and what its declaration adds."""
    stops = (
        "A build stops until you accept it"
        if harm.refused
        else "A build only warns of it, but a release stops until you accept it"
    )
    cost = " It costs learners progress, so a release with it needs a new major version." if harm.costs_progress else ""
    return (
        f"{harm.edit[0].upper()}{harm.edit[1:]}.\n\nWhy: {harm.because}.\n\n"
        f"{stops}: --accept {code} for all notes, or --accept {code}:NOTE for one.{cost}\n\n{harm.page}"
    )
