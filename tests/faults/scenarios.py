"""The commands that are broken off, and what was done before each: data for the programs here and for their tests."""

from dataclasses import dataclass
from typing import Any

from tests.making import deck, question

OLD = deck({"one": question("What is it?", "That."), "two": question("Who spoke?", "He.")})
NEW = deck({"one": question("What is it?", "That one."), "two": question("Who spoke?", "He."), "new": question("Why?")})
# What may be shared says whose it is.
SHARED = {**OLD, "deck": {**OLD["deck"], "author": "An Author", "license": "CC BY 4.0"}}
EDITED = {**NEW, "deck": SHARED["deck"]}

# Written as other programs have it, and with an id that is not valid.
CARELESS = deck({"One": question("What is $x^2$?", "That."), "two": question("Who spoke?", "He.")})

FOREIGN = "out/foreign.apkg"
"""Where the package of another tool lies, from the folder of the deck."""
GUIDS = ("guid-one", "guid-two")
TAKEN_OVER = deck({guid.removeprefix("guid-"): question(guid=guid) for guid in GUIDS})


@dataclass(frozen=True)
class Scenario:
    """A command in a folder, what was done in it before, and the command that heals what is left of it.

    `before` are decks that are written there, each with a command that is run then, or ""; `gone` are the files that
    are taken away before the command, and with `foreign` there is a package of another tool.
    """

    before: tuple[tuple[dict[str, Any], str], ...]
    words: str
    heal: str = ""
    gone: tuple[str, ...] = ()
    foreign: bool = False


SCENARIOS = {
    "first build": Scenario(((OLD, ""),), "build cards.yaml"),
    "later build": Scenario(((OLD, "build cards.yaml"), (NEW, "")), "build cards.yaml"),
    "build elsewhere": Scenario(((OLD, "build cards.yaml -o out/x.apkg"), (NEW, "")), "build cards.yaml -o out/x.apkg"),
    "build to new folders": Scenario(((OLD, "build cards.yaml"),), "build cards.yaml -o out/deep/x.apkg"),
    "first release": Scenario(((OLD, "build cards.yaml"),), "release 1.0.0 cards.yaml"),
    "later release": Scenario(((OLD, "release 1.0.0 cards.yaml"), (NEW, "")), "release 1.1.0 cards.yaml"),
    "adopt": Scenario(((OLD, "build cards.yaml"),), "adopt decks/small.apkg cards.yaml", gone=("cards.lock",)),
    "adopt another tool's": Scenario(((TAKEN_OVER, ""),), f"adopt {FOREIGN} cards.yaml", foreign=True),
    "fork": Scenario(((OLD, "build cards.yaml"),), "fork cards.yaml --id other --title Other", heal="build cards.yaml"),
    "fix": Scenario(((CARELESS, ""),), "check cards.yaml --fix", heal="build cards.yaml"),
    "init": Scenario((), "init out/zoo"),
    "first site": Scenario(((SHARED, "release 1.0.0 cards.yaml"),), "share cards.yaml -o out/site"),
    "later site": Scenario(
        (
            (SHARED, "release 1.0.0 cards.yaml"),
            (SHARED, "share cards.yaml -o out/site"),
            (EDITED, "release 1.1.0 cards.yaml"),
        ),
        "share cards.yaml -o out/site",
    ),
}
