"""The reference shows what the terminal prints: no character of a page or of a help text is lost as Markdown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cuedeck.cli import COMMANDS
from cuedeck.explaining.pages import Page, all_pages
from tests.docs.reference import EVERY_KEY, message, written
from tests.docs.shown import cell, prose
from tests.reading.test_schema import KEYS
from tests.running import run

PAGES = all_pages()
_CODE_HOST = MarkdownIt("gfm-like")
_WRITTEN_AS = {"em_open": "*", "em_close": "*", "softbreak": " "}


def read(markdown: str) -> str:
    """Return what a reader sees of Markdown on a code host, on one line, with code and menus marked as in a page."""
    return " ".join("".join(_seen(_CODE_HOST.parse(markdown))).split())


def _seen(tokens: list[Token]) -> list[str]:
    parts = []
    for token in tokens:
        if token.children is not None:
            parts += [*_seen(token.children), "\n"]
        elif token.type == "code_inline":
            padding = " " * (token.content.startswith("`") or token.content.endswith("`"))
            parts.append(f"{token.markup}{padding}{token.content}{padding}{token.markup}")
        elif token.type == "fence":
            parts.append(f"{_after_edit(token.content) if token.info == 'diff' else token.content}\n")
        else:
            parts.append(_WRITTEN_AS.get(token.type, token.content))
    return parts


def _after_edit(difference: str) -> str:
    return "".join(line[1:] for line in difference.splitlines(keepends=True) if line[0] in " +")


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_a_page_shows_every_character(page: Page) -> None:
    """It reads as on the terminal, words and examples alike."""
    links = {code: f"other.md#{code}" for code in PAGES}
    assert read(message(page, links)) == " ".join(f"{page.code} {page.text}".split())


@given(st.text(st.sampled_from(" \n\\*_`<>[](){}$~&#+-=|:.!1aB;"), max_size=40))
def test_any_paragraph_shows_every_character(text: str) -> None:
    """Whatever has a meaning in Markdown is shown as it is, wherever it is."""
    text = " ".join(re.sub("`", "'", text).split()).strip()
    assert read(prose(text)) == text
    assert read(f"| {cell(prose(text))} |\n| - |\n") == text


@given(st.text(st.sampled_from("\\*_<>[]$~&#|a "), min_size=1, max_size=12).filter(str.strip))
def test_code_stays_code(code: str) -> None:
    """Nothing in backticks is escaped."""
    code = " ".join(code.split())
    (paragraph,) = (token for token in _CODE_HOST.parse(prose(f"write `{code}` here")) if token.children)
    assert [token.content for token in paragraph.children or ()] == ["write ", code, " here"]


def test_long_code_stays_on_its_line() -> None:
    """A line is not broken inside code, where its next part could begin a list."""
    assert prose(f"{'word ' * 22}`key: - one - two`").splitlines()[-1] == "`key: - one - two`"


@pytest.fixture(scope="module")
def commands() -> str:
    """What a reader sees of the page of all commands, without the marks of code."""
    (text,) = (text for path, text in written() if path.name == "commands.md")
    return read(text).replace("`", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_help_text_shows_every_character(name: str, commands: str) -> None:
    """Each paragraph of the help of a command is on the page of commands, with the same words."""
    printed = run(name, "--help").stdout.partition("Options:")[0]
    usage, *paragraphs = (" ".join(each.split()) for each in printed.split("\n\n") if each.strip())
    assert usage.removeprefix("Usage: ") in commands
    assert [each for each in paragraphs if each not in commands] == []


def test_the_example_of_keys_has_nearly_all_of_them() -> None:
    """It has every key, except those for after a release and for files, and nothing is wrong in it."""
    text = EVERY_KEY.read_text(encoding="utf-8")
    names = {name.rpartition("/")[2] for name in KEYS}
    assert {name for name in names if not re.search(rf"\b{name}:", text)} == {
        "was",
        "retired",
        "guid",
        "media",
        "offset",
        "parts",
    }
    checked = run("check", EVERY_KEY)
    assert (checked.exit_code, checked.stderr) == (0, "")
