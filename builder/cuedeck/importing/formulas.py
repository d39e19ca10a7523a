"""Find what Anki acts on in the words of a field: formulas, however they are written, and sounds."""

import re
from collections.abc import Iterator

from cuedeck.importing.blocks import DISPLAY, FORMULA, SOUND, TEXT, Piece
from cuedeck.patterns import regex

# In these, what is inside is a formula. A formula cannot contain the start of another one.
_FORMULA = regex(
    r"\\\((?P<a>(?:(?!\\\().)+?)\\\)|\\\[(?P<b>(?:(?!\\\[).)+?)\\\]"
    r"|\[\$\](?P<c>(?:(?!\[\$).)+?)\[/\$\]|\[\$\$\](?P<d>(?:(?!\[\$).)+?)\[/\$\$\]"
    r"|\[latex\](?P<e>(?:(?!\[latex\]).)+?)\[/latex\]|\[sound:(?P<f>[^\]\n]{1,400})\]",
    re.DOTALL,
)
SOUND_MARK = regex(r"\[sound:([^\]\n]{1,400})\]")
"""Finds a sound, as Anki writes it, with its name as the only group."""
_STARTS = ("\\(", "\\[", "[$", "[latex]", "[sound:")
_DOLLARS = regex(r"\${1,2}(?P<tex>[^$]+)\${1,2}")
_ENVIRONMENT = regex(r"\\begin\{(?:align|equation|gather|multline|alignat|eqnarray)\*?\}.+\\end\{\w+\*?\}", re.DOTALL)
_DELETED_DISPLAY = regex(r"(\{\{c[0-9,]+::)\s*\\\[((?:(?!\\\[).)+?)\\\]\s*((?:::[^{}]*)?\}\})", re.DOTALL)


def with_formulas(piece: Piece, losses: set[str]) -> Iterator[Piece]:
    """Yield a piece of words in its parts: words, formulas and sounds."""
    if piece.kind == TEXT and "code" in piece.marks and "[sound:" in piece.text:  # which Anki plays even in code
        parts = SOUND_MARK.split(piece.text)
        yield from (
            Piece(SOUND, part) if at % 2 else piece._replace(text=part) for at, part in enumerate(parts) if part
        )
        return
    if piece.kind != TEXT or "code" in piece.marks or not any(start in piece.text for start in _STARTS):
        yield piece
        return
    if "{{c" in piece.text:  # as our own texts have it, which is how Anki needs it
        piece = piece._replace(text=_DELETED_DISPLAY.sub(r"\[\1\2\3\]", piece.text))
    at = 0
    for found in _FORMULA.finditer(piece.text):
        if found.start() > at:
            yield piece._replace(text=piece.text[at : found.start()])
        at = found.end()
        inside = " ".join(str(found[str(found.lastgroup)]).split())
        kind = {"b": DISPLAY, "d": DISPLAY, "f": SOUND}.get(str(found.lastgroup), FORMULA)
        if found.lastgroup == "e":
            yield from _latex(inside, piece, losses)
        elif inside:
            yield Piece(kind, inside)
    if at < len(piece.text):
        yield piece._replace(text=piece.text[at:])


def _latex(inside: str, piece: Piece, losses: set[str]) -> Iterator[Piece]:
    if (dollars := _DOLLARS.fullmatch(inside)) and dollars["tex"].strip():
        yield Piece(DISPLAY if inside.startswith("$$") else FORMULA, dollars["tex"].strip())
    elif found := _FORMULA.fullmatch(inside):
        yield Piece(DISPLAY if found.lastgroup == "b" else FORMULA, str(found[str(found.lastgroup)]).strip())
    elif _ENVIRONMENT.fullmatch(inside):
        yield Piece(DISPLAY, inside)
    else:
        losses.add("LaTeX that only a LaTeX installation can draw, now shown as its source")
        yield piece._replace(text=inside, marks=piece.marks | {"code"})
