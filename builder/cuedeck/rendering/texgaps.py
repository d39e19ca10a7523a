r"""Deletions inside formulas: MathJax must be able to set the front, with `[...]` for an answer, as well as the back.

So a deletion that is the argument of a command gets braces of its own (`x^{{c1::10}}` is `x^{[...]}` on the front and
`x^{10}` on the back), and the `[` of a front is kept from what would take it for an option (`\\[...]`). A deletion that
would take a formula apart is refused. What MathJax knows: https://docs.mathjax.org/en/latest/input/tex/macros/index.html
"""

import re
from dataclasses import field
from typing import Literal

from markdown_it.token import Token

from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.records import dataclass
from cuedeck.rendering.cloze import MARKER, deletion_opened, unclosed_inside
from cuedeck.rendering.maths import SEVERAL_WORDS
from cuedeck.rendering.mistakes import shortened

_PART = regex(
    rf"(?P<marker>{MARKER.pattern})|\\(?P<pair>begin|end)\s*\{{(?P<environment>[a-zA-Z]+\*?)\}}"
    r"|\\(?P<command>[a-zA-Z]+)\*?|\\\\\*?|\\.|::|\}\}|\s+|.",
    re.DOTALL,
)
# How many arguments a command takes. One that is not listed takes none, or MathJax does not know it.
_WORDS = "text textbf textit textrm textsf texttt textnormal textup textsl textmd mbox hbox fbox framebox tag ce pu"
_TEXT = frozenset(_WORDS.split())
_ONE = """
    sqrt of mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr mathnormal mathup mathbfit mathbfup
    mathsfit mathsfup mathbfcal mathbfscr mathbffrak symbf symit symrm symsf symtt symcal symfrak symscr symbb symup
    symbfit Bbb boldsymbol bm pmb operatorname mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner
    hat widehat check widecheck tilde widetilde acute grave dot ddot dddot ddddot breve bar vec mathring overline
    underline overbrace underbrace overparen underparen overbracket underbracket overrightarrow overleftarrow
    overleftrightarrow underrightarrow underleftarrow underleftrightarrow xrightarrow xleftarrow xleftrightarrow xmapsto
    xlongequal xhookrightarrow xhookleftarrow xrightleftharpoons xleftrightharpoons xRightarrow xLeftarrow
    xLeftrightarrow xrightharpoonup xrightharpoondown xleftharpoonup xleftharpoondown xtwoheadrightarrow
    xtwoheadleftarrow xtofrom boxed cancel bcancel xcancel phantom hphantom vphantom smash mathclap mathllap mathrlap
    clap llap rlap cramped pmod pod mod substack not centernot bra ket braket Bra Ket Braket Set set color vcenter bbox
"""
_TWO = """
    frac dfrac tfrac cfrac binom dbinom tbinom stackrel stackbin overset underset textcolor colorbox cancelto splitfrac
    href class style cssId enclose ketbra
"""
_ARGUMENTS = {
    **dict.fromkeys((*_TEXT, *_ONE.split()), 1),
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(("underoverset", "overunderset", "sideset", "prescript", "fcolorbox"), 3),
    "mathchoice": 4,
    "genfrac": 6,
}
_WITH_OPTION = frozenset(("sqrt", "cfrac", "smash", "bbox", "underbracket", "overbracket", "mathclap"))
_ARROW = regex(r"x[a-zA-Z]*(?:arrow|harpoon|tofrom|mapsto|equal)[a-z]*")
# How many things after a command cannot be hidden: a delimiter, a name, a length.
_UNHIDDEN = {
    **dict.fromkeys(("left", "right", "middle", "begin", "end"), 1),
    **dict.fromkeys((f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "m", "r")), 1),
    **dict.fromkeys(
        ("hspace", "mspace", "hskip", "mskip", "kern", "mkern", "raise", "lower", "label", "ref", "unicode"), 1
    ),
    "rule": 2,
}
_WITH_COLUMNS = frozenset(("array", "alignat", "alignat*", "alignedat", "subarray", "darray", "xalignat", "xalignat*"))
_CLOSES = {"right": "left", "end": "begin"}
_SPACED_WORDS = regex(r"(?=.*[^\W\d_]{2})(?=.*\S\s+\S)[^\\^_{}$&]+")
# What may not follow a script of the same kind.
_SAME_SCRIPT = {"^": "^", "_": "_", "'": "^"}


@dataclass
class _Frame:
    r"""The whole formula, or a group, option, deletion or hint in it, with what is read of it so far.

    arguments   how many the command before still takes
    command     the name of that command
    option      whether a "[" that comes next begins one
    unhidden    how many things that come next belong to the command before, and cannot be hidden
    in_word     whether a letter that comes next would belong to the command before
    row_begins  whether a row of a matrix or of lines begins here, so that a "[" would be an option
    is_first    whether it is a deletion at the beginning of a row
    has_cells   whether it has more than one cell or row
    scripts     the scripts that the last sign has
    is_script   whether what comes next is one
    deleted     where the deletion that was just closed begins, if nothing came since
    pairs       commands such as `\left` whose other half is still to come
    is_text     whether it shows words as they are, as in `\text{...}`
    is_chemical whether it is a chemical formula, in which a "[" begins an option of an arrow
    """

    kind: Literal["formula", "group", "option", "deletion", "hint"]
    opening: Token | None = None
    start: int = 0
    in_braces: bool = False
    arguments: int = 0
    command: str = ""
    option: bool = False
    unhidden: int = 0
    in_word: bool = False
    row_begins: bool = False
    is_first: bool = False
    has_cells: bool = False
    scripts: str = ""
    is_script: bool = False
    deleted: int | None = None
    pairs: list[str] = field(default_factory=list)
    is_text: bool = False
    is_chemical: bool = False


def formula_parts(formula: str) -> list[Token]:
    """Return a formula in parts, and the tokens of its deletions.

    Raises TextError for a deletion that is not closed in the formula, or that would take it apart.
    """
    return _Reader(formula).parts()


class _Reader:
    """Reads a formula as TeX does, as far as needed to know what a deletion is to the commands around it."""

    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._frames = [_Frame("formula")]
        self._parts: list[Token] = []
        self._text = ""  # what is read since the last part

    def parts(self) -> list[Token]:
        at = 0
        while at < len(self._formula):
            found = _PART.match(self._formula, at)
            assert found  # since it matches any character
            part = found[0]
            is_deleted = self._innermost.kind in ("deletion", "hint")
            if found["marker"]:
                self._open(found)
            elif part == "}}" and is_deleted:
                self._close()
            elif part == "::" and is_deleted:
                self._hint()
            else:
                part = part[0] if part in ("}}", "::") else part
                self._read(part, found)
            at += len(part)
        if any(frame.opening for frame in self._frames):
            raise self._unclosed()
        self._add()
        return self._parts

    @property
    def _innermost(self) -> _Frame:
        return self._frames[-1]

    def _add(self, mark: Token | None = None) -> None:
        """Add what is read, and then a mark of a deletion."""
        if self._text:
            self._parts.append(Token("math", "", 0, content=self._text))
        self._text = ""
        if mark:
            self._parts.append(mark)

    def _open(self, marker: "re.Match[str]") -> None:
        frame = self._innermost
        opening = deletion_opened(marker)
        if frame.unhidden:
            raise _apart(opening, "hides what the TeX command before it needs")
        in_braces = frame.arguments > 0 or frame.kind == "option"
        self._text += "{" if in_braces else " " if frame.in_word else ""
        self._add()
        deletion = _Frame("deletion", opening, len(self._parts), in_braces)
        deletion.is_first = frame.row_begins and not in_braces
        deletion.is_text = frame.is_text or (in_braces and frame.command in _TEXT)
        self._frames.append(deletion)
        frame.in_word = frame.row_begins = frame.option = False
        frame.deleted = None
        self._parts.append(opening)

    def _hint(self) -> None:
        deletion = self._frames[-2] if self._innermost.kind == "hint" else self._innermost
        assert deletion.opening
        if self._innermost.kind == "hint":
            raise TextError(
                f'the deletion {deletion.opening.markup} contains "::" twice, but only one of them can begin the hint',
                'put a "::" that belongs to the formula in braces: {::}',
                deletion.opening.markup,
                "cloze-hints",
            )
        self._refuse_words(deletion, SEVERAL_WORDS)
        self._add(Token("cloze_hint", "", 0, markup="::"))
        self._frames.append(_Frame("hint"))

    def _close(self) -> None:
        is_hint = self._innermost.kind == "hint"
        if is_hint:
            self._frames.pop()
        deletion = self._frames.pop()
        self._refuse_words(deletion, _SPACED_WORDS if is_hint else SEVERAL_WORDS)
        if deletion.pairs:
            raise _apart(deletion.opening, rf"hides a \{deletion.pairs[-1]} but not the other half of the pair")
        self._add(Token("cloze_close", "", -1, markup="}}"))
        frame = self._innermost
        if deletion.in_braces:
            self._text += "}"
            self._end_argument()
        else:
            # On the back of the card, what follows meets the end of the answer.
            frame.arguments, frame.command, frame.in_word = deletion.arguments, deletion.command, deletion.in_word
            frame.scripts, frame.deleted = deletion.scripts, deletion.start
            frame.has_cells |= deletion.has_cells
            if deletion.is_first and deletion.has_cells:
                self._put_around(deletion.start, "{}", "")
            elif deletion.is_first:  # where "{}" before a minus would part it from its number
                self._put_around(deletion.start, "{", "}")

    def _refuse_words(self, deletion: _Frame, words: "re.Pattern[str]") -> None:
        text = self._text.strip()
        if not deletion.is_text and words.fullmatch(text):
            raise TextError(
                f'"{shortened(text)}" would be shown as a formula, without spaces between its words',
                rf"write \text{{{shortened(text)}}}",
                f"::{self._text}",
                "words-as-formula",
                rf"::\text{{{text}}}",
            )

    def _read(self, part: str, found: "re.Match[str]") -> None:
        """Read a part that is no mark of a deletion."""
        frame = self._innermost
        if part.isspace():
            frame.in_word = False
            self._text += part
            return
        if frame.deleted is not None:
            self._meet_deletion(frame, frame.deleted, part)
            frame.deleted = None
        self._text += part
        begins_option = part == "[" and (frame.option or frame.is_chemical)
        lengths = begins_option and frame.row_begins
        frame.option = False
        if part == "{" or begins_option:
            group = _Frame("option" if begins_option else "group", unhidden=int(lengths))
            group.is_text = frame.is_text or (frame.arguments > 0 and frame.command in _TEXT)
            group.is_chemical = frame.is_chemical or (frame.arguments > 0 and frame.command == "ce")
            self._frames.append(group)
            frame.in_word = frame.row_begins = False
        elif part == "]" and frame.kind == "option":
            self._frames.pop()
        elif part == "}":
            self._end_group()
        elif found["pair"]:
            self._read_pair(found["pair"])
            self._begin_row(frame)
            if found["pair"] == "begin" and found["environment"] in _WITH_COLUMNS:
                frame.arguments, frame.unhidden = 1, 1
        elif command := found["command"]:
            self._read_command(frame, command)
        elif part in ("\\\\", "\\\\*"):
            frame.arguments = 0
            frame.has_cells |= not frame.pairs
            self._begin_row(frame)
        elif part in "^_'":
            frame.scripts += part
            if part != "'":
                frame.arguments, frame.command, frame.is_script = frame.arguments + 1, "", True
            frame.in_word = frame.row_begins = False
        else:
            frame.has_cells |= part == "&" and not frame.pairs
            self._end_argument()

    def _meet_deletion(self, frame: _Frame, start: int, part: str) -> None:
        """Keep what follows a deletion from doing to its answer, or to the `[...]` of a front, what TeX would do."""
        if frame.in_word and part.isalpha():
            self._text += " "
        elif part in (r"\limits", r"\nolimits"):
            self._put_around(start, r"\mathop{", "}")
        elif part in _SAME_SCRIPT and _SAME_SCRIPT[part] in frame.scripts:
            self._put_around(start, "{", "}")
            frame.scripts = ""

    def _put_around(self, start: int, before: str, after: str) -> None:
        self._parts.insert(start, Token("math", "", 0, content=before))
        self._text = after + self._text

    def _begin_row(self, frame: _Frame) -> None:
        frame.option = frame.row_begins = True
        frame.in_word = False
        frame.scripts = ""

    def _read_command(self, frame: _Frame, command: str) -> None:
        if frame.is_first and command in ("hline", "hdashline", "cline"):
            raise _apart(frame.opening, "hides a line between two rows")
        self._read_pair(command)
        self._end_argument()
        if arguments := _ARGUMENTS.get(command, 0):
            frame.arguments, frame.command = frame.arguments + arguments, command
        frame.option = command in _WITH_OPTION or _ARROW.fullmatch(command) is not None
        frame.unhidden = _UNHIDDEN.get(command, 0)
        frame.in_word = True

    def _end_argument(self) -> None:
        frame = self._innermost
        if not frame.is_script:
            frame.scripts = ""
        frame.is_script = False
        frame.arguments = max(frame.arguments - 1, 0)
        frame.unhidden = max(frame.unhidden - 1, 0)
        frame.in_word = frame.row_begins = False

    def _end_group(self) -> None:
        while self._innermost.kind == "option":  # a bracket that began none
            self._frames.pop()
        if self._innermost.kind == "group":
            self._frames.pop()
            self._end_argument()
        elif len(self._frames) > 1:
            raise self._unclosed()

    def _read_pair(self, command: str) -> None:
        frame = self._innermost
        if command in _CLOSES.values():
            frame.pairs.append(command)
        elif first := _CLOSES.get(command):
            if frame.pairs and frame.pairs[-1] == first:
                frame.pairs.pop()
            elif frame.kind == "deletion":
                raise _apart(frame.opening, rf"hides a \{command} but not the other half of the pair")

    def _unclosed(self) -> TextError:
        return unclosed_inside(next(frame.opening for frame in reversed(self._frames) if frame.opening), "formula")


def _apart(opening: Token | None, how: str) -> TextError:
    assert opening
    return TextError(
        f"the deletion {opening.markup} {how}, so Anki could not show the formula on the front of the card",
        r"let it hide a whole part of the formula, such as everything from \left( to \right)",
        opening.markup,
        "cloze-inside",
    )
