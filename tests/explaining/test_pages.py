"""Every code has a page, and the examples on it do what it says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cuedeck.advice.rules import RULES
from cuedeck.explaining import pages
from cuedeck.explaining.pages import Page, all_pages, declared
from cuedeck.rehearsal.findings import LOSSES, NOTICES
from cuedeck.updating.harms import HARMS
from tests.explaining.sessions import examples, play
from tests.making import SOURCE
from tests.running import run
from tests.test_examples import rules_in_the_code

PAGES = all_pages()
HAZARDS = Path(pages.__file__).parent / "hazards.md"
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# Codes of what no example can bring about on every machine, and why.
_NEVER = "Anki's importer never does this; a rehearsal would see it if another version did"
NO_EXAMPLE = {
    "anki-fails": "needs a package of another tool that Anki itself cannot import",
    "bad-tag": "no id of a deck and no version gives such a name",
    "bad-text": "the name for what has no code of its own; so far everything has one",
    "busy": "takes a second command at work for a whole minute",
    "cards-lost": _NEVER,
    "changed-meanwhile": "takes another program that saves the file in the moment before it is written",
    "damaged": _NEVER,
    "dead-card": "comes only together with own-replaced",
    "deck-changed": _NEVER,
    "doubled-notes": "comes only together with left-behind",
    "file-differs": "needs packages of another tool, since ours name each file after its bytes",
    "file-missing": "needs a package of another tool that lacks a file",
    "file-not-packed": "needs a package that lacks a file, such as an export of somebody who deleted it",
    "flag-changed": _NEVER,
    "full-sync": "no package of ours can bring it about",
    "git-no-file": "takes another program that deletes a file in the moment before it is committed",
    "git-reftable": "needs a git that can keep references in tables, 2.45 or newer",
    "media-too-large": "takes a file of more than 100 MB",
    "more-cards": "comes only together with own-replaced",
    "no-bridge": "needs a package of another tool with note types that do not fit",
    "no-fonts": "depends on a machine without fonts",
    "not-cut": "needs ffmpeg, and a recording that it cannot cut",
    "not-idle": _NEVER,
    "not-opened": "depends on which programs are installed",
    "not-installed": "depends on which libraries are installed",
    "notes-lost": _NEVER,
    "own-lost": "comes only together with touched",
    "rerendered": "takes a release that an older version of this program built",
    "reviews-lost": _NEVER,
    "schedule-changed": _NEVER,
    "second-note-type": "comes only together with refused",
    "suspension-changed": _NEVER,
    "not-strict": "comes only together with what a strict release stops at",
    "too-long": "the text would need 100,000 characters",
    "too-many-notes": "the deck would need 100,000 notes",
    "too-many-parts": "the deck would need 1,000 files",
    "unknown-note": "needs ffmpeg to do what was meant",
    "unusable": "needs a disk, or rights, that refuse what is asked of them",
    "unserved": "needs a server that goes on until Ctrl-C",
}


def test_no_code_is_without_a_page() -> None:
    """Each code that a message can print is declared, and only once."""
    assert codes_in_the_code() - set(PAGES) == set()
    assert [page.code for page in declared()] == list(PAGES)


def test_no_page_is_without_a_code() -> None:
    """Each page is about a code that a message can print."""
    told = {rule for rule, _, _ in (*LOSSES, *NOTICES)}
    assert set(PAGES) - codes_in_the_code() - rules_in_the_code() - told - set(HARMS) - set(RULES) == set()
    assert told | set(HARMS) | set(RULES) <= set(PAGES)


def test_each_hazard_has_its_heading() -> None:
    """The headings of the pages of hazards are the names of the hazards, in their order."""
    assert re.findall(r"^## (.+)$", HAZARDS.read_text(encoding="utf-8"), re.MULTILINE) == list(HARMS)


@pytest.mark.parametrize("code", HARMS)
def test_a_hazard_says_what_it_stops(code: str) -> None:
    """If only two packages show a hazard, its page does not say that a build stops at it or warns of it."""
    third = PAGES[code].text.split("\n\n")[2]
    assert f"`--accept {code}` accepts all" in third
    assert ("A build cannot see it" in third) == (HARMS[code].builds_miss == "all")
    assert ("A build and a release stop" in third) == (HARMS[code].refused and HARMS[code].builds_miss == "nothing")
    assert ("a new major version" in third) == HARMS[code].costs_progress


def played(kind: str) -> list[object]:
    """Return each page with each of its examples of a kind."""
    return [
        pytest.param(page, example, id=f"{page.code}-{number}")
        for page in PAGES.values()
        if page.code not in NO_EXAMPLE
        for number, example in enumerate(examples(page.text, kind))
    ]


def codes_in_the_code() -> set[str]:
    """Return the codes that are handed to what makes a problem."""
    return {code for path in SOURCE.glob("cuedeck/**/*.py") for code in _codes(ast.parse(path.read_text("utf-8")))}


# The functions that make problems, and the position of the code among their arguments.
_MAKERS = {
    **dict.fromkeys(("error", "warning", "advice", "text_error", "refusal", "Hazard"), 0),
    **dict.fromkeys(("stop", "keep_fatal"), 1),
    **dict.fromkeys(("Problem", "_problem"), 2),
}


def _codes(tree: ast.AST) -> Iterator[str]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        place = _MAKERS.get(name)
        wanted = call.args[place : place + 1] if place is not None else []
        wanted += [word.value for word in call.keywords if word.arg == "rule"]
        for each in wanted:
            for value in (each.body, each.orelse) if isinstance(each, ast.IfExp) else (each,):
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and CODE.fullmatch(value.value):
                    yield value.value


@pytest.mark.parametrize(("page", "example"), played("Bad"))
def test_a_bad_example_prints_its_code(page: Page, example: str, folder: Path) -> None:
    """It prints this code and no other."""
    _, codes, printed = play(example, folder)
    assert codes == {page.code}, printed


@pytest.mark.parametrize(("page", "example"), played("Good"))
def test_a_good_example_prints_no_code(page: Page, example: str, folder: Path) -> None:
    """It succeeds and prints no code."""
    code, codes, printed = play(example, folder)
    assert (code, codes) == (0, set()), printed


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_a_page_says_all_that_it_should(page: Page) -> None:
    """A sentence, why it matters, the way out, and examples of both kinds if there can be any."""
    assert re.fullmatch(r"[A-Z`\"].*[.]", page.summary)
    assert re.search(r"^Why: \S", page.text, re.MULTILINE)
    assert re.search(r"^Way out: \S", page.text, re.MULTILINE)
    if page.code not in NO_EXAMPLE:
        assert examples(page.text, "Bad")
        assert examples(page.text, "Good")


def test_all_codes_are_listed_by_what_they_are_about() -> None:
    """Without a code, each has a line below a heading."""
    lines = run("explain").stdout.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == list(PAGES)
    assert [line for line in lines if not line.startswith(" ")][:2] == ["Files and packages", ""]


@pytest.mark.parametrize("code", ["long-answer", "[long-answer]", "cloze-moved:some-note", "no-file"])
def test_a_page_is_printed(code: str) -> None:
    """A code may be typed as a message prints it, or as an author accepts a hazard."""
    bare = code.strip("[]").partition(":")[0]
    page = run("explain", code).stdout
    assert page.startswith(f"{bare}\n\n{PAGES[bare].summary}\n\nWhy: ")
    assert all(f"\n{heading}:" in page for heading in ("Way out", "Bad", "Good"))


@pytest.mark.parametrize(
    ("code", "words"),
    [("long-anser", 'there is no code "long-anser": did you mean "long-answer"?'), ("zzz", "lists all codes")],
)
def test_the_nearest_code_is_named(code: str, words: str) -> None:
    """A code that is not there is wrong use."""
    result = run("explain", code)
    assert result.exit_code == 2
    assert words in result.stderr


def test_the_example_in_the_help_keeps_its_lines() -> None:
    """It is YAML, which filled lines would break."""
    assert "check:\n    ignore:\n      long-answer in some-note: " in run("explain", "--help").stdout
