"""Emphasis: bold, italic and struck text where it is meant, also beside Chinese, Japanese and Korean words.

CommonMark decides by the characters beside a run of signs whether it may begin or end emphasis, and assumes that there
are spaces between words. In scripts without spaces, emphasis fails beside punctuation, such as the brackets of
`これは**「重要」**です`. So Cuedeck treats these scripts as the CJK-friendly amendment to CommonMark 0.31 does, and
letters of Hebrew and Arabic, to which words such as "the" and "and" are joined, in the same way.
"""

from markdown_it import MarkdownIt
from markdown_it.common.utils import isPunctChar
from markdown_it.rules_inline import StateInline, emphasis, strikethrough

from cuedeck.rendering.cloze import MARKER
from cuedeck.rendering.scripts import is_cjk, joins_words
from cuedeck.rendering.strayemphasis import is_space, report_stray_signs

DIFFERS = "emphasis_differs"
"""A key in the environment of a parse: whether a sign may begin or end emphasis that could not in version 1.0.0."""


def add_emphasis(parser: MarkdownIt, as_before: bool) -> None:
    """Teach a parser about emphasis; if `as_before`, as version 1.0.0 read it, to find out what has changed."""
    parser.enable("strikethrough")
    if as_before:
        return
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.at("strikethrough", _strikethrough)
    parser.inline.ruler2.after("emphasis", "shown_signs", report_stray_signs)


def _emphasis(state: StateInline, silent: bool) -> bool:
    return _run(state, silent, "*_")


def _strikethrough(state: StateInline, silent: bool) -> bool:
    return _run(state, silent, "~")


def _run(state: StateInline, silent: bool, signs: str) -> bool:
    """Read a run of signs as CommonMark does, and let it begin and end emphasis where the scripts around it need it."""
    start, sign = state.pos, state.src[state.pos]
    if silent or sign not in signs:
        return False
    waiting, known = len(state.tokens) + bool(state.pending), len(state.delimiters)
    if not (strikethrough if sign == "~" else emphasis).tokenize(state, silent):
        return False
    at = start
    for token in state.tokens[waiting:]:
        token.meta = {"at": at}
        at += len(token.content)
    before, after = state.src[start - 1 : start] or " ", state.src[state.pos : state.pos + 1] or " "
    if sign != "_" and (before == "}" or after == "{" or not (before + after).isascii()):
        may_open, may_close = _flanks(*_beside(state, start, before, after))
        for delimiter in state.delimiters[known:]:
            if (may_open, may_close) != (delimiter.open, delimiter.close):
                state.env[DIFFERS] = True
            delimiter.open |= may_open
            delimiter.close |= may_close
    return True


def _beside(state: StateInline, start: int, before: str, after: str) -> tuple[str, str]:
    """Return the characters that a learner sees before and after a run of signs, even if a deletion begins or ends."""
    if after == "{" and (marker := MARKER.match(state.src, state.pos, state.posMax)):
        after = state.src[marker.end() : marker.end() + 1]
    if state.src.endswith("}}", 0, start) and "deletions" in state.env:
        before = state.src[start - 3 : start - 2]
    return before or " ", after or " "


def _flanks(before: str, after: str) -> tuple[bool, bool]:
    """Return whether a run between two characters may begin emphasis, and whether it may end emphasis."""
    is_sign_before, is_sign_after = _is_other_punctuation(before), _is_other_punctuation(after)
    is_apart_before = is_sign_before or is_space(before) or joins_words(before)
    is_apart_after = is_sign_after or is_space(after) or joins_words(after)
    return (
        not is_space(after) and (not is_sign_after or is_apart_before),
        not is_space(before) and (not is_sign_before or is_apart_after),
    )


def _is_other_punctuation(character: str) -> bool:
    return isPunctChar(character) and not is_cjk(character)
