r"""Backslashes in double quotes: what YAML makes of them, and where an author plainly meant something else.

In double quotes, YAML reads `\t` as a tab and `\n` as the end of a line, so "\theta" and "C:\new" lose their
backslashes. `source` is the text between the quotes, as it is written.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cuedeck.patterns import regex
from cuedeck.reading.refusals import UNSHOWN
from cuedeck.records import dataclass

_CHARACTERS = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_HALF = "[dD][89abAB][0-9a-fA-F]{2}"
_OTHER_HALF = "[dD][c-fC-F][0-9a-fA-F]{2}"
SURROGATES = rf"\\u{_HALF}\\u{_OTHER_HALF}"
"""Two escapes that are one character in JSON, which writes emoji like this."""

# These, and the other escapes that YAML knows.
_KNOWN = (
    rf"{SURROGATES}|"
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U(?:0010|000[0-9a-fA-F])[0-9a-fA-F]{4}"
    r'|[0abtnvfre \t"/\\N_LP])'
)

PIECE = regex(
    rf'(?P<known>{_KNOWN})|(?P<joined>\\(?:\r\n|[\r\n\x85\u2028\u2029]))|\\[^\0]?|[^"\\\0 \t\r\n\x85\u2028\u2029]+'
)
"""Characters without white space in double quotes, or one escape: `known` to YAML, `joined` lines, or any other."""

# The same, and white space with its line ends, which YAML folds.
_TOKEN = regex(
    rf"(?P<known>{_KNOWN})|(?P<joined>\\\n[ \t]*)|(?P<unknown>\\.?)|(?P<space>[ \t]+(?:\n\s*)?|\n\s*)|[^\\ \t\n]+"
)

_HALVES = regex("[\ud800-\udfff]")

# TeX commands that begin with n or t. In the second table, the rest of a command is a word, as in "more\nless", so that
# only a formula around it shows what was meant. In the third, the rest may be the name of a variable.
_TEX = frozenset(
    re.findall(
        r"\w+",
        """
        nVDash nVdash nabla natural ncong nearrow neq newcommand newenvironment newline newtheorem nexists ngeq ngeqq
        ngeqslant ngtr nleftarrow nLeftarrow nleftrightarrow nLeftrightarrow nleq nleqq nleqslant nobreak nobreakspace
        nocite nolimits nolinebreak nonumber nopagebreak norm normalfont normalsize notag notin npreceq nprec
        nrightarrow nRightarrow nshortmid nshortparallel nsubseteq nsubseteqq nsucc nsucceq nsupseteq nsupseteqq
        ntriangleleft ntrianglelefteq ntriangleright ntrianglerighteq nvDash nvdash nwarrow tag tan tanh tau tbinom text
        textasciicircum textasciitilde textbackslash textbf textcolor textdegree textit textmd textnormal textrm textsc
        textsf textsl textstyle textsubscript textsuperscript texttt textup tfrac therefore theta thetasym thickapprox
        thicksim thinspace tilde times tiny to top transpose triangle triangledown triangleleft trianglelefteq triangleq
        triangleright trianglerighteq twoheadleftarrow twoheadrightarrow
        """,
    )
)
_TEX_OR_WORDS = frozenset(["nless", "nmid", "nparallel", "nsim", "nsubset", "nsupset"])
_TEX_OR_SHORT = frozenset(["ne", "neg", "ni", "not", "nu"])
_LETTERS = regex("[A-Za-z]+")
_BEFORE_A_COMMAND = regex(r"[\s{(\[$:=<>,^_&|/*+-]")

_BORDER = regex(r"\\{1,2}([(\[)\]])")
_DOLLARS = regex(r"\$\$[^$]+\$\$|\$(?=\S)[^$]*(?<=\S)\$(?!\d)")
_SEGMENT = r"""(?:\\[^\s"'\\}]+)"""
# TeX commands, which look like the name of a server if every backslash is doubled.
_NO_SERVERS = (
    "alpha|beta|gamma|delta|(?:var)?epsilon|zeta|eta|(?:var)?theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|"
    "(?:var)?phi|chi|psi|omega|frac|sqrt|sum|prod|int|lim|text|mathbb|mathrm|left|right|begin|end|cdot|times|infty|partial"
)
_PATHS = regex(
    rf"""(?<!\w)(?P<drive>[C-Hc-h]:){_SEGMENT}+|(?<![^\s"'(])(?:%\w+%|~|\.\.?){_SEGMENT}+"""
    rf"""|(?<![^\s"'(])(?P<server>\\\\(?!(?i:{_NO_SERVERS})\b)[A-Za-z0-9][\w.-]+)(?:\\\w[\w$][\w.$-]*)+"""
)
_DOUBLED = regex(r"\\\\[A-Za-z()\[\]]")
_MORE = regex(r'(?<!\\)(?:\\\\)*\\(?![\\"/])')  # than an escaped backslash, quote or slash
_SIGN_LOST = regex(r"\\[!-'*-/:-@^-`{-~]")  # characters that Markdown shows without the backslash
_BARE = regex(r"(?P<before>(?:\{\{c[\d,]+::)*)(?P<bare>.*?)(?P<after>(?:\}\})*[.,;:!?]*)", re.DOTALL)


@dataclass(frozen=True)
class Misread:
    """A text in double quotes that YAML does not read as its author meant it.

    index     the index in the source of the first escape that was meant as it is written
    escape    that escape, with the letters after it
    meant     the text that was meant
    certain   whether nothing else can have been meant
    """

    index: int
    escape: str
    meant: str
    certain: bool


def unescaped(piece: str) -> str:
    """Return the character that an escape stands for; an escape that YAML does not know is returned as it is."""
    if not re.fullmatch(_KNOWN, piece):
        return piece
    if piece[1] in "xuU":
        codes = [int(code, 16) for code in re.findall(r"\\[xuU]([0-9a-fA-F]+)", piece)]
        return chr(codes[0]) if len(codes) == 1 else chr(0x10000 + (codes[0] - 0xD800) * 0x400 + codes[1] - 0xDC00)
    return _CHARACTERS[piece[1]]


def may_be_misread(text: str, start: int, end: int) -> bool:
    """Whether a part of a text has an escape that needs a closer look: most have none, or only the simplest."""
    return text.find("\\", start, end) >= 0 and bool(_MORE.search(text, start, end))


def decoded(source: str) -> str:
    """Return a source in which all escapes that YAML knows are replaced."""
    return re.sub(_KNOWN, lambda found: unescaped(found[0]), source)


def unshown(source: str) -> tuple[int, str, str] | None:
    """Return the first escape for a character that no card can show: its index, the escape, and the character."""
    for token in _TOKEN.finditer(source):
        if token["known"] and UNSHOWN.match(character := unescaped(token[0])) and not _ends_line(token):
            return token.start(), token[0], character
    return None


def is_half(character: str) -> bool:
    """Whether a character is only half of one, since JSON writes some characters as two halves."""
    return bool(_HALVES.match(character))


class _Token(NamedTuple):
    """A piece of a source, whether it is an escape that was plainly meant as it is written, and what is around it."""

    found: "re.Match[str]"
    is_plain: bool
    path: "re.Match[str] | None"
    in_formula: bool


def misread(source: str) -> Misread | None:
    """Return what was meant by a text in double quotes if that is plainly not what YAML reads; otherwise None."""
    tokens = [*_tokens(source)]
    first = next((token.found for token in tokens if token.is_plain), None)
    if first is None:
        return None
    letters = _LETTERS.match(source, first.start() + 1)
    doubled = bool(_DOUBLED.search(source))
    return Misread(
        first.start(),
        f"\\{letters[0][:20]}" if letters else first[0],
        "".join(_words(tokens, doubled)),
        certain=not any(_is_doubtful(token, doubled) for token in tokens),
    )


def _tokens(source: str) -> Iterator[_Token]:
    paths, formulas = _paths(source), _DOLLARS.finditer(source)
    path, formula = next(paths, None), next(formulas, None)
    is_open = False
    for found in _TOKEN.finditer(source):
        at = found.start()
        while path and path.end() <= at:
            path = next(paths, None)
        while formula and formula.end() <= at:
            formula = next(formulas, None)
        if sign := _BORDER.match(source, at):
            is_open = sign[1] in "(["
        around = path if path and path.start() <= at else None
        in_formula = is_open or bool(sign) or bool(formula and formula.start() <= at)
        yield _Token(found, _is_plain(found, bool(around), in_formula), around, in_formula)


def _paths(source: str) -> Iterator["re.Match[str]"]:
    r"""Yield the paths in a text, such as `C:\new` and `\\server\new`.

    A letter with a colon at the end of a line is not one, as in "Case C:\nthen".
    """
    for found in _PATHS.finditer(source):
        if not found["drive"] or not found[0].startswith("\\n", 2) or found[0].count("\\") > 1 or found[0] == source:
            yield found


def _is_plain(found: "re.Match[str]", in_path: bool, in_formula: bool) -> bool:
    if found["unknown"]:
        return True
    if not found["known"]:
        return False
    sign = found[0][1]
    if in_path and sign not in '"/\\':
        return True
    match sign:
        case "t" | "n":
            return _is_tex(found.string, found.start(), in_formula)
        case " ":
            return in_formula
        case "r":
            return not _ends_line(found)
        case "_":
            return in_formula or (_is_word(found.string, found.start() - 1) and _is_word(found.string, found.end()))
        case "N" | "L" | "P":  # since programs also write rare line ends like this
            return found.string[found.end() : found.end() + 1].isalpha()
        case _:
            return sign in "0abefv"


def _is_word(source: str, at: int) -> bool:
    return at >= 0 and source[at : at + 1].isalnum()


def _is_tex(source: str, at: int, in_formula: bool) -> bool:
    r"""Whether the `\n` or `\t` at an index begins a TeX command."""
    letters = _LETTERS.match(source, at + 1)
    command = letters[0] if letters else ""
    if command in _TEX_OR_SHORT:
        return in_formula or at == 0 or bool(_BEFORE_A_COMMAND.match(source, at - 1))
    # JSON writes line ends in a formula as "\n", and nobody needs a tab in one.
    return command in _TEX or (in_formula and (command in _TEX_OR_WORDS or (command[:1] == "t" and len(command) > 1)))


def _words(tokens: list[_Token], doubled: bool) -> Iterator[str]:
    """Yield the words of what was meant, and the white space between them.

    `doubled` is whether the author doubles backslashes. A word is put in backticks if Markdown would not show all of
    its backslashes.
    """
    word: list[_Token] = []
    for token in tokens:
        if token.found["space"]:
            yield _word(word, doubled)
            yield _folded(token.found[0])
            word = []
        else:
            word.append(token)
    yield _word(word, doubled)


def _word(tokens: list[_Token], doubled: bool) -> str:
    word = "".join(_meant(token, doubled) for token in tokens)
    if "`" in word or any(token.in_formula for token in tokens):
        return word
    is_path = any(token.path for token in tokens)
    is_kept = is_path or any(token.is_plain and token.found[0][1:].isalnum() for token in tokens)
    is_lost = any(_begins_server(token) or (token.is_plain and _SIGN_LOST.match(token.found[0])) for token in tokens)
    if not (is_kept and is_lost):
        return word
    found = _BARE.fullmatch(word)
    return f"{found['before']}`{found['bare']}`{found['after']}" if found else word


def _meant(token: _Token, doubled: bool) -> str:
    written = token.found[0]
    if token.is_plain:
        return written
    if token.found["joined"] or _ends_line(token.found):
        return ""
    if written == "\\\\":
        return "\\" if doubled and not _begins_server(token) else "\\\\"
    return UNSHOWN.sub("", unescaped(written)) if token.found["known"] else written


def _ends_line(found: "re.Match[str]") -> bool:
    r"""Whether an escape is the `\r` of a Windows line end."""
    return found[0] == "\\r" and found.string.startswith("\\n", found.end())


def _folded(space: str) -> str:
    ends = space.count("\n")
    return space if not ends else " " if ends == 1 else "\n" * (ends - 1)


def _is_doubtful(token: _Token, doubled: bool) -> bool:
    """Whether something other than what `_meant` returns may have been meant by a token."""
    if token.is_plain or not token.found["known"]:
        return False
    if token.found[0] == "\\\\":
        return not doubled and not _begins_server(token)
    return bool(UNSHOWN.match(unescaped(token.found[0]))) and not _ends_line(token.found)


def _begins_server(token: _Token) -> bool:
    return bool(token.path and token.path["server"] and token.path.start() == token.found.start())
