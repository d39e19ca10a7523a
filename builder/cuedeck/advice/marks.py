"""The rule on marks of other flavours of Markdown, which cards show as they are."""

from collections.abc import Iterator

from cuedeck.advice.material import Advice, Shown, without_code
from cuedeck.patterns import regex
from cuedeck.remembering import remembered
from cuedeck.rendering.plain import FORMULA, plain

# What is written, what it is elsewhere, and what to write here.
_MARKS = (
    (
        regex(r"(?<![\w$\\])\$(?=[^\s$])[^$]*?(?<=[^\s$\\])\$(?![\d$])"),
        "a formula",
        r"write a formula as \(x^2\), or on a separate line as \[x^2\]",
    ),
    (
        regex(r"(?<![\w=])==(?=[^\s=])[^=]*(?<=[^\s=])==(?![\w=])|(?:^|(?<=>))==\s[^=<]+\s==(?![\w=])"),
        "highlighted",
        "write **bold** or *italic* text",
    ),
    (
        regex(
            r"\\(?:[dt]?frac|sqrt|vec|hat|bar|overline|mathbb|mathrm|mathbf|text|ce)\{[^\s{}]*\}?"
            r"|\\(?:alpha|beta|gamma|delta|epsilon|theta|lambda|mu|pi|rho|sigma|tau|phi|psi|omega|Gamma|Delta|Theta|Lambda"
            r"|Sigma|Phi|Psi|Omega|sum|int|prod|infty|partial|nabla|times|cdot|leq|geq|neq|approx|rightarrow|Rightarrow"
            r"|to|in|forall|exists)(?![a-zA-Z])"
            r"|\w[_^]\{[^\s{}]{1,12}\}"
        ),
        "part of a formula",
        r"put the whole formula between \( and \), as in \(\alpha\)",
    ),
    (regex(r"(?<=<li>)\[[ xX]\](?=\s)|(?<=<li><p>)\[[ xX]\](?=\s)"), "a box to tick", "delete the box"),
)


def foreign_mark(note: Shown) -> Iterator[Advice]:
    r"""The card shows a mark of another flavour of Markdown as it is written.

    Why: `$x$`, `==important==` and `- [ ]` mean a formula, a highlight and a checkbox in other programs. Here and in
    Anki they mean nothing, so learners see the marks. (In Anki, a formula is written `\(x^2\)`; see "Math and Symbols"
    in its manual.)

    How it is found: a text is directly between two dollar signs or two pairs of "="; a list item begins with a
    checkbox; or a TeX command such as `\alpha`, or a subscript or superscript in braces such as `x_{i}`, is outside any
    formula. Code is left alone, and so are amounts such as "$5 to $10". (What is certainly a formula, such as `$x^2$`,
    is an error and not advice.)

    Way out: write a formula as `\(x^2\)`, a highlight as `**bold**`, and leave checkboxes out. Put marks that cards
    should show as they are in backticks.

    Bad:

        q: What is $3+6$?
        a: Nine

    Good:

        q: What is \(3+6\)?
        a: Nine
    """
    for key, html in note.html.items():
        for shown, elsewhere, instead in _marks_in(html):
            yield Advice(
                (*note.keys, key),
                f'cards show "{shown}" as it is written; in other programs it is {elsewhere}',
                instead,
                shown,
            )


@remembered
def _marks_in(html: str) -> tuple[tuple[str, str, str], ...]:
    """Return each mark in a text, what it is elsewhere, and what to write here."""
    text = FORMULA.sub("", without_code(html))
    found = ((pattern.search(text), elsewhere, instead) for pattern, elsewhere, instead in _MARKS)
    return tuple((plain(mark[0]), elsewhere, instead) for mark, elsewhere, instead in found if mark)
