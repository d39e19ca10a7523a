r"""Deletions inside formulas: MathJax must be able to set the front, with `[...]` for an answer, as well as the back.

So a deletion that is the argument of a command gets braces of its own (`x^{{c1::10}}` is `x^{[...]}` on the front and
`x^{10}` on the back), and the `[` of a front is kept from what would take it for an option (`\\[...]`). A deletion that
would take a formula apart is refused. What MathJax knows: https://docs.mathjax.org/en/latest/input/tex/macros/index.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from markdown_it.token import Token

from cuedeck.problems import TextError
from cuedeck.rendering.cloze import MARKER, deletion_opened, unclosed_inside
from cuedeck.rendering.maths import SEVERAL_WORDS

_PART = re.compile(
    rf"(?P<marker>{MARKER.pattern})|\\(?P<pair>begin|end)\s*\{{(?P<environment>[a-zA-Z]+\*?)\}}"
    r"|\\(?P<command>[a-zA-Z]+)\*?|\\.|::|\}\}|\s+|.",
    re.DOTALL,
)
# How many arguments a command takes. One that is not listed takes none, or MathJax does not know it.
_ONE = """
    sqrt text textbf textit textrm textsf texttt textnormal mbox hbox mathrm mathbf mathit mathsf mathtt mathcal mathbb
    mathfrak mathscr mathnormal boldsymbol bm pmb operatorname mathop mathbin mathrel mathord mathopen mathclose
    mathpunct mathinner hat widehat check widecheck tilde widetilde acute grave dot ddot dddot ddddot breve bar vec
    mathring overline underline overbrace underbrace overparen underparen overbracket underbracket overrightarrow
    overleftarrow overleftrightarrow underrightarrow underleftarrow underleftrightarrow xrightarrow xleftarrow
    xleftrightarrow xmapsto xlongequal xhookrightarrow xhookleftarrow boxed fbox cancel bcancel xcancel phantom hphantom
    vphantom smash mathclap mathllap mathrlap llap rlap pmod pod mod substack ce pu tag not bra ket braket Bra Ket color
    mspace hspace vcenter
"""
_TWO = "frac dfrac tfrac cfrac binom dbinom tbinom stackrel overset underset textcolor colorbox cancelto"
_ARGUMENTS = {**dict.fromkeys(_ONE.split(), 1), **dict.fromkeys(_TWO.split(), 2), "underoverset": 3, "sideset": 3}
_WITH_OPTION = frozenset(("sqrt", "cfrac", "smash", "xrightarrow", "xleftarrow", "xleftrightarrow", "xmapsto"))
# What a bracket or another delimiter follows, with which it is one sign.
_DELIMITED = re.compile(r"(?:left|right|middle|[bB]igg?[lmr]?|begin|end)")
_WITH_COLUMNS = frozenset(("array", "alignat", "alignat*", "alignedat", "subarray", "darray", "xalignat", "xalignat*"))
_CLOSES = {"right": "left", "end": "begin"}


@dataclass
class _Frame:
    r"""The whole formula, or a group, option, deletion or hint in it, with what is read of it so far.

    arguments   how many the command before still takes
    option      whether a "[" that comes next begins one
    delimiter   whether what comes next is one sign with the command before
    apart       what keeps a deletion that comes next apart from what is before it
    pairs       commands such as `\left` whose other half is still to come
    """

    kind: Literal["formula", "group", "option", "deletion", "hint"]
    opening: Token | None = None
    in_braces: bool = False
    arguments: int = 0
    option: bool = False
    delimiter: bool = False
    apart: str = ""
    after_deletion: bool = False
    pairs: list[str] = field(default_factory=list)


def formula_parts(formula: str) -> Iterator[Token]:
    """Yield a formula in parts, and the tokens of its deletions.

    Raises TextError for a deletion that is not closed in the formula, or that would take it apart.
    """
    return _Reader(formula).parts()


class _Reader:
    """Reads a formula as TeX does, as far as needed to know what a deletion is to the command before it."""

    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._frames = [_Frame("formula")]
        self._text = ""  # what is read since the last token

    def parts(self) -> Iterator[Token]:
        at = 0
        while at < len(self._formula):
            found = _PART.match(self._formula, at)
            assert found  # since it matches any character
            part = found[0]
            is_deleted = self._innermost.kind in ("deletion", "hint")
            if found["marker"]:
                yield from self._open(found)
            elif part == "}}" and is_deleted:
                yield from self._close()
            elif part == "::" and is_deleted:
                yield from self._hint()
            else:
                part = part[0] if part in ("}}", "::") else part
                self._read(part, found)
            at += len(part)
        if any(frame.opening for frame in self._frames):
            raise self._unclosed()
        yield from self._since()

    @property
    def _innermost(self) -> _Frame:
        return self._frames[-1]

    def _since(self) -> Iterator[Token]:
        if self._text:
            yield Token("math", "", 0, content=self._text)
        self._text = ""

    def _open(self, marker: "re.Match[str]") -> Iterator[Token]:
        frame = self._innermost
        opening = deletion_opened(marker)
        if frame.delimiter:
            raise _apart(opening, "hides what the command before it needs")
        in_braces = frame.arguments > 0 or frame.kind == "option"
        self._text += "{" if in_braces else frame.apart
        frame.apart, frame.option, frame.after_deletion = "", False, False
        yield from self._since()
        yield opening
        self._frames.append(_Frame("deletion", opening, in_braces))

    def _hint(self) -> Iterator[Token]:
        if self._innermost.kind == "hint":
            opening = self._frames[-2].opening
            assert opening
            raise TextError(
                f'the deletion {opening.markup} has "::" twice',
                "put the one that belongs to the formula in braces: {::}",
                opening.markup,
                "cloze-hints",
            )
        yield from self._since()
        yield Token("cloze_hint", "", 0, markup="::")
        self._frames.append(_Frame("hint"))

    def _close(self) -> Iterator[Token]:
        if self._innermost.kind == "hint":
            self._frames.pop()
            self._refuse_words(self._text.strip())
        deletion = self._frames.pop()
        if deletion.pairs:
            raise _apart(deletion.opening, rf"hides a \{deletion.pairs[-1]} and leaves its other half")
        yield from self._since()
        yield Token("cloze_close", "", -1, markup="}}")
        frame = self._innermost
        if deletion.in_braces:
            self._text += "}"
            self._end_argument()
        else:
            # On the back of the card, what follows meets the end of the answer.
            frame.arguments, frame.apart, frame.after_deletion = deletion.arguments, deletion.apart, True

    def _refuse_words(self, hint: str) -> None:
        if SEVERAL_WORDS.fullmatch(hint):
            instead = rf"\text{{{hint}}}"
            raise TextError(
                f'the hint "{hint}" would be set as a formula, its words without spaces',
                f"write {instead}",
                f"::{self._text}",
                "words-as-formula",
                f"::{instead}",
            )

    def _read(self, part: str, found: "re.Match[str]") -> None:
        """Read a part that is no mark of a deletion."""
        frame = self._innermost
        if part.isspace():
            frame.apart = frame.apart.strip()  # a command's name ends there
            self._text += part
            return
        if frame.after_deletion and frame.apart == " " and part.isalpha():
            self._text += " "
        self._text += part
        begins_option = part == "[" and frame.option
        frame.option = frame.after_deletion = False
        if part == "{" or begins_option:
            self._frames.append(_Frame("option" if begins_option else "group"))
        elif part == "]" and frame.kind == "option":
            self._frames.pop()
        elif part == "}":
            self._end_group()
        elif found["pair"]:
            self._read_pair(found["pair"])
            frame.option, frame.apart = True, "{}"
            if found["pair"] == "begin" and found["environment"] in _WITH_COLUMNS:
                frame.arguments, frame.delimiter = 1, True
        elif command := found["command"]:
            self._read_pair(command)
            self._end_argument()
            frame.arguments += _ARGUMENTS.get(command, 0)
            frame.option = command in _WITH_OPTION
            frame.delimiter = _DELIMITED.fullmatch(command) is not None
            frame.apart = " "
        elif part == r"\\":
            frame.arguments, frame.option, frame.apart = 0, True, "{}"
        elif part in "^_":
            frame.arguments += 1
            frame.apart = ""
        else:
            self._end_argument()

    def _end_argument(self) -> None:
        frame = self._innermost
        frame.arguments = max(frame.arguments - 1, 0)
        frame.delimiter = False
        frame.apart = ""

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
                raise _apart(frame.opening, rf"hides a \{command} and leaves its other half")

    def _unclosed(self) -> TextError:
        return unclosed_inside(next(frame.opening for frame in reversed(self._frames) if frame.opening), "formula")


def _apart(opening: Token | None, how: str) -> TextError:
    assert opening
    return TextError(
        f"the deletion {opening.markup} {how}, so MathJax could not set the front of the card",
        r"let it hide a whole part of the formula, such as \left( ... \right) with all between them",
        opening.markup,
        "cloze-inside",
    )
