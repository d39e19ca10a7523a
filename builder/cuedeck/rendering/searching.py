"""What learners type into the search of Anki's browser."""

from collections.abc import Collection

from cuedeck.rendering.notefields import NOTE_ID


def search(ids: Collection[str], deck: str) -> str:
    """Return what finds the notes with these ids in Anki's browser, and none of other decks.

    `deck` is the id of the deck: a fork keeps the ids of its notes, but its note types have another name.
    """
    names = sorted(ids)
    wanted = names[0] if len(names) == 1 else f"re:^({'|'.join(names)})$"
    return f'"note:Cuedeck {deck} (*)" "{NOTE_ID.name}:{wanted}"'
