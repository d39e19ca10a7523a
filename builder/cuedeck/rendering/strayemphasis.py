"""Signs of emphasis that a card would show, and emphasis that was meant as a product, a blank or a name: reported."""

from collections.abc import Iterator

from markdown_it.common.utils import isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.rendering.mistakes import keep_misread, shortened
from cuedeck.rendering.scripts import is_cjk

_SIGNS = frozenset("*_~")
_OPENED = frozenset(("strong_open", "em_open", "s_open"))
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ"
_CLOSING = frozenset(")]|")
_BRACKETS = frozenset("([|")
_PAUSES = frozenset(",;")
_QUOTES = frozenset("\"'")
# The sign of an acronym in Hebrew: between two letters, it is not a quotation mark.
_INNER_QUOTE = regex(r'(?<=[^\W\d_])"(?=[^\W\d_])')
_OPENING = frozenset("([{<'\"“‘«„")
# Names that programming languages themselves write between two pairs of "_": not meant as bold text.
_SPECIAL_NAME = regex(
    r"__(?:a?(?:iter|next|enter|exit)|init(?:_subclass)?|new|del|name|main|file|doc|dict|slots|all|str|repr|bytes|format"
    r"|hash|bool|call|len|length_hint|[gs]et(?:item|attr|state)?|del(?:item|attr|ete)|getattribute|missing|reversed"
    r"|contains|eq|ne|l[te]|g[te]|r?(?:add|sub|mul|truediv|floordiv|mod|divmod|pow|[lr]shift|and|x?or|matmul)"
    r"|i(?:add|sub|mul|and|x?or)|neg|pos|abs|invert|int|float|complex|index|round|trunc|floor|ceil|await|class"
    r"|class_getitem|bases|mro|subclasses|module|qualname|annotations|future|import|builtins|path|version|spec|loader"
    r"|package|post_init|reduce(?:_ex)?|copy|deepcopy|sizeof|dir|instancecheck|subclasscheck|match_args|weakref"
    r"|self|func|closure|code|defaults|kwdefaults|globals|wrapped|traceback|cause|context"
    r"|FILE|LINE|DATE|TIME|STDC|FUNCTION|PRETTY_FUNCTION|COUNTER|VA_ARGS|VA_OPT|func|attribute|asm|volatile|inline|cplusplus"
    r"|construct|destruct|toString|invoke|proto|dirname|filename|DIR|CLASS|METHOD|NAMESPACE)__(?![\w*])"
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Signs of one kind, side by side in a text, that are shown as they are: where they start, and how many."""

    source: str
    start: int
    length: int
    is_beside_emphasis: bool

    @property
    def sign(self) -> str:
        return self.source[self.start]

    @property
    def end(self) -> int:
        return self.start + self.length

    @property
    def before(self) -> str:
        """The character before it; a space at the beginning of the text."""
        return self.source[self.start - 1 : self.start] or " "

    @property
    def after(self) -> str:
        """The character after it; a space at the end of the text."""
        return self.source[self.end : self.end + 1] or " "


def report_stray_signs(state: StateInline) -> None:
    """Report signs that were meant for emphasis and are shown, and emphasis that was not meant."""
    if not _SIGNS.isdisjoint(state.src):
        for delimiters in _all_delimiters(state):
            _report_emphasis_of_signs(state, delimiters)
        _report_nested(state)
        _report_runs(state, [run for run in _shown_runs(state) if not _is_blank(run)])


def _all_delimiters(state: StateInline) -> Iterator[list[Delimiter]]:
    yield state.delimiters
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            yield meta["delimiters"]


def _report_emphasis_of_signs(state: StateInline, delimiters: list[Delimiter]) -> None:
    for each in delimiters:
        opening = state.tokens[each.token]
        if each.end < 0 or opening.type not in ("em_open", "strong_open"):
            continue
        start = opening.meta["at"] - (opening.type == "strong_open")  # "at" is the place of its second sign
        _report_if_not_meant(state, start, state.tokens[delimiters[each.end].token].meta["at"], len(opening.markup))


def _report_nested(state: StateInline) -> None:
    """Report emphasis in emphasis of the same kind: the signs that were to end the first begin the second."""
    opened: list[str] = []
    for token in state.tokens:
        if token.type in _OPENED:
            if token.type in opened and token.meta:
                start = token.meta["at"] - (token.type == "strong_open")
                _misread(
                    state,
                    f'the {token.markup} in "{shortened(state.src[start:])}" would begin emphasis in emphasis',
                    f"put a space outside each {token.markup}",
                    state.src[start : start + 20],
                )
                return
            opened.append(token.type)
        elif token.type.replace("_close", "_open") in opened:
            opened.remove(token.type.replace("_close", "_open"))


def _is_blank(run: _Run) -> bool:
    """Return whether a run is a blank to fill in: underscores that touch no word, or three and more between two."""
    touches = run.before.isalnum(), run.after.isalnum()
    return run.sign == "_" and run.length >= 2 and (not any(touches) or (run.length >= 3 and all(touches)))


def _report_if_not_meant(state: StateInline, start: int, end: int, length: int) -> None:
    source = state.src
    whole = source[start : end + length]
    if source[start] == "_" and _SPECIAL_NAME.match(source, start):
        _misread(
            state, f'"{whole}" would be shown as bold text', f"put a name from a program in backticks: `{whole}`", whole
        )
        return
    if source[start] != "*":
        return
    before, after = _word_before(source, start), _word_after(source, end + length)
    inside = source[start + length : end]
    if _is_product(source, start, end + length):
        _misread(
            state,
            f'the asterisks in "{shortened(before + whole + after)}" would be read as emphasis and not shown',
            r"write each * as \*, or put code in backticks; write a product with ×, or as a formula",
            whole,
        )
    elif ((before or after) and _is_unbalanced(inside)) or _is_listed(whole, length, source[start - 1 : start]):
        _misread(
            state,
            f'"{shortened(whole)}" would be read as emphasis and shown without its asterisks',
            r"put code in backticks; if a * belongs to the text, write \*",
            whole,
        )


def _word_before(source: str, end: int) -> str:
    start = end
    while start and end - start < 3 and source[start - 1].isalnum():
        start -= 1
    return source[start:end]


def _word_after(source: str, start: int) -> str:
    end = start
    while end < len(source) and end - start < 3 and source[end].isalnum():
        end += 1
    return source[start:end]


def _is_factor(word: str) -> bool:
    """Return whether the beginning or end of a word is a number or a single letter, like a factor."""
    word = word.rstrip(_POWERS)
    return word.isdigit() or (len(word) == 1 and not is_cjk(word))


def _is_product(source: str, start: int, end: int) -> bool:
    """Return whether the signs at the start and end of emphasis are those of a product."""
    before, after = _word_before(source, start), _word_after(source, end)
    is_after_bracket = start > 0 and source[start - 1] in _CLOSING
    is_before_bracket = end < len(source) and source[end] in _BRACKETS
    if not (before or is_after_bracket) or not (after or is_before_bracket):
        return False
    return is_after_bracket or is_before_bracket or _is_factor(before) or _is_factor(after)


def _is_unbalanced(text: str) -> bool:
    quotes = _INNER_QUOTE.sub("", text).count('"')
    return any(text.count(a) != text.count(b) for a, b in ("()", "[]", "{}")) or quotes % 2 == 1


def _is_listed(whole: str, length: int, before: str) -> bool:
    """Return whether emphasis is what is between two signs that are named or used: "*" and "*", or a.*, b.*"""
    inside = whole[length:-length]
    begins, ends = inside[:1], inside[-1:]
    return (begins in _PAUSES and before in _OPENING | {"."}) or (before == begins == ends != "" and begins in _QUOTES)


def _shown_runs(state: StateInline) -> Iterator[_Run]:
    """Yield the runs of signs of which some or all remain text."""
    shown: dict[int, int] = {}  # where the remaining signs begin, and how many they are
    for delimiters in _all_delimiters(state):
        ends = {each.end for each in delimiters}
        for number, each in enumerate(delimiters):
            if each.end < 0 and number not in ends:
                token = state.tokens[each.token]
                shown[token.meta["at"]] = len(token.content)
    end = -1
    for at in sorted(shown):
        if at < end:
            continue
        sign, start, end = state.src[at], at, at
        while start and state.src[start - 1] == sign:
            start -= 1
        while end < len(state.src) and state.src[end] == sign:
            end += 1
        left = sum(shown.get(each, 0) for each in range(start, end))
        yield _Run(
            state.src, start, end - start, is_beside_emphasis=left < end - start - (end - start) % 2 * (sign == "~")
        )


def _report_runs(state: StateInline, runs: list[_Run]) -> None:
    if all(_is_operator(run) for run in runs if run.sign == "*"):
        runs = [run for run in runs if run.sign != "*"]
    for sign in ("**", "__", "~~"):
        doubled = [run for run in runs if run.sign == sign[0] and run.length >= 2]
        if len(doubled) > 1 and not all(_is_operator(run) for run in doubled):
            _report_pair(state, doubled[0], doubled[1])
            return
    for run in runs:
        if run.is_beside_emphasis or (run.length == 2 and run.sign == "*" and _begins_word(run)):
            _report_pair(state, run, run)
            return
    for sign in "*_":
        begun: _Run | None = None
        for run in runs:
            if run.sign != sign:
                continue
            if begun and _may_be_end(run):
                _report_pair(state, begun, run)
                return
            if not begun and _may_be_beginning(run):
                begun = run


def _is_operator(run: _Run) -> bool:
    """Return whether a run is between two numbers or single letters, like the operator for a power."""
    before = _word_before(run.source, run.start - (run.start > 0 and run.before == " "))
    after = _word_after(run.source, run.end + (run.after == " "))
    is_after = run.before in _CLOSING or bool(before and _is_factor(before))
    is_before = run.after in _BRACKETS or bool(after and _is_factor(after))
    return (is_after and is_before) or (run.length == 1 and run.before in _CLOSING and bool(after))


def _begins_word(run: _Run) -> bool:
    return run.after.isalpha() and not run.before.isalnum()


def _may_be_beginning(run: _Run) -> bool:
    is_after_word = run.before.isalnum() and not is_cjk(run.before)
    return not is_space(run.after) and not is_after_word and not (run.sign == run.before == "_")


def _may_be_end(run: _Run) -> bool:
    if is_space(run.before) or run.before in _OPENING:
        return False
    return not run.after.isalnum() or is_cjk(run.after) or (run.sign == "*" and isPunctChar(run.before))


def is_space(character: str) -> bool:
    """Return whether a character is white space to Markdown."""
    return isWhiteSpace(ord(character))


def _report_pair(state: StateInline, first: _Run, last: _Run) -> None:
    source = state.src
    sign = source[first.start : first.end]
    whole = source[first.start : last.end] if last is not first else source[first.start : first.end + 20]
    inside = source[first.end : last.start]
    if last is not first and inside != inside.strip() and sign == source[last.start : last.end] and "\n" not in inside:
        closed_up = f"{sign}{inside.strip()}{sign}"
        _misread(
            state,
            f'"{shortened(whole)}" would be shown with both {sign}: there is a space inside them',
            f"write {shortened(closed_up)}",
            whole,
            closed_up if len(sign) == 2 else "",
        )
        return
    literal = "".join(f"\\{each}" for each in sign)
    _misread(
        state,
        f'the {sign} in "{shortened(whole)}" would be shown: in this place it does not emphasize anything',
        _way_out(sign, literal),
        whole,
    )


def _way_out(sign: str, literal: str) -> str:
    if sign[0] == "_":
        return f"write * instead of _ around the words to emphasize; to show the {sign}, write {literal}"
    return (
        f"put a space outside each {sign} and none inside, as in: this {sign}word{sign} here; "
        f"to show the {sign}, write {literal}, or put code in backticks"
    )


def _misread(state: StateInline, message: str, hint: str, fragment: str, instead: str = "") -> None:
    keep_misread(state, "stray-emphasis", message, hint, fragment, instead)
