"""The shape of note types, by which Anki knows whether two of them are one."""

from cuedeck.history.snapshot import PackedType


def same_shape(old: PackedType, new: PackedType) -> bool:
    """Return whether Anki takes two note types for one: their parts match by id, or by name where one has no id."""
    return all(
        len(before) == len(now) and all(map(_same_part, before, now))
        for before, now in zip(_parts(old), _parts(new), strict=True)
    )


def _parts(type: PackedType) -> list[list[tuple[str, str]]]:
    """Return the fields and the templates of a note type, each as what it is known by and its name."""
    return [list(zip(*pair, strict=True)) for pair in zip(type.shape, type.names, strict=True)]


def _same_part(old: tuple[str, str], new: tuple[str, str]) -> bool:
    has_ids = old[0] != old[1] and new[0] != new[1]
    return old[0] == new[0] if has_ids else old[1] == new[1]
