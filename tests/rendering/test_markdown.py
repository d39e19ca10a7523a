"""Markdown becomes the HTML of a field."""

import re
import unicodedata
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cuedeck.problems import TextError
from cuedeck.rendering.literal import plain_to_html
from cuedeck.rendering.markdown import cloze_to_html, shows_something, to_html

# All tags that Markdown makes, with their attributes. <span> keeps MathJax away from a backslash and bracket in a text.
TAGS = {
    "p": set(),
    "br": set(),
    "em": set(),
    "strong": set(),
    "code": set(),
    "pre": set(),
    "hr": set(),
    "blockquote": set(),
    "ul": set(),
    "ol": {"start"},
    "li": set(),
    "a": {"href", "title"},
    "table": set(),
    "thead": set(),
    "tbody": set(),
    "tr": set(),
    "th": {"style"},
    "td": {"style"},
    "span": set(),
    "s": set(),
    "sub": set(),
    "sup": set(),
    "u": set(),
    "ruby": set(),
    "rp": set(),
    "rt": set(),
    **{f"h{level}": set() for level in range(1, 7)},
}

SHOWN = [
    ("words", "Hard abandonment", "Hard abandonment"),
    ("type", "vector<int>", "vector&lt;int&gt;"),
    ("operators", "a < b && c", "a &lt; b &amp;&amp; c"),
    ("dollars", "$5 and $10", "$5 and $10"),
    ("html", r"\<b>x\</b> \<!-- y --> \<script>", "&lt;b&gt;x&lt;/b&gt; &lt;!-- y --&gt; &lt;script&gt;"),
    ("entity", "&lt;b&gt; &copy;", "&lt;b&gt; ©"),
    ("field", r"\{{Answer}} {{#x}}", "{{Answer}} {{#x}}"),
    ("emphasis", "*a* **b** `c`", "<em>a</em> <strong>b</strong> <code>c</code>"),
    ("struck-text", "~~a~~", "<s>a</s>"),
    ("no-struck-text", r"\~~a~~", "~~a~~"),
    ("newline-is-a-space", "a\nb", "a b"),
    ("hard-break", "a  \nb", "a<br />\nb"),
    ("paragraphs", "a\n\nb", "<p>a</p>\n<p>b</p>"),
    ("code-with-braces", "`f = {x: {}}`", "<code>f = {x: {}}</code>"),
    ("marker-as-code", "`{{c1::x}}`", "<code>{{c1::x}}</code>"),
    (
        "marker-as-code-in-a-table",
        "| `{{c1::x}}` |\n|---|",
        "<table>\n<thead>\n<tr>\n<th><code>{{c1::x}}</code></th>\n</tr>\n</thead>\n</table>",
    ),
    ("marker-in-a-code-block", "```\n{{c1::x}}\n```", "<pre><code>{{c1::x}}\n</code></pre>"),
    ("braces-of-an-address", "[a](https://e.org/%7B%7Bc1::x%7D%7D)", '<a href="https://e.org/%7B%7Bc1::x%7D%7D">a</a>'),
    ("marker-escaped", r"\{{c1::x}} \{c1: 2}", "{{c1::x}} {c1: 2}"),
    ("fence", "```cpp\na<b\n```", "<pre><code>a&lt;b\n</code></pre>"),
    ("indented-code", "    a", "<pre><code>a\n</code></pre>"),
    ("heading", "# A\nb", "<h1>A</h1>\n<p>b</p>"),
    ("quotation", "> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
    ("list", "- a\n  - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
    ("numbered", "3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
    ("list-of-one", "- a", "<ul>\n<li>a</li>\n</ul>"),
    ("negative", "- 5", "- 5"),
    ("sum", "+ 5", "+ 5"),
    ("date", "12. July", "12. July"),
    ("wrapped-date", "12. July was\n    the day", "12. July was the day"),
    ("list-of-one-with-more", "- a\n\nb", "<ul>\n<li>a</li>\n</ul>\n<p>b</p>"),
    ("numbered-list-of-two", "1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
    (
        "table",
        "| a | b |\n|---|:-:|\n| 1 | `x` |",
        '<table>\n<thead>\n<tr>\n<th>a</th>\n<th style="text-align:center">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n'
        '<td>1</td>\n<td style="text-align:center"><code>x</code></td>\n</tr>\n</tbody>\n</table>',
    ),
    (
        "table-with-empty-cells-too-many",
        "| a |\n|---|\n| b | | |\n| c\\|d |",
        "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n<tr>\n<td>c|d</td>\n"
        "</tr>\n</tbody>\n</table>",
    ),
    (
        "wide-space-before-a-row",
        "| a | b |\n|---|---|\n\u3000| 1 | 2 | &nbsp; |",
        "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n"
        "</tbody>\n</table>",
    ),
    (
        "link-by-reference",
        "[a] [b][A]\n\n[a]: https://e.org/ü",
        '<a href="https://e.org/%C3%BC">a</a> <a href="https://e.org/%C3%BC">b</a>',
    ),
    ("link", "[a](https://e.org/?x=1&y=2)", '<a href="https://e.org/?x=1&amp;y=2">a</a>'),
    ("mail", "<mailto:a@e.org>", '<a href="mailto:a@e.org">mailto:a@e.org</a>'),
    ("script-link", r"[a\](javascript:alert(1))", "[a](javascript:alert(1))"),
    ("call", "f[i](x)", "f[i](x)"),
    ("bare-address", "https://e.org", '<a href="https://e.org">https://e.org</a>'),
    ("right-to-left", "שלום <עולם>", "שלום &lt;עולם&gt;"),
    ("decomposed", "e\u0301", "é"),
    ("math", r"\(a<b\)", r"\(a&lt;b\)"),
    ("math-keeps-markup", r"\(a_1 * b_1 * c\)", r"\(a_1 * b_1 * c\)"),
    ("math-braces", r"\(\frac{a}{b^{c}}\)", r"\(\frac{a}{b^{c}}\)"),
    ("display-math", r"so \[x\] it is", r"so \[x\] it is"),
    ("block-math", "\\[\n= a\n- b\n# c\n\\]", "<p>\\[\n= a\n- b\n# c\n\\]</p>"),
    ("block-math-after-words", "so\n\\[\n= a\n\\]", "<p>so</p>\n<p>\\[\n= a\n\\]</p>"),
    ("block-math-in-a-list", "- \\[\n  = a\n  \\]", "<ul>\n<li>\n<p>\\[\n= a\n\\]</p>\n</li>\n</ul>"),
    ("two-formulas", "\\[a\\]\n\\[b\\]", "<p>\\[a\\]</p>\n<p>\\[b\\]</p>"),
    ("no-math", r"\\(a\\", "\\<span>(</span>a\\"),
    ("no-math-in-code", r"`\(a\)`", r"<code>\<span>(</span>a\)</code>"),
    ("no-latex", r"[latex\]a[/latex\]", "&#91;latex]a&#91;/latex]"),
    ("no-type-answer", "[[type:a]]", "&#91;[type:a]]"),
    ("sound-as-code", "`[sound:a.mp3]`", "<code>&#91;sound:a.mp3]</code>"),
    ("exclamation", "Look![1]", "Look![1]"),
]

REFUSED = [
    ("image", "![a](https://e.org/a.png)", "no-media"),
    ("local-image", "![a](a.png)", "no-media"),
    ("image-by-reference", "![a][b]\n\n[b]: https://e.org/a.png", "media-markup"),
    ("sound", "x [sound:a.mp3]", "no-media"),
    ("open-math", r"\(a", "open-math"),
    ("math-over-paragraphs", "\\(a\n\nb\\)", "open-math"),
    ("open-block-math", "\\[\na", "open-math"),
    ("deletion", "{{c1::a}}", "cloze-outside"),
    ("deletion-in-math", r"\(a^{{c1::2}}\)", "cloze-outside"),
    ("capital-deletion", "{{C1::a}}", "cloze-outside"),
    ("deletion-with-a-space", "{{c1, 2::a}}", "cloze-outside"),
    ("deletion-without-a-number", "{{c::a}}", "cloze-outside"),
    ("wide-deletion", "｛｛c1::a｝｝", "cloze-marker"),
    ("deletion-in-an-address", "[x](https://e.org/{{c1::b}})", "cloze-lost"),
    ("deletion-in-a-short-address", "<https://e.org/{{c1::b}}>", "cloze-lost"),
    ("deletion-in-the-title-of-a-link", '[x](https://e.org "{{c1::t}}")', "cloze-lost"),
    ("deletion-in-the-address-of-a-reference", "[x]\n\n[x]: https://e.org/{{c1::b}}", "cloze-lost"),
    ("deletion-in-a-reference-that-nothing-uses", "a\n\n[x]: https://e.org/{{c1::b}}", "lost-address"),
    ("deletion-as-code-and-in-an-address", "`{{c1::b}}` [x](https://e.org/{{c1::b}})", "cloze-lost"),
    ("deletion-after-a-fence", "```{{c1::a}}\nb\n```", "lost-code"),
    ("words-after-a-fence", "~~~ a b\nc\n~~~", "lost-code"),
    ("code-on-the-line-of-its-fence", "a\n\n~~~ print(1) ~~~", "lost-code"),
    ("language-without-code", "```python\n```", "lost-code"),
    ("address-that-nothing-uses", 'a\n\n[x]: https://e.org "b"', "lost-address"),
    ("address-alone", "[a]: https://e.org", "lost-address"),
    ("second-address-of-a-label", "[a]\n\n[a]: https://e.org/a\n[a]: https://e.org/b", "lost-address"),
    ("cell-too-many", "| a |\n|---|\n| b | c |", "lost-cell"),
    ("cell-too-many-without-bars-around", "a|b\n-|-\n1|2\n3|4|5", "lost-cell"),
    ("cell-too-many-after-an-empty-one", "| a |\n|---|\n| b | | c |", "lost-cell"),
    ("cell-too-many-in-a-list", "- | a |\n  |---|\n  | b | c |", "lost-cell"),
    ("cell-too-many-in-a-quotation", "> | a |\n> |---|\n> | b | c |", "lost-cell"),
    ("deletion-in-a-cell-too-many", "| a |\n|---|\n| b | {{c1::c}} |", "lost-cell"),
    ("bar-in-code-in-a-table", "| a |\n|---|\n| `b|c` |", "lost-cell"),
    ("deep-quotation", "> " * 30 + "a", "text-deep"),
    ("deep-list", "\n".join("  " * level + "- a" for level in range(30)), "text-deep"),
]


@pytest.mark.parametrize(("text", "html"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN])
def test_a_text_is_shown_as_written(text: str, html: str) -> None:
    """Markdown becomes HTML, and everything else that Anki, MathJax or a browser could act on stays text."""
    assert to_html(text) == html


@pytest.mark.parametrize(("text", "rule"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_text_that_does_not_fit_a_field_is_refused(text: str, rule: str) -> None:
    """Each kind of text that Anki would lose or break is an error with a rule of its own, and has a hint."""
    with pytest.raises(TextError) as found:
        to_html(text)
    assert found.value.rule == rule
    assert found.value.hint
    assert found.value.fragment in text


@pytest.mark.parametrize(
    "text",
    ["-", "*", "#", "---", "1.", "\u00a0", "> ", "```\n```", "\u200b", "&#8288;", "[](https://e.org)", "\u3164\ufe0f"],
)
def test_what_shows_nothing(text: str) -> None:
    """A sign alone, which Markdown reads as a list, a line or a heading, shows nothing, nor do invisible characters."""
    assert not shows_something(to_html(text))


@pytest.mark.parametrize("text", ["a", r"\-", "0", "<", "`-`", r"\(x\)", "- a", "1939\\."])
def test_what_shows_something(text: str) -> None:
    """A text makes a card if it contains anything to read."""
    assert shows_something(to_html(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ('"a"', "&quot;a&quot;"),
        ("[sound:a.mp3]", "&#91;sound:a.mp3]"),
        (r"\(a\)", r"\<span>(</span>a\)"),
        ("*a*", "*a*"),
    ],
)
def test_a_title_is_plain_text(text: str, html: str) -> None:
    """In a title, which is not Markdown, every character is shown as written."""
    assert plain_to_html(text) == html


printable = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=60)
# Made from pieces that mean something to Markdown, Anki or a browser, so that these often come together.
PIECES = (
    *("<", ">", "&", "<b", "</", "<!--", "-->", "<a href=", "&lt;", "&#60;", "`", "``", "*", "**", "_", "[", "](", ")"),
    *("](https://e.org)", "![", "\\", "\\(", "\\)", "\\[", "\\]", "|", "|-", "- ", "1. ", "# ", "> ", "    ", "\n"),
    *("\n\n", "---", "```", "~~~", "{{c1::", "{{c2::", "}}", "{", "}", "::", ":", '"', "'", "a", "b", "c1", " ", "é"),
    *("[sound:", "[latex]", "[$]", "<https://e.org>", "<x@e.org>", "[a]: https://e.org", "<%", "{{", "=\n", "$"),
)
tricky = st.lists(st.one_of(st.sampled_from(PIECES), printable), max_size=20).map("".join)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("br", "hr"):
            assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration")


def assert_only_markdown_tags(html: str) -> None:
    tags = _Tags()
    tags.feed(html)
    tags.close()
    assert not tags.open
    for tag, attributes in tags.found:
        assert attributes.keys() <= TAGS[tag]
        assert re.match("https?:|mailto:", attributes.get("href") or "https:", re.IGNORECASE)
    assert html.count("<") == len(re.findall(r"</?[a-z][a-z0-9]*(?: [a-z]+=\"[^\"<]*\")*(?: /)?>", html))


@given(st.one_of(printable, tricky))
def test_no_tag_comes_from_text(text: str) -> None:
    """From any text, a field gets only tags that Markdown makes, closed in order, and only safe links."""
    try:
        assert_only_markdown_tags(to_html(text))
    except TextError:
        return


@given(tricky)
def test_no_tag_comes_from_a_text_with_deletions(text: str) -> None:
    """The same for texts with deletions."""
    try:
        assert_only_markdown_tags(cloze_to_html("{{c1::a}} " + text).html)
    except TextError:
        return


@given(printable)
@example("\\[\\]")
def test_escaped_text_comes_back(text: str) -> None:
    """Text with a backslash before each sign is shown as it is, in a field and in a deletion.

    Only the opening brackets get no backslash, since after one they would begin a formula.
    """
    escaped = re.sub(r"([!-'\)-/:-@\\-`{-~])", r"\\\1", text)
    shown = " ".join(f"one{text}two".split())
    for html in (to_html(f"one{escaped}two"), cloze_to_html(f"{{{{c1::one{escaped}two}}}}").html[6:-2]):
        assert " ".join(visible(html).split()) == unicodedata.normalize("NFC", shown)


@given(printable)
def test_a_title_comes_back(text: str) -> None:
    """A title is shown as it is, whatever characters it contains."""
    assert visible(plain_to_html(text)) == unicodedata.normalize("NFC", text)


def visible(html: str) -> str:
    return unescape(re.sub("<[^>]*>", "", html))


PATIENCE = [
    *(
        "{{c1::",
        "<",
        r"\(",
        r"\[",
        "\\[\n",
        "*",
        "* a",
        "_a",
        "[",
        "![",
        "![a](",
        "`",
        "` ",
        "[a](",
        "> ",
        "{",
        "}}",
        "::",
    ),
    *(
        "{{c1::a}} ",
        "{{c1::\n",
        "｛",
        "[sound:",
        "\\",
        "&",
        "|a",
        "- a\n",
        "<a:",
        "{{c1::a}}\n\n",
        "\\[a\n\n",
        "#",
        "1",
        "a\n",
        "[a\n",
        "[a]: ",
        "[[a]",
        "**a *b ",
        "1. ",
        "- ",
        "|a|\n|-|\n",
        "_*",
        "~~~\n",
    ),
    *("<sub>", "<sub>a</sub>", "<ruby>", "<b>", "</b>", "<!--", "$x^2", "$$", "$a_1$ ", "漢字[か", "漢[か]", "。\n"),
    *("https://a.b ", "https://a.b", "[x](ftp://y) ", "~~", "x^2^ ", "[[a]]", "[^1]", "[latex]", "![a](b c) "),
    *(
        "\\d\\.",
        "\\\\(a\\\\) ",
        "\\(a b",
        "**「",
        "**a**b ",
        "5*3*",
        "__init__ ",
        "> 5\n",
        "# a\n",
        "1. a\n\n",
        "+ 1\n",
    ),
    *(
        "a\n: b\n",
        "a\n=\n\n",
        "___ ",
        "（1）\n",
        "a\tb\n",
        "a {\n  b\n",
        "\\begin{a}",
        "x<b ",
        "食べ物",
        "食べ物[た",
        '**"a"**b',
    ),
    *(")*(", "\u200e- a\n", "x^+^ ", "א. \n", "{{\u200fc2::", "50%\\(x%\\)"),
]


@pytest.mark.parametrize("piece", PATIENCE, ids=[re.sub(r"\W", "-", repr(piece)) for piece in PATIENCE])
@pytest.mark.parametrize("render", [to_html, cloze_to_html])
@pytest.mark.parametrize("times", [1_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_thousands_of_one_mark_are_rendered_or_refused(render: object, piece: str, times: int) -> None:
    """They neither crash nor take forever."""
    try:
        assert callable(render)
        render(piece * times)
    except TextError:
        return
