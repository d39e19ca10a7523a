"""Compare two note types: whether Anki treats them as one, by their shape, and whether cards look different.

What the templates say about the main source does not count as a part of the look, and neither does what lets second
cards have their own texts: the others look the same with it.
"""

from cuedeck.history.snapshot import PackedType
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.rendering.notefields import MY_NOTES
from cuedeck.rendering.notetypes import without_own_reverse
from cuedeck.rendering.originmarkup import MainSource, main_source_in, without_main_source


def same_shape(old: PackedType, new: PackedType) -> bool:
    """Return whether Anki treats two note types as one: their parts match by id, or by name if one has no id."""
    return all(
        len(before) == len(now) and all(map(_same_part, before, now))
        for before, now in zip(_parts(old), _parts(new), strict=True)
    )


def _parts(type: PackedType) -> list[list[tuple[str, str]]]:
    """Return the fields and the templates of a note type, each as its id (or else its name) and its name."""
    return [list(zip(*pair, strict=True)) for pair in zip(type.shape, type.names, strict=True)]


def _same_part(old: tuple[str, str], new: tuple[str, str]) -> bool:
    has_ids = old[0] != old[1] and new[0] != new[1]
    return old[0] == new[0] if has_ids else old[1] == new[1]


_OWN_NOTES = f"{{{{{MY_NOTES.key}}}}}"
_NAME = regex(r"(?<=\{\{)([#^/]?(?:[^{}:]+:)*)([^{}:]+)(?=\}\})")


@dataclass(frozen=True)
class Look:
    """How cards of a note type look, and separately what they say about the main source."""

    style: tuple[str, ...]
    main: MainSource

    @property
    def shows_own_notes(self) -> bool:
        """Whether the cards show what learners wrote into the field that is theirs."""
        return any(_OWN_NOTES in side for side in self.style[:-1])

    def differs(self, other: "Look") -> bool:
        """Return whether cards look different. The sign before moments counts only if the recording is the same."""
        same_recording = self.main.address == other.main.address
        return self.style != other.style or (same_recording and self.main.mark != other.main.mark)


def look_of(type: PackedType) -> Look:
    """Return the look of a note type. The names of its fields do not count."""
    look = _by_keys(type)
    return Look(tuple(map(without_main_source, look)), main_source_in(look))


def _by_keys(type: PackedType) -> tuple[str, ...]:
    """Return the templates and the style of a note type, with the keys of its fields instead of their names."""
    if type.keys == type.fields:
        return tuple(map(without_own_reverse, type.look))
    keys = dict(zip(type.fields, type.keys, strict=True))
    *sides, css = type.look
    named = (_NAME.sub(lambda found: found[1] + keys.get(found[2], found[2]), side) for side in sides)
    return tuple(map(without_own_reverse, (*named, css)))
