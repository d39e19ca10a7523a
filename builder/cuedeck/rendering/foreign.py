r"""Report marks of other programs and other flavours of Markdown, which a card would show as written.

A backslash before a mark, or backticks around it, says that only its signs are meant.
"""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, backtick

from cuedeck.patterns import regex
from cuedeck.rendering.mistakes import is_reported, keep_image, keep_misread, shortened

_LONGEST_WORD = 80

# Certainly a formula: it has a command, an exponent or an index. "$5 to $10" has none of these, and shell variables do
# not end with a dollar sign.
_DOLLARS = regex(r"(\${1,2})(?=[^\s$])(?P<tex>[^$]*?)(?<=[^\s\\({\[<])\1(?![\w$({])")
_DOLLARS_APART = regex(r"(\$\$)\s+(?P<tex>[^$]+?)\s*\$\$(?!\$)")
_TEX = regex(r"\\[a-zA-Z{]|[\w)}|]\^[\w{\\(*]|[\w)}]_[\w{\\]")
_LATEX = regex(r"\[/?(?:latex|\$\$?)\]", re.IGNORECASE)
_LATEX_PAIR = regex(r"\[(?P<kind>latex|\$\$?)\](?P<tex>[^\[\]]*)\[/(?P=kind)\]", re.IGNORECASE)
_IMAGE = regex(r"!\[[^\[\]]*\]\(|!\[\[[^\[\]]*\]\]?|(?<!\w)!\[[^\[\]]*\]\[[^\[\]]+\]")
_LINK = regex(r"\[(?P<words>(?:\\.|[^\[\]\\])*)\]\((?P<address>[^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
_ADDRESS = regex(r"\s*<?(?:[a-z][a-z0-9+.-]+:|[^\s]*/|[^\s]+\.[a-z][a-z0-9]{1,4}>?\s*$|#\w|www\.)", re.IGNORECASE)
_WEB = regex(r"https?://", re.IGNORECASE)
_WIKI = regex(r"\[\[(?P<page>(?!type:)[^\W\d_][^\[\]|,;\"'=+*/()]*)(?:\|(?P<words>[^\[\]|]*))?\]\]")
_FOOTNOTE = regex(r"\[\^([^\s\[\]]+)\]")
_INLINE_NOTE = regex(r"\^\[(?=[^\[\]]{0,40}[^\W\d_]{3})[^\[\]]+\](?![+*?{$])")  # but not a range of characters
_FOOTNOTE_HINT = "put the words of the footnote into the text, inside brackets, or move them into extra"
_LOWERED = regex(r"~([\w+−-]{1,10})~(?!~)")
_RAISED = regex(r"\^([\w+−-]{1,10})\^(?!\^)")
_CHARGES = frozenset("+-−")
_ENVIRONMENT = regex(r"\\begin\{(?P<name>[a-z]+\*?)\}.{0,2000}?\\end\{(?P=name)\}", re.DOTALL)
# Words whose backslashes are meant: a Windows or network path, or a word with a backslash that Markdown keeps.
_DRIVE = regex(r"[\"'(“]?[A-Za-z]:\\|¯\\")  # or the arm of the shrug emoticon
_BACKSLASH = regex(r"\\([!-/:-@\[-`{-~])|\\[A-Za-z0-9]")
_DOUBLED = regex(r"\\\\(?P<open>[(\[])(?P<tex>[^\n]{1,500}?)\\\\(?P<close>[)\]])")


def add_foreign(parser: MarkdownIt) -> None:
    """Teach a parser to report marks of other flavours."""
    parser.inline.ruler.push("foreign", _foreign)
    parser.inline.ruler.before("escape", "lost_backslash", _backslash)
    parser.inline.ruler.at("backticks", _backticks)
    parser.inline.ruler2.push("backticks", _report_backticks)


def _foreign(state: StateInline, silent: bool) -> bool:
    """Check a sign that no Markdown rule has matched, and leave it as text."""
    if not silent and not is_reported(state) and (rule := _RULES.get(state.src[state.pos])):
        rule(state)
    return False


def _formula(state: StateInline) -> None:
    found = _DOLLARS.match(state.src, state.pos, state.posMax)
    if not found and (found := _DOLLARS_APART.match(state.src, state.pos, state.posMax)):
        found = found if "\n" in found[0] or _TEX.search(found["tex"]) else None
    if found and state.src[state.pos - 1 : state.pos] != "$" and (len(found[1]) == 2 or _TEX.search(found["tex"])):
        begin, end = (r"\[", r"\]") if len(found[1]) == 2 else (r"\(", r"\)")
        instead = f"{begin}{found['tex'].strip()}{end}"
        _report_formula(state, found[0], instead)


def _report_formula(state: StateInline, shown: str, instead: str) -> None:
    is_certain = bool(instead) and shown.count("{{c") <= shown.count("}}")
    keep_misread(
        state,
        "foreign-formula",
        f'"{shortened(shown)}" would be shown as written, not as a formula',
        f"write {shortened(instead)}"
        if is_certain
        else r"write a formula as \(x^2\), or as \[x^2\] to put it on lines of its own",
        shown,
        instead if is_certain else "",
        state.pos + len(shown),
    )


def _bracket(state: StateInline) -> None:
    source, at = state.src, state.pos
    is_after_word = source[at - 1 : at].isalnum() if at else False
    if found := _LATEX.match(source, at, state.posMax):
        pair = _LATEX_PAIR.match(source, at, state.posMax)
        begin, end = (r"\[", r"\]") if found[0] == "[$$]" else (r"\(", r"\)")
        tex = pair["tex"].strip().strip("$").strip() if pair else ""
        _report_formula(
            state, pair[0] if pair else found[0], f"{begin}{tex}{end}" if tex and "\\begin" not in tex else ""
        )
    elif found := _FOOTNOTE.match(source, at, state.posMax):
        if found[1].isdigit() or f"{found[0]}:" in source:
            _report_mark(state, found[0], "a footnote", _FOOTNOTE_HINT)
    elif (found := _WIKI.match(source, at, state.posMax)) and not is_after_word:
        words = (found["words"] or found["page"]).strip()
        _report_mark(state, found[0], "a link to a page", f'write only "{words}", or a link: [{words}](https://...)')
    elif (found := _LINK.match(source, at, state.posMax)) and _is_address(found["address"], is_after_word):
        _report_link(state, found)


def _is_address(text: str, is_after_word: bool) -> bool:
    """Return whether the text in "(...)" after "[...]" is an address; right after a word, both may be code."""
    return (_WEB if is_after_word else _ADDRESS).match(text) is not None


def _report_link(state: StateInline, link: "re.Match[str]") -> None:
    address = link["address"].strip()
    instead = ""
    if _WEB.match(address) and " " in address and not re.search(r"[<>\"']", address):
        instead = f"[{link['words']}]({address.replace(' ', '%20')})"
        hint = f"write {instead}: an address may not contain spaces"
    elif _WEB.match(address):
        hint = f"put the address between < and >: [{shortened(link['words'])}](<{shortened(address.strip('<>'))}>)"
    else:
        hint = "link to an address that begins with https:// or mailto:, or write only the words"
    keep_misread(
        state,
        "dead-link",
        f'"{shortened(link[0])}" is not a link that a card can open, and would be shown as written',
        rf"{hint}; to show the brackets and the address, write \] for the first ]",
        link[0],
        instead,
        link.end(),
    )


def _image(state: StateInline) -> None:
    if found := _IMAGE.match(state.src, state.pos, state.posMax):
        keep_image(state, found[0])


def _tilde(state: StateInline) -> None:
    _small(state, _LOWERED, "sub", "a subscript")


def _caret(state: StateInline) -> None:
    if found := _INLINE_NOTE.match(state.src, state.pos, state.posMax):
        _report_mark(state, found[0], "a footnote", _FOOTNOTE_HINT)
    else:
        _small(state, _RAISED, "sup", "a superscript")


def _small(state: StateInline, pattern: "re.Pattern[str]", tag: str, meant: str) -> None:
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    found = pattern.match(state.src, state.pos, state.posMax)
    if not found or not (before.isalnum() or before == ")") or not (found[1].isalnum() or _CHARGES & {*found[1]}):
        return
    after = state.src[found.end() : found.end() + 1]
    is_between = after.isalnum() and (found[1].isalpha() or (before.isdigit() and after.isdigit()))
    if not is_between:  # as in 5~10~15 and a^b^c
        instead = f"<{tag}>{found[1]}</{tag}>"
        _report_mark(state, found[0], meant, f"write {instead}", instead)


def _report_mark(state: StateInline, shown: str, meant: str, hint: str, instead: str = "") -> None:
    keep_misread(
        state,
        "foreign-sign",
        f'"{shortened(shown)}" would be shown as written, not as {meant}',
        f"{hint}; to show it as written, put it in backticks",
        shown,
        instead,
        state.pos + len(shown),
    )


def _backslash(state: StateInline, silent: bool) -> bool:
    """Report a backslash that Markdown would remove from a path, a pattern or a formula."""
    source, at = state.src, state.pos
    if silent or source[at] != "\\" or is_reported(state) or not _BACKSLASH.match(source, at, state.posMax):
        return False
    if environment := _ENVIRONMENT.match(source, at, state.posMax):
        _report_formula(state, environment[0], rf"\[{environment[0]}\]")
        return False
    if doubled := _DOUBLED.match(source, at, state.posMax):
        if {"(": ")", "[": "]"}[doubled["open"]] == doubled["close"] and doubled["tex"].strip(" \\"):
            instead = f"\\{doubled['open']}{doubled['tex']}\\{doubled['close']}"
            _report_formula(state, doubled[0], instead)
        return False
    start, end = at, at + 2
    while start and not source[start - 1].isspace() and at - start < _LONGEST_WORD:
        start -= 1
    while end < state.posMax and not source[end].isspace() and end - at < _LONGEST_WORD:
        end += 1
    word = source[start:end]
    taken = [found[1] for found in _BACKSLASH.finditer(word)]
    is_path = bool(_DRIVE.match(word)) and any(sign not in (None, "\\") for sign in taken)
    if "`" not in word and (is_path or (None in taken and any(taken))):
        shown = _BACKSLASH.sub(lambda found: found[1] or found[0], word)
        keep_misread(
            state,
            "lost-backslash",
            f'"{shortened(word)}" would be shown as "{shortened(shown)}": '
            "a backslash before a punctuation mark is not shown",
            f"put it in backticks: `{shortened(word)}`, or write each backslash twice",
            word,
            end=end,
        )
    return False


def _backticks(state: StateInline, silent: bool) -> bool:
    """Read code as Markdown does, and remember backticks that have no partner."""
    start = state.pos
    if state.src[start] != "`":
        return False
    if silent:
        return backtick(state, silent)
    known = len(state.tokens)
    backtick(state, silent)
    if len(state.tokens) == known:  # the backticks have no partner
        state.env.setdefault("backticks", []).append((state.src, start))
    return True


def _report_backticks(state: StateInline) -> None:
    """Report a backtick without a partner if others have found one, which may be the wrong one."""
    left = [start for source, start in state.env.get("backticks", ()) if source is state.src]
    if left and (len(left) > 1 or any(token.type == "code_inline" for token in state.tokens)):
        shown = state.src[max(left[0] - 20, 0) : left[0] + 20]
        keep_misread(
            state,
            "open-code",
            f'a backtick in "{shortened(shown)}" has no partner, so code may begin or end in the wrong place',
            "put one before the code and one after it; to show a backtick, write \\`, or put code that contains one "
            "between double backticks: ``a ` b``",
            state.src[left[0] : left[0] + 20],
        )


_RULES: dict[str, Callable[[StateInline], None]] = {
    "$": _formula,
    "[": _bracket,
    "!": _image,
    "~": _tilde,
    "^": _caret,
}
