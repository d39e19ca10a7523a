"""What to say to an author about the backslashes in a text in double quotes."""

from dataclasses import replace

from cuedeck.problems import Fix, Problem
from cuedeck.reading import escapes
from cuedeck.reading.forms import Scalar, after_bar, double_quoted, in_quotes, is_shown, single_quoted
from cuedeck.reading.refusals import control_character, refusal

_QUOTE = "put the text in single quotes, where a backslash is a backslash"
_DOUBLE = "write each backslash in the text twice, and each new line as \\n"


def escape_problem(scalar: Scalar) -> Problem | None:
    """Return the problem of the first escape that is not meant as one or that no card can show; None without one."""
    source = scalar.source[1:-1]
    if found := escapes.misread(source):
        return backslash_problem(scalar, found)
    if not (unshown := escapes.unshown(source)):
        return None
    index, escape, character = unshown
    place = scalar.place_at(index + 1)
    if escapes.is_half(character):
        return refusal("half-character", place, escape)
    return replace(
        control_character(place, character),
        message=f'the escape "{escape}" stands for the invisible character U+{ord(character):04X}',
    )


def backslash_problem(scalar: Scalar, found: escapes.Misread) -> Problem:
    """Return the problem of a text in double quotes that YAML does not read as it was meant."""
    text = found.meant
    new = double_quoted(text) if "\n" in text else single_quoted(text)
    fix = Fix(scalar.place, scalar.source, new) if found.certain else None
    return refusal("text-backslash", scalar.place_at(found.index + 1), found.escape, _hint(scalar, text), fix)


def _hint(scalar: Scalar, text: str) -> str:
    if not is_shown(text):
        return _QUOTE
    has_lines = "\n" in text
    ways = []
    if scalar.is_in_block and text[:1].strip():
        ways.append(f'write it after a "|", on lines of its own:\n{after_bar(scalar.shown_head, text)}')
    if not has_lines or not ways:
        ways.insert(0, f"{_DOUBLE if has_lines else _QUOTE}:\n{in_quotes(scalar.shown_head, text)}")
    return "\nor ".join(ways)
