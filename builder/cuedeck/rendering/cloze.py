"""Cloze deletions in Markdown: `{{c1::answer}}`, `{{c1::answer::hint}}`, nested, or `{{c1,2::answer}}` on two cards.

Anki ends a deletion at the first `}}` and begins a hint at the first `::`, whatever they belong to. So deletions are
tokens of the Markdown parser here, code and math in them are whole tokens too, and all that Anki could misread is
escaped. The limits are Anki's own: numbers from 1 to 500, at most 3 deep.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from typing import Any, Literal, cast

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.rendering.colons import COLONS
from cuedeck.rendering.mistakes import keep_fatal, shortened
from cuedeck.rendering.plain import Gap, is_visible, tidy
from cuedeck.rendering.unnumbered import unnumbered

HIGHEST_NUMBER = 500
_DEEPEST = 3
_MOST_NAMED = 4  # of the numbers that were written, in a hint

MARKER = regex(r"\{\{c(?P<numbers>[0-9]+(?:,[0-9]+)*)::")
"""What begins a deletion."""
ANKIS_MARKER = regex(r"\{\{c[0-9,]+::")
"""What Anki takes for the beginning of a deletion, wherever it stands: it asks for no number between two commas."""
_WRITTEN = regex(rf"(?<!\\){MARKER.pattern}")
# What was meant for a marker: "c" and numbers as they should be, whose braces, colons or spaces are not; or two braces
# and two colons as they should be, with what stands for numbers between them. That is digits, signs and "c" only, the
# letter l for a 1, or a "c" alone: so {{x::y}} is code, and {{c1}}, {{a:b}}, {{c_1}} and {{1, 2}} are what they are.
# Braces, signs and digits of other keyboards, and what is not seen between them, are as sure.
_UNSEEN = "\u200b\u200e\u200f\u061c\u2060\ufeff"
_NEAR_MARKER = regex(
    r"\{{1,2}\s?[cC]\s?[0-9]+(?:,[0-9]+)*\s?[:：]"
    r"|\{\{\s?(?:[cC]l?|[cC]?\s?[0-9][0-9cC\s,;.，；–-]*)\s?(?:::|：：)"
    rf"|\{{[{_UNSEEN}]*\{{[{_UNSEEN}\s]*[cCсС][{_UNSEEN}\s]*\d[\d,،{_UNSEEN}\s]*[:：;；][{_UNSEEN}]*[:：;；]"
)
STEPS = {"cloze_open": 1, "cloze_hint": 0, "cloze_close": -1}
"""How many more deletions are open after a mark of one."""
_CROSSED = {"strong_open": "bold text", "em_open": "emphasis", "link_open": "a link", "s_open": "struck text"}


def add_cloze(parser: MarkdownIt) -> None:
    """Teach a parser about deletions."""
    parser.inline.ruler.before("escape", "cloze", _cloze)


def refuse_cloze(parser: MarkdownIt) -> None:
    """Teach a parser for texts that cannot hold deletions to complain of them."""
    parser.inline.ruler.before("escape", "no_cloze", _no_cloze)


def _no_cloze(state: StateInline, silent: bool) -> bool:
    if not silent and state.src[state.pos] == "{":
        if found := _near_marker(state):
            keep_fatal(state.env, outside_cloze(found[0]))
        else:
            unnumbered(state, is_cloze=False)
    return False


def outside_cloze(marker: str) -> TextError:
    """Return the error for what looks like the beginning of a deletion in a text that cannot have any."""
    return TextError(
        f'"{shortened(tidy(marker))}" looks like a cloze deletion, but only the text after "cloze:" can have deletions',
        "make the note a cloze note, or put the braces into backticks to show them as written",
        marker,
        "cloze-outside",
    )


def _near_marker(state: StateInline) -> "re.Match[str] | None":
    """Return what looks like the beginning of a deletion, unless a backslash says that the braces are meant."""
    if state.src[max(state.pos - 2, 0) : state.pos] == "\\{":
        return None
    return _NEAR_MARKER.match(state.src, state.pos, state.posMax)


def _cloze(state: StateInline, silent: bool) -> bool:
    """Turn the marks of a deletion into tokens; inside one, braces are counted so that `{x}}}` ends where it should."""
    match state.src[state.pos]:
        case "{":
            return _open(state, silent)
        case "}":
            return _close(state, silent)
        case ":":
            return _hint(state, silent)
        case _:
            return False


def _open_deletions(state: StateInline) -> list[int]:
    """Return the count of open braces in each open deletion, outermost first."""
    return state.env.setdefault("deletions", [])  # type: ignore[no-any-return]


def _open(state: StateInline, silent: bool) -> bool:
    found = MARKER.match(state.src, state.pos, state.posMax)
    if found:
        if not silent:
            _open_deletions(state).append(0)
            _describe(state.push("cloze_open", "", 0), found)
        state.pos = found.end()
        return True
    if not silent and (near := _near_marker(state)):
        keep_fatal(state.env, mistyped_marker(near[0]))
    elif not silent and not _open_deletions(state):
        unnumbered(state, is_cloze=True)
    if not silent and _open_deletions(state) and state.src[state.pos] == "{":
        _open_deletions(state)[-1] += 1
    return False


def mistyped_in(formula: str) -> Iterator[TextError]:
    """Yield an error for each mistyped beginning of a deletion in a formula, which would show its letters."""
    for near in _NEAR_MARKER.finditer(formula):
        is_meant = (near[0].startswith("{{") or formula.startswith(":", near.end())) and formula[
            max(near.start() - 1, 0)
        ] != "\\"
        if is_meant and not MARKER.match(formula, near.start()):
            yield mistyped_marker(near[0])


def deletion_opened(marker: "re.Match[str]") -> Token:
    """Return the token that begins a deletion, from what MARKER found."""
    return _describe(Token("cloze_open", "", 0), marker)


def _describe(opening: Token, marker: "re.Match[str]") -> Token:
    opening.markup = marker[0]
    opening.meta = {
        "numbers": [_number(digits) for digits in marker["numbers"].split(",")],
        "has_hint": False,
        "inside": "text",
    }
    return opening


def mistyped_marker(near: str) -> TextError:
    """Return the error for what was meant for the beginning of a deletion, and is none to Anki or to us."""
    return TextError(
        f'"{shortened(tidy(near))}" does not begin a cloze deletion', _spelling(near), near, "cloze-marker"
    )


def _spelling(near: str) -> str:
    """Return how to write the deletion that was meant: with its numbers, where it is clear which these are."""
    numbers = list(dict.fromkeys(map(_number, re.findall("[0-9]+", near))))
    if re.search("[-–]", near) and len(numbers) == 2:
        numbers = list(range(numbers[0], min(numbers[1], HIGHEST_NUMBER) + 1))
    if not 1 <= len(numbers) <= _MOST_NAMED or not all(1 <= number <= HIGHEST_NUMBER for number in numbers):
        numbers = [1]
    marker = f"{{{{c{','.join(map(str, numbers))}::"
    which = "the number" if len(numbers) == 1 else "the numbers with commas and no spaces"
    return f"write it {marker}answer}}}} or {marker}answer::hint}}}}: two braces, a lowercase c, {which}, two colons"


def _number(digits: str) -> int:
    """Return the number of a deletion; one so long that Python would refuse to read it is as wrong as any too high."""
    return int(digits) if len(digits) < 10 else HIGHEST_NUMBER + 1


def _close(state: StateInline, silent: bool) -> bool:
    deletions = _open_deletions(state)
    if silent or not deletions:
        return False
    if deletions[-1]:
        deletions[-1] -= 1
        return False
    if not state.src.startswith("}}", state.pos, state.posMax):
        return False
    deletions.pop()
    token = state.push("cloze_close", "", 0)
    token.markup = "}}"
    state.pos += 2
    return True


def _hint(state: StateInline, silent: bool) -> bool:
    if silent or not _open_deletions(state) or not state.src.startswith("::", state.pos, state.posMax):
        return False
    token = state.push("cloze_hint", "", 0)
    token.markup = "::"
    state.pos += 2
    return True


def check_nesting(tokens: Sequence[Token]) -> None:
    """Raise TextError where a deletion in one paragraph, item or cell is not closed in it, or crosses markup."""
    opened: list[Token] = []
    for token in tokens:
        if token.nesting == 1 or token.type == "cloze_open":
            opened.append(token)
        elif token.nesting == -1 or token.type == "cloze_close":
            last = opened.pop() if opened else token
            if (last.type == "cloze_open") != (token.type == "cloze_close"):
                raise _crossing(token, last, opened)
        elif token.type == "cloze_hint" and opened and opened[-1].type != "cloze_open":
            raise _crossing(token, opened[-1], opened[:-1])
        if token.type == "cloze_open" and sum(each.type == "cloze_open" for each in opened) > _DEEPEST:
            raise TextError(
                "deletions are nested more than three deep, which Anki does not show",
                "use fewer levels",
                token.markup,
                "cloze-deep",
            )
    if unclosed := next((token for token in opened if token.type == "cloze_open"), None):
        raise _unclosed(unclosed)


def _crossing(closing: Token, last: Token, opened: list[Token]) -> TextError:
    deletion = next((token for token in (last, *reversed(opened)) if token.type == "cloze_open"), last)
    other = last.type if closing.type.startswith("cloze_") else closing.type.replace("_close", "_open")
    if deletion.type != "cloze_open":
        deletion = closing
    return TextError(
        f"the deletion {deletion.markup} would cut {_CROSSED.get(other, 'other markup')} in two",
        "put the whole deletion inside the markup, or the whole markup inside the answer or the hint",
        deletion.markup,
        "cloze-crossing",
    )


def _unclosed(token: Token) -> TextError:
    return TextError(
        f"the deletion {token.markup} is not closed in its paragraph, list item or table cell",
        r'end it with "}}"; if it contains a single brace, write \{ or \}, and in a table write \| for a bar; if it '
        "belongs to a block of code or a formula on separate lines, begin and end it inside that block or formula",
        token.markup,
        "cloze-open",
    )


def unclosed_inside(opening: Token, whole: Literal["code", "formula"]) -> TextError:
    """Return the error for a deletion that begins in code or a formula and does not end in it."""
    braces = {
        "code": "close each { in the answer with }, unless the { is the last character of its line",
        "formula": r"close each { in the answer with }, and write braces that learners should see as \{ and \}",
    }
    return TextError(
        f"the deletion {opening.markup} is not closed in its {whole}",
        f'end it with "}}}}" before the {whole} ends; {braces[whole]}',
        opening.markup,
        "cloze-open",
    )


def numbers_in(tokens: Sequence[Token]) -> list[int]:
    """Return the numbers of the deletions in one inline text, and mark the tokens that begin one with a hint.

    Raises TextError where a number makes no card, or two hints are one too many.
    """
    numbers: list[int] = []
    stack: list[Token] = []
    for token in tokens:
        if token.type == "cloze_open":
            if stack and stack[-1].meta["has_hint"]:
                raise TextError(
                    f"the deletion {token.markup} is inside the hint of another deletion, so Anki would show it as "
                    "part of the answer",
                    "write the hint in plain words",
                    token.markup,
                    "cloze-hints",
                )
            stack.append(token)
        elif token.type == "cloze_hint":
            last = stack[-1]
            if last.meta["has_hint"]:
                raise TextError(
                    f'the deletion {last.markup} contains "::" twice, but only one of them can begin the hint',
                    r'write a "::" that belongs to the answer or hint as \:\:, or put the text into backticks',
                    last.markup,
                    "cloze-hints",
                )
            last.meta["has_hint"] = True
        elif token.type == "cloze_close":
            last = stack.pop()
            _check_numbers(last)
            numbers += last.meta["numbers"]
    return numbers


def _check_numbers(opening: Token) -> None:
    for number in opening.meta["numbers"]:
        if not 1 <= number <= HIGHEST_NUMBER:
            raise TextError(
                f'Anki makes no card for the number in "{opening.markup}"',
                f"use a number from 1 to {HIGHEST_NUMBER}",
                opening.markup,
                "cloze-number",
            )


def check_none_empty(openings: Iterable[Token], gaps: Iterable[Gap]) -> None:
    """Raise TextError where an answer or a hint shows nothing.

    `openings` are the tokens that begin the deletions, and `gaps` what learners get of these, both in their order.
    """
    for opening, gap in zip(openings, gaps, strict=True):
        if not is_visible(gap.answer):
            raise TextError(
                f"the deletion {opening.markup} is empty, or shows nothing",
                f"write the answer after the two colons{_colons_way_out(opening)}",
                opening.markup,
                "cloze-empty",
            )
        if opening.meta["has_hint"] and not is_visible(gap.hint):
            raise TextError(
                f"the hint of the deletion {opening.markup} is empty, or shows nothing",
                f'write the hint after the second "::", or remove that "::"{_colons_way_out(opening)}',
                opening.markup,
                "cloze-hints",
            )


def _colons_way_out(opening: Token) -> str:
    if not opening.meta["has_hint"]:
        return ""
    return f"; write two colons that belong to the answer as {COLONS[opening.meta['inside']]}"


def check_none_lost(source: str, found: Iterable[str]) -> None:
    """Raise TextError where Markdown did not find a deletion of the source, so that its card would be missing.

    `found` are the markers of those that it found.
    """
    if marker := _left_over(source, Counter(found)):
        raise TextError(
            f"the deletion {marker} is in a place that no card shows",
            "move it into the text, out of the address or title of a link",
            marker,
            "cloze-lost",
        )


def check_none_hidden(source: str, code: Iterable[str]) -> None:
    """Raise TextError where a text that cannot hold deletions has one that is neither read as text nor shown as code.

    `code` are the texts in the source that are shown as written.
    """
    shown = Counter(marker[0] for text in code for marker in _WRITTEN.finditer(text))
    if marker := _left_over(source, shown):
        raise TextError(
            f"the deletion {marker} is in a place that no card shows, "
            'and only the text after "cloze:" can have deletions',
            "make the note a cloze note and move the deletion into its text; if the braces belong to an address, write "
            "%7B and %7D",
            marker,
            "cloze-lost",
        )


def _left_over(source: str, found: Counter[str]) -> str:
    """Return the first marker of a deletion in the source that is not among those found; "" where all are."""
    for marker in _WRITTEN.finditer(source):
        if not found[marker[0]]:
            return marker[0]
        found[marker[0]] -= 1
    return ""


def protect(html: str) -> str:
    """Return HTML from inside a deletion with all that would end it, or begin a hint, as character references."""
    html = html.replace("{", "&#123;").replace("}", "&#125;").replace("::", ":&#58;")
    return f"{html[:-1]}&#58;" if html.endswith(":") else html


def render_deletions(parser: MarkdownIt, tokens: Sequence[Token], env: MutableMapping[str, Any]) -> str:
    """Return the HTML of inline tokens with Anki's markers around the deletions, everything between them protected."""
    pieces: list[str] = []
    run: list[Token] = []
    depth = 0
    renderer = cast(RendererHTML, parser.renderer)

    def end_run() -> None:
        html = renderer.renderInline(run, parser.options, env)
        pieces.append(protect(html) if depth else html.replace("{{", "{&#123;"))
        run.clear()

    for token in tokens:
        if not token.type.startswith("cloze_"):
            run.append(token)
            continue
        end_run()
        depth += STEPS[token.type]
        pieces.append(token.markup)
    end_run()
    return "".join(pieces)
