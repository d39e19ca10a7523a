"""Formulas as MathML: converted if the result is the complete formula and harmless, and left as written otherwise."""

from xml.etree import ElementTree

import pytest

from cuedeck.pages.formulas import mathml, set_formulas

SET = [
    r"\frac{a}{b^{c}}",
    "a < b",
    r"\sum_{i=0}^n i^2 \ge \int_0^\infty e^{-x^2}\,dx",
    r"\sqrt[3]{x} \vec{v} \hat{y} \binom{n}{k} \mathbb{R}",
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
    r"\begin{cases}1 & x>0\\0 & y\end{cases}",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
    r"\text{if <b>x</b> & } \{a\}",
]
LEFT = [
    "",
    r"\ce{H2O}",
    r"\unknown{x}",
    r"\frac{a",
    "}",
    r"\href{javascript:alert(1)}{x}",
    r"\class{a}{x}",
    r"\style{position:fixed}{x}",
    r"\boxed{x}",
    "a & b",
    "{" * 3000 + "x" + "}" * 3000,
]


@pytest.mark.parametrize("latex", SET)
def test_formulas_are_set(latex: str) -> None:
    """The result is well-formed MathML, and names the formula that it was made from."""
    element = ElementTree.fromstring(mathml(latex, block=False))
    assert element.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert element.get("alttext") == latex
    assert "".join(element.itertext()).strip()


@pytest.mark.parametrize("latex", LEFT)
def test_formulas_that_cannot_be_set_are_left(latex: str) -> None:
    """No formula is shown with parts missing, with the letters of a command, or with an active attribute."""
    assert mathml(latex, block=True) == ""


def test_lines_of_a_formula_have_no_numbers() -> None:
    """Anki's MathJax does not number lines, either."""
    assert "(1)" not in mathml(r"\begin{align} a &= b \end{align}", block=True)


def test_only_text_is_looked_at() -> None:
    """A formula is read as the page shows it; inside a tag there is none. One that cannot be converted is marked."""
    html = r'<a title="\(x\)">so \(a &lt; b\) and \[\foo\]</a> \(x'
    done = set_formulas(html)
    assert done.startswith(r'<a title="\(x\)">so <math ')
    assert "<mo>&lt;</mo>" in done
    assert r">\[\foo\]</span></a> \(x" in done
    assert set_formulas("plain (a) [b]") == "plain (a) [b]"


@pytest.mark.hostile
@pytest.mark.parametrize("piece", ["\\(", "\\[", "\\(\\[", "\\)", "<", "![\\("])
def test_endless_repetition_ends(piece: str) -> None:
    """No text takes unlimited time."""
    assert set_formulas(piece * 20_000) == piece * 20_000
