"""The commands that are interrupted, and what was done before each: data for the programs here and their tests."""

from dataclasses import dataclass
from typing import Any

from tests.making import TALK, deck, question, spread
from tests.recording.talks import SAID, srt

OLD = deck({"one": question("What is it?", "That."), "two": question("Who spoke?", "He.")})
NEW = deck({"one": question("What is it?", "That one."), "two": question("Who spoke?", "He."), "new": question("Why?")})
# A deck that may be shared names its author and licence.
SHARED = {**OLD, "deck": {**OLD["deck"], "author": "An Author", "license": "CC BY 4.0"}}
EDITED = {**NEW, "deck": SHARED["deck"]}

# With a formula in another program's style, and an id that is not valid.
CARELESS = deck({"One": question("What is $x^2$?", "That."), "two": question("Who spoke?", "He.")})

# With pictures and a sound, and what their files contain before and after.
_SHOWN = {"one": question("What is it? ![it](media/a.png)"), "two": question("![](media/b.mp3)", "He.")}
SHOWN = deck(_SHOWN, license="CC0")
SHOWN_NEW = deck({**_SHOWN, "new": question("Why?", "![so](media/c.png)")}, license="CC0")
PICTURES = {"a_png": "first", "b_mp3": "second", "c_png": "third"}
PICTURES_NEW = {"a_png": "other " * 1000}

RECORDED = deck(
    {"one": question(at="0:02-0:03"), "two": question(at="0:04-0:05")},
    sources={"talk": {**TALK, "recording": "talk.wav"}},
)


def _course(source: str, text: str) -> dict[str, Any]:
    """Return a deck with a concept in each of two parts, whose source is in the cards.yaml."""
    concepts = {
        name: {"title": name, "source": source, "at": "0:10", "notes": {name: question(f"What is {text} in {name}?")}}
        for name in ("one", "two")
    }
    return spread({**deck({}), "sources": {source: TALK}, "concepts": concepts}, ["one"], ["two"])


# With the id of a source, and its uses in other files, that are not valid.
CARELESS_COURSE = _course("The Talk", "$x^2$")
COURSE = _course("talk", "it")
COURSE_NEW = _course("talk", "that")
# A deck that says where its parts are, and has none yet.
WITHOUT_PARTS = deck({"one": question()}, parts=["parts/*.yaml"])

FOREIGN = "out/foreign.apkg"
"""The package of another tool, relative to the folder of the deck."""
GUIDS = ("guid-one", "guid-two")
TAKEN_OVER = deck({guid.removeprefix("guid-"): question(guid=guid) for guid in GUIDS})


@dataclass(frozen=True)
class Scenario:
    """A command in a folder, what was done there before, and the command that repairs what it may leave.

    `before` are decks that are written there, each with the command that is then run, or "". `gone` are files that are
    removed before the command. With `foreign`, there is a package of another tool, with a picture. `pictures` are the
    pictures and sounds that are written beside each deck, with the words in them. With `recorded`, there is a
    recording. `talk` is the text of a file `talk.srt`.
    """

    before: tuple[tuple[dict[str, Any], str], ...]
    words: str
    heal: str = ""
    gone: tuple[str, ...] = ()
    foreign: bool = False
    pictures: tuple[dict[str, str], ...] = ()
    recorded: bool = False
    talk: str = ""


SCENARIOS = {
    "first build": Scenario(((OLD, ""),), "build cards.yaml"),
    "later build": Scenario(((OLD, "build cards.yaml"), (NEW, "")), "build cards.yaml"),
    "build elsewhere": Scenario(((OLD, "build cards.yaml -o out/x.apkg"), (NEW, "")), "build cards.yaml -o out/x.apkg"),
    "build to new folders": Scenario(((OLD, "build cards.yaml"),), "build cards.yaml -o out/deep/x.apkg"),
    "first release": Scenario(((OLD, "build cards.yaml"),), "release 1.0.0 cards.yaml"),
    "later release": Scenario(((OLD, "release 1.0.0 cards.yaml"), (NEW, "")), "release 1.1.0 cards.yaml"),
    "first build with pictures": Scenario(((SHOWN, ""),), "build cards.yaml", pictures=(PICTURES,)),
    "later build with pictures": Scenario(
        ((SHOWN, "build cards.yaml"), (SHOWN_NEW, "")), "build cards.yaml", pictures=(PICTURES, PICTURES_NEW)
    ),
    "later release with pictures": Scenario(
        ((SHOWN, "release 1.0.0 cards.yaml"), (SHOWN_NEW, "")),
        "release 1.1.0 cards.yaml",
        pictures=(PICTURES, PICTURES_NEW),
    ),
    "corrections": Scenario(
        ((OLD, "release 1.0.0 cards.yaml"), (NEW, "release 1.1.0 cards.yaml")),
        "corrections cards.yaml --from 1.0.0",
        gone=("decks/small-1.1.0-corrections-from-1.0.0-questions.tsv",),
    ),
    "adopt": Scenario(((OLD, "build cards.yaml"),), "adopt decks/small.apkg cards.yaml", gone=("cards.lock",)),
    "adopt another tool's": Scenario(((TAKEN_OVER, ""),), f"adopt {FOREIGN} cards.yaml", foreign=True),
    "fork": Scenario(((OLD, "build cards.yaml"),), "fork cards.yaml --id other --title Other", heal="build cards.yaml"),
    "fix": Scenario(((CARELESS, ""),), "check cards.yaml --fix", heal="build cards.yaml"),
    "fix of several files": Scenario(((CARELESS_COURSE, ""),), "check cards.yaml --fix"),
    "later release of several files": Scenario(
        ((COURSE, "release 1.0.0 cards.yaml"), (COURSE_NEW, "")), "release 1.1.0 cards.yaml"
    ),
    "clips": Scenario(((RECORDED, ""),), "clips cards.yaml", recorded=True),
    "import": Scenario((), f"import {FOREIGN} out/deck --lossy", foreign=True),
    "init": Scenario((), "init out/zoo"),
    "init from a transcript": Scenario((), "init out/zoo --from talk.srt", talk=srt(SAID)),
    "new": Scenario(
        ((WITHOUT_PARTS, ""),), "new third cards.yaml --url https://example.org/3.mp3 --from talk.srt", talk=srt(SAID)
    ),
    "first site": Scenario(((SHARED, "release 1.0.0 cards.yaml"),), "share cards.yaml -o out/site"),
    "later site": Scenario(
        (
            (SHARED, "release 1.0.0 cards.yaml"),
            (SHARED, "share cards.yaml -o out/site"),
            (EDITED, "release 1.1.0 cards.yaml"),
        ),
        "share cards.yaml -o out/site",
    ),
    "later site among others": Scenario(
        (
            (SHARED, "release 1.0.0 cards.yaml"),
            (SHARED, "share cards.yaml --site out/site"),
            (EDITED, "release 1.1.0 cards.yaml"),
        ),
        "share cards.yaml --site out/site",
    ),
}
