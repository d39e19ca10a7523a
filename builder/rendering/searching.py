"""What learners type into the search of Anki's browser."""

from collections.abc import Collection


def search(ids: Collection[str]) -> str:
    """Return what finds the notes with these ids in Anki's browser."""
    names = sorted(ids)
    return f'"Note ID:{names[0]}"' if len(names) == 1 else f'"Note ID:re:^({"|".join(names)})$"'
