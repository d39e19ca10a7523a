"""Cloze deletions: what Anki makes of the HTML is what the author wrote."""

import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.problems import TextError
from cuedeck.rendering.cloze import protect
from cuedeck.rendering.markdown import cloze_to_html, to_html
from cuedeck.rendering.plain import Gap, runs_and_gaps
from cuedeck.rendering.results import ClozeText, Seen

# name, text, HTML, (numbers, answer, hint) of each deletion as a card shows it
SHOWN = [
    ("plain", "{{c1::Hard}} it is", "{{c1::Hard}} it is", [((1,), "Hard", "")]),
    ("hint", "{{c1::Hard::or soft?}}", "{{c1::Hard::or soft?}}", [((1,), "Hard", "or soft?")]),
    ("two", "{{c1::a}}{{c2::b}}", "{{c1::a}}{{c2::b}}", [((1,), "a", ""), ((2,), "b", "")]),
    ("same-number", "{{c1::a}} {{c1::b}}", "{{c1::a}} {{c1::b}}", [((1,), "a", ""), ((1,), "b", "")]),
    ("two-numbers", "{{c1,3::a}}", "{{c1,3::a}}", [((1, 3), "a", "")]),
    ("nested", "{{c1::a {{c2::b}} c}}", "{{c1::a {{c2::b}} c}}", [((1,), "a b c", ""), ((2,), "b", "")]),
    ("nested-hints", "{{c1::a {{c2::b::h}}::i}}", "{{c1::a {{c2::b::h}}::i}}", [((1,), "a b", "i"), ((2,), "b", "h")]),
    ("highest", "{{c500::a}}", "{{c500::a}}", [((500,), "a", "")]),
    ("type", "{{c1::vector<int>}}", "{{c1::vector&lt;int&gt;}}", [((1,), "vector<int>", "")]),
    (
        "formula",
        r"{{c1::\(\frac{a}{b^{c}}\)}}",
        r"{{c1::\(\frac&#123;a&#125;&#123;b^&#123;c&#125;&#125;\)}}",
        [((1,), r"\(\frac{a}{b^{c}}\)", "")],
    ),
    (
        "code",
        "{{c1::`std::map<{}>`}}",
        "{{c1::<code>std:&#58;map&lt;&#123;&#125;&gt;</code>}}",
        [((1,), "std::map<{}>", "")],
    ),
    ("braces", "{{c1::{x}}}", "{{c1::&#123;x&#125;}}", [((1,), "{x}", "")]),
    ("double-braces", "{{c1::{{x}}}}", "{{c1::&#123;&#123;x&#125;&#125;}}", [((1,), "{{x}}", "")]),
    ("brace-escaped", r"{{c1::a\}\}b}}", "{{c1::a&#125;&#125;b}}", [((1,), "a}}b", "")]),
    ("colons-escaped", r"{{c1::a\:\:b}}", "{{c1::a:&#58;b}}", [((1,), "a::b", "")]),
    ("colon-at-the-end", "{{c1::a:}}", "{{c1::a&#58;}}", [((1,), "a:", "")]),
    ("colons-outside", "a::b {{c1::c}} }} {{", "a::b {{c1::c}} }} {&#123;", [((1,), "c", "")]),
    ("brace-around", "{{{c1::a}}}", "{{{c1::a}}}", [((1,), "a", "")]),
    ("marker-escaped", r"\{{c2::a}} {{c1::b}}", "{&#123;c2::a}} {{c1::b}}", [((1,), "b", "")]),
    ("emphasis-inside", "{{c1::*a*}}", "{{c1::<em>a</em>}}", [((1,), "a", "")]),
    ("emphasis-outside", "*{{c1::a}} b*", "<em>{{c1::a}} b</em>", [((1,), "a", "")]),
    ("emphasis-in-hint", "{{c1::a::*b*}}", "{{c1::a::<em>b</em>}}", [((1,), "a", "b")]),
    (
        "link-inside",
        "{{c1::[x](https://e.org/a::b)}}",
        '{{c1::<a href="https://e.org/a:&#58;b">x</a>}}',
        [((1,), "x", "")],
    ),
    (
        "nested-formula",
        r"{{c1::a {{c2::\(b^{c^{d}}\)}} e}}",
        r"{{c1::a {{c2::\(b^&#123;c^&#123;d&#125;&#125;\)}} e}}",
        [((1,), r"a \(b^{c^{d}}\) e", ""), ((2,), r"\(b^{c^{d}}\)", "")],
    ),
    ("number-and-stop", "12. {{c1::July}}", "12. {{c1::July}}", [((1,), "July", "")]),
    ("over-lines", "{{c1::a\nb}}", "{{c1::a b}}", [((1,), "a b", "")]),
    ("heading", "# A {{c1::a}}\nb", "<h1>A {{c1::a}}</h1>\n<p>b</p>", [((1,), "a", "")]),
    (
        "list",
        "- {{c1::a}}\n- {{c2::b}}",
        "<ul>\n<li>{{c1::a}}</li>\n<li>{{c2::b}}</li>\n</ul>",
        [((1,), "a", ""), ((2,), "b", "")],
    ),
    (
        "table",
        "| {{c1::`a\\|b`}} |\n|---|",
        "<table>\n<thead>\n<tr>\n<th>{{c1::<code>a|b</code>}}</th>\n</tr>\n</thead>\n</table>",
        [((1,), "a|b", "")],
    ),
    (
        "braces-in-a-code-block",
        "{{c1::a}}\n\n```\n}} :: {{\n```",
        "<p>{{c1::a}}</p>\n<pre><code>}} :: {{\n</code></pre>",
        [((1,), "a", "")],
    ),
    ("in-code", "`f({{c1::x}}, {y})`", "<code>f({{c1::x}}, {y})</code>", [((1,), "x", "")]),
    (
        "braces-in-code",
        "`{{c1::{x}}} {{c2::{{y}}}}`",
        "<code>{{c1::&#123;x&#125;}} {{c2::&#123;&#123;y&#125;&#125;}}</code>",
        [((1,), "{x}", ""), ((2,), "{{y}}", "")],
    ),
    (
        "colons-in-code",
        r"`{{c1::a\:\:b}} {{c2::{c::d}}}`",
        "<code>{{c1::a:&#58;b}} {{c2::&#123;c:&#58;d&#125;}}</code>",
        [((1,), "a::b", ""), ((2,), "{c::d}", "")],
    ),
    ("hint-in-code", "`{{c1::x::which one?}}`", "<code>{{c1::x::which one?}}</code>", [((1,), "x", "which one?")]),
    ("sound-in-code", "`{{c1::[sound:x]}}`", "<code>{{c1::&#91;sound:x]}}</code>", [((1,), "[sound:x]", "")]),
    ("fence", "```\na {{c1::b\nc}}\n```", "<pre><code>a {{c1::b\nc}}\n</code></pre>", [((1,), "b c", "")]),
    ("indented-code", "    a {{c1::b}}", "<pre><code>a {{c1::b}}\n</code></pre>", [((1,), "b", "")]),
    ("exponent", r"\(x^{{c1::2}}\)", r"\(x^{{{c1::2}}}\)", [((1,), "2", "")]),
    ("exponent-in-braces", r"\(x^{{{c1::2}}}\)", r"\(x^{{{c1::2}}}\)", [((1,), "2", "")]),
    ("no-argument", r"\(a \cdot {{c1::2}}\)", r"\(a \cdot {{c1::2}}\)", [((1,), "2", "")]),
    ("argument-of-a-letter", r"\(x^a{{c1::2}}\)", r"\(x^a{{c1::2}}\)", [((1,), "2", "")]),
    ("argument-in-half", r"\({{c1::x^}}{{c2::2}}\)", r"\({{c1::x^}}{{{c2::2}}}\)", [((1,), "x^", ""), ((2,), "2", "")]),
    ("option-of-a-line-end", r"\(a \\ {{c1::b}}\)", r"\(a \\ {{{c1::b}}}\)", [((1,), "b", "")]),
    ("words-in-a-formula", r"\(\text{a {{c1::b c}}}\)", r"\(\text{a {{c1::b c}}}\)", [((1,), "b c", "")]),
    (
        "braces-to-be-shown",
        r"\({{c1::\{a\}}}\)",
        r"\({{c1::\&#123;a\&#125;}}\)",
        [((1,), r"\{a\}", "")],
    ),
    (
        "a-pair-in-a-formula",
        r"\({{c1::\left( x \right)}} \left[ {{c2::y}} \right]\)",
        r"\({{c1::\left( x \right)}} \left[ {{c2::y}} \right]\)",
        [((1,), r"\left( x \right)", ""), ((2,), "y", "")],
    ),
    (
        "an-environment",
        r"\[{{c1::\begin{matrix} 1 \end{matrix}}} = a\]",
        r"<p>\[{{c1::\begin&#123;matrix&#125; 1 \end&#123;matrix&#125;}} = a\]</p>",
        [((1,), r"\begin{matrix} 1 \end{matrix}", "")],
    ),
    ("display", r"{{c1::\[x\]}}", r"\[{{c1::x}}\]", [((1,), r"\[x\]", "")]),
    (
        "display-with-a-hint",
        r"{{c1::\[x\]::a b?}}",
        r"\[{{c1::x::\text&#123;a b?&#125;}}\]",
        [((1,), r"\[x\]", "a b?")],
    ),
    ("display-in-italics", r"*{{c1:: \[x\] }}*", r"<em>\[{{c1::x}}\]</em>", [((1,), r"\[x\]", "")]),
    (
        "deletion-in-a-display",
        r"{{c1::\[x + {{c2::y}}\]}}",
        r"\[{{c1::x + {{c2::y}}}}\]",
        [((1,), r"\[x + y\]", ""), ((2,), "y", "")],
    ),
    ("part-of-a-display", r"\[x + {{c1::y}}\]", r"<p>\[x + {{c1::y}}\]</p>", [((1,), "y", "")]),
    ("all-of-a-display", r"\[{{c1::y}}\]", r"<p>\[{{c1::y}}\]</p>", [((1,), r"\[y\]", "")]),
    ("colons-in-a-formula", r"\({{c1::a{::}b}}\)", r"\({{c1::a&#123;:&#58;&#125;b}}\)", [((1,), "a{::}b", "")]),
    ("open-brace-in-code", "`{{c1::if (x) {}}`", "<code>{{c1::if (x) &#123;}}</code>", [((1,), "if (x) {", "")]),
    ("two-braces-in-code", "`{{c1::} else {}}`", "<code>{{c1::&#125; else &#123;}}</code>", [((1,), "} else {", "")]),
    ("just-a-brace-in-code", "`{ {{c1::}}}`", "<code>{ {{c1::&#125;}}</code>", [((1,), "}", "")]),
    ("quoted-brace-in-code", "`{{c1::'{'}}`", "<code>{{c1::'&#123;'}}</code>", [((1,), "'{'", "")]),
    ("escaped-brace-in-code", r"`{{c1::\}}}`", r"<code>{{c1::\&#125;}}</code>", [((1,), r"\}", "")]),
    ("limits", r"\({{c1::\sum}}\limits_0^1\)", r"\(\mathop{{{c1::\sum}}}\limits_0^1\)", [((1,), r"\sum", "")]),
    ("script-after-script", r"\({{c1::x^2}}^3\)", r"\({{{c1::x^2}}}^3\)", [((1,), "x^2", "")]),
    ("prime-after-script", r"\({{c1::f^2}}'\)", r"\({{{c1::f^2}}}'\)", [((1,), "f^2", "")]),
    ("script-after-a-sign", r"\({{c1::x^2 y}}^3\)", r"\({{c1::x^2 y}}^3\)", [((1,), "x^2 y", "")]),
    ("other-script", r"\({{c1::x^2}}_3\)", r"\({{c1::x^2}}_3\)", [((1,), "x^2", "")]),
    ("line-end-with-a-star", r"\(a \\*{{c1::b}}\)", r"\(a \\*{{{c1::b}}}\)", [((1,), "b", "")]),
    ("over-an-arrow", r"\(\ce{A ->[{{c1::k}}] B}\)", r"\(\ce{A -&gt;[{{{c1::k}}}] B}\)", [((1,), "k", "")]),
    ("two-words-in-text", r"\(\text{{c1::two words}}\)", r"\(\text{{{c1::two words}}}\)", [((1,), "two words", "")]),
    (
        "hint-in-text",
        r"\(\text{is {{c1::so::how fast}}}\)",
        r"\(\text{is {{c1::so::how fast}}}\)",
        [((1,), "so", "how fast")],
    ),
    (
        "display-with-a-hint-of-signs",
        r"{{c1::\[x\]::Newton's law (2nd)}}",
        r"\[{{c1::x::\text&#123;Newton's law (2nd)&#125;}}\]",
        [((1,), r"\[x\]", "Newton's law (2nd)")],
    ),
    (
        "display-in-two",
        r"{{c1::{{c2::\[x\]::a}}::b}}",
        r"\[{{c1::{{c2::x::\text&#123;a&#125;}}::\text&#123;b&#125;}}\]",
        [((1,), r"\[x\]", "b"), ((2,), r"\[x\]", "a")],
    ),
    ("right-to-left", "{{c1::שלום::רמז}}", "{{c1::שלום::רמז}}", [((1,), "שלום", "רמז")]),
]

# name, text, rule, what the message points at
REFUSED = [
    ("none", "a", "cloze-none", ""),
    ("only-in-code", "`{{x}}`", "cloze-none", ""),
    ("only-as-a-fence's-language", "```{{c1::a}}\nb\n```", "lost-code", "{{c1::a}}"),
    ("in-an-address", "{{c1::a}} [x](https://e.org/{{c2::b}})", "cloze-lost", "{{c2::"),
    ("in-a-short-address", "{{c1::a}} <https://e.org/{{c2::b}}>", "cloze-lost", "{{c2::"),
    ("in-the-title-of-a-link", '{{c1::a}} [x](https://e.org "{{c1::t}}")', "cloze-lost", "{{c1::"),
    ("in-the-address-of-a-reference", "{{c1::a}} [x]\n\n[x]: https://e.org/{{c2::b}}", "cloze-lost", "{{c2::"),
    ("in-a-cell-too-many", "| {{c1::a}} |\n|---|\n| b | {{c2::c}} |", "lost-cell", "| b | {{c2::c}} |"),
    ("text-in-a-cell-too-many", "| {{c1::a}} |\n|---|\n| b | c |", "lost-cell", "| b | c |"),
    ("empty", "{{c1::}}", "cloze-empty", "{{c1::"),
    ("blank", "{{c1:: }}", "cloze-empty", "{{c1::"),
    ("only-a-hint", "{{c1::::h}}", "cloze-empty", "{{c1::"),
    ("no-break-space", "a {{c2::b}} {{c1::&nbsp;}}", "cloze-empty", "{{c1::"),
    ("zero-width", "a {{c2::b}} {{c1::\u200b}}", "cloze-empty", "{{c1::"),
    ("zero-width-in-another", "{{c1::a {{c2::\u00ad}}}}", "cloze-empty", "{{c2::"),
    ("link-without-words", "a {{c1::[](https://e.org)}}", "cloze-empty", "{{c1::"),
    ("line-break", "a {{c1::\\\n}} b", "cloze-empty", "{{c1::"),
    ("zero", "{{c0::a}}", "cloze-number", "{{c0::"),
    ("too-high", "{{c501::a}}", "cloze-number", "{{c501::"),
    ("one-of-two-too-high", "{{c1,501::a}}", "cloze-number", "{{c1,501::"),
    ("far-too-high", f"{{{{c{'9' * 5000}::a}}}}", "cloze-number", f"{{{{c{'9' * 5000}::"),
    ("two-hints", "{{c1::a::b::c}}", "cloze-hints", "{{c1::"),
    ("scope", "{{c1::std::vector::type}}", "cloze-hints", "{{c1::"),
    ("empty-hint", "{{c1::a::}}", "cloze-hints", "{{c1::"),
    ("hint-that-shows-nothing", "{{c1::a::\u200b}}", "cloze-hints", "{{c1::"),
    ("hint-of-a-no-break-space", "{{c1::a::&nbsp;}}", "cloze-hints", "{{c1::"),
    ("anki's-own-marker-in-a-block-of-code", "{{c1::a}}\n\n    {{c1,::b}}", "cloze-marker", "{{c1,::"),
    ("no-number-in-code", "{{c1::a}} `{{c,2::b}}`", "cloze-marker", "{{c,2::"),
    ("no-number-in-a-block-of-math", "{{c1::a}}\n\n\\[ {{c,::b}} \\]", "cloze-marker", "{{c,::"),
    ("deletion-in-a-hint", "{{c1::a::b {{c2::c}}}}", "cloze-hints", "{{c2::"),
    ("capital", "{{C1::a}}", "cloze-marker", "{{C1:"),
    ("one-colon", "{{c1:a}}", "cloze-marker", "{{c1:"),
    ("one-brace", "{c1::a}", "cloze-marker", "{c1:"),
    ("space", "{{ c1::a}}", "cloze-marker", "{{ c1:"),
    ("wide", "｛｛c1::a｝｝ {{c2::b}}", "cloze-marker", "｛｛c1"),
    *(
        (f"near-{number}", f"{{{{c1::a}}}} {near}y}}}}", "cloze-marker", near)
        for number, near in enumerate(
            (
                *("{{c1, 2::", "{{c1 ,2::", "{{c1,c2::", "{{c1;2::", "{{c1-2::", "{{c1 – 3::", "{{c1 2::", "{{c1，2::"),
                *("{{c1.::", "{{c1,\n2::", "{{ C1, c2 ::", "{{c::", "{{C::", "{{ c ::", "{{1::", "{{1,2::", "{{cl::"),
                *("{{c1：", "{{c：：", "{{c1, 2：："),
            )
        )
    ),
    ("near-in-another", "{{c1::a {{c2, 3::y}}}}", "cloze-marker", "{{c2, 3::"),
    ("one-full-width-colon", "{{c1::a}} {{c2：y}}", "cloze-marker", "{{c2："),
    ("open", "{{c1::a", "cloze-open", "{{c1::"),
    ("second-open", "{{c1::a}} {{c2::b", "cloze-open", "{{c2::"),
    ("over-paragraphs", "{{c1::a\n\nb}}", "cloze-open", "{{c1::"),
    ("over-items", "- {{c1::a\n- b}}", "cloze-open", "{{c1::"),
    ("over-cells", "| {{c1::a | b}} |\n|---|---|", "cloze-open", "{{c1::"),
    ("over-a-list", "{{c1::a\n- b}}", "cloze-open", "{{c1::"),
    ("open-brace", "{{c1::{}}", "cloze-open", "{{c1::"),
    ("crosses-bold", "{{c1::**a}} b**", "cloze-crossing", "{{c1::"),
    ("crosses-bold-behind", "**a {{c1::b**}}", "cloze-crossing", "{{c1::"),
    ("crosses-a-link", "{{c1::[a}} b](https://e.org)", "cloze-crossing", "{{c1::"),
    ("hint-in-emphasis", "{{c1::*a::b*}}", "cloze-crossing", "{{c1::"),
    ("open-in-code", "`{{c1::a` {{c2::b}}", "cloze-open", "{{c1::"),
    ("open-in-a-block-of-code", "```\n{{c1::a\n```\n\n{{c2::b}}", "cloze-open", "{{c1::"),
    ("open-brace-in-code", "`{{c1::a{b}}`", "cloze-open", "{{c1::"),
    ("open-in-a-formula", r"\({{c1::a\)", "cloze-open", "{{c1::"),
    ("open-brace-in-a-formula", r"\({{c1::\frac{a}}\)", "cloze-open", "{{c1::"),
    ("crosses-a-group", r"\({a + {{c1::b} + c}}\)", "cloze-open", "{{c1::"),
    ("begins-in-a-formula", r"\(a + {{c1::b\) c}}", "cloze-open", "{{c1::"),
    ("begins-in-code", "`a {{c1::b` c}}", "cloze-open", "{{c1::"),
    ("capital-in-a-formula", r"{{c1::a}} \({{C2::b}}\)", "cloze-marker", "{{C2:"),
    ("space-in-a-formula", r"{{c1::a}} \({{c1, 2::b}}\)", "cloze-marker", "{{c1, 2::"),
    ("a-bracket-of-a-pair", r"\(\left{{c1::(}} x \right)\)", "cloze-inside", "{{c1::"),
    ("half-a-pair", r"\(\left( {{c1::x \right)}}\)", "cloze-inside", "{{c1::"),
    ("the-other-half", r"\({{c1::\left( x}} \right)\)", "cloze-inside", "{{c1::"),
    ("half-an-environment", r"\[{{c1::\begin{matrix} x}} \end{matrix}\]", "cloze-inside", "{{c1::"),
    ("the-name-of-an-environment", r"\(\begin{{c1::matrix}} x \end{matrix}\)", "cloze-inside", "{{c1::"),
    ("columns-of-an-array", r"\(\begin{array}{{c1::cc}} x \end{array}\)", "cloze-inside", "{{c1::"),
    ("display-in-words", r"{{c1::so \[x\]}}", "cloze-inside", r"\[x\]"),
    ("display-with-another-hint", r"{{c1::\[x\]::*so*}}", "cloze-inside", r"\[x\]"),
    ("words-as-a-hint-in-a-formula", r"\({{c1::x::two words}}\)", "words-as-formula", "::two words"),
    ("two-hints-in-a-formula", r"\({{c1::a::b::c}}\)", "cloze-hints", "{{c1::"),
    ("two-hints-in-code", "`{{c1::a b::c d::e f}}`", "cloze-hints", "{{c1::a b::c d::e f}}"),
    ("hint-or-code", "`{{c1::std::vector}}`", "cloze-hints", "{{c1::std::vector}}"),
    ("hint-or-address", "{{c1::fe80::1}}", "cloze-hints", "fe80::1"),
    ("capital-in-code", "{{c1::a}} `{{C2::b}}`", "cloze-marker", "{{C2::"),
    ("one-colon-in-code", "{{c1::a}}\n\n    {{c2:b}}", "cloze-marker", "{{c2:"),
    ("slice", "`{{c1::s[::-1]}}`", "cloze-hints", "{{c1::s[::-1]}}"),
    ("slice-in-words", "{{c1::s[::-1]}}", "cloze-hints", "s[::-1]"),
    ("several-colons-in-code", "`{{c1::std::cout << std::endl;}}`", "cloze-hints", "{{c1::std::cout << std::endl;}}"),
    ("type-in-code", "`{{c1::x :: Int}}`", "cloze-hints", "{{c1::x :: Int}}"),
    ("question-mark-of-code", "`{{c1::File::open(p)?}}`", "cloze-hints", "{{c1::File::open(p)?}}"),
    ("a-length", r"\(a \hspace{{c1::1em}} b\)", "cloze-inside", "{{c1::"),
    ("a-second-length", r"\(\rule{1em}{{c1::2em}}\)", "cloze-inside", "{{c1::"),
    ("a-length-after-a-line-end", r"\(a \\[{{c1::2pt}}] b\)", "cloze-inside", "{{c1::"),
    ("words-as-an-answer-in-a-formula", r"\({{c1::kinetic energy}} = 1\)", "words-as-formula", "::kinetic energy"),
    ("a-force-as-a-hint", r"\({{c1::F::a force}}\)", "words-as-formula", "::a force"),
    ("colons-in-a-formula", r"\(x{{c1::::=}} 5\)", "cloze-empty", "{{c1::"),
    ("one-brace-in-a-formula", r"{{c1::a}} \({c1::x}\)", "cloze-marker", "{c1:"),
    ("dollars", "$x^{{c1::2}}$", "foreign-formula", "$x^{{c1::2}}$"),
    ("hint-or-half-of-an-address", "**{{c1::2001:db8::1}}**", "cloze-hints", "2001:db8::1"),
    ("nothing-and-colons-in-code", "`p{{c1::::before}}`", "cloze-hints", "{{c1::::before}}"),
    ("nothing-in-a-formula", r"\(a{{c1::}}\)", "cloze-empty", "{{c1::"),
    ("zero-in-a-formula", r"\(a{{c0::b}}\)", "cloze-number", "{{c0::"),
    ("four-deep-with-code", "{{c1::{{c2::{{c3::`{{c4::a}}`}}}}}}", "cloze-deep", "{{c4::"),
    ("four-deep", "{{c1::{{c2::{{c3::{{c4::a}}}}}}}}", "cloze-deep", "{{c4::"),
    ("open-formula", r"{{c1::\(a}}", "open-math", r"\(a}}"),
    ("image", "{{c1::![a](https://e.org/a.png)}}", "no-media", "![a](https://e.org/a.png)"),
]


@pytest.mark.parametrize(("text", "html", "gaps"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN])
def test_deletions_are_kept_whole(text: str, html: str, gaps: list[tuple[tuple[int, ...], str, str]]) -> None:
    """Markers stay as Anki reads them, and everything in a deletion that could end it or begin a hint is escaped."""
    found = cloze_to_html(text)
    assert found.html == html
    assert runs_and_gaps(found.html)[1] == tuple(Gap(*each) for each in gaps)
    assert found.numbers == {number for numbers, *_ in gaps for number in numbers}


@pytest.mark.parametrize(("text", "rule", "fragment"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_anki_would_break_is_refused(text: str, rule: str, fragment: str) -> None:
    """A text that would make no card, or a broken one, is an error of its own rule that points at the deletion."""
    with pytest.raises(TextError) as found:
        cloze_to_html(text)
    assert (found.value.rule, found.value.fragment) == (rule, fragment)
    assert found.value.hint


# What has braces or colons and is no deletion that somebody got wrong.
NO_MARKERS = [
    *("{{x::y}}", "{{std::string}}", "{{cc::y}}", "{{cv::y}}", "{{co::y}}", "{{l::y}}", "{c::y}", "{cl::y}"),
    *(
        "{1::y}",
        "{1, 2::y}",
        "{{c_1}}",
        "{{c_1::y}}",
        "{{c1}}",
        "{{ c }}",
        "{{ name }}",
        "{{a:b}}",
        "{{c:b}}",
        "{{1:2}}",
    ),
    *(
        "{{1, 2}}",
        "{{1,2},{3}}",
        "{{c1, c2}}",
        "{{c1-c2}}",
        "{c1, c2}",
        "c::y",
        "c1, 2::y",
        "{{10:30}}",
        "{{c1 is::y}}",
    ),
    *(
        r"\{{c1, 2::y}}",
        r"\{\{c1, 2::y}}",
        r"\{{c::y}}",
        "`{{1::y}}`",
        r"\({{c_1}}\)",
        "\n\n    {{c::y}}",
    ),
]


@pytest.mark.parametrize("text", NO_MARKERS)
def test_what_is_no_near_marker(text: str) -> None:
    """Code, templates, sets, formulas, and a marker behind a backslash or in backticks are taken as written."""
    assert cloze_to_html(f"{{{{c1::a}}}} {text}").numbers == {1}
    assert to_html(f"a {text}")


@pytest.mark.parametrize(
    ("near", "meant"),
    [
        ("{{c1, 2::", "{{c1,2::"),
        ("{{c3;c12::", "{{c3,12::"),
        ("{{c2-3::", "{{c2,3::"),
        ("{{c7.::", "{{c7::"),
        ("{{C2:", "{{c2::"),
        ("{{4::", "{{c4::"),
        ("{{c1：：", "{{c1::"),
        ("{{cl::", "{{c1::"),
        ("{{c::", "{{c1::"),
        ("{{c2-4::", "{{c2,3,4::"),
        ("{{c2-9::", "{{c1::"),  # whether these are two numbers or eight is not clear
        ("{{C0:", "{{c1::"),
    ],
)
def test_the_right_spelling_is_shown(near: str, meant: str) -> None:
    """The hint for a mistyped marker has the numbers that were meant, where these are clear."""
    with pytest.raises(TextError) as found:
        cloze_to_html(f"{{{{c1::a}}}} {near}y}}}}")
    assert found.value.hint.startswith(f"write it {meant}answer}}}} or {meant}answer::hint}}}}: ")


def anki_deletions(html: str) -> Iterator[tuple[list[int], str, str | None]]:
    """Yield numbers, answer and hint of each deletion that is not nested, by Anki's rule.

    A deletion begins at `{{cN::`, ends at the first `}}`, and its hint begins at the first `::`.
    """
    for numbers, inner in re.findall(r"\{\{c([0-9,]+)::(.*?)\}\}", html, re.DOTALL):
        answer, colons, hint = inner.partition("::")
        yield [int(number) for number in numbers.split(",")], answer, hint if colons else None


def check_deletions(found: ClozeText) -> None:
    """Anki counts just the deletions that we count, and none is left open."""
    begun = re.findall(r"\{\{c([0-9,]+)::", found.html)
    assert {int(number) for numbers in begun for number in numbers.split(",")} == found.numbers
    depth = 0
    for mark in re.findall(r"\{\{c[0-9,]+::|\}\}", found.html):
        # outside a deletion, "}}" is text to Anki
        depth = max(depth - 1, 0) if mark == "}}" else depth + 1
    assert depth == 0


def shown(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", "", html)).split())


# Plain text, code and formulas, with all that could be mistaken for a mark of Anki's.
signs = st.lists(st.sampled_from(["{", "}", ":", "::", "}}", "{{", "a", "<", "&", "c1", " ", "|"]), max_size=12)
words = signs.map("".join)


@given(words, words, st.integers(1, 500))
def test_anki_finds_what_was_written(answer: str, hint: str, number: int) -> None:
    """Escaped text survives in answer and hint: Anki's own rule gives the same text back."""
    written_answer, written_hint = (re.sub(r"([:{}<&|])", r"\\\1", text) for text in (answer, hint))
    written = f"x {{{{c{number}::a{written_answer}z::h{written_hint}i}}}} y"
    [(numbers, found_answer, found_hint)] = anki_deletions(cloze_to_html(written, Seen()).html)
    assert numbers == [number]
    assert shown(found_answer) == " ".join(f"a{answer}z".split())
    assert shown(found_hint or "") == " ".join(f"h{hint}i".split())


@given(words)
def test_code_and_formulas_survive_in_a_deletion(inner: str) -> None:
    """Code and formulas are whole in a deletion, whatever braces and colons they have."""
    if re.search(r"\{\{c1::", inner):
        return
    text = f"{{{{c1::`a{inner}z`}}}} and {{{{c2::\\(a{inner}z\\)}}}}"
    [(_, code, no_hint), (_, formula, none_either)] = anki_deletions(cloze_to_html(text, Seen()).html)
    assert shown(code) == " ".join(f"a{inner}z".split())
    assert shown(formula) == " ".join(f"\\(a{inner}z\\)".split())
    assert no_hint is none_either is None


anything = st.lists(
    st.sampled_from(
        [
            *(
                "{{c1::",
                "{{c2::",
                "{{c1,2::",
                "}}",
                "::",
                "{",
                "}",
                ":",
                "a",
                "b ",
                "\n",
                "\n\n",
                "*",
                "**",
                "`",
                "```\n",
            ),
            *(
                "\\(",
                "\\)",
                "\\",
                "- ",
                "| ",
                "|-|\n",
                "[",
                "](https://e.org/",
                ")",
                "<",
                "&",
                "    ",
                "# ",
                '"',
                "c1::",
            ),
        ]
    ),
    max_size=25,
).map("".join)


@given(anything)
def test_anki_sees_just_these_deletions(text: str) -> None:
    """However wild the text: it is refused, or Anki counts just the deletions that we count, and none is left open."""
    try:
        found = cloze_to_html(text)
    except TextError:
        return
    check_deletions(found)


@given(st.text(alphabet="{}:a&<", max_size=30))
def test_protected_text_has_no_marks(html: str) -> None:
    """Protected HTML holds no brace, no double colon and no colon at its end, and shows the same."""
    protected = protect(html)
    assert not re.search(r"[{}]|::|:\Z", protected)
    assert unescape(protected) == unescape(html)


REPEATED = [
    "{{c1::a}}",
    "{{c1::a::b}}",
    "{{c1::",
    "}}",
    "{",
    "}",
    "::",
    "a::b",
    "\\frac",
    "\\sqrt[",
    "[",
    "\\left(",
    "^",
    "\\\\",
]


@pytest.mark.hostile
@pytest.mark.parametrize("around", [r"\(%s{{c1::a}}\)", r"{{c2::a}} \({{c1::%s}}\)", "`%s{{c1::a}}`", "`{{c1::%s}}`"])
@pytest.mark.parametrize("piece", REPEATED)
@pytest.mark.parametrize("times", [1_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_endless_repetition_in_code_and_formulas_ends(around: str, piece: str, times: int) -> None:
    """Thousands of one mark in a row are rendered or refused there, too, in no more time than elsewhere."""
    with suppress(TextError):
        cloze_to_html(around % (piece * times))


math_signs = st.lists(
    st.sampled_from(
        (
            *(
                "{{c1::",
                "{{c2::",
                "}}",
                "}}",
                "::",
                "{",
                "}",
                "^",
                "_",
                "\\frac",
                "\\sqrt",
                "[",
                "]",
                "\\alpha",
                "\\\\",
                "a",
            ),
            *(
                "1",
                " ",
                "\\left(",
                "\\right)",
                "\\{",
                "\\}",
                "&",
                "<",
                "\\begin{matrix}",
                "\\end{matrix}",
                "\\text{",
                ":",
            ),
        )
    ),
    max_size=25,
).map("".join)


@given(math_signs, st.sampled_from([(r"\(", r"\)"), ("\n\n\\[", "\\]\n\n"), ("`", "`"), ("\n\n```\n", "\n```\n")]))
def test_anki_sees_just_the_deletions_in_code_and_formulas(inner: str, around: tuple[str, str]) -> None:
    """All letters and signs of the source are there, and nothing is added that a formula would show."""
    try:
        found = cloze_to_html(f"{{{{c9::x}}}} {around[0]}{inner}{around[1]}", Seen())
    except TextError:
        return
    check_deletions(found)
    bare = {ord(sign): None for sign in " \n{}`"}
    kept = re.sub(r"\\mathop(?=\{)", "", shown(found.html)).translate(bare)
    assert kept == f"{{{{c9::x}}}} {around[0]}{inner}{around[1]}".translate(bare)
