"""The manual and the README: every example does what the page says, every link leads somewhere."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.docs.cardpictures import card_pictures, example_in
from tests.docs.manual import DOCS, PAGES, README, Block, Session, author, blocks, copy_repository, newcomer
from tests.docs.reference import REFERENCE, written
from tests.making import ROOT

HAND_WRITTEN = [README, *(page for page in PAGES if not page.is_relative_to(REFERENCE))]
LINKED = [*HAND_WRITTEN, *sorted(REFERENCE.rglob("*.md")), *sorted(ROOT.glob("*.md")), ROOT / "tests" / "README.md"]
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def with_marks(page: Path) -> Any:
    """Return a page, with a mark if its examples are tried in a copy of the repository."""
    slow = "<!-- copy" in page.read_text(encoding="utf-8")
    return pytest.param(page, id=name_of(page), marks=[pytest.mark.slow] if slow else [])


@pytest.mark.parametrize("page", [with_marks(page) for page in HAND_WRITTEN])
def test_examples_do_what_the_page_says(page: Path, tmp_path: Path) -> None:
    """A reader who follows the page from top to bottom gets what it shows."""
    (tmp_path / "page").mkdir()
    session = Session(tmp_path / "page", author(tmp_path / "programs"))
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.directive != "set-up":
            try:
                session.play(block)
            except AssertionError as error:
                raise AssertionError(f"{name_of(page)}:{block.line}: {error}") from error


@pytest.mark.slow
@pytest.mark.parametrize("page", HAND_WRITTEN, ids=name_of)
def test_what_sets_up_an_environment_works(page: Path, tmp_path: Path) -> None:
    """Every block that installs something succeeds in a fresh copy of the repository."""
    found = [block for block in blocks(page.read_text(encoding="utf-8")) if block.directive == "set-up"]
    if found:
        copy = tmp_path / "copy"
        copy_repository(copy)
        session = Session(copy, newcomer(tmp_path / "programs", copy))
        session.play(Block(0, "run", "git init -q && git add . && git commit -qm 'Start a repository'"))
        for block in found:
            session.play(block)


@pytest.mark.parametrize("page", LINKED, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to a file leads to one in this repository, and each link to a heading to one on that page."""
    dead = [link for link in _links(page) if not _is_there(page, link)]
    assert dead == []


def _links(page: Path) -> Iterator[str]:
    """Yield what all links and pictures of a page lead to, except other sites."""
    text = page.read_text(encoding="utf-8")
    for token in _flat(_MARKDOWN.parse(text)):
        target = str(token.attrs.get("href") or token.attrs.get("src") or "")
        if target and not re.match(r"[a-z]+:", target):
            yield target
        if token.type.startswith("html_"):
            yield from re.findall(r'(?:src|srcset|href)="(?!https?:)([^"]+)"', token.content)


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])


def _is_there(page: Path, link: str) -> bool:
    name, _, heading = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    return target.exists() and target.is_relative_to(ROOT) and (not heading or heading in _headings(target))


def _headings(page: Path) -> set[str]:
    """Return the names by which a code host links to the headings of a page."""
    tokens = _MARKDOWN.parse(page.read_text(encoding="utf-8"))
    titles = [
        "".join(child.content for child in after.children or ())
        for token, after in itertools.pairwise(tokens)
        if token.type == "heading_open"
    ]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=name_of)
def test_tests_that_a_page_names_exist(page: Path) -> None:
    """A page may give a test as evidence, by the name under which pytest runs it."""
    named = re.findall(r"`(tests/[\w/.]+)(?:::(\w+))?`", page.read_text(encoding="utf-8"))
    assert [(path, test) for path, test in named if not _has(ROOT / path, test)] == []


def _has(path: Path, test: str) -> bool:
    return path.exists() and (not test or f"def {test}(" in path.read_text(encoding="utf-8"))


def test_every_page_is_listed() -> None:
    """The first page of the manual links to all others, so that each is in the sidebar of the site."""
    listed = {(DOCS / link).resolve() for link in _links(DOCS / "index.md")}
    of_messages = {page for page in PAGES if page.parent.name == "messages"}
    assert set(PAGES) - of_messages - {DOCS / "index.md"} <= listed


def test_what_the_program_declares_is_up_to_date() -> None:
    """The reference, and the tables on other pages, say what the program says."""
    assert [name_of(path) for path, text in written() if path.read_text(encoding="utf-8") != text] == [], (
        "run: make docs"
    )


def test_the_readme_is_one_page() -> None:
    """It has no more words than fit on a page or two; everything else is in the manual."""
    assert len(README.read_text(encoding="utf-8").split()) <= 900


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=name_of)
def test_make_can_do_what_a_page_says(page: Path) -> None:
    """Each `make ...` that a page names is in the Makefile; only some are run by these tests."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {
        name for words in re.findall(r"(?:^|`)make ([a-z -]+)", page.read_text("utf-8"), re.M) for name in words.split()
    }
    assert [name for name in named if not re.search(rf"^(?:[\w -]+ )?{name}(?: [\w -]+)?:", makefile, re.M)] == []


def test_pictures_of_cards_show_their_examples() -> None:
    """Each picture right below an example was taken of the example as it is now, and no such picture is left over."""
    shown = {picture.file: picture.example for picture in card_pictures()}
    taken = {file: example_in(file.read_bytes()) for file in (DOCS / "pictures").glob("*.png")}
    missing = [name_of(file) for file, example in shown.items() if taken.get(file) != example]
    assert missing == [], "run: make pictures"
    assert [name_of(file) for file, example in taken.items() if example and file not in shown] == []
