"""What fuzzers begin with: the folder of a deck with two releases and a draft, and packages of several tools."""

import contextlib
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from cuedeck.package.opening import read_members
from tests.anki.learner import collection, take
from tests.anki.packages import CLOZE, Row, pack
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, question, release_deck, write
from tests.pictures import mp3, photo, put

Files = Mapping[str, bytes]

KEPT = "decks/small-1.1.0.apkg"
BUILT = "decks/small.apkg"
LOCK = "cards.lock"
_ABOUT = {
    "author": "A. Writer",
    "license": "CC BY 4.0",
    "description": "About **this**.",
    "feedback": "mailto:writer@example.org?subject={note}",
    "tags": ["talks"],
}
_SOURCES = {
    "talk": {
        **TALK,
        "published": "2005-04-23",
        "length": "5:00",
        "chapters": {"0:00": "One", "2:00": "Two", "4:00": "Three"},
    },
    "book": {
        "title": "A book",
        "author": "She",
        "url": "https://example.org/book",
        "deck": "Book",
        "link": "{url}#{seconds}",
    },
}
_FIRST = {
    "one": question("What is hard abandonment?", "An open breakup.", extra="It is *loud*. ![it](media/it.png)"),
    "two": cloze(
        "Said by {{c1::a lecturer}} at {{c2::noon::time}}.", extra="![](media/said.mp3)", tags=["time", "talk::people"]
    ),
    "pair": question("elephant", "der Elefant", reverse=True, source="book"),
    "back": question("Who spoke?", "She did.", reverse={"q": "What did she do?", "a": "She spoke."}, at="1:00-2:00"),
    "gone": question("What is left?", "Nothing."),
    "old": question("What had another id?", "This."),
}
_SECOND = {
    **{id: note for id, note in _FIRST.items() if id not in ("gone", "old")},
    "one": question("What is hard abandonment?", "An open break-up.", extra="It is *loud*. ![it](media/it.png)"),
    "gone": question("What is left?", "Nothing.", retired="it was wrong"),
    "new": question("What had another id?", "This.", was="old"),
}
_DRAFT = {**_SECOND, "two": cloze("Said by {{c1::a lecturer}}, {{c3::twice}}."), "more": question("Why?", "So.")}
_OTHER_DRAFT = {**_SECOND, "one": question("What is it?", "A break-up."), "else": question("Who else?", "He.")}
_ROWS = (
    Row("guid-1", ("What?", "That. <b>x</b>"), tags=("a::b",)),
    Row("guid-2", ("A {{c1::b}}.", "y"), kind=replace(CLOZE, id=1_600_000_000_001)),
    Row("guid-3", ('<img src="it.png">', "z"), due=3, deck="Facts::More"),
)
_THEIRS = deck({"first": question(guid="guid-1"), "second": cloze("A {{c1::b}}.", guid="guid-2")}, **_ABOUT)


@cache
def _folders() -> Mapping[str, Files]:
    """Return the files of the deck as built after two releases, and in two branches after that, by name."""
    found = {}
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        home = Path()
        put(home, it_png=photo(2, 2), said_mp3=mp3())
        release_deck(home, _deck(_FIRST), FIRST)
        release_deck(home, _deck(_SECOND), FIRST + DAY, "1.1.0")
        released = found["released"] = _contents(home)
        for branch, notes in (("draft", _DRAFT), ("branch", _OTHER_DRAFT)):
            _put(home, released)
            build_deck(home, _deck(notes), FIRST + 2 * DAY, accept_all=True)
            found[branch] = _contents(home)
        _put(home, released)
        release_deck(home, _deck(_OTHER_DRAFT), FIRST + 3 * DAY, "1.2.0")
        found["other release"] = _contents(home)
    return found


def _deck(notes: dict[str, Any]) -> dict[str, Any]:
    data = deck(notes, sources=_SOURCES, **_ABOUT)
    data["concepts"]["idea"]["source"] = "talk"
    return data


def _contents(home: Path) -> Files:
    files = (path for path in sorted(home.rglob("*")) if path.is_file() and ".cuedeck" not in path.parts)
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}


def _put(home: Path, files: Files) -> None:
    for name, data in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def folder_of(name: str) -> Files:
    """Return the files of the deck as "released", with a "draft", in another "branch", or after its "other release".

    With "theirs", there is only the cards.yaml of a deck that continues the package of another tool.
    """
    if name == "theirs":
        return {"cards.yaml": _as_yaml(_THEIRS)}
    return _folders()[name]


def _as_yaml(data: dict[str, Any]) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        return write(Path(name), data).read_bytes()


@cache
def packages() -> Mapping[str, Files]:
    """Return the files in packages by name: two of the deck, one of another tool, and two as Anki exports them now."""
    from anki.collection import ExportAnkiPackageOptions

    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        made = {"ours": home / "ours.apkg", "draft": home / "draft.apkg", "theirs": home / "theirs.apkg"}
        made["ours"].write_bytes(folder_of("released")[KEPT])
        made["draft"].write_bytes(folder_of("draft")[BUILT])
        put(home, it_png=photo(2, 2))
        pack(made["theirs"], _ROWS, media=[home / "media" / "it.png"])
        found = {key: dict(read_members(path)) for key, path in made.items()}
        for key in ("ours", "theirs"):
            with collection(home / f"anki {key}") as owner:
                take(owner, made[key])
                exported = home / f"{key} exported.apkg"
                owner.export_anki_package(
                    out_path=str(exported), options=ExportAnkiPackageOptions(with_media=True, legacy=False), limit=None
                )
            with ZipFile(exported) as package:
                found[f"{key} in Anki's newer form"] = {each: package.read(each) for each in package.namelist()}
    return found
