"""The pages for learners: what they quote from Anki's windows is what Anki shows, and what they set exists."""

import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from cuedeck.rendering.notetypes import STYLE_FILE
from tests.docs.manual import DOCS, blocks
from tests.making import ROOT
from tests.needing import needed

PAGES = sorted((DOCS / "learners").glob("*.md"))
LOOK = DOCS / "learners" / "look.md"
TEMPLATES = ROOT / "builder" / "cuedeck" / "rendering" / "templates"

OTHERS = {
    "AnkiWeb": "AnkiDroid's question which collection to keep",
    "No": "a button that the system names",
    "Anki": "the first menu on a Mac",
    "Go to Folder": "the Finder",
    "Share": "iOS",
    "Synchronize": "AnkiMobile",
    "Unsupported file type.": "Anki, which does not translate it",
    "invalid Zip archive": "a library of Anki, and the test below",
    "Draft": "the page of a deck",
    "Report a mistake": "the back of a card",
    "Note ID": "a field of ours",
    "My notes": "a field of ours",
    "Cuedeck zoo (question and answer)": "a note type of ours",
    "Soft Abandonment and Its Anxiety": "a title",
    "note": "a word that is explained",
    "card": "a word that is explained",
    "bridge": "a word that is explained",
}
"""Other words in italics, and where they are from."""


def emphasized(page: Path) -> list[str]:
    """Return all words in italics, and of a way through menus each part."""
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        inside = ""
        for child in token.children or ():
            if child.type == "em_open":
                inside = " "
            elif child.type == "em_close":
                found += [part.strip() for part in inside.split(" > ")]
                inside = ""
            elif inside:
                inside += child.content or " "
    return found


@pytest.fixture(scope="module")
def shown_by_anki() -> re.Pattern[str]:
    """A pattern of all that Anki shows in English."""
    resources = json.loads(needed("anki._backend").RustBackend(langs=["en"]).i18n_resources(modules=[]))
    lines = re.findall(r"^(?:[a-z0-9-]+ =| +\*?\[[a-z]+\]) (.+)$", resources["resources"][0], re.MULTILINE)
    return re.compile("|".join(filter(None, map(_pattern, lines))))


def _pattern(line: str) -> str:
    """Return a pattern for a text of Anki with numbers as variables, or "" if it has no words.

    The mark of a shortcut, and the dots that announce a dialog, are left out.
    """
    texts = re.split(r"\{ ?\$[^}]*\}?", line.replace("&", "").removesuffix("..."))
    return "[0-9]+".join(map(re.escape, texts)) if any(map(str.strip, texts)) else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_menus_and_messages_are_those_on_the_screen(page: Path, shown_by_anki: re.Pattern[str]) -> None:
    """Words in italics are Anki's own, or one of the others."""
    unknown = [each for each in emphasized(page) if each not in OTHERS and not shown_by_anki.fullmatch(each)]
    assert unknown == []


def test_a_damaged_file_is_reported_in_the_quoted_words(tmp_path: Path) -> None:
    """The page of importing says what to do then."""
    library = needed("anki.collection")
    package = tmp_path / "half.apkg"
    data = (ROOT / "decks" / "soft-abandonment.apkg").read_bytes()
    package.write_bytes(data[: len(data) // 2])
    collection = library.Collection(str(tmp_path / "learner.anki2"))
    request = library.ImportAnkiPackageRequest(package_path=str(package), options=library.ImportAnkiPackageOptions())
    try:
        with pytest.raises(Exception, match="invalid Zip archive"):
            collection.import_anki_package(request)
    finally:
        collection.close()


def test_the_table_lists_every_property_of_the_style() -> None:
    """The page of the look has a row for each property that a learner can set, and for no other."""
    listed = re.findall(r"^\| `(--[a-z-]+)` \|", LOOK.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(set(re.findall(r"^ *(--[a-z-]+):", style("card.css"), re.MULTILINE)))


def test_what_the_page_styles_exists() -> None:
    """Each class and property that the page of the look names is in the templates or their style."""
    named = set(re.findall(r"(?:--|\.)cue-[a-z-]+|\.card\.\w+", LOOK.read_text(encoding="utf-8")))
    assert {".card.nightMode", ".cue-answer", "--cue-size"} <= named
    classes = re.findall(r"cue-[a-z-]+", "".join(style(path.name) for path in TEMPLATES.glob("*.html")))
    ours = {*re.findall(r"--cue-[a-z-]+|\.card\.\w+", style("card.css")), *(f".{name}" for name in classes)}
    assert sorted(named - ours) == []


def test_the_example_is_for_the_file_that_cards_read() -> None:
    """The CSS on the page of the look goes into the learner's own style file."""
    (example,) = (block for block in blocks(LOOK.read_text(encoding="utf-8")) if block.language == "css")
    assert (example.directive, example.value) == ("file", STYLE_FILE)


def style(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
