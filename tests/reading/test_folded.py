"""Lists, tables and code in lines that YAML joins are reported; prose, sums and formulas are not."""

import pytest

from cuedeck.reading.document import parse
from cuedeck.reading.parsing import LOADERS

# What is written after a key in the file, and the text that it stands for.
KEPT = [
    (">\n  The treaty of 1848\n  - signed in winter - was kept", "The treaty of 1848 - signed in winter - was kept"),
    (">\n  It happened in\n  1945. Then all was over", "It happened in 1945. Then all was over"),
    (">\n  From 1945. Then\n  1990. Then", "From 1945. Then 1990. Then"),
    (">\n  2\n  + 3", "2 + 3"),
    (">\n  2\n  + 3\n  + 4", "2 + 3 + 4"),
    (">\n  x\n  - y\n  - z", "x - y - z"),
    ("So\n  2 - 1\n  - 3", "So 2 - 1 - 3"),
    (">\n  So\n\n  - one\n\n  - two", "So\n- one\n- two"),
    (">\n  So\n\n    - one\n    - two\n", "So\n\n  - one\n  - two"),
    (">\n  \\[\n  x\n  \\]", "\\[ x \\]"),
    (">\n  \\[ a\n  - b\n  - c \\]", "\\[ a - b - c \\]"),
    ("|\n  - one\n  - two", "- one\n- two"),
    (">\n  a > b\n  > c", "a > b > c"),
    (">\n  one | two\n  - three", "one | two - three"),
    ("one\n  -- two\n  -- three", "one -- two -- three"),
    (">\n  two\n  *three* and\n  *four*", "two *three* and *four*"),
]

# What is written in the file, the place of the problem, and everything that is to be written after the key.
REPORTED = [
    (">\n  - one\n  - two", "3:3", "|\n  - one\n  - two"),
    (">-\n  See:\n  - one", "3:3", "|-\n  See:\n  - one"),
    (">\n  - {{c1::one}}\n  - {{c2::two}}", "3:3", "|\n  - {{c1::one}}\n  - {{c2::two}}"),
    ("Steps\n  - {{c1::one}}", "2:3", "|\n  Steps\n  - {{c1::one}}"),
    ("See\n  - one\n  - two", "2:3", "|\n  See\n  - one\n  - two"),
    ("See\n    * one\n    * two", "2:5", "|\n    See\n    * one\n    * two"),
    ("See\n  - one\n    - two\n  - three", "2:3", "|\n  See\n  - one\n    - two\n  - three"),
    ('"See:\n  - \\"one\\""', "2:3", '|\n  See:\n  - "one"'),
    ("'Let''s see:\n  - one'", "2:3", "|\n  Let's see:\n  - one"),
    ("First\n  1. one\n  2. two", "2:3", "|\n  First\n  1. one\n  2. two"),
    ("Later\n  3. one\n  4. two", "2:3", "|\n  Later\n\n  3. one\n  4. two"),
    (">\n  1. x\n  2. y", "3:3", "|\n  1. x\n  2. y"),
    (">\n  | a | b |\n  |---|---|\n  | 1 | 2 |", "3:3", "|\n  | a | b |\n  |---|---|\n  | 1 | 2 |"),
    ("a | b\n  --|--\n  1 | 2", "2:3", "|\n  a | b\n  --|--\n  1 | 2"),
    (">\n  So\n  ```\n  x\n  ```", "3:3", "|\n  So\n  ```\n  x\n  ```"),
    (">\n  > one\n  > two", "3:3", "|\n  > one\n  > two"),
    ('{b: "See\n  - one\n  - two"}', "2:3", '{b: "See\\n- one\\n- two"}'),
]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("written", "meant"), KEPT)
def test_prose_stays(written: str, meant: str, loader: object) -> None:
    """There is no false alarm, and the value is what YAML reads."""
    document = parse(f"a: {written}\n", "cards.yaml", loader)
    assert document.problems == ()
    assert isinstance(document.data, dict)
    assert str(document.data["a"]).strip("\n") == meant


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("written", "place", "instead"), REPORTED)
def test_what_would_be_joined_is_reported(written: str, place: str, instead: str, loader: object) -> None:
    """The place is the first line that is joined, and the fix keeps the lines apart."""
    text = f"a: {written}\nb: c\n"
    (problem,) = parse(text, "cards.yaml", loader).problems
    assert (problem.rule, str(problem.place)) == ("text-folded", f"cards.yaml:{place}")
    assert problem.fix
    fixed = text.replace(problem.fix.old, problem.fix.new, 1)
    assert fixed == f"a: {instead}\nb: c\n"
    assert not parse(fixed, "cards.yaml", loader).problems


def test_a_comment_does_not_become_text() -> None:
    """If a `|` would turn a comment into text, the author has to decide."""
    (problem,) = parse("a: See\n  - one\n  - two # so far\n", "cards.yaml").problems
    assert problem.hint == 'write the text after a "|", which keeps its lines:\na: |\n  See\n  - one\n  - two'
    assert problem.fix is None


@pytest.mark.hostile
@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("line", ["- a", "1. a", "7. a\n  3. a", "|a|", "a", "- 1", "\\[", "$$ - a", "> a", "-" * 50])
def test_endless_repetition_ends(line: str, loader: object) -> None:
    """No text takes unlimited time."""
    parse("a: >\n" + f"  {line}\n" * 5_000 + "b: x\n" + f"  {line}\n" * 5_000, "cards.yaml", loader)
