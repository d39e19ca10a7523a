"""Escapes in double quotes: those that were plainly meant differently are reported, and all others are accepted."""

import pytest

from cuedeck.reading.document import parse
from cuedeck.reading.parsing import LOADERS

# What is written after a key in the file, and the text that it stands for.
KEPT = [
    (r'"- a\n- b"', "- a\n- b"),
    (r'"one\ntwo"', "one\ntwo"),
    (r'"one\nnew\nnote"', "one\nnew\nnote"),
    (r'"more\nless"', "more\nless"),
    (r'"x = 1\ni = 2"', "x = 1\ni = 2"),
    (r'"Case C:\nthen"', "Case C:\nthen"),
    (r'"\\[\nx = 1\n\\]"', "\\[\nx = 1\n\\]"),
    (r'"\\(\u03b1\\)"', r"\(α\)"),
    (r'"It is $5\nless than $6"', "It is $5\nless than $6"),
    (r'"a\r\nb"', "a\nb"),
    (r'"a\tb"', "a\tb"),
    (r'"What\tis it?"', "What\tis it?"),
    (r'"\u2603"', "☃"),
    (r'"\"so\""', '"so"'),
    (r'"\\(x\\)"', r"\(x\)"),
    (r'"\\("', r"\("),
    (r'"\\"', "\\"),
    (r'"\/"', "/"),
    (r'"\\theta"', r"\theta"),
    (r'"C:\\temp"', r"C:\temp"),
    (r'"a\/b"', "a/b"),
    (r'"\ud83d\ude00"', "😀"),
    (r'"\x41"', "A"),
    (r'"\U0001F600"', "😀"),
    ('"one \\\n    two"', "one two"),
    ("'C:\\temp'", r"C:\temp"),
]

# What is written in the file, the place of the problem, and the replacement if it is certain.
REPORTED = [
    (r'"\theta"', "1:5", r"'\theta'"),
    (r'"What is \tau?"', "1:13", r"'What is \tau?'"),
    (r'"\\(a \times b\\)"', "1:10", r"'\(a \times b\)'"),
    (r'"\\(a \neq b\\)"', "1:10", r"'\(a \neq b\)'"),
    (r'"\\(a \not b\\)"', "1:10", r"'\(a \not b\)'"),
    (r'"\\(a\ b\\)"', "1:9", r"'\(a\ b\)'"),
    (r'"$a \nless b$"', "1:8", r"'$a \nless b$'"),
    (r'"\\[ \nu_1 \\]"', "1:9", r"'\[ \nu_1 \]'"),
    (r'"What is \nu?"', "1:13", r"'What is \nu?'"),
    (r'"Torque is {{c1::\nu}}"', "1:21", r"'Torque is {{c1::\nu}}'"),
    (r'"$t\\bar{t}$ and $y_{t\bar{t}}$"', "1:26", r"'$t\bar{t}$ and $y_{t\bar{t}}$'"),
    (r'"$a \\ \beta$"', "1:11", ""),
    (r'"C:\temp"', "1:7", r"'C:\temp'"),
    (r'"C:\new\notes"', "1:7", r"'C:\new\notes'"),
    (r'"Look at C:\_temp\.git."', "1:15", r"'Look at `C:\_temp\.git`.'"),
    (r'"{{c1::C:\_temp}}"', "1:13", r"'{{c1::`C:\_temp`}}'"),
    (r'"\\server\new"', "1:13", r"'`\\server\new`'"),
    (r'"C:\temp' + '\\"', "1:7", "'C:\\temp\\'"),
    (r'"\d+\.\d+"', "1:5", r"'`\d+\.\d+`'"),
    (r'"snake\_case"', "1:10", r"'snake\_case'"),
    (r'"it' + "'" + r's \beta"', "1:10", r"'it''s \beta'"),
    (r'"He said \"\alpha\""', "1:15", r"""'He said "\alpha"'"""),
    (r'"\sum"', "1:5", r"'\sum'"),
    (r'"\0"', "1:5", r"'\0'"),
    (r'"\Nabla and \Lambda"', "1:5", r"'\Nabla and \Lambda'"),
    (r'"\xi and \upsilon"', "1:5", r"'\xi and \upsilon'"),
    (r'"\U00110000"', "1:5", r"'\U00110000'"),
    ('"What is\n    \\sum?"', "2:5", r"'What is \sum?'"),
    ('"What is\n    \\tau?"', "2:5", r"'What is \tau?'"),
    ('"one \\\n    two \\tau"', "2:9", r"'one two \tau'"),
    (r'"- \alpha\n- b"', "1:7", r'"- \\alpha\n- b"'),
    (r'{b: "\sum", c: d}', "1:9", r"'\sum'"),
    (r'[one, "\(x\)"]', "1:11", r"'\(x\)'"),
    ('\n- "\\rho"', "2:4", r"'\rho'"),
]

# What is written in the file, the rule, and the place.
NOT_SHOWN = [
    (r'"\ud83d"', "half-character", "1:5"),
    (r'"a\ude00\ud83d"', "half-character", "1:6"),
    (r'"a\x1f"', "control-character", "1:6"),
    ('"a\n    b\\u0007"', "control-character", "2:6"),
]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("written", "meant"), KEPT)
def test_what_yaml_reads_as_it_is_meant_is_accepted(written: str, meant: str, loader: object) -> None:
    """There is no false alarm, and the value is what YAML reads."""
    document = parse(f"a: {written}\n", "cards.yaml", loader)
    assert (document.data, document.problems) == ({"a": meant}, ())


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("written", "place", "instead"), REPORTED)
def test_what_was_meant_differently_is_reported(written: str, place: str, instead: str, loader: object) -> None:
    """The problem has its place and says what to write, and that is read as it was meant."""
    text = f"a: {written}\n"
    (problem,) = parse(text, "cards.yaml", loader).problems
    assert (problem.rule, str(problem.place)) == ("text-backslash", f"cards.yaml:{place}")
    assert (problem.fix.new if problem.fix else "") == instead
    if problem.fix:
        assert not parse(text.replace(problem.fix.old, problem.fix.new), "cards.yaml", loader).problems


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("written", "rule", "place"), NOT_SHOWN)
def test_what_no_card_can_show_is_reported(written: str, rule: str, place: str, loader: object) -> None:
    """An escape for a character that Anki would drop is reported at its own place."""
    (problem,) = parse(f"a: {written}\n", "cards.yaml", loader).problems
    assert (problem.rule, str(problem.place)) == (rule, f"cards.yaml:{place}")


HINTS = [
    (
        r'q: "What is \(x\)?"',
        "put the text in single quotes, where a backslash is a backslash:\nq: 'What is \\(x\\)?'\n"
        'or write it after a "|", on lines of its own:\nq: |\n  What is \\(x\\)?',
    ),
    (
        r'n: {q: "What is \(x\)?"}',
        "put the text in single quotes, where a backslash is a backslash:\nq: 'What is \\(x\\)?'",
    ),
    (r'q: "- \(x\)\n- y"', 'write it after a "|", on lines of its own:\nq: |\n  - \\(x\\)\n  - y'),
    (
        r'n: {q: "- \(x\)\n- y"}',
        'write each backslash in the text twice, and each new line as \\n:\nq: "- \\\\(x\\\\)\\n- y"',
    ),
    (
        r'"\theta": x',
        "put the text in single quotes, where a backslash is a backslash:\n'\\theta'",
    ),
    (
        '- "' + "x" * 2000 + '\\d"',
        "put the text in single quotes, where a backslash is a backslash",
    ),
]


@pytest.mark.parametrize(("text", "hint"), HINTS)
def test_the_text_is_written_out(text: str, hint: str) -> None:
    """The hint shows the text in the forms that are possible at its place."""
    (problem,) = parse(text, "cards.yaml").problems
    assert problem.hint == hint


@pytest.mark.hostile
@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    "piece",
    [
        "\\",
        "\\t",
        "\\\\(",
        "\\\\",
        "C:\\n ",
        " C:\\n\\n",
        "\\u0041",
        "$a\\b",
        "$ ",
        " \\\\ab\\cd",
        "\\d.\\.",
        "%a",
        "\n ",
    ],
)
def test_endless_repetition_ends(piece: str, loader: object) -> None:
    """No text takes unlimited time."""
    parse(f'a: "{piece * 10_000}"\nb: "{piece * 10_000}\\b"\n', "cards.yaml", loader)


def test_many_texts_in_one_line_end() -> None:
    """Many texts do not take unlimited time either."""
    assert len(parse("[" + '"\\theta", ' * 5_000 + "]", "cards.yaml").problems) == 5_000
