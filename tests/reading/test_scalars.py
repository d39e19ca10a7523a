"""Escapes and joined lines: what was plainly meant is reported or arrives, and everything else stays what it is."""

import pytest

from cuedeck.reading.document import parse
from cuedeck.reading.parsing import LOADERS

# As it stands in the file after a key, and what it stands for.
KEPT = [
    (r'"- a\n- b"', "- a\n- b"),
    (r'"one\ntwo"', "one\ntwo"),
    (r'"one\nnew\nnote"', "one\nnew\nnote"),
    (r'"a\tb"', "a\tb"),
    (r'"\u2603"', "☃"),
    (r'"\"so\""', '"so"'),
    (r'"\\(x\\)"', r"\(x\)"),
    (r'"\\theta"', r"\theta"),
    (r'"C:\\temp"', r"C:\temp"),
    (r'"a\/b"', "a/b"),
    (r'"\ud83d\ude00"', "😀"),
    (r'"\x41"', "A"),
    ("'C:\\temp'", r"C:\temp"),
    (
        ">\n    The treaty of 1848\n    - signed in winter - was kept",
        "The treaty of 1848 - signed in winter - was kept",
    ),
    (">\n    It happened in\n    1945. Then all was over", "It happened in 1945. Then all was over"),
    (">\n    2\n    + 3", "2 + 3"),
    ("So\n    2 - 1\n    - 3", "So 2 - 1 - 3"),
    (">\n    So\n\n    - one\n\n    - two", "So\n- one\n- two"),
    (">\n    \\[\n    x\n    \\]", "\\[ x \\]"),
    ("|\n    - one\n    - two", "- one\n- two"),
    (">\n    a > b\n    > c", "a > b > c"),
]

# As it stands in the file, the rule, the line and column, and what is to be written, where that is certain.
REPORTED = [
    (r'"\theta"', "text-backslash", (1, 5), r"'\theta'"),
    (r'"What is \tau?"', "text-backslash", (1, 13), r"'What is \tau?'"),
    (r'"\\(a \times b\\)"', "text-backslash", (1, 10), r"'\(a \times b\)'"),
    (r'"\\[ \nu_1 \\]"', "text-backslash", (1, 9), r"'\[ \nu_1 \]'"),
    (r'"C:\temp"', "text-backslash", (1, 7), r"'`C:\temp`'"),
    (r'"snake\_case"', "text-backslash", (1, 10), r"'snake\_case'"),
    (r'"it' + "'" + r's \beta"', "text-backslash", (1, 10), r"'it''s \beta'"),
    (r'"\sum"', "text-backslash", (1, 5), r"'\sum'"),
    (r'"\xi and \upsilon"', "text-backslash", (1, 5), r"'\xi and \upsilon'"),
    ('"What is\n    \\sum?"', "text-backslash", (2, 5), r"'What is \sum?'"),
    ('"What is\n    \\tau?"', "text-backslash", (2, 5), r"'What is \tau?'"),
    (r'"- \alpha\n- b"', "text-backslash", (1, 7), ""),
    (r'{b: "\sum", c: d}', "text-backslash", (1, 9), r"'\sum'"),
    (r'"\ud83d"', "control-character", (1, 4), ""),
    (r'"a\r\nb"', "control-character", (1, 4), ""),
    (">\n    - one\n    - two", "text-folded", (3, 5), "|"),
    (">-\n    See:\n    - one", "text-folded", (3, 5), "|-"),
    ("See\n    - one\n    - two", "text-folded", (2, 5), "|\n    See\n    - one\n    - two"),
    ('"See:\n    - one"', "text-folded", (2, 5), ""),
    ("First\n    1. one\n    2. two", "text-folded", (2, 5), "|\n    First\n    1. one\n    2. two"),
    (">\n    | a | b |\n    |---|---|", "text-folded", (3, 5), "|"),
    (">\n    So\n    ```\n    x\n    ```", "text-folded", (3, 5), "|"),
]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("written", "meant"), KEPT)
def test_what_is_meant_as_yaml_reads_it_stays(written: str, meant: str, loader: object) -> None:
    """No false alarm, and the value that YAML gives."""
    document = parse(f"a: {written}\n", "cards.yaml", loader)
    assert document.problems == ()
    assert isinstance(document.data, dict)
    assert str(document.data["a"]).strip() == meant


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("written", "rule", "place", "instead"), REPORTED)
def test_what_was_meant_otherwise_is_reported(
    written: str, rule: str, place: tuple[int, int], instead: str, loader: object
) -> None:
    """At its place, with what to write."""
    (problem,) = parse(f"a: {written}\n", "cards.yaml", loader).problems
    assert (problem.rule, problem.place.line, problem.place.column) == (rule, *place)
    assert (problem.mend.new if problem.mend else "") == instead


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    "piece", ["\\", "\\t", "\\\\(", "C:\\n ", "\\u0041", "- a\n  ", "1. a\n  ", "|a|\n  ", "a\n  "]
)
def test_endless_repetition_ends(piece: str, loader: object) -> None:
    """No text takes time without bounds."""
    parse(f'a: "{piece * 20_000}"\nb: >\n  {piece * 20_000}\n', "cards.yaml", loader)
