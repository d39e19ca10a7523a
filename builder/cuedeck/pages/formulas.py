r"""Formulas between `\( \)` and `\[ \]` to MathML, which browsers set without help, so that no page needs MathJax."""

import re
from functools import lru_cache
from html import unescape
from xml.etree import ElementTree

_TAGS = re.compile(r"(<[^>]*>)")
_SIGN = re.compile("&#x([0-9A-F]+);")  # how the converter writes a sign in its elements' texts
_FORMULA = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
# Anki's MathJax numbers no lines, and the converter knows only one of the names of this environment without numbers.
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
    r"""Return HTML with its formulas as MathML. One that cannot be set stays as written, in an element that says so."""
    if "\\" not in html:  # a single sign is found many times as fast as two of them
        return html
    # Formulas stand in text only; a tag may hold what looks like one, such as the title of a link.
    pieces = _TAGS.split(html)
    pieces[::2] = [_FORMULA.sub(_set, text) for text in pieces[::2]]
    return "".join(pieces)


def _set(found: "re.Match[str]") -> str:
    block = found[1] is None
    latex = unescape(found[2] if block else found[1])
    return mathml(latex, block) or (
        f'<span class="unset-formula" title="This page cannot set this formula. Anki may be able to.">{found[0]}</span>'
    )


@lru_cache(4096)
def mathml(latex: str, block: bool) -> str:
    """Return a formula as MathML, or nothing where that would not be the formula, whole and harmless.

    A command that is not known would come out as its letters, and a formula that ends too early with parts missing;
    elements and attributes that only some browsers know, or that could load or run something, are refused as well.
    """
    from latex2mathml.converter import convert_to_element  # here because few decks hold formulas

    try:
        element = convert_to_element(
            _ALIGNED.sub(r"\\\1{align*}", latex.replace(r"\relax ", "")), display="block" if block else "inline"
        )
    except Exception:  # of any kind: what it raises on an unsound formula is not told, and one is as good as another
        return ""
    for part in element.iter():
        if not _is_sound(part):
            return ""
        part.text = _SIGN.sub(lambda sign: chr(int(sign[1], 16)), part.text or "")
    element.set("alttext", latex)
    return ElementTree.tostring(element, encoding="unicode")


def _is_sound(element: ElementTree.Element) -> bool:
    text = element.text or ""
    return (
        element.tag in _ELEMENTS
        and len(element) == _CHILDREN.get(element.tag, len(element))
        and _ATTRIBUTES.issuperset(element.keys())
        and text != "&"
        and not text.startswith(("\\", "{", "}"))
    )
