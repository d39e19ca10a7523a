r"""Anki's math in Markdown: `\( \)` in a line and `\[ \]` as a block, kept as they are for MathJax to set."""

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.rendering.mistakes import keep_fatal, keep_misread, shortened

_CLOSERS = {"(": r"\)", "[": r"\]"}
# What nobody means as a formula in a line: words, and alone in the middle of a line a number or even one word.
SEVERAL_WORDS = regex(r"[^\W\d_]{2,}(?:[ ,;]+[^\W\d_]{2,})+[.!?]?")
"""Words that MathJax would set as one row of letters."""
_WORDS = {"(": SEVERAL_WORDS, "[": regex(rf"{SEVERAL_WORDS.pattern}|[^\W\d_]{{2,}}|\d+")}


# A sign that begins a comment of TeX, and one that was surely meant as the sign of a percentage.
_COMMENT = regex(r"(?<!\\)((?:\\\\)*)%")
_PERCENTAGE = regex(r"[\d.,]\s?%")


def add_math(parser: MarkdownIt) -> None:
    """Teach a parser about math. Without this, Markdown would eat the backslashes."""
    parser.inline.ruler.before("escape", "math", _inline_math)
    parser.block.ruler.before(
        "paragraph", "math_block", _block_math, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    parser.add_render_rule("math", _render_math)
    parser.add_render_rule("math_block", _render_math_block)


def _inline_math(state: StateInline, silent: bool) -> bool:
    start = state.pos
    closer = _CLOSERS.get(state.src[start + 1 : start + 2]) if state.src[start] == "\\" else None
    if closer is None:
        return False
    end = state.src.find(closer, start + 2, state.posMax)
    if end < 0:
        error = TextError(
            f'the formula that begins with "{state.src[start : start + 2]}" has no "{closer}" in its paragraph',
            f'end it with "{closer}"; if it is not a formula, write {state.src[start + 1]} without a backslash',
            state.src[start : start + 20],
            "open-math",
        )
        keep_fatal(state.env, error)
        state.pos = state.posMax  # nothing behind it can be read rightly, and looking again would cost time
        return True
    if not silent:
        token = state.push("math", "", 0)
        token.content = state.src[start : end + 2]
        if (words := state.src[start + 2 : end].strip()) and _WORDS[state.src[start + 1]].fullmatch(words):
            _report_words(state, start, end + 2)
        _report_comment(state, token.content)
    state.pos = end + 2
    return True


def _report_words(state: StateInline, start: int, end: int) -> None:
    whole = state.src[start:end]
    plain = f"{whole[1:-2]}{whole[-1]}"
    keep_misread(
        state,
        "words-as-formula",
        f'"{shortened(whole)}" would be shown as a formula, without spaces between its words',
        f"a bracket that belongs to the text needs no backslash: {shortened(plain)}; "
        rf"words in a formula are written \text{{...}}",
        whole,
    )


def _report_comment(state: StateInline | StateBlock, formula: str) -> None:
    line = next((line for line in formula.split("\n") if _COMMENT.search(line)), "")
    if line:
        instead = _COMMENT.sub(r"\1\%", line)
        keep_misread(
            state,
            "formula-comment",
            f'"%" in "{shortened(line)}" begins a comment, so the rest of its line would not be shown',
            rf"write a percent sign in a formula as \%: {shortened(instead)}",
            line,
            instead if line == formula and len(_PERCENTAGE.findall(line)) == len(_COMMENT.findall(line)) else "",
        )


def _block_math(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    r"""Take the lines from one that begins with `\[` to one that ends with `\]`, whatever stands between them."""
    begin = state.bMarks[first] + state.tShift[first]
    if state.is_code_block(first) or not state.src.startswith(r"\[", begin):
        return False
    line = _last_line(state, first, last)
    if line is None:
        return False
    if not silent:
        token = state.push("math_block", "", 0)
        token.content = state.getLines(first, line + 1, state.blkIndent, False).strip()
        token.map = [first, line + 1]
        _report_comment(state, token.content)
        state.line = line + 1
    return True


def _last_line(state: StateBlock, first: int, last: int) -> int | None:
    """Return the line that closes the formula begun on the line `first`, or None where none before `last` does."""
    # Every line of a paragraph may be asked for: where one found nothing, those up to there need not look again.
    open_until = state.env.get("math_open_until", (0, 0))
    if open_until[0] <= first < open_until[1]:
        return None
    begin = state.bMarks[first] + state.tShift[first] + 2
    for line in range(first, last):
        end = state.src.find(r"\]", begin if line == first else state.bMarks[line], state.eMarks[line])
        if end >= 0 and not state.src[end + 2 : state.eMarks[line]].strip():
            return line
        if end >= 0 or state.isEmpty(line):
            last = line
            break
    state.env["math_open_until"] = (first, last)
    return None


def _render_math(self: RendererHTML, tokens, index, options, env) -> str:  # type: ignore[no-untyped-def]
    return escapeHtml(tokens[index].content)


def _render_math_block(self: RendererHTML, tokens, index, options, env) -> str:  # type: ignore[no-untyped-def]
    return f"<p>{escapeHtml(tokens[index].content)}</p>\n"
