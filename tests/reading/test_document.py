"""Turning YAML into data with places."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cuedeck.disk import text
from cuedeck.problems import Problem, Problems
from cuedeck.reading.document import parse
from cuedeck.reading.parsing import LOADERS

SCALARS = [
    "12:45",
    "00:46",
    "no",
    "yes",
    "on",
    "true",
    "null",
    "~",
    "1",
    "1.50",
    "0x1F",
    "1e3",
    "2025-12-21",
    "=",
    ".inf",
]


def problems_of(text: str, loader: Any = LOADERS[0]) -> tuple[Problem, ...]:
    try:
        return parse(text, "cards.yaml", loader).problems
    except Problems as found:
        return found.problems


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("text", SCALARS)
def test_every_scalar_is_text(text: str, loader: Any) -> None:
    """What YAML would turn into a number, a date, a boolean or nothing is read as text, also as a key."""
    assert parse(f"{text}: {text}", "cards.yaml", loader).data == {text: text}


TEXT = """a: one
b:
  - two
  - c: three
    d: |
      four {{c1::five}}
      six
e: {f: seven, "g h": [eight]}
"""

PLACES = [
    (("a",), "key", "", "1:1"),
    (("a",), "value", "", "1:4"),
    (("b",), "value", "", "3:3"),
    (("b", 0), "value", "", "3:5"),
    (("b", 1), "value", "", "4:5"),
    (("b", 1, "c"), "key", "", "4:5"),
    (("b", 1, "d"), "value", "", "5:8"),
    (("b", 1, "d"), "value", "{{c1::", "6:12"),
    (("b", 1, "d"), "value", "six", "7:7"),
    (("b", 1, "d"), "value", "not in it", "5:8"),
    (("e", "g h"), "key", "", "8:15"),
    (("e", "g h", 0), "value", "", "8:23"),
    (("e", "missing"), "value", "", "8:1"),
    (("e", "missing", "deeper", 3), "value", "", "8:1"),
    (("missing",), "value", "", ""),
    ((), "value", "", ""),
]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("keys", "part", "fragment", "expected"), PLACES)
def test_everything_has_a_place(keys: Any, part: Any, fragment: str, expected: str, loader: Any) -> None:
    """Keys, values and fragments have a line and a column; what is not there has the place of what is around it."""
    found = parse(TEXT, "cards.yaml", loader).places.find(keys, part, fragment)
    assert str(found) == ":".join(filter(None, ("cards.yaml", expected)))


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file too large to be a deck is refused before it is read."""
    monkeypatch.setattr(text, "LARGEST", 1024 * 1024)
    with pytest.raises(Problems, match="more than 1 million characters"):
        parse("#" * (1024 * 1024 + 1), "cards.yaml")


@pytest.mark.slow
@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 20_000, id="brackets"),
        pytest.param("{a: " * 20_000, id="braces"),
        pytest.param("- " * 20_000, id="dashes"),
        pytest.param("? " * 20_000, id="question-marks"),
        pytest.param("a: &b\n" * 2_000, id="anchors"),
        pytest.param("a: *b\n" * 2_000, id="aliases"),
        pytest.param('a: "\n' * 2_000, id="quotes"),
        pytest.param("a: b #c\n" * 2_000, id="comments"),
        pytest.param("\x07" * 20_000, id="control-characters"),
        pytest.param('"' + "\\x" * 20_000, id="backslashes"),
        pytest.param("a: {" + "}" * 20_000, id="closing-braces"),
        pytest.param("a: '" + "''" * 20_000, id="single-quotes"),
        pytest.param('a: "' + "\\\\" * 20_000, id="escapes"),
        pytest.param(": " * 20_000, id="colons"),
        pytest.param("a: " * 20_000, id="keys"),
        pytest.param("---\n" * 20_000, id="documents"),
        pytest.param("a: *b c\n" * 20_000, id="broken-lines"),
        pytest.param("a: " + "]" * 20_000, id="closing-brackets"),
        pytest.param("a: " + "{a: [b, " * 20_000, id="nested-brackets"),
        pytest.param('a: "b" ' + "c: " * 20_000, id="colons-in-a-line"),
        pytest.param('a: "b' + " " * 20_000 + "\\d" + " " * 20_000 + "e", id="spaces-in-a-line"),
    ],
)
def test_rubbish_is_reported_in_time(text: str, loader: Any) -> None:
    """Thousands of the same character are problems; they neither crash the reader nor take forever."""
    assert problems_of(text, loader)


PIECES = (
    *("a", "b", "x y", ": ", ":", "- ", "\n", "\n  ", "\n    ", " ", "? ", "?", "[", "]", "{", "}", ", ", ",", "é"),
    *(
        '"',
        "'",
        "|",
        ">",
        "|-",
        ">+",
        "|2",
        "#",
        " #",
        "# c",
        "&a",
        "*a",
        "!t",
        "!!str",
        "!",
        "%",
        "@",
        "`",
        "\\",
        "\t",
    ),
    *("<<", "~", "---", "...", "\n---\n", "\n...\n", "🙂", "=", "{{c1::", "}}", "12:45", "\na: b", "\n  a: b", "\\x41"),
    *(
        '"\\theta',
        "\\ud83d\\ude00",
        "\\U00110000",
        '\\"',
        "\\\n",
        "\n  - ",
        "\n  1. ",
        "：",
        "\u00a0",
        "\u3000",
        "\u200b",
        "а",
        "｛",
        "”",
    ),
    *("%YAML 1.1\n---\n", "\\ud800", "\u2028", "\ufeff", "\x85", "\x07", "''", '""'),
)


@settings(max_examples=3 * settings.default.max_examples)
@example("\xa0\u200b\na: b")
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_both_parsers_agree_on_anything(text: str) -> None:
    """Whatever a file contains, both parsers give the same data at the same places, or the same problems."""
    found: list[object] = []
    for loader in LOADERS:
        try:
            read = parse(text, "cards.yaml", loader)
            found.append((read.data, read.problems, *map(read.places.find, (("a",), ("a", "a"), (0,)))))
        except Problems as problems:
            found.append(problems.problems)
    assert found == [found[0]] * len(LOADERS)


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=80))
def test_text_in_a_block_is_read_as_written(text: str) -> None:
    """After a "|", every printable text is read as it is."""
    assert parse(f"a: |2-\n  {text}.\n", "cards.yaml").data == {"a": f"{text}."}
