r"""Turn formulas between `\( \)` and `\[ \]` into MathML. Browsers show it by themselves, so no page needs MathJax."""

import re
from functools import lru_cache
from xml.etree import ElementTree

from cuedeck.entities import unescape

_TAGS = re.compile(r"(<[^>]*>)")
_SIGN = re.compile("&#x([0-9A-F]+);")  # how the converter writes a symbol in the texts of its elements
# None contains the beginning of another one. To look for the end of each that has none would take quadratic time.
_FORMULA = re.compile(r"\\\(((?:(?!\\\().)*?)\\\)|\\\[((?:(?!\\\[).)*?)\\\]", re.DOTALL)
# Anki's MathJax numbers no lines. The converter knows only one of the names that this environment has without numbers.
_ALIGNED = re.compile(r"\\(begin|end)\{(?:align|aligned|split)\}")
_CHILDREN = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
_ELEMENTS = frozenset(_CHILDREN) | {
    *("math", "mi", "mn", "mo", "mpadded", "mphantom", "mrow", "ms", "mspace", "msqrt", "mstyle"),
    *("mtable", "mtd", "mtext", "mtr"),
}
_ATTRIBUTES = {
    *("accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle"),
    *("fence", "form", "height", "largeop", "linethickness", "lspace", "mathbackground", "mathcolor", "mathsize"),
    *("mathvariant", "maxsize", "minsize", "movablelimits", "rowalign", "rowlines", "rowspacing", "rspace"),
    *("scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width", "xmlns"),
}


def set_formulas(html: str) -> str:
    r"""Return HTML with its formulas as MathML. One that cannot be converted stays, in an element that says so."""
    if "\\" not in html:  # searching for one character is many times as fast as for two
        return html
    # Formulas are in text only. A tag, such as one with the title of a link, may contain what looks like a formula.
    pieces = _TAGS.split(html)
    pieces[::2] = [_FORMULA.sub(_set, text) for text in pieces[::2]]
    return "".join(pieces)


def _set(found: "re.Match[str]") -> str:
    block = found[1] is None
    latex = unescape(found[2] if block else found[1])
    return mathml(latex, block) or (
        f'<span class="unset-formula" title="This page cannot show this formula. Anki may show it.">{found[0]}</span>'
    )


@lru_cache(4096)
def mathml(latex: str, block: bool) -> str:
    """Return a formula as MathML, or "" if the result would not be the complete formula, or not harmless.

    The converter writes an unknown command as its letters, and leaves parts out if a formula ends too early. Elements
    and attributes that only some browsers know, or that could load or run something, are refused as well.
    """
    from latex2mathml.converter import convert_to_element  # here because few decks have formulas

    try:
        element = convert_to_element(_ALIGNED.sub(r"\\\1{align*}", latex), display="block" if block else "inline")
    except Exception:  # what an invalid formula raises is not documented, and does not matter
        return ""
    for part in element.iter():
        if not _is_valid(part):
            return ""
        part.text = _SIGN.sub(lambda sign: chr(int(sign[1], 16)), part.text or "")
    element.set("alttext", latex)
    return ElementTree.tostring(element, encoding="unicode")


def _is_valid(element: ElementTree.Element) -> bool:
    text = element.text or ""
    return (
        element.tag in _ELEMENTS
        and len(element) == _CHILDREN.get(element.tag, len(element))
        and _ATTRIBUTES.issuperset(element.keys())
        and text != "&"
        and not text.startswith(("\\", "{", "}"))
    )
