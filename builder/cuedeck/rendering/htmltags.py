"""The HTML that texts may use, because Markdown has no signs for it. All other HTML is text, and is reported.

Texts may use `<sub>`, `<sup>` and `<u>` around words, `<br>` between lines, and readings above words, as in
`<ruby>漢字<rt>かんじ</rt></ruby>`, or as Anki writes them, `漢字[かんじ]`. Tags with attributes are not
allowed, so that no text can do more than that.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from cuedeck.patterns import regex
from cuedeck.rendering.mistakes import is_reported, keep_image, keep_misread
from cuedeck.rendering.scripts import HAN

_TAG = regex(r"<(/?)(sub|sup|u|ruby|rb|rt|rp)>", re.IGNORECASE)
_BREAK = regex(r"<br ?/?>", re.IGNORECASE)
_MEDIA = frozenset({"img", "audio", "video", "picture", "source"})
_IN_RUBY = frozenset({"rb", "rt", "rp"})
_KANA = r"\u3041-\u3096\u30a1-\u30ff"
_WORD = regex(rf" ?[{HAN}]+\Z")
_MIXED = regex(rf" ?(?:[{HAN}]+[{_KANA}]+)+[{HAN}]+\Z")
_PARTS = regex(rf"([{_KANA}]+)|[{HAN}]+")
# Readings: kana, bopomofo with its tones, or pinyin with its tones as marks or digits.
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_SYLLABLE = (
    "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:uang|iong|iang|[iu]ang|ang|eng|ing|ong|ian|iao|uai|uan|[iu]a|ai|ao|an|ei|en|er"
    "|ie|in|iu|ou|u[eino]|[üv]e|[aeiouüv])"
)
_READING = regex(
    r"\[((?:[\u3041-\u3096\u30a1-\u30ff・]{1,60}"
    r"|[\u3105-\u312f\u02ca\u02c7\u02cb\u02d9 ]{1,60}"
    rf"|(?=[^\]]{{0,60}}[{_TONES}])[a-zü'/ {_TONES}]{{1,60}}|(?:{_SYLLABLE}[1-5][ /]?){{1,12}}))\](?!\()",
    re.IGNORECASE,
)
_LETTERS = frozenset(("a", "b", "i", "q", "s", "u"))
_CLOSING = regex(r"</([a-zA-Z]+)\s*>")
_LONGEST_WORD = 30
_LONGEST_INSIDE = 200  # of the text between two tags that is searched for the closing one
# The Markdown sign to write instead of a tag that people paste.
_INSTEAD = {
    **dict.fromkeys(("b", "strong"), "**"),
    **dict.fromkeys(("i", "em"), "*"),
    **dict.fromkeys(("s", "del", "strike"), "~~"),
    **dict.fromkeys(("code", "kbd", "tt"), "`"),
}
_FORMS = {
    **dict.fromkeys(("div", "p"), "put an empty line between two paragraphs"),
    **dict.fromkeys(("ul", "ol", "li"), "write each item of a list on a line of its own, after a dash or number"),
    **dict.fromkeys(
        ("table", "tr", "td", "th"), "write a table with | between its cells and a line |---|---| below its head"
    ),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "for a line that stands out, write **bold** text"),
    **dict.fromkeys(("pre",), "put code on lines of its own, with a line ``` before it and another after it"),
    **dict.fromkeys(("a",), "write a link as [words](https://...)"),
    **dict.fromkeys(("anki-mathjax", "math"), r"write a formula as \(x^2\)"),
    **dict.fromkeys(
        ("mark", "font", "span", "hl", "center", "big", "small"), "remove it, or write **bold** or *italic* text"
    ),
    "blockquote": "write > before each line of a quotation",
    "hr": "write --- on a line of its own",
}
_OTHERS = (
    "abbr|acronym|address|area|article|aside|audio|base|body|button|canvas|caption|cite|col|colgroup|dd"
    "|details|dfn|dialog|dl|dt|embed|fieldset|figcaption|figure|footer|form|frame|head|header|html|iframe|img"
    "|input|ins|label|legend|link|main|map|meta|nav|noscript|object|optgroup|option|output|param|picture"
    "|progress|q|samp|script|section|select|source|style|summary|svg|tbody|textarea|tfoot|thead|time|title"
    "|track|var|video|wbr"
)
_NAMES = "|".join([*_INSTEAD, *_FORMS, "sub", "sup", "u", "ruby", "rb", "rt", "rp", "br", _OTHERS])
_HTML = regex(rf"<(?P<end>/?)(?P<name>{_NAMES})(?![\w-])(?P<more>(?:\s[^<>]*)?/?)>", re.IGNORECASE)


def add_html_tags(parser: MarkdownIt) -> None:
    """Teach a parser about the HTML that texts may use, and about readings above words."""
    parser.inline.ruler.before("autolink", "tag", _tag)
    parser.inline.ruler.before("link", "reading", _reading)
    parser.add_render_rule("rt_open", lambda *_: "<rp>(</rp><rt>")
    parser.add_render_rule("rt_close", lambda *_: "</rt><rp>)</rp>")
    parser.add_render_rule("hardbreak_tag", lambda *_: "<br />\n")


def _tag(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "<":
        return False
    if found := _BREAK.match(state.src, state.pos, state.posMax):
        if not silent:
            state.push("hardbreak_tag", "br", 0)
        state.pos = found.end()
        return True
    return _pair(state, silent) or _report(state, silent)


def _pair(state: StateInline, silent: bool) -> bool:
    """Read the text between two tags that belong together, including both tags."""
    opening = _TAG.match(state.src, state.pos, state.posMax)
    closing = opening and _pairs(state).get(state.pos)
    if not opening or closing is None or closing[1] > state.posMax:
        return False
    name = opening[2].lower()
    if name in _IN_RUBY and not state.env.get("in_ruby"):
        return False
    if silent:
        state.pos = closing[1]
        return True
    if name == "rp":  # every reading gets one anyway
        state.pos = closing[1]
        return True
    end = state.posMax
    state.env["in_ruby"] = state.env.get("in_ruby", 0) + (name == "ruby")
    if name != "rb":
        state.push(f"{name}_open", name, 1)
    state.pos, state.posMax = opening.end(), closing[0]
    state.md.inline.tokenize(state)
    state.pos, state.posMax = closing[1], end
    if name != "rb":
        state.push(f"{name}_close", name, -1)
    state.env["in_ruby"] -= name == "ruby"
    return True


def _pairs(state: StateInline) -> dict[int, tuple[int, int]]:
    """Return where the closing tag of each opening tag begins and ends, by where the opening one begins.

    All are found at once: a search from every tag would take too long.
    """
    source, pairs = state.env.get("tags", ("", {}))
    if source is not state.src:
        pairs = {}
        opened: dict[str, list[int]] = {}
        for found in _TAG.finditer(state.src):
            name = found[2].lower()
            if not found[1]:
                opened.setdefault(name, []).append(found.start())
            elif opened.get(name):
                pairs[opened[name].pop()] = found.span()
        state.env["tags"] = (state.src, pairs)
    return pairs  # type: ignore[no-any-return]


def _report(state: StateInline, silent: bool) -> bool:
    """Report HTML that would be shown as written."""
    if silent or is_reported(state):
        return False
    if state.src.startswith("<!--", state.pos):
        keep_misread(
            state,
            "html-comment",
            "learners would see this comment: a text cannot contain comments",
            "remove it, or make it a comment in the file: a line that begins with #, above the note's key",
            state.src[state.pos : state.pos + 40],
        )
    elif found := _HTML.match(state.src, state.pos, state.posMax):
        name = found["name"].lower()
        if _is_comparison(state, found, name):
            return False
        if name in _MEDIA:
            keep_image(state, found[0])
            return False
        seen: set[str] = state.env.setdefault("html", set())
        if found["end"] and name in seen:
            return False
        seen.add(name)
        whole, instead = _as_markdown(state, found, name)
        keep_misread(
            state,
            "html-tag",
            f'"{found[0]}" would be shown as written: texts are Markdown, not HTML',
            f"{_way_out(name, instead)}; to show the tag, put it in backticks or write its < as \\<",
            whole,
            instead,
        )
    return False


def _is_comparison(state: StateInline, found: "re.Match[str]", name: str) -> bool:
    """Return whether signs after a word are a comparison or a parameter of a type: a<b and c>d, List<u>."""
    before = state.src[state.pos - 1 : state.pos]
    if found["end"] or not before.isalnum() or not (name in _LETTERS or (name == "p" and found["more"])):
        return False
    source, closed = state.env.get("closed", ("", frozenset()))
    if source is not state.src:
        closed = frozenset(each.lower() for each in _CLOSING.findall(state.src))
        state.env["closed"] = (state.src, closed)
    return name not in closed


def _as_markdown(state: StateInline, opening: "re.Match[str]", name: str) -> tuple[str, str]:
    """Return the text from an opening tag to its closing tag, and what to write instead; "" if that is not certain."""
    if opening["end"] or opening["more"] or name not in _INSTEAD:
        return opening[0], ""
    closing = f"</{name}>"
    length = state.src[opening.end() : min(state.posMax, opening.end() + _LONGEST_INSIDE)].lower().find(closing)
    end = opening.end() + max(length, 0)
    inside = state.src[opening.end() : end]
    if not inside or inside != inside.strip() or not re.fullmatch(r"[\w ,.'’-]+", inside):
        return opening[0], ""
    sign = _INSTEAD[name]
    before, after = state.src[state.pos - 1 : state.pos], state.src[end + len(closing) : end + len(closing) + 1]
    is_apart = not (before.isalnum() or after.isalnum() or before == sign[0] or after == sign[0])
    whole = state.src[state.pos : end + len(closing)]
    return whole, f"{sign}{inside}{sign}" if is_apart and inside[-1].isalnum() else ""


def _way_out(name: str, instead: str) -> str:
    if instead:
        return f"write {instead}"
    if sign := _INSTEAD.get(name):
        return f"write {sign}word{sign}"
    if name in ("sub", "sup", "u", "ruby", "rt", "rp"):
        return f"write an opening and a closing tag without attributes: <{name}>...</{name}>"
    return _FORMS.get(name, "remove it")


def _reading(state: StateInline, silent: bool) -> bool:
    """Read a word in Chinese characters that is followed by its reading in brackets, as Anki itself writes furigana."""
    if state.src[state.pos] != "[" or not state.pos or state.linkLevel:
        return False
    reading = _READING.match(state.src, state.pos, state.posMax)
    word = reading and _word_read(state.src, max(state.pos - _LONGEST_WORD, 0), state.pos, reading[1])
    if not reading or not word:
        return False
    if not silent:
        if not state.pending.endswith(word[0].lstrip()):
            return False
        before = state.src[: word.start()][-1:]
        # Anki requires a space before such a word, and does not show it. One after other scripts is meant to be seen.
        is_after_reading = state.tokens[-1:] and state.tokens[-1].type == "ruby_close" and before == "]"
        kept = word[0].lstrip() if before.isascii() and not is_after_reading else word[0]
        state.pending = state.pending[: -len(kept)]
        _push_text(state, "ruby_open", "ruby", word[0].lstrip())
        _push_text(state, "rt_open", "rt", reading[1])
        state.push("rt_close", "rt", -1)
        state.push("ruby_close", "ruby", -1)
    state.pos = reading.end()
    return True


def _word_read(source: str, start: int, end: int, reading: str) -> "re.Match[str] | None":
    """Return the word before a reading: Chinese characters, with kana between them that the reading has, too."""
    mixed = _MIXED.search(source, start, end)
    while mixed:
        pattern = "".join(re.escape(kana) if kana else ".+" for kana in _PARTS.findall(mixed[0]))
        if re.fullmatch(pattern, reading):
            return mixed
        mixed = _MIXED.search(source, mixed.start() + 1, end)
    return _WORD.search(source, start, end)


def _push_text(state: StateInline, kind: str, tag: str, text: str) -> None:
    state.push(kind, tag, 1)
    token = state.push("text", "", 0)
    token.content = text
