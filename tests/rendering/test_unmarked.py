"""Texts with little markup become HTML without the parser, and must give the same HTML as with it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cuedeck.problems import TextError
from cuedeck.rendering.markdown import cloze_to_html, to_html
from cuedeck.rendering.parsed import parsed_cloze_to_html, parsed_to_html
from cuedeck.rendering.results import Seen
from cuedeck.rendering.unmarked import is_one_paragraph, normal, plain_cloze, plain_html, plain_paragraphs, refolded

_PIECES = (
    *"aé1 .,:;!?-+*_`[](){}<>&#=|~\\\"'\n\t$%^@/“｛\u3000\u0301\u200b\x0c\x85\u2028",
    *("Word ", "two words", "{{c1::", "}}", "::", "{{c2::answer}}", "{{c12,3::a}}", "{{c4::b::hint}}", "[sound:x]"),
    *("**", "  \n", "\n\n", "&amp;", "https://a.b", "[x](https://y.z)", "[...](https://y.z)", "[...]", "![", "1. "),
    *("- ", "\\(", "\\)", "\\[", "\\]", "|-|", "a|b\n", "```", "x\n===", "{c1: x}"),
    *("{{c1, 2::", "{{c::", "{{cl::", "{{1::", "{{c1：：", "：：", "c1, 2::", "{{c", "1;2::"),
    *("|a|\n|-|\n|b", "](https://e.org/{{c1::x}})", "`{{c1::x}}`", "](https://e.org/", "%7B"),
    *(
        "~~",
        "<sub>",
        "</sub>",
        "<br>",
        "<ruby>",
        "<rt>",
        "</rt>",
        "</ruby>",
        "</b>",
        "<b>",
        "<!--",
        "漢字",
        "[かな]",
        "。",
    ),
    *(
        "$x^2$",
        "$$",
        "x^2^",
        "~2~",
        "https://a.b/c_d_e",
        "__init__",
        "5*3*2",
        "\\_",
        "\\d",
        "> 5",
        "# 4",
        "[[a]]",
        "[^1]",
    ),
    *("<https://a.b>", " <https://a.b/c-d>. ", "**Bold.** ", "**Bold:**", "`a::b/c`", "`a_b`", "\n\nNext ", "*It.* "),
    *("**bold words**", " *a-b*", " `code`. ", " \\(x^2\\) ", ": [a](https://b.c/d)", "{{c1::x::y}} "),
)
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)
_BEGINNINGS = st.sampled_from(("", "Word ", "A {{c1::gap}} "))


def _result(render: Callable[[str], object], text: str) -> object:
    try:
        return render(text)
    except TextError as error:
        return error.rule, error.message, error.fragment, error.hint


def _with_marks(render: Callable[..., Any]) -> Callable[[str], tuple[Any, set[str] | None, list[str]]]:
    """Return a function that also returns the marks of a text, and the messages about what was misread in it."""

    def rendered(text: str) -> tuple[Any, set[str] | None, list[str]]:
        seen = Seen(set())
        return render(text, seen=seen), seen.marks, [error.message for error in seen.misread]

    return rendered


@settings(max_examples=5 * settings.default.max_examples)
@given(_BEGINNINGS, st.one_of(_TEXTS, st.text()))
@example("[...](https://y.z) {{c1::a}}", "")
@example("A **b {{c1::c}} d** \\(e {{c1::f}} g\\)", "")
@example("[a](https://e.org/{{c1::x}})", "")
@example("[a](https://e.org/b) `{{c1::x}}`", "")
@example("a|b\n-|-\n1|2|3", "")
@example("12. a", "")
@example("a \nb", "")
@example("`a`\n`b`", "")
@example("`a`", "")
@example("**a**\n\\(b\\)", " {{c1::b\nc::d}}")
@example("**a:**", "\x85b")
@example("<https://a.b>\n\n", "b <https://a.b/c>.\n<https://a.b>")
@example("**a.** `b::c`\n\n\n", "1986 **d?**")
def test_with_and_without_the_parser_the_result_is_the_same(beginning: str, text: str) -> None:
    """Both ways give the same HTML, deletions, marks and mistakes for any text."""
    whole = beginning + text
    assert _result(_with_marks(to_html), whole) == _result(_with_marks(parsed_to_html), normal(whole))
    assert _result(_with_marks(cloze_to_html), whole) == _result(_with_marks(parsed_cloze_to_html), normal(whole))


@pytest.mark.parametrize(
    "text",
    [
        "Hard abandonment",
        "So **very hard**: `code`, \\(x^2\\) and [a link](https://example.org/a-b).",
        "**Help.** See <https://example.org/a> and `tag:a::b-c`.",
        'Over in one "clear" event; 1986.',
        "1 event",
        "Two\nlines",
        "„Ja“, sagt er",
        "愛",
    ],
)
def test_plain_text_needs_no_parser(text: str) -> None:
    """The same goes for the simplest markup."""
    assert is_one_paragraph(text)
    assert plain_html(text) is not None


@pytest.mark.parametrize(
    "text", ["One.\n\n**Two.** `a/b`\n\nThree,\n<https://a.b>", "<https://a.b>", "a\n<http://a.b/c>."]
)
def test_plain_paragraphs_need_no_parser(text: str) -> None:
    """Nor do lines that begin with an address."""
    assert plain_paragraphs(text) is not None


def test_plain_deletions_need_no_parser() -> None:
    """Deletions of ordinary words are found without it."""
    assert plain_cloze("{{c1::Hard}} abandonment: over in {{c2::one::how many}} event.")


@pytest.mark.parametrize(
    "text", ["# a", "- a", "1. a", "> a", "    a", "a\n\nb", "a\n---", "a|b\n-|-", "[a]: b", "a\n"]
)
def test_blocks_need_the_parser(text: str) -> None:
    """Only the parser decides what is a list, a table or a heading."""
    assert not is_one_paragraph(text)


@settings(max_examples=3 * settings.default.max_examples)
@given(_BEGINNINGS, _TEXTS)
@example("Word ", "wrapped here\nand there, \\(a\nb\\) and `c\nd`")
def test_a_text_is_the_same_however_its_lines_are_wrapped(beginning: str, text: str) -> None:
    """A paragraph on one line shows the same as on several; if it might not, it stays as it is."""
    whole = (beginning + text).strip()

    def shown(words: str) -> object:
        result = _result(to_html, words)
        return " ".join(result.split()) if isinstance(result, str) else result

    if refolded(whole) != whole:
        assert shown(refolded(whole)) == shown(whole) or isinstance(_result(to_html, whole), tuple)


def test_line_ends_that_cards_show_are_kept() -> None:
    """Lists, tables, code, hard breaks and several paragraphs are not put on one line."""
    for text in ("- a\n- b", "a|b\n-|-\n1|2", "```\na\nb\n```", "a\\\nb", "a  \nb", "a\n\nb", "    a\n    b"):
        assert refolded(text) == text
    assert refolded("wrapped \n  here\nand there") == "wrapped \n  here\nand there"
    assert refolded("wrapped\nhere \nand there") == "wrapped here and there"
