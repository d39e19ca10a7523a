"""Read the style of an element: the marks that it gives to words, and what no text of ours can have."""

from collections.abc import Iterator, Mapping

from cuedeck.patterns import regex

_BOLD = regex("bold|bolder|[6-9][0-9]{2}|1000")
_PERCENT = regex("([1-9][0-9]?|100)%")
_PLAIN_COLOURS = frozenset(
    ("black", "#000", "#000000", "rgb(0,0,0)", "inherit", "initial", "currentcolor", "windowtext", "var(--fg)", "")
)
_PLAIN_BACKGROUNDS = frozenset(
    ("white", "#fff", "#ffffff", "rgb(255,255,255)", "transparent", "none", "initial", "inherit", "rgba(0,0,0,0)", "")
)


def marks_in_style(style: str) -> frozenset[str]:
    """Return the marks that a style gives to words, such as "b"."""
    marks = set()
    for name, value in _styles(style):
        if name == "font-weight" and _BOLD.fullmatch(value):
            marks.add("b")
        elif name == "font-style" and value in ("italic", "oblique"):
            marks.add("i")
        elif name.startswith("text-decoration") and "underline" in value:
            marks.add("u")
        elif name.startswith("text-decoration") and "line-through" in value:
            marks.add("s")
        elif name == "vertical-align" and value in ("sub", "super"):
            marks.add("sub" if value == "sub" else "sup")
    return frozenset(marks)


def losses_in_style(style: str) -> frozenset[str]:
    """Return the names of what is lost of a style, such as "colour"."""
    losses = set()
    for name, value in _styles(style):
        if name == "color" and not is_plain_colour(value):
            losses.add("colour")
        elif name in ("background", "background-color") and value not in _PLAIN_BACKGROUNDS:
            losses.add("highlighting")
        elif name == "text-align" and value not in ("left", "start", "inherit", "initial"):
            losses.add("alignment")
    return frozenset(losses)


def hides_itself(given: Mapping[str, str]) -> bool:
    """Return whether an element with these attributes shows nothing."""
    style = given.get("style", "")
    return "hidden" in given or any(each in (("display", "none"), ("visibility", "hidden")) for each in _styles(style))


def is_plain_colour(colour: str) -> bool:
    """Return whether words in a colour look like all others."""
    return colour.lower() in _PLAIN_COLOURS


def width_of(given: Mapping[str, str]) -> tuple[str, bool]:
    """Return the width of a picture with these attributes in percent, as digits, and whether it has any other size.

    The width is "" if there is none in percent.
    """
    sizes = {name: given[name].strip() for name in ("width", "height") if given.get(name, "").strip()}
    sizes |= {name: value for name, value in _styles(given.get("style", "")) if value not in ("", "auto")}
    width = sizes.pop("width", "")
    found = _PERCENT.fullmatch(width)
    return found[1] if found else "", bool(sizes) or (bool(width) and not found)


def _styles(style: str) -> Iterator[tuple[str, str]]:
    for part in style.lower().split(";"):
        name, _, value = part.partition(":")
        yield name.strip(), "".join(value.split()).removesuffix("!important")
