"""`cuedeck chapters`: which source, in which form, and what is wrong with its chapters."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.making import TALK, deck, question, write
from tests.running import run

pytestmark = pytest.mark.usefixtures("folder")

CHAPTERS = {"0:00": "Intro", "0:46": "Łagodne", "1:32": "Soft abandonment"}
FILM = {**TALK, "title": "A film", "url": "https://example.org/film"}


def written(sources: dict[str, Any], **more: Any) -> None:
    notes = {"one": question("What is hard abandonment?", "An open breakup.", source=next(iter(sources), ""))}
    write(Path(), deck(notes, sources=sources, **more))


def test_the_only_source_with_chapters_is_meant() -> None:
    written({"film": FILM, "talk": {**TALK, "chapters": CHAPTERS}})
    lines = "0:00 Intro\n0:46 Łagodne\n1:32 Soft abandonment\n"
    for words in ([], ["talk"], ["talk", "cards.yaml"]):
        result = run("chapters", *words)
        assert (result.exit_code, result.stdout, result.stderr) == (0, lines, "")


def test_a_deck_that_has_no_concepts_yet_has_chapters() -> None:
    """What is wrong with its cards does not matter, nor that there are none."""
    data = deck({}, sources={"talk": {**TALK, "chapters": CHAPTERS}})
    del data["concepts"]
    write(Path(), data)
    result = run("chapters")
    assert (result.exit_code, result.stdout.splitlines()[0], result.stderr) == (0, "0:00 Intro", "")


def test_a_list_that_was_pasted_comes_out_as_youtube_takes_it() -> None:
    """And what comes out can be pasted again."""
    written({"talk": {**TALK, "chapters": "- 00:00 – Intro\n(0:46) Härte: laut\n* Soft 01:32\n"}})
    lines = run("chapters").stdout
    assert lines == "0:00 Intro\n0:46 Härte: laut\n1:32 Soft\n"
    written({"talk": {**TALK, "chapters": lines}})
    assert run("chapters").stdout == lines


def test_both_files_have_the_chapters() -> None:
    written({"talk": {**TALK, "chapters": CHAPTERS, "length": "16:00"}})
    assert [each["startTime"] for each in json.loads(run("chapters", "--format", "podcast").stdout)["chapters"]] == [
        0,
        46,
        92,
    ]
    assert run("chapters", "--format", "webvtt").stdout.endswith("\n00:01:32.000 --> 00:16:00.000\nSoft abandonment\n")


@pytest.mark.parametrize("form", ["description", "podcast", "webvtt"])
def test_what_is_printed_does_not_depend_on_the_terminal(form: str, plain_environment: dict[str, str]) -> None:
    """WebVTT is in UTF-8 and JSON in ASCII; lines for people have escapes where the terminal has no such letter."""
    written({"talk": {**TALK, "chapters": CHAPTERS, "length": "16:00"}})
    command = [sys.executable, "-m", "cuedeck", "chapters", "--format", form]
    environment = {**plain_environment, "PYTHONIOENCODING": "latin-1", "PYTHONPATH": os.pathsep.join(sys.path)}
    printed = subprocess.run(command, capture_output=True, env=environment, check=True).stdout
    assert {"description": rb"\u0141ag", "podcast": rb"\u0141ag", "webvtt": "Łag".encode()}[form] in printed


@pytest.mark.parametrize(
    ("sources", "words", "code", "said"),
    [
        ({"talk": TALK}, [], "unfit-chapters", '"talk" has no chapters'),
        ({"talk": TALK, "film": FILM}, [], "which-source", "cuedeck chapters film"),
        ({"talk": TALK}, ["tlak"], "unknown-source", 'did you mean "talk"?'),
        ({"talk": TALK}, ["elephants"], "unknown-source", "name one that the deck has: talk"),
        ({"talk": TALK}, ["other.yaml"], "unknown-source", "cuedeck chapters talk other.yaml"),
        ({"talk": {**TALK, "chapters": {"0:40": "A"}}}, [], "unfit-chapters", "add a chapter at 0:00"),
        ({"talk": {**TALK, "chapters": CHAPTERS}}, ["--format", "webvtt"], "unfit-chapters", "such as length: 16:00"),
        ({"talk": {**TALK, "chapters": "nothing\n"}}, [], "bad-chapters", "has no time"),
        ({"talk": {**TALK, "chapters": CHAPTERS}}, ["talk", "missing.yaml"], "no-file", "there is no such file"),
    ],
)
def test_what_is_wrong_is_said(sources: dict[str, Any], words: list[str], code: str, said: str) -> None:
    """At its place, with nothing on standard output."""
    written(sources)
    result = run("chapters", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"[{code}]" in result.stderr
    assert said in result.stderr


def test_a_deck_without_sources_has_no_chapters() -> None:
    data = deck({"one": question()})
    del data["sources"], data["concepts"]["idea"]["at"]
    write(Path(), data)
    result = run("chapters")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "[no-source]" in result.stderr


def test_errors_in_notes_do_not_matter() -> None:
    """An author may publish the chapters before the cards are written."""
    written({"talk": {**TALK, "chapters": CHAPTERS}})
    with Path("cards.yaml").open("a", encoding="utf-8") as cards:
        cards.write("  empty: {title: Not written yet, notes: {draft: {q: What?}}}\n")
    assert run("check").exit_code == 1
    assert run("chapters").exit_code == 0


def test_an_unknown_format_is_wrong_use() -> None:
    written({"talk": {**TALK, "chapters": CHAPTERS}})
    assert run("chapters", "--format", "srt").exit_code == 2
