"""Texts that could go wrong on the way to Anki, which must show each one as its author wrote it."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.anki.learner import ANKI, card_of, collection, faults, note_of, shown, take
from tests.making import build_deck, cloze, deck, question

# The name, the text as an author writes it after `a:`, and the words that the card must show.
ANSWERS = {
    "angle-brackets": ("vector<int>", "vector<int>"),
    "comparison": ("a < b && c > d", "a < b && c > d"),
    "dollars": ("$5 and $10", "$5 and $10"),
    "two-dollars": (r"\$\$x\$\$ and [\$]y[/\$]", "$$x$$ and [$]y[/$]"),
    "entity": ("write &lt; as `&lt;`", "write < as &lt;"),
    "html": (r"\<b>bold\</b> \<script>alert(1)\</script>", "<b>bold</b> <script>alert(1)</script>"),
    "comment": (r"before \<!-- not hidden --> after", "before <!-- not hidden --> after"),
    "math": (r"so \(a < b\) and \(x_1 * y_1 * z\)", r"so \(a < b\) and \(x_1 * y_1 * z\)"),
    "math-block": ("so\n\n\\[\n\\frac{a}{b^{c}}\n\\]", r"so \[ \frac{a}{b^{c}} \]"),
    "braces": (r"\{{Question}} and {{#Extra}} and {{cloze:Text}}", "{{Question}} and {{#Extra}} and {{cloze:Text}}"),
    "single-braces": ("{a} }} {{ b", "{a} }} {{ b"),
    "percent": ("<%Question%>", "<%Question%>"),
    "latex": (r"[latex\]x[/latex\]", "[latex]x[/latex]"),
    "dollar-latex": (r"[\$]x^2[/\$] and [\$$]y[/\$\$]", "[$]x^2[/$] and [$$]y[/$$]"),
    "type-in": ("[[type:Answer]] and [anki:play:q:0]", "[[type:Answer]] and [anki:play:q:0]"),
    "code-sound": ("say `[sound:x.mp3]`", "say [sound:x.mp3]"),
    "quotes": ("“so” 'they' \"said\" — it’s", "“so” 'they' \"said\" — it’s"),
    "code": ("`if (a<b) { x::y(); }`", "if (a<b) { x::y(); }"),
    "code-block": ("```c\nint main() { return a < b; }\n```", "int main() { return a < b; }"),
    "table": ("| a | b |\n|---|---|\n| 1 < 2 | `x{y}` |", "a b 1 < 2 x{y}"),
    "nested-list": ("- one\n  - two\n    - three\n- four", "one two three four"),
    "backslash": (r"C:\\dir and \* not a list", r"C:\dir and * not a list"),
    "one-newline": ("one\ntwo", "one two"),
    "hebrew": ("נטישה רכה", "נטישה רכה"),
    "emoji": ("👩‍👧 and 𝔘", "👩‍👧 and 𝔘"),
    "link": ("[the page](https://example.org/?a=1&b=2)", "the page"),
    "unsafe-link": (r"[x\](javascript:alert(1))", "[x](javascript:alert(1))"),
    "colons": ("std::vector :: end", "std::vector :: end"),
}


def test_answers_are_shown_as_written(tmp_path: Path) -> None:
    """The card shows all signs of an answer and of a question."""
    notes = {name: question(f"Q {text}" if "\n" not in text else "Q", text) for name, (text, _) in ANSWERS.items()}
    written = build_deck(tmp_path, deck(notes))
    with collection(tmp_path) as learner:
        assert take(learner, written.package) == {"new": len(notes)}
        seen = {name: shown(card_of(learner, name).answer()) for name in notes}
        wrong = {name: seen[name] for name, (_, words) in ANSWERS.items() if f" {words} Idea ¶ 01:32" not in seen[name]}
        assert not wrong
        seen = {name: shown(card_of(learner, name).question()) for name in notes if "\n" not in ANSWERS[name][0]}
        assert {name: words for name, words in seen.items() if words != f"Q {ANSWERS[name][1]}"} == {}
        assert faults(learner) == ""


# The first of the tested versions that knows `{{c1,2::x}}`.
LISTS_OF_NUMBERS = (26, 5)

# The name, the text after `cloze:`, the fronts by number, and the words of every back.
CLOZES: dict[str, tuple[str, dict[int, str], str]] = {
    "math": (
        r"It is {{c1::\(\frac{a}{b^{c}}\)}} here",
        {1: "It is [...] here"},
        r"It is \(\frac{a}{b^{c}}\) here",
    ),
    "math-near-the-end": (r"It is {{c1::\(x^{2}\)}}", {1: "It is [...]"}, r"It is \(x^{2}\)"),
    "code": (
        "Write {{c1::`std::vector<int> v{1, {2}};`}} here",
        {1: "Write [...] here"},
        "Write std::vector<int> v{1, {2}}; here",
    ),
    "braces": (r"The set {{c1::{a, {b}}}} here", {1: "The set [...] here"}, "The set {a, {b}} here"),
    "hint": ("It is {{c1::hard::how?}} here", {1: "It is [how?] here"}, "It is hard here"),
    "hint-with-signs": ("It is {{c1::hard::a < b?}} here", {1: "It is [a < b?] here"}, "It is hard here"),
    "nested": (
        "So {{c1::all of {{c2::it}} is}} here",
        {1: "So [...] here", 2: "So all of [...] is here"},
        "So all of it is here",
    ),
    "on-two-cards": (
        "So {{c1,2::x}} and {{c3::y}}",
        {1: "So [...] and y", 2: "So [...] and y", 3: "So x and [...]"},
        "So x and y",
    ),
    "same-number-twice": ("Both {{c1::x}} and {{c1::y}}", {1: "Both [...] and [...]"}, "Both x and y"),
    "high-number": ("Only {{c500::x}} here", {500: "Only [...] here"}, "Only x here"),
    "gap-in-numbers": ("Only {{c2::x}} and {{c5::y}}", {2: "Only [...] and y", 5: "Only x and [...]"}, "Only x and y"),
    "html": (r"Type {{c1::\<b> & \</b>}} here", {1: "Type [...] here"}, "Type <b> & </b> here"),
    "in-a-list": ("- one {{c1::x}}\n- two {{c2::y}}", {1: "one [...] two y", 2: "one x two [...]"}, "one x two y"),
    "in-a-table": ("| a | b |\n|---|---|\n| {{c1::x}} | y |", {1: "a b [...] y"}, "a b x y"),
    "in-bold": ("So **{{c1::x}}** and {{c2::*y*}}", {1: "So [...] and y", 2: "So x and [...]"}, "So x and y"),
    "colon-at-the-end": ("So {{c1::x:}} and {{c2::y}}", {1: "So [...] and y", 2: "So x: and [...]"}, "So x: and y"),
    "escaped-colons": (r"So {{c1::a\:\:b}} here", {1: "So [...] here"}, "So a::b here"),
    "other-scripts": ("זה {{c1::קשה}} כאן", {1: "זה [...] כאן"}, "זה קשה כאן"),
    "braces-outside": ("{a} and {{c1::x}} and {b}} c", {1: "{a} and [...] and {b}} c"}, "{a} and x and {b}} c"),
    "in-a-formula": (
        r"So \(2^{{c1::10}} = {{c2::1024}}\) is",
        {1: r"So \(2^{[...]} = 1024\) is", 2: r"So \(2^{10} = [...]\) is"},
        r"So \(2^{10} = 1024\) is",
    ),
    "arguments": (
        r"\(\frac{{c1::a}}{{c2::b_{0}}} + \sqrt[{{c3::3}}]{x}\)",
        {
            1: r"\(\frac{[...]}{b_{0}} + \sqrt[{3}]{x}\)",
            2: r"\(\frac{a}{[...]} + \sqrt[{3}]{x}\)",
            3: r"\(\frac{a}{b_{0}} + \sqrt[{[...]}]{x}\)",
        },
        r"\(\frac{a}{b_{0}} + \sqrt[{3}]{x}\)",
    ),
    "letters-after-commands": (
        r"\(\alpha{{c1::x}} + {{c2::\beta}}y\)",
        {1: r"\(\alpha [...] + \beta y\)", 2: r"\(\alpha x + [...] y\)"},
        r"\(\alpha x + \beta y\)",
    ),
    "rows-of-a-matrix": (
        "so\n\n\\[\\begin{pmatrix}{{c1::a}} & b \\\\{{c2::c}} & {{c3::{d}}}\\end{pmatrix}\\]",
        {
            1: r"so \[\begin{pmatrix}{[...]} & b \\{c} & {d}\end{pmatrix}\]",
            2: r"so \[\begin{pmatrix}{a} & b \\{[...]} & {d}\end{pmatrix}\]",
            3: r"so \[\begin{pmatrix}{a} & b \\{c} & [...]\end{pmatrix}\]",
        },
        r"so \[\begin{pmatrix}{a} & b \\{c} & {d}\end{pmatrix}\]",
    ),
    "formula-with-a-hint": (
        r"\(a {{c1::<::\text{how so?}}} b\)",
        {1: r"\(a [\text{how so?}] b\)"},
        r"\(a < b\)",
    ),
    "formula-in-a-deletion": (
        r"So {{c1::\(x^{{c2::{2}}} > 0\)}}",
        {1: "So [...]", 2: r"So \(x^{[...]} > 0\)"},
        r"So \(x^{{2}} > 0\)",
    ),
    "display": (r"So {{c1::\[x^{2}\]}} is", {1: r"So \[[...]\] is"}, r"So \[x^{2}\] is"),
    "display-with-a-hint": (
        r"So {{c1::\[x^{2}\]::an area?}} is",
        {1: r"So \[[\text{an area?}]\] is"},
        r"So \[x^{2}\] is",
    ),
    "in-code": (
        "Say `print({{c1::x < {1}}}, {{c2::end::which?}})` here",
        {1: "Say print([...], end) here", 2: "Say print(x < {1}, [which?]) here"},
        "Say print(x < {1}, end) here",
    ),
    "in-lines-of-code": (
        "```python\ndef f(x):\n    return {{c1::x **\n        2}}\n```",
        {1: "def f(x): return [...]"},
        "def f(x): return x ** 2",
    ),
    "colons-in-code": (
        r"`use {{c1::std\:\:io}}::Read`",
        {1: "use [...]::Read"},
        "use std::io::Read",
    ),
    "latex-inside": (r"So {{c1::[latex\]x[/latex\]}} here", {1: "So [...] here"}, "So [latex]x[/latex] here"),
}


def test_clozes_are_shown_as_written(tmp_path: Path) -> None:
    """Each number makes one card, whose front hides only its own deletions and whose back shows the whole text."""
    clozes = {name: row for name, row in CLOZES.items() if name != "on-two-cards" or ANKI >= LISTS_OF_NUMBERS}
    notes = {name: cloze(text) for name, (text, _, _) in clozes.items()}
    written = build_deck(tmp_path, deck(notes))
    seen: dict[str, Any] = {}
    backs = {}
    with collection(tmp_path) as learner:
        take(learner, written.package)
        for name in notes:
            cards = {card.ord + 1: card for card in note_of(learner, name).cards()}
            seen[name] = {number: shown(card.question()) for number, card in sorted(cards.items())}
            backs[name] = {re.sub(" Idea ¶ 01:32.*", "", shown(card.answer())) for card in cards.values()}
        assert seen == {name: fronts for name, (_, fronts, _) in clozes.items()}
        assert backs == {name: {back} for name, (_, _, back) in clozes.items()}
        assert faults(learner) == ""


@pytest.mark.parametrize("key", ["extra", "title"])
def test_extra_and_concept_are_shown_as_written(tmp_path: Path, key: str) -> None:
    """The words below an answer and the concept's name show all of their signs, too."""
    text = "a < b && {{c}} $5 &amp; 'x'" if key == "title" else "a < b && {{c}} $5 & 'x'"
    data = deck({"one": question(**({"extra": text} if key == "extra" else {}))})
    if key == "title":
        data["concepts"]["idea"]["title"] = text
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, data).package)
        assert text in shown(card_of(learner, "one").answer())


def test_formulas_are_left_to_mathjax(tmp_path: Path) -> None:
    """A formula's marks stay whole for MathJax; a bracket that only looks like one does not become a formula."""
    notes = {"meant": question("x", r"\(a\)"), "not-meant": question("x", r"`\(a\)`")}
    with collection(tmp_path) as learner:
        take(learner, build_deck(tmp_path, deck(notes)).package)
        assert r"\(a\)" in note_of(learner, "meant")["Answer"]
        assert r"\(" not in note_of(learner, "not-meant")["Answer"]
        assert r" \(a\) " in shown(card_of(learner, "not-meant").answer())
